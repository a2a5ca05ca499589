package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"sync"
	"time"
)

// sqliteFile is the engine of a file on this computer.
type sqliteFile struct {
	path    string
	backups string // folder of the copies made before a migration
	texts   *texts
}

func (f *sqliteFile) text(statement string) string { return f.texts.sqlite(statement) }

// transact has no lock to take: a transaction takes that for writing as it begins.
func (f *sqliteFile) transact(ctx context.Context, db *sql.DB, do func(q querier) (keep bool, err error)) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	keep, err := do(plain{tx})
	if err != nil || !keep {
		_ = tx.Rollback() // the first error is the one to tell
		return err
	}
	return tx.Commit()
}

func (f *sqliteFile) now() time.Time { return time.Now() }

// listen hears nothing: programs of one data folder have a bell of their own.
func (f *sqliteFile) listen(ctx context.Context, _ func()) { <-ctx.Done() }

// several is false: a lock of the data folder sees to one sender.
func (f *sqliteFile) several() bool { return false }

// patient has nothing to do: a transaction is never cut short.
func (f *sqliteFile) patient(conn) error { return nil }

// unused has nothing to say: a lock of the data folder tells who has it open.
func (f *sqliteFile) unused(conn) error { return nil }

// closed has nothing to add: nobody else has the file open, and nobody opens it again.
func (f *sqliteFile) closed(conn) error { return nil }

// only has nothing to do, see several.
func (f *sqliteFile) only(ctx context.Context, _ string, fn func(ctx context.Context) error) error {
	return fn(ctx)
}

// texts remembers statements with their placeholders written as SQLite binds
// them by number. It would bind $2,$1 in the order of appearance, in silence.
type texts struct{ known sync.Map }

func (t *texts) sqlite(text string) string {
	if known, ok := t.known.Load(text); ok {
		return known.(string)
	}
	rewritten := numbered(text)
	t.known.Store(text, rewritten)
	return rewritten
}

func numbered(text string) string {
	return regexp.MustCompile(`\$(\d+)`).ReplaceAllString(text, "?$1")
}

// HasAccounts looks into the database at path, of this or another version of the
// program, whether there is an account. It changes nothing and needs no key.
func HasAccounts(ctx context.Context, path string) (has bool, err error) {
	db := sql.OpenDB(newConnector(path, "mode=ro", []pragma{{"query_only", "ON", "1"}}))
	defer func() { err = errors.Join(err, db.Close()) }()
	c := conn{querier: plain{db}, ctx: ctx, text: new(texts).sqlite}
	var made, count int
	err = c.one([]any{&made}, `SELECT COUNT(*) FROM sqlite_master WHERE name = 'account'`)
	if err == nil && made > 0 {
		err = c.one([]any{&count}, `SELECT COUNT(*) FROM account`)
	}
	return count > 0, fault(path, err)
}

// renewCopies makes a copy of the database and takes the others away.
func (f *sqliteFile) renewCopies(ctx context.Context, db *sql.DB) error {
	version, err := version(ctx, db)
	if err != nil {
		return err
	}
	old, err := filepath.Glob(filepath.Join(f.backups, "loonbrug-*.db"))
	if err != nil || len(old) == 0 {
		return err
	}
	if _, err := backup(ctx, db, f.backups, version); err != nil {
		return fmt.Errorf("copy the database: %w", err)
	}
	for _, path := range old {
		if err := os.Remove(path); err != nil && !os.IsNotExist(err) {
			return err
		}
	}
	return nil
}
