package office

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"loonbrug/data/model"
)

// TableView is how a table was left; one that was never changed, or that cannot
// be read, is as it was made.
func (f *Office) TableView(ctx context.Context, table string) (v model.TableView, err error) {
	text, err := f.o.Store.Setting(ctx, viewName(table))
	if errors.Is(err, model.ErrNotFound) {
		return v, nil
	}
	if err != nil {
		return v, fmt.Errorf("view of table %s: %w", table, err)
	}
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		f.o.Log.Warn("view of a table is unreadable", "table", table, "error", err)
		return model.TableView{}, nil
	}
	return v, nil
}

// SaveTableView keeps how a table looks.
func (f *Office) SaveTableView(ctx context.Context, table string, v model.TableView) error {
	text, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("view of table %s: %w", table, err)
	}
	return f.o.Store.SaveSetting(ctx, viewName(table), string(text))
}

func viewName(table string) string { return "table." + table }
