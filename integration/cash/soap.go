package cash

import (
	"context"
	"encoding/xml"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"golang.org/x/time/rate"

	"loonbrug/data/model"
	"loonbrug/integration/httpx"
	"loonbrug/integration/target"
)

// soap carries records over SOAP 3.0: one account's connection. Every call
// carries relation number, e-mail address and password.
type soap struct {
	wsdl     string
	relation string
	email    string
	password model.Secret
	listed   string // administrations as the account's settings have them
	http     *httpx.Client
	pace     *rate.Limiter
	clock    func() time.Time
	session  *session
}

// Codes that CASH's SOAP answers begin with; those that are not here are
// refusals with a message.
const (
	codeSuccess = 1
	codeLogin   = 2
)

// administrations implements [link]. Where the service has no list, the one in
// the account's settings is taken.
func (s *soap) administrations(ctx context.Context) (*directory, error) {
	if s.listed != "" {
		return s.fromSettings()
	}
	call, err := s.operation(ctx, "listAdministrations")
	if err != nil {
		return nil, err
	}
	if call == nil {
		return nil, model.NewProblem("cash.no_list").With(model.ActionOpenAccount)
	}
	answer, err := s.ask(ctx, call, nil)
	if err != nil {
		return nil, err
	}
	d := &directory{Name: s.email, Relation: s.relation}
	folders := make(map[string]string)
	for _, n := range answer.all("admCode") {
		a := n.above
		d.List = append(d.List, model.Administration{Code: n.text(), Name: a.value("name"), ReadOnly: yes(text(a.value("readOnly")))})
		folders[n.text()] = a.value("admMap")
	}
	s.session.list(folders)
	return d, nil
}

// fromSettings reads "halm:1012, trns:1013": codes with the folder of each.
func (s *soap) fromSettings() (*directory, error) {
	d := &directory{Name: s.email, Relation: s.relation}
	folders := make(map[string]string)
	for _, pair := range strings.FieldsFunc(s.listed, func(r rune) bool { return r == ',' || r == ';' || r == ' ' }) {
		code, folder, ok := strings.Cut(pair, ":")
		if !ok || code == "" {
			return nil, model.NewProblem("cash.bad_list", "text", pair).With(model.ActionOpenAccount)
		}
		d.List = append(d.List, model.Administration{Code: code, Name: code})
		folders[code] = folder
	}
	s.session.list(folders)
	return d, nil
}

// export implements [link].
func (s *soap) export(ctx context.Context, administration, command, params string) ([]row, error) {
	full := command
	if params != "" {
		full += "|" + params
	}
	call, where, err := s.in(ctx, "export", administration)
	if err != nil {
		return nil, err
	}
	where["export"] = escaped(full)
	answer, err := s.ask(ctx, call, where)
	if err != nil {
		return nil, err
	}
	rows, err := readXMLRows(answer.value("exportResult"), command)
	if err != nil {
		return nil, s.heeded(model.NewProblem("cash.unreadable_answer", "status", fmt.Sprint(http.StatusOK), "type", "text/xml").Again().Because(err))
	}
	return rows, nil
}

// post implements [link].
func (s *soap) post(ctx context.Context, administration string, lines []mutation) target.Outcome {
	call, where, err := s.in(ctx, "import", administration)
	if err != nil {
		p := model.ProblemOf(err)
		return target.Outcome{Class: target.NotSent, Problem: p, SignIn: p.Action == model.ActionSignIn}
	}
	where["import"] = escaped(string(importXML(lines)))
	answer, err := s.send(ctx, call, where)
	if err != nil {
		o := httpx.Failed(err)
		s.session.heed(o.Problem)
		return o
	}
	o := s.classify(answer)
	s.session.heed(o.Problem)
	o.Detail = fmt.Sprintf("SOAP import: %d %s", answer.Status, kind(answer))
	return o
}

