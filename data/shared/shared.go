// Package shared is the connection of a data folder with the database that all
// computers of an office share: where it is, and the key that all of them have.
//
// [Join] makes the connection once, with the passphrase of the office; [Open] finds
// it from then on without asking, where the operating system has a key store. The
// key itself lies in the database, locked under the passphrase. The address, which
// holds a password, is kept sealed with that key.
package shared

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"loonbrug/data/model"
	"loonbrug/data/secret"
	"loonbrug/data/store"
)

const (
	folderName  = "shared"
	addressName = "address"
)

// Connection is where an office's database is, with the key for it.
type Connection struct {
	Address model.Secret // a URL or settings as libpq takes them
	Key     *secret.Opened
}

// Open opens the database.
func (c Connection) Open(ctx context.Context, opts ...store.Option) (*store.Store, error) {
	known := store.Keyed(store.OfficeKey{Fingerprint: c.Key.Fingerprint()})
	return store.OpenShared(ctx, c.Address.Reveal(), c.Key, append([]store.Option{known}, opts...)...)
}

// Folder is where a data folder keeps its connection.
func Folder(data string) string { return filepath.Join(data, folderName) }

// Connected tells whether a data folder has a connection.
func Connected(data string) (bool, error) {
	_, err := os.Stat(filepath.Join(Folder(data), addressName))
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil, err
}

// Open gives the connection of a data folder. Problems: those of [secret.Open], and
// shared.key_lost where the key is not in the key store any more.
func Open(ctx context.Context, data string, ask secret.Ask, waits secret.Waits) (Connection, error) {
	folder := Folder(data)
	sealed, err := os.ReadFile(filepath.Join(folder, addressName))
	if err != nil {
		return Connection{}, fmt.Errorf("address of the office's database: %w", err)
	}
	key, err := secret.Open(ctx, secret.Options{Folder: folder, Ask: ask, Waits: waits})
	if err != nil {
		return Connection{}, err
	}
	address, err := key.Sealer.Open(sealed, addressCell())
	if err != nil {
		return Connection{}, model.NewProblem("shared.key_lost", "folder", folder).Because(err)
	}
	return Connection{model.Secret(address), key}, nil
}

// addressCell is what a sealed address is bound to.
func addressCell() []byte { return []byte("address of the office's database") }

// Joining is what a new connection is made of.
type Joining struct {
	Data       string // the data folder
	Address    model.Secret
	Passphrase model.Secret   // of the office; the first computer chooses it
	Key        *secret.Opened // that the database must have, or gets; nil is its own, or a fresh one
	Waits      secret.Waits   // may be nil
}

// key gives the key of the database that an address names, unlocked with the
// passphrase of the office, and as it lies there. A database that has none gets the
// one of j, or a fresh one. Problems: store.other_key, secret.wrong_passphrase,
// secret.empty_passphrase, those of [store.OpenShared].
func (j Joining) key(ctx context.Context) (*secret.Opened, store.OfficeKey, error) {
	there, err := store.OfficeKeyOf(ctx, j.Address.Reveal())
	if err == nil {
		place, err := store.PlaceOf(j.Address.Reveal())
		if err != nil {
			return nil, there, err
		}
		key, err := secret.Unlock(there.Locked, j.Passphrase, there.Fingerprint, place)
		if err == nil && j.Key != nil && j.Key.Fingerprint() != there.Fingerprint {
			err = model.NewProblem("store.other_key", "path", place)
		}
		return key, there, err
	}
	if !errors.Is(err, model.ErrNotFound) {
		return nil, there, err
	}
	key := j.Key
	if key == nil {
		key = secret.Fresh()
	}
	locked, err := key.Locked(j.Passphrase)
	return key, store.OfficeKey{Fingerprint: key.Fingerprint(), Locked: locked}, err
}

// Join connects a data folder with a database, after opening it and letting work do
// something with it; work may be nil. Nothing of the data folder changes when that
// fails. Problems: those of [store.OpenShared] and [secret.Adopt].
func Join(ctx context.Context, j Joining, work func(*store.Store) error, opts ...store.Option) error {
	key, there, err := j.key(ctx)
	if err != nil {
		return err
	}
	s, err := store.OpenShared(ctx, j.Address.Reveal(), key, append([]store.Option{store.Keyed(there)}, opts...)...)
	if err != nil {
		return err
	}
	// Everything is ready before work does what cannot be undone.
	folder := Folder(j.Data)
	ready := folder + ".new"
	if err = prepare(ctx, ready, j, key, there); err == nil && work != nil {
		err = work(s)
	}
	if err := errors.Join(err, s.Close()); err != nil {
		return errors.Join(err, os.RemoveAll(ready))
	}
	return errors.Join(os.RemoveAll(folder), os.Rename(ready, folder))
}

// prepare writes the connection into a folder.
func prepare(ctx context.Context, folder string, j Joining, key *secret.Opened, there store.OfficeKey) error {
	if err := os.RemoveAll(folder); err != nil {
		return err
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return model.NewProblem("store.read_only", "path", folder).Because(err)
	}
	sealed, err := key.Seal([]byte(j.Address.Reveal()), addressCell())
	if err != nil {
		return err
	}
	if err := secret.Adopt(ctx, folder, there.Locked, j.Passphrase, there.Fingerprint, j.Waits); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(folder, addressName), sealed, 0o600); err != nil {
		return model.NewProblem("store.read_only", "path", folder).Because(err)
	}
	return nil
}

// Unattended is the connection of a sender that nobody sits at: the passphrase comes
// with the address, and nothing is kept. Problem: store.no_key.
func Unattended(ctx context.Context, address, passphrase model.Secret) (Connection, error) {
	there, err := store.OfficeKeyOf(ctx, address.Reveal())
	place, placed := store.PlaceOf(address.Reveal())
	if placed != nil {
		return Connection{}, placed
	}
	if errors.Is(err, model.ErrNotFound) {
		return Connection{}, model.NewProblem("store.no_key", "path", place).Because(err)
	}
	if err != nil {
		return Connection{}, err
	}
	key, err := secret.Unlock(there.Locked, passphrase, there.Fingerprint, place)
	return Connection{address, key}, err
}

// Leave takes the connection of a data folder away, which works on its own file
// from then on. The database stays as it is.
func Leave(data string) error { return os.RemoveAll(Folder(data)) }
