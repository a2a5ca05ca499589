package store_test

import (
	"bytes"
	"reflect"
	"strings"
	"testing"

	"loonbrug/data/journal"
	"loonbrug/data/model"
	"loonbrug/data/store"
)

// counting is a sealer that notes what was opened.
type counting struct {
	store.Sealer
	opened []string
}

func (c *counting) Open(sealed, context []byte) ([]byte, error) {
	c.opened = append(c.opened, string(context))
	return c.Sealer.Open(sealed, context)
}

func (c *counting) snapshots() (n int) {
	for _, context := range c.opened {
		if strings.HasPrefix(context, "loonbrug/snapshot/") || strings.HasPrefix(context, "loonbrug/journal_key/") {
			n++
		}
	}
	return n
}

// count opens the file again with a sealer that counts.
func (b *bundle) count() *counting {
	b.t.Helper()
	sealer := &counting{Sealer: b.sealer}
	s, err := store.Open(b.t.Context(), b.path, sealer)
	if err != nil {
		b.t.Fatal(err)
	}
	b.t.Cleanup(func() {
		if err := s.Close(); err != nil {
			b.t.Error(err)
		}
	})
	b.Store = s
	return sealer
}

// TestDigests_OpenNoSnapshot lists two hundred runs.
func TestDigests_OpenNoSnapshot(t *testing.T) {
	b := setupFile(t)
	ids := make([]int64, 200)
	for i := range ids {
		ids[i] = b.addRun().ID
	}
	sealer := b.count()
	all, err := b.Digests(t.Context(), ids...)
	if err != nil || len(all) != len(ids) {
		t.Fatalf("%d digests, %v", len(all), err)
	}
	want := model.RunDigest{
		Periods: 1, Debit: 7777_31, Codes: []model.CodePair{{Centre: "100", Unit: "A1"}},
		Sums: []model.CentreSum{{Period: journal.Period{Year: 2026, Number: 3}, Centre: "100", Debit: 7777_31}},
	}
	if got := all[ids[7]]; !reflect.DeepEqual(got, want) {
		t.Errorf("digest %+v", got)
	}
	if n := sealer.snapshots(); n != 0 || len(sealer.opened) != len(ids) {
		t.Errorf("%d snapshots opened, %d in all", n, len(sealer.opened))
	}
	text, args := store.DigestsText(ids)
	plan := strings.Join(b.Text(t, true, "EXPLAIN QUERY PLAN "+text, 3, args...), "\n")
	if !strings.Contains(plan, "SEARCH run_digest USING INDEX") {
		t.Errorf("plan:\n%s", plan)
	}
}

// TestDigests_OfAnOlderProgram has the digest of a run made that was taken in
// before there were any, once.
func TestDigests_OfAnOlderProgram(t *testing.T) {
	b := setupFile(t)
	old, recent := b.addRun(), b.addRun()
	if err := b.Exec("DELETE FROM run_digest WHERE run_id = $1", old.ID); err != nil {
		t.Fatal(err)
	}
	sealer := b.count()
	for range 2 {
		all, err := b.Digests(t.Context(), old.ID, recent.ID, 999)
		if err != nil || len(all) != 2 || !reflect.DeepEqual(all[old.ID], all[recent.ID]) {
			t.Fatalf("%+v, %v", all, err)
		}
	}
	if n := sealer.snapshots(); n != 2 { // the key for file and journal, of one run
		t.Errorf("%d parts of snapshots or their keys opened", n)
	}
}

// TestDigests_ALostKey is a problem a person can be told.
func TestDigests_ALostKey(t *testing.T) {
	b := setup(t)
	r := b.addRun()
	if err := b.Exec("UPDATE run_digest SET sealed = $1", bytes.Repeat([]byte{7}, 64)); err != nil {
		t.Fatal(err)
	}
	_, err := b.Digests(t.Context(), r.ID)
	wantProblem(t, err, "secret.key_lost", "what", "id")
}

func TestDigestOf_TooLarge(t *testing.T) {
	part := journal.Transaction{Period: journal.Period{Year: 2026, Number: 1}, Lines: []journal.Line{{Amount: 1 << 62}}}
	next := part
	next.Period.Number = 2
	if _, err := model.DigestOf(&journal.Journal{Transactions: []journal.Transaction{part, next}}); err == nil {
		t.Error("two halves too large were added up")
	}
}
