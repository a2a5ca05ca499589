package connect

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// request is one authorization on its way through the pages.
type request struct {
	page      string // unguessable id that ties the pages together
	issuer    string
	client    Client
	redirect  string
	state     string
	nonce     string
	mode      string
	scopes    []string
	challenge string
	prompt    []string
	hint      string // tenant_hint
	name      string // login_hint
	texts     texts
	expires   time.Time

	user  *User
	login time.Time
}

// code is an authorization code: single use, short-lived.
type code struct {
	request
	tenant  string
	expires time.Time
	family  string // of the refresh token it was exchanged for; set once used
	used    bool
}

// authorize checks the request and shows the first page that is needed. Without
// a known client and a registered address there is nowhere to send an error to,
// so the browser stays here.
func (p *Provider) authorize(w http.ResponseWriter, r *http.Request) {
	t := textsFor(r.FormValue("ui_locales") + " " + r.Header.Get("Accept-Language"))
	client, known := p.client(r.FormValue("client_id"))
	if !known {
		p.stop(w, t, "unauthorized_client", "Unknown client or client not enabled")
		return
	}
	if !client.redirects(r.FormValue("redirect_uri")) {
		p.stop(w, t, "invalid_request", "Invalid redirect_uri")
		return
	}
	a := &request{
		page: random(), issuer: p.cfg.Issuer(r), client: client, texts: t,
		redirect: r.FormValue("redirect_uri"), state: r.FormValue("state"), nonce: r.FormValue("nonce"),
		mode: r.FormValue("response_mode"), scopes: strings.Fields(r.FormValue("scope")),
		challenge: r.FormValue("code_challenge"), prompt: strings.Fields(r.FormValue("prompt")),
		hint: r.FormValue("tenant_hint"), name: r.FormValue("login_hint"), expires: p.cfg.Clock().Add(pageLifetime),
	}
	if problem, text := a.check(r); problem != "" {
		p.back(w, r, a, url.Values{"error": {problem}, "error_description": {text}})
		return
	}
	p.mu.Lock()
	s, loggedIn := p.session(r)
	p.remember(a)
	p.mu.Unlock()
	switch {
	case slices.Contains(a.prompt, "none"):
		// Reported of the real one: a page of its own instead of login_required.
		p.stop(w, t, "login_required", "prompt=none is not possible")
	case loggedIn && !a.bypassesSession():
		a.user, a.login = &s.user, s.at
		p.afterLogin(w, r, a)
	default:
		p.showLogin(w, a, s.user.Name, "")
	}
}

// check names the first thing that is wrong with a request whose client and
// address are in order.
func (a *request) check(r *http.Request) (problem, text string) {
	switch {
	case r.FormValue("response_type") != "code":
		return "unsupported_response_type", "Response type not supported"
	case a.mode != "" && !slices.Contains([]string{"query", "fragment", "form_post"}, a.mode):
		return "invalid_request", "Invalid response_mode"
	case len(a.scopes) == 0 || slices.ContainsFunc(a.scopes, func(s string) bool { return !slices.Contains(allScopes(), s) || strings.HasPrefix(s, service) }):
		return "invalid_scope", "Invalid scope"
	case a.challenge == "":
		return "invalid_request", "code challenge required"
	case r.FormValue("code_challenge_method") != "S256":
		return "invalid_request", "Transform algorithm not supported"
	case len(a.challenge) != 43:
		return "invalid_request", "Invalid code_challenge"
	}
	return "", ""
}

// bypassesSession tells whether a page must be shown although somebody is logged in.
func (a *request) bypassesSession() bool {
	return slices.Contains(a.prompt, "login") || slices.Contains(a.prompt, "select_account")
}

// offersSession tells whether the user of the session may simply go on. With
// prompt=login the password must be given again.
func (a *request) offersSession() bool { return !slices.Contains(a.prompt, "login") }

// remember keeps the request until its pages are done. Called with p.mu held.
func (p *Provider) remember(a *request) {
	now := p.cfg.Clock()
	for id, old := range p.asked {
		if now.After(old.expires) {
			delete(p.asked, id)
		}
	}
	for id, old := range p.codes {
		if now.After(old.expires.Add(pageLifetime)) {
			delete(p.codes, id)
		}
	}
	p.asked[a.page] = a
}

// afterLogin goes on with a known user: straight back when there is nothing to
// ask, as the real one does for the user of a session with a single company, else
// to the company page.
func (p *Provider) afterLogin(w http.ResponseWriter, r *http.Request, a *request) {
	choice := p.companies(*a.user)
	p.mu.Lock()
	agreed := p.kept.Consents[a.user.Name+" "+a.client.ID] && !slices.Contains(a.prompt, "consent")
	p.mu.Unlock()
	if len(choice) == 1 && agreed {
		p.grant(w, r, a, choice[0].Tenant)
		return
	}
	http.Redirect(w, r, "/connect/consent?request="+url.QueryEscape(a.page), http.StatusSeeOther)
}

// grant ends the request with a code.
func (p *Provider) grant(w http.ResponseWriter, r *http.Request, a *request, tenant string) {
	id := random()
	p.mu.Lock()
	delete(p.asked, a.page)
	p.codes[id] = &code{request: *a, tenant: tenant, expires: p.cfg.Clock().Add(CodeLifetime)}
	agreement := a.user.Name + " " + a.client.ID
	before := p.kept.Consents[agreement]
	p.kept.Consents[agreement] = true
	err := error(nil)
	if !before {
		err = p.save()
	}
	p.mu.Unlock()
	if err != nil {
		p.cfg.Log.Error("practice sign-in not kept", "error", err)
		p.back(w, r, a, url.Values{"error": {"server_error"}})
		return
	}
	p.back(w, r, a, url.Values{"code": {id}, "scope": {strings.Join(a.scopes, " ")}})
}

// back sends the browser to the client's address with the outcome, and with state
// and issuer (RFC 9207).
func (p *Provider) back(w http.ResponseWriter, r *http.Request, a *request, outcome url.Values) {
	if a.state != "" {
		outcome.Set("state", a.state)
	}
	outcome.Set("iss", a.issuer)
	to, err := url.Parse(a.redirect)
	if err != nil { // a registered address that is none
		p.stop(w, a.texts, "invalid_request", "Invalid redirect_uri")
		return
	}
	switch a.mode {
	case "form_post":
		render(w, http.StatusOK, "post", postPage{Action: a.redirect, Values: outcome})
		return
	case "fragment":
		to.Fragment = ""
		http.Redirect(w, r, to.String()+"#"+outcome.Encode(), http.StatusSeeOther)
		return
	}
	query := to.Query()
	for name, values := range outcome {
		query[name] = values
	}
	to.RawQuery = query.Encode()
	http.Redirect(w, r, to.String(), http.StatusSeeOther)
}