// classify says what the answer to an import means.
func (s *soap) classify(a *httpx.Answer) target.Outcome {
	switch {
	case a.Status == http.StatusUnauthorized || a.Status == http.StatusForbidden:
		return target.Outcome{Class: target.Deferred, Problem: soapStatus(a), SignIn: true}
	case a.Status == http.StatusTooManyRequests:
		return throttled(a.RetryAfter(s.clock()))
	case !a.OK():
		return target.Outcome{Class: target.Ambiguous, Problem: soapStatus(a)}
	}
	root, code, err := readSOAP(a.Body)
	if err != nil {
		return target.Outcome{Class: target.Ambiguous, Problem: unreadable(a).Because(err)}
	}
	transaction := root.first("transaction")
	f := fault{code: code, text: root.first("response").value("message")}
	switch code {
	case codeSuccess:
		return transaction.outcome()
	case codeLogin, 4, 5, 6: // the login, or the token that stands for it
		return target.Outcome{Class: target.Deferred, Problem: loginRefused(), SignIn: true}
	case importRefused, importFailed:
		if transaction.value("status") != "" {
			return transaction.outcome() // the details are there
		}
		f.lines = readErrors(transaction.value("err")).lines
		return f.refused()
	case notLinked, malformed, unknownService, noBooks:
		return f.refused()
	}
	return target.Outcome{Class: target.Ambiguous, Problem: f.unexpected()}
}

// outcome reads a transaction: 1 waits, 2 is booked, 3 failed. What is none of
// them says nothing.
func (n *node) outcome() target.Outcome {
	switch n.value("status") {
	case "1":
		id := n.value("id")
		if id == "" {
			return target.Outcome{Class: target.Ambiguous, Problem: stillPending()}
		}
		return target.Outcome{Class: target.Pending, Problem: stillPending(), Evidence: map[string]string{evidenceTransaction: id}}
	case "2":
		return target.Outcome{Class: target.Accepted}
	case "3":
		f := readErrors(n.value("err"))
		return f.refused()
	}
	return target.Outcome{Class: target.Ambiguous, Problem: stillPending()}
}

// settled implements [link]. A transaction that cannot be asked about says
// nothing; the books do.
func (s *soap) settled(ctx context.Context, id string) (target.Outcome, error) {
	waiting := target.Outcome{Class: target.Pending, Problem: stillPending()}
	call, err := s.operation(ctx, "getTransaction")
	if err != nil || call == nil {
		return waiting, err
	}
	root, err := s.ask(ctx, call, map[string]string{"id": escaped(id)})
	switch p := model.ProblemOf(err); {
	case p != nil && p.Params["code"] == strconv.Itoa(transactionUnknown):
		return waiting, nil
	case p != nil:
		return target.Outcome{}, p
	}
	o := root.first("transaction").outcome()
	if o.Class == target.Ambiguous && o.Problem.Code != "cash.pending" {
		o.Class = target.Rejected // the books, which are read next, know better
	}
	return o, nil
}

// operation finds an operation in the WSDL; nil is that there is none.
func (s *soap) operation(ctx context.Context, name string) (*operation, error) {
	now := s.clock()
	known := s.session.described(now)
	if known == nil {
		if err := s.pace.Wait(ctx); err != nil {
			return nil, tooMany().Because(err)
		}
		answer, err := s.http.Get(ctx, s.wsdl, http.Header{"Accept": {"text/xml"}})
		if err != nil {
			return nil, httpx.ProblemOf(err)
		}
		if !answer.OK() {
			return nil, soapStatus(answer)
		}
		if known, err = readWSDL(answer.Body, s.wsdl); err != nil {
			return nil, model.NewProblem("cash.wsdl").With(model.ActionOpenAccount).Because(err)
		}
		s.session.describe(known, now)
	}
	if o, ok := known.operations[strings.ToLower(name)]; ok {
		return &o, nil
	}
	return nil, nil
}

