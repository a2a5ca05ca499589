// Package postgrestest runs a PostgreSQL server for the tests of one package, from
// the programs that the distribution installs, on loopback and as a user of its own.
//
// [Main] takes the place of m.Run in a TestMain, and [New] gives a test an empty
// database. The server starts with the first one.
package postgrestest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5"
)

// server is the one of this process.
type server struct {
	folder, address string
	options         string   // of the server's own command line
	within          []string // what starts PostgreSQL's programs elsewhere; empty is here, as that user
	as              asUser
}

var start = sync.OnceValues(run)

// started tells whether start was called.
var started atomic.Bool

// Main runs the tests of a package and then stops the server and removes its data.
func Main(m *testing.M) int {
	code := m.Run()
	if !started.Load() {
		return code
	}
	s, err := start()
	if err == nil {
		err = s.stop()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return max(code, 1)
	}
	return code
}

// Address starts the server of this program, and is where it is: a URL without a
// database.
func Address() (string, error) {
	started.Store(true)
	s, err := start()
	if err != nil {
		return "", err
	}
	return s.address, nil
}

var made atomic.Int64

// New makes an empty database and gives its address.
func New(t testing.TB) (address string) {
	t.Helper()
	name := "test" + strconv.FormatInt(made.Add(1), 10)
	return do(t, "CREATE DATABASE "+name) + "/" + name
}

// Copy makes a database hold the same as another one of the same program. Nobody may
// use either.
func Copy(t testing.TB, from, to string) {
	t.Helper()
	ctx := context.Background()
	var source, target *pgx.Conn
	for address, c := range map[string]**pgx.Conn{from: &source, to: &target} {
		var err error
		if *c, err = pgx.Connect(ctx, address); err != nil {
			t.Fatal(err)
		}
		defer func() { _ = (*c).Close(ctx) }()
	}
	had, err := tables(ctx, target)
	if err == nil && len(had) == 0 {
		_ = errors.Join(source.Close(ctx), target.Close(ctx)) // who is copied must be alone
		do(t, "DROP DATABASE "+path.Base(to), "CREATE DATABASE "+path.Base(to)+" TEMPLATE "+path.Base(from))
		return
	}
	if err == nil {
		err = refill(ctx, source, target, had)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// tables are all that a database has, but for the list of migrations.
func tables(ctx context.Context, c *pgx.Conn) ([]string, error) {
	found, err := c.Query(ctx, "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'goose_db_version'")
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(found, pgx.RowTo[string])
}

// refill puts the rows of one database in the place of those of another, which takes
// a tenth of the time of a new one.
func refill(ctx context.Context, from, to *pgx.Conn, tables []string) error {
	var clear strings.Builder
	clear.WriteString("SET session_replication_role = replica;") // no guards, and no order
	for _, table := range tables {
		fmt.Fprintf(&clear, "DELETE FROM %s;", table)
	}
	if _, err := to.PgConn().Exec(ctx, "BEGIN;"+clear.String()).ReadAll(); err != nil {
		return err
	}
	for _, table := range tables {
		var rows bytes.Buffer
		if _, err := from.PgConn().CopyTo(ctx, &rows, "COPY "+table+" TO STDOUT (FORMAT binary)"); err != nil {
			return err
		}
		if _, err := to.PgConn().CopyFrom(ctx, &rows, "COPY "+table+" FROM STDIN (FORMAT binary)"); err != nil {
			return err
		}
	}
	_, err := to.Exec(ctx, "COMMIT")
	return err
}

// do has the server do something, and gives its address.
func do(t testing.TB, statements ...string) (address string) {
	t.Helper()
	address, err := Address()
	if err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	c, err := pgx.Connect(ctx, address+"/postgres")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close(ctx) }()
	for _, statement := range statements {
		if _, err := c.Exec(ctx, statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
	return address
}

// tool is a program of the newest version that is installed.
func tool(name string) string {
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/" + name)
	if err != nil || len(found) == 0 {
		return name
	}
	return slices.MaxFunc(found, func(a, b string) int { return len(a) - len(b) })
}

// run makes the data folder of a server and starts it.
func run() (*server, error) {
	s, err := prepare(net.IPv4(127, 0, 0, 1))
	if err != nil {
		return nil, err
	}
	port, err := free()
	if err != nil {
		return nil, err
	}
	s.address = fmt.Sprintf("postgres://loonbrug@127.0.0.1:%d", port)
	s.options += fmt.Sprintf(" -c listen_addresses=127.0.0.1 -p %d", port)
	return s, s.start()
}

// prepare makes the data folder of a server that is at some addresses.
func prepare(at ...net.IP) (*server, error) {
	folder, err := os.MkdirTemp("", "loonbrug-postgres-")
	if err != nil {
		return nil, err
	}
	s := &server{folder: folder}
	if err := s.as.take(folder); err != nil {
		return nil, err
	}
	if err := s.certify(at); err != nil {
		return nil, err
	}
	file := func(name string) string { return filepath.Join(folder, name) }
	s.options = fmt.Sprintf("-c unix_socket_directories=%s -c ssl=on -c ssl_cert_file=%s -c ssl_key_file=%s", folder, file(certified), file(private))
	return s, s.do("initdb", "-D", "data", "-U", "loonbrug", "-A", "trust", "-E", "UTF8", "--locale=C")
}

func (s *server) start() error {
	return s.do("pg_ctl", "-D", "data", "-l", "log", "-o", s.options, "-w", "start")
}

// Restart ends the server as a crash does, and starts it again. Tests that run side
// by side must not both ask for it.
func Restart(t testing.TB) {
	t.Helper()
	s, err := start()
	if err == nil {
		err = s.restart()
	}
	if err != nil {
		t.Fatal(err)
	}
}

func (s *server) restart() error {
	return s.do("pg_ctl", "-D", "data", "-l", "log", "-o", s.options, "-m", "immediate", "-w", "restart")
}

// stop ends the server at once and removes what it kept.
func (s *server) stop() error {
	return errors.Join(s.do("pg_ctl", "-D", "data", "-m", "immediate", "-w", "stop"), os.RemoveAll(s.folder))
}

// do runs one of PostgreSQL's programs.
func (s *server) do(name string, args ...string) error {
	all := slices.Concat(s.within, []string{tool(name)}, args)
	c := exec.Command(all[0], all[1:]...)
	c.Dir = s.folder
	if len(s.within) == 0 {
		s.as.use(c)
	}
	log, err := os.Create(filepath.Join(s.folder, name+".out")) // a pipe would stay open as long as the server runs
	if err != nil {
		return err
	}
	defer func() { _ = log.Close() }()
	c.Stdout, c.Stderr = log, log
	if err := c.Run(); err != nil {
		said, _ := os.ReadFile(log.Name()) // what it said is a help only
		return fmt.Errorf("%s: %w\n%s", name, err, said)
	}
	return nil
}

// free is a port that nobody listens on.
func free() (int, error) {
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	return l.Addr().(*net.TCPAddr).Port, l.Close()
}
