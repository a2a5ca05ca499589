package nmbrs

import (
	"net/http"
	"regexp"
	"strconv"
	"strings"

	"loonbrug/data/model"
	"loonbrug/integration/httpx"
)

// codeIn finds the code of a fault: its text ends in "---> 1001: Title".
var codeIn = regexp.MustCompile(`--->\s*(\d{4})\s*:`)

// faultProblem explains a fault by its code and, where it has none, by its
// words. Source: Nmbrs support, "API error codes" (360013526891).
func faultProblem(f *soapFault, operation string) *failure {
	text := f.text()
	code := 0
	if all := codeIn.FindAllStringSubmatch(text, -1); len(all) > 0 {
		code, _ = strconv.Atoi(all[len(all)-1][1]) // four digits are a number
	}
	words := text
	if i := strings.LastIndex(words, "--->"); i >= 0 {
		words = words[i+len("--->"):]
	}
	words = shortened(strings.TrimSpace(words))
	switch code {
	case 1001, 2043:
		return &failure{Problem: model.NewProblem("nmbrs.login_refused", "text", words).With(model.ActionSignIn)}
	case 1002:
		return &failure{Problem: model.NewProblem("nmbrs.no_right", "operation", operation, "text", words)}
	case 1003, 2003, 2004, 2009:
		return &failure{Problem: model.NewProblem("nmbrs.no_access", "text", words)}
	case 1004, 2013:
		return &failure{Problem: model.NewProblem("nmbrs.no_subscription", "text", words)}
	case 1006:
		return &failure{Problem: model.NewProblem("nmbrs.unavailable", "status", "1006").Again(), again: true}
	case 2046:
		return &failure{Problem: model.NewProblem("nmbrs.not_found", "text", words).With(model.ActionRefresh)}
	}
	lower := strings.ToLower(text)
	if code == 0 && strings.Contains(lower, "password") {
		return &failure{Problem: model.NewProblem("nmbrs.login_refused", "text", words).With(model.ActionSignIn)}
	}
	number := ""
	if code != 0 {
		number = strconv.Itoa(code)
	}
	return &failure{Problem: model.NewProblem("nmbrs.refused", "code", number, "operation", operation, "text", words)}
}

// longestWords is as much as is shown of what Nmbrs says.
const longestWords = 300

func shortened(s string) string {
	if r := []rune(s); len(r) > longestWords {
		return string(r[:longestWords]) + "…"
	}
	return s
}

// statusProblem explains an answer without a fault by its status.
func statusProblem(a *httpx.Answer, operation string) *failure {
	status := strconv.Itoa(a.Status)
	switch a.Status {
	case http.StatusUnauthorized, http.StatusForbidden:
		return &failure{Problem: model.NewProblem("nmbrs.login_refused", "text", status).With(model.ActionSignIn)}
	case http.StatusNotFound:
		return &failure{Problem: model.NewProblem("nmbrs.wrong_address").With(model.ActionOpenAccount)}
	case http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return &failure{Problem: model.NewProblem("nmbrs.unavailable", "status", status).Again(), again: true}
	}
	if a.Status >= http.StatusInternalServerError {
		return &failure{Problem: model.NewProblem("nmbrs.unavailable", "status", status).Again()}
	}
	return &failure{Problem: unreadable(operation, a)}
}

// unreadable is an answer that is not what Nmbrs sends, such as a web page.
func unreadable(operation string, a *httpx.Answer) *model.Problem {
	kind, _, _ := strings.Cut(a.Header.Get("Content-Type"), ";")
	return model.NewProblem("nmbrs.unreadable_answer", "operation", operation, "status", strconv.Itoa(a.Status), "type", kind).Again()
}
