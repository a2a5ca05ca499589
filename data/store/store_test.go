package store_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"loonbrug/data/journal"
	"loonbrug/data/model"
	"loonbrug/data/secret"
	"loonbrug/data/store"
	"loonbrug/data/store/postgrestest"
	"loonbrug/data/store/storetest"
	"loonbrug/integration/office"
	"loonbrug/integration/sender"
)

var (
	_ office.Store = (*store.Store)(nil)
	_ sender.Store = (*store.Store)(nil)
)

// noon is a time with nothing below the millisecond, as the database keeps it.
var noon = time.Date(2026, 3, 31, 12, 0, 0, 250_000_000, time.UTC)

// bundle is a database with one company and one account in it.
type bundle struct {
	*store.Store
	t       testing.TB
	path    string // the file, or the address
	shared  bool   // on PostgreSQL
	sealer  *secret.Sealer
	company model.Company
	account model.Account
	made    int
}

func TestMain(m *testing.M) { os.Exit(storetest.Main(m)) }

// setup is a database of the engine that is tested.
func setup(t testing.TB) *bundle { return on(t, storetest.OnServer()) }

// setupFile is a file, for what is about files, or looked at in SQLite's words.
func setupFile(t testing.TB) *bundle { return on(t, false) }

func on(t testing.TB, shared bool) *bundle {
	t.Helper()
	b := &bundle{t: t, shared: shared, sealer: secret.NewSealer(secret.NewKey())}
	if shared {
		b.path = postgrestest.New(t)
	} else {
		b.path = filepath.Join(t.TempDir(), "data", "loonbrug.db")
	}
	b.Store = b.open()
	b.company = b.addCompany("1")
	b.account = b.addAccount("De Halm")
	return b
}

// open opens the same database once more, as another program would.
func (b *bundle) open(opts ...store.Option) *store.Store {
	b.t.Helper()
	return storetest.OpenedAt(b.t, b.path, b.sealer, opts...)
}

func (b *bundle) addCompany(sourceID string) model.Company {
	b.t.Helper()
	c := model.Company{
		Source: "file", SourceID: sourceID, Number: "12", Name: "Bakkerij De Halm B.V.",
		Debtor: "Halm Groep", Country: "NL", Currency: "EUR", FourWeekly: true,
	}
	if err := b.SaveCompany(b.t.Context(), &c); err != nil {
		b.t.Fatal(err)
	}
	return c
}

func (b *bundle) addAccount(name string) model.Account {
	b.t.Helper()
	a := model.Account{
		Target: "cash", Name: name, Settings: map[string]string{"relation": "100200"},
		State: model.AccountAuthorised, Identity: "100200", CheckedAt: noon,
		Problem: model.NewProblem("cash.rights", "who", "100200"),
	}
	if err := b.SaveAccount(b.t.Context(), &a); err != nil {
		b.t.Fatal(err)
	}
	return a
}

func (b *bundle) addMapping() model.Mapping {
	b.t.Helper()
	m := model.Mapping{
		CompanyID: b.company.ID, AccountID: b.account.ID, Target: "cash",
		Administration: model.Administration{Code: "halm", Name: "Bakkerij De Halm B.V.", ReadOnly: true},
		CostCentre:     model.DimensionRule{Use: true, Dimension: "1", Name: "Kostenplaats", Values: map[string]string{"100": "KAN"}},
		Options:        map[string]string{"daybook": "SAL"},
		Start:          journal.Period{Year: 2026, Number: 3},
	}
	if err := b.SaveMapping(b.t.Context(), &m); err != nil {
		b.t.Fatal(err)
	}
	return m
}

// addRun adds a run with a journal of its own.
func (b *bundle) addRun() model.Run {
	b.t.Helper()
	b.made++
	id := b.company.SourceID + "-" + time.Duration(b.made).String()
	r, added, err := b.AddRun(b.t.Context(), model.Run{
		CompanyID: b.company.ID, SourceID: id, Year: 2026,
		First: journal.Period{Year: 2026, Number: 1}, Last: journal.Period{Year: 2026, Number: 3},
		Description: "Maart met correcties", RunAt: noon, Locked: true,
	}, model.Snapshot{Hash: id, Content: id, Format: "nmbrs-xml", TakenAt: noon, Raw: []byte("<x/>"), Journal: sample()}, reference)
	if err != nil || !added {
		b.t.Fatal(added, err)
	}
	return r
}

