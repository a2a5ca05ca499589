package nmbrs

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"mime"
	"net/http"
	"strings"
)

// The namespaces of the two versions of SOAP.
const (
	soap11 = "http://schemas.xmlsoap.org/soap/envelope/"
	soap12 = "http://www.w3.org/2003/05/soap-envelope"
)

// NamespaceOf is the namespace of a service, whatever host serves it.
func NamespaceOf(service string) string { return "https://api.nmbrs.nl/soap/v3/" + service }

// largestCall is the longest call that is read, in bytes.
const largestCall = 1 << 20

// part is an element of a call.
type part struct {
	XMLName xml.Name
	Text    string `xml:",chardata"`
	Parts   []part `xml:",any"`
}

// of finds a part by its name and namespace, both as they must be: a real
// service takes an element in another namespace, or in other case, for one that
// it does not know, and goes on without it.
func (p part) of(namespace, name string) (part, bool) {
	for _, x := range p.Parts {
		if x.XMLName.Local == name && x.XMLName.Space == namespace {
			return x, true
		}
	}
	return part{}, false
}

// text is the text of a part without the blanks around it; empty when it did not
// come.
func (p part) text(namespace, name string) string {
	x, _ := p.of(namespace, name)
	return strings.TrimSpace(x.Text)
}

// envelope is a call as it came: its version of SOAP, its header, and the element
// in its body.
type envelope struct {
	version string
	header  part
	body    part
	action  string // what the HTTP header names, without quotes; may be empty
}

var errUnreadable = errors.New("no readable SOAP envelope")

// readEnvelope takes a call apart.
func readEnvelope(w http.ResponseWriter, r *http.Request) (envelope, error) {
	e := envelope{version: soap11}
	data, err := io.ReadAll(http.MaxBytesReader(w, r.Body, largestCall))
	if err != nil {
		return e, errUnreadable
	}
	var root part
	if err := decode(bytes.TrimPrefix(data, []byte("\ufeff")), &root); err != nil {
		return e, err
	}
	if root.XMLName.Space == soap12 {
		e.version = soap12
	}
	body, ok := root.of(e.version, "Body")
	if root.XMLName.Local != "Envelope" || root.XMLName.Space != e.version || !ok || len(body.Parts) == 0 {
		return e, errUnreadable
	}
	e.header, _ = root.of(e.version, "Header")
	e.body = body.Parts[0]
	e.action = actionOf(r)
	return e, nil
}

// decode reads one whole document; a document type, and so an entity of one's
// own, is refused as .NET does.
func decode(data []byte, root *part) error {
	if bytes.Contains(data, []byte("<!DOCTYPE")) {
		return errUnreadable
	}
	d := xml.NewDecoder(bytes.NewReader(data))
	if err := d.Decode(root); err != nil {
		return errors.Join(errUnreadable, err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		for err == nil {
			_, err = d.Token()
		}
		if !errors.Is(err, io.EOF) {
			return errors.Join(errUnreadable, err)
		}
	}
	return nil
}

// actionOf is the action of a request: the header of SOAP 1.1, or the parameter
// of the content type in SOAP 1.2.
func actionOf(r *http.Request) string {
	if action := strings.Trim(strings.TrimSpace(r.Header.Get("SOAPAction")), `"`); action != "" {
		return action
	}
	_, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil {
		return ""
	}
	return params["action"]
}

// escape writes a text as .NET does: quotes stay as they are.
func escape(text string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(text)
}

// element writes an element with a text.
func element(name, text string) string { return "<" + name + ">" + escape(text) + "</" + name + ">" }

// writeEnvelope answers in the version of SOAP that was asked in.
func writeEnvelope(w http.ResponseWriter, status int, version, body string) {
	kind := "text/xml; charset=utf-8"
	if version == soap12 {
		kind = "application/soap+xml; charset=utf-8"
	}
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Cache-Control", "private, max-age=0")
	w.WriteHeader(status)
	// A client that has gone away is no fault of the answer.
	_, _ = io.WriteString(w, `<?xml version="1.0" encoding="utf-8"?><soap:Envelope xmlns:soap="`+version+
		`" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema"><soap:Body>`+
		body+"</soap:Body></soap:Envelope>")
}

// writeFault answers with a fault of the server or of the client.
func writeFault(w http.ResponseWriter, status int, version string, client bool, text string) {
	if version == soap12 {
		code := "soap:Receiver"
		if client {
			code = "soap:Sender"
		}
		writeEnvelope(w, status, version, "<soap:Fault><soap:Code><soap:Value>"+code+"</soap:Value></soap:Code><soap:Reason>"+
			`<soap:Text xml:lang="en">`+escape(text)+"</soap:Text></soap:Reason><soap:Detail /></soap:Fault>")
		return
	}
	code := "soap:Server"
	if client {
		code = "soap:Client"
	}
	writeEnvelope(w, status, version, "<soap:Fault>"+element("faultcode", code)+element("faultstring", text)+"<detail /></soap:Fault>")
}
