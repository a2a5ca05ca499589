package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5/stdlib"

	"loonbrug/data/model"
)

// OfficeKey is the key of a database that several computers share, as it lies in
// there: locked under the passphrase of the office.
type OfficeKey struct {
	Fingerprint string `json:"fingerprint"`
	Locked      []byte `json:"locked"`
}

// The names of what a database knows of itself, in the table shared.
const (
	sharedKey   = "key"    // an [OfficeKey] as JSON
	sharedFrom  = "moving" // from where everything is being moved in; gone once it is
	sharedMoved = "moved"  // to where everything was moved
)

// Keyed is for a database of which the key is known. One without a key gets this
// one; one that has another is the problem store.other_key, and so is one without a
// key where Locked is empty.
func Keyed(k OfficeKey) Option { return func(o *options) { o.key = &k } }

// Blank is for a database into which everything is going to be moved, see [Move].
// One that holds something is the problem store.not_empty, unless a move broke off.
func Blank() Option { return func(o *options) { o.blank = true } }

// Leaving is for a database from which everything is going to be moved, or was. See
// [Move].
func Leaving() Option { return func(o *options) { o.leaving = true } }

// OfficeKeyOf is the locked key of the database that an address names, which
// nothing is written to; one that was never used is [model.ErrNotFound]. Problems:
// those of [OpenShared].
func OfficeKeyOf(ctx context.Context, address string) (k OfficeKey, err error) {
	p, err := sharedAt(address)
	if err != nil {
		return k, err
	}
	db := sql.OpenDB(stdlib.GetConnector(*p.config))
	defer func() { _ = db.Close() }()
	if err := p.safe(ctx, db); err != nil {
		return k, fault(p.place, err)
	}
	var text string
	c := conn{querier: plain{db}, ctx: ctx, text: p.text}
	found, err := c.maybe([]any{&text}, `SELECT value FROM shared WHERE name = $1`, sharedKey)
	if refused(err) == undefinedTable || err == nil && !found {
		return k, model.ErrNotFound
	}
	if err != nil {
		return k, fault(p.place, fmt.Errorf("ask for the key of the office: %w", err))
	}
	return k, json.Unmarshal([]byte(text), &k)
}

// undefinedTable is what a server says of a table that is not there.
const undefinedTable = "42P01"

// admit refuses a database that is not the one to work with, or not yet, or no
// longer.
func (s *Store) admit(ctx context.Context, o options) error {
	known, err := s.shared(s.looking(ctx))
	if err != nil {
		return err
	}
	to, from := known[sharedMoved], known[sharedFrom]
	switch {
	case o.leaving:
		return nil
	case to != "":
		return model.NewProblem("store.moved", "path", s.path).Because(errors.New("to " + to))
	case from != "" && !o.blank:
		return model.NewProblem("store.move_unfinished", "path", s.path, "from", from)
	}
	if o.blank && from == "" {
		if err := s.blank(ctx); err != nil {
			return err
		}
	}
	if o.key != nil {
		return s.keyed(ctx, known[sharedKey], *o.key)
	}
	return nil
}

// shared is what the database knows of itself.
func (s *Store) shared(c conn) (map[string]string, error) {
	known := make(map[string]string)
	err := c.each(func(scan func(...any) error) error {
		var name, value string
		err := scan(&name, &value)
		known[name] = value
		return err
	}, `SELECT name, value FROM shared`)
	return known, err
}

// keyed compares the key of the database with the one that is known, and gives it
// that one where it has none.
func (s *Store) keyed(ctx context.Context, text string, k OfficeKey) error {
	if text == "" && len(k.Locked) > 0 {
		mine, err := json.Marshal(k)
		if err != nil {
			return err
		}
		// Another computer may give it a key at the same moment.
		if err := s.write(ctx, "key of the office", func(c conn) error {
			if _, err := c.exec(`INSERT INTO shared (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING`, sharedKey, string(mine)); err != nil {
				return err
			}
			return c.one([]any{&text}, `SELECT value FROM shared WHERE name = $1`, sharedKey)
		}); err != nil {
			return err
		}
	}
	var has OfficeKey
	if text != "" {
		if err := json.Unmarshal([]byte(text), &has); err != nil {
			return fmt.Errorf("key of the office: %w", err)
		}
	}
	if has.Fingerprint != k.Fingerprint {
		return model.NewProblem("store.other_key", "path", s.path)
	}
	return nil
}

// blank refuses a database that holds something.
func (s *Store) blank(ctx context.Context) error {
	c := s.looking(ctx)
	for _, table := range tables {
		if table == counters {
			continue
		}
		var rows int64
		if err := c.one([]any{&rows}, `SELECT COUNT(*) FROM `+table); err != nil {
			return fmt.Errorf("look into %s: %w", table, err)
		}
		if rows > 0 {
			return model.NewProblem("store.not_empty", "path", s.path)
		}
	}
	return nil
}
