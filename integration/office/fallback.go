package office

import (
	"bytes"
	"context"
	"fmt"
	"slices"

	"loonbrug/data/journal"
	"loonbrug/data/model"
	"loonbrug/integration/source"
)

// read reads a payroll file. As long as no mapping has a ledger account for
// lines without one, such lines are refused at once; else what is to become of
// them depends on the company, see [Office.complete].
func (f *Office) read(ctx context.Context, in Incoming) (*source.File, error) {
	some, err := f.hasFallback(ctx, func(model.Mapping) bool { return true })
	if err != nil {
		return nil, err
	}
	if some {
		return f.o.Files.ReadBare(ctx, in.Name, in.Content)
	}
	return f.o.Files.ReadAll(ctx, in.Name, in.Content)
}

// complete refuses a file that has lines without a ledger account, with their
// place, unless a mapping of the company has an account for them. A mapping that
// has none refuses them when an entry is made.
func (f *Office) complete(ctx context.Context, company model.Company, file *source.File) error {
	bare := slices.ContainsFunc(file.Journal.Transactions, func(t journal.Transaction) bool {
		return slices.ContainsFunc(t.Lines, func(l journal.Line) bool { return l.LedgerAccount == "" })
	})
	if !bare {
		return nil
	}
	ok, err := f.hasFallback(ctx, func(m model.Mapping) bool { return m.CompanyID == company.ID })
	if err != nil || ok {
		return err
	}
	_, err = f.o.Files.ReadAll(ctx, file.Name, bytes.NewReader(file.Raw))
	return err
}

// hasFallback tells whether a mapping that is meant has a ledger account for
// lines without one.
func (f *Office) hasFallback(ctx context.Context, meant func(model.Mapping) bool) (bool, error) {
	mappings, err := f.o.Store.Mappings(ctx)
	if err != nil {
		return false, fmt.Errorf("mappings: %w", err)
	}
	return slices.ContainsFunc(mappings, func(m model.Mapping) bool { return m.Rules.LedgerAccount != "" && meant(m) }), nil
}
