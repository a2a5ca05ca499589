package httpx_test

import (
	"bytes"
	"context"
	"crypto/x509"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"loonbrug/integration/httpx"
)

func pool(s *httptest.Server) *x509.CertPool {
	p := x509.NewCertPool()
	p.AddCert(s.Certificate())
	return p
}

// oldRoots trusts the server with the old TLS, so that only its version can be
// what is refused.
func oldRoots(name string, old *httptest.Server) *x509.CertPool {
	if name == "OldTLS" {
		return pool(old)
	}
	return nil
}

// net/http repeats a POST by itself on a used connection under some headers;
// here it must neither reuse a connection nor take such a header.
func TestSend_NeverRepeats(t *testing.T) {
	var mu sync.Mutex
	var from []string
	var bodies int
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		from = append(from, r.RemoteAddr)
		bodies++
		n := bodies
		mu.Unlock()
		if n == 2 {
			panic(http.ErrAbortHandler) // booked, and the connection dies
		}
		w.WriteHeader(http.StatusNoContent)
	}))
	t.Cleanup(server.Close)
	c := local(httpx.Options{})
	for i := range 3 {
		_, err := post(t.Context(), c, server.URL)
		if (err != nil) != (i == 1) {
			t.Errorf("request %d: %v", i+1, err)
		}
	}
	slices.Sort(from)
	if bodies != 3 || len(slices.Compact(from)) != 3 {
		t.Errorf("%d requests over %d connections, want 3 over 3", bodies, len(from))
	}
	for _, name := range []string{"Idempotency-Key", "x-idempotency-key"} {
		h := http.Header{}
		h.Set(name, "1")
		if _, err := c.Send(t.Context(), http.MethodPost, server.URL, h, []byte("x")); !errors.Is(err, httpx.ErrRepeatHeader) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestSend_RedirectIsNotFollowed(t *testing.T) {
	var second atomic.Int32
	for _, status := range []int{301, 302, 303, 307, 308} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path != "/book" {
				second.Add(1)
			}
			http.Redirect(w, r, "/elsewhere", status)
		}))
		answer, err := post(t.Context(), local(httpx.Options{}), server.URL)
		if err != nil || answer.Status != status {
			t.Errorf("%d: %v, %v", status, answer, err)
		}
		server.Close()
	}
	if second.Load() != 0 {
		t.Errorf("followed %d times", second.Load())
	}
}

func TestSend_AnswerLimit(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		size := map[string]int{"/fits": 1000, "/long": 1001}[r.URL.Path]
		_, _ = w.Write(bytes.Repeat([]byte("x"), size))
	}))
	t.Cleanup(server.Close)
	c := local(httpx.Options{MaxBody: 1000})
	if answer, err := c.Send(t.Context(), http.MethodPost, server.URL+"/fits", nil, nil); err != nil || len(answer.Body) != 1000 {
		t.Errorf("an answer that fits: %v", err)
	}
	_, err := c.Send(t.Context(), http.MethodPost, server.URL+"/long", nil, nil)
	if !errors.Is(err, httpx.ErrTooLarge) || httpx.ProblemOf(err).Code != "network.answer_too_large" {
		t.Errorf("a long answer: %v", err)
	}
}

func TestGet_Retries(t *testing.T) {
	tests := []struct {
		name   string
		script []string // status and Retry-After of each answer; "drop" closes the connection
		sleeps []time.Duration
		status int
	}{
		{"First", []string{"200"}, nil, 200},
		{"BackOff", []string{"503", "502", "504", "200"}, []time.Duration{time.Second, 2 * time.Second, 4 * time.Second}, 200},
		{"RetryAfter", []string{"429 7", "200"}, []time.Duration{7 * time.Second}, 200},
		{"RetryAfterDate", []string{"429 Fri, 02 Jan 2026 00:00:09 GMT", "200"}, []time.Duration{9 * time.Second}, 200},
		{"RetryAfterTooLong", []string{"429 3600"}, nil, 429},
		{"GivesUp", []string{"503", "503", "503", "503"}, []time.Duration{time.Second, 2 * time.Second, 4 * time.Second}, 503},
		{"NotForOthers", []string{"500"}, nil, 500},
		{"Dropped", []string{"drop", "drop", "200"}, []time.Duration{time.Second, 2 * time.Second}, 200},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var asked atomic.Int32
			address := wire(t, func(c net.Conn) {
				request(c)
				step := tt.script[asked.Add(1)-1]
				if step == "drop" {
					return
				}
				status, after, _ := strings.Cut(step, " ")
				answer := "HTTP/1.1 " + status + " Some Text\r\nConnection: close\r\nContent-Length: 0\r\n"
				if after != "" {
					answer += "Retry-After: " + after + "\r\n"
				}
				_, _ = c.Write([]byte(answer + "\r\n"))
			})
			var sleeps []time.Duration
			c := local(httpx.Options{
				Now: func() time.Time { return time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC) },
				Sleep: func(_ context.Context, d time.Duration) error {
					sleeps = append(sleeps, d)
					return nil
				},
			})
			answer, err := c.Get(t.Context(), address+"/list", nil)
			if err != nil || answer.Status != tt.status {
				t.Fatalf("got %+v, %v", answer, err)
			}
			if !slices.Equal(sleeps, tt.sleeps) {
				t.Errorf("slept %v, want %v", sleeps, tt.sleeps)
			}
			if n := int(asked.Load()); n != len(tt.script) {
				t.Errorf("asked %d times, want %d", n, len(tt.script))
			}
		})
	}
}

