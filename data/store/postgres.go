package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"net"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"

	"loonbrug/data/model"
)

// leastServer is the oldest PostgreSQL that is tried, as server_version_num.
const leastServer = 15_00_00

// writes is the advisory lock that a transaction that writes holds: an arbitrary
// number that stands for "loonbrug".
const writes = 0x6c6f6f6e

// These migrations are for one engine only.
const (
	sqliteGuards   = 2
	postgresGuards = 18
)

// OpenShared opens the PostgreSQL database that an address names, which the
// computers of an office share, and brings its tables up to date. The address is a
// URL or a list of settings as libpq takes them. A server on another computer is
// used over TLS only. Problems: store.address, store.no_tls, store.certificate,
// store.server, store.unsafe, store.away, store.no_access, store.moved,
// store.move_unfinished, and those of [Open] that are not about a file.
func OpenShared(ctx context.Context, address string, sealer Sealer, opts ...Option) (*Store, error) {
	if sealer == nil {
		panic("store: no sealer")
	}
	p, err := sharedAt(address)
	if err != nil {
		return nil, err
	}
	o := options{migrations: embedded()}
	for _, opt := range opts {
		opt(&o)
	}
	if o.clock != nil {
		p.clock = o.clock
	}
	writing, reading := p.config.Copy(), p.config.Copy()
	delete(writing.RuntimeParams, readOnly)
	writing.DialFunc, reading.DialFunc = p.answering(writeAnswer), p.answering(readAnswer)
	return start(ctx, p, p.place, sealer, stdlib.GetConnector(*writing), stdlib.GetConnector(*reading), o)
}

// readOnly is the setting of connections that cannot write.
const readOnly = "default_transaction_read_only"

// sharedAt reads an address and refuses one that is not safe.
func sharedAt(address string) (*postgres, error) {
	config, err := pgx.ParseConfig(address)
	if err != nil {
		return nil, model.NewProblem("store.address") // the error shows the password
	}
	p := &postgres{
		place:  fmt.Sprintf("%s/%s", net.JoinHostPort(config.Host, strconv.Itoa(int(config.Port))), config.Database),
		config: config, me: rand.Text(), clock: time.Now, suspect: make(chan struct{}, 1),
	}
	if !local(config.Host) && (config.TLSConfig == nil || config.TLSConfig.InsecureSkipVerify) {
		return nil, model.NewProblem("store.no_tls", "path", p.place)
	}
	for _, other := range config.Fallbacks {
		if !local(other.Host) && (other.TLSConfig == nil || other.TLSConfig.InsecureSkipVerify) {
			return nil, model.NewProblem("store.no_tls", "path", p.place)
		}
	}
	config.DialFunc, config.ConnectTimeout = dial, 2*connecting
	maps.Copy(config.RuntimeParams, map[string]string{
		"application_name": p.name(), readOnly: "on",
		// A computer that is cut off must not keep the others out for long.
		"tcp_keepalives_idle": "10", "tcp_keepalives_interval": "5", "tcp_keepalives_count": "3",
		"idle_in_transaction_session_timeout": strconv.FormatInt(writeAnswer.Milliseconds(), 10),
	})
	return p, nil
}

// application begins what the server calls the connections of this program.
const application = "loonbrug"

// PlaceOf is how an address is shown: without user and password. Problem:
// store.address.
func PlaceOf(address string) (string, error) {
	p, err := sharedAt(address)
	if err != nil {
		return "", err
	}
	return p.place, nil
}

// UserOf is the user of the database that an address names. Problem: store.address.
func UserOf(address string) (string, error) {
	p, err := sharedAt(address)
	if err != nil {
		return "", err
	}
	return p.config.User, nil
}

// local tells whether a host is this computer.
func local(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || strings.HasPrefix(host, "/") || ip != nil && ip.IsLoopback()
}

// postgres is the engine of a PostgreSQL server.
type postgres struct {
	place   string
	config  *pgx.ConnConfig  // of a connection that cannot write, and waits as long as it takes
	me      string           // tells this program's writes from those of others
	lost    atomic.Int64     // when a connection was lost last; nanoseconds since 1970
	suspect chan struct{}    // holds a token when that happened
	clock   func() time.Time // of this computer
	ahead   atomic.Int64     // nanoseconds that the server's clock is ahead of this computer's
}

// text leaves a statement as it is.
func (p *postgres) text(statement string) string { return statement }

