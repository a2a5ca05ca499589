package torture_test

import (
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
	"unsafe"
)

// clock is the clock of one computer: it can be set, and its steady reading
// stands still while the computer sleeps.
type clock struct {
	wall, steady atomic.Int64 // how far each is from the true time
}

func (c *clock) now() time.Time {
	wall := time.Now().Add(time.Duration(c.wall.Load()))
	return steadied(wall, time.Since(epoch)+time.Duration(c.steady.Load()))
}

// set moves what people read and leaves the steady reading alone.
func (c *clock) set(by time.Duration) { c.wall.Add(int64(by)) }

// slept is what a sleep of that length does to the steady reading.
func (c *clock) slept(d time.Duration) { c.steady.Add(-int64(d)) }

// steadied gives a time a steady reading of its own, which nothing public can
// and which times in a bubble do not have; TestClock checks that it does.
func steadied(t time.Time, steady time.Duration) time.Time {
	const (
		has         = 1 << 63
		until1885   = (1884*365 + 1884/4 - 1884/100 + 1884/400) * 86400
		until1970   = (1969*365 + 1969/4 - 1969/100 + 1969/400) * 86400
		nanosecBits = 30
	)
	layout := (*struct {
		wall uint64
		ext  int64
		loc  *time.Location
	})(unsafe.Pointer(&t))
	layout.wall = has | uint64(t.Unix()+until1970-until1885)<<nanosecBits | uint64(t.Nanosecond())
	layout.ext = int64(steady)
	return t
}

// TestClock_SetInTheQuietTime sets the clock while a booking is still on its way.
// A clock that runs ahead must not end the quiet time early.
func TestClock_SetInTheQuietTime(t *testing.T) {
	oneAtATime(t)
	for _, m := range modes() {
		tmpl := newTemplate(t, shape{m})
		for _, by := range []time.Duration{time.Hour, -time.Hour, 24 * time.Hour} {
			for _, restart := range []bool{false, true} {
				synctest.Test(t, func(t *testing.T) {
					w := newWorld(t, tmpl)
					w.ledger.answer = func(_ string, nth int) answer {
						if nth == 0 {
							return answerLate
						}
						return answerOK
					}
					w.live([]event{{10 * time.Second, func(p *program) *program {
						w.clock.set(by)
						if restart {
							p.kill()
						}
						return nil
					}}})
					w.stop()
					if broken := audit(w.evidence()); len(broken) > 0 {
						t.Errorf("%s, set by %s, restarted %t: %v", m, by, restart, broken)
					}
					w.close()
				})
			}
		}
	}
}

// TestClock_SetBackFar has a clock that ran a month ahead put right while
// deliveries wait: they do not wait for that month, whether the program saw it
// happen or begins after it.
func TestClock_SetBackFar(t *testing.T) {
	oneAtATime(t)
	const ahead = 30 * 24 * time.Hour
	for _, m := range modes() {
		tmpl := newTemplate(t, shape{m})
		for _, first := range []answer{answerLate, answerThrottle, answerLostBefore} {
			for _, restart := range []bool{false, true} {
				synctest.Test(t, func(t *testing.T) {
					w := newWorld(t, tmpl)
					w.ledger.answer = func(_ string, nth int) answer {
						if nth == 0 {
							return first
						}
						return answerOK
					}
					w.clock.set(ahead)
					w.live([]event{{2 * time.Second, func(p *program) *program {
						w.clock.set(-ahead)
						if restart {
							p.kill()
						}
						return nil
					}}})
					w.stop()
					if broken := audit(w.evidence()); len(broken) > 0 {
						t.Errorf("%s, %s, restarted %t: %v", m, first, restart, broken)
					}
					w.close()
				})
			}
		}
	}
}

func TestClock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var c clock
		start := c.now()
		c.set(time.Hour)
		c.slept(10 * time.Minute)
		time.Sleep(30 * time.Minute)
		now := c.now()
		if wall := now.Round(0).Sub(start.Round(0)); wall != 90*time.Minute {
			t.Errorf("the wall clock moved by %s", wall)
		}
		if steady := now.Sub(start); steady != 20*time.Minute {
			t.Errorf("the steady clock moved by %s", steady)
		}
	})
}
