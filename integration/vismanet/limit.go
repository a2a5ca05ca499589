package vismanet

import (
	"errors"
	"net/http"
	"strconv"
	"time"

	"loonbrug/data/model"
	"loonbrug/integration/httpx"
	"loonbrug/integration/target"
)

// The API counts calls in a fixed window of an hour, so no wait that makes sense
// is longer; a minute is a fair guess where an answer does not say
// (docs.vismasoftware.no, rate limits).
const (
	longestPatience = time.Hour
	usualPatience   = time.Minute
)

// patience is how long the target asks to wait: by Retry-After, else by the
// reset of its window.
func patience(answer *httpx.Answer, now time.Time) time.Duration {
	if wait := asked(answer, now); wait > 0 {
		return wait
	}
	if seconds, err := strconv.ParseUint(answer.Header.Get("X-RateLimit-Reset"), 10, 16); err == nil && seconds > 0 {
		return min(time.Duration(seconds)*time.Second, longestPatience)
	}
	return usualPatience
}

// asked is what Retry-After says; zero when it says nothing.
func asked(answer *httpx.Answer, now time.Time) time.Duration {
	return min(answer.RetryAfter(now), longestPatience)
}

// limited is the problem of a call that came too soon. Its parameter "until" is
// the time from which calls are answered again, "limit" the calls of an hour
// where the answer says.
func limited(answer *httpx.Answer, now time.Time) *model.Problem {
	until := now.Add(patience(answer, now)).UTC().Format(time.RFC3339)
	limit := ""
	if n, err := strconv.ParseUint(answer.Header.Get("X-RateLimit-Limit"), 10, 32); err == nil && n > 0 {
		limit = strconv.FormatUint(n, 10)
	}
	return model.NewProblem("vismanet.rate_limited", "until", until, "limit", limit).Again()
}

// failed is the error of a question whose answer is no success, with the wait
// that the answer asks for.
func failed(answer *httpx.Answer, now time.Time) error {
	wait := asked(answer, now)
	if answer.Status == http.StatusTooManyRequests {
		wait = patience(answer, now)
	}
	problem := explain(answer, now)
	if wait > 0 && problem.Retryable {
		return &target.Later{Err: problem, After: wait}
	}
	return problem
}

// after is the wait that an error carries.
func after(err error) time.Duration {
	var later *target.Later
	if errors.As(err, &later) {
		return later.After
	}
	return 0
}
