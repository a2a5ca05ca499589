package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"

	"loonbrug/data/model"
)

// Copy writes a copy of the database for a backup to path, where no file may be
// yet. It can be made while the database is in use. The copy has everything but
// the credentials: its accounts must sign in again, and say so. What is sealed
// stays sealed.
func (s *Store) Copy(ctx context.Context, path string) error {
	return s.engine.copy(ctx, s.writer, path)
}

func (f *sqliteFile) copy(ctx context.Context, db *sql.DB, path string) (err error) {
	// SQLite would make the file readable for everybody; an empty one it takes as it is.
	empty, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if err != nil {
		return fault(path, fmt.Errorf("copy the database: %w", err))
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(path))
		}
	}()
	if err := empty.Close(); err != nil {
		return fault(path, err)
	}
	if _, err := db.ExecContext(ctx, "VACUUM INTO ?1", path); err != nil {
		return fmt.Errorf("copy the database: %w", fault(f.path, err))
	}
	made := sql.OpenDB(copying(path))
	made.SetMaxOpenConns(1)
	err = strip(conn{querier: plain{made}, ctx: ctx, text: f.text})
	return fault(path, errors.Join(err, made.Close()))
}

// copying connects to a copy that is a file of its own, without a log beside it,
// and in which nothing is left of what goes.
func copying(path string) *connector {
	return newConnector(path, "mode=rw", []pragma{
		{"journal_mode", "DELETE", "delete"},
		{"synchronous", "FULL", "2"},
		{"foreign_keys", "ON", "1"},
		{"secure_delete", "ON", "1"},
		{"trusted_schema", "OFF", "0"},
	})
}

// strip takes the credentials out, writes the file anew so that no page of it
// remembers them, and has the accounts say that they must sign in.
func strip(c conn) error {
	accounts, err := list(c, accountFields, `SELECT `+accountColumns+` FROM account ORDER BY id`)
	if err != nil {
		return fmt.Errorf("accounts of the copy: %w", err)
	}
	for _, a := range accounts {
		if a.State != model.AccountAuthorised {
			continue
		}
		p := model.NewProblem("account.restored", "account", a.Name).With(model.ActionSignIn)
		if _, err := c.exec(`UPDATE account SET state = $2, problem = $3 WHERE id = $1`, a.ID, model.AccountExpired, document{p}); err != nil {
			return fmt.Errorf("account %d of the copy: %w", a.ID, err)
		}
	}
	if _, err := c.exec(`DELETE FROM credential`); err != nil {
		return fmt.Errorf("take the credentials out of the copy: %w", err)
	}
	_, err = c.exec(`VACUUM`)
	return err
}
