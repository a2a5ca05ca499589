package torture_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"loonbrug/integration/sender"
)

// TestTwoPeople has two people decide about one delivery at the same moment, each
// in a window of their own: the second one to be written down is told that it was
// too late, because what it was decided about is no longer so.
func TestTwoPeople(t *testing.T) {
	oneAtATime(t)
	tmpl := newTemplate(t, shape{modePerson})
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, tmpl)
		w.ledger.answer = func(_ string, nth int) answer {
			if nth == 0 {
				return answerLostBefore
			}
			return answerOK
		}
		held := false
		w.trap = func(_ *program, point, _ string, _ int) spring {
			if point != "apply look_again/before" || held {
				return spring{}
			}
			held = true
			return spring{pause: 10 * time.Minute}
		}
		w.live([]event{{2 * time.Hour, func(p *program) *program {
			ctx, id := context.Background(), w.ids[0]
			w.must(p.sender.Pause(ctx))
			slow := make(chan error, 1)
			go func() { slow <- p.sender.LookAgain(ctx, id) }()
			time.Sleep(time.Minute)
			w.must(p.sender.SendAgain(ctx, id, sender.Decision{}))
			w.acceptable(<-slow)
			w.must(p.sender.Continue(ctx))
			return nil
		}}})
		w.stop()
		if !held {
			t.Error("nobody looked again")
		}
		if broken := audit(w.evidence()); len(broken) > 0 {
			t.Errorf("two people: %v", broken)
		}
		w.close()
	})
}
