package cash

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"

	"loonbrug/data/model"
	"loonbrug/integration/httpx"
)

// fault is what CASH says went wrong: a sentence, the errors of single records,
// or both. Records are never quoted: they may hold texts of lines.
type fault struct {
	code  int // CASH's response code, such as 1002; zero is none
	text  string
	lines []lineFault
}

// lineFault is the error of one record. line counts from one; zero is unknown.
type lineFault struct {
	line    int
	message string
	field   string // four digits, when the message names a field
	value   string
}

// readFault reads the body of a refusal. The message below it is a sentence in
// some answers and an object with a list of errors in others. ok is false when
// the body is not CASH's.
func readFault(body []byte) (f fault, ok bool) {
	var answer struct {
		Error    json.RawMessage `json:"error"`
		Message  json.RawMessage `json:"message"`
		Code     text            `json:"code"`
		Response struct {
			Code    text `json:"code"`
			Message text `json:"message"`
		} `json:"response"`
	}
	if json.Unmarshal(body, &answer) != nil {
		return fault{}, false
	}
	for _, raw := range []json.RawMessage{answer.Error, answer.Message} {
		f.add(raw)
	}
	if f.text == "" {
		f.text = string(answer.Response.Message)
	}
	for _, code := range []text{answer.Code, answer.Response.Code} {
		if n, err := strconv.Atoi(string(code)); err == nil {
			f.code = n
		}
	}
	if strings.Contains(f.text, "1002") || strings.Contains(strings.ToLower(f.text), "unauthorized access") {
		f.code = notLinked
	}
	return f, f.text != "" || f.code != 0 || len(f.lines) > 0
}

// Codes of CASH that are told apart, besides those of a login.
const (
	malformed          = 3 // the file handed over cannot be read
	unknownService     = 7 // the name of a service, which only an older API asked for
	exportFailed       = 800
	importRefused      = 900 // the transaction says why
	importFailed       = 901 // so do its errors
	transactionUnknown = 902
	noBooks            = 903  // the administration does not exist or is empty
	notLinked          = 1002 // the API user is not linked to the administration
)

// add takes in one of the members that hold a sentence or a list of errors.
func (f *fault) add(raw json.RawMessage) {
	var sentence text
	if json.Unmarshal(raw, &sentence) == nil {
		if sentence != "" {
			f.text = string(sentence)
			if l := readMessage(f.text); l.field != "" {
				f.lines = append(f.lines, l)
			}
		}
		return
	}
	var list struct {
		Code    text `json:"code"`
		Message text `json:"message"`
		Errors  many[struct {
			Error many[struct {
				Message text `json:"message"`
				Line    text `json:"line"`
			}] `json:"error"`
		}] `json:"errors"`
	}
	if json.Unmarshal(raw, &list) != nil {
		return
	}
	if list.Message != "" {
		f.text = string(list.Message)
	}
	if n, err := strconv.Atoi(string(list.Code)); err == nil {
		f.code = n
	}
	for _, errs := range list.Errors {
		for _, e := range errs.Error {
			l := readMessage(string(e.Message))
			l.line, _ = strconv.Atoi(string(e.Line)) // zero is unknown
			f.lines = append(f.lines, l)
		}
	}
}

// readMessage finds the field in a message such as "Ongeldige waarde 0201=4999".
func readMessage(message string) lineFault {
	l := lineFault{message: message}
	before, value, ok := strings.Cut(message, "=")
	if !ok || len(before) < 4 {
		return l
	}
	digits := before[len(before)-4:]
	if strings.Trim(digits, "0123456789") == "" {
		l.field, l.value = digits, strings.TrimSpace(value)
	}
	return l
}

// problem explains a refusal: the first record at fault, and how many there are.
func (f *fault) problem() *model.Problem {
	if f.code == notLinked {
		return model.NewProblem("cash.not_linked", "message", f.text, "administration", "")
	}
	if len(f.lines) > 0 {
		return f.lines[0].problem(len(f.lines))
	}
	switch f.code {
	case malformed:
		return model.NewProblem("cash.malformed", "message", f.text)
	case unknownService:
		return model.NewProblem("cash.unknown_service", "message", f.text).With(model.ActionOpenAccount)
	case exportFailed:
		return model.NewProblem("cash.export_failed", "message", f.text).With(model.ActionRefresh)
	case noBooks:
		return model.NewProblem("cash.no_books", "message", f.text).With(model.ActionOpenMapping)
	}
	return lineFault{message: f.text}.problem(1)
}

