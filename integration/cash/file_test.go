package cash_test

import (
	"encoding/json"
	"encoding/xml"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"loonbrug/data/model"
	"loonbrug/integration/target"
)

// awkward is a delivery with everything that XML or JSON must escape.
func awkward() target.Delivery {
	d := small()
	d.Entry.Lines[0].Text = `Loon & <co> "één"`
	d.Entry.Lines[1].Text = "Löner's 100%"
	return d
}

// Over SOAP the file is the document on the wire, byte for byte.
func TestFile_IsWhatSOAPSends(t *testing.T) {
	var sent string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet {
			_, _ = w.Write([]byte(recordedWSDL))
			return
		}
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		var envelope struct {
			Import string `xml:"Body>import>import"`
		}
		if err := xml.Unmarshal(body, &envelope); err != nil {
			t.Error(err)
		}
		sent = envelope.Import
		_, _ = w.Write([]byte(soapAnswer("import", 1, "Success", transaction(2))))
	}))
	t.Cleanup(server.Close)
	a := login(server.URL, "api@praktijk.example", "geheim")
	a.Account.Settings["administrations"] = "halm:1012"
	c, d := at(server.URL), awkward()
	if o := c.Post(t.Context(), a, d); o.Class != target.Accepted {
		t.Fatalf("post: %+v", o)
	}
	name, content, err := c.File(d)
	if err != nil || name != "cash-halm-2603-SAL-000101.xml" || string(content) != sent || sent == "" {
		t.Errorf("%s, %v\nfile %s\nsent %s", name, err, content, sent)
	}
}

// field is a field of a record with its value.
type field struct{ name, value string }

// Over REST the file has the records on the wire: the same fields and values in
// the same order, down to the last.
func TestFile_HasTheRecordsThatRESTSends(t *testing.T) {
	var sent [][]field
	c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		sent = jsonRecords(t, r.Body)
		w.WriteHeader(http.StatusCreated)
	})
	d := awkward()
	if o := c.Post(t.Context(), access("k"), d); o.Class != target.Accepted {
		t.Fatalf("post: %+v", o)
	}
	_, content, err := c.File(d)
	if err != nil {
		t.Fatal(err)
	}
	filed := xmlRecords(t, content)
	if len(sent) != len(d.Entry.Lines) || !slices.EqualFunc(sent, filed, slices.Equal[[]field]) {
		t.Errorf("sent %v\nfile %v", sent, filed)
	}
}

// jsonRecords reads the records of an import with their fields in order.
func jsonRecords(t *testing.T, body io.Reader) (records [][]field) {
	t.Helper()
	var request struct {
		Content struct {
			Cash []struct {
				Lines []json.RawMessage `json:"R301"`
			} `json:"cash"`
		} `json:"content"`
	}
	if err := json.NewDecoder(body).Decode(&request); err != nil {
		t.Fatal(err)
	}
	for _, element := range request.Content.Cash {
		for _, raw := range element.Lines {
			var values map[string]string
			if err := json.Unmarshal(raw, &values); err != nil {
				t.Fatal(err)
			}
			var record []field
			decoder := json.NewDecoder(strings.NewReader(string(raw)))
			for name := true; ; {
				token, err := decoder.Token()
				if err != nil {
					break
				}
				text, ok := token.(string)
				if ok && name {
					record = append(record, field{text, values[text]})
				}
				name = !ok || !name
			}
			records = append(records, record)
		}
	}
	return records
}

func xmlRecords(t *testing.T, content []byte) (records [][]field) {
	t.Helper()
	var file struct {
		XMLName xml.Name `xml:"CASH"`
		Records []struct {
			Fields []struct {
				XMLName xml.Name
				Value   string `xml:",chardata"`
			} `xml:",any"`
		} `xml:"R0301"`
	}
	if err := xml.Unmarshal(content, &file); err != nil {
		t.Fatal(err)
	}
	for _, r := range file.Records {
		var record []field
		for _, f := range r.Fields {
			record = append(record, field{f.XMLName.Local, f.Value})
		}
		records = append(records, record)
	}
	return records
}

// Without a document number nothing was sent, so there is nothing to save; a
// code cannot lead out of a folder.
func TestFile_Names(t *testing.T) {
	c, d := at("http://127.0.0.1"), small()
	d.Entry.Administration, d.Entry.Extra["daybook"] = "../x", "A/B"
	if name, _, err := c.File(d); err != nil || name != "cash-___x-2603-A_B-000101.xml" {
		t.Errorf("%q, %v", name, err)
	}
	d.Evidence = nil
	if _, content, err := c.File(d); code(model.ProblemOf(err)) != "cash.no_document_number" || content != nil {
		t.Errorf("%s, %v", content, err)
	}
}
