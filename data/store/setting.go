package store

import "context"

// Setting is the value of a setting; one that was never saved is
// [model.ErrNotFound].
func (s *Store) Setting(ctx context.Context, name string) (value string, err error) {
	err = s.read(ctx, "setting "+name, func(c conn) error {
		return c.one([]any{&value}, `SELECT value FROM setting WHERE name = $1`, name)
	})
	return value, err
}

// SaveSetting keeps the value under the name, in place of an earlier one.
func (s *Store) SaveSetting(ctx context.Context, name, value string) error {
	return s.write(ctx, "save setting "+name, func(c conn) error {
		_, err := c.exec(`
			INSERT INTO setting (name, value) VALUES ($1, $2)
			ON CONFLICT (name) DO UPDATE SET value = excluded.value`, name, value)
		return err
	})
}
