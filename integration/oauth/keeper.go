package oauth

import (
	"context"
	"fmt"
	"maps"
	"strconv"
	"time"

	"loonbrug/data/model"
	"loonbrug/integration/target"
)

// The fields of an account's credentials that this package writes.
const (
	FieldAccessToken  = "access_token"
	FieldRefreshToken = "refresh_token"
	FieldExpires      = "access_expires" // of the access token, RFC 3339

	// FieldRefreshExpires is the end of the refresh token, RFC 3339; missing is
	// not known. See [RefreshEnds].
	FieldRefreshExpires = "refresh_expires"
)

// margin is how long an access token must still be good for to be used.
const margin = time.Minute

// renewal is how long a renewal may take. It is not cut short with the caller,
// because a refresh token may be spent once it has left.
const renewal = 45 * time.Second

// Save stores a grant of a sign-in, and extra fields, with the account's other
// credentials. What an earlier sign-in left is forgotten.
func (c *Client) Save(ctx context.Context, a target.Access, g Grant, extra model.Credentials) error {
	leave, err := c.enter(ctx, a.Account.ID)
	if err != nil {
		return err
	}
	defer leave()
	return a.Vault.Only(ctx, turnOf(a.Account.ID), func(ctx context.Context) error {
		c.remember(a.Account.ID, nil)
		stored, err := a.Vault.Credentials(ctx, a.Account.ID)
		if err != nil {
			return fmt.Errorf("account %d: reading credentials: %w", a.Account.ID, err)
		}
		// A sign-in without a refresh token must not keep one of another person.
		delete(stored, FieldRefreshToken)
		delete(stored, FieldRefreshExpires)
		return store(ctx, a, stored, g, extra)
	})
}

// RefreshEnds is when the refresh token of an account's credentials ends; zero
// is not known.
func RefreshEnds(c model.Credentials) time.Time {
	at, err := time.Parse(time.RFC3339, c[FieldRefreshExpires].Reveal())
	if err != nil || c[FieldRefreshToken] == "" {
		return time.Time{}
	}
	return at
}

// Token gives an access token that is good for at least a minute, renewed when
// the stored one is not. An account that never signed in gives the problem
// signin.needed, one whose sign-in is over signin.expired.
func (c *Client) Token(ctx context.Context, p Provider, a target.Access) (model.Secret, error) {
	return c.renew(ctx, p, a, "")
}

// Renew gives another access token than the one that was refused. It asks the
// provider only if nobody has renewed since.
func (c *Client) Renew(ctx context.Context, p Provider, a target.Access, refused model.Secret) (model.Secret, error) {
	return c.renew(ctx, p, a, refused)
}

func (c *Client) renew(ctx context.Context, p Provider, a target.Access, refused model.Secret) (access model.Secret, err error) {
	leave, err := c.enter(ctx, a.Account.ID)
	if err != nil {
		return "", err
	}
	defer leave()
	stored, err := c.recall(ctx, a)
	if err != nil {
		return "", err
	}
	if access := c.usable(stored, refused); access != "" {
		return access, nil
	}
	// A refresh token that two computers use at once is good for neither.
	err = a.Vault.Only(ctx, turnOf(a.Account.ID), func(ctx context.Context) error {
		access, err = c.exchange(ctx, p, a, refused)
		return err
	})
	return access, err
}

// turnOf names the turn of whoever writes the tokens of an account.
func turnOf(account int64) string { return "tokens of account " + strconv.FormatInt(account, 10) }

// usable is the access token of an account, unless it is over or was refused.
func (c *Client) usable(stored model.Credentials, refused model.Secret) model.Secret {
	if access := stored[FieldAccessToken]; access != refused && c.good(stored[FieldExpires]) {
		return access
	}
	return ""
}

