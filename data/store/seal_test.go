package store_test

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"loonbrug/data/model"
	"loonbrug/data/secret"
	"loonbrug/data/store"
)

// planted are texts that must not be found in any file, in any of the forms in
// which the store might write them.
var planted = []string{"Bruto lonen geheim", "7777.31", "777731", "7777,31", "geheime-sleutel", "<geheim/>", "kaart-in-detail"}

// fill puts every planted text wherever a caller may put it.
func (b *bundle) fill() model.Delivery {
	b.t.Helper()
	ctx := b.t.Context()
	if err := b.SaveCredentials(ctx, b.account.ID, model.Credentials{"api_key": "geheime-sleutel"}); err != nil {
		b.t.Fatal(err)
	}
	run, _, err := b.AddRun(ctx, model.Run{CompanyID: b.company.ID, SourceID: "x"}, model.Snapshot{
		Content: "x", Raw: []byte("<geheim/>777731 7777,31"), Journal: sample(),
	}, nil)
	if err != nil {
		b.t.Fatal(err)
	}
	err = b.AddParcel(ctx, &model.Parcel{Name: "x.si", Hash: "x", Raw: []byte("777731 geheim"), Header: model.Header{CompanyName: "Bruto lonen geheim"}})
	if err != nil {
		b.t.Fatal(err)
	}
	_, _, err = b.AddJournal(ctx, model.Snapshot{RunID: run.ID, Content: "y", Raw: []byte("<geheim/>777731 7777,31"), Journal: sample()})
	if err != nil {
		b.t.Fatal(err)
	}
	err = b.SaveReconciliation(ctx, &model.Reconciliation{Findings: []model.Finding{{Company: "geheime-sleutel", Here: model.Sum{Debit: 7777_31}}}})
	if err != nil {
		b.t.Fatal(err)
	}
	d := b.queue() // with an entry, and a problem that quotes a line
	to := d
	to.State = model.StateBooked
	p := model.NewProblem("cash.difference", "booked", "7777.31", "text", "Bruto lonen geheim")
	err = b.Apply(ctx, d, to, model.Attempt{At: noon, Event: "proof", Problem: p, Detail: "kaart-in-detail", Reason: "kaart-in-detail"}, &model.Receipt{
		Number: "M-12", BookedAt: noon, Debit: 7777_31, Credit: 7777_31, Extra: map[string]string{"text": "Bruto lonen geheim"},
	})
	if err != nil {
		b.t.Fatal(err)
	}
	return d
}

// TestSealed looks at the bytes of the database, its log and its copies.
func TestSealed(t *testing.T) {
	b := setupFile(t)
	d := b.fill()
	folder := filepath.Dir(b.path)
	look := func(when string, least int) {
		t.Helper()
		files, readable := 0, false
		err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() {
				return err
			}
			data, err := os.ReadFile(path)
			if len(data) > 0 {
				files++
			}
			readable = readable || bytes.Contains(data, []byte(d.Key)) && bytes.Contains(data, []byte("cash.test"))
			for _, text := range planted {
				if bytes.Contains(data, []byte(text)) {
					t.Errorf("%s: %q stands in %s", when, text, filepath.Base(path))
				}
			}
			return err
		})
		if err != nil || files < least {
			t.Errorf("%s: %d files: %v", when, files, err)
		}
		// The search itself must be able to find something.
		if !readable {
			t.Errorf("%s: the key and the problem's code, which are plain, were not found", when)
		}
	}
	look("in use", 3) // file, write-ahead log and its index
	b.open(store.Newer("-- +goose Up\nCREATE TABLE tomorrow (id BIGINT);"))
	look("copied", 4)
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	look("closed", 2)
}

