package httpx_test

import (
	"bufio"
	"context"
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"loonbrug/data/model"
	"loonbrug/integration/httpx"
	"loonbrug/integration/target"
)

// wire listens on loopback and hands every connection to serve; the connection
// is closed after it. It returns the address.
func wire(t *testing.T, serve func(net.Conn)) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var open sync.WaitGroup
	open.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			open.Go(func() {
				defer func() { _ = c.Close() }()
				serve(c)
			})
		}
	})
	t.Cleanup(func() {
		_ = l.Close()
		open.Wait()
	})
	return "http://" + l.Addr().String()
}

// request reads one request to its end.
func request(c net.Conn) bool {
	r, err := http.ReadRequest(bufio.NewReader(c))
	if err != nil {
		return false
	}
	_, err = io.Copy(io.Discard, r.Body)
	return err == nil
}

// untilGone says nothing more and waits until the client has hung up.
func untilGone(c net.Conn) { _, _ = io.Copy(io.Discard, c) }

func reset(c net.Conn) { _ = c.(*net.TCPConn).SetLinger(0) }

func local(o httpx.Options) *httpx.Client {
	o.LoopbackOnly = true
	return httpx.New(o)
}

func post(ctx context.Context, c *httpx.Client, address string) (*httpx.Answer, error) {
	return c.Send(ctx, http.MethodPost, address+"/book", nil, []byte(`{"amount":"1,00"}`))
}

// Every way in which a sending can end without an answer, with what it proves
// about the booking.
func TestClassOf_WireFaults(t *testing.T) {
	tests := []struct {
		name  string
		serve func(net.Conn)
		class target.Class
		code  string
	}{
		{"ResetAfterRequest", func(c net.Conn) { request(c); reset(c) }, target.Ambiguous, "network.broken"},
		{"ClosedAfterRequest", func(c net.Conn) { request(c) }, target.Ambiguous, "network.broken"},
		{"ClosedInMidRequest", func(c net.Conn) {
			_, _ = io.ReadFull(c, make([]byte, 10))
			reset(c)
		}, target.Ambiguous, "network.broken"},
		{"SilentAfterRequest", func(c net.Conn) { request(c); untilGone(c) }, target.Ambiguous, "network.timeout"},
		{"CutAnswer", func(c net.Conn) {
			request(c)
			_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this")
		}, target.Ambiguous, "network.broken"},
		{"CutHeader", func(c net.Conn) {
			request(c)
			_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Le")
		}, target.Ambiguous, "network.broken"},
		{"NoHTTP", func(c net.Conn) { request(c); _, _ = io.WriteString(c, "SSH-2.0\r\n\r\n") }, target.Ambiguous, "network.broken"},
		{"StalledAnswer", func(c net.Conn) {
			request(c)
			_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this")
			untilGone(c)
		}, target.Ambiguous, "network.timeout"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := post(t.Context(), local(httpx.Options{Timeout: 300 * time.Millisecond}), wire(t, tt.serve))
			if got := httpx.ClassOf(err); got != tt.class {
				t.Errorf("class %s, want %s (%v)", got, tt.class, err)
			}
			if got := httpx.ProblemOf(err).Code; got != tt.code {
				t.Errorf("code %s, want %s (%v)", got, tt.code, err)
			}
		})
	}
}

func TestClassOf_NotSent(t *testing.T) {
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_ = closed.Close()
	secure := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("request arrived") }))
	t.Cleanup(secure.Close)
	old := httptest.NewUnstartedServer(secure.Config.Handler)
	old.TLS = &tls.Config{MaxVersion: tls.VersionTLS11} //nolint:gosec // the client must refuse it
	old.StartTLS()
	t.Cleanup(old.Close)
	hangUp := wire(t, func(net.Conn) {})
	garbage := wire(t, func(c net.Conn) {
		_, _ = c.Read(make([]byte, 1024))
		_, _ = io.WriteString(c, "HTTP/1.1 400 Bad Request\r\n\r\n")
	})
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()

	tests := []struct {
		name, address, code string
		ctx                 context.Context
	}{
		{"DialRefused", "http://" + closed.Addr().String(), "network.unreachable", t.Context()},
		{"UntrustedCertificate", secure.URL, "network.tls", t.Context()},
		{"OldTLS", old.URL, "network.tls", t.Context()},
		{"PlainServerForTLS", "https" + garbage[4:], "network.tls", t.Context()},
		{"ClosedInHandshake", "https" + hangUp[4:], "network.broken", t.Context()},
		{"CancelledBefore", secure.URL, "network.cancelled", cancelled},
		{"ForeignHost", "https://example.invalid", "network.not_loopback", t.Context()},
		{"BadAddress", "http://[", "network.bad_address", t.Context()},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := httpx.New(httpx.Options{LoopbackOnly: true, RootCAs: oldRoots(tt.name, old)})
			_, err := post(tt.ctx, c, tt.address)
			if got := httpx.ClassOf(err); got != target.NotSent {
				t.Errorf("class %s (%v)", got, err)
			}
			if got := httpx.ProblemOf(err).Code; got != tt.code {
				t.Errorf("code %s, want %s (%v)", got, tt.code, err)
			}
		})
	}
}