// in finds an operation and writes the part that says in which administration.
func (s *soap) in(ctx context.Context, name, administration string) (*operation, map[string]string, error) {
	call, err := s.operation(ctx, name)
	if err != nil {
		return nil, nil, err
	}
	if call == nil {
		return nil, nil, model.NewProblem("cash.wsdl").With(model.ActionOpenAccount)
	}
	folder, ok := s.session.folder(administration)
	if !ok {
		if _, err := s.administrations(ctx); err != nil {
			return nil, nil, err
		}
		folder, _ = s.session.folder(administration)
	}
	part := "<admCode>" + escaped(administration) + "</admCode><admMap>" + escaped(folder) + "</admMap>"
	return call, map[string]string{"administration": part}, nil
}

// ask does a call that changes nothing; a refusal is a problem.
func (s *soap) ask(ctx context.Context, call *operation, parts map[string]string) (*node, error) {
	answer, err := s.send(ctx, call, parts)
	if err != nil {
		return nil, s.heeded(httpx.ProblemOf(err))
	}
	root, p := checked(answer)
	if p != nil {
		return nil, s.heeded(p)
	}
	return root, nil
}

// heeded gives a problem back after the session has seen it.
func (s *soap) heeded(p *model.Problem) *model.Problem {
	s.session.heed(p)
	return p
}

// checked reads an answer whose response is Success.
func checked(a *httpx.Answer) (*node, *model.Problem) {
	if !a.OK() {
		return nil, soapStatus(a)
	}
	root, code, err := readSOAP(a.Body)
	if err != nil {
		return nil, unreadable(a).Because(err)
	}
	f := fault{code: code, text: root.first("response").value("message")}
	switch code {
	case codeSuccess:
		return root, nil
	case codeLogin, 4, 5, 6:
		return nil, loginRefused()
	case notLinked, malformed, unknownService, exportFailed, noBooks:
		return nil, f.problem()
	}
	return nil, f.unexpected()
}

// send does one call with its parts in the order of the WSDL. Parts are XML;
// those that are not known stay empty, as the token does.
func (s *soap) send(ctx context.Context, call *operation, parts map[string]string) (*httpx.Answer, error) {
	if err := s.pace.Wait(ctx); err != nil {
		return nil, &httpx.Error{Method: http.MethodPost, Err: tooMany().Because(err)}
	}
	known := map[string]string{"relatie": escaped(s.relation), "email": escaped(s.email), "pass": escaped(s.password.Reveal()), "formaat": "0"}
	var b strings.Builder
	b.WriteString(xml.Header + `<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body>`)
	b.WriteString(`<c:` + call.name + ` xmlns:c="` + escaped(call.namespace) + `">`)
	for _, name := range call.parts {
		lower := strings.ToLower(name)
		b.WriteString("<" + name + ">" + known[lower] + parts[lower] + "</" + name + ">")
	}
	b.WriteString(`</c:` + call.name + `></e:Body></e:Envelope>`)
	header := http.Header{"Content-Type": {"text/xml; charset=utf-8"}, "SOAPAction": {`"` + call.action + `"`}}
	return s.http.Send(ctx, http.MethodPost, call.address, header, []byte(b.String()))
}

// soapStatus is the problem of an answer by its status alone.
func soapStatus(a *httpx.Answer) *model.Problem {
	switch {
	case a.Status == http.StatusUnauthorized || a.Status == http.StatusForbidden:
		return loginRefused()
	case a.Status == http.StatusTooManyRequests:
		return tooMany()
	case a.Status >= http.StatusInternalServerError:
		return model.NewProblem("cash.unavailable", "status", strconv.Itoa(a.Status)).Again()
	case a.Status == http.StatusNotFound:
		return model.NewProblem("cash.wrong_address").With(model.ActionOpenAccount)
	}
	return unreadable(a)
}

func loginRefused() *model.Problem {
	return model.NewProblem("cash.login_refused").With(model.ActionSignIn)
}
