package nmbrs

import (
	"errors"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"time"

	"loonbrug/integration/practice/books"
)

// faultCode is an error of Nmbrs that goes out as a fault.
type faultCode int

func (f faultCode) Error() string { return strconv.Itoa(int(f)) + ": " + faultTitle(int(f)) }

// unable is how a fault of the server begins; the code and its title follow.
const unable = "Server was unable to process request. ---> "

// asked is a request with the call in it.
type asked struct {
	envelope
	operation operation
}

// soap takes a call apart, before bad days and sign-in look at it.
func (s *Server) soap() http.Handler {
	known := operations()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		service, ok := serviceOf(r)
		if !ok {
			http.NotFound(w, r)
			return
		}
		if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "text/xml" && kind != "application/soap+xml" {
			http.Error(w, http.StatusText(http.StatusUnsupportedMediaType), http.StatusUnsupportedMediaType)
			return
		}
		e, err := readEnvelope(w, r)
		if err != nil {
			writeFault(w, clientStatus(e.version), e.version, true, "Server was unable to read request. ---> "+errUnreadable.Error())
			return
		}
		o, why := find(known, service, e)
		if why != "" {
			writeFault(w, clientStatus(e.version), e.version, true, why)
			return
		}
		s.guarded(&asked{e, o}).ServeHTTP(w, r)
	})
}

// guarded answers a call, with the bad days that all practice systems have in
// front.
func (s *Server) guarded(a *asked) http.Handler {
	return books.Misbehave(books.Behaviour{
		Faults:     s.faults,
		Log:        s.options.Log,
		Books:      func(*http.Request) bool { return a.operation.isJournal() },
		Refuse:     func(w http.ResponseWriter, status int) { refuseStatus(w, status, a.version) },
		Delay:      s.options.Delay,
		RetryAfter: 2 * time.Second,
		Clock:      s.options.Clock,
	}, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { s.answer(w, r, a) }))
}

// serviceOf is the service in the path, in any case as on IIS.
func serviceOf(r *http.Request) (string, bool) {
	for _, service := range []string{companyService, debtorService, reportService} {
		if strings.EqualFold(r.PathValue("service"), service+".asmx") {
			return service, true
		}
	}
	return "", false
}

// find is the operation of a call: the one its action names, or without an action
// the one its body is an element of. The body must be that operation's.
func find(known []operation, service string, e envelope) (operation, string) {
	const noAction = "Unable to handle request without a valid action parameter. Please supply a valid soap action."
	for _, o := range known {
		if o.service != service {
			continue
		}
		matches := e.body.XMLName.Local == o.name && e.body.XMLName.Space == o.namespace()
		switch {
		case e.action == "" && matches, matches && e.action == o.namespace()+"/"+o.name:
			return o, ""
		case e.action == o.namespace()+"/"+o.name:
			return operation{}, "Server was unable to read request. ---> The body is not " + o.name + " of " + o.namespace()
		}
	}
	return operation{}, noAction
}

// isJournal tells the calls that fetch journals; bad days can be set for these
// alone.
func (o operation) isJournal() bool { return strings.HasPrefix(o.name, "Journals_") }

// answer signs in and does one operation.
func (s *Server) answer(w http.ResponseWriter, r *http.Request, a *asked) {
	s.throttle(r.Context())
	if s.badDay(w, r, a) {
		return
	}
	inner, err := s.do(a)
	if err != nil {
		var code faultCode
		if !errors.As(err, &code) {
			s.options.Log.Error("practice Nmbrs fails", "operation", a.operation.name, "error", err)
			code = 9999
		}
		s.writeCode(w, a.version, code)
		return
	}
	name, content := a.operation.name, ""
	switch {
	case s.on(FaultAbsent, a.operation):
	case inner == "":
		content = "<" + name + "Result />"
	default:
		content = "<" + name + "Result>" + string(inner) + "</" + name + "Result>"
	}
	writeEnvelope(w, http.StatusOK, a.version, "<"+name+`Response xmlns="`+a.operation.namespace()+`">`+content+"</"+name+"Response>")
}

// do signs in and does the operation.
func (s *Server) do(a *asked) (result, error) {
	o := a.operation
	r, ok := s.signIn(o, a.header)
	switch {
	case !ok:
		return "", faultCode(1001)
	case o.oldHeader:
		return o.do(s, call{o, a.body, r})
	case o.do == nil || !r.allows(o):
		return "", faultCode(1002)
	}
	return o.do(s, call{o, a.body, r})
}

// signIn finds what the login in the header may. The header is in the namespace of
// the service that is called.
func (s *Server) signIn(o operation, header part) (rights, bool) {
	ns, name := o.namespace(), "AuthHeaderWithDomain"
	if o.oldHeader {
		name = "AuthHeader"
	}
	login, ok := header.of(ns, name)
	r, known := s.tokens[login.text(ns, "Token")]
	domain := o.oldHeader || strings.EqualFold(login.text(ns, "Domain"), SubDomain)
	return r, ok && known && domain && strings.EqualFold(login.text(ns, "Username"), User)
}

// writeCode answers with a code of Nmbrs.
func (s *Server) writeCode(w http.ResponseWriter, version string, code faultCode) {
	status := http.StatusInternalServerError
	if s.faults.Take(FaultInOK) {
		status = http.StatusOK
	}
	writeFault(w, status, version, false, unable+code.Error())
}

// refuseStatus answers on the bad days that all practice systems have. Credentials
// that are refused are code 1001 here.
func refuseStatus(w http.ResponseWriter, status int, version string) {
	if status == http.StatusUnauthorized {
		writeFault(w, http.StatusInternalServerError, version, false, unable+faultCode(1001).Error())
		return
	}
	http.Error(w, http.StatusText(status), status)
}

// clientStatus is the HTTP status of a fault of the client.
func clientStatus(version string) int {
	if version == soap12 {
		return http.StatusBadRequest
	}
	return http.StatusInternalServerError
}
