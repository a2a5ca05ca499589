package store_test

import (
	"encoding/hex"
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"loonbrug/data/model"
)

// years is after the time of everything in these tests.
var years = noon.AddDate(20, 0, 0)

// erased are runs with a booked delivery each, whose entries were erased.
func (b *bundle) erased(n int) (all []model.Delivery) {
	b.t.Helper()
	for range n {
		d := b.queue()
		to := d
		to.State, to.Number = model.StateBooked, "M-1"
		err := b.Apply(b.t.Context(), d, to, model.Attempt{At: noon, Event: "proved"}, &model.Receipt{Number: "M-1", BookedAt: noon, Debit: 1, Credit: 1})
		if err != nil {
			b.t.Fatal(err)
		}
		if n, err := b.Erase(b.t.Context(), noon, d.RunID); n != 1 || err != nil {
			b.t.Fatalf("%d erased: %v", n, err)
		}
		all = append(all, b.delivery(d.ID))
	}
	return all
}

// TestRemove: nothing is left of a run whose time is over, the history tells of it
// and holds, and the guards stand again.
func TestRemove(t *testing.T) {
	b := lived(t, setup(t))
	ctx := t.Context()
	gone, stays := b.erased(2), b.erased(1)[0]
	if n, err := b.Remove(ctx, years, gone[0].RunID, gone[1].RunID, 999); n != 2 || err != nil {
		t.Fatalf("%d removed: %v", n, err)
	}
	for _, d := range gone {
		for what, err := range map[string]error{
			"run":      second(b.Run(ctx, d.RunID)),
			"delivery": second(b.Delivery(ctx, d.ID)),
			"receipt":  second(b.Receipt(ctx, d.ID)),
			"journal":  second(b.Snapshot(ctx, d.RunID)),
		} {
			if err == nil {
				t.Errorf("the %s is still there", what)
			}
		}
	}
	must[model.Receipt](t)(b.Receipt(ctx, stays.ID))
	var told []string
	for _, e := range must[[]model.Event](t)(b.History(ctx, model.HistoryFilter{Limit: 4})) {
		told = append(told, fmt.Sprintf("%s %d %s", e.Kind, e.Subject, e.Name))
	}
	slices.Reverse(told)
	var want []string
	for _, d := range gone {
		want = append(want, fmt.Sprintf("delivery.removed %d %s", d.ID, d.Key), fmt.Sprintf("run.removed %d %s", d.RunID, d.Reference))
	}
	same(t, told, want)
	if v := b.verify(); len(v.Breaches) > 0 {
		t.Errorf("verified: %+v", v)
	}
	for _, text := range []string{"DELETE FROM attempt", "DELETE FROM delivery"} {
		if err := b.Exec(text); err == nil {
			t.Errorf("allowed: %s", text)
		}
	}
	b.claim(noon) // goes on working
}

func second[T any](_ T, err error) error { return err }

// TestRemove_OnlyWhatIsFinished: whatever state the deliveries of runs are in, only
// erased runs go of which nothing is left to be done.
func TestRemove_OnlyWhatIsFinished(t *testing.T) {
	b := setup(t)
	ctx := t.Context()
	states := []model.State{
		model.StateQueued, model.StateChecking, model.StateSending, model.StateAccepted, model.StateUnknown,
		model.StateBooked, model.StateRefused, model.StateMarked, model.StateNothingToBook, model.StateWithdrawn,
	}
	rapid.Check(t, func(rt *rapid.T) {
		d := b.erased(1)[0]
		may := true
		to := d
		to.State = rapid.SampledFrom(states).Draw(rt, "state")
		to.Person = rapid.Bool().Draw(rt, "person")
		to.Approval = rapid.SampledFrom([]model.Approval{model.ApprovalNone, model.ApprovalGiven, model.ApprovalWaiting}).Draw(rt, "approval")
		if rapid.Bool().Draw(rt, "swept") {
			to.SweepAt = noon
		}
		may = to.State.Final() && !to.Person && to.Approval != model.ApprovalWaiting && to.SweepAt.IsZero()
		b.apply(d, to)
		run := d.RunID
		if rapid.IntRange(0, 3).Draw(rt, "erased") == 0 {
			run, may = b.queueOver(), false // never erased
		}
		if rapid.IntRange(0, 3).Draw(rt, "named") == 0 {
			if err := b.HoldRun(ctx, b.addRun().ID, model.HoldSame, run); err != nil {
				rt.Fatal(err)
			}
			may = false
		}
		n, err := b.Remove(ctx, years, run)
		if err != nil || (n == 1) != may {
			rt.Fatalf("%d removed, may %t: %v; %+v", n, may, err, to)
		}
	})
	if v := b.verify(); len(v.Breaches) > 0 {
		t.Errorf("verified: %+v", v.Breaches[0])
	}
}

