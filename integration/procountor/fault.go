package procountor

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"

	"loonbrug/data/model"
	"loonbrug/integration/httpx"
)

// fault is one error of an answer. field is a path such as
// "transactions[2].account"; it may be missing.
type fault struct {
	Field   string `json:"field"`
	Message string `json:"message"`
}

// readFaults reads the errors of a refusal; none means that the answer is not
// Procountor's.
func readFaults(body []byte) []fault {
	var answer struct {
		Errors      []fault `json:"errors"`
		Error       string  `json:"error"`
		Description string  `json:"error_description"`
	}
	if json.Unmarshal(body, &answer) != nil {
		return nil
	}
	if len(answer.Errors) == 0 && answer.Error != "" {
		return []fault{{Message: strings.TrimSpace(answer.Error + " " + answer.Description)}}
	}
	return answer.Errors
}

// line is the number of the row that the field stands in, counted from one;
// zero is none.
func (f fault) line() int {
	_, rest, ok := strings.Cut(f.Field, "transactions[")
	if !ok {
		return 0
	}
	index, _, ok := strings.Cut(rest, "]")
	n, err := strconv.ParseUint(index, 10, 24)
	if !ok || err != nil {
		return 0
	}
	return int(n) + 1
}

// member is the last part of the field's path.
func (f fault) member() string { return f.Field[strings.LastIndexByte(f.Field, '.')+1:] }

// problem explains the first error of a refused receipt by Procountor's code,
// then by the field. e is what was sent, nil when it was no receipt.
func problem(faults []fault, e *model.Entry) *model.Problem {
	f := faults[0]
	line, account := "", ""
	if n := f.line(); n > 0 {
		line = strconv.Itoa(n)
		if e != nil && n <= len(e.Lines) {
			account = e.Lines[n-1].LedgerAccount
		}
	}
	params := []string{
		"message", f.Message, "field", f.Field, "line", line, "account", account, "count", strconv.Itoa(len(faults)),
	}
	member := f.member()
	switch {
	case f.Message == "CLOSED_FISCAL_PERIOD":
		return model.NewProblem("procountor.refused_closed_period", params...).With(model.ActionRefresh)
	case f.Message == "ERROR_VATSTATUS_VATPERC" || member == "vatStatus" || member == "vatPercent":
		return model.NewProblem("procountor.refused_vat", params...)
	case f.Message == "ERROR_LEDGERACCOUNT_VATPERCENTAGE_COMBINATION" || member == "account":
		return model.NewProblem("procountor.refused_ledger_account", params...).With(model.ActionRefresh)
	case strings.HasPrefix(f.Message, "DIMENSION_OR_DIMENSION_ITEM") || strings.HasPrefix(member, "dimensionItemValues"):
		return model.NewProblem("procountor.refused_dimension", params...).With(model.ActionRefresh)
	case member == "receiptDate":
		return model.NewProblem("procountor.refused_date", params...).With(model.ActionRefresh)
	case member == "name" || member == "description":
		return model.NewProblem("procountor.refused_text", params...)
	}
	return model.NewProblem("procountor.refused", params...)
}

// faultOf is the problem of an answer to a question, nil when it is none.
func faultOf(a *httpx.Answer) *model.Problem {
	if a.OK() {
		return nil
	}
	faults := readFaults(a.Body)
	switch {
	case a.Status == http.StatusUnauthorized:
		return model.NewProblem("procountor.key_refused").With(model.ActionSignIn)
	case a.Status == http.StatusForbidden:
		return noRights(faults)
	case a.Status == http.StatusTooManyRequests:
		return model.NewProblem("procountor.too_many_requests").Again()
	case a.Status >= http.StatusInternalServerError:
		return model.NewProblem("procountor.unavailable", "status", strconv.Itoa(a.Status)).Again()
	case len(faults) > 0:
		return problem(faults, nil)
	case a.Status == http.StatusNotFound:
		return model.NewProblem("procountor.wrong_address").With(model.ActionOpenAccount)
	}
	return unreadable(a)
}

// tokenFault is the problem of an answer to a token request.
func tokenFault(a *httpx.Answer) *model.Problem {
	switch a.Status {
	case http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden:
		return model.NewProblem("procountor.sign_in_refused").With(model.ActionSignIn)
	case http.StatusNotFound:
		return model.NewProblem("procountor.wrong_address").With(model.ActionOpenAccount)
	}
	return faultOf(a)
}

func noRights(faults []fault) *model.Problem {
	return model.NewProblem("procountor.no_rights", "message", words(faults))
}

// unreadable is an answer that is not Procountor's, such as a page of a proxy.
func unreadable(a *httpx.Answer) *model.Problem {
	return model.NewProblem("procountor.unreadable_answer", "status", strconv.Itoa(a.Status), "type", kind(a)).Again()
}

// kind is the media type of an answer without its parameters.
func kind(a *httpx.Answer) string {
	name, _, _ := strings.Cut(a.Header.Get("Content-Type"), ";")
	return strings.TrimSpace(name)
}
