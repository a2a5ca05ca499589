package cash

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"loonbrug/integration/practice/books"
)

// Queries under which the SOAP API 3.0 is served at the root.
const (
	soapQuery = "api/3.0"
	wsdlQuery = "api/3.0/wsdl"
)

// Layer-1 codes of answers.
const (
	codeSuccess  = 1
	codeLogin    = 2
	codeFile     = 3
	codeExport   = 800
	codeImport   = 900
	codeNoSuchID = 902
	codeNoBooks  = 903
	codeUnlinked = 1002
)

// Password is that of every practice login of the SOAP API.
const Password = "praktijk"

// logins are the e-mail addresses of the SOAP API with the key of the same user.
func logins() map[string]string {
	return map[string]string{
		"api@praktijk.example":   KeyAll,
		"lezer@praktijk.example": KeyReader,
		"los@praktijk.example":   KeyUnlinked,
	}
}

// envelope is a call: the operation is the one element in its body.
type envelope struct {
	Body struct {
		Call call `xml:",any"`
	} `xml:"Body"`
}

// call is an operation with its parts.
type call struct {
	XMLName        xml.Name
	Relation       string `xml:"relatie"`
	Email          string `xml:"email"`
	Password       string `xml:"pass"`
	Import         string `xml:"import"`
	Export         string `xml:"export"`
	ID             string `xml:"id"`
	Administration struct {
		Code string `xml:"admCode"`
		Map  string `xml:"admMap"`
	} `xml:"administration"`
}

type callKey struct{}

// soap takes a call apart before bad days and sign-in look at it.
func (s *Server) soap() http.Handler {
	guarded := books.Misbehave(books.Behaviour{
		Faults: s.faults,
		Log:    s.options.Log,
		Books: func(r *http.Request) bool {
			c, ok := r.Context().Value(callKey{}).(*call)
			return ok && c.XMLName.Local == "import"
		},
		Refuse:     soapFault,
		Delay:      s.options.Delay,
		RetryAfter: 2 * time.Second,
		Clock:      s.options.Clock,
	}, http.HandlerFunc(s.soapCall))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.RawQuery != soapQuery {
			http.NotFound(w, r)
			return
		}
		var e envelope
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, largestBody))
		if err != nil || xml.Unmarshal(body, &e) != nil || e.Body.Call.XMLName.Space != namespace {
			soapFault(w, http.StatusInternalServerError)
			return
		}
		guarded.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), callKey{}, &e.Body.Call)))
	})
}

// soapCall signs in and does one operation.
func (s *Server) soapCall(w http.ResponseWriter, r *http.Request) {
	c := r.Context().Value(callKey{}).(*call)
	key := logins()[strings.ToLower(c.Email)]
	known := key != "" && c.Relation == Relation && c.Password == Password
	if wait := s.wait(key, known); wait > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(int((wait+time.Second-1)/time.Second)))
		soapFault(w, http.StatusTooManyRequests)
		return
	}
	a := answerTo{w: w, operation: c.XMLName.Local}
	switch {
	case !known:
		a.refuse(codeLogin, "[praktijk] Gegevens API gebruiker niet geldig")
	case !s.users[key].linked:
		a.refuse(codeUnlinked, "1002 Unauthorized Access")
	case c.XMLName.Local == "listAdministrations":
		a.send(s.list())
	case c.XMLName.Local == "export":
		s.soapExport(a, c)
	case c.XMLName.Local == "import":
		s.soapImport(a, c, key)
	case c.XMLName.Local == "getTransaction":
		s.soapTransaction(a, c)
	default:
		soapFault(w, http.StatusInternalServerError)
	}
}

// list writes the administrations with the folder each lives in.
func (s *Server) list() string {
	var b strings.Builder
	for _, a := range s.office {
		readOnly := "N"
		if a.readOnly {
			readOnly = "J"
		}
		b.WriteString("<administration>" + element("admCode", a.code) + element("admMap", a.folder) +
			element("name", a.name) + element("readOnly", readOnly) + "</administration>")
	}
	return "<administrationList>" + b.String() + "</administrationList>"
}

func (s *Server) books(c *call) (administration, bool) {
	i := slices.IndexFunc(s.office, func(a administration) bool {
		return a.code == c.Administration.Code && a.folder == c.Administration.Map
	})
	if i < 0 {
		return administration{}, false
	}
	return s.office[i], true
}

// soapExport answers with an XML document as text, behind the words that the
// real system writes before it.
func (s *Server) soapExport(to answerTo, c *call) {
	a, ok := s.books(c)
	if !ok {
		to.refuse(codeExport, "[praktijk] Onbekende administratie "+c.Administration.Code+"/"+c.Administration.Map)
		return
	}
	command, params, _ := strings.Cut(c.Export, "|")
	record, rows, why := s.records(a, command, strings.Split(params, "|"))
	if why != "" {
		to.refuse(codeExport, why)
		return
	}
	var b strings.Builder
	b.WriteString(`Content-type: text/xml <?xml version="1.0" encoding="UTF-8"?>` + "\n<cash>")
	for _, r := range rows {
		b.WriteString("<R" + record + ">")
		for _, field := range slices.Sorted(maps.Keys(r)) {
			b.WriteString(element(field, r[field]))
		}
		b.WriteString("</R" + record + ">")
	}
	b.WriteString("</cash>")
	to.send(element("exportResult", b.String()))
}

