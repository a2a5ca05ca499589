package office

import (
	"context"
	"errors"
	"fmt"

	"loonbrug/data/model"
	"loonbrug/integration/source"
)

// errNoTables is for a caller that made up a table: a reader that knows none
// gives none.
var errNoTables = errors.New("the reader of files knows no tables")

// Columns proposes what the columns of a table mean; ok is false for a file
// that is no table, or whose columns nobody has to be asked for.
func (f *Office) Columns(content []byte) (t source.Table, ok bool) {
	tables, can := f.o.Files.(source.Tables)
	if !can {
		return source.Table{}, false
	}
	return tables.Table(content)
}

// MissingColumns are the roles without which a table cannot be read.
func (f *Office) MissingColumns(t source.Table) []string {
	if tables, can := f.o.Files.(source.Tables); can {
		return tables.Missing(t)
	}
	return nil
}

// SaveColumns remembers what a person said the columns of a table mean, for
// every file with the same header.
func (f *Office) SaveColumns(ctx context.Context, t source.Table) error {
	if err := f.may(ctx, model.ActWork, ""); err != nil {
		return err
	}
	tables, can := f.o.Files.(source.Tables)
	if !can {
		return errNoTables
	}
	columns, err := tables.Layout(t)
	if err != nil {
		return err
	}
	f.o.Log.Info("columns chosen", "layout", t.ID)
	if err := f.o.Store.SaveLayout(ctx, model.Layout{ID: source.ColumnsID(t.ID), Columns: columns}); err != nil {
		return fmt.Errorf("remember columns: %w", err)
	}
	return nil
}
