package store

import (
	"context"
	"database/sql/driver"
	"fmt"
	"io"
	"net/url"
	"path/filepath"
	"strings"

	"github.com/mattn/go-sqlite3"
)

// pragma is a setting of a connection and what reads back once it holds.
type pragma struct{ name, set, want string }

// connector opens connections of one kind. Settings are made in the connect
// hook, because a statement on the pool would reach one connection only, and
// are read back there, because the driver's own default for synchronous loses
// the last commits when the power goes.
type connector struct {
	dsn    string
	driver *sqlite3.SQLiteDriver
}

func (c *connector) Connect(context.Context) (driver.Conn, error) { return c.driver.Open(c.dsn) }
func (c *connector) Driver() driver.Driver                        { return c.driver }

// writing connects for reading and writing. Transactions take the write lock
// when they begin: one that first reads and then writes would otherwise fail at
// once when another program wrote in between, however long the time-out is.
func writing(path string) *connector {
	return newConnector(path, "mode=rwc&_txlock=immediate", []pragma{
		{"journal_mode", "WAL", "wal"},
		{"synchronous", "FULL", "2"},
		{"foreign_keys", "ON", "1"},
		// A small log: on a full disk it cannot grow to the 4 MB at which it
		// would be folded back by default, and wedge there.
		{"wal_autocheckpoint", "200", "200"},
		{"journal_size_limit", "1048576", "1048576"},
		// macOS acknowledges an ordinary fsync before the disk has the bytes.
		{"fullfsync", "ON", "1"},
		{"checkpoint_fullfsync", "ON", "1"},
		// Small tables that live as long as a statement, for lists such as that of
		// the states: each would open a file else, ten of them in a step.
		{"temp_store", "MEMORY", "2"},
		{"trusted_schema", "OFF", "0"},
		{"busy_timeout", "5000", "5000"},
	})
}

// reading connects without the right to write.
func reading(path string) *connector {
	return newConnector(path, "mode=ro", []pragma{
		{"journal_mode", "", "wal"},
		{"synchronous", "FULL", "2"},
		{"foreign_keys", "ON", "1"},
		{"query_only", "ON", "1"},
		{"trusted_schema", "OFF", "0"},
		{"busy_timeout", "5000", "5000"},
	})
}

func newConnector(path, parameters string, pragmas []pragma) *connector {
	slashed := filepath.ToSlash(path)
	if !strings.HasPrefix(slashed, "/") {
		slashed = "/" + slashed // C:/… becomes file:///C:/…
	}
	// The time-out must hold before the first pragma, which may have to wait.
	// Statements stay compiled: the program has about a hundred, and compiling
	// them each time costs as much as running them.
	address := url.URL{Scheme: "file", Path: slashed, RawQuery: parameters + "&_busy_timeout=5000&_stmt_cache_size=100"}
	return &connector{
		dsn: address.String(),
		driver: &sqlite3.SQLiteDriver{ConnectHook: func(conn *sqlite3.SQLiteConn) error {
			for _, p := range pragmas {
				if err := p.apply(conn); err != nil {
					return err
				}
			}
			return nil
		}},
	}
}

func (p pragma) apply(conn *sqlite3.SQLiteConn) error {
	if p.set != "" {
		if _, err := conn.Exec("PRAGMA "+p.name+" = "+p.set, nil); err != nil {
			return fmt.Errorf("set %s: %w", p.name, err)
		}
	}
	rows, err := conn.Query("PRAGMA "+p.name, nil)
	if err != nil {
		return fmt.Errorf("read %s: %w", p.name, err)
	}
	defer func() { _ = rows.Close() }()
	got := make([]driver.Value, 1)
	if err := rows.Next(got); err != nil && err != io.EOF {
		return fmt.Errorf("read %s: %w", p.name, err)
	}
	if text := fmt.Sprint(got[0]); text != p.want {
		return fmt.Errorf("the database holds %s at %s, not %s", p.name, text, p.want)
	}
	return nil
}
