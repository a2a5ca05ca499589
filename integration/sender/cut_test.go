package sender_test

import (
	"context"
	"sync/atomic"

	"loonbrug/data/model"
	"loonbrug/data/store"
)

// cutStore is the database as one program sees it: once the program is dead it
// writes nothing any more. Reads are harmless and go on.
type cutStore struct {
	*store.Store
	dead atomic.Bool
}

func (c *cutStore) Claim(ctx context.Context, claim model.Claim) (model.Delivery, bool, error) {
	if c.dead.Load() {
		return model.Delivery{}, false, errStopped
	}
	return c.Store.Claim(ctx, claim)
}

func (c *cutStore) ApplyAndClaim(ctx context.Context, from, to model.Delivery, a model.Attempt, r *model.Receipt, claim model.Claim) (model.Delivery, bool, error) {
	if c.dead.Load() {
		return model.Delivery{}, false, errStopped
	}
	return c.Store.ApplyAndClaim(ctx, from, to, a, r, claim)
}

func (c *cutStore) Apply(ctx context.Context, from, to model.Delivery, a model.Attempt, r *model.Receipt) error {
	if c.dead.Load() {
		return errStopped
	}
	return c.Store.Apply(ctx, from, to, a, r)
}

func (c *cutStore) FreeLeases(ctx context.Context) error {
	if c.dead.Load() {
		return errStopped
	}
	return c.Store.FreeLeases(ctx)
}

// end closes the world's database.
func (w *world) end() { w.must(w.store.Close()) }
