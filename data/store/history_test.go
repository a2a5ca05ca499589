package store_test

import (
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"testing"

	"loonbrug/data/journal"
	"loonbrug/data/model"
	"loonbrug/data/secret"
	"loonbrug/data/store"
)

// lived is a database in which a good deal has happened.
func lived(t *testing.T, b *bundle) *bundle {
	ctx := t.Context()
	b.Store = b.open(store.As("a.devries"))
	m := b.addMapping()
	m.Options = map[string]string{"daybook": "LON"}
	m.Start = journal.Period{}
	if err := b.SaveMapping(ctx, &m); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		d := b.queue()
		to := d
		to.State, to.Number = model.StateBooked, "M-1"
		err := b.Apply(ctx, d, to, model.Attempt{At: noon, Event: "proved"}, &model.Receipt{Number: "M-1", BookedAt: noon, Debit: 7777_31, Credit: 7777_31})
		if err != nil {
			t.Fatal(err)
		}
	}
	d := b.queue()
	to := d
	to.State = model.StateMarked
	if err := b.Apply(ctx, d, to, model.Attempt{At: noon, Event: "marked", By: "a.devries", Reason: "zelf geboekt"}, nil); err != nil {
		t.Fatal(err)
	}
	return b
}

func (b *bundle) verify() model.Verification {
	b.t.Helper()
	v, err := b.Verify(b.t.Context())
	if err != nil {
		b.t.Fatal(err)
	}
	return v
}

// broken wants the first breach to be of that kind, at that row.
func (b *bundle) broken(what string, kind model.BreachKind, row int64) {
	b.t.Helper()
	v := b.verify()
	if len(v.Breaches) == 0 {
		b.t.Errorf("%s: no breach", what)
	} else if got := v.Breaches[0]; got.Kind != kind || got.Number != row {
		b.t.Errorf("%s: %s at row %d, want %s at %d", what, got.Kind, got.Number, kind, row)
	}
}

// tries does something behind the store's back, looks, and takes it back.
func (b *bundle) tries(look func(), statements ...string) {
	b.t.Helper()
	exec := func(text string) {
		b.t.Helper()
		if err := b.Exec(text); err != nil {
			b.t.Fatalf("%s: %v", text, err)
		}
	}
	exec("PRAGMA synchronous = OFF")
	var tables []string
	for _, name := range []string{"history", "history_head", "attempt", "receipt"} {
		if strings.Contains(strings.Join(statements, " "), " "+name+" ") || strings.HasSuffix(strings.Join(statements, " "), " "+name) {
			tables = append(tables, name)
			exec("CREATE TABLE kept_" + name + " AS SELECT * FROM " + name)
		}
	}
	for _, text := range statements {
		exec(text)
	}
	look()
	for _, name := range tables {
		exec("DELETE FROM " + name)
		exec("INSERT INTO " + name + " SELECT * FROM kept_" + name)
		exec("DROP TABLE kept_" + name)
	}
}

func TestHistory(t *testing.T) {
	b := lived(t, setup(t))
	ctx := t.Context()
	all := must[[]model.Event](t)(b.History(ctx, model.HistoryFilter{}))
	slices.Reverse(all)
	var kinds []model.EventKind
	for i, e := range all {
		if e.Number != int64(i+1) || e.At.IsZero() {
			t.Errorf("row %d: %+v", i+1, e)
		}
		kinds = append(kinds, e.Kind)
	}
	want := []model.EventKind{
		model.EventHistoryBegun, model.EventCompanyAdded, model.EventAccountAdded, model.EventMappingAdded, model.EventMappingChanged,
		model.EventRunCreated, model.EventDeliveryQueued, model.EventDeliveryStep,
		model.EventRunCreated, model.EventDeliveryQueued, model.EventDeliveryStep,
		model.EventRunCreated, model.EventDeliveryQueued, model.EventDeliveryStep,
		model.EventRunCreated, model.EventDeliveryQueued, model.EventDeliveryStep,
	}
	same(t, kinds, want)
	same(t, all[4].Changes, []model.FieldChange{
		{Field: "option.daybook", Old: "SAL", New: "LON"}, {Field: "start", Old: "2026-03"},
	})
	if all[4].By != "a.devries" || all[4].Name != "Bakkerij De Halm B.V." || all[0].By != "" {
		t.Errorf("who: %+v", all[4])
	}
	last := all[len(all)-1]
	if last.Attempt == nil || last.Attempt.Reason != "zelf geboekt" || last.By != "a.devries" || all[7].By != "" {
		t.Errorf("the last step: %+v", last)
	}
	v := b.verify()
	if len(v.Breaches) != 0 || v.Rows != int64(len(want)) || v.Attempts != 4 || v.Receipts != 3 || v.Begun.IsZero() {
		t.Errorf("verified: %+v", v)
	}
	page := must[[]model.Event](t)(b.History(ctx, model.HistoryFilter{Before: 6, Limit: 2}))
	if len(page) != 2 || page[0].Number != 5 || page[1].Number != 4 {
		t.Errorf("page: %+v", page)
	}
}

