package torture_test

import (
	"flag"
	"fmt"
	"os"
	"runtime"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"loonbrug/data/store/storetest"
)

// What a run of the tests is to do beyond the short version.
var (
	whole     = flag.Bool("whole", false, "every schedule, not a sample")
	seeds     = flag.Uint64("seeds", 0, "simulated seeds; 0 is the short version")
	firstSeed = flag.Uint64("seed", 0, "repeat this one seed and tell its story")
	figures   = flag.String("figures", "", "file to which figures are added, one a line")
	untilDead = flag.Bool("until-dead", false, "stop at the first broken invariant, for mutants")
)

// figure adds a line to the table that the whole ends with.
func figure(t *testing.T, what string, n any) {
	t.Helper()
	if storetest.OnServer() {
		what += ", on PostgreSQL"
	}
	line := fmt.Sprintf("%-70s %v", what, n)
	t.Log(line)
	if *figures == "" {
		return
	}
	f, err := os.OpenFile(*figures, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := fmt.Fprintln(f, line); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}

// oneAtATime makes the order of steps repeat: a simulation runs on one thread.
func oneAtATime(t *testing.T) {
	before := runtime.GOMAXPROCS(1)
	t.Cleanup(func() { runtime.GOMAXPROCS(before) })
}

// harm is what happens at a point: the program dies, or it is held up while the
// rest of it goes on, or held up while a second program takes over.
type harm string

const (
	harmCrash    harm = "crash"
	harmPause    harm = "pause"
	harmTakeover harm = "takeover"
)

func harms() []harm { return []harm{harmCrash, harmPause, harmTakeover} }

// The longer pause outlives the lease, the settle window and a second sending;
// the shorter one ends before the first byte would be too late, while a second
// program has taken over already.
const (
	longPause  = 15 * time.Minute
	shortPause = 20 * time.Second
)

// points are where a schedule does harm, at the first passing.
func points(m mode) []string {
	all := []string{
		"claim/before", "claim/after", "find/before", "find/after", "prepare/after",
		"apply intent/before", "apply intent/after", "post/before", "post/after",
		"apply accepted/before", "apply accepted/after", "apply ambiguous/before", "apply ambiguous/after",
		"read/before", "read/after", "apply proved/before", "apply proved/after",
		"apply missed/before", "apply missed/after", "apply rejected/before", "apply pending/after", "apply found/before", "apply found/after",
	}
	if m == modeDraft {
		all = append(all, "approve/before", "approve/after", "apply unapproved/before",
			"apply orphan/before", "apply orphan/after", "invalidate/before", "invalidate/after",
			"apply discarded/before", "apply discarded/after", "apply swept/before", "apply swept/after")
	}
	return all
}

// schedule is one way in which one sending can go.
type schedule struct {
	mode          mode
	first, second answer
	point         string
	harm          harm
}

func (s schedule) String() string {
	return fmt.Sprintf("%s/%s,%s/%s at %s", s.mode, s.first, s.second, s.harm, s.point)
}

func schedules(m mode) (all []schedule) {
	for _, first := range answers() {
		for _, second := range answers() {
			for _, point := range points(m) {
				for _, h := range harms() {
					all = append(all, schedule{m, first, second, point, h})
				}
			}
		}
	}
	return all
}

// run plays a schedule and audits it. sprung tells whether the point was
// reached at all.
func (s schedule) run(t *testing.T, tmpl *template, c coverage) (broken []finding, sprung bool) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, tmpl)
		w.seen = c.together()
		w.ledger.answer = func(_ string, nth int) answer {
			return append([]answer{s.first, s.second}, answerOK)[min(nth, 2)]
		}
		w.trap = func(p *program, point, _ string, _ int) spring {
			if point != s.point || sprung || p.number > 0 {
				return spring{}
			}
			sprung = true
			switch s.harm {
			case harmCrash:
				return spring{kill: true}
			case harmPause:
				return spring{pause: longPause}
			}
			w.second = true
			return spring{pause: shortPause}
		}
		w.live(nil)
		w.stop()
		broken = audit(w.evidence())
		w.close()
	})
	return broken, sprung
}

// TestSchedules plays every schedule of one sending in every mode, or a sample
// of them spread over all.
func TestSchedules(t *testing.T) {
	oneAtATime(t)
	step := 61
	if *whole {
		step = 1
	}
	c := make(coverage)
	played := 0
	for _, m := range modes() {
		clean := t.Run(string(m), func(t *testing.T) {
			playAll(t, m, step, c)
			played++
		})
		if !clean && *untilDead {
			t.FailNow()
		}
	}
	if *whole && played == len(modes()) {
		c.demand(t, slices.Concat(allAnswers(), allPoints()))
	}
}

// playAll plays every schedule of a mode, or each so many.
func playAll(t *testing.T, m mode, step int, c coverage) {
	tmpl := newTemplate(t, shape{m})
	played, sprung := 0, 0
	for i, s := range schedules(m) {
		if i%step != 0 {
			continue
		}
		broken, reached := s.run(t, tmpl, c)
		played++
		if reached {
			sprung++
		}
		if len(broken) > 0 {
			t.Errorf("schedule %s: %v", s, broken)
			if *untilDead {
				t.FailNow()
			}
		}
	}
	figure(t, "schedules played, mode "+string(m), played)
	figure(t, "  of which the point was reached", sprung)
}

// TestDrafts plays the schedules in which a draft lands an hour after another one was
// made in its place: at the end only the adopted one may be left.
func TestDrafts(t *testing.T) {
	oneAtATime(t)
	step := 7
	if *whole {
		step = 1
	}
	c := make(coverage)
	tmpl := newTemplate(t, shape{modeDraft})
	played := 0
	for i, s := range schedules(modeDraft) {
		if s.first != answerLate || s.second != answerOK || i%step != 0 {
			continue
		}
		broken, _ := s.run(t, tmpl, c)
		played++
		if len(broken) > 0 {
			t.Errorf("schedule %s: %v", s, broken)
			if *untilDead {
				t.FailNow()
			}
		}
	}
	c.demand(t, []string{"discarded", "edge booked discarded booked"})
	if *whole {
		c.demand(t, []string{"crash apply discarded/before", "pause apply discarded/before", "crash apply discarded/after", "pause apply discarded/after"})
	}
	figure(t, "schedules with a late draft", played)
	figure(t, "  drafts too many, made invalid", c["discarded"])
}

// demand fails on whatever was not reached.
func (c coverage) demand(t *testing.T, all []string) {
	t.Helper()
	for _, f := range c.missing(all) {
		t.Error(f)
	}
}

func allAnswers() (all []string) {
	for _, a := range answers() {
		all = append(all, string(a))
	}
	return all
}

func allPoints() (all []string) {
	for _, p := range points(modeDraft) {
		all = append(all, "crash "+p, "pause "+p)
	}
	return all
}
