package nmbrs

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"golang.org/x/time/rate"

	"loonbrug/data/model"
	"loonbrug/integration/httpx"
)

// namespace is the beginning of every service's namespace and of every action,
// whatever host serves it.
const namespace = "https://api.nmbrs.nl/soap/v3/"

// The services.
const (
	debtorService  = "DebtorService"
	companyService = "CompanyService"
)

// How long a call may take.
const (
	listTimeout    = 20 * time.Second
	journalTimeout = 60 * time.Second
)

// link is one account's connection.
type link struct {
	base   string
	user   string
	token  model.Secret
	domain string
	http   *httpx.Client
	pace   *rate.Limiter
	pause  time.Duration
}

// param is one parameter of an operation, in its order.
type param struct {
	name  string
	value string
}

// call asks an operation and decodes the element of its response into result.
// Every call only reads, so one that failed in passing is tried a second time.
func (l *link) call(ctx context.Context, service, operation string, params []param, result any) error {
	timeout := listTimeout
	if strings.HasPrefix(operation, "Journals_") {
		timeout = journalTimeout
	}
	body := l.envelope(service, operation, params)
	problem := l.once(ctx, timeout, service, operation, body, result)
	if problem == nil || !passing(problem) || ctx.Err() != nil {
		return problem.orNil()
	}
	select {
	case <-ctx.Done():
		return problem.orNil()
	case <-time.After(l.pause):
	}
	return l.once(ctx, timeout, service, operation, body, result).orNil()
}

// failure is a problem that may be none.
type failure struct {
	*model.Problem
	again bool
}

func (f *failure) orNil() error {
	if f == nil {
		return nil
	}
	return f.Problem
}

// passing tells whether the same call may succeed a moment later.
func passing(f *failure) bool { return f != nil && f.again }

// once does one call.
func (l *link) once(ctx context.Context, timeout time.Duration, service, operation string, body []byte, result any) *failure {
	if err := l.pace.Wait(ctx); err != nil {
		return &failure{Problem: model.NewProblem("network.cancelled", "host", "").Because(err)}
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	header := http.Header{
		"Content-Type": {"text/xml; charset=utf-8"},
		"SOAPAction":   {`"` + namespace + service + "/" + operation + `"`},
	}
	answer, err := l.http.Send(ctx, http.MethodPost, httpx.Join(l.base, "/soap/v3/"+service+".asmx", nil), header, body)
	if err != nil {
		return &failure{Problem: httpx.ProblemOf(err), again: ctx.Err() == nil}
	}
	return l.read(answer, operation, result)
}

// envelope writes a call. The one call without a domain is the one that asks
// for it.
func (l *link) envelope(service, operation string, params []param) []byte {
	var b bytes.Buffer
	space := namespace + service
	header := "AuthHeaderWithDomain"
	domain := "<Domain>" + escaped(l.domain) + "</Domain>"
	if operation == environmentGet {
		header, domain = "AuthHeader", ""
	}
	b.WriteString(xml.Header + `<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Header>`)
	fmt.Fprintf(&b, `<%s xmlns="%s"><Username>%s</Username><Token>%s</Token>%s</%s>`,
		header, space, escaped(l.user), escaped(l.token.Reveal()), domain, header)
	fmt.Fprintf(&b, `</soap:Header><soap:Body><%s xmlns="%s">`, operation, space)
	for _, p := range params {
		fmt.Fprintf(&b, "<%s>%s</%s>", p.name, escaped(p.value), p.name)
	}
	fmt.Fprintf(&b, "</%s></soap:Body></soap:Envelope>", operation)
	return b.Bytes()
}

func escaped(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(s)) // a strings.Builder takes everything
	return b.String()
}

// soapFault is the fault of SOAP 1.1 or, with other names, of SOAP 1.2.
type soapFault struct {
	Text   string `xml:"faultstring"`
	Reason string `xml:"Reason>Text"`
}

// read decodes an answer: a fault whatever the status, then the operation's
// response.
func (l *link) read(answer *httpx.Answer, operation string, result any) *failure {
	found, err := decode(answer.Body, operation+"Response", result)
	var fault *soapFault
	switch {
	case errors.As(err, &fault):
		return faultProblem(fault, operation)
	case !answer.OK():
		return statusProblem(answer, operation)
	case err != nil:
		return &failure{Problem: unreadable(operation, answer).Because(err), again: true}
	case !found:
		return &failure{Problem: unreadable(operation, answer)}
	}
	return nil
}

func (f *soapFault) Error() string { return f.text() }

func (f *soapFault) text() string {
	if f.Text != "" {
		return f.Text
	}
	return f.Reason
}

// decode looks for the response element in the body of an envelope, or for a
// fault, which it returns as an error. Everything else is passed over. It reads
// to the end, so that a body that was cut off is never taken for a whole one.
func decode(body []byte, response string, result any) (found bool, err error) {
	d := xml.NewDecoder(bytes.NewReader(body))
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return found, nil
		}
		if err != nil {
			return false, fmt.Errorf("answer: %w", err)
		}
		start, ok := token.(xml.StartElement)
		switch {
		case !ok:
		case start.Name.Local == "Fault":
			var f soapFault
			if err := d.DecodeElement(&f, &start); err != nil {
				return false, fmt.Errorf("fault: %w", err)
			}
			return false, &f
		case start.Name.Local == response && !found:
			if err := d.DecodeElement(result, &start); err != nil {
				return false, fmt.Errorf("%s: %w", response, err)
			}
			found = true
		}
	}
}