func reference(r model.Run) string {
	return journal.Period{Year: r.Year, Number: r.Number}.String()
}

func sample() *journal.Journal {
	period := journal.Period{Year: 2026, Number: 3}
	return &journal.Journal{Transactions: []journal.Transaction{{
		Period: period, Date: period.LastDay(false),
		Lines: []journal.Line{
			{LedgerAccount: "0400", CostCentre: "100", CostUnit: "A1", Amount: 7777_31, Text: "Bruto lonen geheim"},
			{LedgerAccount: "1720", Amount: -7777_31, Text: "Netto lonen"},
		},
	}}}
}

// item is a delivery of the run, ready to be queued.
func (b *bundle) item(r model.Run, period int) model.Queued {
	b.made++
	p := journal.Period{Year: 2026, Number: period}
	key := "LB" + time.Duration(b.made).String()
	return model.Queued{
		Delivery: model.Delivery{
			RunID: r.ID, MappingID: 1, CompanyID: r.CompanyID, AccountID: b.account.ID, Target: "cash",
			Administration: "halm", Period: p, Revision: 1, Key: key, Reference: r.Reference,
			State: model.StateQueued, Approval: model.ApprovalNone, Evidence: map[string]string{"document": "7"},
			Problem:   model.NewProblem("cash.test", "text", "Bruto lonen geheim").Again().With(model.ActionRefresh),
			NotBefore: noon, EntryHash: "hash of " + key, CreatedAt: noon, UpdatedAt: noon,
		},
		Entry: model.Entry{
			Target: "cash", Administration: "halm", Key: key, Reference: r.Reference, Period: p,
			Date: p.LastDay(false), Currency: "EUR", Description: "Maart",
			Lines: []model.EntryLine{
				{LedgerAccount: "4000", Amount: 7777_31, Text: "Bruto lonen geheim", Dimensions: []model.DimensionCode{{Dimension: "1", Value: "KAN", Code: "100"}}},
				{LedgerAccount: "1720", Amount: -7777_31, Text: "Netto lonen"},
			},
		},
	}
}

// queue queues a new delivery of a new run.
func (b *bundle) queue() model.Delivery {
	b.t.Helper()
	items := []model.Queued{b.item(b.addRun(), 3)}
	if err := b.Queue(b.t.Context(), items); err != nil {
		b.t.Fatal(err)
	}
	return b.delivery(items[0].Delivery.ID)
}

func (b *bundle) delivery(id int64) model.Delivery {
	b.t.Helper()
	d, err := b.Delivery(b.t.Context(), id)
	if err != nil {
		b.t.Fatal(err)
	}
	return d
}

func (b *bundle) claim(now time.Time) (model.Delivery, bool) {
	b.t.Helper()
	d, ok, err := b.Claim(b.t.Context(), model.Claim{Now: now, Lease: time.Minute})
	if err != nil {
		b.t.Fatal(err)
	}
	return d, ok
}

func (b *bundle) apply(from, to model.Delivery) {
	b.t.Helper()
	if err := b.Apply(b.t.Context(), from, to, model.Attempt{At: noon, Event: "test"}, nil); err != nil {
		b.t.Fatal(err)
	}
}

func wantProblem(t testing.TB, err error, code string, params ...string) {
	t.Helper()
	var p *model.Problem
	if !errors.As(err, &p) || p.Code != code {
		t.Fatalf("got %v, want problem %s", err, code)
	}
	for _, name := range params {
		if p.Params[name] == "" {
			t.Errorf("problem %s has no %s: %v", code, name, p.Params)
		}
	}
}

func wantNotFound(t testing.TB, err error) {
	t.Helper()
	if !errors.Is(err, model.ErrNotFound) {
		t.Fatalf("got %v, want not found", err)
	}
}

func must[T any](t testing.TB) func(T, error) T {
	t.Helper()
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}