// unexpected is a code that does not belong to what was asked: that of another
// service of CASH, or one that nobody published. It says nothing of what was
// done.
func (f *fault) unexpected() *model.Problem {
	return model.NewProblem("cash.unexpected_code", "code", strconv.Itoa(f.code), "message", f.text)
}

// problem names what is wrong by the field, and by words only where no field is
// named.
func (l lineFault) problem(count int) *model.Problem {
	line := ""
	if l.line > 0 {
		line = strconv.Itoa(l.line)
	}
	params := []string{"message", l.message, "value", l.value, "line", line, "count", strconv.Itoa(count)}
	switch {
	case l.aboutDocument():
		return model.NewProblem("cash.document_exists", params...).With(model.ActionCheckAgain)
	case l.field == "0201":
		return model.NewProblem("cash.refused_ledger_account", params...).With(model.ActionRefresh)
	case l.field == "0901":
		return model.NewProblem("cash.refused_daybook", params...).With(model.ActionOpenMapping)
	case l.field == "0911":
		return model.NewProblem("cash.refused_cost_centre", params...).With(model.ActionOpenMapping)
	case l.field == "0301" || l.field == "0302" || l.field == "0310":
		return model.NewProblem("cash.refused_period", params...)
	case l.field == "0101" || l.field == "0309":
		return model.NewProblem("cash.refused_relation", params...)
	case l.field == "0307":
		return model.NewProblem("cash.refused_amount", params...)
	}
	return model.NewProblem("cash.refused", append(params, "field", fieldName(l.field))...)
}

// aboutDocument tells whether the document number is what was refused. CASH
// refuses a number that exists; how it words that is not published.
func (l lineFault) aboutDocument() bool {
	if l.field != "" {
		return l.field == "0303"
	}
	words := strings.ToLower(l.message)
	about := strings.Contains(words, "stuknummer") || strings.Contains(words, "boekstuk") || strings.Contains(words, "document")
	return about && (strings.Contains(words, "bestaat") || strings.Contains(words, "exist") || strings.Contains(words, "gebruik"))
}

// aboutDocument tells whether all that was refused is the document number, in
// which case the refusal may be about our own booking.
func (f *fault) aboutDocument() bool {
	if len(f.lines) == 0 {
		return lineFault{message: f.text}.aboutDocument()
	}
	for _, l := range f.lines {
		if l.aboutDocument() {
			return true
		}
	}
	return false
}

// fieldName is CASH's own word for a field with its number.
func fieldName(field string) string {
	words := map[string]string{
		"0306": "omschrijving", "0305": "aantal", "0701": "subadministratie", "0711": "kenmerk",
	}
	if word := words[field]; word != "" {
		return word + " (" + field + ")"
	}
	return field
}

// faultOf is the problem of an answer to a question, nil when it is none. CASH
// may report a fault under a status of success.
func faultOf(a *httpx.Answer) *model.Problem {
	f, ours := readFault(a.Body)
	switch {
	case ours && f.code == notLinked:
		return f.problem()
	case a.OK() && ours && (f.text != "" || len(f.lines) > 0):
		return f.problem()
	case a.OK():
		return nil
	case a.Status == http.StatusUnauthorized || a.Status == http.StatusForbidden:
		return model.NewProblem("cash.key_refused").With(model.ActionSignIn)
	case a.Status == http.StatusTooManyRequests:
		return tooMany()
	case a.Status >= http.StatusInternalServerError:
		return unavailable(a)
	case ours:
		return f.problem()
	case a.Status == http.StatusNotFound:
		return model.NewProblem("cash.wrong_address").With(model.ActionOpenAccount)
	}
	return unreadable(a)
}

func tooMany() *model.Problem { return model.NewProblem("cash.too_many_requests").Again() }

// unavailable is a fault of CASH itself, which says nothing of what it did
// before.
func unavailable(a *httpx.Answer) *model.Problem {
	return model.NewProblem("cash.unavailable", "status", strconv.Itoa(a.Status)).Again()
}

// unreadable is an answer that is not CASH's, such as a page of a proxy.
func unreadable(a *httpx.Answer) *model.Problem {
	return model.NewProblem("cash.unreadable_answer", "status", strconv.Itoa(a.Status), "type", kind(a)).Again()
}

// kind is the media type of an answer without its parameters.
func kind(a *httpx.Answer) string {
	name, _, _ := strings.Cut(a.Header.Get("Content-Type"), ";")
	return strings.TrimSpace(name)
}

// empty tells whether an answer has no content, which is how CASH reports an
// import as processed.
func empty(body []byte) bool {
	body = bytes.TrimSpace(body)
	return len(body) == 0 || bytes.Equal(body, []byte("null")) || bytes.Equal(body, []byte(`""`))
}
