package store

import (
	"context"
	"fmt"

	"loonbrug/data/model"
)

// Credentials are the secrets of an account; an account without any gives an
// empty map. Problem secret.key_lost: they cannot be opened, so the account
// must sign in again.
func (s *Store) Credentials(ctx context.Context, accountID int64) (model.Credentials, error) {
	credentials := model.Credentials{}
	err := s.read(ctx, fmt.Sprintf("credentials of account %d", accountID), func(c conn) error {
		var sealed []byte
		found, err := c.maybe([]any{&sealed}, `SELECT sealed FROM credential WHERE account_id = $1`, accountID)
		if err != nil || !found {
			return err
		}
		var plain map[string]string
		if err := s.openJSON(credentialCell(accountID), sealed, &plain); err != nil {
			return err
		}
		for name, text := range plain {
			credentials[name] = model.Secret(text)
		}
		return nil
	})
	return credentials, err
}

// SaveCredentials keeps the secrets of an account in place of the earlier ones,
// durably before it returns.
func (s *Store) SaveCredentials(ctx context.Context, accountID int64, credentials model.Credentials) error {
	plain := make(map[string]string, len(credentials)) // a Secret would write itself as dots
	for name, secret := range credentials {
		plain[name] = secret.Reveal()
	}
	sealed, err := s.sealJSON(credentialCell(accountID), plain)
	if err != nil {
		return err
	}
	return s.write(ctx, fmt.Sprintf("save credentials of account %d", accountID), func(c conn) error {
		_, err := c.exec(`
			INSERT INTO credential (account_id, sealed) VALUES ($1, $2)
			ON CONFLICT (account_id) DO UPDATE SET sealed = excluded.sealed`, accountID, sealed)
		return err
	})
}
