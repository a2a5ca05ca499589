package connect

import (
	"net/http"
	"net/url"
	"slices"
)

// cookie carries the browser session: who has it is logged in, at every client.
const cookie = "practice.connect.session"

// session is the one of the browser, if any. Called with p.mu held.
func (p *Provider) session(r *http.Request) (session, bool) {
	c, err := r.Cookie(cookie)
	if err != nil {
		return session{}, false
	}
	s, ok := p.sessions[c.Value]
	return s, ok
}

// pending is the authorization that a page belongs to; an old or strange page
// gets an answer of its own.
func (p *Provider) pending(w http.ResponseWriter, r *http.Request) (*request, bool) {
	p.mu.Lock()
	a, ok := p.asked[r.FormValue("request")]
	p.mu.Unlock()
	if !ok || p.cfg.Clock().After(a.expires) {
		p.stop(w, textsFor(r.Header.Get("Accept-Language")), "invalid_request", "This page is no longer valid")
		return nil, false
	}
	return a, true
}

// login takes the login page: name and password, the user already logged in, or
// cancel.
func (p *Provider) login(w http.ResponseWriter, r *http.Request) {
	a, ok := p.pending(w, r)
	if !ok {
		return
	}
	if r.FormValue("cancel") != "" {
		p.refuse(w, r, a)
		return
	}
	p.mu.Lock()
	s, loggedIn := p.session(r)
	p.mu.Unlock()
	if r.FormValue("continue") == "" || !loggedIn || !a.offersSession() {
		user, known := p.user(r.PostFormValue("username"))
		if !known || user.Password != r.PostFormValue("password") {
			p.showLogin(w, a, s.user.Name, a.texts.Wrong)
			return
		}
		s = session{user: user, at: p.cfg.Clock()}
		id := random()
		p.mu.Lock()
		p.sessions[id] = s
		p.mu.Unlock()
		http.SetCookie(w, &http.Cookie{Name: cookie, Value: id, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode})
	}
	p.mu.Lock()
	a.user, a.login = &s.user, s.at
	p.mu.Unlock()
	p.afterLogin(w, r, a)
}

func (p *Provider) refuse(w http.ResponseWriter, r *http.Request, a *request) {
	p.mu.Lock()
	delete(p.asked, a.page)
	p.mu.Unlock()
	p.back(w, r, a, url.Values{"error": {"access_denied"}, "error_description": {"The user refused access"}})
}

// showConsent asks for the company, when there is a choice, and for consent.
func (p *Provider) showConsent(w http.ResponseWriter, r *http.Request) {
	a, ok := p.pending(w, r)
	if !ok {
		return
	}
	user, ok := p.signedIn(a)
	if !ok {
		p.showLogin(w, a, "", "")
		return
	}
	companies := p.companies(user)
	if len(companies) == 0 {
		p.refuse(w, r, a)
		return
	}
	chosen := companies[0].Tenant
	if slices.ContainsFunc(companies, func(c Company) bool { return c.Tenant == a.hint }) {
		chosen = a.hint
	}
	render(w, http.StatusOK, "consent", consentPage{
		T: a.texts, Request: a.page, User: user.Name, Client: a.client.Name,
		Scopes: a.scopes, Companies: companies, Chosen: chosen,
	})
}

// consent takes the company page: allow, refuse, or another user.
func (p *Provider) consent(w http.ResponseWriter, r *http.Request) {
	a, ok := p.pending(w, r)
	if !ok {
		return
	}
	user, signedIn := p.signedIn(a)
	tenant := r.PostFormValue("company")
	switch {
	case r.FormValue("cancel") != "":
		p.refuse(w, r, a)
	case !signedIn || r.FormValue("switch") != "":
		p.showLogin(w, a, "", "")
	case r.FormValue("allow") == "" || !slices.ContainsFunc(p.companies(user), func(c Company) bool { return c.Tenant == tenant }):
		p.showConsent(w, r)
	default:
		p.grant(w, r, a, tenant)
	}
}

func (p *Provider) signedIn(a *request) (User, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if a.user == nil {
		return User{}, false
	}
	return *a.user, true
}

// endSession logs the browser out.
func (p *Provider) endSession(w http.ResponseWriter, r *http.Request) {
	if c, err := r.Cookie(cookie); err == nil {
		p.mu.Lock()
		delete(p.sessions, c.Value)
		p.mu.Unlock()
	}
	http.SetCookie(w, &http.Cookie{Name: cookie, Path: "/", MaxAge: -1, HttpOnly: true})
	to := r.FormValue("post_logout_redirect_uri")
	if slices.ContainsFunc(p.cfg.Clients, func(c Client) bool { return c.redirects(to) }) {
		http.Redirect(w, r, to+"?"+url.Values{"state": {r.FormValue("state")}}.Encode(), http.StatusSeeOther)
		return
	}
	t := textsFor(r.FormValue("ui_locales") + " " + r.Header.Get("Accept-Language"))
	render(w, http.StatusOK, "stop", stopPage{T: t, Title: t.LoggedOut})
}
