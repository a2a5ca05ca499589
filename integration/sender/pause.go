package sender

import (
	"context"
	"errors"
	"fmt"
	"time"

	"loonbrug/data/model"
	"loonbrug/integration/httpx"
	"loonbrug/integration/target"
)

// reach is what is known of who can be reached. The pauses in it are those of
// the store; whoever changes one there, in this program or another, makes it
// stale.
type reach struct {
	stale    bool
	accounts map[int64]model.Pause // by account
	offline  *model.Pause
	away     map[int64]string // accounts not reached since any was, and where the fault lies
}

// longestPause is the most that a target's wish to wait is believed.
const longestPause = 24 * time.Hour

// probes are the waits between two tries while nobody can be reached.
var probes = [...]time.Duration{10 * time.Second, 30 * time.Second, time.Minute}

// Pause stops the taking of deliveries until [Sender.Continue], also after a
// restart. What is under way goes on to its end.
func (s *Sender) Pause(ctx context.Context) error {
	return s.stopOrGo(s.store.SavePause(ctx, model.Pause{Kind: model.PausePerson, Since: s.now()}))
}

// Continue ends [Sender.Pause].
func (s *Sender) Continue(ctx context.Context) error {
	return s.stopOrGo(s.store.EndPause(ctx, model.PausePerson, 0))
}

func (s *Sender) stopOrGo(err error) error {
	if err != nil {
		return fmt.Errorf("pause: %w", err)
	}
	s.nudge()
	s.changed()
	return nil
}

// loadPauses reads the pauses again that others may have changed.
func (s *Sender) loadPauses(ctx context.Context) error {
	all, err := s.store.Pauses(ctx)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.reach = reach{accounts: make(map[int64]model.Pause), away: s.reach.away}
	for _, p := range all {
		switch p.Kind {
		case model.PauseAccount:
			s.reach.accounts[p.AccountID] = p
		case model.PauseOffline:
			s.reach.offline = &p
		}
	}
	return nil
}

// beforeProbe makes sure that there is something to try with: what waits for the
// accounts that were not reached is due once the time of the next try has come.
func (s *Sender) beforeProbe(ctx context.Context) {
	s.mu.Lock()
	stale, offline, away := s.reach.stale, s.reach.offline, s.reach.away
	due := offline != nil && !offline.Holds(s.now())
	ids := make([]int64, 0, len(away))
	for id := range away {
		ids = append(ids, id)
	}
	s.mu.Unlock()
	if stale {
		s.warn("pauses", s.loadPauses(ctx))
	}
	if !due {
		return
	}
	for _, id := range ids {
		s.warn("resume", s.store.Resume(ctx, id))
	}
}

// probing keeps everything else back while one delivery tries whether anybody
// can be reached again.
func (s *Sender) probing(ctx context.Context) {
	s.mu.Lock()
	if s.reach.offline == nil {
		s.mu.Unlock()
		return
	}
	p := *s.reach.offline
	p.Until = s.now().Add(s.timing.Deadline + s.timing.Request)
	s.reach.offline = &p
	s.mu.Unlock()
	s.warn("offline", s.store.SavePause(ctx, p))
}

// observeCall takes in what a call that changes nothing told about its target.
// A call that was broken off by us tells nothing.
func (s *Sender) observeCall(ctx context.Context, j *job, err error) {
	var later *target.Later
	switch p := model.ProblemOf(err); {
	case err == nil:
		s.reached(j)
	case errors.Is(ctx.Err(), context.Canceled):
	case errors.As(err, &later) && later.After > 0:
		s.throttled(j, p, later.After)
	default:
		s.notReached(j, p)
	}
}

// observe takes in what an outcome told about its target.
func (s *Sender) observe(j *job, o target.Outcome) {
	switch o.Class {
	case target.Accepted, target.Pending, target.Rejected:
		s.reached(j)
		return
	case target.Deferred, target.Ambiguous, target.NotSent:
		if o.RetryAfter > 0 {
			s.throttled(j, o.Problem, o.RetryAfter)
			return
		}
	}
	s.notReached(j, o.Problem)
}

