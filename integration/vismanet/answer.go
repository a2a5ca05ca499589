package vismanet

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode"

	"loonbrug/data/model"
	"loonbrug/integration/httpx"
)

// longestDetail is how much of the target's own words is kept.
const longestDetail = 500

// body gives the body of an answer of success, else the problem.
func body(answer *httpx.Answer, now time.Time) ([]byte, error) {
	if answer.Status != http.StatusOK {
		return nil, failed(answer, now)
	}
	return answer.Body, nil
}

// decode reads JSON that the target sent. What cannot be read is no proof of
// anything, so it is worth asking again.
func decode(what string, text []byte, v any) error {
	if err := json.Unmarshal(text, v); err != nil {
		return unreadable(what).Because(err)
	}
	return nil
}

func unreadable(what string) *model.Problem {
	return model.NewProblem("vismanet.unreadable", "what", what).Again()
}

// refusal is what an answer that is no success says.
type refusal struct {
	message string // in the target's words, one line
	fault   string // code of the gateway, such as 12027
	visma   string // VismaId, under which the vendor's support finds it
	html    bool   // a page, so something on the way may have answered instead
}

// parseRefusal reads the error bodies seen from Visma.net: an object with a
// message that starts with a VismaId, the gateway's exception, plain text, a
// page, or nothing.
func parseRefusal(text []byte) refusal {
	trimmed := strings.TrimSpace(string(text))
	if strings.HasPrefix(trimmed, "<") {
		return refusal{html: true}
	}
	var raw struct {
		Message   string `json:"message"`
		Exception string `json:"ExceptionMessage"`
		FaultCode string `json:"ExceptionFaultCode"`
		MessageID string `json:"ExceptionMessageID"`
	}
	if err := json.Unmarshal(text, &raw); err != nil {
		// Not an object: the text itself is the message.
		return refusal{message: plain(trimmed)}
	}
	r := refusal{message: plain(raw.Message), fault: plain(raw.FaultCode), visma: plain(raw.MessageID)}
	if r.message == "" {
		r.message = plain(raw.Exception)
	}
	if rest, ok := strings.CutPrefix(r.message, "VismaId:"); ok {
		r.visma, r.message, _ = strings.Cut(strings.TrimSpace(rest), ". ")
		r.visma = strings.TrimSuffix(r.visma, ".")
	}
	return r
}

// explain is the one place where an answer that is no success becomes a
// problem: by status and code first, by words last.
func explain(answer *httpx.Answer, now time.Time) *model.Problem {
	r := parseRefusal(answer.Body)
	problem := func(name string) *model.Problem {
		return model.NewProblem("vismanet."+name, "detail", r.message, "request", requestID(answer, r))
	}
	switch {
	case answer.Status == http.StatusUnauthorized:
		return problem("unauthorised").With(model.ActionSignIn)
	case answer.Status == http.StatusTooManyRequests:
		return limited(answer, now)
	case r.html:
		return model.NewProblem("vismanet.page", "status", strconv.Itoa(answer.Status)).Again()
	case r.fault == "12027":
		return problem("no_licence").With(model.ActionSignIn)
	case r.fault == "12002":
		return problem("no_company").With(model.ActionSignIn)
	}
	switch answer.Status {
	case http.StatusForbidden:
		return problem("no_rights")
	case http.StatusNotFound, http.StatusGone:
		return problem("not_found").With(model.ActionCheckAgain)
	case http.StatusConflict, http.StatusPreconditionFailed:
		return problem("changed").With(model.ActionCheckAgain)
	case http.StatusRequestEntityTooLarge:
		return problem("too_large")
	case http.StatusBadRequest, http.StatusUnprocessableEntity:
		name, action := byWords(r.message)
		return problem(name).With(action)
	}
	if answer.Status >= 400 && answer.Status < 500 && answer.Status != http.StatusRequestTimeout {
		return problem("refused")
	}
	p := problem("server").Again()
	p.Params["status"] = strconv.Itoa(answer.Status)
	return p
}

// requestID is what the vendor's support asks for.
func requestID(answer *httpx.Answer, r refusal) string {
	if r.visma != "" {
		return r.visma
	}
	return plain(answer.Header.Get("Ipp-Request-Id"))
}

// detail is what the history keeps of an answer.
func detail(answer *httpx.Answer) string {
	text := fmt.Sprintf("HTTP %d", answer.Status)
	if id := plain(answer.Header.Get("Ipp-Request-Id")); id != "" {
		text += ", Ipp-Request-Id " + id
	}
	if id := parseRefusal(answer.Body).visma; id != "" {
		text += ", VismaId " + id
	}
	return text
}

// plain makes the target's words safe to show: one line, printable, not long.
func plain(s string) string {
	s = strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, " "))
	if runes := []rune(s); len(runes) > longestDetail {
		s = string(runes[:longestDetail])
	}
	return strings.TrimSpace(s)
}
