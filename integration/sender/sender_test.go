package sender_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"os"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"loonbrug/data/journal"
	"loonbrug/data/model"
	"loonbrug/data/secret"
	"loonbrug/data/store"
	"loonbrug/data/store/storetest"
	"loonbrug/integration/sender"
	"loonbrug/integration/target"
)

func TestMain(m *testing.M) { os.Exit(storetest.Main(m)) }

// timing is as tight as it may be for the lateness below: lease + 1.5 × settle
// exceeds it, lease + settle does not. So one look-up less is one booking more.
func timing() sender.Timing {
	return sender.Timing{Lease: 3 * time.Minute, Deadline: 30 * time.Second, Request: time.Minute, Settle: 150 * time.Second, Sweep: time.Minute}
}

const lateness = 6 * time.Minute

// world is one data folder with one ledger; programs come and go on it.
type world struct {
	t      *testing.T
	store  *store.Store
	ledger *ledger
	ids    []int64
	killed chan struct{}
	now    *cutStore // the database as the living program sees it

	approve bool // entries ask to be approved
}

func newWorld(t *testing.T, deliveries int, script ...behaviour) *world {
	t.Helper()
	w := emptyWorld(t, script...)
	w.fill(t.Context(), deliveries)
	return w
}

func emptyWorld(t *testing.T, script ...behaviour) *world {
	t.Helper()
	s, err := storetest.Open(t.Context(), storetest.New(t), secret.NewSealer(secret.NewKey()))
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, store: s, killed: make(chan struct{}, 100)}
	w.ledger = &ledger{
		lateness: lateness, script: script, booked: make(map[string][]time.Time), refusals: make(map[string]int),
		kill: func() {
			w.now.dead.Store(true)
			w.killed <- struct{}{}
		},
	}
	w.ledger.durable = func(key string) model.State {
		for _, d := range w.deliveries() {
			if d.Key == key {
				return d.State
			}
		}
		return ""
	}
	return w
}

func (w *world) fill(ctx context.Context, n int) {
	w.t.Helper()
	c := model.Company{Source: "file", SourceID: "1", Number: "1", Name: "C", Country: "NL", Currency: "EUR"}
	w.must(w.store.SaveCompany(ctx, &c))
	a := model.Account{Target: "ledger", Name: "L", State: model.AccountAuthorised}
	w.must(w.store.SaveAccount(ctx, &a))
	m := model.Mapping{CompanyID: c.ID, AccountID: a.ID, Target: "ledger", Administration: model.Administration{Code: "1"}}
	w.must(w.store.SaveMapping(ctx, &m))
	lines := []model.EntryLine{{LedgerAccount: "4000", Amount: 1000}, {LedgerAccount: "1700", Amount: -1000}}
	j := &journal.Journal{}
	r, _, err := w.store.AddRun(ctx, model.Run{CompanyID: c.ID, SourceID: "r", Year: 2026, RunAt: time.Now()},
		model.Snapshot{Hash: "h", Content: "c", Journal: j, TakenAt: time.Now()}, func(model.Run) string { return "L202601-1" })
	w.must(err)
	var items []model.Queued
	for i := range n {
		key := fmt.Sprintf("LBKEY%07d", i)
		items = append(items, model.Queued{
			Delivery: model.Delivery{
				RunID: r.ID, MappingID: m.ID, CompanyID: c.ID, AccountID: a.ID, Target: "ledger", Administration: "1",
				Period: journal.Period{Year: 2026, Number: i + 1}, Revision: 1, Key: key, Reference: r.Reference, State: model.StateQueued,
				Approval: model.ApprovalNone, EntryHash: key, CreatedAt: time.Now(), UpdatedAt: time.Now(),
			},
			Entry: model.Entry{Target: "ledger", Key: key, Lines: lines, Approve: w.approve},
		})
	}
	w.must(w.store.Queue(ctx, items))
	for _, item := range items {
		w.ids = append(w.ids, item.Delivery.ID)
	}
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) deliveries() []model.Delivery {
	var all []model.Delivery
	for _, id := range w.ids {
		d, err := w.store.Delivery(context.Background(), id)
		w.must(err)
		all = append(all, d)
	}
	return all
}

// resting tells whether no program has anything to do any more.
func (w *world) resting() bool {
	return !slices.ContainsFunc(w.deliveries(), func(d model.Delivery) bool { return !d.State.Final() && !d.Person })
}

// live runs programs one after another until everything rests. One that is
// killed never writes anything again and the next one takes its place.
func (w *world) live() {
	w.t.Helper()
	deadline := time.Now().Add(24 * time.Hour)
	for !w.resting() {
		if time.Now().After(deadline) {
			w.t.Fatalf("not at rest after a day: %+v", w.deliveries())
		}
		w.program()
	}
}

// program is the life of one program: until everything rests or it is killed.
func (w *world) program() {
	w.t.Helper()
	w.now = &cutStore{Store: w.store}
	s, err := sender.New(w.now, target.Registry{w.ledger}, sender.Options{Timing: timing(), Log: slog.New(slog.NewTextHandler(io.Discard, nil))})
	w.must(err)
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx) }()
	tick := time.NewTicker(time.Minute)
	defer tick.Stop()
	for range 24 * 60 {
		select {
		case <-w.killed:
			stop()
			<-ended // its goroutines go on, but into a dead database
			return
		case <-tick.C:
		}
		if w.resting() {
			break
		}
	}
	stop()
	if err := <-ended; err != nil {
		w.t.Fatal(err)
	}
}