// TestSealed_EveryColumn: a column of bytes holds nothing but what was sealed.
func TestSealed_EveryColumn(t *testing.T) {
	b := setupFile(t)
	b.fill()
	columns := 0
	for _, table := range b.Text(t, true, "SELECT name FROM sqlite_master WHERE type = 'table'", 0) {
		for _, row := range b.Text(t, true, "SELECT name || ' ' || type FROM pragma_table_info('"+table+"')", 0) {
			name, kind, _ := strings.Cut(row, " ")
			if kind != "BYTEA" {
				continue
			}
			columns++
			for _, value := range b.Text(t, true, "SELECT "+name+" FROM "+table, 0) {
				if len(value) < 29 || value[0] != 1 && value[0] != 2 {
					t.Errorf("%s.%s holds %q", table, name, value)
				}
			}
		}
	}
	if columns != 16 {
		t.Errorf("%d columns of bytes", columns)
	}
}

// TestSealed_Place: bytes that were put in another place do not open there.
func TestSealed_Place(t *testing.T) {
	b := setupFile(t)
	ctx := t.Context()
	first, second := b.queue(), b.queue()
	if err := b.Exec("UPDATE entry SET sealed = (SELECT sealed FROM entry WHERE delivery_id = $1) WHERE delivery_id = $2", first.ID, second.ID); err != nil {
		t.Fatal(err)
	}
	_, err := b.Entry(ctx, second.ID)
	wantProblem(t, err, "secret.key_lost")
	must[model.Entry](t)(b.Entry(ctx, first.ID))
	if err := b.Exec("UPDATE snapshot SET journal = raw, raw = journal"); err != nil {
		t.Fatal(err)
	}
	_, err = b.Snapshot(ctx, first.RunID)
	wantProblem(t, err, "secret.key_lost")
}

func TestKeyLost(t *testing.T) {
	b := setupFile(t)
	ctx := t.Context()
	b.addMapping()
	booked := b.fill()
	waiting := b.queue()
	want := b.delivery(waiting.ID)
	b.sealer = secret.NewSealer(secret.NewKey())
	b.Store = b.open()

	_, err := b.Credentials(ctx, b.account.ID)
	wantProblem(t, err, "secret.key_lost", "what", "id")
	var p *model.Problem
	if errors.As(err, &p); p.Action != model.ActionSignIn {
		t.Errorf("the account offers %q", p.Action)
	}
	_, err = b.Snapshot(ctx, waiting.RunID)
	wantProblem(t, err, "secret.key_lost", "what", "id")
	_, err = b.Entry(ctx, waiting.ID)
	wantProblem(t, err, "secret.key_lost", "what", "id")
	_, err = b.Receipt(ctx, booked.ID)
	wantProblem(t, err, "secret.key_lost", "what", "id")

	// Everything else goes on.
	same(t, must[[]model.Account](t)(b.Accounts(ctx)), []model.Account{b.account})
	if len(must[[]model.Mapping](t)(b.Mappings(ctx))) != 1 || len(must[[]model.Run](t)(b.Runs(ctx, model.RunFilter{}))) != 3 {
		t.Error("mappings or runs are gone")
	}
	got := b.delivery(waiting.ID)
	if got.Problem == nil || got.Problem.Code != "cash.test" {
		t.Errorf("problem of the delivery: %v", got.Problem)
	}
	got.Problem, want.Problem = nil, nil
	same(t, got, want)
	attempts := must[[]model.Attempt](t)(b.Attempts(ctx, booked.ID))
	if len(attempts) != 1 || attempts[0].Event != "proof" || attempts[0].Problem.Code != "cash.difference" || attempts[0].Detail != "" {
		t.Errorf("attempts: %+v", attempts)
	}
	if _, ok := b.claim(noon); !ok {
		t.Error("nothing can be claimed")
	}
	if err := b.SaveCredentials(ctx, b.account.ID, model.Credentials{"api_key": "new"}); err != nil {
		t.Fatal(err)
	}
	same(t, must[model.Credentials](t)(b.Credentials(ctx, b.account.ID)), model.Credentials{"api_key": "new"})
}
