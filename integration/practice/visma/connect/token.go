package connect

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"net/http"
	"slices"
	"strings"
	"time"
)

// tokens is the answer of the token endpoint.
type tokens struct {
	ID      string `json:"id_token,omitempty"`
	Access  string `json:"access_token"`
	Expires int    `json:"expires_in"` // seconds
	Type    string `json:"token_type"`
	Refresh string `json:"refresh_token,omitempty"`
	Scope   string `json:"scope"`
}

// refusal is an error of the token endpoint (RFC 6749 5.2, and invalid_tenant of
// Visma Connect).
type refusal string

func (r refusal) Error() string { return string(r) }

const (
	invalidClient = refusal("invalid_client")
	invalidGrant  = refusal("invalid_grant")
	invalidTenant = refusal("invalid_tenant")
	invalidScope  = refusal("invalid_scope")
	unauthorized  = refusal("unauthorized_client")
	unsupported   = refusal("unsupported_grant_type")
	serverError   = refusal("server_error")
)

func (p *Provider) token(w http.ResponseWriter, r *http.Request) {
	if p.cfg.Fault(FaultTokenError) {
		http.Error(w, "Service Unavailable", http.StatusServiceUnavailable)
		return
	}
	answer, refused := p.answerToken(r)
	if refused != "" {
		p.cfg.Log.Info("practice token refused", "error", string(refused), "grant_type", r.PostFormValue("grant_type"))
		status := http.StatusBadRequest
		if _, _, basic := r.BasicAuth(); basic && refused == invalidClient {
			w.Header().Set("WWW-Authenticate", `Basic realm="connect"`)
			status = http.StatusUnauthorized
		}
		if refused == serverError {
			status = http.StatusInternalServerError
		}
		writeJSON(w, status, map[string]string{"error": string(refused)})
		return
	}
	if p.cfg.Fault(FaultTokenLost) {
		panic(http.ErrAbortHandler)
	}
	writeJSON(w, http.StatusOK, answer)
}

func (p *Provider) answerToken(r *http.Request) (tokens, refusal) {
	if err := r.ParseForm(); err != nil {
		return tokens{}, "invalid_request"
	}
	client, ok := p.authenticate(r)
	if !ok {
		return tokens{}, invalidClient
	}
	if p.cfg.Fault(FaultInvalidTenant) {
		return tokens{}, invalidTenant
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	switch r.PostForm.Get("grant_type") {
	case "authorization_code":
		return p.exchange(client, r)
	case "refresh_token":
		return p.refresh(client, r)
	case "client_credentials":
		return p.serve(client, r)
	}
	return tokens{}, unsupported
}

// exchange turns a code into tokens. A code that comes twice has been stolen, so
// what it brought dies with it (RFC 6749 4.1.2). Called with p.mu held.
func (p *Provider) exchange(client Client, r *http.Request) (tokens, refusal) {
	c, known := p.codes[r.PostForm.Get("code")]
	if !known || c.client.ID != client.ID || p.cfg.Clock().After(c.expires) {
		return tokens{}, invalidGrant
	}
	if c.used {
		p.endFamily(c.family)
		return tokens{}, p.orServerError(invalidGrant)
	}
	if c.redirect != r.PostForm.Get("redirect_uri") || !proves(r.PostForm.Get("code_verifier"), c.challenge) {
		return tokens{}, invalidGrant
	}
	if t := r.PostForm.Get("tenant_id"); t != "" && t != c.tenant {
		return tokens{}, invalidTenant
	}
	c.used = true
	if !c.user.apiUser(c.tenant) {
		return tokens{}, invalidTenant
	}
	access := Access{Client: client.ID, User: c.user.Name, Name: c.user.Display, Tenant: c.tenant, Scopes: c.scopes, Login: c.login, Session: random()}
	answer, err := p.issue(p.cfg.Issuer(r), c.nonce, access)
	if err != nil {
		return tokens{}, p.failed(err)
	}
	if access.Has("offline_access") {
		c.family = access.Session
		answer.Refresh = p.newFamily(access)
		if err := p.save(); err != nil {
			p.endFamily(c.family)
			return tokens{}, p.failed(err)
		}
	}
	return answer, ""
}

// proves is the S256 check of RFC 7636 4.6.
func proves(verifier, challenge string) bool {
	if len(verifier) < 43 || len(verifier) > 128 {
		return false
	}
	sum := sha256.Sum256([]byte(verifier))
	return subtle.ConstantTimeCompare([]byte(base64.RawURLEncoding.EncodeToString(sum[:])), []byte(challenge)) == 1
}

// serve answers a service that acts without a user, for the company it names.
func (p *Provider) serve(client Client, r *http.Request) (tokens, refusal) {
	scopes := strings.Fields(r.PostForm.Get("scope"))
	tenant := r.PostForm.Get("tenant_id")
	switch {
	case !client.Service || client.Secret == "":
		return tokens{}, unauthorized
	case len(scopes) == 0 || slices.ContainsFunc(scopes, func(s string) bool { return !strings.HasPrefix(s, service) || !slices.Contains(allScopes(), s) }):
		return tokens{}, invalidScope
	case !slices.ContainsFunc(p.cfg.Companies, func(c Company) bool { return c.Tenant == tenant }):
		return tokens{}, invalidTenant
	}
	answer, err := p.issue(p.cfg.Issuer(r), "", Access{Client: client.ID, Tenant: tenant, Scopes: scopes})
	if err != nil {
		return tokens{}, p.failed(err)
	}
	return answer, ""
}

// issue signs an access token and, when a user asked for it, an id token.
func (p *Provider) issue(issuer, nonce string, a Access) (tokens, error) {
	access, err := p.accessToken(issuer, a)
	if err != nil {
		return tokens{}, err
	}
	answer := tokens{Access: access, Expires: int(AccessLifetime / time.Second), Type: "Bearer", Scope: strings.Join(a.Scopes, " ")}
	if a.Has("openid") {
		answer.ID, err = p.idToken(issuer, nonce, access, a)
	}
	return answer, err
}

func (p *Provider) failed(err error) refusal {
	p.cfg.Log.Error("practice sign-in", "error", err)
	return serverError
}