// TestHistory_OnlyChanges: saving what is there already tells nothing, nor does
// what is refused.
func TestHistory_OnlyChanges(t *testing.T) {
	b := lived(t, setup(t))
	ctx := t.Context()
	rows := b.verify().Rows
	m := must[[]model.Mapping](t)(b.Mappings(ctx))[0]
	for _, err := range []error{
		b.SaveMapping(ctx, &m), b.SaveCompany(ctx, &b.company), b.SaveAccount(ctx, &b.account),
		b.SaveSetting(ctx, "epoch", "x"), b.EndPause(ctx, model.PausePerson, 0),
	} {
		if err != nil {
			t.Error(err)
		}
	}
	second := m
	second.ID = 0
	wantProblem(t, b.SaveMapping(ctx, &second), "mapping.exists")
	if v := b.verify(); v.Rows != rows || len(v.Breaches) > 0 {
		t.Errorf("%+v, was %d rows", v, rows)
	}
}

// TestVerify_EveryByte changes every byte of every row of the history.
func TestVerify_EveryByte(t *testing.T) {
	b := lived(t, setupFile(t))
	rows := b.verify().Rows
	columns := map[string]int{} // how many changes each column saw
	for row := int64(1); row <= rows; row++ {
		for _, column := range []string{"made_by", "kind", "detail", "step", "receipt", "hash"} {
			was, err := hex.DecodeString(b.Text(t, false, "SELECT hex(CAST("+column+" AS BLOB)) FROM history WHERE number = $1", 0, row)[0])
			if err != nil {
				t.Fatal(err)
			}
			for i := range was {
				if row != rows-3 && i%9 != 0 {
					continue // one row whole, the others here and there
				}
				now := slices.Clone(was)
				now[i] ^= 1
				kind := "TEXT"
				if column == "detail" {
					kind = "BLOB"
				}
				columns[column]++
				b.tries(func() { b.broken(fmt.Sprintf("byte %d of %s in row %d", i, column, row), model.BreachRowChanged, row) },
					fmt.Sprintf("UPDATE history SET %s = CAST(x'%x' AS %s) WHERE number = %d", column, now, kind, row))
			}
		}
		for _, column := range []string{"happened_at", "subject", "part"} {
			columns[column]++
			b.tries(func() { b.broken(column, model.BreachRowChanged, row) },
				fmt.Sprintf("UPDATE history SET %[1]s = %[1]s + 1 WHERE number = %[2]d", column, row))
		}
		b.tries(func() { b.broken("number", model.BreachRowMissing, row) },
			fmt.Sprintf("UPDATE history SET number = 1000 WHERE number = %d", row))
	}
	if len(columns) != 9 || len(b.verify().Breaches) != 0 {
		t.Errorf("changed %v, and what is left: %+v", columns, b.verify())
	}
}

func TestVerify_RowsGoneOrSwapped(t *testing.T) {
	b := lived(t, setupFile(t))
	rows := b.verify().Rows
	for row := int64(1); row < rows; row++ {
		b.tries(func() { b.broken("deleted", model.BreachRowMissing, row) }, fmt.Sprintf("DELETE FROM history WHERE number = %d", row))
		b.tries(func() { b.broken("swapped", model.BreachRowChanged, row) },
			fmt.Sprintf("UPDATE history SET number = -1 WHERE number = %d", row),
			fmt.Sprintf("UPDATE history SET number = %d WHERE number = %d", row, row+1),
			fmt.Sprintf("UPDATE history SET number = %d WHERE number = -1", row+1))
	}
	b.tries(func() { b.broken("the end deleted", model.BreachEndMissing, rows) }, fmt.Sprintf("DELETE FROM history WHERE number = %d", rows))
	b.tries(func() { b.broken("the end and its head deleted", model.BreachEndMissing, rows) },
		fmt.Sprintf("DELETE FROM history WHERE number = %d", rows),
		fmt.Sprintf("UPDATE history_head SET number = %d, hash = (SELECT hash FROM history WHERE number = %d)", rows-1, rows-1))
	b.tries(func() { b.broken("no head", model.BreachEndMissing, rows+1) }, "DELETE FROM history_head")
}

