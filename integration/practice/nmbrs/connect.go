package nmbrs

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/json"
	"html/template"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"
)

// What a program, and a person, sign in to the REST API with. Only a login of a
// debtor may; [User], which is of the payroll office itself, may not.
const (
	ClientID        = "practice-nmbrs"
	ClientSecret    = "practice-nmbrs-secret"
	SubscriptionKey = "practice-nmbrs-subscription"
	DebtorUser      = "loon@halm.example"
	Password        = "praktijk"
)

// The scopes that mean something here.
const (
	scopeCompanies = "company.info.read" // the lists
	scopeOffline   = "offline_access"    // a refresh token
)

// Lifetimes; those of Nmbrs are not published.
const (
	accessLifetime = time.Hour
	codeLifetime   = 2 * time.Minute
)

// granted is what a person allowed a program.
type granted struct {
	scope     string
	expires   time.Time
	redirect  string // of a code
	challenge string // of a code
}

// connect is the sign-in of the REST API: the authorization code grant with PKCE,
// and refresh tokens that work once.
type connect struct {
	server *Server
	mu     sync.Mutex
	codes  map[string]granted
	access map[string]granted
}

func newConnect(s *Server) *connect {
	return &connect{server: s, codes: make(map[string]granted), access: make(map[string]granted)}
}

func (c *connect) routes(root *http.ServeMux) {
	root.HandleFunc("GET /.well-known/openid-configuration", serveDiscovery)
	root.HandleFunc("GET /connect/authorize", c.ask)
	root.HandleFunc("POST /connect/authorize", c.signIn)
	root.HandleFunc("POST /connect/token", c.token)
	root.HandleFunc("POST /connect/revocation", c.revoke)
}

func serveDiscovery(w http.ResponseWriter, r *http.Request) {
	base := "http://" + r.Host
	writeJSON(w, http.StatusOK, map[string]any{
		"issuer":                           base,
		"authorization_endpoint":           base + "/connect/authorize",
		"token_endpoint":                   base + "/connect/token",
		"revocation_endpoint":              base + "/connect/revocation",
		"scopes_supported":                 []string{scopeCompanies, scopeOffline},
		"response_types_supported":         []string{"code"},
		"grant_types_supported":            []string{"authorization_code", "refresh_token"},
		"code_challenge_methods_supported": []string{"S256"},
	})
}

// authorization is a request for a code as it came.
type authorization struct {
	redirect         *url.URL
	State, Challenge string
	Scope, Redirect  string
	Wrong            bool // the person's e-mail address or password
}

// read checks a request for a code; what is wrong with it is told on a page, as
// there may be no program to send it to.
func read(r *http.Request) (authorization, string) {
	a := authorization{State: r.FormValue("state"), Challenge: r.FormValue("code_challenge"), Scope: r.FormValue("scope"), Redirect: r.FormValue("redirect_uri")}
	u, err := url.Parse(a.Redirect)
	switch {
	case r.FormValue("client_id") != ClientID:
		return a, "unauthorized_client"
	case err != nil || u.Scheme != "http" || u.Hostname() != "127.0.0.1" && u.Hostname() != "localhost" || u.Fragment != "":
		return a, "invalid_request: redirect_uri"
	case r.FormValue("response_type") != "code":
		return a, "unsupported_response_type"
	case len(a.Challenge) != 43 || r.FormValue("code_challenge_method") != "S256":
		return a, "invalid_request: code_challenge"
	}
	a.redirect = u
	return a, ""
}

func (c *connect) ask(w http.ResponseWriter, r *http.Request) {
	a, why := read(r)
	if why != "" {
		http.Error(w, why, http.StatusBadRequest)
		return
	}
	showSignIn(w, a)
}

func showSignIn(w http.ResponseWriter, a authorization) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	_ = signInPage().Execute(w, a) // a reader who has gone away is no fault of the page
}

// signIn takes the form of the page, and sends the person back with a code or with
// the refusal.
func (c *connect) signIn(w http.ResponseWriter, r *http.Request) {
	a, why := read(r)
	if why != "" {
		http.Error(w, why, http.StatusBadRequest)
		return
	}
	answer := a.redirect.Query()
	answer.Set("state", a.State)
	switch {
	case r.FormValue("decision") == "deny":
		answer.Set("error", "access_denied")
	case !strings.EqualFold(r.FormValue("email"), DebtorUser) || r.FormValue("password") != Password:
		a.Wrong = true
		showSignIn(w, a)
		return
	default:
		code := rand.Text()
		c.mu.Lock()
		c.codes[code] = granted{a.Scope, c.server.options.Clock().Add(codeLifetime), a.Redirect, a.Challenge}
		c.mu.Unlock()
		answer.Set("code", code)
	}
	a.redirect.RawQuery = answer.Encode()
	http.Redirect(w, r, a.redirect.String(), http.StatusSeeOther)
}

