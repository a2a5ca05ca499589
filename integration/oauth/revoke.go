package oauth

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/coreos/go-oidc/v3/oidc"

	"loonbrug/integration/httpx"
	"loonbrug/integration/target"
)

// ErrNoRevocation says that the provider has no address to give a sign-in back.
var ErrNoRevocation = errors.New("the provider publishes no revocation endpoint")

// Revoke gives the account's refresh token back to the provider (RFC 7009), so
// that nobody can use it any more. An account without one is no error.
func (c *Client) Revoke(ctx context.Context, p Provider, a target.Access) error {
	leave, err := c.enter(ctx, a.Account.ID)
	if err != nil {
		return err
	}
	defer leave()
	stored, err := c.recall(ctx, a)
	if err != nil {
		return err
	}
	refresh := stored[FieldRefreshToken]
	if refresh == "" {
		return nil
	}
	ends, err := c.discover(ctx, p)
	if err != nil {
		return err
	}
	if ends.revoke == "" {
		return ErrNoRevocation
	}
	answer, err := c.post(ctx, p, ends.revoke, map[string]string{
		"token": refresh.Reveal(), "token_type_hint": "refresh_token",
	})
	if err != nil {
		return httpx.ProblemOf(err)
	}
	if answer.Status != http.StatusOK {
		return fmt.Errorf("revoking: %w", tokenProblem(ends.revoke, answer, false))
	}
	return nil
}

// revocation is the address that the provider's metadata names (RFC 8414
// section 2), or nothing.
func revocation(found *oidc.Provider) string {
	var metadata struct {
		Revocation string `json:"revocation_endpoint"`
	}
	if err := found.Claims(&metadata); err != nil {
		return "" // metadata that cannot be read this far offers no revocation
	}
	return metadata.Revocation
}
