// Package store keeps everything the program must not forget, in one SQLite
// file or in the PostgreSQL database of an office: companies, accounts and their credentials, mappings, runs with their
// journals, deliveries with their attempts and receipts, settings.
//
// Most callers need two calls: [Open] or [OpenShared], and [Store.Close] at the end. The
// methods of [Store] are one file per aggregate; each method that writes does
// so in one transaction that is on the disk before it returns. What is not
// there is [model.ErrNotFound]; what a person can do something about (a full
// disk, a damaged file, a database of a newer program) is a [*model.Problem].
//
// Amounts, texts of lines and secrets are sealed before they reach the
// database; see [Sealer]. States, ids, periods, companies, references, keys
// and numbers stay readable, because they are searched for.
//
// The package decides nothing: which delivery may go from which state to which
// is the sender's business, and a write that lost the race says so. It refuses
// network shares, where SQLite's locks prove nothing, and databases that are
// newer than itself. All SQL of the program stands here, in one text for both; what
// only one of them knows is in sqlite.go with connect.go, in postgres.go, and in the
// migration named guards of each.
package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"
)

// Sealer encrypts and opens what may not be read from the file. Context names
// the place of the bytes; what was sealed in one place does not open in another.
type Sealer interface {
	Seal(plain, context []byte) ([]byte, error)
	Open(sealed, context []byte) ([]byte, error)
}

// Store is an open database. Its methods may be called at the same time.
type Store struct {
	engine engine
	path   string // the file, or the server with the name of the database
	sealer Sealer
	writer *sql.DB // one connection; writes queue up in the program, not in the database
	reader *sql.DB // a few connections that cannot write
	user   string
}

// Option changes how a store is opened.
type Option func(*options)

type options struct {
	backups    string
	migrations migrations
	user       string
	key        *OfficeKey
	blank      bool
	clock      func() time.Time
	leaving    bool
}

// WithBackups puts the copies made before a migration into another folder than
// "backups" beside the database.
func WithBackups(folder string) Option {
	return func(o *options) { o.backups = folder }
}

// WithClock has a shared database be used by a computer whose clock is that one,
// which may be wrong.
func WithClock(clock func() time.Time) Option { return func(o *options) { o.clock = clock } }

const readerConnections = 4

// Open opens the database at path, makes it where there is none, and brings an
// older one up to date after copying it. Several programs may have it open.
// Problems: store.network, store.read_only, store.disk_full, store.damaged,
// store.newer, store.busy, store.migration_failed.
func Open(ctx context.Context, path string, sealer Sealer, opts ...Option) (*Store, error) {
	if sealer == nil {
		panic("store: no sealer")
	}
	path, err := place(path)
	if err != nil {
		return nil, err
	}
	o := options{backups: filepath.Join(filepath.Dir(path), "backups"), migrations: embedded()}
	for _, opt := range opts {
		opt(&o)
	}
	// Two programs that start together must not both make the tables. SQLite's
	// own locks cover one statement, not "look, copy, migrate, check".
	opening := flock.New(path + ".opening")
	if _, err := opening.TryLockContext(ctx, 20*time.Millisecond); err != nil {
		return nil, fault(path, fmt.Errorf("wait for another start: %w", err))
	}
	defer func() { _ = opening.Unlock() }()

	return start(ctx, &sqliteFile{path: path, backups: o.backups, texts: new(texts)}, path, sealer, writing(path), reading(path), o)
}

// start opens the connections of an engine, and brings what is there up to date.
func start(ctx context.Context, e engine, path string, sealer Sealer, writing, reading driver.Connector, o options) (*Store, error) {
	s := &Store{engine: e, path: path, sealer: sealer, user: o.user, writer: sql.OpenDB(writing), reader: sql.OpenDB(reading)}
	s.writer.SetMaxOpenConns(1)
	s.reader.SetMaxOpenConns(readerConnections)
	s.reader.SetMaxIdleConns(readerConnections)
	if err := s.begin(ctx, o); err != nil {
		return nil, errors.Join(fault(path, err), s.Close())
	}
	return s, nil
}

func (s *Store) begin(ctx context.Context, o options) error {
	if err := s.writer.PingContext(ctx); err != nil {
		return fmt.Errorf("open for writing: %w", err)
	}
	if err := s.engine.migrate(ctx, s.writer, o); err != nil {
		return err
	}
	if err := s.reader.PingContext(ctx); err != nil {
		return fmt.Errorf("open for reading: %w", err)
	}
	if err := s.admit(ctx, o); err != nil || o.blank || o.leaving {
		return err
	}
	return s.beginHistory(ctx)
}

// Now is the time that everybody who uses the database goes by: this computer's, or
// that of the server, as of the last write.
func (s *Store) Now() time.Time { return s.engine.now() }

// Listen calls heard whenever another program wrote to a database that several
// share, or the connection to it broke, until ctx ends. One call may stand for many
// writes, and there may be one too many.
func (s *Store) Listen(ctx context.Context, heard func()) { s.engine.listen(ctx, heard) }

// Only keeps all other programs that use the database out of what has this name as
// long as fn works, and waits for them first. The context of fn ends when that is no
// longer sure. With a file it does nothing: there the caller is alone by a lock of
// the data folder.
func (s *Store) Only(ctx context.Context, name string, fn func(ctx context.Context) error) error {
	return s.engine.only(ctx, name, fn)
}

// Unused is the problem store.in_use where other programs have the database of an
// office open.
func (s *Store) Unused(ctx context.Context) error { return s.engine.unused(s.looking(ctx)) }

// Shared tells whether several computers may use the database.
func (s *Store) Shared() bool { return s.engine.several() }

// Place is the file, or the server with the name of the database.
func (s *Store) Place() string { return s.path }

// Close ends all use of the database. The last program to close it folds the
// write-ahead log back into the file.
func (s *Store) Close() error {
	err := errors.Join(s.reader.Close(), s.writer.Close())
	if s.engine.several() {
		return nil // all that was written was answered; a connection may be broken
	}
	return err
}

// place gives the absolute path, after making its folder and an empty file that
// only this user can read, so that a bad place shows with the system's own
// reason and not with SQLite's.
func place(path string) (string, error) {
	if isShare(path) {
		return "", networkProblem(path)
	}
	path, err := filepath.Abs(path)
	if err != nil {
		return "", fmt.Errorf("path of the database: %w", err)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return "", fault(path, fmt.Errorf("make the data folder: %w", err))
	}
	remote, err := onNetwork(filepath.Dir(path))
	if err != nil {
		return "", fault(path, fmt.Errorf("look at the data folder: %w", err))
	}
	if remote {
		return "", networkProblem(path)
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return "", fault(path, fmt.Errorf("open the database file: %w", err))
	}
	return path, f.Close()
}
