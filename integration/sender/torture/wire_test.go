package torture_test

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"testing"
	"time"

	"loonbrug/data/model"
	"loonbrug/integration/httpx"
	"loonbrug/integration/sender"
	"loonbrug/integration/target"
)

// The real processes go by the real clock, and by times that are short but far
// beyond what a busy computer adds to them.
func wireTiming() sender.Timing {
	return sender.Timing{Lease: 2 * time.Second, Deadline: 500 * time.Millisecond, Request: time.Second, Settle: 2 * time.Second, Sweep: 4 * time.Millisecond}
}

// asked is a request to the ledger on the wire.
type asked struct {
	Account int64
	Draft   bool
	Entry   model.Entry
	Proof   map[string]string
	SentAt  time.Time
}

func (a asked) delivery() target.Delivery {
	return target.Delivery{Entry: a.Entry, Evidence: a.Proof, SentAt: a.SentAt}
}

// told is its answer.
type told struct {
	Booked  []target.Booked
	Outcome target.Outcome
}

// serve puts the ledger on the wire. Answers that are lost are lost there: the
// connection drops, or a server error comes whatever was done.
func serve(l *ledger) http.Handler {
	mux := http.NewServeMux()
	handle := func(path string, do func(r *http.Request, a asked) told) {
		mux.HandleFunc(path, func(w http.ResponseWriter, r *http.Request) {
			var a asked
			err := json.NewDecoder(r.Body).Decode(&a)
			if r.Method == http.MethodGet {
				err = json.Unmarshal([]byte(r.FormValue("asked")), &a)
			}
			if err != nil {
				http.Error(w, err.Error(), http.StatusBadRequest)
				return
			}
			answerWith(w, do(r, a))
		})
	}
	handle("/post", func(r *http.Request, a asked) told {
		return told{Outcome: l.post(r.Context(), a.Account, a.delivery(), a.Draft)}
	})
	handle("/approve", func(r *http.Request, a asked) told {
		return told{Outcome: l.approve(r.Context(), a.Account, a.delivery())}
	})
	handle("/find", func(_ *http.Request, a asked) told {
		found, err := l.find(a.Account, a.Entry.Key)
		if err != nil {
			return told{Outcome: signInEnded()}
		}
		return told{Booked: found, Outcome: target.Outcome{Class: target.Accepted}}
	})
	handle("/read", func(_ *http.Request, a asked) told {
		b, o := l.read(a.Account, a.delivery())
		return told{Booked: []target.Booked{b}, Outcome: o}
	})
	return mux
}

func answerWith(w http.ResponseWriter, t told) {
	status := http.StatusOK
	switch t.Outcome.Class {
	case target.Ambiguous, target.NotSent:
		if time.Now().Nanosecond()/1000%2 == 0 {
			panic(http.ErrAbortHandler)
		}
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	case target.Deferred:
		status = http.StatusTooManyRequests
	case target.Rejected:
		status = http.StatusUnprocessableEntity
	}
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(t)
}

// wire is the client of that ledger, over the program's own HTTP.
type wire struct {
	target.Target // what no sender calls
	address       string
	http          *httpx.Client
	mode          mode
}

func wires(address string, now func() time.Time) (all target.Registry) {
	client := httpx.New(httpx.Options{Timeout: wireTiming().Request, LoopbackOnly: true, Now: now})
	for _, m := range modes() {
		all = append(all, &wire{address: address, http: client, mode: m})
	}
	return all
}

func (c *wire) Describe() target.Description {
	return target.Description{ID: string(c.mode), Name: string(c.mode), PersonDecides: c.mode == modePerson}
}

func (c *wire) Prepare(context.Context, target.Access, target.Delivery) (map[string]string, error) {
	return map[string]string{"document": "1"}, nil
}

func (c *wire) body(a target.Access, d target.Delivery) []byte {
	text, err := json.Marshal(asked{a.Account.ID, c.mode == modeDraft, d.Entry, d.Evidence, d.SentAt})
	if err != nil {
		panic(err)
	}
	return text
}

func (c *wire) say(ctx context.Context, path string, a target.Access, d target.Delivery) target.Outcome {
	answer, err := c.http.Send(ctx, http.MethodPost, c.address+path, nil, c.body(a, d))
	if err != nil {
		return httpx.Failed(err)
	}
	var t told
	if err := json.NewDecoder(bytes.NewReader(answer.Body)).Decode(&t); err != nil {
		return target.Outcome{Class: target.Ambiguous, Detail: strconv.Itoa(answer.Status)}
	}
	t.Outcome.RetryAfter = min(t.Outcome.RetryAfter, 100*time.Millisecond)
	return t.Outcome
}

