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

// showLogin shows the users and the companies. A browser that is logged in goes on
// as that user unless another is picked; other parameters of the address, such as
// prompt, make no difference.
func (s *Server) showLogin(w http.ResponseWriter, r *http.Request) {
	request, wrong := s.readLogin(r)
	status := http.StatusOK
	if wrong != "" {
		status = http.StatusBadRequest
	}
	current, _ := s.loggedIn(r)
	s.renderLogin(w, status, loginView{loginRequest: request, Wrong: wrong, Path: r.URL.Path, Current: current})
}

// loginView is what a login page shows.
type loginView struct {
	loginRequest
	Wrong     string
	Path      string
	Current   user // the zero user when nobody is logged in
	Companies []choice
	Users     []choice
}

type choice struct {
	ID     int
	Name   string
	Chosen bool
}

// LoggedIn names who is logged in, Homeless tells that this user has no company.
func (v loginView) LoggedIn() string { return v.Current.name }
func (v loginView) Homeless() bool   { return v.Current.nowhere }

func (s *Server) renderLogin(w http.ResponseWriter, status int, v loginView) {
	for i, c := range s.office {
		if !v.Current.nowhere {
			v.Companies = append(v.Companies, choice{c.id, c.name, i == 0})
		}
	}
	for _, u := range s.users {
		v.Users = append(v.Users, choice{u.id, u.name, u.id == v.Current.id})
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	// A reader who has gone away is no fault of the page.
	_ = loginPage.Execute(w, v)
}

// decideLogin leads back to the client with a code or with the refusal. Who
// approves is logged in from then on.
func (s *Server) decideLogin(w http.ResponseWriter, r *http.Request) {
	request, wrong := s.readLogin(r)
	if wrong != "" {
		http.Error(w, wrong, http.StatusBadRequest)
		return
	}
	answer := url.Values{"state": {request.State}}
	if r.FormValue("decision") == "approve" {
		who, known := s.whoDecides(r)
		if !known {
			http.Error(w, "choose a user", http.StatusBadRequest)
			return
		}
		s.logIn(w, who)
		if who.nowhere || r.FormValue("company") == "" {
			s.renderLogin(w, http.StatusOK, loginView{loginRequest: request, Path: r.URL.Path, Current: who})
			return
		}
		companyID, err := strconv.Atoi(r.FormValue("company"))
		if err != nil || !slices.ContainsFunc(s.office, func(c company) bool { return c.id == companyID }) {
			http.Error(w, "choose a company", http.StatusBadRequest)
			return
		}
		value := rand.Text()
		s.mu.Lock()
		s.codes[value] = code{access: access{companyID, who.id}, redirect: request.RedirectURI, forKey: r.URL.Path == "/keylogin", expires: s.options.Clock().Add(codeLife)}
		s.mu.Unlock()
		answer.Set("code", value)
	} else {
		answer.Set("error", "access_denied")
	}
	http.Redirect(w, r, request.RedirectURI+"?"+answer.Encode(), http.StatusSeeOther)
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
{{with .LoggedIn}}<p>Logged in as <b id="session">{{.}}</b>.</p>{{end}}
<label>User <select id="user" name="user">{{range .Users}}<option value="{{.ID}}"{{if .Chosen}} selected{{end}}>{{.Name}}</option>{{end}}</select></label>
{{if .Homeless}}<p id="none">This user has no company that a program may be given access to.</p>{{end}}
{{range .Companies}}<label><input type="radio" name="company" id="company-{{.ID}}" value="{{.ID}}"{{if .Chosen}} checked{{end}}> {{.Name}}</label>
{{end}}<button id="approve" name="decision" value="approve">Approve</button><button id="refuse" name="decision" value="refuse">Refuse</button>
</form>{{end}}
</html>`))
