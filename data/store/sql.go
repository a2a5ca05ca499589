package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"loonbrug/data/model"
)

// querier runs statements one after the other.
type querier interface {
	exec(ctx context.Context, text string, args []any) (changed int64, err error)
	// later runs a statement whose failure the next one may tell of, or the end of
	// the transaction.
	later(ctx context.Context, text string, args []any) error
	query(ctx context.Context, text string, args []any) (rows, error)
}

// rows are what a statement answers with.
type rows interface {
	Columns() ([]string, error)
	Next() bool
	Scan(places ...any) error
	Err() error
	Close() error
}

// plain waits for the outcome of each statement. It is a pool or a transaction.
type plain struct {
	on interface {
		ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
		QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	}
}

func (p plain) exec(ctx context.Context, text string, args []any) (changed int64, err error) {
	result, err := p.on.ExecContext(ctx, text, args...)
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}

func (p plain) later(ctx context.Context, text string, args []any) error {
	_, err := p.exec(ctx, text, args)
	return err
}

func (p plain) query(ctx context.Context, text string, args []any) (rows, error) {
	return p.on.QueryContext(ctx, text, args...)
}

// conn runs statements, in a transaction or outside of one.
type conn struct {
	querier
	ctx  context.Context
	text func(string) string // a statement as the engine binds its placeholders
	user string              // for the history
	told *told               // nil where nothing can be written
}

func (c conn) exec(text string, args ...any) (changed int64, err error) {
	c.writes()
	return c.querier.exec(c.ctx, c.text(text), args)
}

// later is exec for a statement of which nothing has to be known at once. On a
// server nobody waits for it.
func (c conn) later(text string, args ...any) error {
	c.writes()
	return c.querier.later(c.ctx, c.text(text), args)
}

func (c conn) writes() {
	if c.told != nil {
		c.told.wrote = true
	}
}

// one reads the only row into the fields; none is [model.ErrNotFound].
func (c conn) one(fields []any, text string, args ...any) error {
	found := false
	err := c.each(func(scan func(...any) error) error {
		if found {
			return nil
		}
		found = true
		return scan(fields...)
	}, text, args...)
	if err == nil && !found {
		return model.ErrNotFound
	}
	return err
}

// each calls row for every row, with the function that reads it.
func (c conn) each(row func(scan func(...any) error) error, text string, args ...any) error {
	rows, err := c.query(c.ctx, c.text(text), args)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		if err := row(rows.Scan); err != nil {
			return err
		}
	}
	return rows.Err()
}

