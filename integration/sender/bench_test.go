package sender_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"loonbrug/data/journal"
	"loonbrug/data/model"
	"loonbrug/data/secret"
	"loonbrug/data/store"
	"loonbrug/integration/httpx"
	"loonbrug/integration/sender"
	"loonbrug/integration/target"
)

// web is a ledger behind HTTP that answers at once: one request to look up, one
// to book, one to read back.
type web struct {
	target.Target
	client *httpx.Client
	base   string
}

// newWeb serves a ledger that remembers keys.
func newWeb(b *testing.B) *web {
	b.Helper()
	var known sync.Map
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			known.Store(r.URL.Path, true)
		} else if _, ok := known.Load(r.URL.Path); !ok {
			w.WriteHeader(http.StatusNotFound)
		}
	}))
	b.Cleanup(server.Close)
	return &web{client: httpx.New(httpx.Options{LoopbackOnly: true}), base: server.URL}
}

func (l *web) Describe() target.Description { return target.Description{ID: "ledger"} }

func (l *web) Prepare(context.Context, target.Access, target.Delivery) (map[string]string, error) {
	return nil, nil
}

func (l *web) do(ctx context.Context, method, key string) (found bool, err error) {
	var body []byte
	if method == http.MethodPost {
		body = []byte(key)
	}
	a, err := l.client.Send(ctx, method, l.base+"/"+key, nil, body)
	return err == nil && a.OK(), err
}

func (l *web) Find(ctx context.Context, _ target.Access, d target.Delivery) ([]target.Booked, error) {
	found, err := l.do(ctx, http.MethodGet, d.Entry.Key)
	if !found {
		return nil, err
	}
	return []target.Booked{{Number: "1", Lines: d.Entry.Lines}}, nil
}

func (l *web) Post(ctx context.Context, _ target.Access, d target.Delivery) target.Outcome {
	if _, err := l.do(ctx, http.MethodPost, d.Entry.Key); err != nil {
		return httpx.Failed(err)
	}
	return target.Outcome{Class: target.Accepted, Number: "1"}
}

func (l *web) ReadBack(ctx context.Context, _ target.Access, d target.Delivery) (target.Booked, target.Outcome) {
	if _, err := l.do(ctx, http.MethodGet, d.Entry.Key); err != nil {
		return target.Booked{}, httpx.Failed(err)
	}
	return target.Booked{Number: "1", Lines: d.Entry.Lines}, target.Outcome{Class: target.Accepted}
}

// bare does the same requests one after another and nothing else, with an fsync
// after each.
func (l *web) bare(b *testing.B, n int) time.Duration {
	b.Helper()
	f, err := os.Create(filepath.Join(b.TempDir(), "log"))
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	line := []byte(strings.Repeat("x", 500) + "\n")
	began := time.Now()
	for i := range n {
		for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodGet} {
			if _, err := l.do(b.Context(), method, fmt.Sprintf("BARE%d", i)); err != nil {
				b.Fatal(err)
			}
			if _, err := f.Write(line); err != nil {
				b.Fatal(err)
			}
			if err := f.Sync(); err != nil {
				b.Fatal(err)
			}
		}
	}
	return time.Since(began)
}

// BenchmarkSender sends 10,000 entries durably, at one account and at four, and
// gives the time as a ratio to a bare loop of the same requests.
func BenchmarkSender(b *testing.B) {
	const entries = 10_000
	l := newWeb(b)
	for _, accounts := range []int{1, 4} {
		b.Run(fmt.Sprint("accounts=", accounts), func(b *testing.B) {
			for b.Loop() {
				bare := l.bare(b, entries)
				took := send(b, l, accounts, entries)
				b.ReportMetric(took.Seconds()/bare.Seconds(), "x-bare")
				b.ReportMetric(float64(took.Microseconds())/entries, "µs/entry")
			}
		})
	}
}

// send queues entries over accounts and measures until all are booked.
func send(b *testing.B, l *web, accounts, entries int) time.Duration {
	b.Helper()
	check := func(err error) {
		if err != nil {
			b.Fatal(err)
		}
	}
	ctx := b.Context()
	s, err := store.Open(ctx, filepath.Join(b.TempDir(), "s.db"), secret.NewSealer(secret.NewKey()))
	check(err)
	defer func() { check(s.Close()) }()
	c := model.Company{Source: "file", SourceID: "1", Name: "C", Country: "NL", Currency: "EUR"}
	check(s.SaveCompany(ctx, &c))
	r, _, err := s.AddRun(ctx, model.Run{CompanyID: c.ID, SourceID: "r", Year: 2026, RunAt: time.Now()},
		model.Snapshot{Hash: "h", Content: "c", Journal: &journal.Journal{}, TakenAt: time.Now()}, func(model.Run) string { return "R" })
	check(err)
	var ids []int64
	for i := range accounts {
		a := model.Account{Target: "ledger", Name: fmt.Sprint(i), State: model.AccountAuthorised}
		check(s.SaveAccount(ctx, &a))
		ids = append(ids, a.ID)
	}
	lines := []model.EntryLine{{LedgerAccount: "4000", Amount: 1000}, {LedgerAccount: "1700", Amount: -1000}}
	var items []model.Queued
	base := time.Now().UnixNano()
	for i := range entries {
		key := fmt.Sprintf("K%d-%d", base, i)
		items = append(items, model.Queued{Delivery: model.Delivery{
			RunID: r.ID, CompanyID: c.ID, AccountID: ids[i%accounts], Target: "ledger", Administration: fmt.Sprint(i),
			Period: journal.Period{Year: 2026, Number: 1}, Revision: 1, Key: key, State: model.StateQueued,
			Approval: model.ApprovalNone, EntryHash: key, CreatedAt: time.Now(), UpdatedAt: time.Now(),
		}, Entry: model.Entry{Target: "ledger", Key: key, Lines: lines}})
	}
	check(s.Queue(ctx, items))
	running, err := sender.New(s, target.Registry{l}, sender.Options{Log: slog.New(slog.DiscardHandler)})
	check(err)
	live, stop := context.WithCancel(ctx)
	ended := make(chan error, 1)
	began := time.Now()
	go func() { ended <- running.Run(live) }()
	for again := time.NewTicker(20 * time.Millisecond); ; <-again.C {
		status, err := s.Outstanding(ctx)
		check(err)
		if status.Waiting+status.Working == 0 {
			break
		}
	}
	took := time.Since(began)
	stop()
	check(<-ended)
	return took
}