// exchange gets another access token for the refresh token, unless another computer
// did meanwhile.
func (c *Client) exchange(ctx context.Context, p Provider, a target.Access, refused model.Secret) (model.Secret, error) {
	stored, err := c.recall(ctx, a)
	if err != nil {
		return "", err
	}
	if access := c.usable(stored, refused); access != "" {
		return access, nil
	}
	refresh := stored[FieldRefreshToken]
	if refresh == "" {
		code := "signin.needed"
		if stored[FieldAccessToken] != "" {
			code = "signin.expired"
		}
		return "", model.NewProblem(code).With(model.ActionSignIn)
	}
	if err := ctx.Err(); err != nil {
		return "", err
	}
	asking, cancel := context.WithTimeout(context.WithoutCancel(ctx), renewal)
	defer cancel()
	ends, err := c.discover(asking, p)
	if err != nil {
		return "", err
	}
	answer, err := c.requestToken(asking, p, ends.token, map[string]string{
		"grant_type":    "refresh_token",
		"refresh_token": refresh.Reveal(),
	})
	if err != nil {
		return "", err
	}
	if err := store(asking, a, stored, answer.grant, nil); err != nil {
		c.remember(a.Account.ID, &answer.grant)
		return "", err
	}
	return answer.grant.AccessToken, nil
}

// good tells whether an access token is good for long enough.
func (c *Client) good(expires model.Secret) bool {
	at, err := time.Parse(time.RFC3339, expires.Reveal())
	return err == nil && at.After(c.now().Add(margin))
}

// recall reads the credentials. A grant that could not be stored earlier is
// stored now: the refresh token in the vault may have been spent for it.
func (c *Client) recall(ctx context.Context, a target.Access) (model.Credentials, error) {
	stored, err := a.Vault.Credentials(ctx, a.Account.ID)
	if err != nil {
		return nil, fmt.Errorf("account %d: reading credentials: %w", a.Account.ID, err)
	}
	c.mu.Lock()
	late, ok := c.unstored[a.Account.ID]
	c.mu.Unlock()
	if !ok {
		return stored, nil
	}
	if err := store(ctx, a, stored, late, nil); err != nil {
		return nil, err
	}
	c.remember(a.Account.ID, nil)
	return a.Vault.Credentials(ctx, a.Account.ID)
}

// remember keeps a grant that could not be stored; nil forgets it.
func (c *Client) remember(account int64, g *Grant) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if g == nil {
		delete(c.unstored, account)
		return
	}
	c.unstored[account] = *g
}

// enter waits for the account's turn and gives what ends it.
func (c *Client) enter(ctx context.Context, account int64) (leave func(), err error) {
	c.mu.Lock()
	turn, ok := c.turns[account]
	if !ok {
		turn = make(chan struct{}, 1)
		c.turns[account] = turn
	}
	c.mu.Unlock()
	select {
	case turn <- struct{}{}:
		return func() { <-turn }, nil
	case <-ctx.Done():
		return nil, fmt.Errorf("account %d: waiting for its tokens: %w", account, ctx.Err())
	}
}

// store writes a grant durably. A grant without a refresh token leaves the old
// one in place: that provider lets it be used again.
func store(ctx context.Context, a target.Access, stored model.Credentials, g Grant, extra model.Credentials) error {
	next := make(model.Credentials, len(stored)+len(extra)+3)
	maps.Copy(next, stored)
	maps.Copy(next, extra)
	next[FieldAccessToken] = g.AccessToken
	next[FieldExpires] = model.Secret(g.Expires.UTC().Format(time.RFC3339))
	// A provider that gives the same refresh token again has not prolonged it.
	if g.RefreshToken != "" && g.RefreshToken != stored[FieldRefreshToken] {
		next[FieldRefreshToken] = g.RefreshToken
		delete(next, FieldRefreshExpires)
		if !g.RefreshExpires.IsZero() {
			next[FieldRefreshExpires] = model.Secret(g.RefreshExpires.UTC().Format(time.RFC3339))
		}
	}
	if err := a.Vault.SaveCredentials(ctx, a.Account.ID, next); err != nil {
		return fmt.Errorf("account %d: storing its tokens: %w", a.Account.ID, err)
	}
	return nil
}
