package store

import (
	"context"
	"strings"

	"loonbrug/data/model"
)

// Setting is the value of a setting; one that was never saved is
// [model.ErrNotFound].
func (s *Store) Setting(ctx context.Context, name string) (value string, err error) {
	err = s.read(ctx, "setting "+name, func(c conn) error {
		return c.one([]any{&value}, `SELECT value FROM setting WHERE name = $1`, name)
	})
	return value, err
}

// SaveSetting keeps the value under the name, in place of an earlier one. The
// history tells of it, unless it is only what the program remembers for itself.
func (s *Store) SaveSetting(ctx context.Context, name, value string) error {
	return s.write(ctx, "save setting "+name, func(c conn) error {
		var old string
		if _, err := c.maybe([]any{&old}, `SELECT value FROM setting WHERE name = $1`, name); err != nil {
			return err
		}
		_, err := c.exec(`
			INSERT INTO setting (name, value) VALUES ($1, $2)
			ON CONFLICT (name) DO UPDATE SET value = excluded.value`, name, value)
		if old != value && !ownMemory(name) {
			c.tell(model.Event{
				Kind: model.EventSettingChanged, Name: name,
				Changes: []model.FieldChange{{Field: name, Old: old, New: value}},
			})
		}
		return err
	})
}

// ownMemory tells a setting that nobody set: what was noticed of the database, and how a
// screen was left, which is under "view.".
func ownMemory(name string) bool {
	return strings.HasPrefix(name, "epoch") || strings.HasPrefix(name, "view.")
}
