// Package metrics is what those who run a sender on a server see of it: figures in
// the text format of Prometheus, and whether it is alive and ready. [New] makes it,
// [Metrics.Observe] is told of every call, [Metrics.Handler] serves it.
//
// It names targets, states and codes of problems, never companies, amounts or
// people.
package metrics

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/VictoriaMetrics/metrics"

	"loonbrug/data/model"
)

// Store counts deliveries, those that wait at little cost.
type Store interface {
	Census(ctx context.Context) ([]model.Census, error)
	Outstanding(ctx context.Context) (model.SenderStatus, error)
}

// Metrics are the figures of one sender.
type Metrics struct {
	store  Store
	status func() (alive bool, working int, fault error)
	now    func() time.Time
	set    *metrics.Set
}

// New makes the figures of a sender. Now is the clock of the store.
func New(store Store, status func() (alive bool, working int, fault error), now func() time.Time) *Metrics {
	return &Metrics{store: store, status: status, now: now, set: metrics.NewSet()}
}

// Observe counts a call, and how long it took.
func (m *Metrics) Observe(c model.Call) {
	labels := fmt.Sprintf(`{target=%q,call=%q,outcome=%q}`, c.Target, c.Kind, c.Outcome)
	m.set.GetOrCreateCounter("loonbrug_calls_total" + labels).Inc()
	m.set.GetOrCreatePrometheusHistogram(fmt.Sprintf(`loonbrug_call_seconds{target=%q,call=%q}`, c.Target, c.Kind)).Update(c.Took.Seconds())
}

// patience is how long a question about the sender may take.
const patience = 10 * time.Second

// Handler serves /metrics, /livez (the sender's loop runs) and /readyz (it runs, and
// what it stores in answers).
func (m *Metrics) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /metrics", m.figures)
	mux.HandleFunc("GET /livez", func(w http.ResponseWriter, _ *http.Request) { say(w, m.Alive()) })
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, r *http.Request) { say(w, m.Ready(r.Context())) })
	return mux
}

func say(w http.ResponseWriter, err error) {
	if err != nil {
		http.Error(w, err.Error(), http.StatusServiceUnavailable)
		return
	}
	_, _ = w.Write([]byte("ok\n")) // nobody listens any more
}

var errIdle = errors.New("the sender does not run")

// Alive is nil while the sender runs.
func (m *Metrics) Alive() error {
	if alive, _, _ := m.status(); !alive {
		return errIdle
	}
	return nil
}

// Ready is nil while the sender runs and can store what it does. What is wrong is
// named by its code only.
func (m *Metrics) Ready(ctx context.Context) error {
	alive, _, fault := m.status()
	if !alive {
		return errIdle
	}
	if fault == nil {
		ctx, stop := context.WithTimeout(ctx, patience)
		defer stop()
		_, fault = m.store.Outstanding(ctx)
	}
	if fault != nil {
		return errors.New(model.ProblemOf(fault).Code)
	}
	return nil
}

// figures writes what is counted in the store now, and what was counted since the
// start.
func (m *Metrics) figures(w http.ResponseWriter, r *http.Request) {
	ctx, stop := context.WithTimeout(r.Context(), patience)
	defer stop()
	all, err := m.store.Census(ctx)
	if err != nil {
		http.Error(w, model.ProblemOf(err).Code, http.StatusServiceUnavailable)
		return
	}
	w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
	alive, working, _ := m.status()
	up := 0
	if alive {
		up = 1
	}
	now := m.now()
	metrics.WriteGaugeUint64(w, "loonbrug_sender_up", uint64(up))
	metrics.WriteGaugeUint64(w, "loonbrug_sender_working", uint64(working)) //nolint:gosec // never below zero
	oldest := make(map[string]float64)
	for _, c := range all {
		labels := fmt.Sprintf("{target=%q,state=%q,problem=%q,person=%q}", c.Target, c.State, c.Problem, strconv.FormatBool(c.Person))
		metrics.WriteGaugeUint64(w, "loonbrug_deliveries"+labels, uint64(c.Count)) //nolint:gosec // never below zero
		if !c.Oldest.IsZero() {
			oldest[c.Target] = max(oldest[c.Target], now.Sub(c.Oldest).Seconds())
		}
	}
	for target, seconds := range oldest {
		metrics.WriteGaugeFloat64(w, fmt.Sprintf("loonbrug_oldest_waiting_seconds{target=%q}", target), seconds)
	}
	m.set.WritePrometheus(w)
}
