package office_test

import (
	"testing"
	"time"

	"loonbrug/data/model"
)

// TestEraseDue: three months after the book year what is booked goes; what is not
// finished stays, and a company can only keep longer.
func TestEraseDue(t *testing.T) {
	b := newBureau(t)
	ctx := t.Context()
	b.add("r1", 1, march(3), transactions(balanced(3, 2026)))
	b.add("r2", 2, march(3), transactions(balanced(3, 2026)+balanced(2, 2026)))
	b.must(b.Fetch(ctx, b.payID))
	_, err := b.MarkByHand(ctx, 1, b.mapping.ID, nil, "met de hand")
	b.must(err)
	erased := func(now time.Time, want int) {
		t.Helper()
		b.now = now
		if n, err := b.EraseDue(ctx); n != want || err != nil {
			t.Errorf("%s: %d erased, not %d: %v", now.Format(time.DateOnly), n, want, err)
		}
	}
	erased(time.Date(2027, 3, 31, 23, 0, 0, 0, time.Local), 0)
	company := b.mapping.CompanyID
	for _, short := range []model.Retention{{PayloadMonths: 2, RecordYears: 7}, {PayloadMonths: 3, RecordYears: 6}} {
		if p := model.ProblemOf(b.Lengthen(ctx, company, short)); p == nil || p.Code != "retention.too_short" {
			t.Errorf("%+v: %v", short, p)
		}
	}
	b.must(b.Lengthen(ctx, company, model.Retention{PayloadMonths: 15, RecordYears: 12}))
	erased(time.Date(2027, 4, 1, 0, 0, 0, 0, time.Local), 0)
	erased(time.Date(2028, 3, 31, 0, 0, 0, 0, time.Local), 0)
	erased(time.Date(2028, 4, 1, 0, 0, 0, 0, time.Local), 1)
	erased(time.Date(2040, 1, 1, 0, 0, 0, 0, time.Local), 0) // the other one was never sent
	kept, err := b.Kept(ctx)
	b.must(err)
	if len(kept) != 1 || kept[0].Runs != 1 || kept[0].Erased != 1 || kept[0].Retention.RecordYears != 12 {
		t.Errorf("kept: %+v", kept)
	}
	_, err = b.Preview(ctx, 1, b.mapping.ID)
	if p := model.ProblemOf(err); p == nil || p.Code != "journal.erased" {
		t.Errorf("preview of an erased run: %v", err)
	}
	row, err := b.Find(ctx, 1)
	b.must(err)
	if row.Targets[0].State != model.StateMarked || row.Debit == 0 {
		t.Errorf("the list lost it: %+v", row)
	}
}
