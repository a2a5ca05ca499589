//go:build smoke

package main

import (
	"context"
	"crypto/rand"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/gofrs/flock"
	"github.com/jackc/pgx/v5"

	"loonbrug/data/paths"
	"loonbrug/data/store"
)

// serverVariable names the server, as postgres://user@host:port, on which data folders
// have what is otherwise a file of theirs, so that all tests can be run on either
// engine. A release has nothing of it.
const serverVariable = "LOONBRUG_SMOKE_SERVER"

// openOwn opens the database that a data folder has for itself.
func openOwn(ctx context.Context, at paths.Paths, sealer store.Sealer, opts ...store.Option) (*store.Store, error) {
	server := os.Getenv(serverVariable)
	if server == "" {
		return store.Open(ctx, at.Database, sealer, append(opts, store.WithBackups(at.Backups))...)
	}
	name, err := ownOn(ctx, server, at.Folder)
	if err != nil {
		return nil, err
	}
	return store.OpenShared(ctx, server+"/"+name, sealer, opts...)
}

// ownOn is the database of a data folder on a server, made when it is first asked for.
// A file of the folder says its name, so that a folder made anew has a new one.
func ownOn(ctx context.Context, server, folder string) (name string, err error) {
	path := filepath.Join(folder, "smoke.database")
	only := flock.New(path + ".opening")
	if err := only.Lock(); err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, only.Unlock()) }()
	known, err := os.ReadFile(path)
	if !errors.Is(err, fs.ErrNotExist) {
		return string(known), err
	}
	name = "smoke_" + strings.ToLower(rand.Text())
	c, err := pgx.Connect(ctx, server+"/postgres")
	if err != nil {
		return "", err
	}
	_, err = c.Exec(ctx, "CREATE DATABASE "+name)
	if err := errors.Join(err, c.Close(ctx)); err != nil {
		return "", err
	}
	return name, os.WriteFile(path, []byte(name), 0o600)
}
