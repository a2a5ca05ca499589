package store

import (
	"context"
	"errors"
	"net"
	"os"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
)

// How long an answer may stay away on a connection that reads, and on the one that
// writes, which may have to wait for others.
const (
	readAnswer  = 20 * time.Second
	writeAnswer = 30 * time.Second
)

// dialer notices within half a minute that nobody is at the other end any more.
var dialer = &net.Dialer{
	Timeout:         connecting,
	KeepAliveConfig: net.KeepAliveConfig{Enable: true, Idle: 10 * time.Second, Interval: 5 * time.Second, Count: 3},
}

const (
	connecting = 15 * time.Second // to a server, and until it says the first thing
	// lostFor is how long nobody tries again after a connection was lost. Otherwise
	// each of the many things that a screen asks for would wait for itself.
	lostFor = 3 * time.Second
)

var (
	errLost        = errors.New("the connection to the server was lost a moment ago")
	errUnencrypted = errors.New("the server does not speak TLS")
)

// dial makes a connection to a server.
func dial(ctx context.Context, network, address string) (net.Conn, error) {
	c, err := dialer.DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}
	return &greeting{Conn: c}, nil
}

// greeting is a connection on which a server that is asked for TLS and has none says
// so with one letter (PostgreSQL manual, Message Flow, SSL Session Encryption).
type greeting struct {
	net.Conn
	over bool
}

func (c *greeting) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	if !c.over && n == 1 && len(b) == 1 && b[0] == 'N' {
		return 0, errUnencrypted
	}
	c.over = c.over || n > 0
	return n, err
}

// answering has connections break on which an answer stays away for that long:
// without it a network that was cut would be noticed after a quarter of an hour.
func (p *postgres) answering(within time.Duration) pgconn.DialFunc {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		if time.Since(time.Unix(0, p.lost.Load())) < lostFor {
			return nil, errLost
		}
		c, err := dial(ctx, network, address)
		if err != nil {
			if !errors.Is(ctx.Err(), context.Canceled) { // who asked may have gone, which says nothing of the server
				p.lose()
			}
			return nil, err
		}
		return &answering{Conn: c, within: within, lose: p.lose}, nil
	}
}

// lose has who listens connect again, and tell of it when the server is there.
func (p *postgres) lose() {
	p.lost.Store(time.Now().UnixNano())
	select {
	case p.suspect <- struct{}{}:
	default:
	}
}

// answering is a connection on which nothing is waited for but answers.
type answering struct {
	net.Conn
	within  time.Duration
	lose    func()
	heard   bool        // the server has said something
	limited atomic.Bool // by the caller
}

func (c *answering) Read(b []byte) (int, error) {
	if !c.limited.Load() {
		within := c.within
		if !c.heard {
			within = connecting
		}
		if err := c.SetReadDeadline(time.Now().Add(within)); err != nil {
			return 0, err
		}
	}
	n, err := c.Conn.Read(b)
	c.heard = c.heard || n > 0
	if errors.Is(err, os.ErrDeadlineExceeded) && !c.limited.Load() {
		c.lose()
	}
	return n, err
}

func (c *answering) SetDeadline(at time.Time) error {
	c.limited.Store(!at.IsZero())
	return c.Conn.SetDeadline(at)
}