func TestGet_StopsWithContext(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(503) }))
	t.Cleanup(server.Close)
	ctx, cancel := context.WithCancel(t.Context())
	c := local(httpx.Options{Sleep: func(ctx context.Context, _ time.Duration) error {
		cancel()
		return ctx.Err()
	}})
	answer, err := c.Get(ctx, server.URL, nil)
	if err != nil || answer.Status != 503 {
		t.Errorf("got %+v, %v", answer, err)
	}
}

func TestGet_Redirects(t *testing.T) {
	plain := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(plain.Close)
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/once":
			http.Redirect(w, r, "/there", http.StatusFound)
		case "/round":
			http.Redirect(w, r, "/round", http.StatusFound)
		case "/down":
			http.Redirect(w, r, plain.URL, http.StatusFound)
		}
	}))
	t.Cleanup(server.Close)
	c := local(httpx.Options{RootCAs: pool(server), Sleep: func(context.Context, time.Duration) error { return context.Canceled }})
	if answer, err := c.Get(t.Context(), server.URL+"/once", nil); err != nil || answer.Status != 200 {
		t.Errorf("once: %v", err)
	}
	for _, path := range []string{"/round", "/down"} {
		if _, err := c.Get(t.Context(), server.URL+path, nil); err == nil {
			t.Errorf("%s was followed", path)
		}
	}
}

// A redirect to a host that was not asked for is not followed, though it be this
// very computer.
func TestGet_NoRedirectToAnotherHost(t *testing.T) {
	var followed atomic.Int32
	var other string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/there" {
			followed.Add(1)
			return
		}
		http.Redirect(w, r, other+"/there", http.StatusFound)
	}))
	t.Cleanup(server.Close)
	other = strings.Replace(server.URL, "127.0.0.1", "localhost", 1)
	c := local(httpx.Options{Sleep: func(context.Context, time.Duration) error { return context.Canceled }})
	if _, err := c.Get(t.Context(), server.URL+"/here", nil); err == nil || followed.Load() > 0 {
		t.Errorf("followed %d times, %v", followed.Load(), err)
	}
	other = server.URL
	if _, err := c.Get(t.Context(), server.URL+"/here", nil); err != nil || followed.Load() != 1 {
		t.Errorf("at the same host: followed %d times, %v", followed.Load(), err)
	}
}

// Nothing that could be secret stands in the log or in an error.
func TestNothingSecretIsTold(t *testing.T) {
	const secret = "hunter2"
	var log bytes.Buffer
	c := local(httpx.Options{Log: slog.New(slog.NewTextHandler(&log, nil)), UserAgent: "Loonbrug/1"})
	address := wire(t, func(c net.Conn) { request(c) })
	header := http.Header{"Authorization": {secret}}
	_, err := c.Send(t.Context(), http.MethodPost, address+"/book?token="+secret, header, []byte(secret))
	if err == nil {
		t.Fatal("no error")
	}
	_, errBad := c.Send(t.Context(), http.MethodPost, "http://["+secret, header, nil)
	for _, text := range []string{err.Error(), errBad.Error(), httpx.ProblemOf(err).Error(), httpx.Failed(err).Detail, log.String()} {
		if text == "" || strings.Contains(text, secret) {
			t.Errorf("told: %q", text)
		}
	}
	if !strings.Contains(log.String(), "path=/book") || !strings.Contains(log.String(), "method=POST") {
		t.Errorf("log says %q", log.String())
	}
}

func TestUserAgent(t *testing.T) {
	var got string
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { got = r.UserAgent() }))
	t.Cleanup(server.Close)
	if _, err := local(httpx.Options{UserAgent: "Loonbrug/1"}).Get(t.Context(), server.URL, nil); err != nil || got != "Loonbrug/1" {
		t.Errorf("user agent %q, %v", got, err)
	}
}

func TestJoin(t *testing.T) {
	for base, want := range map[string]string{
		"https://a.example/api":  "https://a.example/api/x?q=1%7C2",
		"https://a.example/api/": "https://a.example/api/x?q=1%7C2",
	} {
		if got := httpx.Join(base, "/x", url.Values{"q": {"1|2"}}); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	if got := httpx.Join("https://a.example", "/x", nil); got != "https://a.example/x" {
		t.Errorf("got %s", got)
	}
}

// A target that shows how long it waits is not kept waiting here.
func TestGetLimited(t *testing.T) {
	for status, asked := range map[int]int{429: 1, 503: 4} {
		got := 0
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			got++
			w.Header().Set("Retry-After", "7")
			w.WriteHeader(status)
		}))
		t.Cleanup(server.Close)
		c := local(httpx.Options{Sleep: func(context.Context, time.Duration) error { return nil }})
		answer, err := c.GetLimited(t.Context(), server.URL, nil)
		if err != nil || answer.Status != status || got != asked {
			t.Errorf("%d: asked %d times, got %+v, %v", status, got, answer, err)
		}
	}
}
