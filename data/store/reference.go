package store

import (
	"context"
	"fmt"

	"loonbrug/data/model"
)

// Reference is the last fetched reference data of an administration.
func (s *Store) Reference(ctx context.Context, accountID int64, administration string) (*model.Reference, error) {
	r := new(model.Reference)
	err := s.read(ctx, fmt.Sprintf("reference of account %d, %s", accountID, administration), func(c conn) error {
		return c.one([]any{document{r}}, `
			SELECT data FROM reference_data WHERE account_id = $1 AND administration = $2`,
			accountID, administration)
	})
	if err != nil {
		return nil, err
	}
	return r, nil
}

// SaveReference keeps the reference data of an administration in place of the
// earlier.
func (s *Store) SaveReference(ctx context.Context, accountID int64, administration string, r *model.Reference) error {
	return s.write(ctx, fmt.Sprintf("save reference of account %d, %s", accountID, administration), func(c conn) error {
		_, err := c.exec(`
			INSERT INTO reference_data (account_id, administration, fetched_at, data) VALUES ($1, $2, $3, $4)
			ON CONFLICT (account_id, administration)
			DO UPDATE SET fetched_at = excluded.fetched_at, data = excluded.data`,
			accountID, administration, instant{&r.FetchedAt}, document{r})
		return err
	})
}
