package office

import (
	"context"
	"maps"
	"time"

	"loonbrug/data/model"
	"loonbrug/integration/target"
)

// farewell is how long giving a sign-in back may take.
const farewell = 5 * time.Second

// RemoveAccount removes an account that no mapping hangs on, and then asks its
// target to forget the sign-in. What comes of that is logged and changes
// nothing: the account is gone from here, and its sign-in ends by itself.
func (f *Office) RemoveAccount(ctx context.Context, id int64) error {
	if err := f.mayAccount(ctx, model.ActWrite, id); err != nil {
		return err
	}
	revoke := f.revocation(ctx, id)
	if err := f.o.Store.RemoveAccount(ctx, id); err != nil {
		return err
	}
	f.changed()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), farewell)
	defer cancel()
	if err := revoke(ctx); err != nil {
		f.o.Log.Warn("sign-in not given back", "account", id, "error", err)
	}
	return nil
}

// revocation is what gives the account's sign-in back once the store has
// forgotten it. Where the target cannot, or the account cannot be read, it does
// nothing.
func (f *Office) revocation(ctx context.Context, id int64) func(context.Context) error {
	nothing := func(context.Context) error { return nil }
	access, t, err := f.access(ctx, id)
	if err != nil {
		return nothing
	}
	revoker, can := t.(target.Revoker)
	if !can {
		return nothing
	}
	kept, err := f.o.Store.Credentials(ctx, id)
	if err != nil {
		f.o.Log.Warn("credentials of an account to remove", "account", id, "error", err)
		return nothing
	}
	access.Vault = &pocket{kept: maps.Clone(kept)}
	return func(ctx context.Context) error { return revoker.Revoke(ctx, access) }
}

// pocket is the vault of one account that is being removed: nothing of it may be
// stored again.
type pocket struct{ kept model.Credentials }

func (p *pocket) Credentials(context.Context, int64) (model.Credentials, error) {
	return maps.Clone(p.kept), nil
}

func (p *pocket) SaveCredentials(_ context.Context, _ int64, c model.Credentials) error {
	p.kept = maps.Clone(c)
	return nil
}

// Only implements [target.Vault]: nobody else has the pocket.
func (*pocket) Only(ctx context.Context, _ string, fn func(context.Context) error) error {
	return fn(ctx)
}
