package postgrestest

import (
	"io"
	"net"
	"net/url"
	"sync"
	"testing"
)

// Cable is the network between a program and a server. Cut, it is silent: nobody is
// told that it is, and new connections are made into the void.
type Cable struct {
	Address string // of the database, for the program
	server  string

	mu     sync.Mutex
	whole  sync.Cond // of mu
	broken bool
}

// NewCable lays a cable to the database of an address.
func NewCable(t testing.TB, address string) *Cable {
	t.Helper()
	at, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	c := &Cable{server: at.Host}
	at.Host = l.Addr().String()
	c.Address = at.String()
	c.whole.L = &c.mu
	t.Cleanup(func() {
		_ = l.Close()
		c.Cut(false)
	})
	go func() {
		for {
			here, err := l.Accept()
			if err != nil {
				return
			}
			go c.join(here)
		}
	}()
	return c
}

// Cut cuts the cable, or mends it. What lay in it is lost: who waits for an answer
// over an old connection waits for ever.
func (c *Cable) Cut(on bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.broken = on
	c.whole.Broadcast()
}

// mended waits until the cable is whole, and tells whether it had to.
func (c *Cable) mended() (waited bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for c.broken {
		waited = true
		c.whole.Wait()
	}
	return waited
}

func (c *Cable) join(here net.Conn) {
	defer here.Close()
	c.mended()
	there, err := net.Dial("tcp", c.server)
	if err != nil {
		return
	}
	defer there.Close()
	go func() {
		c.carry(there, here)
		_ = there.Close()
	}()
	c.carry(here, there)
}

// carry carries bytes as long as the cable is whole.
func (c *Cable) carry(to io.Writer, from io.Reader) {
	some := make([]byte, 32<<10)
	for {
		n, err := from.Read(some)
		if c.mended() || err != nil {
			return
		}
		if _, err := to.Write(some[:n]); err != nil {
			return
		}
	}
}