// check is the oracle: nothing twice, nothing lost, and the program says so.
func (w *world) check() {
	w.t.Helper()
	if len(w.ledger.unwritten) > 0 {
		w.t.Errorf("sent without a durable intent: %v", w.ledger.unwritten)
	}
	for _, d := range w.deliveries() {
		booked := len(w.ledger.booked[d.Key])
		switch {
		case booked > 1:
			w.t.Errorf("%s is booked %d times", d.Key, booked)
		case d.State == model.StateBooked && booked != 1:
			w.t.Errorf("%s is called booked and is not", d.Key)
		case d.State == model.StateRefused && (booked != 0 || w.ledger.refusals[d.Key] == 0):
			w.t.Errorf("%s is called refused: booked %d, refused %d", d.Key, booked, w.ledger.refusals[d.Key])
		case d.State == model.StateUnknown && !d.Person:
			w.t.Errorf("%s is unknown and nobody cares", d.Key)
		case !d.State.Final() && d.State != model.StateUnknown:
			w.t.Errorf("%s rests in state %s", d.Key, d.State)
		}
		if d.State == model.StateBooked {
			r, err := w.store.Receipt(context.Background(), d.ID)
			if err != nil || r.Debit != 1000 || r.Credit != 1000 || r.Lines != 2 {
				w.t.Errorf("%s: receipt %+v, %v", d.Key, r, err)
			}
		}
		w.history(d)
	}
}

// history checks that the attempts tell the whole story without a gap.
func (w *world) history(d model.Delivery) {
	attempts, err := w.store.Attempts(context.Background(), d.ID)
	w.must(err)
	state, fence := model.StateQueued, int64(0)
	for i, a := range attempts {
		if a.Number != i+1 || a.From != state || a.Fence < fence {
			w.t.Errorf("%s: attempt %d tells %s to %s under fence %d after %s under %d", d.Key, a.Number, a.From, a.To, a.Fence, state, fence)
		}
		state, fence = a.To, a.Fence
	}
	if state != d.State {
		w.t.Errorf("%s: the attempts end in %s, the delivery is %s", d.Key, state, d.State)
	}
}

// TestSender_EveryPairOfAnswers sends one entry while the ledger answers the
// first two sendings in every possible way, both where the program decides and
// where a person does.
func TestSender_EveryPairOfAnswers(t *testing.T) {
	for _, personDecides := range []bool{false, true} {
		for _, first := range behaviours() {
			for _, second := range behaviours() {
				t.Run(fmt.Sprintf("%v/%s/%s", personDecides, first, second), func(t *testing.T) {
					synctest.Test(t, func(t *testing.T) {
						w := newWorld(t, 1, first, second)
						w.ledger.personDecides = personDecides
						w.live()
						w.check()
						w.end()
					})
				})
			}
		}
	}
}

// TestSender_Seeds sends several entries through random answers and deaths.
func TestSender_Seeds(t *testing.T) {
	for seed := range uint64(60) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				random := rand.New(rand.NewPCG(seed, 7))
				var script []behaviour
				for range 12 {
					script = append(script, behaviours()[random.IntN(len(behaviours()))])
				}
				w := newWorld(t, 4, script...)
				w.live()
				w.check()
				w.end()
			})
		})
	}
}

// TestSender_SentTwiceBooksOnce finds an entry that is already at the target
// before it sends anything.
func TestSender_FoundBeforeSending(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, 1)
		w.ledger.booked["LBKEY0000000"] = []time.Time{time.Now()}
		w.live()
		w.check()
		if w.ledger.posts != 0 {
			t.Errorf("sent %d times", w.ledger.posts)
		}
		w.end()
	})
}

// TestSender_Person checks what a person may and may not do.
func TestSender_Person(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, 1, dropBefore)
		w.ledger.personDecides = true
		w.live()
		d := w.deliveries()[0]
		if d.State != model.StateUnknown || !d.Person || w.ledger.posts != 1 {
			t.Fatalf("%+v after %d sendings", d, w.ledger.posts)
		}
		s, err := sender.New(w.store, target.Registry{w.ledger}, sender.Options{Timing: timing()})
		w.must(err)
		if p := model.ProblemOf(s.Withdraw(t.Context(), d.ID)); p == nil || p.Code != "delivery.too_late" {
			t.Errorf("withdrawn while unknown: %v", p)
		}
		w.must(s.SendAgain(t.Context(), d.ID, sender.Decision{By: "jan"}))
		if p := model.ProblemOf(s.Withdraw(t.Context(), d.ID)); p == nil || p.Code != "delivery.too_late" {
			t.Errorf("withdrawn after it was sent: %v", p)
		}
		w.live()
		w.check()
		if d := w.deliveries()[0]; d.State != model.StateBooked {
			t.Errorf("state %s", d.State)
		}
		w.end()
	})
}

func TestSender_WithdrawnIsNotSent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, 1)
		s, err := sender.New(w.store, target.Registry{w.ledger}, sender.Options{Timing: timing()})
		w.must(err)
		w.must(s.Withdraw(t.Context(), w.ids[0]))
		w.live()
		if d := w.deliveries()[0]; d.State != model.StateWithdrawn || w.ledger.posts != 0 {
			t.Errorf("%s after %d sendings", d.State, w.ledger.posts)
		}
		w.end()
	})
}
