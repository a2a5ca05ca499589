package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"loonbrug/data/model"
)

// tables are those that hold what the office would miss, in an order in which each
// comes after those that it refers to.
var tables = []string{
	counters, "setting", "rights", "company", "account", "credential", "reference_data", "mapping", "layout", "inbox", "pause", "turn",
	"run", "journal_key", "snapshot", "run_digest", "run_journal", "acknowledgement", "reconciliation",
	"delivery", "entry", "attempt", "receipt", "history", "history_head",
}

// counters is the one table that is not empty in a new database.
const counters = "counter"

// Carried is what [Move] carried of one table.
type Carried struct {
	Table  string
	Rows   int64
	Digest string // of all rows, alike on both sides whatever their order
}

// Move carries everything from one database, opened as [Leaving], into another one
// that is [Blank] and has the same key, reads it back there row by row, and compares
// the history. Then the first says that it was moved, and is never opened or written
// again. Nobody writes to it meanwhile. A move that breaks off leaves the first as
// it was, and a second that says so; one that broke off after its last word is
// ended here, and carried nothing. Problems: store.move_differs, store.moved,
// store.move_unfinished.
func Move(ctx context.Context, from, to *Store) (all []Carried, err error) {
	if done, err := from.movedTo(ctx, to); err != nil || done {
		return nil, err
	}
	err = from.write(ctx, "move", func(source conn) error {
		if err := from.engine.patient(source); err != nil {
			return err
		}
		if err := to.write(ctx, "move", func(c conn) (err error) {
			if err := to.engine.patient(c); err != nil {
				return err
			}
			all, err = carryAll(source, c, from, to)
			return err
		}); err != nil {
			return err
		}
		if err := sameHistory(ctx, from, to); err != nil {
			return err
		}
		if _, err := source.exec(`INSERT INTO shared (name, value) VALUES ($1, $2)`, sharedMoved, to.path); err != nil {
			return err
		}
		return from.engine.closed(source)
	})
	if err != nil {
		return nil, err
	}
	return all, to.arrived(ctx)
}

// movedTo tells whether everything is in the other one already.
func (s *Store) movedTo(ctx context.Context, to *Store) (bool, error) {
	mine, err := s.shared(s.looking(ctx))
	if err != nil {
		return false, err
	}
	its, err := to.shared(to.looking(ctx))
	if err != nil {
		return false, err
	}
	switch moved, from := mine[sharedMoved], its[sharedFrom]; {
	case moved == to.path && from == s.path:
		return true, to.arrived(ctx)
	case moved == to.path && from == "":
		return true, nil
	case moved != "":
		return false, model.NewProblem("store.moved", "path", s.path)
	case from != "":
		return false, model.NewProblem("store.move_unfinished", "path", to.path, "from", from)
	}
	return false, nil
}

// MovedTo is the place that everything was moved to; empty where it was not.
func (s *Store) MovedTo(ctx context.Context) (string, error) {
	known, err := s.shared(s.looking(ctx))
	return known[sharedMoved], s.explain("look where it moved", err)
}

// arrived ends a move: the database can be used.
func (s *Store) arrived(ctx context.Context) error {
	return s.write(ctx, "end the move", func(c conn) error {
		_, err := c.exec(`DELETE FROM shared WHERE name = $1`, sharedFrom)
		return err
	})
}

// looking reads on the connection that writes.
func (s *Store) looking(ctx context.Context) conn {
	return conn{querier: plain{s.writer}, ctx: ctx, text: s.engine.text}
}

// carryAll carries all tables, and reads each back.
func carryAll(source, c conn, from, to *Store) (all []Carried, err error) {
	if _, err := c.exec(`INSERT INTO shared (name, value) VALUES ($1, $2)`, sharedFrom, from.path); err != nil {
		return nil, err
	}
	if _, err := c.exec(`DELETE FROM ` + counters); err != nil {
		return nil, err
	}
	for _, table := range tables {
		moved, err := carry(source, c, table)
		if err != nil {
			return nil, fmt.Errorf("table %s: %w", table, err)
		}
		there, err := digestOf(c, table)
		if err != nil {
			return nil, fmt.Errorf("read %s back: %w", table, err)
		}
		if there != moved {
			return nil, model.NewProblem("store.move_differs", "path", to.path, "table", table)
		}
		all = append(all, moved)
	}
	return all, nil
}

// sameHistory wants the history to be as whole, or as broken, on both sides.
func sameHistory(ctx context.Context, from, to *Store) error {
	before, err := from.Verify(ctx)
	if err != nil {
		return err
	}
	after, err := to.Verify(ctx)
	if err == nil && !reflect.DeepEqual(before, after) {
		err = model.NewProblem("store.move_differs", "path", to.path, "table", "history")
	}
	return err
}

// carry writes all rows of a table into the table of the same name.
func carry(from, to conn, table string) (Carried, error) {
	all := rowSum{table: table}
	var insert string
	err := eachRow(from, table, func(columns []string, values []any) error {
		if insert == "" {
			places := make([]string, len(columns))
			for i := range places {
				places[i] = "$" + strconv.Itoa(i+1)
			}
			insert = fmt.Sprintf(`INSERT INTO %s (%s) VALUES (%s)`, table, strings.Join(columns, ", "), strings.Join(places, ", "))
		}
		if err := all.add(columns, values); err != nil {
			return err
		}
		return to.later(insert, values...)
	})
	return all.carried(), err
}

// digestOf reads a table.
func digestOf(c conn, table string) (Carried, error) {
	all := rowSum{table: table}
	err := eachRow(c, table, all.add)
	return all.carried(), err
}

// eachRow calls row for every row of a table, with its columns and values.
func eachRow(c conn, table string, row func(columns []string, values []any) error) error {
	rows, err := c.query(c.ctx, `SELECT * FROM `+table, nil)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	columns, err := rows.Columns()
	if err != nil {
		return err
	}
	values, places := make([]any, len(columns)), make([]any, len(columns))
	for i := range values {
		places[i] = &values[i]
	}
	for rows.Next() {
		if err := rows.Scan(places...); err != nil {
			return err
		}
		if err := row(columns, values); err != nil {
			return err
		}
	}
	return rows.Err()
}

// rowSum is the digest of rows that come in any order: the SHA-256 of each, taken
// together bit by bit. No two rows of a table are alike.
type rowSum struct {
	table string
	rows  int64
	sum   [sha256.Size]byte
}

// add takes a row in, whatever order its columns come in.
func (a *rowSum) add(columns []string, values []any) error {
	order := make([]int, len(columns))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(i, j int) int { return strings.Compare(columns[i], columns[j]) })
	d := newDigest()
	for _, i := range order {
		d.text(columns[i])
		switch v := values[i].(type) {
		case int64:
			d.text("number").number(v)
		case string:
			d.text("text").text(v)
		case []byte:
			d.text("bytes").bytes(v)
		default:
			return fmt.Errorf("column %s: a value of type %T", columns[i], v)
		}
	}
	a.rows++
	for i, b := range d.Sum(nil) {
		a.sum[i] ^= b
	}
	return nil
}

func (a *rowSum) carried() Carried { return Carried{a.table, a.rows, hex.EncodeToString(a.sum[:])} }
