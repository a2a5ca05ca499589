package office_test

import (
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"loonbrug/data/journal"
	"loonbrug/data/model"
	"loonbrug/integration/office"
	"loonbrug/integration/source"
	"loonbrug/integration/target"
)

// ledger is a store of companies with a run each, whose deliveries stand in
// several states.
type ledger struct {
	office.Store
	office.Mailbox
	companies  []model.Company
	deliveries []model.Delivery
	mapping    model.Mapping
	layouts    []model.Layout
	withdrawn  []int64
	refuse     error
}

func (*ledger) Rights(context.Context) (model.Rights, error) { return model.Rights{}, nil }

func (l *ledger) Mappings(context.Context) ([]model.Mapping, error) { return nil, nil }

func (l *ledger) Companies(context.Context) ([]model.Company, error) {
	return slices.Clone(l.companies), nil
}

func (l *ledger) Company(_ context.Context, id int64) (model.Company, error) {
	return l.companies[id-1], nil
}

func (l *ledger) SaveCompany(_ context.Context, c *model.Company) error {
	l.companies[c.ID-1] = *c
	return nil
}

func (l *ledger) Runs(_ context.Context, f model.RunFilter) ([]model.Run, error) {
	if f.CompanyID == 3 {
		return nil, nil
	}
	return []model.Run{{ID: f.CompanyID * 10}}, nil
}

func (l *ledger) Deliveries(_ context.Context, runs ...int64) (found []model.Delivery, err error) {
	for _, d := range l.deliveries {
		if slices.Contains(runs, d.RunID) {
			found = append(found, d)
		}
	}
	return found, nil
}

func (l *ledger) Withdraw(_ context.Context, id int64) error {
	l.withdrawn = append(l.withdrawn, id)
	return l.refuse
}

func (l *ledger) Account(_ context.Context, id int64) (model.Account, error) {
	return model.Account{ID: id, Target: "bank"}, nil
}

func (l *ledger) Mapping(context.Context, int64) (model.Mapping, error) { return l.mapping, nil }

func (l *ledger) SaveMapping(_ context.Context, m *model.Mapping) error {
	l.mapping = *m
	return nil
}

func (l *ledger) SaveLayout(_ context.Context, layout model.Layout) error {
	l.layouts = append(l.layouts, layout)
	return nil
}

func newLedger(samples bool, files office.Files) (*office.Office, *ledger) {
	l := &ledger{
		companies: []model.Company{
			{ID: 1, Debtor: "Halm Groep"}, {ID: 2, Debtor: "Halm Groep", FourWeekly: true}, {ID: 3}, {ID: 4},
		},
		deliveries: []model.Delivery{
			{ID: 1, RunID: 10, State: model.StateQueued},
			{ID: 2, RunID: 10, State: model.StateBooked},
			{ID: 3, RunID: 10, State: model.StateSending},
			{ID: 4, RunID: 20, State: model.StateQueued},
			{ID: 5, RunID: 40, State: model.StateQueued},
		},
	}
	return office.New(office.Options{
		Store: l, Targets: target.Registry{&bank{several: true}}, Files: files, Mailbox: l, Open: noBrowser, Language: dutch, Samples: samples,
		Now: func() time.Time { return time.Date(2026, time.April, 2, 9, 0, 0, 0, time.UTC) },
	}), l
}

// A mark takes back what waits in the queue, and nothing else.
func TestSaveCompany_AMarkWithdraws(t *testing.T) {
	for name, tt := range map[string]struct {
		change func(*model.Company)
		want   []int64
	}{
		"Test":    {func(c *model.Company) { c.TestCompany = true }, []int64{1}},
		"Blocked": {func(c *model.Company) { c.DebtorBlocked = true }, []int64{1}},
		"Neither": {func(c *model.Company) { c.Name = "Anders" }, nil},
	} {
		t.Run(name, func(t *testing.T) {
			f, l := newLedger(false, noFiles{})
			c := l.companies[0]
			tt.change(&c)
			if err := f.SaveCompany(t.Context(), &c); err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(l.withdrawn, tt.want) || l.companies[0] != c {
				t.Errorf("withdrawn %v, company %+v", l.withdrawn, l.companies[0])
			}
		})
	}
	f, l := newLedger(false, noFiles{})
	if err := f.SaveCompany(t.Context(), &model.Company{ID: 3, TestCompany: true}); err != nil || l.withdrawn != nil {
		t.Errorf("a company without runs: %v, withdrawn %v", err, l.withdrawn)
	}
}

// What left the queue meanwhile is no fault; a store that fails is.
func TestSaveCompany_WithdrawingFails(t *testing.T) {
	f, l := newLedger(false, noFiles{})
	c := l.companies[0]
	c.TestCompany = true
	l.refuse = model.NewProblem("delivery.not_queued")
	if err := f.SaveCompany(t.Context(), &c); err != nil {
		t.Errorf("a delivery that is under way: %v", err)
	}
	l.refuse = errors.New("disk")
	if err := f.SaveCompany(t.Context(), &c); !errors.Is(err, l.refuse) {
		t.Errorf("got %v", err)
	}
}

func TestBlockDebtor(t *testing.T) {
	f, l := newLedger(false, noFiles{})
	if err := f.BlockDebtor(t.Context(), "Halm Groep", true); err != nil {
		t.Fatal(err)
	}
	if !l.companies[0].DebtorBlocked || !l.companies[1].DebtorBlocked || l.companies[2].DebtorBlocked || !slices.Equal(l.withdrawn, []int64{1, 4}) {
		t.Errorf("companies %+v, withdrawn %v", l.companies, l.withdrawn)
	}
	if err := f.BlockDebtor(t.Context(), "Halm Groep", false); err != nil || l.companies[0].DebtorBlocked {
		t.Errorf("%v, %+v", err, l.companies[0])
	}
	if err := f.BlockDebtor(t.Context(), "", true); err != nil || l.companies[2].DebtorBlocked {
		t.Error("companies without a debtor were blocked together")
	}
}

