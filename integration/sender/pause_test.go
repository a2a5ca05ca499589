package sender_test

import (
	"context"
	"fmt"
	"log/slog"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"loonbrug/data/journal"
	"loonbrug/data/model"
	"loonbrug/data/store"
	"loonbrug/integration/sender"
	"loonbrug/integration/target"
)

// line is a ledger that can be out of reach.
type line struct {
	*ledger
	down    func(account int64) error // what a look-up ends in; nil answers
	looked  []int64                   // the accounts that look-ups came from
	posting func(ctx context.Context) // while an answer is awaited; may be nil
}

func (l *line) Find(ctx context.Context, a target.Access, d target.Delivery) ([]target.Booked, error) {
	l.mu.Lock()
	l.looked = append(l.looked, a.Account.ID)
	l.mu.Unlock()
	if l.down != nil {
		if err := l.down(a.Account.ID); err != nil {
			return nil, err
		}
	}
	return l.ledger.Find(ctx, a, d)
}

func (l *line) Post(ctx context.Context, a target.Access, d target.Delivery) target.Outcome {
	o := l.ledger.Post(ctx, a, d)
	if l.posting != nil {
		l.posting(ctx)
	}
	if ctx.Err() != nil {
		return target.Outcome{Class: target.Ambiguous}
	}
	return o
}

// counted is a store that counts what it is asked for, and whose disk can fill.
type counted struct {
	*store.Store
	claims atomic.Int64
	free   atomic.Int64
}

func (c *counted) Claim(ctx context.Context, claim model.Claim) (model.Delivery, bool, error) {
	c.claims.Add(1)
	return c.Store.Claim(ctx, claim)
}

func (c *counted) Room() (int64, error) { return c.free.Load(), nil }

// street is a world of several accounts at one line.
type street struct {
	*world
	line  *line
	store *counted
}

// newStreet makes accounts with deliveries each, and no sender.
func newStreet(t *testing.T, accounts, deliveries int, script ...behaviour) *street {
	t.Helper()
	w := emptyWorld(t, script...)
	s := &street{world: w, line: &line{ledger: w.ledger}, store: &counted{Store: w.store}}
	s.store.free.Store(sender.LeastRoom)
	w.fill(t.Context(), deliveries)
	for i := 1; i < accounts; i++ {
		a := model.Account{Target: "ledger", Name: fmt.Sprint(i), State: model.AccountAuthorised}
		w.must(w.store.SaveAccount(t.Context(), &a))
		for n := range deliveries {
			s.queue(t, a.ID, fmt.Sprintf("LBKEY%d%06d", i, n), n+1)
		}
	}
	return s
}

// queue queues one more delivery of the first one's run.
func (s *street) queue(t *testing.T, account int64, key string, period int) {
	t.Helper()
	d := s.deliveries()[0]
	entry, err := s.store.Entry(t.Context(), d.ID)
	s.must(err)
	entry.Key = key
	items := []model.Queued{{Delivery: model.Delivery{
		RunID: d.RunID, MappingID: d.MappingID, CompanyID: d.CompanyID, AccountID: account, Target: "ledger",
		Administration: fmt.Sprint(account), Period: journal.Period{Year: 2026, Number: period}, Revision: 1, Key: key,
		State: model.StateQueued, Approval: model.ApprovalNone, EntryHash: key, CreatedAt: time.Now(), UpdatedAt: time.Now(),
	}, Entry: entry}}
	s.must(s.store.Queue(t.Context(), items))
	s.ids = append(s.ids, items[0].Delivery.ID)
}

// start runs a sender; end ends it as a program ends.
func (s *street) start(t *testing.T, o sender.Options) (running *sender.Sender, end func()) {
	t.Helper()
	if o.Timing == (sender.Timing{}) {
		o.Timing = timing()
	}
	o.Log = slog.New(slog.DiscardHandler)
	running, err := sender.New(s.store, target.Registry{s.line}, o)
	s.must(err)
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- running.Run(ctx) }()
	synctest.Wait()
	return running, func() {
		stop()
		s.must(<-ended)
	}
}

// looks is how often the line was asked since the last call.
func (s *street) looks() int {
	synctest.Wait()
	s.ledger.mu.Lock()
	defer s.ledger.mu.Unlock()
	n := len(s.line.looked)
	s.line.looked = nil
	return n
}

func (s *street) booked() (n int) {
	for _, d := range s.deliveries() {
		if d.State == model.StateBooked {
			n++
		}
	}
	return n
}

func (s *street) pauses() []model.Pause {
	all, err := s.store.Pauses(context.Background())
	s.must(err)
	return all
}