// token exchanges a code or a refresh token.
func (c *connect) token(w http.ResponseWriter, r *http.Request) {
	if !isClient(r) {
		writeJSON(w, http.StatusUnauthorized, map[string]string{"error": "invalid_client"})
		return
	}
	var scope string
	ok := false
	switch r.FormValue("grant_type") {
	case "authorization_code":
		scope, ok = c.redeem(r)
	case "refresh_token":
		scope, ok = c.server.spend(r.FormValue("refresh_token"))
	default:
		writeJSON(w, http.StatusBadRequest, map[string]string{"error": "unsupported_grant_type"})
		return
	}
	if !ok {
		writeJSON(w, http.StatusBadRequest, map[string]string{"error": "invalid_grant"})
		return
	}
	answer := map[string]any{"token_type": "Bearer", "expires_in": int(accessLifetime / time.Second), "scope": scope, "access_token": rand.Text()}
	if slices.Contains(strings.Fields(scope), scopeOffline) {
		refresh, err := c.server.keepRefresh(scope)
		if err != nil {
			http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
			return
		}
		answer["refresh_token"] = refresh
	}
	c.mu.Lock()
	c.access[answer["access_token"].(string)] = granted{scope: scope, expires: c.server.options.Clock().Add(accessLifetime)}
	c.mu.Unlock()
	w.Header().Set("Cache-Control", "no-store")
	writeJSON(w, http.StatusOK, answer)
}

// isClient checks id and secret, from the form or from the header.
func isClient(r *http.Request) bool {
	id, secret, basic := r.BasicAuth()
	if !basic {
		id, secret = r.FormValue("client_id"), r.FormValue("client_secret")
	}
	return id == ClientID && secret == ClientSecret
}

// redeem takes a code, which works once.
func (c *connect) redeem(r *http.Request) (string, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	g, ok := c.codes[r.FormValue("code")]
	delete(c.codes, r.FormValue("code"))
	h := sha256.Sum256([]byte(r.FormValue("code_verifier")))
	proof := base64.RawURLEncoding.EncodeToString(h[:])
	return g.scope, ok && c.server.options.Clock().Before(g.expires) && r.FormValue("redirect_uri") == g.redirect &&
		subtle.ConstantTimeCompare([]byte(proof), []byte(g.challenge)) == 1
}

// revoke makes a token worthless; a token that is not known is none already.
func (c *connect) revoke(w http.ResponseWriter, r *http.Request) {
	if !isClient(r) {
		writeJSON(w, http.StatusUnauthorized, map[string]string{"error": "invalid_client"})
		return
	}
	c.mu.Lock()
	delete(c.access, r.FormValue("token"))
	c.mu.Unlock()
	c.server.spend(r.FormValue("token"))
}

// scopes are what an access token allows; false is a token that is worth nothing.
func (c *connect) scopes(token string) ([]string, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	g, ok := c.access[token]
	return strings.Fields(g.scope), ok && c.server.options.Clock().Before(g.expires)
}

// keepRefresh makes a refresh token that outlives the program.
func (s *Server) keepRefresh(scope string) (token string, err error) {
	token = rand.Text()
	return token, s.change(func(next *state) error {
		next.Refresh = maps.Clone(next.Refresh)
		if next.Refresh == nil {
			next.Refresh = make(map[string]string)
		}
		next.Refresh[token] = scope
		return nil
	})
}

// spend takes a refresh token, which works once, and gives its scope.
func (s *Server) spend(token string) (scope string, ok bool) {
	err := s.change(func(next *state) error {
		if scope, ok = next.Refresh[token]; !ok {
			return ErrNotFound
		}
		next.Refresh = maps.Clone(next.Refresh)
		delete(next.Refresh, token)
		return nil
	})
	return scope, err == nil
}

func writeJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v) // a client that has gone away is no fault of the answer
}

func signInPage() *template.Template {
	return template.Must(template.New("sign in").Parse(`<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Nmbrs (practice)</title>
<p>Practice system. Nothing here is real and nothing leaves this computer.</p>
<h1>Sign in to Nmbrs</h1>
{{if .Wrong}}<p role="alert">This e-mail address and password do not fit, or the login is not one of a debtor.</p>{{end}}
<form method="post" action="/connect/authorize">
<input type="hidden" name="client_id" value="` + ClientID + `"><input type="hidden" name="response_type" value="code">
<input type="hidden" name="redirect_uri" value="{{.Redirect}}"><input type="hidden" name="state" value="{{.State}}">
<input type="hidden" name="scope" value="{{.Scope}}"><input type="hidden" name="code_challenge" value="{{.Challenge}}">
<input type="hidden" name="code_challenge_method" value="S256">
<p><label>E-mail address <input name="email" type="email" value="` + DebtorUser + `"></label></p>
<p><label>Password <input name="password" type="password"></label></p>
<p><button name="decision" value="allow">Allow</button> <button name="decision" value="deny">Deny</button></p></form></html>`))
}
