// Package httpx is the one place where HTTP clients come from.
//
// [New] makes a [Client]; its [Client.Get] asks and may ask again,
// [Client.Send] says something once and never again, and [Client.HTTP] is the
// same client for libraries that want a plain one. Every request has a time
// limit, every answer a size limit, and TLS is 1.2 or newer with the
// certificates of the system.
//
// A booking must not be sent twice, so nothing here repeats a request that may
// change something: each one travels alone on a fresh connection, a redirect
// is given back and not followed, and the headers that make net/http repeat a
// POST are refused. [WithDeadline] stops a sender that was asleep too long
// before its first byte leaves. [ClassOf] says whether a failed request may
// have arrived; it is answered from what was written to the connection, not
// from the text of an error.
//
// The package refuses to log query values, headers and bodies.
package httpx

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"time"
)

// The defaults of [Options].
const (
	DefaultTimeout = 60 * time.Second
	DefaultMaxBody = 32 << 20
)

const (
	connectTimeout = 15 * time.Second // resolving and dialling, and again for TLS
	idleTimeout    = 60 * time.Second
	maxHeader      = 1 << 20
	maxRedirects   = 5
)

// Options are what a [Client] is made from. The zero value is good.
type Options struct {
	// Timeout is for one request, from resolving the name to the last byte of
	// the answer; zero is [DefaultTimeout].
	Timeout time.Duration
	// MaxBody is the longest answer taken, in bytes; zero is [DefaultMaxBody].
	MaxBody int64
	// UserAgent is sent with every request that has none of its own.
	UserAgent string
	// Log receives one line a request; nil logs nothing.
	Log *slog.Logger
	// LoopbackOnly refuses every address that is not on this computer, and every
	// proxy: for practice mode and tests.
	LoopbackOnly bool
	// RootCAs replaces the certificates of the system; nil keeps them.
	RootCAs *x509.CertPool
	// Now is the clock; nil is time.Now.
	Now func() time.Time
	// Sleep waits between two tries of a GET; nil waits in real time.
	Sleep func(ctx context.Context, d time.Duration) error
}

// Client sends requests by the rules of the package. It is safe for concurrent
// use; a program needs one.
type Client struct {
	plain *http.Client
	now   func() time.Time
	sleep func(ctx context.Context, d time.Duration) error
}

// New makes a client.
func New(o Options) *Client {
	if o.Timeout <= 0 {
		o.Timeout = DefaultTimeout
	}
	if o.MaxBody <= 0 {
		o.MaxBody = DefaultMaxBody
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Sleep == nil {
		o.Sleep = sleep
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return &Client{
		plain: &http.Client{
			Transport:     newTransport(o),
			CheckRedirect: checkRedirect,
		},
		now:   o.Now,
		sleep: o.Sleep,
	}
}

// HTTP is the client for libraries that want a plain one. Everything the
// package promises holds for it too, but a failure carries the address.
func (c *Client) HTTP() *http.Client { return c.plain }

// checkRedirect follows a GET a few times and anything else never: a redirected
// POST would be a second one. Nothing leads to a host that nobody chose.
func checkRedirect(next *http.Request, via []*http.Request) error {
	first := via[0]
	switch {
	case !repeatable(first.Method):
		return http.ErrUseLastResponse
	case len(via) > maxRedirects:
		return errors.New("too many redirects")
	case first.URL.Scheme == "https" && next.URL.Scheme != "https":
		return errors.New("redirected to an address without TLS")
	case !strings.EqualFold(next.URL.Hostname(), first.URL.Hostname()):
		return errors.New("redirected to another host")
	}
	return nil
}

// repeatable tells whether a method promises to change nothing.
func repeatable(method string) bool {
	return method == "" || method == http.MethodGet || method == http.MethodHead
}

// newWire makes a transport for the network. A single-use one gives every
// request a connection of its own.
func newWire(o Options, dial func(ctx context.Context, network, address string) (net.Conn, error), singleUse bool) *http.Transport {
	protocols := new(http.Protocols)
	protocols.SetHTTP1(true)
	wire := &http.Transport{
		Proxy:                  http.ProxyFromEnvironment,
		DialContext:            dial,
		TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: o.RootCAs},
		TLSHandshakeTimeout:    connectTimeout,
		IdleConnTimeout:        idleTimeout,
		MaxResponseHeaderBytes: maxHeader,
		Protocols:              protocols,
		DisableKeepAlives:      singleUse,
	}
	if o.LoopbackOnly {
		wire.Proxy = nil
	}
	return wire
}

// checkHost refuses hosts that are not on this computer.
func checkHost(host string) error {
	if host == "localhost" {
		return nil
	}
	if ip := net.ParseIP(host); ip != nil && ip.IsLoopback() {
		return nil
	}
	return fmt.Errorf("%w: %s", ErrNotLoopback, host)
}

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