// TestSender_AccountWaitsAsAWhole: a target that asks to wait is not asked for
// the account's other deliveries either, also not by the next program. Other
// accounts go on.
func TestSender_AccountWaitsAsAWhole(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStreet(t, 2, 3)
		busy := s.deliveries()[0].AccountID
		var asked time.Time
		s.line.down = func(account int64) error {
			if account != busy || !asked.IsZero() && time.Since(asked) >= 40*time.Minute {
				return nil
			}
			asked = time.Now()
			return &target.Later{Err: model.NewProblem("ledger.busy").Again(), After: 40 * time.Minute}
		}
		_, end := s.start(t, sender.Options{})
		time.Sleep(10 * time.Minute)
		if n := s.booked(); n != 3 {
			t.Errorf("%d deliveries of the other account are booked", n)
		}
		if p := s.pauses(); len(p) != 1 || p[0].AccountID != busy || p[0].Until.Sub(asked) != 40*time.Minute || p[0].Problem.Code != "ledger.busy" {
			t.Errorf("pauses %+v", p)
		}
		end()
		s.looks()
		_, end = s.start(t, sender.Options{})
		time.Sleep(29 * time.Minute)
		if n := s.looks(); n != 0 {
			t.Errorf("asked %d times while it should wait", n)
		}
		time.Sleep(10 * time.Minute)
		end()
		s.check()
		if n := s.booked(); n != 6 || len(s.pauses()) != 0 {
			t.Errorf("%d are booked; pauses %+v", n, s.pauses())
		}
		s.end()
	})
}

// TestSender_Offline: when several accounts cannot be reached, one delivery at a
// time tries, and everything goes on once it gets through.
func TestSender_Offline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStreet(t, 3, 4)
		out := true
		s.line.down = func(int64) error {
			if out {
				return model.NewProblem("network.unknown_host").Again()
			}
			return nil
		}
		_, end := s.start(t, sender.Options{})
		time.Sleep(time.Minute)
		s.looks()
		status, err := s.store.Outstanding(t.Context())
		s.must(err)
		p, offline := status.Pause(model.PauseOffline)
		if !offline || p.Problem.Code != "network.unknown_host" || len(status.Pauses) != 1 || status.Waiting != 12 {
			t.Errorf("status %+v", status)
		}
		if wait := time.Until(status.NextAt); wait <= 0 || wait > time.Minute {
			t.Errorf("next try in %s", wait)
		}
		time.Sleep(10 * time.Minute)
		if n := s.looks(); n < 8 || n > 12 {
			t.Errorf("tried %d times in ten minutes", n)
		}
		end()
		_, end = s.start(t, sender.Options{}) // it is still offline, and knows it
		time.Sleep(5 * time.Minute)
		if n := s.looks(); n < 1 || n > 7 {
			t.Errorf("tried %d times in five minutes after a restart", n)
		}
		out = false
		time.Sleep(2 * time.Minute)
		if n := s.booked(); n != 12 || len(s.pauses()) != 0 {
			t.Errorf("%d are booked two minutes after the cable is in again; pauses %+v", n, s.pauses())
		}
		end()
		s.check()
		s.end()
	})
}

// TestSender_OneSystemAway is not offline: what is wrong is over there, and
// others go on.
func TestSender_OneSystemAway(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStreet(t, 3, 2)
		first := s.deliveries()[0].AccountID
		s.line.down = func(account int64) error {
			if account == first {
				return model.NewProblem("network.unreachable").Again()
			}
			return nil
		}
		_, end := s.start(t, sender.Options{})
		time.Sleep(10 * time.Minute)
		p := s.pauses()
		if n := s.booked(); n != 4 || len(p) != 1 || p[0].Kind != model.PauseAccount || p[0].AccountID != first {
			t.Errorf("%d of the others are booked; pauses %+v", n, p)
		}
		s.line.down = nil
		time.Sleep(15 * time.Minute)
		end()
		if n := s.booked(); n != 6 || len(s.pauses()) != 0 {
			t.Errorf("%d are booked; pauses %+v", n, s.pauses())
		}
		s.end()
	})
}

// TestSender_PausedByAPerson takes nothing, also after a restart, until the
// person lets it.
func TestSender_PausedByAPerson(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStreet(t, 1, 3)
		before, err := sender.New(s.store, target.Registry{s.line}, sender.Options{Timing: timing()})
		s.must(err)
		s.must(before.Pause(t.Context()))
		running, end := s.start(t, sender.Options{})
		time.Sleep(time.Hour)
		if n := s.looks(); n != 0 {
			t.Errorf("asked %d times while paused", n)
		}
		s.must(running.Continue(t.Context()))
		time.Sleep(time.Second)
		end()
		if n := s.booked(); n != 3 {
			t.Errorf("%d are booked a second after the pause", n)
		}
		s.end()
	})
}

// TestSender_NoRoom begins nothing that could not be written down, says so, and
// goes on by itself.
func TestSender_NoRoom(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStreet(t, 1, 2)
		s.store.free.Store(sender.LeastRoom - 1)
		running, end := s.start(t, sender.Options{})
		time.Sleep(time.Minute)
		alive, _, fault := running.Status()
		if p := model.ProblemOf(fault); !alive || p == nil || p.Code != "store.disk_low" || s.store.claims.Load() != 0 || s.looks() != 0 {
			t.Errorf("alive %t, %v after %d claims", alive, p, s.store.claims.Load())
		}
		s.store.free.Store(sender.LeastRoom)
		time.Sleep(10 * time.Second)
		if _, _, fault := running.Status(); fault != nil || s.booked() != 2 {
			t.Errorf("%d booked once there is room, %v", s.booked(), fault)
		}
		end()
		s.end()
	})
}

