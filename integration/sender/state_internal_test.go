package sender

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"loonbrug/data/model"
	"loonbrug/integration/target"
)

var update = flag.Bool("update", false, "write the golden table anew")

func allStates() []model.State {
	return []model.State{
		model.StateQueued, model.StateChecking, model.StateSending, model.StateAccepted, model.StateBooked,
		model.StateRefused, model.StateUnknown, model.StateMarked, model.StateNothingToBook, model.StateWithdrawn,
	}
}

func allEvents() []Event {
	var all []Event
	for e := range rules() {
		all = append(all, e)
	}
	slices.Sort(all)
	return all
}

// table writes, for every state and event, where a delivery goes that was sent
// before sends times and looked up misses times.
func table(t *testing.T) string {
	var b strings.Builder
	for _, personDecides := range []bool{false, true} {
		fmt.Fprintf(&b, "a person decides about unknown outcomes: %v\n", personDecides)
		for _, s := range allStates() {
			for _, e := range allEvents() {
				var ways []string
				for sends := 1; sends <= mostSends; sends++ {
					for misses := range missesNeeded + 1 {
						d := model.Delivery{State: s, Sends: sends, Misses: misses}
						to, err := next(d, happening{event: e, at: time.Unix(1000, 0)}, DefaultTiming(), personDecides)
						if err != nil {
							continue
						}
						way := string(to.State)
						if to.Person {
							way += " (person)"
						}
						if !slices.Contains(ways, way) {
							ways = append(ways, way)
						}
					}
				}
				if len(ways) > 0 {
					fmt.Fprintf(&b, "  %-9s --%s--> %s\n", s, e, strings.Join(ways, " | "))
				}
			}
		}
	}
	return b.String()
}

func TestNext_Table(t *testing.T) {
	const golden = "testdata/states.txt"
	got := table(t)
	if *update {
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Fatalf("the table of states changed; if that is meant, run with -update and read the difference:\n%s", got)
	}
}

// TestNext_Laws walks random lives of deliveries and checks what must hold
// whatever happens.
func TestNext_Laws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		timing := Timing{Lease: 10 * time.Second, Deadline: time.Second, Request: 2 * time.Second, Settle: 8 * time.Second, Sweep: time.Second}
		personDecides := rapid.Bool().Draw(t, "personDecides")
		now := time.Unix(1_000_000, 0)
		d := model.Delivery{State: model.StateQueued}
		doubt := false // a sending may have arrived that nobody has settled yet
		for range 60 {
			now = now.Add(time.Duration(rapid.IntRange(0, 30).Draw(t, "seconds")) * time.Second)
			h := happening{event: rapid.SampledFrom(allEvents()).Draw(t, "event"), at: now}
			h.outcome.RetryAfter = time.Duration(rapid.IntRange(0, 5).Draw(t, "after")) * time.Second
			if h.event == EventMissed && now.Before(d.NotBefore) {
				continue // a sender does not look before it may
			}
			if h.event == EventSendAgain && (!d.Person || d.Misses < missesNeeded) {
				continue // refused by SendAgain
			}
			to, err := next(d, h, timing, personDecides)
			if err != nil {
				if to.State != d.State || to.Sends != d.Sends {
					t.Fatalf("%s on %s failed and changed the delivery", h.event, d.State)
				}
				continue
			}
			check(t, d, to, h, timing, personDecides)
			switch h.event {
			case EventAmbiguous, EventLeaseOver:
				doubt = true
			case EventFound, EventProved, EventSendAgain:
				doubt = false
			case EventMissed:
				doubt = to.State == model.StateUnknown
			}
			if to.State == model.StateQueued && doubt {
				t.Fatalf("%s queued a delivery in doubt", h.event)
			}
			if to.State == model.StateRefused && doubt && d.State == model.StateSending {
				t.Fatalf("%s refused a delivery in doubt", h.event)
			}
			d = to
		}
	})
}

func check(t *rapid.T, d, to model.Delivery, h happening, timing Timing, personDecides bool) {
	switch {
	case to.Sends < 0:
		t.Fatal("negative sendings")
	case to.State == model.StateSending && h.event != EventIntent:
		t.Fatalf("%s leads to sending", h.event)
	case d.State == model.StateSending && to.State == model.StateQueued && h.event != EventNotSent && h.event != EventDeferred:
		t.Fatalf("%s queues what may have arrived", h.event)
	case d.State == model.StateUnknown && to.State == model.StateQueued && personDecides && h.event != EventSendAgain:
		t.Fatalf("%s sends again where a person decides", h.event)
	case d.State == model.StateUnknown && to.State == model.StateQueued && h.event == EventMissed && to.Misses < missesNeeded:
		t.Fatalf("sent again after %d misses", to.Misses)
	case to.State == model.StateUnknown && (h.event == EventAmbiguous || h.event == EventLeaseOver) && to.NotBefore.Before(d.SentAt.Add(timing.Lease+timing.Settle)):
		t.Fatal("looked up before the settle window is over")
	case decides(h.event) && !to.State.Final():
		t.Fatalf("%s leads to %s", h.event, to.State)
	case to.State.Final() && !to.LeaseUntil.IsZero():
		t.Fatal("a final state keeps its lease")
	case d.State.Final() && !decides(h.event) && (to.State != d.State || to.Number != d.Number || !looksAgain(h.event)):
		t.Fatalf("%s moves a final delivery", h.event)
	case to.Sends > d.Sends+1:
		t.Fatal("two sendings at once")
	}
}

