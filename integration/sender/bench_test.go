//go:build bench && unix

package sender_test

import (
	"context"
	"flag"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
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

// newWeb serves a ledger that remembers keys, and takes that long for each answer.
func newWeb(t *testing.T, answer time.Duration) *web {
	t.Helper()
	var known sync.Map
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		time.Sleep(answer)
		if r.Method == http.MethodPost {
			known.Store(r.URL.Path, true)
		} else if _, ok := known.Load(r.URL.Path); !ok {
			w.WriteHeader(http.StatusNotFound)
		}
	}))
	t.Cleanup(server.Close)
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
func (l *web) bare(t *testing.T, n int) cost {
	t.Helper()
	f, err := os.Create(filepath.Join(t.TempDir(), "log"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	line := []byte(strings.Repeat("x", 500) + "\n")
	began, used := time.Now(), cpuTime(t)
	for i := range n {
		key := fmt.Sprintf("BARE%d-%d", began.UnixNano(), i)
		for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodGet} {
			if _, err := l.do(t.Context(), method, key); err != nil {
				t.Fatal(err)
			}
			if _, err := f.Write(line); err != nil {
				t.Fatal(err)
			}
			if err := f.Sync(); err != nil {
				t.Fatal(err)
			}
		}
	}
	return cost{time.Since(began), cpuTime(t) - used}
}

// cost is what something took: time on the wall, and of the processors for this
// whole process, the stand-in included. On a machine that is busy with other things
// only the latter says much.
type cost struct{ wall, cpu time.Duration }

func (c cost) plus(o cost) cost { return cost{c.wall + o.wall, c.cpu + o.cpu} }

func cpuTime(t *testing.T) time.Duration {
	t.Helper()
	var u syscall.Rusage
	check(t, syscall.Getrusage(syscall.RUSAGE_SELF, &u))
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// row prints a line of the table at once.
func row(what string, measured any, wanted string, holds bool) {
	fmt.Printf("%-52s %-14v %-6s %v\n", what, measured, wanted, holds)
}

var benchEntries = flag.Int("entries", 2000, "entries that the sending is measured with")

// rounds are how often the bare loop and the sending take turns.
const rounds = 4

// TestBench_Sending prints what sending costs durably, at one account and at
// four, as a ratio to a bare loop of the same requests, by turns so that a mood of
// the machine touches both; and what the queue costs per entry, however much waits.
func TestBench_Sending(t *testing.T) {
	fmt.Printf("%-52s %-14s %-6s %s\n", "what", "measured", "wanted", "holds")
	l, n := newWeb(t, 0), *benchEntries
	for _, accounts := range []int{1, 4} {
		var bare, sent cost
		for range rounds {
			bare = bare.plus(l.bare(t, n/rounds/2))
			sent = sent.plus(send(t, l, accounts, n/rounds))
			bare = bare.plus(l.bare(t, n/rounds/2))
		}
		each := func(d time.Duration) time.Duration { return (d / time.Duration(n)).Round(time.Microsecond) }
		wall, cpu := sent.wall.Seconds()/bare.wall.Seconds(), sent.cpu.Seconds()/bare.cpu.Seconds()
		row(fmt.Sprintf("sending %d entries durably, accounts: %d", n, accounts), sent.wall.Round(time.Millisecond), "", true)
		row("  times the bare loop", fmt.Sprintf("%.2f", wall), "1.5", wall <= 1.5)
		row("  wall time of an entry, and of the bare loop", fmt.Sprint(each(sent.wall), " / ", each(bare.wall)), "", true)
		row("  CPU time of an entry, and of the bare loop", fmt.Sprint(each(sent.cpu), " / ", each(bare.cpu)), "", true)
		row("  times that of the bare loop", fmt.Sprintf("%.2f", cpu), "", true)
	}
	var few time.Duration
	for _, waiting := range []int{100, 1000, 10_000, 100_000} {
		each := overhead(t, waiting)
		if few == 0 {
			few = each
		}
		ratio := each.Seconds() / few.Seconds()
		row(fmt.Sprintf("queue per entry, %d waiting", waiting), each.Round(time.Microsecond), "", true)
		row("  times that of 100", fmt.Sprintf("%.2f", ratio), "1.5", ratio <= 1.5)
	}
}

// overhead is what claiming and finishing one delivery costs, and asking when the
// next is due, while that many wait: the median, because a disk has its moods.
func overhead(t *testing.T, waiting int) time.Duration {
	t.Helper()
	s := filled(t, 1, waiting, "ledger")
	defer func() { check(t, s.Close()) }()
	syscall.Sync() // what filling left to be written is none of the queue's
	var each []time.Duration
	for range 400 {
		began := time.Now()
		d, ok, err := s.Claim(t.Context(), model.Claim{Now: time.Now(), Lease: time.Minute})
		check(t, err)
		if !ok {
			t.Fatal("nothing due")
		}
		to := d
		to.LeaseUntil, to.NotBefore = time.Time{}, time.Now()
		check(t, s.Apply(t.Context(), d, to, model.Attempt{At: time.Now(), Event: "claimed"}, nil))
		_, _, err = s.NextDue(t.Context())
		check(t, err)
		each = append(each, time.Since(began))
	}
	slices.Sort(each)
	return each[len(each)/2]
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// filled is a store with entries that are due, spread over accounts.
func filled(t *testing.T, accounts, entries int, to string) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "s.db"), secret.NewSealer(secret.NewKey()))
	check(t, err)
	fill(t, s, accounts, entries, to)
	return s
}