// TestSender_SleepsWhenIdle: nothing to do is nothing done, but for a look every
// few minutes; what is queued and rung for is sent at once.
func TestSender_SleepsWhenIdle(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStreet(t, 1, 1)
		running, end := s.start(t, sender.Options{})
		time.Sleep(time.Minute)
		before := s.store.claims.Load()
		time.Sleep(time.Hour)
		if n := s.store.claims.Load() - before; n > 30 {
			t.Errorf("looked %d times in an idle hour", n)
		}
		s.queue(t, s.deliveries()[0].AccountID, "LBKEYRUNG1", 2)
		running.Hear() // what the other program rang
		synctest.Wait()
		if n := s.booked(); n != 2 {
			t.Errorf("%d booked after the ring", n)
		}
		s.queue(t, s.deliveries()[0].AccountID, "LBKEYLOST1", 3)
		time.Sleep(3 * time.Minute) // a ring that got lost
		if n := s.booked(); n != 3 {
			t.Errorf("%d booked without a ring", n)
		}
		end()
		s.end()
	})
}

// TestSender_Rings tells other programs what happened, and does not answer to
// their rings with one.
func TestSender_Rings(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStreet(t, 1, 1)
		var rings atomic.Int64
		running, end := s.start(t, sender.Options{Ring: func() { rings.Add(1) }})
		if rings.Load() == 0 {
			t.Error("sent without a ring")
		}
		before := rings.Load()
		running.Hear()
		synctest.Wait()
		if rings.Load() != before {
			t.Error("a ring was answered: two programs would ring for ever")
		}
		running.Wake()
		if rings.Load() != before+1 {
			t.Error("what this program queued was not rung for")
		}
		end()
		s.end()
	})
}

// TestSender_EndsWithinSeconds breaks off what hangs, and finds out later what
// became of it.
func TestSender_EndsWithinSeconds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStreet(t, 1, 2)
		s.line.posting = func(ctx context.Context) { <-ctx.Done() }
		_, end := s.start(t, sender.Options{})
		began := time.Now()
		end()
		if took := time.Since(began); took > 6*time.Second || took < 4*time.Second {
			t.Errorf("ended after %s", took)
		}
		if d := s.deliveries()[0]; d.State != model.StateUnknown || s.deliveries()[1].State != model.StateQueued {
			t.Errorf("%s and %s", d.State, s.deliveries()[1].State)
		}
		s.line.posting = nil
		_, end = s.start(t, sender.Options{})
		time.Sleep(time.Hour)
		end()
		s.check()
		if s.booked() != 2 {
			t.Errorf("%d are booked", s.booked())
		}
		s.end()
	})
}

// TestSender_SettlesByTarget waits as long as was set for the target.
func TestSender_SettlesByTarget(t *testing.T) {
	for id, want := range map[string]time.Duration{"ledger": 2 * time.Hour, "other": timing().Settle} {
		synctest.Test(t, func(t *testing.T) {
			s := newStreet(t, 1, 1, dropAfter)
			_, end := s.start(t, sender.Options{Settle: map[string]time.Duration{id: 2 * time.Hour}})
			d := s.deliveries()[0]
			if got := d.NotBefore.Sub(d.SentAt); got != timing().Lease+want {
				t.Errorf("%s: looked up after %s", id, got)
			}
			end()
			s.end()
		})
	}
	if _, err := sender.New(nil, nil, sender.Options{Settle: map[string]time.Duration{"x": -1}}); err == nil {
		t.Error("a negative settle window was let through")
	}
}

// TestSender_ComputerSleeps: the clock of the computer jumps by hours while an
// answer is awaited, as after a sleep or when it is set, and nothing is booked
// twice, although no time has passed for a booking that turns up late.
func TestSender_ComputerSleeps(t *testing.T) {
	for _, jump := range []time.Duration{10 * time.Hour, 25 * time.Minute, -time.Hour} {
		for _, what := range []behaviour{ok, dropAfter, dropBefore, late} {
			t.Run(fmt.Sprint(jump, what), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					s := newStreet(t, 1, 3, what)
					var slept atomic.Int64
					s.line.posting = func(context.Context) {
						slept.Store(int64(jump))
						time.Sleep(20 * time.Second) // the other workers see the new time meanwhile
					}
					now := func() time.Time { return time.Now().Add(time.Duration(slept.Load())) }
					running, end := s.start(t, sender.Options{Now: now})
					for range 5 {
						time.Sleep(10 * time.Second)
						running.Hear()
					}
					time.Sleep(24 * time.Hour)
					end()
					s.check()
					if n := s.booked(); n != 3 {
						t.Errorf("%d are booked", n)
					}
					s.end()
				})
			})
		}
	}
}
