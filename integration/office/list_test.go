package office_test

import (
	"context"
	"slices"
	"testing"

	"loonbrug/data/journal"
	"loonbrug/data/model"
	"loonbrug/integration/office"
	"loonbrug/integration/target"
)

// listing is a store of runs whose journals cannot be opened.
type listing struct {
	accounts
	runs    []model.Run
	digests map[int64]model.RunDigest
}

func (l listing) Runs(context.Context, model.RunFilter) ([]model.Run, error) { return l.runs, nil }

func (l listing) Digests(context.Context, ...int64) (map[int64]model.RunDigest, error) {
	return l.digests, nil
}

func (l listing) Snapshot(context.Context, int64) (model.Snapshot, error) {
	panic("a list opened a snapshot")
}

func (listing) CompaniesOf(context.Context, ...int64) ([]model.Company, error) {
	return []model.Company{{ID: 1, Name: "De Halm"}}, nil
}

func (listing) MappingsOf(context.Context, ...int64) ([]model.Mapping, error) { return nil, nil }

func (listing) Deliveries(context.Context, ...int64) ([]model.Delivery, error) { return nil, nil }

// opened makes an office of a store, with nothing around it.
func opened(s office.Store) *office.Office {
	return office.New(office.Options{
		Store: s, Targets: target.Registry{lasting{}}, Files: noFiles{}, Mailbox: noMailbox{}, Open: noBrowser, Language: dutch,
	})
}

func march(n int) journal.Period { return journal.Period{Year: 2026, Number: n} }

// The codes of a company are those of all its runs, each once.
func TestPayrollCodes(t *testing.T) {
	f := opened(listing{
		runs: []model.Run{{ID: 7}, {ID: 8}},
		digests: map[int64]model.RunDigest{
			7: {Codes: []model.CodePair{{Centre: "100", Unit: "A1"}, {Centre: "200"}}},
			8: {Codes: []model.CodePair{{Centre: "100"}, {Centre: "100", Unit: "A1"}}},
		},
	})
	codes, err := f.PayrollCodes(t.Context(), 1)
	want := []model.CodePair{{Centre: "100"}, {Centre: "100", Unit: "A1"}, {Centre: "200"}}
	if err != nil || !slices.Equal(codes, want) {
		t.Errorf("codes %v, %v", codes, err)
	}
}

// A list of runs shows periods and amounts without opening a journal.
func TestRuns_OpenNoJournal(t *testing.T) {
	f := opened(listing{
		runs:    []model.Run{{ID: 7, CompanyID: 1, Last: march(3)}, {ID: 8, CompanyID: 1, Last: march(4)}},
		digests: map[int64]model.RunDigest{7: {Periods: 3, Debit: 1234_56}, 8: {Periods: 1, Debit: 5}},
	})
	rows, err := f.Runs(t.Context(), model.RunFilter{})
	if err != nil || len(rows) != 2 {
		t.Fatalf("%+v, %v", rows, err)
	}
	if r := rows[0]; r.Corrections != 2 || r.Debit != 1234_56 || r.Company.Name != "De Halm" {
		t.Errorf("row %+v", r)
	}
	if r := rows[1]; r.Corrections != 0 || r.Debit != 5 {
		t.Errorf("row %+v", r)
	}
}
