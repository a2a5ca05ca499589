package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/pressly/goose/v3"

	"loonbrug/data/model"
)

//go:embed migrations/*.sql
var migrationFiles embed.FS

// migrations are the steps from an empty file to today's tables, by number.
type migrations struct{ files fs.FS }

func embedded() migrations {
	files, err := fs.Sub(migrationFiles, "migrations")
	if err != nil {
		panic(err) // the folder is part of the program
	}
	return migrations{files}
}

// migrate brings the database up to date. It copies one that holds something
// before touching it, and proves afterwards that it is sound.
func (f *sqliteFile) migrate(ctx context.Context, db *sql.DB, o options) error {
	provider, err := goose.NewProvider(goose.DialectSQLite3, db, o.migrations.files,
		goose.WithDisableGlobalRegistry(true), goose.WithExcludeVersions([]int64{postgresGuards}))
	if err != nil {
		return fmt.Errorf("read migrations: %w", err)
	}
	return upgrade(ctx, provider, f.path, func(have int64) (string, error) {
		return backup(ctx, db, f.backups, have)
	}, func() error { return prove(ctx, db, f.path) })
}

// upgrade takes the steps from the version that the database has. It has one that
// holds something copied before, and proved afterwards to be sound.
func upgrade(ctx context.Context, provider *goose.Provider, path string, keep func(have int64) (string, error), prove func() error) error {
	have, want, err := provider.GetVersions(ctx)
	if err != nil {
		return fmt.Errorf("read the version of the database: %w", err)
	}
	switch {
	case have > want:
		return model.NewProblem("store.newer", "path", path,
			"database", strconv.FormatInt(have, 10), "program", strconv.FormatInt(want, 10))
	case have == want:
		return nil
	}
	var copied string
	if have > 0 {
		if copied, err = keep(have); err != nil {
			return fmt.Errorf("copy the database before migrating: %w", err)
		}
	}
	if _, err := provider.Up(ctx); err != nil {
		if faultCode(err) != "" || ctx.Err() != nil {
			return fmt.Errorf("migrate: %w", err)
		}
		return model.NewProblem("store.migration_failed", "path", path, "backup", copied).Because(err)
	}
	return prove()
}

// prove looks for damage and for rows that name others that are not there.
func prove(ctx context.Context, db *sql.DB, path string) error {
	var verdict string
	if err := db.QueryRowContext(ctx, "PRAGMA quick_check(1)").Scan(&verdict); err != nil {
		return fmt.Errorf("check the database: %w", err)
	}
	if verdict != "ok" {
		return model.NewProblem("store.damaged", "path", path).Because(errors.New(verdict))
	}
	var table, parent string
	var row, key sql.NullInt64
	err := db.QueryRowContext(ctx, "PRAGMA foreign_key_check").Scan(&table, &row, &parent, &key)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return nil
	case err != nil:
		return fmt.Errorf("check the database: %w", err)
	}
	return model.NewProblem("store.damaged", "path", path).
		Because(fmt.Errorf("row %d of %s names a %s that is not there", row.Int64, table, parent))
}

// Check reads the whole database and looks for damage, which takes a while for a
// large one. Problem: store.damaged.
func (s *Store) Check(ctx context.Context) error {
	return s.explain("check the database", s.engine.check(ctx, s.reader))
}

func (f *sqliteFile) check(ctx context.Context, db *sql.DB) error {
	var verdict string
	if err := db.QueryRowContext(ctx, "PRAGMA integrity_check(1)").Scan(&verdict); err != nil {
		return err
	}
	if verdict != "ok" {
		return model.NewProblem("store.damaged", "path", f.path).Because(errors.New(verdict))
	}
	return nil
}

// overwriting has SQLite overwrite what is deleted, which it otherwise leaves in
// the file until the place is used again. Ending it empties the write-ahead log,
// in which the bytes stand too.
func (f *sqliteFile) overwriting(ctx context.Context, db *sql.DB, on bool) error {
	text := "PRAGMA secure_delete = ON"
	if !on {
		text = "PRAGMA secure_delete = OFF; PRAGMA wal_checkpoint(TRUNCATE)"
	}
	_, err := db.ExecContext(ctx, text)
	return err
}

// unguarded lifts the guards for the length of do, within the transaction.
func (f *sqliteFile) unguarded(c conn, do func() error) error {
	texts := make([]string, len(kept))
	for i, k := range kept {
		if err := c.one([]any{&texts[i]}, `SELECT sql FROM sqlite_master WHERE type = 'trigger' AND name = $1`, k.guard); err != nil {
			return err
		}
		if _, err := c.exec(`DROP TRIGGER ` + k.guard); err != nil {
			return err
		}
	}
	if err := do(); err != nil {
		return err
	}
	for _, text := range texts {
		if _, err := c.exec(text); err != nil {
			return err
		}
	}
	return nil
}

// version is that of the tables.
func version(ctx context.Context, db *sql.DB) (version int64, err error) {
	err = db.QueryRowContext(ctx, "SELECT MAX(version_id) FROM goose_db_version").Scan(&version)
	return version, err
}

const keptBackups = 3

// backup writes a copy of the database of that version into the folder and
// gives its path. The newest three copies are kept.
func backup(ctx context.Context, db *sql.DB, folder string, version int64) (string, error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return "", err
	}
	name := fmt.Sprintf("loonbrug-%s-v%d.db", time.Now().UTC().Format("20060102T150405.000Z"), version)
	path := filepath.Join(folder, name)
	unfinished := path + ".part"
	defer func() { _ = os.Remove(unfinished) }() // gone already when all went well
	// SQLite would make the file readable for everybody; an empty one it takes as it is.
	f, err := os.OpenFile(unfinished, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if err != nil {
		return "", err
	}
	defer func() { _ = f.Close() }()
	if _, err := db.ExecContext(ctx, "VACUUM INTO ?1", unfinished); err != nil {
		return "", err
	}
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		return "", err
	}
	if err := os.Rename(unfinished, path); err != nil {
		return "", err
	}
	return path, thin(folder)
}

// thin removes all but the newest copies; their names sort by time.
func thin(folder string) error {
	files, err := os.ReadDir(folder)
	if err != nil {
		return err
	}
	var names []string
	for _, f := range files {
		if strings.HasPrefix(f.Name(), "loonbrug-") && strings.HasSuffix(f.Name(), ".db") {
			names = append(names, f.Name())
		}
	}
	slices.Sort(names)
	for _, name := range names[:max(0, len(names)-keptBackups)] {
		if err := os.Remove(filepath.Join(folder, name)); err != nil {
			return err
		}
	}
	return nil
}
