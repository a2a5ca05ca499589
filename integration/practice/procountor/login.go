package procountor

import (
	"crypto/rand"
	"html/template"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
)

// loginRequest is what a client asks a login page for.
type loginRequest struct {
	ClientID, RedirectURI, State string
}

// readLogin reads the request and says what is wrong with it. A request that is
// wrong leads nowhere: its redirect address is not to be trusted.
func (s *Server) readLogin(r *http.Request) (loginRequest, string) {
	l := loginRequest{r.FormValue("client_id"), r.FormValue("redirect_uri"), r.FormValue("state")}
	switch {
	case r.FormValue("response_type") != "code":
		return l, "response_type must be code"
	case l.ClientID != ClientID:
		return l, "unknown client_id"
	case !s.registered(l.RedirectURI):
		return l, "redirect_uri is not the registered one"
	}
	return l, ""
}

// registered tells whether a redirect address may be led to.
func (s *Server) registered(address string) bool {
	if s.options.RedirectURI != "" {
		return address == s.options.RedirectURI
	}
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "http" || u.RawQuery != "" || u.Fragment != "" || u.User != nil {
		return false
	}
	ip := net.ParseIP(u.Hostname())
	return u.Hostname() == "localhost" || ip != nil && ip.IsLoopback()
}

func (s *Server) showLogin(w http.ResponseWriter, r *http.Request) {
	request, wrong := s.readLogin(r)
	status := http.StatusOK
	if wrong != "" {
		status = http.StatusBadRequest
	}
	type choice struct {
		ID   int
		Name string
	}
	view := struct {
		loginRequest
		Wrong     string
		Path      string
		Companies []choice
		Users     []choice
	}{loginRequest: request, Wrong: wrong, Path: r.URL.Path}
	for _, c := range s.office {
		view.Companies = append(view.Companies, choice{c.id, c.name})
	}
	for _, u := range s.users {
		view.Users = append(view.Users, choice{u.id, u.name})
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	// A reader who has gone away is no fault of the page.
	_ = loginPage.Execute(w, view)
}

// decideLogin leads back to the client with a code or with the refusal.
func (s *Server) decideLogin(w http.ResponseWriter, r *http.Request) {
	request, wrong := s.readLogin(r)
	if wrong != "" {
		http.Error(w, wrong, http.StatusBadRequest)
		return
	}
	answer := url.Values{"state": {request.State}}
	if r.FormValue("decision") == "approve" {
		who, ok := s.chosen(r)
		if !ok {
			http.Error(w, "choose a company", http.StatusBadRequest)
			return
		}
		value := rand.Text()
		s.mu.Lock()
		s.codes[value] = code{access: who, redirect: request.RedirectURI, forKey: r.URL.Path == "/keylogin", expires: s.options.Clock().Add(codeLife)}
		s.mu.Unlock()
		answer.Set("code", value)
	} else {
		answer.Set("error", "access_denied")
	}
	http.Redirect(w, r, request.RedirectURI+"?"+answer.Encode(), http.StatusSeeOther)
}

// chosen is the company and the user of a login form.
func (s *Server) chosen(r *http.Request) (access, bool) {
	companyID, err1 := strconv.Atoi(r.FormValue("company"))
	userID, err2 := strconv.Atoi(r.FormValue("user"))
	known := slices.ContainsFunc(s.office, func(c company) bool { return c.id == companyID }) &&
		slices.ContainsFunc(s.users, func(u user) bool { return u.id == userID })
	return access{companyID, userID}, err1 == nil && err2 == nil && known
}

var loginPage = template.Must(template.New("login").Parse(`<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Login – Procountor (practice)</title>
<style>
body{font:16px/1.5 system-ui,sans-serif;margin:3rem auto;max-width:30rem;padding:0 1rem;color:#1c2430}
.practice{background:#fff3c4;border:1px solid #e0c050;padding:.4rem .8rem;border-radius:.4rem}
label{display:block;padding:.3rem 0}button{font:inherit;padding:.4rem 1rem;margin:1rem .5rem 0 0}
</style>
<p class="practice">Practice system. Nothing here is real and nothing leaves this computer.</p>
<h1>Procountor</h1>
{{if .Wrong}}<p id="wrong">{{.Wrong}}</p>{{else}}
<p><b>{{.ClientID}}</b> asks for access to one of your companies.</p>
<form method="post" action="{{.Path}}">
<input type="hidden" name="response_type" value="code">
<input type="hidden" name="client_id" value="{{.ClientID}}">
<input type="hidden" name="redirect_uri" value="{{.RedirectURI}}">
<input type="hidden" name="state" value="{{.State}}">
<label>User <select id="user" name="user">{{range .Users}}<option value="{{.ID}}">{{.Name}}</option>{{end}}</select></label>
{{range $i, $c := .Companies}}<label><input type="radio" name="company" id="company-{{.ID}}" value="{{.ID}}"{{if not $i}} checked{{end}}> {{.Name}}</label>
{{end}}<button id="approve" name="decision" value="approve">Approve</button><button id="refuse" name="decision" value="refuse">Refuse</button>
</form>{{end}}
</html>`))