func fill(t *testing.T, s *store.Store, accounts, entries int, to string) {
	t.Helper()
	ctx := t.Context()
	c := model.Company{Source: "file", SourceID: "1", Name: "C", Country: "NL", Currency: "EUR"}
	check(t, s.SaveCompany(ctx, &c))
	r, _, err := s.AddRun(ctx, model.Run{CompanyID: c.ID, SourceID: "r", Year: 2026, RunAt: time.Now()},
		model.Snapshot{Hash: "h", Content: "c", Journal: &journal.Journal{}, TakenAt: time.Now()}, func(model.Run) string { return "R" })
	check(t, err)
	var ids []int64
	for i := range accounts {
		a := model.Account{Target: to, Name: fmt.Sprint(i), State: model.AccountAuthorised}
		check(t, s.SaveAccount(ctx, &a))
		ids = append(ids, a.ID)
	}
	lines := []model.EntryLine{{LedgerAccount: "4000", Amount: 1000}, {LedgerAccount: "1700", Amount: -1000}}
	var items []model.Queued
	base := time.Now().UnixNano()
	for i := range entries {
		key := fmt.Sprintf("K%d-%d", base, i)
		items = append(items, model.Queued{Delivery: model.Delivery{
			RunID: r.ID, CompanyID: c.ID, AccountID: ids[i%accounts], Target: to, Administration: fmt.Sprint(i),
			Period: journal.Period{Year: 2026, Number: 1}, Revision: 1, Key: key, State: model.StateQueued,
			Approval: model.ApprovalNone, EntryHash: key, CreatedAt: time.Now(), UpdatedAt: time.Now(),
		}, Entry: model.Entry{Target: to, Key: key, Lines: lines}})
	}
	check(t, s.Queue(ctx, items))
}

// send measures until all entries that wait are booked.
func send(t *testing.T, l *web, accounts, entries int) cost {
	t.Helper()
	ctx := t.Context()
	s := filled(t, accounts, entries, "ledger")
	defer func() { check(t, s.Close()) }()
	running, err := sender.New(s, target.Registry{l}, sender.Options{Log: slog.New(slog.DiscardHandler)})
	check(t, err)
	live, stop := context.WithCancel(ctx)
	ended := make(chan error, 1)
	began, used := time.Now(), cpuTime(t)
	go func() { ended <- running.Run(live) }()
	for again := time.NewTicker(100 * time.Millisecond); ; <-again.C {
		status, err := s.Outstanding(ctx)
		check(t, err)
		if status.Waiting+status.Working == 0 {
			break
		}
	}
	took := cost{time.Since(began), cpuTime(t) - used}
	stop()
	check(t, <-ended)
	return took
}
