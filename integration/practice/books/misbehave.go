package books

import (
	"bytes"
	"log/slog"
	"maps"
	"net/http"
	"strconv"
	"time"
)

// The faults that every practice system knows, by id. Those that speak of a
// booking apply to requests that book and leave others alone.
const (
	FaultSlow         = "slow"
	FaultErrorBefore  = "error_before"
	FaultErrorAfter   = "error_after"
	FaultDropBefore   = "drop_before"
	FaultDropAfter    = "drop_after"
	FaultHTML         = "html"
	FaultCut          = "cut"
	FaultThrottle     = "throttle"
	FaultThrottleDate = "throttle_date"
	FaultUnauthorized = "unauthorized"
)

// CommonFaults lists the faults of [Misbehave] for a control board.
func CommonFaults() []Fault {
	return []Fault{
		{FaultSlow, "Answers come late; what was asked for is done at once."},
		{FaultErrorBefore, "Server error to a booking: nothing is booked."},
		{FaultErrorAfter, "Server error to a booking: it is booked all the same."},
		{FaultDropBefore, "The connection drops at a booking: nothing is booked."},
		{FaultDropAfter, "The connection drops at a booking: it is booked all the same."},
		{FaultHTML, "A web page with status 200 comes instead of an answer; nothing is done."},
		{FaultCut, "What was asked for is done, but the connection drops in the middle of the answer."},
		{FaultThrottle, "Too many requests (429), with Retry-After in seconds; nothing is done."},
		{FaultThrottleDate, "Too many requests (429), with Retry-After as a date; nothing is done."},
		{FaultUnauthorized, "The credentials are refused (401); nothing is done."},
	}
}

// Behaviour is what [Misbehave] needs to know of a system.
type Behaviour struct {
	Faults *Faults
	Log    *slog.Logger

	// Books tells whether a request books something.
	Books func(*http.Request) bool

	// Refuse answers with an error in the system's own form. It is called with
	// 401, 429 and 500; headers that go with the status are set already.
	Refuse func(w http.ResponseWriter, status int)

	// Delay is how long [FaultSlow] holds an answer back.
	Delay time.Duration

	// RetryAfter goes with [FaultThrottle] and [FaultThrottleDate]; full seconds.
	RetryAfter time.Duration
	// Clock tells the time that the date of [FaultThrottleDate] counts from.
	Clock func() time.Time
}

// Misbehave puts the common faults in front of next.
func Misbehave(b Behaviour, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		booking := b.Books(r)
		on := func(id string) bool {
			hit := booking && b.Faults.TakeBooking(id) || !booking && b.Faults.Take(id)
			if hit {
				b.Log.Info("practice fault", "fault", id, "method", r.Method, "path", r.URL.Path)
			}
			return hit
		}
		switch {
		case on(FaultUnauthorized):
			b.Refuse(w, http.StatusUnauthorized)
		case on(FaultThrottle):
			w.Header().Set("Retry-After", strconv.Itoa(int(b.RetryAfter/time.Second)))
			b.Refuse(w, http.StatusTooManyRequests)
		case on(FaultThrottleDate):
			w.Header().Set("Retry-After", b.Clock().Add(b.RetryAfter).UTC().Format(http.TimeFormat))
			b.Refuse(w, http.StatusTooManyRequests)
		case on(FaultHTML):
			ServeHTML(w, http.StatusOK)
		case booking && on(FaultErrorBefore):
			b.Refuse(w, http.StatusInternalServerError)
		case booking && on(FaultDropBefore):
			panic(http.ErrAbortHandler)
		case booking && on(FaultErrorAfter):
			next.ServeHTTP(newRecorder(), r)
			b.Refuse(w, http.StatusInternalServerError)
		case booking && on(FaultDropAfter):
			next.ServeHTTP(newRecorder(), r)
			panic(http.ErrAbortHandler)
		case on(FaultCut):
			cut(w, r, next)
		case on(FaultSlow):
			hold(w, r, next, b.Delay)
		default:
			next.ServeHTTP(w, r)
		}
	})
}

// ServeHTML answers with a page such as a proxy or a web server in front of the
// system would send.
func ServeHTML(w http.ResponseWriter, status int) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	title := strconv.Itoa(status) + " " + http.StatusText(status)
	_, _ = w.Write([]byte("<html>\n<head><title>" + title + "</title></head>\n<body>\n<center><h1>" + title + "</h1></center>\n<hr><center>nginx</center>\n</body>\n</html>\n"))
}

// cut promises the whole answer and sends half of it. An empty answer is
// dropped altogether.
func cut(w http.ResponseWriter, r *http.Request, next http.Handler) {
	whole := newRecorder()
	next.ServeHTTP(whole, r)
	if body := whole.body.Bytes(); len(body) > 1 {
		w.Header().Set("Content-Length", strconv.Itoa(len(body)))
		whole.send(w, body[:len(body)/2])
		_ = http.NewResponseController(w).Flush()
	}
	panic(http.ErrAbortHandler)
}

// hold does what was asked for at once and answers after the delay, unless the
// client has gone.
func hold(w http.ResponseWriter, r *http.Request, next http.Handler, delay time.Duration) {
	whole := newRecorder()
	next.ServeHTTP(whole, r)
	wait := time.NewTimer(delay)
	defer wait.Stop()
	select {
	case <-wait.C:
		whole.send(w, whole.body.Bytes())
	case <-r.Context().Done():
	}
}

// recorder keeps an answer that is to be sent later, in part, or not at all.
type recorder struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func newRecorder() *recorder { return &recorder{header: make(http.Header), status: http.StatusOK} }

func (r *recorder) Header() http.Header         { return r.header }
func (r *recorder) WriteHeader(status int)      { r.status = status }
func (r *recorder) Write(p []byte) (int, error) { return r.body.Write(p) }

func (r *recorder) send(w http.ResponseWriter, body []byte) {
	maps.Copy(w.Header(), r.header)
	w.WriteHeader(r.status)
	_, _ = w.Write(body)
}
