package store_test

import (
	"errors"
	"slices"
	"testing"

	"loonbrug/data/journal"
	"loonbrug/data/model"
)

// later is a journal of two periods, the second of which no earlier one had.
func later(runID int64, content string) model.Snapshot {
	j := sample()
	more := j.Transactions[0]
	more.Period.Number++
	j.Transactions = append(j.Transactions, more)
	return model.Snapshot{RunID: runID, Hash: "h" + content, Format: "sie4", TakenAt: noon, Content: content, Raw: []byte(content), Journal: j}
}

// A later journal stands beside the first, which stays as it was, and is
// recognised when it comes as a file of its own.
func TestJournals(t *testing.T) {
	b := setup(t)
	ctx := t.Context()
	r := b.addRun()
	first := must[model.Snapshot](t)(b.Snapshot(ctx, r.ID))
	for i, tt := range []struct {
		content string
		number  int
		added   bool
	}{{"later", 1, true}, {"later", 1, false}, {"latest", 2, true}} {
		number, added, err := b.AddJournal(ctx, later(r.ID, tt.content))
		if err != nil || number != tt.number || added != tt.added {
			t.Fatalf("%d: %d, %v, %v", i, number, added, err)
		}
	}
	all := must[[]model.Snapshot](t)(b.Journals(ctx, r.ID))
	if len(all) != 3 || all[0].Hash != first.Hash || all[0].Number != 0 || all[1].Number != 1 || all[2].Number != 2 ||
		string(all[2].Raw) != "latest" || len(journal.Split(all[2].Journal)) != len(journal.Split(first.Journal))+1 || all[2].RunID != r.ID {
		t.Fatalf("journals %+v", all)
	}
	digests := must[map[int64]model.RunDigest](t)(b.Digests(ctx, r.ID))
	if got := digests[r.ID].Periods; got != len(journal.Split(all[2].Journal)) {
		t.Errorf("digest counts %d periods", got)
	}
	if !must[model.Run](t)(b.Run(ctx, r.ID)).Changed {
		t.Error("the run is not marked as changed")
	}
	if err := b.Settled(ctx, r.ID); err != nil || must[model.Run](t)(b.Run(ctx, r.ID)).Changed {
		t.Error("the mark stays", err)
	}
	again, added, err := b.AddRun(ctx, model.Run{CompanyID: r.CompanyID, SourceID: "another file"}, later(0, "later"), nil)
	if err != nil || added || again.ID != r.ID {
		t.Errorf("the later journal became run %d, added %v: %v", again.ID, added, err)
	}
}

// A delivery has at most one live successor, and the first of a period still
// has no rival.
func TestQueue_Successors(t *testing.T) {
	b := setup(t)
	ctx := t.Context()
	r := b.addRun()
	first := b.item(r, 3)
	first.Note = &model.Attempt{At: noon, Event: "marked", From: model.StateReady, By: "anna", Reason: "by hand"}
	if err := b.Queue(ctx, []model.Queued{first}); err != nil {
		t.Fatal(err)
	}
	items := must[[]model.Delivery](t)(b.Deliveries(ctx, r.ID))
	follow := func(key string, corrects int64, kind model.Kind) error {
		item := b.item(r, 3)
		item.Delivery.Key, item.Delivery.Revision, item.Delivery.Corrects, item.Delivery.Kind = key, 2, corrects, kind
		item.Delivery.Journal, item.Delivery.By = 1, "anna"
		return b.Queue(ctx, []model.Queued{item})
	}
	wantProblem(t, follow("LBX", 0, model.KindEntry), "delivery.exists")
	if err := follow("LBY", items[0].ID, model.KindExchange); err != nil {
		t.Fatal(err)
	}
	wantProblem(t, follow("LBZ", items[0].ID, model.KindDifference), "delivery.exists")

	all := must[[]model.Delivery](t)(b.Deliveries(ctx, r.ID))
	last := all[len(all)-1]
	if last.Corrects != items[0].ID || last.Kind != model.KindExchange || last.Journal != 1 || last.By != "anna" {
		t.Errorf("kept %+v", last)
	}
	attempts := must[[]model.Attempt](t)(b.Attempts(ctx, items[0].ID))
	if len(attempts) != 1 || attempts[0].By != "anna" || attempts[0].Reason != "by hand" || attempts[0].To != model.StateQueued {
		t.Errorf("history %+v", attempts)
	}

	if waiting := must[[]model.Delivery](t)(b.Exchanges(ctx)); len(waiting) != 0 {
		t.Errorf("an exchange that is not booked: %+v", waiting)
	}
	booked := last
	booked.State = model.StateBooked
	b.apply(last, booked)
	if waiting := must[[]model.Delivery](t)(b.Exchanges(ctx)); len(waiting) != 1 || waiting[0].ID != last.ID {
		t.Errorf("exchanges %+v", waiting)
	}
	if err := follow("LBA", last.ID, model.KindEntry); err != nil {
		t.Fatal(err)
	}
	if waiting := must[[]model.Delivery](t)(b.Exchanges(ctx)); len(waiting) != 0 {
		t.Errorf("an exchange that was followed: %+v", waiting)
	}
	in := must[[]model.Delivery](t)(b.DeliveriesIn(ctx, last.Target, last.Administration))
	if len(in) != 3 || !slices.IsSortedFunc(in, func(a, b model.Delivery) int { return int(a.ID - b.ID) }) {
		t.Errorf("deliveries in the books: %+v", in)
	}
}

func TestReconciliation(t *testing.T) {
	b := setup(t)
	ctx := t.Context()
	if _, err := b.Reconciliation(ctx); !errors.Is(err, model.ErrNotFound) {
		t.Errorf("before the first: %v", err)
	}
	for i := range 2 {
		r := model.Reconciliation{At: noon, Compared: i, Findings: []model.Finding{{Kind: model.FindingExtra, Key: "LBX", Numbers: []string{"7"}}}}
		if err := b.SaveReconciliation(ctx, &r); err != nil {
			t.Fatal(err)
		}
	}
	got, err := b.Reconciliation(ctx)
	if err != nil || got.Compared != 1 || !got.At.Equal(noon) || len(got.Findings) != 1 || got.Findings[0].Numbers[0] != "7" {
		t.Errorf("%+v, %v", got, err)
	}
}
