package vismanet

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"

	"loonbrug/data/model"
	"loonbrug/integration/httpx"
	"loonbrug/integration/oauth"
	"loonbrug/integration/target"
)

// What a sign-in leaves with the account's credentials beside the tokens: the
// company that they are for.
const (
	FieldAdministration = "administration" // its code
	FieldCompany        = "company"        // its name
)

// scopes are the interactive ones that reading, booking and releasing need,
// and those that say who signed in and let the sign-in last.
func scopes() []string {
	return []string{
		"openid", "profile", "email", "tenants", "offline_access",
		"vismanet_erp_interactive_api:read", "vismanet_erp_interactive_api:create", "vismanet_erp_interactive_api:update",
	}
}

// session is one account at work.
type session struct {
	target         *Target
	access         target.Access
	provider       oauth.Provider
	api            string
	background     int    // lines from which a batch is sent in the background; zero is never
	administration string // code of the company that the account is signed in to
	company        string // its name
}

// open makes a session for an administration; an empty one is whichever the
// account is signed in to. An account that was signed in to another company
// since must not book there.
func (t *Target) open(ctx context.Context, a target.Access, administration string) (*session, error) {
	stored, err := a.Vault.Credentials(ctx, a.Account.ID)
	if err != nil {
		return nil, fmt.Errorf("account %d: reading credentials: %w", a.Account.ID, err)
	}
	s, err := t.session(a, stored[fieldSecret])
	if err != nil {
		return nil, err
	}
	s.administration, s.company = stored[FieldAdministration].Reveal(), stored[FieldCompany].Reveal()
	switch {
	case s.administration == "":
		return nil, model.NewProblem("signin.needed").With(model.ActionSignIn)
	case administration != "" && administration != s.administration:
		return nil, model.NewProblem("vismanet.other_company", "company", s.company, "administration", administration).With(model.ActionSignIn)
	}
	return s, nil
}

// session reads the settings of an account.
func (t *Target) session(a target.Access, secret model.Secret) (*session, error) {
	s := &session{target: t, access: a}
	identity, err := address(fieldIdentity, a.Setting(fieldIdentity, t.config.Identity))
	if err != nil {
		return nil, err
	}
	if s.api, err = address(fieldAPI, a.Setting(fieldAPI, t.config.API)); err != nil {
		return nil, err
	}
	ports, err := oauth.ParsePorts(a.Setting(fieldPorts, ""), t.config.Ports)
	if err != nil {
		return nil, err
	}
	s.provider = oauth.Provider{
		Issuer:       identity,
		ClientID:     a.Setting(fieldClientID, t.config.ClientID),
		ClientSecret: secret,
		Scopes:       scopes(),
		Ports:        ports,
	}
	if s.provider.ClientID == "" {
		return nil, model.NewProblem("vismanet.no_client_id").With(model.ActionOpenAccount)
	}
	if s.background, err = backgroundSetting(a.Setting(fieldBackground, "")); err != nil {
		return nil, err
	}
	if tenant := a.Setting(fieldTenant, ""); tenant != "" {
		s.provider.TokenParams = map[string]string{"tenant_id": tenant}
	}
	return s, nil
}

// address checks a base address: what is said there is secret, so it must be
// encrypted unless it never leaves this computer.
func address(field, text string) (string, error) {
	text = strings.TrimRight(strings.TrimSpace(text), "/")
	u, err := url.Parse(text)
	if err == nil && u.Host != "" && u.User == nil && u.RawQuery == "" && u.Fragment == "" {
		ip := net.ParseIP(u.Hostname())
		local := u.Hostname() == "localhost" || ip != nil && ip.IsLoopback()
		if u.Scheme == "https" || u.Scheme == "http" && local {
			return text, nil
		}
	}
	return "", model.NewProblem("vismanet.bad_address", "field", field, "address", text).With(model.ActionOpenAccount)
}

func (s *session) token(ctx context.Context) (model.Secret, error) {
	return s.target.oauth.Token(ctx, s.provider, s.access)
}

// headers of every request, as the vendor's document has them.
func headers(token model.Secret) http.Header {
	return http.Header{
		"Authorization": {"Bearer " + token.Reveal()},
		"Accept":        {"application/json"},
	}
}

// get asks and gives the body of an answer of success. A token that is refused
// is renewed once and the question asked once more.
func (s *session) get(ctx context.Context, path string, query url.Values) ([]byte, error) {
	answer, err := s.question(ctx, path, query)
	if err != nil {
		return nil, err
	}
	return body(answer, s.target.config.Clock())
}

// question is [session.get] with the whole answer, whatever its status.
func (s *session) question(ctx context.Context, path string, query url.Values) (*httpx.Answer, error) {
	token, err := s.token(ctx)
	if err != nil {
		return nil, err
	}
	answer, err := s.ask(ctx, token, path, query)
	if err == nil && answer.Status == http.StatusUnauthorized {
		if token, err = s.target.oauth.Renew(ctx, s.provider, s.access, token); err != nil {
			return nil, err
		}
		answer, err = s.ask(ctx, token, path, query)
	}
	return answer, err
}

// change does something to a batch that does no harm when it is done twice. A
// token that is refused is renewed once and the change asked for once more:
// nothing was accepted.
func (s *session) change(ctx context.Context, method, path, tag string, text []byte) (*httpx.Answer, error) {
	token, err := s.token(ctx)
	if err != nil {
		return nil, err
	}
	send := func() (*httpx.Answer, error) {
		header := headers(token)
		if text != nil {
			header.Set("Content-Type", jsonType)
		}
		if tag != "" {
			header.Set("If-Match", tag)
		}
		return s.target.config.HTTP.Send(ctx, method, httpx.Join(s.api, path, nil), header, text)
	}
	answer, err := send()
	if err == nil && answer.Status == http.StatusUnauthorized {
		if token, err = s.target.oauth.Renew(ctx, s.provider, s.access, token); err != nil {
			return nil, err
		}
		return send()
	}
	return answer, err
}

// ask asks once with a token that is given.
func (s *session) ask(ctx context.Context, token model.Secret, path string, query url.Values) (*httpx.Answer, error) {
	answer, err := s.target.config.HTTP.GetLimited(ctx, httpx.Join(s.api, path, query), headers(token))
	if err != nil {
		if ctx.Err() != nil {
			return nil, fmt.Errorf("asking Visma.net: %w", ctx.Err())
		}
		return nil, httpx.ProblemOf(err)
	}
	return answer, nil
}