// decides tells whether an event is a person's decision about a delivery that is
// over. None of them has the sender take it up again.
func decides(e Event) bool {
	return e == EventTakenBack || e == EventGivenUp || e == EventVoided || e == EventKept
}

// looksAgain tells whether an event belongs to a look for drafts too many, which
// changes nothing about what became of a delivery.
func looksAgain(e Event) bool {
	return slices.Contains([]Event{EventOrphan, EventDiscarded, EventSwept, EventNotSwept, EventSweepNow}, e)
}

// A refusal proves nothing about an earlier sending, and does not say so either.
func TestNext_RefusedAfterDoubt(t *testing.T) {
	refusal := happening{event: EventRejected, at: time.Unix(0, 0), outcome: target.Outcome{
		Class: target.Rejected, Problem: model.NewProblem("cash.refused"),
	}}
	for sends, want := range map[int]string{1: "cash.refused", 2: "delivery.outcome_unknown"} {
		d, err := next(model.Delivery{State: model.StateSending, Sends: sends}, refusal, DefaultTiming(), false)
		if err != nil || d.Problem.Code != want || (d.State == model.StateUnknown) != (sends > 1) {
			t.Errorf("after %d sendings: %s %v, %v", sends, d.State, d.Problem, err)
		}
	}
}

// What an outcome says about waiting and evidence counts, whether the target has
// the entry or certainly not.
func TestNext_WaitsAndLearns(t *testing.T) {
	at := time.Unix(1000, 0)
	for _, e := range []Event{EventPending, EventDeferred, EventNotSent} {
		d := model.Delivery{State: model.StateSending, Sends: 1, Evidence: map[string]string{"job": "asked", "document": "1"}}
		o := target.Outcome{RetryAfter: time.Hour, Evidence: map[string]string{"job": ""}}
		to, err := next(d, happening{event: e, at: at, outcome: o}, DefaultTiming(), false)
		if err != nil {
			t.Fatal(err)
		}
		if !to.NotBefore.Equal(at.Add(time.Hour)) || to.Evidence["job"] != "" || to.Evidence["document"] != "1" {
			t.Errorf("%s: %+v", e, to)
		}
	}
}

func TestEqual(t *testing.T) {
	dim := func(id, v string) []model.DimensionCode { return []model.DimensionCode{{Dimension: id, Value: v}} }
	sent := model.Entry{Lines: []model.EntryLine{
		{LedgerAccount: "1700", Amount: -100},
		{LedgerAccount: "4000", Amount: 50, Dimensions: dim("1", "100")},
		{LedgerAccount: "4000", Amount: 50},
	}}
	same := func() []model.EntryLine {
		return []model.EntryLine{
			{LedgerAccount: "4000", Amount: 50, Text: "cut", Dimensions: dim("1", "000")},
			{LedgerAccount: "4000", Amount: 50, Dimensions: dim("1", "100")},
			{LedgerAccount: "1700", Amount: -100},
		}
	}
	if !equal(sent, target.Booked{Lines: same()}) {
		t.Fatal("the same booking differs")
	}
	for name, change := range map[string]func(l []model.EntryLine) []model.EntryLine{
		"a cent":       func(l []model.EntryLine) []model.EntryLine { l[0].Amount++; return l },
		"side":         func(l []model.EntryLine) []model.EntryLine { l[2].Amount = 100; return l },
		"account":      func(l []model.EntryLine) []model.EntryLine { l[0].LedgerAccount = "04000"; return l },
		"dimension":    func(l []model.EntryLine) []model.EntryLine { l[1].Dimensions = dim("1", "200"); return l },
		"line missing": func(l []model.EntryLine) []model.EntryLine { return l[1:] },
		"line twice":   func(l []model.EntryLine) []model.EntryLine { return append(l, l[2]) },
		"none":         func([]model.EntryLine) []model.EntryLine { return nil },
	} {
		if equal(sent, target.Booked{Lines: change(same())}) {
			t.Errorf("%s: taken as equal", name)
		}
	}
}

// A settle window that is set for a target holds for it alone, from then on.
func TestSetSettle(t *testing.T) {
	s, err := New(nil, nil, Options{})
	if err != nil {
		t.Fatal(err)
	}
	at := time.Unix(1000, 0)
	looked := func(to string) time.Duration {
		d := model.Delivery{Target: to, State: model.StateSending, Sends: 1, SentAt: at}
		d, _, err := s.plan(d, happening{event: EventAmbiguous, at: at})
		if err != nil {
			t.Fatal(err)
		}
		if window := s.settleWindow(to); d.NotBefore.Sub(at) != window {
			t.Errorf("%s is looked up after %s and quiet for %s", to, d.NotBefore.Sub(at), window)
		}
		return d.NotBefore.Sub(at)
	}
	if got := looked("a"); got != 20*time.Minute {
		t.Errorf("looked up after %s", got)
	}
	if err := s.SetSettle(map[string]time.Duration{"a": 30 * time.Minute}); err != nil {
		t.Fatal(err)
	}
	if a, b := looked("a"), looked("b"); a != 35*time.Minute || b != 20*time.Minute {
		t.Errorf("looked up after %s and %s", a, b)
	}
	if s.SetSettle(map[string]time.Duration{"a": 0}) == nil || looked("a") != 35*time.Minute {
		t.Error("no settle window at all is taken")
	}
}

func TestTiming(t *testing.T) {
	for _, timing := range []Timing{DefaultTiming(), PracticeTiming()} {
		if err := timing.validate(); err != nil {
			t.Error(err)
		}
	}
	short := DefaultTiming()
	short.Lease = short.Deadline + short.Request
	if short.validate() == nil {
		t.Error("a request may outlive its lease")
	}
}