// maybe is one, for a row that need not be there.
func (c conn) maybe(fields []any, text string, args ...any) (found bool, err error) {
	err = c.one(fields, text, args...)
	if errors.Is(err, model.ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}

// list reads all rows into values whose places fields gives.
func list[T any](c conn, fields func(*T) []any, text string, args ...any) ([]T, error) {
	var all []T
	err := c.each(func(scan func(...any) error) error {
		var v T
		if err := scan(fields(&v)...); err != nil {
			return err
		}
		all = append(all, v)
		return nil
	}, text, args...)
	return all, err
}

// listIn is list for rows that name one of some ids, each id once; the text ends
// where their list begins.
func listIn[T any](c conn, fields func(*T) []any, text string, ids []int64) (all []T, err error) {
	ids = slices.Clone(ids)
	slices.Sort(ids)
	for some := range slices.Chunk(slices.Compact(ids), runsAtOnce) {
		places, args := make([]string, len(some)), make([]any, len(some))
		for i, id := range some {
			places[i], args[i] = "$"+strconv.Itoa(i+1), id
		}
		rows, err := list(c, fields, text+strings.Join(places, ", ")+")", args...)
		if err != nil {
			return nil, err
		}
		all = append(all, rows...)
	}
	return all, nil
}

// newID takes the next id of a table. Ids are never given twice: the counter
// stays where it is when rows go.
func (c conn) newID(table string) (id int64, err error) {
	err = c.one([]any{&id}, `UPDATE counter SET value = value + 1 WHERE name = $1 RETURNING value`, table)
	if err != nil {
		return 0, fmt.Errorf("new id of %s: %w", table, err)
	}
	return id, nil
}

// read runs fn on the connections that cannot write.
func (s *Store) read(ctx context.Context, what string, fn func(conn) error) error {
	return s.explain(what, fn(conn{querier: plain{s.reader}, ctx: ctx, text: s.engine.text}))
}

// together runs fn on one of those connections, where nothing that is written
// meanwhile is seen.
func (s *Store) together(ctx context.Context, what string, fn func(conn) error) error {
	tx, err := s.reader.BeginTx(ctx, &sql.TxOptions{ReadOnly: true, Isolation: sql.LevelRepeatableRead})
	if err != nil {
		return s.explain(what, err)
	}
	defer func() { _ = tx.Rollback() }() // nothing was written
	return s.explain(what, fn(conn{querier: plain{tx}, ctx: ctx, text: s.engine.text}))
}

// write runs fn in one transaction, and what fn told of it for the history. When
// it returns nil, everything is on the disk; otherwise nothing is.
func (s *Store) write(ctx context.Context, what string, fn func(conn) error) error {
	if err := ctx.Err(); err != nil {
		return s.explain(what, err)
	}
	// What has begun is finished: it takes milliseconds, and watching over its end
	// would cost a goroutine for each statement.
	ctx = context.WithoutCancel(ctx)
	return s.explain(what, s.engine.transact(ctx, s.writer, func(q querier) (keep bool, err error) {
		c := conn{querier: q, ctx: ctx, text: s.engine.text, user: s.user, told: new(told)}
		if err = fn(c); err == nil {
			err = s.record(c)
		}
		return c.told.wrote, err // where nothing was written, nobody has to hear of it
	}))
}

// explain names what was being done and makes a problem of what is one.
func (s *Store) explain(what string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", what, fault(s.path, orphaned(err)))
}

// instant is a time as the database has it: whole milliseconds since 1970, zero
// for a time that was never set.
type instant struct{ *time.Time }

// Value gives the milliseconds.
func (i instant) Value() (driver.Value, error) { return millis(*i.Time), nil }

// Scan reads the milliseconds.
func (i instant) Scan(v any) error {
	ms, ok := v.(int64)
	if !ok {
		return fmt.Errorf("a time of type %T", v)
	}
	*i.Time = time.Time{}
	if ms != 0 {
		*i.Time = time.UnixMilli(ms).UTC()
	}
	return nil
}

func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

// flag is a bool as the database has it: 0 or 1.
type flag struct{ *bool }

// Value gives 0 or 1.
func (f flag) Value() (driver.Value, error) {
	if *f.bool {
		return int64(1), nil
	}
	return int64(0), nil
}

// Scan reads 0 or 1.
func (f flag) Scan(v any) error {
	n, ok := v.(int64)
	*f.bool = n == 1
	if !ok || n < 0 || n > 1 {
		return fmt.Errorf("a flag of %v", v)
	}
	return nil
}

// document is a value as JSON in a TEXT. Its pointer serves both ways.
type document struct{ pointer any }

// Value writes the JSON.
func (d document) Value() (driver.Value, error) {
	text, err := json.Marshal(d.pointer)
	return string(text), err
}

// Scan reads the JSON.
func (d document) Scan(v any) error {
	switch text := v.(type) {
	case string:
		return json.Unmarshal([]byte(text), d.pointer)
	case []byte:
		return json.Unmarshal(text, d.pointer)
	}
	return fmt.Errorf("a document of type %T", v)
}

// folded is a text as it is searched: without capitals.
func folded(parts ...string) string { return strings.ToLower(strings.Join(parts, "\n")) }

// containing is the pattern of LIKE, with ! as its escape, for a part of a
// folded text.
func containing(part string) string {
	return "%" + strings.NewReplacer("!", "!!", "%", "!%", "_", "!_").Replace(folded(part)) + "%"
}
