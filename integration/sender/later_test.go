package sender_test

import (
	"testing"
	"testing/synctest"
	"time"

	"loonbrug/data/model"
)

// TestSender_AsksLater does not look an entry up again before the time that the
// target asked for, neither before the sending nor after one in doubt.
func TestSender_AsksLater(t *testing.T) {
	for name, c := range map[string]struct {
		script []behaviour
		busy   []time.Duration
	}{
		"before sending": {nil, []time.Duration{40 * time.Minute}},
		"in doubt":       {[]behaviour{dropAfter}, []time.Duration{0, 40 * time.Minute}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, 1, c.script...)
				w.ledger.busy = c.busy
				w.live()
				w.check()
				n := len(c.busy)
				if len(w.ledger.looks) <= n {
					t.Fatalf("looked up %d times", len(w.ledger.looks))
				}
				if pause := w.ledger.looks[n].Sub(w.ledger.looks[n-1]); pause < 40*time.Minute {
					t.Errorf("looked up again after %s", pause)
				}
				if d := w.deliveries()[0]; d.State != model.StateBooked || w.ledger.posts != 1 {
					t.Errorf("%s after %d sendings", d.State, w.ledger.posts)
				}
				w.end()
			})
		})
	}
}
