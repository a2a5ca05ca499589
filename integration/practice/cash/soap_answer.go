package cash

import (
	"bytes"
	"encoding/xml"
	"io"
	"net/http"
	"strconv"
)

// answerTo writes the answer to one call.
type answerTo struct {
	w    http.ResponseWriter
	call *call
}

func (a answerTo) send(parts string) { a.write(codeSuccess, "Success", parts) }

// refuse answers with a code. The part with the result comes too, without a value,
// as an answer in RPC style has all its parts.
func (a answerTo) refuse(code int, message string) {
	const none = ` xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:nil="true"/>`
	switch a.call.operation {
	case "export":
		a.write(code, message, element("exportResult", ""))
	case "listAdministrations":
		a.write(code, message, "<administrationList"+none)
	default:
		a.write(code, message, "<transaction"+none)
	}
}

// write names the answer after the call as it was spelled.
func (a answerTo) write(code int, message, parts string) {
	writeSOAP(a.w, http.StatusOK, `<ns1:`+a.call.name+`Response xmlns:ns1="`+Namespace+`"><response>`+
		element("code", strconv.Itoa(code))+element("message", message)+"</response>"+parts+"</ns1:"+a.call.name+"Response>")
}

// soapFault is a fault of the server, clientFault one of the client; SOAP 1.1 gives
// both of them status 500.
func soapFault(w http.ResponseWriter, status int) {
	writeFault(w, status, "SOAP-ENV:Server", "[praktijk] "+http.StatusText(status))
}

func clientFault(w http.ResponseWriter, text string) {
	writeFault(w, http.StatusInternalServerError, "SOAP-ENV:Client", "[praktijk] "+text)
}

func writeFault(w http.ResponseWriter, status int, code, text string) {
	writeSOAP(w, status, "<SOAP-ENV:Fault>"+element("faultcode", code)+element("faultstring", text)+"</SOAP-ENV:Fault>")
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
