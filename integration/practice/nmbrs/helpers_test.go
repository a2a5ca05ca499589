package nmbrs_test

import (
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"loonbrug/data/journal"
	"loonbrug/integration/practice/nmbrs"
)

// bench is a stand-in on loopback and a bare client of it.
type bench struct {
	t      *testing.T
	server *nmbrs.Server
	url    string
	token  string
	domain string
}

func clock() time.Time { return time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC) }

func start(t *testing.T, o nmbrs.Options) *bench {
	t.Helper()
	if o.Clock == nil {
		o.Clock = clock
	}
	server, err := nmbrs.New(o)
	if err != nil {
		t.Fatal(err)
	}
	web := httptest.NewServer(server.Handler())
	t.Cleanup(web.Close)
	return &bench{t: t, server: server, url: web.URL, token: nmbrs.TokenAll, domain: nmbrs.SubDomain}
}

// answer is what came back; err is a connection that broke.
type answer struct {
	status int
	header http.Header
	body   string
	err    error
}

func (b *bench) do(method, path, body string, header ...string) answer {
	b.t.Helper()
	r, err := http.NewRequestWithContext(b.t.Context(), method, b.url+path, strings.NewReader(body))
	if err != nil {
		b.t.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	response, err := http.DefaultTransport.RoundTrip(r) // redirects are not followed
	if err != nil {
		return answer{err: err}
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	return answer{response.StatusCode, response.Header, string(text), err}
}

// post sends an envelope to a service.
func (b *bench) post(service, action, envelope string) answer {
	b.t.Helper()
	header := []string{"Content-Type", "text/xml; charset=utf-8"}
	if action != "" {
		header = append(header, "SOAPAction", `"`+nmbrs.NamespaceOf(service)+"/"+action+`"`)
	}
	return b.do("POST", "/soap/v3/"+service+".asmx", envelope, header...)
}

// call does an operation with parameters: pairs of a name and a value.
func (b *bench) call(service, operation string, pairs ...any) answer {
	b.t.Helper()
	in := ""
	for i := 0; i < len(pairs); i += 2 {
		in += fmt.Sprintf("<%s>%v</%[1]s>", pairs[i], pairs[i+1])
	}
	return b.post(service, operation, `<?xml version="1.0" encoding="utf-8"?><s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" xmlns="`+
		nmbrs.NamespaceOf(service)+`"><s:Header><AuthHeaderWithDomain><Username>`+nmbrs.User+`</Username><Token>`+b.token+`</Token><Domain>`+b.domain+
		`</Domain></AuthHeaderWithDomain></s:Header><s:Body><`+operation+">"+in+"</"+operation+"></s:Body></s:Envelope>")
}

func (b *bench) company(operation string, pairs ...any) answer {
	b.t.Helper()
	return b.call("CompanyService", operation, pairs...)
}

func (b *bench) want(a answer, status int, parts ...string) {
	b.t.Helper()
	if a.err != nil {
		b.t.Fatalf("no answer: %v", a.err)
	}
	if a.status != status {
		b.t.Fatalf("status %d, want %d: %s", a.status, status, a.body)
	}
	for _, part := range parts {
		if !strings.Contains(a.body, part) {
			b.t.Fatalf("%q is not in the answer %s", part, a.body)
		}
	}
}

// refused wants the fault of a code.
func (b *bench) refused(a answer, code int) {
	b.t.Helper()
	b.want(a, 500, "<faultcode>soap:Server</faultcode>", fmt.Sprintf("Server was unable to process request. ---&gt; %d: ", code))
}

// text is the result of an operation that gives a text.
func (b *bench) text(a answer) string {
	b.t.Helper()
	b.want(a, 200)
	var e struct {
		Body struct {
			Response struct {
				Result string `xml:",any"`
			} `xml:",any"`
		}
	}
	if err := xml.Unmarshal([]byte(a.body), &e); err != nil {
		b.t.Fatalf("%v in %s", err, a.body)
	}
	return e.Body.Response.Result
}

// booked is a journal as a client reads it.
type booked struct {
	Transactions []struct {
		Date   string `xml:"header>date"`
		Period string `xml:"header>period"`
		Lines  []struct {
			Dim1  string         `xml:"dim1"`
			Dim2  *string        `xml:"dim2"`
			Dim3  *string        `xml:"dim3"`
			Value journal.Amount `xml:"value"`
			Side  string         `xml:"debitcredit"`
			Text  string         `xml:"description"`
		} `xml:"lines>line"`
	} `xml:"transaction"`
}

func (b *bench) journal(a answer) booked {
	b.t.Helper()
	var j booked
	text := b.text(a)
	if err := xml.Unmarshal([]byte(text), &j); err != nil {
		b.t.Fatalf("%v in %s", err, text)
	}
	return j
}

// perYear asks for a journal of 2026 at its finest.
func (b *bench) perYear(company, run int) answer {
	b.t.Helper()
	return b.company("Journals_GetByRunCostCenterCostUnitPerYear", "companyId", company, "runId", run, "year", 2026)
}

func testdata(t testing.TB, name string) string {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// latest is the latest run of a company.
func (b *bench) latest(company int) nmbrs.Run {
	b.t.Helper()
	all := b.server.Runs(company)
	if len(all) == 0 {
		b.t.Fatalf("company %d has no runs", company)
	}
	return all[len(all)-1]
}
