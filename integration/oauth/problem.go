package oauth

import (
	"net/url"
	"strings"
	"unicode"

	"loonbrug/data/model"
)

const codeRefused = "signin.refused"

// longestDetail is how much of a provider's own words is kept.
const longestDetail = 300

// problemOf explains an error of the provider by its name: RFC 6749 sections
// 4.1.2.1 and 5.2, and invalid_tenant, with which Visma Connect says that the
// person has no role in the company. detail is in the provider's own words.
// A refresh token that is no longer good is not a failure of signing in, but
// the end of an old one; so is a plain 400 or 401 of a provider that does not
// answer in the words of the RFC.
func problemOf(name, detail string, refresh bool) *model.Problem {
	name, detail = plain(name), plain(detail)
	switch name {
	case "access_denied":
		return model.NewProblem(codeRefused).With(model.ActionSignIn)
	case "invalid_tenant":
		return model.NewProblem("signin.no_role", "detail", detail).With(model.ActionSignIn)
	case "invalid_grant", "http_400", "http_401":
		if refresh {
			return model.NewProblem("signin.expired").With(model.ActionSignIn)
		}
	case "invalid_client", "unauthorized_client", "invalid_scope":
		return model.NewProblem("signin.client", "error", name, "detail", detail).With(model.ActionOpenAccount)
	case "invalid_request":
		return model.NewProblem("signin.request", "detail", detail).With(model.ActionOpenAccount)
	case "server_error", "temporarily_unavailable":
		return model.NewProblem("signin.unavailable", "host", "", "status", name).Again()
	}
	return model.NewProblem("signin.failed", "error", name, "detail", detail).With(model.ActionSignIn)
}

// unavailable says that the provider gave no answer that means anything.
func unavailable(address, status string) *model.Problem {
	host := address
	if u, err := url.Parse(address); err == nil && u.Host != "" {
		host = u.Host
	}
	return model.NewProblem("signin.unavailable", "host", host, "status", status).Again()
}

// untrusted says that an answer cannot be proven to be the provider's, for this
// program and this sign-in.
func untrusted(err error) *model.Problem {
	return model.NewProblem("signin.untrusted").With(model.ActionSignIn).Because(err)
}

// plain makes a provider's words safe to show: one line, printable, not long.
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
