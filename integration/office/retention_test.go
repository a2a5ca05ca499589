package office_test

import (
	"fmt"
	"strings"
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
	books := model.Books{CompanyID: b.mapping.CompanyID, Target: b.mapping.Target, Administration: b.mapping.Administration.Code}
	for _, short := range []model.Retention{{PayloadMonths: 2, RecordYears: 7}, {PayloadMonths: 3, RecordYears: 6}} {
		if p := model.ProblemOf(b.Lengthen(ctx, books, short)); p == nil || p.Code != "retention.too_short" {
			t.Errorf("%+v: %v", short, p)
		}
	}
	b.must(b.Lengthen(ctx, books, model.Retention{PayloadMonths: 15, RecordYears: 12}))
	erased(time.Date(2027, 4, 1, 0, 0, 0, 0, time.Local), 0)
	erased(time.Date(2028, 3, 31, 0, 0, 0, 0, time.Local), 0)
	erased(time.Date(2028, 4, 1, 0, 0, 0, 0, time.Local), 1)
	erased(time.Date(2040, 1, 1, 0, 0, 0, 0, time.Local), 0) // the other one was never sent
	kept, err := b.Kept(ctx)
	b.must(err)
	nowhere := model.Books{CompanyID: books.CompanyID}
	if len(kept) != 2 || kept[0].Books != nowhere || kept[0].Runs != 1 || kept[0].Erased != 0 || kept[0].Retention.RecordYears != 7 ||
		kept[1].Books != books || kept[1].Runs != 0 || kept[1].Erased != 1 || kept[1].Retention.RecordYears != 12 || kept[1].Name != "De Halm" {
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

// TestEraseDue_AllBooks: a run that was sent to two administrations is erased when
// its time is over in both, whatever an older program lengthened for the company.
func TestEraseDue_AllBooks(t *testing.T) {
	b := newBureau(t)
	ctx := t.Context()
	second := b.mapping
	second.ID, second.Administration = 0, model.Administration{Code: "104", Name: "De Halm twee"}
	b.must(b.store.SaveMapping(ctx, &second))
	b.must(b.store.SaveReference(ctx, b.bookID, "104", &model.Reference{FetchedAt: b.now, Currency: "EUR"}))
	b.add("r1", 1, march(3), transactions(balanced(3, 2026)))
	b.must(b.Fetch(ctx, b.payID))
	for _, m := range []model.Mapping{b.mapping, second} {
		_, err := b.MarkByHand(ctx, 1, m.ID, nil, "met de hand")
		b.must(err)
	}
	b.must(b.store.SaveSetting(ctx, "retention", fmt.Sprintf(`{"%d":{"payload_months":6,"record_years":8}}`, second.CompanyID)))
	b.must(b.Lengthen(ctx, model.Books{CompanyID: second.CompanyID, Target: second.Target, Administration: "104"}, model.Retention{PayloadMonths: 12, RecordYears: 7}))
	for _, step := range []struct {
		at   time.Time
		want int
	}{
		{time.Date(2027, 7, 1, 0, 0, 0, 0, time.Local), 0},
		{time.Date(2027, 12, 31, 0, 0, 0, 0, time.Local), 0},
		{time.Date(2028, 1, 1, 0, 0, 0, 0, time.Local), 1},
	} {
		b.now = step.at
		if n, err := b.EraseDue(ctx); n != step.want || err != nil {
			t.Errorf("%s: %d erased, not %d: %v", step.at.Format(time.DateOnly), n, step.want, err)
		}
	}
	kept, err := b.Kept(ctx)
	b.must(err)
	if len(kept) != 2 || kept[0].Retention != (model.Retention{PayloadMonths: 6, RecordYears: 8}) || kept[1].Retention != (model.Retention{PayloadMonths: 12, RecordYears: 8}) {
		t.Errorf("kept: %+v", kept)
	}
}

// TestRemoveDue: seven years after the book year what was erased goes, with the
// beginning of the history; what was never sent stays with what tells of it, and a
// run that was there before is not taken in again.
func TestRemoveDue(t *testing.T) {
	b := newBureau(t)
	ctx := t.Context()
	file := func() error {
		_, _, err := b.Import(ctx, b.mapping.CompanyID, "loon.csv", strings.NewReader(perPerson))
		return err
	}
	b.must(file())
	_, err := b.MarkByHand(ctx, 1, b.mapping.ID, nil, "met de hand")
	b.must(err)
	b.add("r2", 2, march(3), transactions(balanced(3, 2026)+balanced(2, 2026)))
	b.must(b.Fetch(ctx, b.payID))
	removed := func(now time.Time, want int, cut bool) {
		t.Helper()
		b.now = now
		n, rows, err := b.RemoveDue(ctx)
		if n != want || (rows > 0) != cut || err != nil {
			t.Errorf("%s: %d removed and %d rows, not %d: %v", now.Format(time.DateOnly), n, rows, want, err)
		}
		if v, err := b.Verify(ctx); err != nil || len(v.Breaches) > 0 {
			t.Errorf("%s: verified %+v, %v", now.Format(time.DateOnly), v, err)
		}
	}
	removed(time.Date(2034, 1, 1, 0, 0, 0, 0, time.Local), 0, true) // not erased; but the history begins before it
	if n, err := b.EraseDue(ctx); n != 1 || err != nil {
		t.Errorf("%d erased: %v", n, err)
	}
	removed(time.Date(2033, 12, 31, 23, 0, 0, 0, time.Local), 0, false)
	removed(time.Date(2034, 1, 1, 0, 0, 0, 0, time.Local), 1, true)
	removed(time.Date(2050, 1, 1, 0, 0, 0, 0, time.Local), 0, true) // the history of the years between
	rows, err := b.Runs(ctx, model.RunFilter{})
	b.must(err)
	if len(rows) != 1 || rows[0].Run.ID != 2 {
		t.Errorf("left: %+v", rows)
	}
	wantCode(t, file(), "run.too_old")
}