func TestClassOf_UnknownHost(t *testing.T) {
	// Two dots in a row are no name at all, so no name server is asked.
	_, err := post(t.Context(), httpx.New(httpx.Options{}), "http://no..name")
	if got := httpx.ClassOf(err); got != target.NotSent {
		t.Errorf("class %s (%v)", got, err)
	}
	if got := httpx.ProblemOf(err).Code; got != "network.unknown_host" {
		t.Errorf("code %s (%v)", got, err)
	}
}

// A sender that slept must not send: neither by the wall clock, nor by the
// monotonic one.
func TestWithDeadline(t *testing.T) {
	start := time.Now()
	tests := []struct {
		name     string
		now      time.Time
		deadline time.Time
		sent     bool
	}{
		{"InTime", start, start.Add(30 * time.Second), true},
		{"Late", start.Add(31 * time.Second), start.Add(30 * time.Second), false},
		{"LateByWallAlone", start.Round(0).Add(31 * time.Second), start.Add(30 * time.Second), false},
		{"FromDatabase", start.Add(31 * time.Second), start.Add(30 * time.Second).Round(0), false},
		{"None", start.Add(time.Hour), time.Time{}, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var bytes atomic.Int64
			address := wire(t, func(c net.Conn) {
				n, _ := c.Read(make([]byte, 4096))
				bytes.Add(int64(n))
				_, _ = io.WriteString(c, "HTTP/1.1 204 No Content\r\n\r\n")
			})
			c := local(httpx.Options{Now: func() time.Time { return tt.now }})
			_, err := post(httpx.WithDeadline(t.Context(), tt.deadline), c, address)
			if tt.sent {
				if err != nil || bytes.Load() == 0 {
					t.Fatalf("not sent: %v", err)
				}
				return
			}
			if httpx.ClassOf(err) != target.NotSent || httpx.ProblemOf(err).Code != "network.too_late" {
				t.Errorf("got %v", err)
			}
			if bytes.Load() != 0 {
				t.Errorf("%d bytes left", bytes.Load())
			}
		})
	}
}

// Under TLS the handshake may still have been in time when the request is not.
func TestWithDeadline_PassesAfterHandshake(t *testing.T) {
	server := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("request arrived") }))
	t.Cleanup(server.Close)
	start := time.Now()
	var late atomic.Bool
	c := httpx.New(httpx.Options{LoopbackOnly: true, RootCAs: pool(server), Now: func() time.Time {
		if late.Load() {
			return start.Add(time.Hour)
		}
		return start
	}})
	ctx := httptrace.WithClientTrace(t.Context(), &httptrace.ClientTrace{
		TLSHandshakeDone: func(tls.ConnectionState, error) { late.Store(true) },
	})
	_, err := post(httpx.WithDeadline(ctx, start.Add(time.Minute)), c, server.URL)
	if httpx.ClassOf(err) != target.NotSent || httpx.ProblemOf(err).Code != "network.too_late" {
		t.Errorf("got %v", err)
	}
}

// A cancellation can hit at any moment. Whenever it is called not sent, the
// server must not have seen one byte.
func TestClassOf_NotSentIsProven(t *testing.T) {
	var mu sync.Mutex
	seen := make(map[string]bool)
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		seen[r.URL.Path] = true
	}))
	c := local(httpx.Options{})
	notSent := make(map[string]bool)
	for i := range 400 {
		ctx, cancel := context.WithCancel(t.Context())
		trace := &httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) {
			if i%2 == 0 {
				go cancel()
			} else {
				cancel()
			}
		}}
		path := "/" + strconv.Itoa(i)
		_, err := c.Send(httptrace.WithClientTrace(ctx, trace), http.MethodPost, server.URL+path, nil, []byte("x"))
		cancel()
		if err != nil && httpx.ClassOf(err) == target.NotSent {
			notSent[path] = true
		}
	}
	server.Close() // waits for all requests
	if len(notSent) == 0 {
		t.Error("no cancellation came before the first byte")
	}
	for path := range notSent {
		if seen[path] {
			t.Errorf("%s is called not sent but arrived", path)
		}
	}
}

func TestFailed(t *testing.T) {
	_, err := post(t.Context(), local(httpx.Options{}), "http://192.0.2.1")
	got := httpx.Failed(err)
	if got.Class != target.NotSent || got.Problem == nil || !got.Problem.Retryable || got.Detail == "" {
		t.Errorf("got %+v", got)
	}
	own := model.NewProblem("cash.one")
	if httpx.ProblemOf(own) != own {
		t.Error("a problem is not given back as it is")
	}
}
