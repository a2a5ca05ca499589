package store

import (
	"context"
	"database/sql"
	"time"
)

// engine is what SQLite and PostgreSQL do differently.
type engine interface {
	// text is a statement with its placeholders as the engine binds them.
	text(statement string) string
	// transact runs do in a transaction. It waits first until no other one that
	// writes is under way, and lets none begin before its end. What do wrote is kept
	// if it says so, and gives no error.
	transact(ctx context.Context, db *sql.DB, do func(q querier) (keep bool, err error)) error
	// now is the time that everybody who uses the database goes by.
	now() time.Time
	// listen is [Store.Listen].
	listen(ctx context.Context, heard func())
	// several tells whether more than one sender may be at work.
	several() bool
	// migrate brings the tables up to date. Problems: store.newer,
	// store.migration_failed.
	migrate(ctx context.Context, db *sql.DB, o options) error
	// check looks for damage. Problem: store.damaged.
	check(ctx context.Context, db *sql.DB) error
	// overwriting has what is deleted overwritten from now on, or no longer.
	overwriting(ctx context.Context, db *sql.DB, on bool) error
	// unguarded lifts the guards of what is only ever added, for the length of one
	// call within the transaction.
	unguarded(c conn, do func() error) error
	// renewCopies has a new copy take the place of those that the program made
	// itself, which hold what was deleted.
	renewCopies(ctx context.Context, db *sql.DB) error
	// copy is [Store.Copy].
	copy(ctx context.Context, db *sql.DB, path string) error
	// patient has a transaction be kept however long nothing is said in it.
	patient(c conn) error
	// unused is [Store.Unused].
	unused(c conn) error
	// closed has every later write be refused, with the problem store.moved.
	closed(c conn) error
	// only keeps others out of what has this name as long as fn works, on whatever
	// computer, and waits for them first. ctx of fn ends when it is no longer so.
	only(ctx context.Context, name string, fn func(ctx context.Context) error) error
	// room is [Store.Room].
	room() (int64, error)
}
