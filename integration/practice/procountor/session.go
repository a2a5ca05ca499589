package procountor

import (
	"crypto/rand"
	"net/http"
	"slices"
	"strconv"
)

// cookie carries the browser session: who has it is logged in, for every client.
const cookie = "practice.procountor.session"

// loggedIn is the user of the browser, if one is logged in.
func (s *Server) loggedIn(r *http.Request) (user, bool) {
	c, err := r.Cookie(cookie)
	if err != nil {
		return user{}, false
	}
	s.mu.Lock()
	id := s.logins[c.Value]
	s.mu.Unlock()
	return s.knownUser(id)
}

func (s *Server) knownUser(id int) (user, bool) {
	i := slices.IndexFunc(s.users, func(u user) bool { return u.id == id })
	if i < 0 {
		return user{}, false
	}
	return s.users[i], true
}

// whoDecides is the user picked on a login page, or else the one of the browser.
func (s *Server) whoDecides(r *http.Request) (user, bool) {
	if r.FormValue("user") == "" {
		return s.loggedIn(r)
	}
	id, err := strconv.Atoi(r.FormValue("user"))
	if err != nil {
		return user{}, false
	}
	return s.knownUser(id)
}

// logIn makes a user the one of the browser.
func (s *Server) logIn(w http.ResponseWriter, who user) {
	value := rand.Text()
	s.mu.Lock()
	s.logins[value] = who.id
	s.mu.Unlock()
	http.SetCookie(w, &http.Cookie{Name: cookie, Value: value, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode})
}

// logout ends the session of the browser.
func (s *Server) logout(w http.ResponseWriter, r *http.Request) {
	if c, err := r.Cookie(cookie); err == nil {
		s.mu.Lock()
		delete(s.logins, c.Value)
		s.mu.Unlock()
	}
	http.SetCookie(w, &http.Cookie{Name: cookie, Path: "/", MaxAge: -1, HttpOnly: true})
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = w.Write([]byte("Logged out."))
}
