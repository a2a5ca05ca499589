package store

import (
	"context"
	"errors"
	"io/fs"
	"net"
	"strconv"
	"testing"
	"testing/fstest"

	"loonbrug/data/model"
)

// These open the package to its tests in store_test.
var (
	Numbered       = numbered
	DeliveriesText = deliveriesText
	DigestsText    = digestsText
	IsShare        = isShare
	RunsText       = runsText
)

// Migrations are those in the program.
func Migrations() fs.FS { return embedded().files }

// Newer opens with one more migration, as a program of tomorrow.
func Newer(text string) Option {
	return func(o *options) {
		files := migrationMap(o.migrations.files)
		files["9000_tomorrow.sql"] = &fstest.MapFile{Data: []byte(text)}
		o.migrations = migrations{files}
	}
}

func migrationMap(from fs.FS) fstest.MapFS {
	files := fstest.MapFS{}
	names, err := fs.Glob(from, "*.sql")
	if err != nil || len(names) == 0 {
		panic("no migrations")
	}
	for _, name := range names {
		data, err := fs.ReadFile(from, name)
		if err != nil {
			panic(err)
		}
		files[name] = &fstest.MapFile{Data: data}
	}
	return files
}

// LimitPages makes the file full at that many pages, as a full disk does.
func (s *Store) LimitPages(t *testing.T, pages int) {
	t.Helper()
	var got int
	if err := s.writer.QueryRow("PRAGMA max_page_count = " + strconv.Itoa(pages)).Scan(&got); err != nil {
		t.Fatal(err)
	}
}

// Prepare compiles a statement on the writer's connection.
func (s *Store) Prepare(text string) error {
	stmt, err := s.writer.Prepare(s.engine.text(text))
	if err != nil {
		return err
	}
	return stmt.Close()
}

// Exec runs a statement behind the store's back.
func (s *Store) Exec(text string, args ...any) error {
	_, err := s.writer.Exec(s.engine.text(text), args...)
	return err
}

// ReaderExec tries a statement on a connection that may only read.
func (s *Store) ReaderExec(text string) error {
	_, err := s.reader.Exec(text)
	return err
}

// Text asks for the first column of every row, on the writer or a reader.
func (s *Store) Text(t *testing.T, reader bool, text string, column int, args ...any) (all []string) {
	t.Helper()
	db := s.writer
	if reader {
		db = s.reader
	}
	rows, err := db.Query(s.engine.text(text), args...)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	for rows.Next() {
		values := make([]string, len(columns))
		places := make([]any, len(columns))
		for i := range values {
			places[i] = &values[i]
		}
		if err := rows.Scan(places...); err != nil {
			t.Fatal(err)
		}
		all = append(all, values[column])
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

// HoldReaders keeps that many connections of the reader busy and gives each of
// them to check.
func (s *Store) HoldReaders(t *testing.T, n int, check func(pragma func(name string) string)) {
	t.Helper()
	for range n {
		c, err := s.reader.Conn(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		check(func(name string) string {
			var value string
			if err := c.QueryRowContext(context.Background(), "PRAGMA "+name).Scan(&value); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			return value
		})
	}
}

// CodeOf is the code of a problem in a chain of errors, empty for another error.
func CodeOf(err error) string {
	var p *model.Problem
	if !errors.As(err, &p) {
		return ""
	}
	return p.Code
}

// Ahead is how far the server's clock is ahead of this computer's, zero when it was
// never asked for.
func (s *Store) Ahead() int64 { return s.engine.(*postgres).ahead.Load() }

// DialThen dials the server for somebody with that context, and tells whether the
// server counts as lost then.
func (s *Store) DialThen(ctx context.Context) (lost bool) {
	p := s.engine.(*postgres)
	if c, err := p.answering(readAnswer)(ctx, "tcp", net.JoinHostPort(p.config.Host, strconv.Itoa(int(p.config.Port)))); err == nil {
		_ = c.Close()
	}
	return p.lost.Load() != 0
}

// Tables are those that a move carries.
var Tables = tables

// TableNames are all that the database has.
func (s *Store) TableNames(t *testing.T) []string {
	t.Helper()
	text := `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'`
	if s.Shared() {
		text = `SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema()`
	}
	return s.Text(t, false, text, 0)
}

// Later writes with statements that nobody waits for.
func (s *Store) Later(ctx context.Context, texts ...string) error {
	return s.write(ctx, "write later", func(c conn) error {
		for _, text := range texts {
			if err := c.later(text); err != nil {
				return err
			}
		}
		return nil
	})
}

// Swallow writes and passes over what went wrong, as nobody may.
func (s *Store) Swallow(ctx context.Context, texts ...string) error {
	return s.write(ctx, "swallow", func(c conn) error {
		for _, text := range texts {
			_, _ = c.exec(text)
		}
		return nil
	})
}

// Tell is how often who listens is called.
var Tell = tell
