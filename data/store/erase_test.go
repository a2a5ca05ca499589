package store_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"

	"loonbrug/data/model"
	"loonbrug/data/store"
)

// TestErase: afterwards nobody reads the journal and its entries, here or in a
// copy, with the key of the folder or without; what is not finished stays.
func TestErase(t *testing.T) {
	b := setupFile(t)
	ctx := t.Context()
	done := b.fill()
	waiting := b.queue()
	var keys [][]byte
	for _, text := range b.Text(t, true, "SELECT sealed FROM journal_key WHERE run_id = $1", 0, done.RunID) {
		keys = append(keys, []byte(text))
	}
	b.open(store.Newer("-- +goose Up\nCREATE TABLE tomorrow (id BIGINT);")) // makes a copy
	folder := filepath.Dir(b.path)
	found := func() (files int) {
		err := filepath.WalkDir(folder, func(path string, entry os.DirEntry, err error) error {
			if err != nil || entry.IsDir() {
				return err
			}
			data, err := os.ReadFile(path)
			if len(keys) == 1 && bytes.Contains(data, keys[0]) {
				files++
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return files
	}
	if found() < 2 {
		t.Fatal("the key of the run was not found in the file and its copy; the search proves nothing")
	}
	n, err := b.Erase(ctx, noon, done.RunID, waiting.RunID)
	if err != nil || n != 1 {
		t.Fatalf("%d erased: %v", n, err)
	}
	if left := found(); left != 0 {
		t.Errorf("the key of the run stands in %d files", left)
	}
	_, err = b.Snapshot(ctx, done.RunID)
	wantProblem(t, err, "journal.erased", "run")
	_, err = b.Entry(ctx, done.ID)
	wantProblem(t, err, "journal.erased", "run")
	must[model.Snapshot](t)(b.Snapshot(ctx, waiting.RunID))
	must[model.Entry](t)(b.Entry(ctx, waiting.ID))
	must[model.Receipt](t)(b.Receipt(ctx, done.ID))
	if digests := must[map[int64]model.RunDigest](t)(b.Digests(ctx, done.RunID)); digests[done.RunID].Debit != 7777_31 {
		t.Errorf("the list lost the run's totals: %v", digests)
	}
	if r := must[model.Run](t)(b.Run(ctx, done.RunID)); !r.ErasedAt.Equal(noon) {
		t.Errorf("erased at %v", r.ErasedAt)
	}
	if last := must[[]model.Event](t)(b.History(ctx, model.HistoryFilter{Limit: 1}))[0]; last.Kind != model.EventRunErased || last.Subject != done.RunID {
		t.Errorf("history: %+v", last)
	}
	if v := b.verify(); len(v.Breaches) > 0 {
		t.Errorf("verified: %+v", v)
	}
	if n, err := b.Erase(ctx, noon, done.RunID); n != 0 || err != nil {
		t.Errorf("again: %d, %v", n, err)
	}
}

// TestErase_Again: what is queued of an erased run lies under a key of its own,
// which opens nothing of what was there, and goes with the next round.
func TestErase_Again(t *testing.T) {
	b := setup(t)
	ctx := t.Context()
	done := b.fill()
	if n, err := b.Erase(ctx, noon, done.RunID); n != 1 || err != nil {
		t.Fatalf("%d erased: %v", n, err)
	}
	later := done
	later.ID, later.Key, later.Revision, later.Kind, later.Corrects = 0, "LBREVERSAL22", done.Revision+1, model.KindReversal, done.ID
	later.State = model.StateQueued
	sent := model.Entry{Key: later.Key, Lines: []model.EntryLine{{LedgerAccount: "4000", Amount: -7777_31}, {LedgerAccount: "1700", Amount: 7777_31}}}
	items := []model.Queued{{Delivery: later, Entry: sent}}
	if err := b.Queue(ctx, items); err != nil {
		t.Fatal(err)
	}
	if e := must[model.Entry](t)(b.Entry(ctx, items[0].Delivery.ID)); len(e.Lines) != 2 || e.Lines[0].Amount != -7777_31 {
		t.Errorf("queued %+v", e)
	}
	_, err := b.Entry(ctx, done.ID)
	wantProblem(t, err, "journal.erased", "run")
	_, err = b.Snapshot(ctx, done.RunID)
	wantProblem(t, err, "journal.erased", "run")
	_, _, err = b.AddJournal(ctx, model.Snapshot{RunID: done.RunID, Hash: "later", Content: "later"})
	wantProblem(t, err, "journal.erased", "run")
	if n, err := b.Erase(ctx, noon.Add(time.Hour)); n != 0 || err != nil {
		t.Errorf("%d erased on their way: %v", n, err)
	}
	over := b.delivery(items[0].Delivery.ID)
	over.State = model.StateWithdrawn
	b.apply(b.delivery(over.ID), over)
	if n, err := b.Erase(ctx, noon.Add(time.Hour)); n != 1 || err != nil {
		t.Errorf("%d erased again: %v", n, err)
	}
	_, err = b.Entry(ctx, items[0].Delivery.ID)
	wantProblem(t, err, "journal.erased", "run")
	if n, err := b.Erase(ctx, noon.Add(time.Hour)); n != 0 || err != nil {
		t.Errorf("%d erased a third time: %v", n, err)
	}
}
