//go:build !smoke

package main

import (
	"context"

	"loonbrug/data/paths"
	"loonbrug/data/store"
)

// openOwn opens the database that a data folder has for itself.
func openOwn(ctx context.Context, at paths.Paths, sealer store.Sealer, opts ...store.Option) (*store.Store, error) {
	return store.Open(ctx, at.Database, sealer, append(opts, store.WithBackups(at.Backups))...)
}
