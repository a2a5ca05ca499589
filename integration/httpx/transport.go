package httpx

import (
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptrace"
	"time"
)

// transport is what every request passes, whoever sends it.
type transport struct {
	shared       *http.Transport // requests that may be repeated
	single       *http.Transport // everything else, one connection each
	log          *slog.Logger
	agent        string
	maxBody      int64
	timeout      time.Duration
	loopbackOnly bool
	now          func() time.Time
}

func newTransport(o Options) *transport {
	dialer := &net.Dialer{Timeout: connectTimeout}
	return &transport{
		shared:       newWire(o, dialer.DialContext, false),
		single:       newWire(o, dialGated(dialer), true),
		log:          o.Log,
		agent:        o.UserAgent,
		maxBody:      o.MaxBody,
		timeout:      o.Timeout,
		loopbackOnly: o.LoopbackOnly,
		now:          o.Now,
	}
}

// RoundTrip implements http.RoundTripper. Its errors are always [*Error].
func (t *transport) RoundTrip(r *http.Request) (*http.Response, error) {
	start := t.now()
	// The limit is set here and not in http.Client, whose own one replaces the
	// error below it by a text.
	ctx, cancel := context.WithTimeout(r.Context(), t.timeout)
	answer, sent, err := t.send(r.Clone(ctx))
	level, status := slog.LevelInfo, 0
	if err != nil {
		cancel()
		level = slog.LevelWarn
		err = &Error{Method: r.Method, Host: r.URL.Host, Path: r.URL.Path, Sent: sent, Err: err}
	} else {
		status = answer.StatusCode
		answer.Body = &limited{body: answer.Body, left: t.maxBody, cancel: cancel}
	}
	t.log.Log(r.Context(), level, "http",
		"method", r.Method, "host", r.URL.Host, "path", r.URL.Path,
		"status", status, "ms", t.now().Sub(start).Milliseconds(), "sent", sent)
	return answer, err
}

// send does the request and reports whether any byte of it may have left.
func (t *transport) send(r *http.Request) (answer *http.Response, sent bool, err error) {
	if r.Header.Get("User-Agent") == "" && t.agent != "" {
		r.Header.Set("User-Agent", t.agent)
	}
	if err := t.check(r); err != nil {
		if r.Body != nil {
			_ = r.Body.Close() // the contract of RoundTrip; nothing was read from it
		}
		return nil, false, err
	}
	if repeatable(r.Method) {
		answer, err = t.shared.RoundTrip(r)
		return answer, true, err
	}
	g := &gate{now: t.now, deadline: deadlineOf(r.Context())}
	trace := &httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) { g.begin() }}
	r = r.WithContext(httptrace.WithClientTrace(withGate(r.Context(), g), trace))
	r.GetBody = nil // without it nothing below could send the body again
	answer, err = t.single.RoundTrip(r)
	if err != nil {
		return nil, g.shut(), err
	}
	return answer, true, nil
}

// check refuses requests that break a rule of the package.
func (t *transport) check(r *http.Request) error {
	if t.loopbackOnly {
		if err := checkHost(r.URL.Hostname()); err != nil {
			return err
		}
	}
	if repeatable(r.Method) {
		return nil
	}
	// net/http takes either of these as leave to repeat a POST by itself.
	for _, name := range []string{"Idempotency-Key", "X-Idempotency-Key"} {
		if _, there := r.Header[name]; there {
			return ErrRepeatHeader
		}
	}
	return nil
}

// limited is the body of an answer, which fails when it is longer than allowed
// and gives its time limit back when it is closed.
type limited struct {
	body   io.ReadCloser
	left   int64
	cancel context.CancelFunc
}

func (l *limited) Read(p []byte) (int, error) {
	if l.left < 0 {
		return 0, ErrTooLarge
	}
	// One byte more than allowed tells a body that ends there from a longer one.
	if int64(len(p)) > l.left+1 {
		p = p[:l.left+1]
	}
	n, err := l.body.Read(p)
	l.left -= int64(n)
	if l.left < 0 {
		return n - 1, ErrTooLarge
	}
	return n, err
}

func (l *limited) Close() error {
	err := l.body.Close()
	l.cancel()
	return err
}
