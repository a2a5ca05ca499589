package sender_test

import (
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"loonbrug/data/model"
	"loonbrug/integration/sender"
	"loonbrug/integration/target"
)

// TestSender_SettleBooked takes a person's word only for what cannot be found
// out, and asks the target first.
func TestSender_SettleBooked(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStreet(t, 1, 1, dropBefore)
		s.ledger.personDecides = true
		s.live()
		d := s.deliveries()[0]
		running, err := sender.New(s.store, target.Registry{s.line}, sender.Options{Timing: timing()})
		s.must(err)
		settle := func(number, reason string) error {
			return running.SettleBooked(t.Context(), d.ID, number, sender.Decision{By: "jan", Reason: reason})
		}
		for _, word := range [][2]string{{"", "seen"}, {"  ", "seen"}, {"SAL 1", ""}} {
			if p := model.ProblemOf(settle(word[0], word[1])); p == nil || p.Code != "delivery.settle_incomplete" {
				t.Errorf("%q: %v", word, p)
			}
		}
		away := errors.New("away")
		s.line.down = func(int64) error { return away }
		if err := settle("SAL 1", "seen"); !errors.Is(err, away) {
			t.Errorf("taken although the target could not be asked: %v", err)
		}
		s.line.down = nil
		s.must(settle(" SAL 260012 ", "seen in the daybook"))
		now := s.deliveries()[0]
		if now.State != model.StateMarked || now.Number != "SAL 260012" || now.Person || now.Problem != nil {
			t.Errorf("%+v", now)
		}
		attempts, err := s.store.Attempts(t.Context(), d.ID)
		s.must(err)
		last := attempts[len(attempts)-1]
		if last.Event != "settled" || last.Detail != "SAL 260012" || last.By != "jan" || last.Reason != "seen in the daybook" {
			t.Errorf("not logged: %+v", last)
		}
		if p := model.ProblemOf(settle("SAL 1", "again")); p == nil || p.Code != "delivery.not_settled" {
			t.Errorf("settled twice: %v", p)
		}
		s.live()
		if s.ledger.posts != 1 {
			t.Errorf("sent %d times", s.ledger.posts)
		}
		s.end()
	})
}

// TestSender_SettleBookedFindsIt: what the target has exactly counts more than
// the number that a person gave.
func TestSender_SettleBookedFindsIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStreet(t, 1, 1, dropBefore)
		s.ledger.personDecides = true
		s.live()
		d := s.deliveries()[0]
		s.ledger.booked[d.Key] = []time.Time{time.Now()} // turned up after all
		running, end := s.start(t, sender.Options{})
		s.must(running.SettleBooked(t.Context(), d.ID, "999", sender.Decision{By: "jan", Reason: "thought so"}))
		time.Sleep(time.Minute)
		end()
		s.check()
		if now := s.deliveries()[0]; now.State != model.StateBooked || now.Number != "1" {
			t.Errorf("%s %q", now.State, now.Number)
		}
		s.end()
	})
}

// TestSender_LookAgainLeavesTheChoice: a click on what a person may settle looks
// it up once more, at once, and leaves the choice to send again, whether the
// target has nothing or cannot be asked.
func TestSender_LookAgainLeavesTheChoice(t *testing.T) {
	for name, away := range map[string]error{"nothing there": nil, "target away": errors.New("away")} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newStreet(t, 1, 1, dropBefore)
				s.ledger.personDecides = true
				s.live()
				d := s.deliveries()[0]
				if d.State != model.StateUnknown || !d.Person {
					t.Fatalf("not left to a person: %+v", d)
				}
				running, end := s.start(t, sender.Options{})
				time.Sleep(24 * time.Hour) // the quiet time of this program is long over
				s.line.down = func(int64) error { return away }
				looks := len(s.ledger.looks)
				s.must(running.LookAgain(t.Context(), d.ID))
				time.Sleep(time.Minute)
				if away == nil && len(s.ledger.looks) == looks {
					t.Error("not looked up")
				}
				s.line.down = nil
				s.must(running.SendAgain(t.Context(), d.ID, sender.Decision{By: "jan"}))
				time.Sleep(time.Hour)
				end()
				s.check()
				if now := s.deliveries()[0]; now.State != model.StateBooked || s.ledger.posts != 2 {
					t.Errorf("%s after %d sendings", now.State, s.ledger.posts)
				}
				attempts, err := s.store.Attempts(t.Context(), d.ID)
				s.must(err)
				if !slices.ContainsFunc(attempts, func(a model.Attempt) bool { return a.Event == "send_again" && a.By == "jan" }) {
					t.Errorf("who decided is not known: %+v", attempts)
				}
				s.end()
			})
		})
	}
}
