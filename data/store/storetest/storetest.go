// Package storetest gives tests a database on the engine that they are told: a file,
// or with -engine postgres one on a server that runs as long as the tests of a package.
//
// A place is the path of a file, or the address of a database on a server. [Main]
// takes the place of m.Run in a TestMain.
package storetest

import (
	"context"
	"errors"
	"flag"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"loonbrug/data/secret"
	"loonbrug/data/store"
	"loonbrug/data/store/postgrestest"
)

var engine = flag.String("engine", "sqlite", "sqlite or postgres")

// Main runs the tests of a package, and ends what they left running.
func Main(m *testing.M) int { return postgrestest.Main(m) }

// OnServer tells whether the tests run on a server.
func OnServer() bool { return *engine == "postgres" }

// New is a place where nothing is yet, on the engine that is tested.
func New(t testing.TB) (place string) {
	t.Helper()
	if OnServer() {
		return postgrestest.New(t)
	}
	return NewFile(t)
}

// NewFile is the place of a file that is not there yet: in memory where there is such
// a folder, because what these tests try is not the disk.
func NewFile(t testing.TB) (place string) {
	t.Helper()
	folder, err := os.MkdirTemp("/dev/shm", "loonbrug-store-")
	if errors.Is(err, fs.ErrNotExist) {
		folder, err = t.TempDir(), nil
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(folder) })
	return filepath.Join(folder, "s.db")
}

// IsServer tells whether a place is on a server.
func IsServer(place string) bool { return strings.HasPrefix(place, "postgres://") }

// Open opens what is at a place, or makes it.
func Open(ctx context.Context, place string, sealer store.Sealer, opts ...store.Option) (*store.Store, error) {
	if IsServer(place) {
		return store.OpenShared(ctx, place, sealer, opts...)
	}
	return store.Open(ctx, place, sealer, opts...)
}

// Opened opens a new place for the length of a test.
func Opened(t testing.TB) *store.Store {
	t.Helper()
	return OpenedAt(t, New(t), secret.NewSealer(secret.NewKey()))
}

// OpenedAt opens a place for the length of a test.
func OpenedAt(t testing.TB, place string, sealer store.Sealer, opts ...store.Option) *store.Store {
	t.Helper()
	s, err := Open(t.Context(), place, sealer, opts...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// Copy puts what is at one place at another one of the same engine, in place of what
// is there. Nobody may have either open.
func Copy(t testing.TB, from, to string) {
	t.Helper()
	if IsServer(from) {
		postgrestest.Copy(t, from, to)
		return
	}
	if err := copyFile(from, to); err != nil {
		t.Fatal(err)
	}
}

func copyFile(from, to string) (err error) {
	all, err := filepath.Glob(to + "*") // the log of writes too
	if err != nil {
		return err
	}
	for _, path := range all {
		if err := os.Remove(path); err != nil {
			return err
		}
	}
	source, err := os.Open(from)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, source.Close()) }()
	made, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(made, source)
	return errors.Join(err, made.Close())
}
