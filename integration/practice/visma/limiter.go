package visma

import (
	"net/http"
	"strconv"
	"sync"
	"time"
)

// limiter counts the calls of each company and client in a fixed window of an
// hour, as the vendor's page on rate limits describes it.
type limiter struct {
	limit int
	clock func() time.Time

	mu     sync.Mutex
	window time.Time
	used   map[string]int
}

// count counts a call, sets the headers, and tells whether it is within the limit.
func (l *limiter) count(header http.Header, who string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.clock()
	if start := now.Truncate(time.Hour); !start.Equal(l.window) {
		l.window = start
		clear(l.used)
	}
	l.used[who]++
	reset := strconv.Itoa(int(l.window.Add(time.Hour).Sub(now)/time.Second) + 1)
	header.Set("X-RateLimit-Limit", strconv.Itoa(l.limit))
	header.Set("X-RateLimit-Remaining", strconv.Itoa(max(0, l.limit-l.used[who])))
	header.Set("X-RateLimit-Reset", reset)
	header.Set("X-RateLimit-Policy", "4-fixed-window")
	if l.used[who] > l.limit {
		header.Set("Retry-After", reset)
		return false
	}
	return true
}