// TestVerify_CutIsNeverHealed: what is written after rows were cut off does not
// close the gap.
func TestVerify_CutIsNeverHealed(t *testing.T) {
	b := lived(t, setup(t))
	rows := b.verify().Rows
	if err := b.Exec(fmt.Sprintf("DELETE FROM history WHERE number >= %d", rows-1)); err != nil {
		t.Fatal(err)
	}
	b.addCompany("2")
	b.broken("cut and written on", model.BreachRowMissing, rows-1)

	b = lived(t, setup(t))
	for _, text := range []string{
		fmt.Sprintf("DELETE FROM history WHERE number >= %d", rows-1),
		"DELETE FROM history_head",
	} {
		if err := b.Exec(text); err != nil {
			t.Fatal(err)
		}
	}
	b.Store = b.open()
	b.addCompany("2")
	b.broken("cut with the head, and written on", model.BreachSealLost, rows-1)
}

func TestVerify_StepsAndReceipts(t *testing.T) {
	b := lived(t, setupFile(t))
	for _, text := range []string{"DROP TRIGGER attempt_never_changes", "DROP TRIGGER attempt_never_goes"} {
		if err := b.Exec(text); err != nil {
			t.Fatal(err)
		}
	}
	for text, want := range map[string]model.Breach{
		"UPDATE attempt SET event = 'x' WHERE delivery_id = 1":                     {Kind: model.BreachAttemptChanged, Number: 8, Delivery: 1, Part: 1},
		"UPDATE attempt SET note = x'0102' WHERE delivery_id = 2":                  {Kind: model.BreachAttemptChanged, Number: 11, Delivery: 2, Part: 1},
		"DELETE FROM attempt WHERE delivery_id = 1":                                {Kind: model.BreachAttemptMissing, Number: 8, Delivery: 1, Part: 1},
		"INSERT INTO attempt SELECT 4, 9, 0, 0, '', '', 'x', '', x'01'":            {Kind: model.BreachAttemptUntold, Delivery: 4, Part: 9},
		"UPDATE receipt SET number = 'M-2' WHERE delivery_id = 1":                  {Kind: model.BreachReceiptChanged, Number: 8, Delivery: 1},
		"UPDATE receipt SET proof = x'00' WHERE delivery_id = 1":                   {Kind: model.BreachReceiptChanged, Number: 8, Delivery: 1},
		"DELETE FROM receipt WHERE delivery_id = 2":                                {Kind: model.BreachReceiptMissing, Number: 11, Delivery: 2},
		"INSERT INTO receipt SELECT 4, 'x', 0, '', '', proof FROM receipt LIMIT 1": {Kind: model.BreachReceiptUntold, Delivery: 4},
	} {
		b.tries(func() {
			if v := b.verify(); len(v.Breaches) != 1 || v.Breaches[0] != want {
				t.Errorf("%s: %+v", text, v.Breaches)
			}
		}, text)
	}
}

// TestHistory_OfAnOlderDatabase begins with what is there, and guards it.
func TestHistory_OfAnOlderDatabase(t *testing.T) {
	b := lived(t, setupFile(t))
	b.olden()
	b.Store = b.open(store.WithBackups(t.TempDir()))
	v := b.verify()
	if v.Rows != 5 || v.Attempts != 4 || v.Receipts != 3 || len(v.Breaches) != 0 {
		t.Fatalf("%+v", v)
	}
	d := b.delivery(1)
	b.apply(d, d)
	if v := b.verify(); len(v.Breaches) != 0 || v.Rows != 6 {
		t.Errorf("after another step: %+v", v)
	}
	for _, text := range []string{"DROP TRIGGER attempt_never_changes", "DROP TRIGGER attempt_never_goes"} {
		if err := b.Exec(text); err != nil {
			t.Fatal(err)
		}
	}
	b.tries(func() { b.broken("an old step", model.BreachAttemptChanged, 2) }, "UPDATE attempt SET event = 'x' WHERE delivery_id = 1 AND number = 1")
	b.tries(func() { b.broken("an old receipt", model.BreachReceiptChanged, 3) }, "UPDATE receipt SET number = 'x' WHERE delivery_id = 2")
}

// TestHistory_KeyLost: the chain goes on, and says where the seal was lost.
func TestHistory_KeyLost(t *testing.T) {
	b := lived(t, setup(t))
	rows := b.verify().Rows
	b.sealer = secret.NewSealer(secret.NewKey())
	b.Store = b.open()
	b.broken("before the first row", model.BreachEndMissing, rows+1)
	b.addCompany("2")
	v := b.verify()
	same(t, v.Breaches, []model.Breach{{Kind: model.BreachSealLost, Number: rows + 1}})
	all := must[[]model.Event](t)(b.History(t.Context(), model.HistoryFilter{}))
	if len(all) != int(rows)+2 || all[2].Kind != model.EventDeliveryStep || all[len(all)-5].Changes != nil {
		t.Errorf("history: %+v", all)
	}
}
