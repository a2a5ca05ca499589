package office_test

import (
	"testing"

	"loonbrug/data/journal"
	"loonbrug/data/model"
)

// revise gives a run a later journal and the changes that come of it.
func (h *shop) revise(name string) []model.Change {
	h.t.Helper()
	added, err := h.ReviseByFile(h.t.Context(), h.run.ID, name, nil)
	if err != nil || !added {
		h.t.Fatal(added, err)
	}
	changes, err := h.Changes(h.t.Context(), h.run.ID, h.mapping.ID)
	must(h.t, err)
	return changes
}

func (h *shop) correct(ways map[journal.Period]model.Way) model.RunTarget {
	h.t.Helper()
	_, err := h.Correct(h.t.Context(), h.run.ID, h.mapping.ID, ways, "recalculated")
	must(h.t, err)
	return h.rested()
}

// A later journal offers the difference, the reversal with the new entry, or
// nothing, and after each of them the books are as they were chosen to be.
func TestCorrect(t *testing.T) {
	b := &books{}
	h := open(t, b, b, files{"first": wages(100, 200, 300, 400), "later": wages(110, 150, 300, 390)})
	h.send()
	changes := h.revise("later")
	if len(changes) != 3 {
		t.Fatalf("changes %+v", changes)
	}
	for i, want := range []journal.Amount{10, -50, -10} {
		var sum, wages journal.Amount
		for _, l := range changes[i].Difference.Lines {
			sum += l.Amount
			if l.LedgerAccount == "4000" {
				wages += l.Amount
			}
		}
		if sum != 0 || wages != want || !changes[i].Reversible || len(changes[i].Difference.Lines) != 2 {
			t.Errorf("%s: %+v", changes[i].Period, changes[i].Difference)
		}
	}
	if rows, _ := h.Runs(t.Context(), model.RunFilter{}); !rows[0].Run.Changed {
		t.Error("the run is not marked as changed")
	}
	_, err := h.Correct(t.Context(), h.run.ID, h.mapping.ID, nil, "")
	wantCode(t, err, "undo.no_reason")

	rt := h.correct(map[journal.Period]model.Way{period(1): model.WayDifference, period(2): model.WayExchange, period(4): model.WayNothing})
	if rt.Deliveries[0].Kind != model.KindDifference || rt.Deliveries[1].Kind != model.KindExchange || b.balance("4000") != 110+0+300+400 {
		t.Errorf("after the corrections: %+v, %s", rt.Deliveries, b.balance("4000"))
	}
	must(t, h.Exchange(t.Context()))
	must(t, h.Exchange(t.Context())) // what was followed is not followed twice
	rt = h.rested()
	h.wantStates(rt, booked, booked, booked, booked, booked)
	if b.balance("4000") != 110+150+300+400 || len(b.have) != 4+1+2 {
		t.Errorf("in the end %s in %d bookings", b.balance("4000"), len(b.have))
	}
	if left, err := h.Changes(t.Context(), h.run.ID, h.mapping.ID); err != nil || len(left) != 0 {
		t.Errorf("left: %+v, %v", left, err)
	}
	if rows, _ := h.Runs(t.Context(), model.RunFilter{}); rows[0].Run.Changed {
		t.Error("the run is still marked as changed")
	}
	s, err := h.store.Snapshot(t.Context(), h.run.ID)
	if err != nil || s.Hash != "first" {
		t.Errorf("the first journal became %s, %v", s.Hash, err)
	}
}

// A second later journal is compared with all that is booked by then.
func TestCorrect_Twice(t *testing.T) {
	b := &books{}
	h := open(t, b, b, files{"first": wages(100), "later": wages(110), "latest": wages(130)})
	h.send()
	h.revise("later")
	h.correct(map[journal.Period]model.Way{period(1): model.WayDifference})
	changes := h.revise("latest")
	if len(changes) != 1 || len(changes[0].Booked.Lines) != 4 {
		t.Fatalf("changes %+v", changes)
	}
	h.correct(map[journal.Period]model.Way{period(1): model.WayDifference})
	if b.balance("4000") != 130 || len(b.have) != 3 {
		t.Errorf("%s in %d bookings", b.balance("4000"), len(b.have))
	}
	_, err := h.Reverse(t.Context(), h.run.ID, h.mapping.ID, period(1), "all of it")
	must(t, err)
	if h.rested(); b.balance("4000") != 0 || len(b.have) != 4 {
		t.Errorf("after the reversal %s in %d bookings", b.balance("4000"), len(b.have))
	}
}

// A period that the later journal has not, or has more, and one that was not
// sent yet.
func TestCorrect_Periods(t *testing.T) {
	b := &books{refuse: map[string]bool{period(2).String(): true}}
	h := open(t, b, b, files{"first": wages(100, 200), "later": wages(0, 250, 300)})
	h.send()
	b.refuse = nil
	changes := h.revise("later")
	if len(changes) != 1 || changes[0].Period != period(1) || len(changes[0].Difference.Lines) != 2 {
		t.Fatalf("changes %+v", changes)
	}
	h.correct(map[journal.Period]model.Way{period(1): model.WayDifference})
	rt := h.send()
	h.wantStates(rt, booked, booked, booked, booked)
	if rt.Periods != 3 || b.balance("4000") != 550 {
		t.Errorf("%d periods, %s", rt.Periods, b.balance("4000"))
	}
}

// The file of a later journal is known when it comes once more by itself.
func TestRevise_KnownAgain(t *testing.T) {
	b := &books{}
	h := open(t, b, b, files{"first": wages(100), "later": wages(110)})
	h.revise("later")
	if added, err := h.ReviseByFile(t.Context(), h.run.ID, "later", nil); err != nil || added {
		t.Error(added, err)
	}
	again, known, err := h.Import(t.Context(), h.run.CompanyID, "later", nil)
	if err != nil || !known || again.ID != h.run.ID {
		t.Errorf("became run %d, known %v: %v", again.ID, known, err)
	}
}
