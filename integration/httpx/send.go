package httpx

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// Answer is an answer read to its end.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
}

// OK tells whether the status is one of success.
func (a *Answer) OK() bool { return a.Status >= 200 && a.Status < 300 }

// RetryAfter is how long the answer asks to wait; zero when it does not say.
func (a *Answer) RetryAfter(now time.Time) time.Duration {
	text := strings.TrimSpace(a.Header.Get("Retry-After"))
	if seconds, err := strconv.ParseUint(text, 10, 24); err == nil {
		return time.Duration(seconds) * time.Second
	}
	at, err := http.ParseTime(text)
	if err != nil {
		return 0
	}
	return max(0, at.Sub(now))
}

// Now is the clock the client was made with.
func (c *Client) Now() time.Time { return c.now() }

// Send does one request once and reads its answer. Whatever the status, an
// answer that could be read is no error. Errors are [*Error].
func (c *Client) Send(ctx context.Context, method, address string, header http.Header, body []byte) (*Answer, error) {
	var reader io.Reader
	if body != nil {
		reader = bytes.NewReader(body)
	}
	r, err := http.NewRequestWithContext(ctx, method, address, reader)
	if err != nil {
		// The error of net/http repeats the address, which may hold a query.
		return nil, &Error{Method: method, Err: ErrBadAddress}
	}
	if header != nil {
		r.Header = header.Clone()
	}
	resp, err := c.plain.Do(r)
	if err != nil {
		return nil, failure(r, err)
	}
	data, err := io.ReadAll(resp.Body)
	if err := errors.Join(err, resp.Body.Close()); err != nil {
		return nil, failure(r, err)
	}
	return &Answer{Status: resp.StatusCode, Header: resp.Header, Body: data}, nil
}

// failure makes an [*Error] of what net/http returned, without the address that
// url.Error repeats. What does not come from the transport counts as sent.
func failure(r *http.Request, err error) *Error {
	var known *Error
	if errors.As(err, &known) {
		return known
	}
	var outer *url.Error
	if errors.As(err, &outer) {
		err = outer.Err
	}
	return &Error{Method: r.Method, Host: r.URL.Host, Path: r.URL.Path, Sent: true, Err: err}
}

const (
	tries        = 4
	firstWait    = time.Second // and twice as long before each further try
	longestAsked = time.Minute // a server that asks for more is not waited for
)

// Get asks, up to four times: after a failure of the network, 429, 502, 503 and
// 504 it waits one, two and four seconds, or as long as Retry-After says when
// that is at most a minute. The last answer is given back whatever its status.
func (c *Client) Get(ctx context.Context, address string, header http.Header) (*Answer, error) {
	return c.get(ctx, address, header, passingStatus)
}

// GetLimited is [Client.Get] for a target that shows how long it has to wait: a
// 429 is given back at once.
func (c *Client) GetLimited(ctx context.Context, address string, header http.Header) (*Answer, error) {
	return c.get(ctx, address, header, func(status int) bool {
		return status != http.StatusTooManyRequests && passingStatus(status)
	})
}

func (c *Client) get(ctx context.Context, address string, header http.Header, passes func(status int) bool) (*Answer, error) {
	wait := firstWait
	for try := 1; ; try++ {
		answer, err := c.Send(ctx, http.MethodGet, address, header, nil)
		pause, again := wait, false
		switch {
		case err != nil:
			again = passing(err)
		case passes(answer.Status):
			pause = max(wait, answer.RetryAfter(c.now()))
			again = pause <= longestAsked
		}
		if !again || try == tries || ctx.Err() != nil {
			return answer, err
		}
		if c.sleep(ctx, pause) != nil {
			return answer, err // the context ended; what was last seen says more
		}
		wait *= 2
	}
}

func passingStatus(status int) bool {
	switch status {
	case http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return true
	}
	return false
}

// passing tells whether the same request could succeed a moment later.
func passing(err error) bool {
	for _, lasting := range []error{ErrTooLarge, ErrNotLoopback, ErrBadAddress, context.Canceled} {
		if errors.Is(err, lasting) {
			return false
		}
	}
	return !isTLS(err)
}

// Join adds a path and a query to a base address that may end in a slash.
func Join(base, path string, query url.Values) string {
	address := strings.TrimRight(base, "/") + path
	if len(query) > 0 {
		address += "?" + query.Encode()
	}
	return address
}