// transact takes a lock that ends with the transaction. The history is one chain of
// rows, so that writes wait for each other in any case; the lock has them do it
// before they read what they decide by. The server tells its time with it, and the
// others that something was written once it is.
func (p *postgres) transact(ctx context.Context, db *sql.DB, do func(q querier) (keep bool, err error)) error {
	return onOne(ctx, db, func(q *pipeline) (keep bool, err error) {
		var micros int64
		c := conn{querier: q, ctx: ctx, text: p.text}
		if err := c.one([]any{&micros}, `
			SELECT `+microseconds+`
			FROM pg_advisory_xact_lock($1), pg_notify('loonbrug', $2)`, writes, p.me); err != nil {
			return false, err
		}
		p.set(micros)
		return do(q)
	})
}

// microseconds is the server's time since 1970.
const microseconds = `CAST(extract(epoch FROM clock_timestamp()) * 1000000 AS BIGINT)`

// set remembers how far the server's clock is ahead.
func (p *postgres) set(micros int64) { p.ahead.Store(int64(time.UnixMicro(micros).Sub(p.clock()))) }

// now is the time by the server's clock, so that leases and waits mean the same
// to all computers of the office.
func (p *postgres) now() time.Time { return p.clock().Add(time.Duration(p.ahead.Load())) }

// migrate holds a lock of the server meanwhile. The server keeps its own copies;
// none is made before.
func (p *postgres) migrate(ctx context.Context, db *sql.DB, o options) (err error) {
	if err := p.safe(ctx, db); err != nil {
		return err
	}
	// A step over many rows may take longer than any answer else.
	lasting := p.config.Copy()
	delete(lasting.RuntimeParams, readOnly)
	db = sql.OpenDB(stdlib.GetConnector(*lasting))
	defer func() { _ = db.Close() }()
	locker, err := lock.NewPostgresSessionLocker()
	if err != nil {
		return fmt.Errorf("lock for migrating: %w", err)
	}
	provider, err := goose.NewProvider(goose.DialectPostgres, db, o.migrations.files, goose.WithDisableGlobalRegistry(true),
		goose.WithExcludeVersions([]int64{sqliteGuards}), goose.WithSessionLocker(locker))
	if err != nil {
		return fmt.Errorf("read migrations: %w", err)
	}
	return upgrade(ctx, provider, p.place, func(int64) (string, error) { return "", nil }, func() error { return nil })
}

// safe refuses a server that may lose what it has said to be on the disk, and one
// that is too old. It takes the server's time, before anything is decided by it.
func (p *postgres) safe(ctx context.Context, db *sql.DB) error {
	var version int
	var micros int64
	if err := db.QueryRowContext(ctx, `SELECT current_setting('server_version_num')::int, `+microseconds).Scan(&version, &micros); err != nil {
		return fmt.Errorf("ask for the version of the server: %w", err)
	}
	p.set(micros)
	if version < leastServer {
		return model.NewProblem("store.server", "path", p.place, "have", strconv.Itoa(version/10_000), "want", strconv.Itoa(leastServer/10_000))
	}
	for _, name := range []string{"fsync", "full_page_writes", "synchronous_commit"} {
		var value string
		if err := db.QueryRowContext(ctx, `SELECT current_setting($1)`, name).Scan(&value); err != nil {
			return fmt.Errorf("ask for the setting %s: %w", name, err)
		}
		if value == "off" {
			return model.NewProblem("store.unsafe", "path", p.place, "setting", name)
		}
	}
	return nil
}

// check has nothing to look at: the server finds damage where it reads.
func (p *postgres) check(context.Context, *sql.DB) error { return nil }

// overwriting is the server's own work, which takes the place of deleted rows when
// it cleans up.
func (p *postgres) overwriting(context.Context, *sql.DB, bool) error { return nil }

func (p *postgres) renewCopies(context.Context, *sql.DB) error { return nil }

// copy is the work of whoever runs the server. Problem: store.shared_copy.
func (p *postgres) copy(context.Context, *sql.DB, string) error {
	return model.NewProblem("store.shared_copy", "path", p.place)
}

// room is not known of another computer; a full disk shows when it is written.
func (p *postgres) room() (int64, error) { return math.MaxInt64, nil }

// unheard is how long nobody listens after the connection broke.
const unheard = time.Second

func (p *postgres) listen(ctx context.Context, heard func()) {
	for ctx.Err() == nil {
		if broke := p.hear(ctx, heard); broke && ctx.Err() == nil {
			heard() // whoever looks now is told that the server is away
		}
		select {
		case <-ctx.Done():
		case <-time.After(unheard):
		}
	}
}