func TestFirstPeriod(t *testing.T) {
	f, _ := newLedger(false, noFiles{})
	for company, want := range map[int64]journal.Period{1: {Year: 2026, Number: 4}, 2: {Year: 2026, Number: 4}} {
		if got, err := f.FirstPeriod(t.Context(), company); err != nil || got != want {
			t.Errorf("company %d: %v, %v", company, got, err)
		}
	}
	f, _ = newLedger(true, noFiles{})
	if got, err := f.FirstPeriod(t.Context(), 1); err != nil || got != (journal.Period{}) {
		t.Errorf("samples: %v, %v", got, err)
	}
}

// A mapping that moves starts anew, unless its start was chosen in the same step.
func TestSaveMapping_AMoveStartsAnew(t *testing.T) {
	old := model.Mapping{ID: 7, CompanyID: 1, AccountID: 1, Target: "bank", Administration: model.Administration{Code: "halm"}, Start: march(1)}
	for name, tt := range map[string]struct {
		change func(*model.Mapping)
		want   journal.Period
	}{
		"Moved":         {func(m *model.Mapping) { m.Administration.Code = "trns" }, march(4)},
		"MovedAndStart": {func(m *model.Mapping) { m.Administration.Code, m.Start = "trns", march(2) }, march(2)},
		"MovedNoStart":  {func(m *model.Mapping) { m.Administration.Code, m.Start = "trns", journal.Period{} }, journal.Period{}},
		"NewName":       {func(m *model.Mapping) { m.Administration.Name = "Anders" }, march(1)},
		"Start":         {func(m *model.Mapping) { m.Start = march(2) }, march(2)},
		"New":           {func(m *model.Mapping) { m.ID, m.Start = 0, journal.Period{} }, journal.Period{}},
	} {
		t.Run(name, func(t *testing.T) {
			f, l := newLedger(false, noFiles{})
			l.mapping = old
			m := old
			tt.change(&m)
			if err := f.SaveMapping(t.Context(), &m); err != nil {
				t.Fatal(err)
			}
			if l.mapping.Start != tt.want {
				t.Errorf("start %v, want %v", l.mapping.Start, tt.want)
			}
		})
	}
}

// tables is a reader that can be told what columns mean.
type tables struct{ office.Files }

func (tables) Table(content []byte) (source.Table, bool) {
	return source.Table{ID: "abc"}, len(content) > 0
}
func (tables) Missing(source.Table) []string         { return []string{"amount"} }
func (tables) Layout(t source.Table) (string, error) { return "layout " + t.ID, nil }

func TestColumns(t *testing.T) {
	f, l := newLedger(false, tables{})
	table, ok := f.Columns([]byte("a;b"))
	if !ok || !slices.Equal(f.MissingColumns(table), []string{"amount"}) {
		t.Fatalf("%+v, %t", table, ok)
	}
	if err := f.SaveColumns(t.Context(), table); err != nil {
		t.Fatal(err)
	}
	if want := []model.Layout{{ID: "columns:abc", Columns: "layout abc"}}; !slices.Equal(l.layouts, want) {
		t.Errorf("kept %+v", l.layouts)
	}
	f, _ = newLedger(false, noFiles{})
	if _, ok := f.Columns([]byte("a;b")); ok || f.MissingColumns(table) != nil {
		t.Error("a reader without tables has some")
	}
	if err := f.SaveColumns(t.Context(), table); err == nil {
		t.Errorf("got %v", err)
	}
}

// reading is a reader that gives one file, whatever it is given.
type reading struct {
	office.Files
	header source.Header
}

func (r reading) ReadAll(context.Context, string, io.Reader) (*source.File, error) {
	return &source.File{Name: "loon.si", Hash: "h", Header: r.header, Journal: &journal.Journal{}}, nil
}

func (l *ledger) AddParcel(_ context.Context, p *model.Parcel) error {
	p.ID = 9
	return l.refuse
}

func (l *ledger) Inbox(context.Context) ([]model.Parcel, error) { return nil, nil }

func (l *ledger) Layout(context.Context, string) (model.Layout, bool, error) {
	return model.Layout{}, false, nil
}

// A file that says nothing of a known company waits, and the window is told; one
// that cannot be kept does not.
func TestTakeIn_Waits(t *testing.T) {
	f, l := newLedger(false, reading{header: source.Header{CompanyName: "Nobody B.V."}})
	got, err := f.TakeIn(t.Context(), "loon.si", strings.NewReader(""))
	if err != nil || !got.Waits() || got.Parcel.Header.CompanyName != "Nobody B.V." || got.Run.ID != 0 {
		t.Errorf("%+v, %v", got, err)
	}
	l.refuse = errors.New("disk")
	if got, err := f.TakeIn(t.Context(), "loon.si", strings.NewReader("")); !errors.Is(err, l.refuse) || got.Waits() {
		t.Errorf("%+v, %v", got, err)
	}
}

func (l *ledger) MappingsOf(ctx context.Context, _ ...int64) ([]model.Mapping, error) {
	return l.Mappings(ctx)
}

func (l *ledger) CompaniesOf(ctx context.Context, _ ...int64) ([]model.Company, error) {
	return l.Companies(ctx)
}
