package torture_test

import (
	"testing"
	"testing/synctest"
	"time"
)

// TestDuplicate has a target that books later than anybody allows for, and that
// refuses the second sending because the first is already in its queue. That
// refusal is not the truth about the entry.
func TestDuplicate(t *testing.T) {
	oneAtATime(t)
	for _, m := range modes() {
		tmpl := newTemplate(t, shape{m})
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t, tmpl)
			w.ledger.lateness = 10 * time.Minute
			w.ledger.answer = func(_ string, nth int) answer {
				return []answer{answerLate, answerRefuse, answerOK}[min(nth, 2)]
			}
			w.live(nil)
			w.stop()
			if broken := audit(w.evidence()); len(broken) > 0 {
				t.Errorf("duplicate, mode %s: %v", m, broken)
			}
			w.close()
		})
	}
}
