package httpx

import (
	"context"
	"net"
	"sync"
	"time"
)

type (
	deadlineKey struct{}
	gateKey     struct{}
)

// WithDeadline says until when a request may start to leave: a write to its
// connection after that instant is refused. It binds requests that may change
// something; others do not look at it.
//
// The instant is compared by the wall clock and, where at still has it, by the
// monotonic clock too, and the later of the two decides: the monotonic clock of
// some systems stands still while a laptop sleeps, and the wall clock can be
// set back. So at should be added to what time.Now gave when the intent was
// written, not to what was read back from a database.
func WithDeadline(ctx context.Context, at time.Time) context.Context {
	return context.WithValue(ctx, deadlineKey{}, at)
}

// TooLate tells whether a request under ctx may no longer start to leave. It is
// the rule by which connections refuse to write, for targets without any.
func TooLate(ctx context.Context, now time.Time) bool { return late(now, deadlineOf(ctx)) }

// late compares by both clocks; Round(0) strips the monotonic reading.
func late(now, deadline time.Time) bool {
	return !deadline.IsZero() && (now.After(deadline) || now.Round(0).After(deadline.Round(0)))
}

func deadlineOf(ctx context.Context) time.Time {
	at, _ := ctx.Value(deadlineKey{}).(time.Time)
	return at
}

func withGate(ctx context.Context, g *gate) context.Context {
	return context.WithValue(ctx, gateKey{}, g)
}

// gate stands between one request and its connection. It refuses writes that
// come too late, and knows whether a byte of the request may have left.
type gate struct {
	now      func() time.Time
	deadline time.Time // zero is none

	mu      sync.Mutex
	begun   bool // the connection stands; what is written from now on is the request
	written bool
	writing int // writes under way
	closed  bool
}

// begin marks the end of dialling and of the TLS handshake.
func (g *gate) begin() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.begun = true
}

// shut lets nothing more out and tells whether anything of the request may
// have left. A transport gives up a request while another goroutine may be
// about to write it, so asking without shutting would prove nothing.
func (g *gate) shut() (sent bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.closed = true
	return g.written || g.writing > 0
}

// enter asks to write.
func (g *gate) enter() error {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.closed {
		return net.ErrClosed
	}
	if late(g.now(), g.deadline) {
		return ErrTooLate
	}
	if g.begun {
		g.writing++
	}
	return nil
}

// leave reports what a write came to.
func (g *gate) leave(n int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.begun && g.writing > 0 {
		g.writing--
		g.written = g.written || n > 0
	}
}

// gatedConn is a connection behind a gate.
type gatedConn struct {
	net.Conn
	gate *gate
}

func (c *gatedConn) Write(p []byte) (int, error) {
	if err := c.gate.enter(); err != nil {
		return 0, err
	}
	n, err := c.Conn.Write(p)
	c.gate.leave(n)
	return n, err
}

// dialGated dials for requests that carry a gate.
func dialGated(d *net.Dialer) func(ctx context.Context, network, address string) (net.Conn, error) {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := d.DialContext(ctx, network, address)
		if err != nil {
			return nil, err
		}
		g, ok := ctx.Value(gateKey{}).(*gate)
		if !ok {
			_ = conn.Close()
			return nil, errNoGate
		}
		return &gatedConn{Conn: conn, gate: g}, nil
	}
}
