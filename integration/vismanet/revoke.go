package vismanet

import (
	"context"
	"fmt"

	"loonbrug/integration/target"
)

// Revoke implements [target.Revoker]: Visma Connect forgets the refresh token.
func (t *Target) Revoke(ctx context.Context, a target.Access) error {
	stored, err := a.Vault.Credentials(ctx, a.Account.ID)
	if err != nil {
		return fmt.Errorf("account %d: reading credentials: %w", a.Account.ID, err)
	}
	s, err := t.session(a, stored[fieldSecret])
	if err != nil {
		return err
	}
	return t.oauth.Revoke(ctx, s.provider, a)
}
