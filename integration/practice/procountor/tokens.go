package procountor

import (
	"crypto/rand"
	"crypto/subtle"
	"maps"
	"mime"
	"net/http"
	"strings"
	"time"

	"loonbrug/integration/practice/books"
)

const (
	codeLife    = 10 * time.Minute
	refreshLife = 180 * 24 * time.Hour
)

// token is an access token or, in the books, a refresh token.
type token struct {
	Access  access    `json:"access"`
	Expires time.Time `json:"expires"`
}

// code is what a login page gives; it is exchanged once.
type code struct {
	access   access
	redirect string
	forKey   bool // for an API key instead of a token
	expires  time.Time
}

// bearer finds whose token a request carries.
func (s *Server) bearer(r *http.Request) (access, bool) {
	scheme, value, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	s.mu.Lock()
	t, ok := s.tokens[value]
	s.mu.Unlock()
	if !ok || !strings.EqualFold(scheme, "Bearer") || s.faults.Take(FaultRevoked(t.Access.Company)) {
		return access{}, false
	}
	if s.faults.Take(FaultSignedOut) {
		s.signOut(t.Access.Company)
		return access{}, false
	}
	return t.Access, s.options.Clock().Before(t.Expires)
}

// signOut ends the sign-ins to a company: its tokens and its refresh tokens. API
// keys stay good.
func (s *Server) signOut(company int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	ofCompany := func(_ string, t token) bool { return t.Access.Company == company }
	maps.DeleteFunc(s.tokens, ofCompany)
	before := s.copyState()
	maps.DeleteFunc(s.state.Refresh, ofCompany)
	if err := s.keep(before); err != nil {
		s.options.Log.Error("practice Procountor cannot keep its books", "error", err)
	}
}

// client tells whether a token call comes from the registered client, by form or
// by Basic header.
func client(r *http.Request) bool {
	id, secret, basic := r.BasicAuth()
	if !basic {
		id, secret = r.PostForm.Get("client_id"), r.PostForm.Get("client_secret")
	}
	return id == ClientID && subtle.ConstantTimeCompare([]byte(secret), []byte(ClientSecret)) == 1
}

// token answers the token call in its three grants.
func (s *Server) token(w http.ResponseWriter, r *http.Request) {
	if s.faults.Take(FaultTokenError) {
		books.ServeHTML(w, http.StatusServiceUnavailable)
		return
	}
	mediaType, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || mediaType != "application/x-www-form-urlencoded" || params["charset"] != "" {
		s.refuse(w, r, []violation{bad("", "SANDBOX_CONTENT_TYPE")})
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, 64<<10)
	if err := r.ParseForm(); err != nil {
		s.refuse(w, r, []violation{bad("", "SANDBOX_FORM")})
		return
	}
	form := r.PostForm.Get
	if !client(r) {
		refuseStatus(w, http.StatusUnauthorized)
		return
	}
	switch form("grant_type") {
	case "client_credentials":
		who, ok := s.keys[form("api_key")]
		s.answerToken(w, who, ok, "")
	case "authorization_code":
		s.exchange(w, form("code"), form("redirect_uri"))
	case "refresh_token":
		t, ok := s.refreshToken(form("refresh_token"))
		s.answerToken(w, t.Access, ok && s.options.Clock().Before(t.Expires), form("refresh_token"))
	default:
		s.refuse(w, r, []violation{invalid("grant_type", form("grant_type"))})
	}
}

// refreshToken finds what a refresh token stands for. One that has lapsed on a bad
// day never comes back.
func (s *Server) refreshToken(value string) (token, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t, ok := s.state.Refresh[value]
	if !ok || !s.faults.Take(FaultRefreshLapsed) {
		return t, ok
	}
	before := s.copyState()
	delete(s.state.Refresh, value)
	if err := s.keep(before); err != nil {
		s.options.Log.Error("practice Procountor cannot keep its books", "error", err)
	}
	return token{}, false
}

// answerToken gives an access token, unless the credentials were wrong or the
// access is revoked.
func (s *Server) answerToken(w http.ResponseWriter, who access, good bool, refresh string) {
	if !good || s.faults.Take(FaultRevoked(who.Company)) {
		refuseStatus(w, http.StatusUnauthorized)
		return
	}
	value := rand.Text()
	s.mu.Lock()
	s.tokens[value] = token{who, s.options.Clock().Add(s.options.TokenLife)}
	s.mu.Unlock()
	answer := map[string]any{"access_token": value, "token_type": "bearer", "expires_in": int(s.options.TokenLife / time.Second)}
	if refresh != "" {
		answer["refresh_token"] = refresh
	}
	w.Header().Set("Cache-Control", "no-store")
	reply(w, http.StatusOK, answer)
}

// exchange takes the code of a login page.
func (s *Server) exchange(w http.ResponseWriter, value, redirect string) {
	s.mu.Lock()
	c, ok := s.codes[value]
	delete(s.codes, value)
	s.mu.Unlock()
	switch {
	case !ok || c.redirect != redirect || !s.options.Clock().Before(c.expires):
		refuseStatus(w, http.StatusUnauthorized)
	case c.forKey:
		reply(w, http.StatusOK, map[string]string{"api_key": keyFor(c.access.Company, s.user(c.access.User))})
	default:
		refresh, err := s.newRefresh(c.access)
		if err != nil {
			s.broken(w, err)
			return
		}
		s.answerToken(w, c.access, true, refresh)
	}
}

// newRefresh makes a refresh token and keeps it with the books, as the office
// stays signed in when the program ends.
func (s *Server) newRefresh(who access) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	before := s.copyState()
	if s.state.Refresh == nil {
		s.state.Refresh = make(map[string]token)
	}
	value := rand.Text()
	s.state.Refresh[value] = token{who, s.options.Clock().Add(refreshLife)}
	return value, s.keep(before)
}
