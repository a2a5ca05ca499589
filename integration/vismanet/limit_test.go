package vismanet_test

import (
	"errors"
	"net/http"
	"testing"
	"time"

	"loonbrug/integration/target"
)

// wantLater checks the wait that an error carries; zero is none.
func wantLater(t *testing.T, err error, want time.Duration) {
	t.Helper()
	var later *target.Later
	if errors.As(err, &later); later == nil && want != 0 || later != nil && later.After != want {
		t.Errorf("later %+v, want %s", later, want)
	}
}

// Every call says how long the target asks to wait, so that it can be shown and
// nobody asks before.
func TestLimit(t *testing.T) {
	for name, c := range map[string]struct {
		status  int
		headers []string
		wait    time.Duration
		until   string // of the problem, for calls that came too soon
		limit   string
	}{
		"Seconds":   {429, []string{"Retry-After", "42", "X-RateLimit-Limit", "500"}, 42 * time.Second, "2026-04-02T09:00:42Z", "500"},
		"Date":      {429, []string{"Retry-After", "Thu, 02 Apr 2026 09:05:00 GMT"}, 5 * time.Minute, "2026-04-02T09:05:00Z", ""},
		"Reset":     {429, []string{"X-RateLimit-Reset", "90"}, 90 * time.Second, "2026-04-02T09:01:30Z", ""},
		"Silent":    {429, nil, time.Minute, "2026-04-02T09:01:00Z", ""},
		"PastDate":  {429, []string{"Retry-After", "Thu, 02 Apr 2026 08:05:00 GMT"}, time.Minute, "2026-04-02T09:01:00Z", ""},
		"Nonsense":  {429, []string{"Retry-After", "soon", "X-RateLimit-Reset", "-1", "X-RateLimit-Limit", "many"}, time.Minute, "2026-04-02T09:01:00Z", ""},
		"TooLong":   {429, []string{"Retry-After", "1000000"}, time.Hour, "2026-04-02T10:00:00Z", ""},
		"Busy":      {503, []string{"Retry-After", "120"}, 2 * time.Minute, "", ""},
		"Down":      {503, nil, 0, "", ""},
		"Forbidden": {403, []string{"Retry-After", "120"}, 0, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBundle(t)
			d := b.sampleDelivery()
			d.Evidence = map[string]string{"batch": "GL1"}
			b.answer("/v2/journaltransaction", c.status, "", c.headers...)
			b.answer("/v2/journaltransaction/GL1", c.status, "", c.headers...)
			_, err := b.target.Find(t.Context(), b.access, d)
			if err == nil {
				t.Fatal("found something")
			}
			wantLater(t, err, c.wait)
			_, read := b.target.ReadBack(t.Context(), b.access, d)
			if read.RetryAfter != c.wait {
				t.Errorf("reading back waits %s, want %s", read.RetryAfter, c.wait)
			}
			if c.until == "" {
				return
			}
			if p := read.Problem; p.Code != "vismanet.rate_limited" || p.Params["until"] != c.until || p.Params["limit"] != c.limit || !p.Retryable {
				t.Errorf("problem %v", p)
			}
			if out := b.target.Post(t.Context(), b.access, d); out.Class != target.Deferred || out.RetryAfter != c.wait || out.Problem.Params["until"] != c.until {
				t.Errorf("outcome %+v", out)
			}
			asked := 0
			for _, r := range b.seen(http.MethodGet) {
				if r.path == "/v2/journaltransaction" {
					asked++
				}
			}
			if asked != 1 {
				t.Errorf("asked %d times, though told to wait", asked)
			}
		})
	}
}