// queueOver is a run with a delivery that was withdrawn, and its journal.
func (b *bundle) queueOver() (run int64) {
	b.t.Helper()
	d := b.queue()
	to := d
	to.State = model.StateWithdrawn
	b.apply(d, to)
	return d.RunID
}

// cut is a database whose oldest rows were cut off, with the number of the last.
func cut(t *testing.T, b *bundle) (last int64) {
	t.Helper()
	ctx := t.Context()
	gone := b.erased(3)
	stays := b.erased(1)[0]
	first := b.verify().Rows // the last row that tells of gone ones comes before what tells of this one
	for _, e := range must[[]model.Event](t)(b.History(ctx, model.HistoryFilter{})) {
		if e.Kind == model.EventDeliveryStep && e.Subject == stays.ID {
			first = e.Number
		}
	}
	if n, err := b.CutHistory(ctx, years, years); n >= first-1 || err != nil {
		t.Fatalf("%d rows cut off that tell of what is there: %v", n, err)
	}
	last = b.verify().Cut
	if n, err := b.Remove(ctx, years, gone[0].RunID, gone[1].RunID, gone[2].RunID); n != 3 || err != nil {
		t.Fatalf("%d removed: %v", n, err)
	}
	n, err := b.CutHistory(ctx, years, years)
	if n != first-1-last || err != nil {
		t.Fatalf("%d rows cut off, want %d: %v", n, first-1-last, err)
	}
	if v := b.verify(); len(v.Breaches) > 0 || v.Cut != first-1 || v.Begun.IsZero() {
		t.Fatalf("verified: %+v", v)
	}
	return first - 1
}

// TestCutHistory: only a beginning goes, never what tells of something that is
// there, is younger, or does not hold; and what is left holds.
func TestCutHistory(t *testing.T) {
	b := setup(t)
	ctx := t.Context()
	last := cut(t, b)
	all := must[[]model.Event](t)(b.History(ctx, model.HistoryFilter{}))
	if e := all[0]; e.Kind != model.EventHistoryCut || e.Subject != last || e.Name != fmt.Sprintf("1–%d", last) {
		t.Errorf("the newest row: %+v", e)
	}
	if e := all[len(all)-1]; e.Number != last+1 {
		t.Errorf("the oldest row: %+v", e)
	}
	if n, err := b.CutHistory(ctx, years, years); n != 0 || err != nil {
		t.Errorf("%d rows cut off again: %v", n, err)
	}
	// Nothing is left to keep the rest.
	var runs []int64
	for _, r := range must[[]model.Run](t)(b.Runs(ctx, model.RunFilter{})) {
		runs = append(runs, r.ID)
	}
	if _, err := b.Remove(ctx, years, runs...); err != nil {
		t.Fatal(err)
	}
	if n, err := b.CutHistory(ctx, years, time.Now().Add(-time.Hour)); n > 0 && all[len(all)-1].At.After(time.Now().Add(-time.Hour)) || err != nil {
		t.Errorf("%d younger rows cut off: %v", n, err)
	}
	if n, err := b.CutHistory(ctx, years, years.AddDate(1, 0, 0)); n == 0 || err != nil {
		t.Errorf("%d rows cut off: %v", n, err)
	}
	if v := b.verify(); len(v.Breaches) > 0 || v.Rows != 1 {
		t.Errorf("verified: %+v", v)
	}
	b.addCompany("2")
	if v := b.verify(); len(v.Breaches) > 0 || v.Rows != 2 {
		t.Errorf("written on: %+v", v)
	}
	// What does not hold is left as it is.
	if err := b.Exec("UPDATE history SET made_by = 'x'"); err != nil {
		t.Fatal(err)
	}
	if n, err := b.CutHistory(ctx, years, years.AddDate(2, 0, 0)); n != 0 || err != nil {
		t.Errorf("%d rows of a broken history cut off: %v", n, err)
	}
}

