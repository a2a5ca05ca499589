package main

import (
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"loonbrug/data/journal"
	"loonbrug/data/model"
	"loonbrug/integration/office"
	"loonbrug/integration/practice"
	"loonbrug/integration/practice/books"
)

// TestErased: a booking whose entry was erased is reversed at every target by what
// the target has: afterwards its books are at zero, a second click books nothing
// more, and what somebody changed there is left alone.
func TestErased(t *testing.T) {
	systems := servedPractice(t)
	var afterYears atomic.Bool
	s := officeWith(t, systems, office.Options{
		Open: func(string) error { return errors.New("no browser") }, Language: func() string { return "en" },
		Now: func() time.Time {
			if afterYears.Load() {
				return time.Date(2027, time.April, 1, 0, 0, 0, 0, time.Local)
			}
			return time.Now()
		},
	})
	ctx := t.Context()
	run := s.onlyRun(t)
	s.approving(t)
	s.sendAll(t, run, "")
	s.until(t, "all is booked", func() bool { return s.bookedBut(t, run, "") })

	erased := func(want int) {
		t.Helper()
		afterYears.Store(true)
		defer afterYears.Store(false) // the sender lives today
		if n, err := s.office.EraseDue(ctx); n != want || err != nil {
			t.Fatalf("%d erased, not %d: %v", n, want, err)
		}
	}
	erased(1)
	logos := s.find(t, run).Targets
	for _, logo := range logos {
		d := logo.Deliveries[len(logo.Deliveries)-1]
		_, err := s.office.Entry(ctx, d.ID)
		wantProblemCode(t, err, "journal.erased")
		moveAt(t, systems, d.Target, d.Key)
		_, err = s.office.Reverse(ctx, run, logo.MappingID, d.Period, "wrong run")
		wantProblemCode(t, err, "undo.changed_there")
	}
	reverse := func(logo model.RunTarget, p journal.Period) error {
		_, err := s.office.Reverse(ctx, run, logo.MappingID, p, "wrong run")
		return err
	}
	for _, logo := range logos {
		for _, d := range logo.Deliveries[:len(logo.Deliveries)-1] {
			var clicks [2]error
			var both sync.WaitGroup
			for i := range clicks {
				both.Go(func() { clicks[i] = reverse(logo, d.Period) })
			}
			both.Wait()
			if (clicks[0] == nil) == (clicks[1] == nil) {
				t.Errorf("%s %s: two clicks gave %v and %v", d.Target, d.Period, clicks[0], clicks[1])
			}
		}
	}
	s.until(t, "the reversals are booked", func() bool {
		return !slices.ContainsFunc(s.find(t, run).Targets, func(logo model.RunTarget) bool {
			return slices.ContainsFunc(logo.Deliveries, func(d model.Delivery) bool { return !d.State.Final() })
		})
	})
	for _, logo := range s.find(t, run).Targets {
		for _, d := range logo.Deliveries[:len(logo.Deliveries)-1] {
			if d.State != model.StateBooked || d.Kind != model.KindReversal {
				t.Errorf("%s %s: %s %s %v", d.Target, d.Period, d.Kind, d.State, d.Problem)
			}
			if err := reverse(logo, d.Period); err == nil {
				t.Errorf("%s %s was reversed twice", d.Target, d.Period)
			}
		}
		atZero(t, systems, logo)
	}
	// What was made for the reversals is erased with the next round, and nothing else.
	erased(1)
	erased(0)
	if v, err := s.office.Verify(ctx); err != nil || len(v.Breaches) > 0 {
		t.Errorf("verified: %+v, %v", v, err)
	}
}

// approving has all bookings approved at their targets, which they are erased
// after alone.
func (s *services) approving(t *testing.T) {
	t.Helper()
	mappings, err := s.office.Mappings(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range mappings {
		switch m.Target {
		case practice.VismaNet:
			m.Options = map[string]string{"batch": "release"}
		case practice.Procountor:
			m.Options = map[string]string{"approve": "true"}
		}
		if err := s.office.SaveMapping(t.Context(), &m); err != nil {
			t.Fatal(err)
		}
	}
}

// moveAt has a bookkeeper move the first line of a booking at its system.
func moveAt(t *testing.T, systems *practice.Systems, id, key string) {
	t.Helper()
	system, _ := systems.Find(id)
	for _, j := range journalsAt(t, system) {
		if j.Key() != key {
			continue
		}
		move := map[string]func(company, number, account string) error{
			practice.CASH: systems.CASH.Move, practice.VismaNet: systems.VismaNet.Move, practice.Procountor: systems.Procountor.Move,
		}[id]
		if err := move(j.Company, j.Number, j.Lines[1].Account); err != nil {
			t.Fatal(err)
		}
		return
	}
	t.Fatalf("%s has no %s", id, key)
}

// atZero wants the books of a system to have every reversed period twice, with
// nothing left of it on any ledger account.
func atZero(t *testing.T, systems *practice.Systems, logo model.RunTarget) {
	t.Helper()
	system, _ := systems.Find(logo.Target)
	all := journalsAt(t, system)
	for key, n := range books.CountByKey(all) {
		if n != 1 {
			t.Errorf("%s has %s %d times", system.Name, key, n)
		}
	}
	kept := logo.Deliveries[len(logo.Deliveries)-1]
	left := make(map[string]journal.Amount)
	for _, j := range all {
		for _, l := range j.Lines {
			if j.Key() != kept.Key {
				left[l.Account] += l.Amount
			}
		}
	}
	for account, amount := range left {
		if amount != 0 {
			t.Errorf("%s has %s left on %s", system.Name, amount, account)
		}
	}
	if len(all) != 2*len(logo.Deliveries)-1 {
		t.Errorf("%s has %d bookings of %d periods", system.Name, len(all), len(logo.Deliveries))
	}
}

func wantProblemCode(t *testing.T, err error, code string) {
	t.Helper()
	if p := model.ProblemOf(err); p == nil || p.Code != code {
		t.Errorf("problem %v, want %s", err, code)
	}
}
