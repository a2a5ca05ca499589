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
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/encoding/charmap"

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

// userName is the user that a transaction names.
func userName(key string) string {
	for email, of := range logins() {
		if of == key {
			name, _, _ := strings.Cut(email, "@")
			return name
		}
	}
	return ""
}

// logins are the e-mail addresses of the SOAP API with the key of the same user.
func logins() map[string]string {
	return map[string]string{
		"api@praktijk.example":   KeyAll,
		"lezer@praktijk.example": KeyReader,
		"los@praktijk.example":   KeyUnlinked,
	}
}

// envelope is a call: the operation is the first element in its body.
type envelope struct {
	Body struct {
		Parts []part `xml:",any"`
	} `xml:"Body"`
}

// part is an element of a call.
type part struct {
	XMLName xml.Name
	Text    string `xml:",chardata"`
	Parts   []part `xml:",any"`
}

// of finds a part by its name in any case, as the clients of PHP's SOAP server may
// write it; the zero part is one that did not come.
func (p part) of(name string) part {
	i := slices.IndexFunc(p.Parts, func(x part) bool { return strings.EqualFold(x.XMLName.Local, name) })
	if i < 0 {
		return part{}
	}
	return p.Parts[i]
}

// call is an operation with its parts.
type call struct {
	name, operation                             string // as it came, and as the WSDL has it
	relation, email, password, imports, command string
	id, code, folder                            string // of a transaction, of an administration
}

func readCall(p part) *call {
	text := func(name string) string { return strings.TrimSpace(p.of(name).Text) }
	c := &call{
		name: p.XMLName.Local, relation: text("relatie"), email: text("email"), password: p.of("pass").Text,
		imports: p.of("import").Text, command: text("export"), id: text("id"),
	}
	in := p.of("administration")
	c.code, c.folder = strings.TrimSpace(in.of("admCode").Text), strings.TrimSpace(in.of("admMap").Text)
	for _, known := range []string{"import", "export", "listAdministrations", "getTransaction"} {
		if strings.EqualFold(known, c.name) {
			c.operation = known
		}
	}
	return c
}

type callKey struct{}

// soap takes a call apart before bad days and sign-in look at it.
func (s *Server) soap() http.Handler {
	guarded := books.Misbehave(books.Behaviour{
		Faults: s.faults,
		Log:    s.options.Log,
		Books: func(r *http.Request) bool {
			c, ok := r.Context().Value(callKey{}).(*call)
			return ok && c.operation == "import"
		},
		Refuse:     soapFault,
		Delay:      s.options.Delay,
		RetryAfter: 2 * time.Second,
		Clock:      s.options.Clock,
	}, http.HandlerFunc(s.soapCall))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if query(r) != soapQuery {
			http.NotFound(w, r)
			return
		}
		var e envelope
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, largestBody))
		if err != nil || decodeXML(body, &e, decoded) != nil || len(e.Body.Parts) == 0 {
			clientFault(w, "Bad Request")
			return
		}
		in := e.Body.Parts[0]
		if in.XMLName.Space != Namespace {
			s.options.Log.Warn("practice CASH takes a call in another namespace", "operation", in.XMLName.Local, "namespace", in.XMLName.Space)
		}
		c := readCall(in)
		if c.operation == "" {
			clientFault(w, "Procedure '"+c.name+"' not present")
			return
		}
		guarded.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), callKey{}, c)))
	})
}

// query is the query of a request without what some clients add to it: an escape
// for the slash and an equals sign at the end.
func query(r *http.Request) string {
	plain, err := url.QueryUnescape(r.URL.RawQuery)
	if err != nil {
		return r.URL.RawQuery
	}
	return strings.TrimSuffix(plain, "=")
}