// throttled pauses an account whose system asked to wait.
func (s *Sender) throttled(j *job, p *model.Problem, after time.Duration) {
	s.pauseAccount(j, p, min(after, longestPause), 0)
}

// notReached pauses an account whose system cannot be reached. When the systems
// of several accounts cannot, the fault is taken to be on our side: then all
// wait, and one delivery at a time tries again.
func (s *Sender) notReached(j *job, p *model.Problem) {
	away, here := httpx.Away(p)
	if !away {
		return
	}
	now, id := s.now(), j.d.AccountID
	s.mu.Lock()
	place := "target " + j.d.Target
	if here {
		place = fmt.Sprintf("here %d", id)
	}
	s.reach.away[id] = place
	places := make(map[string]bool)
	for _, place := range s.reach.away {
		places[place] = true
	}
	offline := model.Pause{Kind: model.PauseOffline, Since: now}
	if s.reach.offline != nil {
		offline = *s.reach.offline
	}
	several := s.reach.offline != nil || len(places) > 1
	tries := s.reach.accounts[id].Tries + 1
	if several {
		offline.Tries++
		offline.Problem = p
		offline.Until = now.Add(wait(probes[:], offline.Tries-1))
		s.reach.offline = &offline
	}
	s.mu.Unlock()
	if !several {
		s.pauseAccount(j, p, wait(backoff[:], tries-1), tries)
		return
	}
	ctx := context.WithoutCancel(j.last)
	s.warn("offline", s.store.SavePause(ctx, offline))
	// What kept single accounts waiting is now one thing, and waits as one.
	s.endAccountPauses(ctx, func(p model.Pause) bool { return p.Tries > 0 })
	s.changed()
}

func (s *Sender) pauseAccount(j *job, problem *model.Problem, after time.Duration, tries int) {
	now := s.now()
	s.mu.Lock()
	p, known := s.reach.accounts[j.d.AccountID]
	if !known {
		p = model.Pause{Kind: model.PauseAccount, AccountID: j.d.AccountID, Since: now}
	}
	p.Until, p.Tries, p.Problem = now.Add(after), tries, problem
	s.reach.accounts[j.d.AccountID] = p
	s.mu.Unlock()
	s.warn("pause account", s.store.SavePause(context.WithoutCancel(j.last), p))
	s.changed()
}

// reached ends what was kept waiting because its system could not be reached.
func (s *Sender) reached(j *job) {
	id := j.d.AccountID
	s.mu.Lock()
	offline, away := s.reach.offline, s.reach.away
	pause, paused := s.reach.accounts[id]
	if offline == nil && len(away) == 0 && !paused {
		s.mu.Unlock()
		return
	}
	s.reach.offline = nil
	s.reach.away = make(map[int64]string)
	if offline == nil {
		// Others may still be away, each for itself.
		for other, place := range away {
			if other != id {
				s.reach.away[other] = place
			}
		}
		away = map[int64]string{id: ""}
	}
	s.mu.Unlock()
	ctx := context.WithoutCancel(j.last)
	if offline != nil {
		s.warn("online", s.store.EndPause(ctx, model.PauseOffline, 0))
	}
	if paused {
		s.endAccountPauses(ctx, func(p model.Pause) bool { return p.AccountID == id })
	}
	if offline != nil || pause.Tries > 0 {
		for other := range away {
			s.warn("resume", s.store.Resume(ctx, other))
		}
	}
	s.nudge()
	s.changed()
}

func (s *Sender) endAccountPauses(ctx context.Context, which func(model.Pause) bool) {
	var ended []int64
	s.mu.Lock()
	for id, p := range s.reach.accounts {
		if which(p) {
			ended = append(ended, id)
			delete(s.reach.accounts, id)
		}
	}
	s.mu.Unlock()
	for _, id := range ended {
		s.warn("end pause", s.store.EndPause(ctx, model.PauseAccount, id))
	}
}

// warn writes down that a pause could not be stored or ended. Nothing is lost by
// that: each delivery has its own wait, too.
func (s *Sender) warn(what string, err error) {
	if err != nil {
		s.log.Error(what, "error", err)
	}
}
