package cash

import (
	"maps"
	"strings"
	"sync"
	"time"

	"loonbrug/data/model"
)

// sessionLife is how long what a SOAP service says of itself is taken as known.
const sessionLife = time.Hour

// session is what all calls of one account over SOAP share: the description of
// the service and in which folder each administration lives. It is read again
// after [sessionLife], after a failure that a new description could cure, and
// when the account's settings changed. It holds no password.
type session struct {
	settings string // what it was made for

	mu      sync.Mutex
	service *service          // nil when it is to be read
	readAt  time.Time         // of service
	folders map[string]string // by administration, nil when they are to be listed
}

// session is that of an account with these settings.
func (t *Target) session(account int64, settings ...string) *session {
	made := strings.Join(settings, "\n")
	t.mu.Lock()
	defer t.mu.Unlock()
	if s := t.sessions[account]; s == nil || s.settings != made {
		t.sessions[account] = &session{settings: made}
	}
	return t.sessions[account]
}

// described is the service as it was read before; nil is that it must be read.
func (s *session) described(now time.Time) *service {
	s.mu.Lock()
	defer s.mu.Unlock()
	if age := now.Sub(s.readAt); age < 0 || age >= sessionLife {
		s.service, s.folders = nil, nil
	}
	return s.service
}

func (s *session) describe(what *service, now time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.service, s.readAt = what, now
}

// folder is where an administration lives; ok is false when it must be listed.
func (s *session) folder(administration string) (folder string, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	folder, ok = s.folders[administration]
	return folder, ok
}

func (s *session) list(folders map[string]string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.folders = maps.Clone(folders)
}

// heed forgets what was read when a call failed in a way that a service which
// moved or changed would cause. A refusal in CASH's own words is no such way.
func (s *session) heed(p *model.Problem) {
	if p == nil {
		return
	}
	switch {
	case strings.HasPrefix(p.Code, "network."), p.Code == "cash.unreadable_answer", p.Code == "cash.unavailable", p.Code == "cash.wrong_address":
		s.mu.Lock()
		defer s.mu.Unlock()
		s.service, s.folders = nil, nil
	}
}