// soapCall signs in and does one operation.
func (s *Server) soapCall(w http.ResponseWriter, r *http.Request) {
	c := r.Context().Value(callKey{}).(*call)
	key := logins()[strings.ToLower(c.email)]
	known := key != "" && c.relation == Relation && c.password == Password
	if wait := s.wait(key, known); wait > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(int((wait+time.Second-1)/time.Second)))
		soapFault(w, http.StatusTooManyRequests)
		return
	}
	a := answerTo{w: w, call: c}
	if code, message := s.codeOfTheDay(c.operation); code != 0 {
		a.refuse(code, message)
		return
	}
	switch {
	case !known:
		a.refuse(codeLogin, "[praktijk] Gegevens API gebruiker niet geldig")
	case !s.users[key].linked:
		a.refuse(codeUnlinked, "1002 Unauthorized Access")
	case c.operation == "listAdministrations":
		a.send(s.list())
	case c.operation == "export":
		s.soapExport(a, c)
	case c.operation == "import":
		s.soapImport(a, c, key)
	default:
		s.soapTransaction(a, c)
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
		return a.code == c.code && a.folder == c.folder
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
		to.refuse(codeExport, "[praktijk] Onbekende administratie "+c.code+"/"+c.folder)
		return
	}
	command, params, _ := strings.Cut(c.command, "|")
	record, rows, why := s.records(a, command, strings.Split(params, "|"))
	if why != "" {
		to.refuse(codeExport, why)
		return
	}
	if s.faults.Take(FaultRowsEmpty) {
		rows = nil
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
		to.refuse(codeNoBooks, "[praktijk] Onbekende administratie "+c.code+"/"+c.folder)
		return
	}
	if a.readOnly {
		to.refuse(codeImport, "[praktijk] Administratie "+a.code+" is alleen te lezen")
		return
	}
	rows, err := readXML(c.imports)
	if err != nil {
		to.refuse(codeFile, err.Error())
		return
	}
	why := s.mustWait(key)
	s.mu.Lock()
	defer s.mu.Unlock()
	before := s.copyState()
	t := transaction{Administration: a.code, Rows: rows, Hold: why, User: userName(key)}
	if why == "" {
		t.Errors, t.Rows, t.Done = s.enter(a, rows), nil, true
	}
	id := s.enrol(&t)
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
	t, ok := s.state.Transactions[c.id]
	if !ok {
		to.refuse(codeNoSuchID, "[praktijk] Transactie "+c.id+" bestaat niet")
		return
	}
	if !t.Done {
		var err error
		if t, err = s.ask(c.id, t); err != nil {
			soapFault(to.w, http.StatusInternalServerError)
			return
		}
	}
	to.send(s.transactionXML(c.id, t))
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
		element("creation", t.Created) + element("lastUpdate", "0000-00-00 00:00:00") +
		"<administration>" + element("admCode", a.code) + element("admMap", a.folder) + "</administration>" +
		"<initiator>" + element("relation", Relation) + element("user", t.User) + "</initiator>" +
		element("err", failed) + "</transaction>"
}

// decodeXML reads a document; other reads it when it says that it is not in UTF-8.
func decodeXML(document []byte, v any, other func(string, io.Reader) (io.Reader, error)) error {
	d := xml.NewDecoder(bytes.NewReader(document))
	d.CharsetReader = other
	return d.Decode(v)
}

// decoded reads what is in one of the encodings of older clients.
func decoded(encoding string, in io.Reader) (io.Reader, error) {
	switch strings.ToLower(encoding) {
	case "iso-8859-1", "us-ascii":
		return charmap.ISO8859_1.NewDecoder().Reader(in), nil
	case "windows-1252":
		return charmap.Windows1252.NewDecoder().Reader(in), nil
	}
	return nil, fmt.Errorf("encoding %q is not read here", encoding)
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
	asRead := func(_ string, in io.Reader) (io.Reader, error) { return in, nil } // the envelope said what it is in
	if decodeXML([]byte(text), &document, asRead) != nil || !strings.EqualFold(document.XMLName.Local, "cash") || len(document.Records) == 0 {
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