// soapImport books what the XML document holds. The answer says Success also
// when the transaction failed; the transaction says what became of it.
func (s *Server) soapImport(to answerTo, c *call, key string) {
	a, ok := s.books(c)
	if !ok {
		to.refuse(codeNoBooks, "[praktijk] Onbekende administratie "+c.Administration.Code+"/"+c.Administration.Map)
		return
	}
	if a.readOnly {
		to.refuse(codeImport, "[praktijk] Administratie "+a.code+" is alleen te lezen")
		return
	}
	rows, err := readXML(c.Import)
	if err != nil {
		to.refuse(codeFile, err.Error())
		return
	}
	why := s.mustWait(key)
	s.mu.Lock()
	defer s.mu.Unlock()
	before := s.copyState()
	t := transaction{Administration: a.code, Rows: rows, Hold: why}
	if why == "" {
		t.Errors, t.Rows, t.Done = s.enter(a, rows), nil, true
	}
	id := s.enrol(t)
	if err := s.keep(before); err != nil {
		s.options.Log.Error("practice CASH cannot keep its books", "error", err)
		soapFault(to.w, http.StatusInternalServerError)
		return
	}
	to.send(s.transactionXML(id, t))
}

func (s *Server) soapTransaction(to answerTo, c *call) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t, ok := s.state.Transactions[c.ID]
	if !ok {
		to.refuse(codeNoSuchID, "[praktijk] Transactie "+c.ID+" bestaat niet")
		return
	}
	if !t.Done {
		var err error
		if t, err = s.ask(c.ID, t); err != nil {
			soapFault(to.w, http.StatusInternalServerError)
			return
		}
	}
	to.send(s.transactionXML(c.ID, t))
}

// transactionXML writes a transaction: status 1 waits, 2 is booked, 3 failed.
func (s *Server) transactionXML(id string, t transaction) string {
	status, failed := "1", ""
	switch {
	case t.Done && t.Errors == nil:
		status = "2"
	case t.Done:
		status = "3"
		var b strings.Builder
		for _, e := range t.Errors {
			b.WriteString("<error>" + element("message", e.Message) + element("line", strconv.Itoa(e.Line)) + element("source", e.Source) + "</error>")
		}
		failed = `<?xml version="1.0" encoding="UTF-8"?><cash><errors>` + b.String() + "</errors></cash>"
	}
	a := s.has(t.Administration)
	return "<transaction>" + element("id", id) + element("status", status) +
		element("creation", s.options.Clock().Format(time.DateTime)) + element("lastUpdate", "0000-00-00 00:00:00") +
		"<administration>" + element("admCode", a.code) + element("admMap", a.folder) + "</administration>" +
		"<initiator>" + element("relation", Relation) + element("user", "api") + "</initiator>" +
		element("err", failed) + "</transaction>"
}

// readXML reads the records 0301 below the root CASH, each an element of its own.
func readXML(text string) ([]row, error) {
	var document struct {
		XMLName xml.Name
		Records []struct {
			XMLName xml.Name
			Fields  []struct {
				XMLName xml.Name
				Text    string `xml:",chardata"`
			} `xml:",any"`
		} `xml:",any"`
	}
	if xml.Unmarshal([]byte(text), &document) != nil || !strings.EqualFold(document.XMLName.Local, "cash") || len(document.Records) == 0 {
		return nil, errors.New("[praktijk] De import heeft niet de vorm <CASH><R0301>..</R0301></CASH>")
	}
	var rows []row
	for i, record := range document.Records {
		if tag := record.XMLName.Local; tag != "R0301" && tag != "R301" {
			return nil, fmt.Errorf("[praktijk] Record %q wordt hier niet ingelezen", tag)
		}
		in := make(map[string]any, len(record.Fields))
		for _, f := range record.Fields {
			in[f.XMLName.Local] = f.Text
		}
		fields, err := readFields(in)
		if err != nil {
			return nil, err
		}
		rows = append(rows, row{Line: i + 1, Fields: fields})
	}
	return rows, nil
}

// answerTo writes the answer to one operation.
type answerTo struct {
	w         http.ResponseWriter
	operation string
}

func (a answerTo) send(parts string) { a.write(codeSuccess, "Success", parts) }

func (a answerTo) refuse(code int, message string) { a.write(code, message, "") }

func (a answerTo) write(code int, message, parts string) {
	writeSOAP(a.w, http.StatusOK, `<ns1:`+a.operation+`Response xmlns:ns1="`+namespace+`"><response>`+
		element("code", strconv.Itoa(code))+element("message", message)+"</response>"+parts+"</ns1:"+a.operation+"Response>")
}

func soapFault(w http.ResponseWriter, status int) {
	writeSOAP(w, status, "<SOAP-ENV:Fault>"+element("faultcode", "SOAP-ENV:Server")+
		element("faultstring", "[praktijk] "+http.StatusText(status))+"</SOAP-ENV:Fault>")
}

func writeSOAP(w http.ResponseWriter, status int, body string) {
	w.Header().Set("Content-Type", "text/xml; charset=utf-8")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, `<?xml version="1.0" encoding="UTF-8"?>`+"\n"+
		`<SOAP-ENV:Envelope xmlns:SOAP-ENV="http://schemas.xmlsoap.org/soap/envelope/"><SOAP-ENV:Body>`+body+"</SOAP-ENV:Body></SOAP-ENV:Envelope>\n")
}

// element writes an element with a text.
func element(name, text string) string {
	var b bytes.Buffer
	_ = xml.EscapeText(&b, []byte(text)) // a buffer takes everything
	return "<" + name + ">" + b.String() + "</" + name + ">"
}