// TestVerify_AroundTheCut changes every byte of every row that is left, deletes and
// swaps rows, and cuts off more than the row about it tells of.
func TestVerify_AroundTheCut(t *testing.T) {
	b := setupFile(t)
	last := cut(t, b)
	b.addCompany("2")
	first, end := last+1, b.verify().Rows+last
	broken := func(what string) func() {
		return func() {
			if v := b.verify(); len(v.Breaches) == 0 {
				t.Errorf("%s: no breach", what)
			}
		}
	}
	for row := first; row <= end; row++ {
		for _, column := range []string{"made_by", "kind", "detail", "step", "receipt", "hash"} {
			was, err := hex.DecodeString(b.Text(t, false, "SELECT hex(CAST("+column+" AS BLOB)) FROM history WHERE number = $1", 0, row)[0])
			if err != nil {
				t.Fatal(err)
			}
			for i := range was {
				now := slices.Clone(was)
				now[i] ^= 1
				kind := "TEXT"
				if column == "detail" {
					kind = "BLOB"
				}
				b.tries(broken(fmt.Sprintf("byte %d of %s in row %d", i, column, row)),
					fmt.Sprintf("UPDATE history SET %s = CAST(x'%x' AS %s) WHERE number = %d", column, now, kind, row))
			}
		}
		for _, column := range []string{"happened_at", "subject", "part", "number"} {
			b.tries(broken(fmt.Sprintf("%s of row %d", column, row)), fmt.Sprintf("UPDATE history SET %[1]s = -%[1]s - 1 WHERE number = %[2]d", column, row))
		}
		b.tries(broken(fmt.Sprintf("row %d deleted", row)), fmt.Sprintf("DELETE FROM history WHERE number = %d", row))
		b.tries(broken(fmt.Sprintf("all up to row %d deleted", row)), fmt.Sprintf("DELETE FROM history WHERE number <= %d", row))
		b.tries(broken(fmt.Sprintf("all up to row %d deleted, and told", row)),
			fmt.Sprintf("UPDATE history SET subject = %[1]d, step = (SELECT hash FROM history WHERE number = %[1]d) WHERE kind = 'history.cut'", row),
			fmt.Sprintf("DELETE FROM history WHERE number <= %d", row))
		if row < end {
			b.tries(broken(fmt.Sprintf("row %d swapped", row)),
				fmt.Sprintf("UPDATE history SET number = -1 WHERE number = %d", row),
				fmt.Sprintf("UPDATE history SET number = %d WHERE number = %d", row, row+1),
				fmt.Sprintf("UPDATE history SET number = %d WHERE number = -1", row+1))
		}
	}
	b.tries(broken("a row put back"), fmt.Sprintf("INSERT INTO history SELECT %d, happened_at, made_by, kind, subject, part, detail, step, receipt, hash FROM history WHERE number = %d", last, first))
	if v := b.verify(); len(v.Breaches) > 0 {
		t.Errorf("what is left: %+v", v)
	}
}