func (c *wire) Post(ctx context.Context, a target.Access, d target.Delivery) target.Outcome {
	return c.say(ctx, "/post", a, d)
}

func (c *wire) Approve(ctx context.Context, a target.Access, d target.Delivery) target.Outcome {
	return c.say(ctx, "/approve", a, d)
}

func (c *wire) ask(ctx context.Context, path string, a target.Access, d target.Delivery) (told, error) {
	answer, err := c.http.Get(ctx, httpx.Join(c.address, path, url.Values{"asked": {string(c.body(a, d))}}), nil)
	if err != nil {
		return told{}, err
	}
	var t told
	err = json.Unmarshal(answer.Body, &t)
	return t, err
}

func (c *wire) Find(ctx context.Context, a target.Access, d target.Delivery) ([]target.Booked, error) {
	t, err := c.ask(ctx, "/find", a, d)
	if err == nil && t.Outcome.Problem != nil {
		err = t.Outcome.Problem
	}
	return t.Booked, err
}

func (c *wire) ReadBack(ctx context.Context, a target.Access, d target.Delivery) (target.Booked, target.Outcome) {
	t, err := c.ask(ctx, "/read", a, d)
	if err != nil || len(t.Booked) != 1 {
		return target.Booked{}, target.Outcome{Class: target.Ambiguous, Problem: httpx.ProblemOf(err)}
	}
	return t.Booked[0], t.Outcome
}

// onTheWire makes a world of the real clock, whose ledger answers over HTTP.
func onTheWire(t *testing.T, tmpl *template) (w *world, address string) {
	t.Helper()
	w = newWorld(t, tmpl)
	return w, w.onTheWire()
}

// onTheWire has the ledger answer over HTTP, by the real clock.
func (w *world) onTheWire() (address string) {
	w.ledger.lag, w.ledger.lateness, w.ledger.draftLateness = 200*time.Millisecond, 500*time.Millisecond, 500*time.Millisecond
	server := httptest.NewUnstartedServer(serve(w.ledger))
	server.Config.ErrorLog = nil
	server.Start()
	w.t.Cleanup(server.Close)
	return server.URL
}

// wireAnswers are those that a ledger on the wire can give and that need nobody.
func wireAnswers() []answer {
	return []answer{answerOK, answerLostAfter, answerLostBefore, answerLate, answerHang, answerRefuse, answerThrottle, answerPending, answerPendingNever, answerAltered}
}

// TestWire sends over real connections, whose answers get lost in every way.
// Each request that arrives has an intent of its own: nothing below the sender
// repeats one.
func TestWire(t *testing.T) {
	t.Parallel()
	var s shape
	for range wireAnswers() {
		s = append(s, modeProgram, modeDraft, modeProgram)
	}
	w, address := onTheWire(t, newTemplate(t, s))
	defer w.close()
	w.ledger.answer = func(business string, nth int) answer {
		i := w.byBiz[business] - 1
		if nth == 0 {
			return wireAnswers()[i/3]
		}
		return answerOK
	}
	run, err := sender.New(w.store, wires(address, time.Now), sender.Options{Timing: wireTiming(), Log: quiet()})
	w.must(err)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- run.Run(ctx) }()
	w.awaitRest(time.Minute)
	stop()
	w.must(<-ended)
	if broken := audit(w.evidence()); len(broken) > 0 {
		t.Errorf("wire: %v", broken)
	}
}

// awaitRest waits, by the real clock, until everything rests and nothing more is
// to turn up in the books.
func (w *world) awaitRest(atMost time.Duration) bool {
	w.t.Helper()
	return w.awaits(atMost, func() bool {
		rest, waiting := w.resting()
		return rest && len(waiting) == 0 && !w.late()
	})
}

// awaits looks again and again, by the real clock, whether something holds.
func (w *world) awaits(atMost time.Duration, holds func() bool) bool {
	for over := time.Now().Add(atMost); !holds(); time.Sleep(200 * time.Millisecond) {
		if time.Now().After(over) {
			return false
		}
	}
	return true
}