// hear listens as long as one connection holds, and tells whether there was one.
func (p *postgres) hear(ctx context.Context, heard func()) (broke bool) {
	c, err := pgx.ConnectConfig(ctx, p.config)
	if err != nil {
		return false
	}
	defer func() { _ = c.Close(context.WithoutCancel(ctx)) }()
	if _, err := c.Exec(ctx, `LISTEN loonbrug`); err != nil {
		return false
	}
	select {
	case <-p.suspect: // it was another connection
	default:
	}
	p.lost.Store(0)
	waiting, over := context.WithCancel(ctx)
	go func() {
		select {
		case <-p.suspect:
			over()
		case <-waiting.Done():
		}
	}()
	news := make(chan struct{}, 1)
	news <- struct{}{} // whatever was written while nobody listened
	var telling sync.WaitGroup
	telling.Go(func() { tell(waiting, news, heard) })
	defer telling.Wait()
	defer over()
	for {
		said, err := c.WaitForNotification(waiting)
		if err != nil {
			return true
		}
		if said.Payload != p.me {
			select {
			case news <- struct{}{}:
			default:
			}
		}
	}
}

// crowded is how long nothing is told after something was: writes come in crowds.
const crowded = 100 * time.Millisecond

// tell calls heard for every token of news, but not at once again.
func tell(ctx context.Context, news <-chan struct{}, heard func()) {
	for {
		select {
		case <-news:
		case <-ctx.Done():
			return
		}
		heard()
		select {
		case <-time.After(crowded):
		case <-ctx.Done():
			return
		}
	}
}

// patient puts aside what keeps a computer that is cut off from holding others up.
func (p *postgres) patient(c conn) error {
	_, err := c.exec(`SET LOCAL idle_in_transaction_session_timeout = 0`)
	return err
}

// unused goes by the names of the connections; ours have one of their own.
func (p *postgres) unused(c conn) error {
	var others int64
	err := c.one([]any{&others}, `
		SELECT COUNT(*) FROM pg_stat_activity
		WHERE datname = current_database() AND application_name LIKE $1 AND application_name <> $2`, application+" %", p.name())
	if err == nil && others > 0 {
		return model.NewProblem("store.in_use", "path", p.place)
	}
	return fault(p.place, err)
}

// name is what the server calls the connections of this program.
func (p *postgres) name() string { return application + " " + p.me }

// movedAway is the SQLSTATE that our own trigger refuses writes with.
const movedAway = "LB001"

// closed puts a trigger on every table. Other computers may have the database open.
func (p *postgres) closed(c conn) error {
	if _, err := c.exec(`
		CREATE FUNCTION moved_away() RETURNS trigger LANGUAGE plpgsql AS $$
		BEGIN
			RAISE EXCEPTION 'everything was moved away' USING ERRCODE = '` + movedAway + `';
		END $$`); err != nil {
		return err
	}
	for _, table := range append([]string{"shared"}, tables...) {
		if _, err := c.exec(`CREATE TRIGGER moved_away BEFORE INSERT OR UPDATE OR DELETE ON ` + table + `
			FOR EACH STATEMENT EXECUTE FUNCTION moved_away()`); err != nil {
			return err
		}
	}
	return nil
}

// only holds a lock of the server on a connection of its own.
func (p *postgres) only(ctx context.Context, name string, fn func(ctx context.Context) error) error {
	c, err := pgx.ConnectConfig(ctx, p.config)
	if err != nil {
		return fault(p.place, fmt.Errorf("wait for %s: %w", name, err))
	}
	defer func() { _ = c.Close(context.WithoutCancel(ctx)) }() // which frees the lock
	if _, err := c.Exec(ctx, `SELECT pg_advisory_lock(hashtextextended($1, 0))`, application+" "+name); err != nil {
		return fault(p.place, fmt.Errorf("wait for %s: %w", name, err))
	}
	held, lost := context.WithCancel(ctx)
	watched := make(chan struct{})
	go func() {
		defer close(watched)
		defer lost()
		_, _ = c.WaitForNotification(held) // none comes: it ends when the connection breaks
	}()
	err = fn(held)
	lost()
	<-watched
	return err
}

// several is true: other computers may have deliveries under a lease.
func (p *postgres) several() bool { return true }

// away tells whether a server was not reached, or the connection to it broke.
func away(err error) bool {
	var connecting *pgconn.ConnectError
	var network *net.OpError
	return errors.As(err, &connecting) || errors.As(err, &network) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, errLost) || errors.Is(err, driver.ErrBadConn) ||
		errors.Is(err, pgconn.ErrConnClosed)
}

// refused is the state that a server refused a statement with, as SQLSTATE has it.
func refused(err error) string {
	var s interface{ SQLState() string }
	if errors.As(err, &s) {
		return s.SQLState()
	}
	return ""
}
