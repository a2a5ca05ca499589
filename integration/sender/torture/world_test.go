package torture_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"loonbrug/data/journal"
	"loonbrug/data/model"
	"loonbrug/data/secret"
	"loonbrug/data/store"
	"loonbrug/data/store/storetest"
	"loonbrug/integration/sender"
	"loonbrug/integration/target"
)

// timing is as tight as it may be for [lateness] and [lag].
func timing() sender.Timing {
	return sender.Timing{Lease: 3 * time.Minute, Deadline: 30 * time.Second, Request: time.Minute, Settle: 150 * time.Second, Sweep: time.Minute}
}

// bound is the longest simulated time in which everything must come to rest.
const bound = 120 * time.Hour

// world is one computer with one data folder, and the ledger elsewhere.
type world struct {
	t       *testing.T
	place   string       // see [storetest]
	store   *store.Store // of the person at the computer, and of the auditor
	ledger  *ledger
	clock   *clock
	began   time.Time
	writes  atomic.Int64 // everything anybody wrote, so that nobody looks in vain
	trap    func(p *program, point, key string, nth int) spring
	seen    func(what string)
	entries map[int64]model.Entry
	byBiz   map[string]int64
	ids     []int64

	mu       sync.Mutex
	programs []*program
	lives    int
	earlier  map[int64][]model.Attempt // what the history was when last looked at
	rewrote  []string                  // where it changed since
	used     map[string]bool           // intents that a request already had
	second   bool                      // a second program is to take over
}

// spring is what a trap does: it kills the program, holds it up, or fails the
// write it was about to do.
type spring struct {
	kill  bool
	pause time.Duration
	fail  error
}

var errDead = errors.New("the program is dead")

// program is one life of a sender, from its start to its end or its death.
type program struct {
	world  *world
	number int
	sender *sender.Sender
	died   chan struct{}
	stop   context.CancelFunc
	ended  chan error

	mu     sync.Mutex
	dead   bool
	frozen time.Time      // the computer sleeps until then
	passed map[string]int // how often a point was passed
	idle   int64          // writes when nothing was due
	due    time.Time
	any    bool
	rested bool
}

// at is a point where a program may die or be held up. A dead one gets no
// further, which shows as an error.
func (p *program) at(point, key string) error {
	p.mu.Lock()
	if p.dead {
		p.mu.Unlock()
		return errDead
	}
	nth := p.passed[point+key]
	p.passed[point+key]++
	frozen := p.frozen
	p.mu.Unlock()
	if d := time.Until(frozen); d > 0 {
		time.Sleep(d)
	}
	s := p.world.trap(p, point, key, nth)
	switch {
	case s.kill:
		p.world.seen("crash " + point)
		p.kill()
		return errDead
	case s.fail != nil:
		p.world.seen("fault")
		return s.fail
	case s.pause > 0:
		p.world.seen("pause " + point)
		time.Sleep(s.pause)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.dead {
		return errDead
	}
	return nil
}

// kill ends a program as kill -9 does: nothing it does reaches the database or
// the ledger any more.
func (p *program) kill() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.dead {
		p.dead = true
		close(p.died)
	}
}

// view is the database as one program has it.
type view struct {
	*store.Store
	p *program
}

func (v *view) Claim(ctx context.Context, c model.Claim) (model.Delivery, bool, error) {
	if err := v.p.at("claim/before", ""); err != nil {
		return model.Delivery{}, false, err
	}
	// What was not due a moment ago is not due now, unless somebody wrote.
	if at, none := v.p.nothing(); none && c.Now.Before(at) {
		return model.Delivery{}, false, nil
	}
	d, ok, err := v.Store.Claim(ctx, v.watched(c))
	if ok {
		v.p.world.writes.Add(1)
	}
	if dead := v.p.at("claim/after", ""); dead != nil {
		return model.Delivery{}, false, dead
	}
	return d, ok, err
}

// watched is a claim whose first step counts as an edge that was reached.
func (v *view) watched(c model.Claim) model.Claim {
	begin := c.Begin
	c.Begin = func(d model.Delivery) (model.Delivery, *model.Attempt, error) {
		to, a, err := begin(d)
		if a != nil {
			v.p.world.seen("edge " + string(d.State) + " " + a.Event + " " + string(to.State) + result(err))
		}
		return to, a, err
	}
	return c
}

// nothing tells until when nothing is due, if that is known.
func (p *program) nothing() (time.Time, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.rested || p.idle != p.world.writes.Load() {
		return time.Time{}, false
	}
	if !p.any {
		return time.Now().Add(bound), true
	}
	return p.due, true
}

func (v *view) NextDue(ctx context.Context) (time.Time, bool, error) {
	v.p.mu.Lock()
	defer v.p.mu.Unlock()
	if v.p.dead {
		return time.Time{}, false, errDead
	}
	if n := v.p.world.writes.Load(); !v.p.rested || v.p.idle != n {
		at, ok, err := v.Store.NextDue(ctx)
		if err != nil {
			return at, ok, err
		}
		v.p.rested, v.p.idle, v.p.due, v.p.any = true, n, at, ok
	}
	return v.p.due, v.p.any, nil
}

func (v *view) Apply(ctx context.Context, from, to model.Delivery, a model.Attempt, r *model.Receipt) error {
	if err := v.p.at("apply "+a.Event+"/before", to.Key); err != nil {
		return err
	}
	err := v.Store.Apply(ctx, from, to, a, r)
	v.p.world.writes.Add(1)
	v.p.world.seen("edge " + string(a.From) + " " + a.Event + " " + string(a.To) + result(err))
	if dead := v.p.at("apply "+a.Event+"/after", to.Key); dead != nil {
		return dead
	}
	return err
}

func (v *view) ApplyAndClaim(ctx context.Context, from, to model.Delivery, a model.Attempt, r *model.Receipt, c model.Claim) (model.Delivery, bool, error) {
	if err := v.p.at("apply "+a.Event+"/before", to.Key); err != nil {
		return model.Delivery{}, false, err
	}
	d, ok, err := v.Store.ApplyAndClaim(ctx, from, to, a, r, v.watched(c))
	v.p.world.writes.Add(1)
	v.p.world.seen("edge " + string(a.From) + " " + a.Event + " " + string(a.To) + result(err))
	if dead := v.p.at("apply "+a.Event+"/after", to.Key); dead != nil {
		return model.Delivery{}, false, dead
	}
	if ok {
		if dead := v.p.at("claim/after", ""); dead != nil {
			return model.Delivery{}, false, dead
		}
	}
	return d, ok, err
}

func result(err error) string {
	if err != nil {
		return " in vain"
	}
	return ""
}

func (v *view) FreeLeases(ctx context.Context) error {
	if err := v.p.at("free/before", ""); err != nil {
		return err
	}
	err := v.Store.FreeLeases(ctx)
	v.p.world.writes.Add(1)
	return err
}

func (v *view) BringBack(ctx context.Context, now time.Time, slack time.Duration) (int64, error) {
	if err := v.p.at("bring back/before", ""); err != nil {
		return 0, err
	}
	defer v.p.world.writes.Add(1)
	return v.Store.BringBack(ctx, now, slack)
}

func (v *view) Resume(ctx context.Context, account int64) error {
	defer v.p.world.writes.Add(1)
	return v.Store.Resume(ctx, account)
}

func (v *view) SaveAccount(ctx context.Context, a *model.Account) error {
	if err := v.p.at("account/before", ""); err != nil {
		return err
	}
	return v.Store.SaveAccount(ctx, a)
}

func (v *view) Entry(ctx context.Context, id int64) (model.Entry, error) {
	if err := v.p.at("load/before", ""); err != nil {
		return model.Entry{}, err
	}
	return v.Store.Entry(ctx, id)
}

// sealer is the one of the practice office, which needs no key store and which
// other processes have too.
func sealer() *secret.Sealer {
	key, err := secret.Open(context.Background(), secret.Options{Practice: true})
	if err != nil {
		panic(err) // it reads and writes nothing
	}
	return key.Sealer
}

// shape is what a world is made with: a delivery for each mode named.
type shape []mode

// template is a database of one shape, filled once and copied for every world.
type template struct {
	place string
	world string // where one world after another has its copy
}

var epoch = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC) // when bubbles begin

// newTemplate is one on the engine that is tested.
func newTemplate(t testing.TB, s shape) *template {
	return fillTemplate(t, s, storetest.New(t), storetest.New(t))
}

// newFileTemplate is one for worlds on a disk that fails.
func newFileTemplate(t testing.TB, s shape) *template {
	return fillTemplate(t, s, storetest.NewFile(t), storetest.NewFile(t))
}

func fillTemplate(t testing.TB, s shape, place, world string) *template {
	t.Helper()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	ctx := context.Background()
	db, err := storetest.Open(ctx, place, sealer())
	must(err)
	must(fill(ctx, db, s))
	must(db.Close())
	return &template{place, world}
}

// fill queues one delivery for each mode of the shape; each is for another
// period, and for another amount.
func fill(ctx context.Context, db *store.Store, s shape) error {
	c := model.Company{Source: "file", SourceID: "1", Number: "1", Name: "C", Country: "NL", Currency: "EUR"}
	if err := db.SaveCompany(ctx, &c); err != nil {
		return err
	}
	mappings := make(map[mode]model.Mapping)
	for _, m := range modes() {
		a := model.Account{Target: string(m), Name: string(m), State: model.AccountAuthorised}
		if err := db.SaveAccount(ctx, &a); err != nil {
			return err
		}
		mapping := model.Mapping{CompanyID: c.ID, AccountID: a.ID, Target: string(m), Administration: model.Administration{Code: string(m)}}
		if err := db.SaveMapping(ctx, &mapping); err != nil {
			return err
		}
		mappings[m] = mapping
	}
	r, _, err := db.AddRun(ctx, model.Run{CompanyID: c.ID, SourceID: "r", Year: 2026, RunAt: epoch},
		model.Snapshot{Hash: "h", Content: "c", Journal: &journal.Journal{}, TakenAt: epoch}, func(model.Run) string { return "L202601-1" })
	if err != nil {
		return err
	}
	var items []model.Queued
	for i, m := range s {
		key := fmt.Sprintf("LBKEY%07d", i)
		period := journal.Period{Year: 2026 + i/12, Number: i%12 + 1}
		amount := journal.Amount(1000 + i)
		mapping := mappings[m]
		items = append(items, model.Queued{
			Delivery: model.Delivery{
				RunID: r.ID, MappingID: mapping.ID, CompanyID: c.ID, AccountID: mapping.AccountID, Target: string(m), Administration: string(m),
				Period: period, Revision: 1, Key: key, Reference: r.Reference, State: model.StateQueued,
				Approval: model.ApprovalNone, EntryHash: key, CreatedAt: epoch, UpdatedAt: epoch,
			},
			Entry: model.Entry{Target: string(m), Administration: string(m), Key: key, Period: period, Approve: m == modeDraft, Lines: []model.EntryLine{
				{LedgerAccount: "4000", Amount: amount}, {LedgerAccount: "1700", Amount: -amount},
			}},
		})
	}
	return db.Queue(ctx, items)
}

// newWorld makes a world from a template, in place of the one before. It is called
// inside a bubble.
func newWorld(t *testing.T, tmpl *template) *world { return worldAt(t, tmpl, tmpl.world) }

// worldAt makes one at a place of its own.
func worldAt(t *testing.T, tmpl *template, place string) *world {
	w := emptyWorld(t, place)
	storetest.Copy(t, tmpl.place, place)
	w.open()
	w.learn()
	return w
}

func emptyWorld(t *testing.T, place string) *world {
	w := &world{
		t: t, place: place, ledger: newLedger(), clock: new(clock), began: time.Now(),
		entries: make(map[int64]model.Entry), byBiz: make(map[string]int64), earlier: make(map[int64][]model.Attempt),
		used: make(map[string]bool), seen: func(string) {},
		trap: func(*program, string, string, int) spring { return spring{} },
	}
	w.ledger.seen = func(what string) { w.seen(what) }
	w.ledger.intent = w.intent
	return w
}

func (w *world) open() {
	db, err := storetest.Open(context.Background(), w.place, sealer())
	w.must(err)
	w.store = db
}

// asked tries a question again as long as a server that several share may be
// restarting.
func (w *world) asked(question func() error) {
	err := question()
	for over := time.Now().Add(time.Minute); err != nil && storetest.IsServer(w.place) && time.Now().Before(over); time.Sleep(100 * time.Millisecond) {
		err = question()
	}
	w.must(err)
}

// learn reads what there is to deliver.
func (w *world) learn() {
	all, err := w.store.Deliveries(context.Background(), 1)
	w.must(err)
	w.ids = nil
	for _, d := range all {
		e, err := w.store.Entry(context.Background(), d.ID)
		w.must(err)
		w.ids, w.entries[d.ID], w.byBiz[business(e)] = append(w.ids, d.ID), e, d.ID
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
	w.asked(func() (err error) {
		all, err = w.store.Deliveries(context.Background(), 1)
		return err
	})
	return all
}

// intent finds the durable intent that a request is for, which no other request
// may have had: the attempt of that very moment.
func (w *world) intent(d target.Delivery, business string) (delivery int64, attempt int) {
	id := w.byBiz[business]
	history := w.history(id)
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, a := range history {
		name := fmt.Sprint(id, " ", a.Number)
		if a.Event == string(sender.EventIntent) && a.At.UnixMilli() == d.SentAt.UnixMilli() && !w.used[name] {
			w.used[name] = true
			return id, a.Number
		}
	}
	return id, 0
}

// history reads the attempts of a delivery and holds them against what they were
// before: they are only ever added to.
func (w *world) history(id int64) []model.Attempt {
	var now []model.Attempt
	w.asked(func() (err error) {
		now, err = w.store.Attempts(context.Background(), id)
		return err
	})
	w.mu.Lock()
	defer w.mu.Unlock()
	before := w.earlier[id]
	if len(now) < len(before) {
		w.rewrote = append(w.rewrote, fmt.Sprintf("delivery %d lost attempts", id))
	}
	for i := range min(len(before), len(now)) {
		if before[i].Number != now[i].Number || before[i].Event != now[i].Event || before[i].Fence != now[i].Fence || !before[i].At.Equal(now[i].At) {
			w.rewrote = append(w.rewrote, fmt.Sprintf("delivery %d: attempt %d changed", id, now[i].Number))
		}
	}
	w.earlier[id] = now
	return now
}

// start begins a program's life.
func (w *world) start() *program {
	w.mu.Lock()
	p := &program{
		world: w, number: w.lives, died: make(chan struct{}), ended: make(chan error, 1), passed: make(map[string]int),
	}
	w.lives++
	w.programs = append(w.programs, p)
	w.mu.Unlock()
	var targets target.Registry
	for _, m := range modes() {
		l := &lens{ledger: w.ledger, program: p, mode: m}
		if m == modeDraft {
			targets = append(targets, drafts{l})
		} else {
			targets = append(targets, l)
		}
	}
	s, err := sender.New(&view{w.store, p}, targets, sender.Options{Timing: timing(), Workers: 3, Now: w.clock.now, Log: quiet()})
	w.must(err)
	p.sender = s
	ctx, stop := context.WithCancel(context.Background())
	p.stop = stop
	go func() { p.ended <- s.Run(ctx) }()
	return p
}

// stop ends every program and waits for those that were held up, and for what is
// still to turn up in the books.
func (w *world) stop() {
	for _, p := range w.programs {
		p.stop()
	}
	for _, p := range w.programs {
		<-p.ended // a dead one may end with an error, which nobody is left to hear
	}
	w.programs = nil
	time.Sleep(2 * draftLateness)
}

func (w *world) close() { w.must(w.store.Close()) }

func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }

// unsettled are the problems of deliveries that nothing but a person at the
// target can put right; the simulated person leaves those alone.
func unsettled(d model.Delivery) bool {
	if d.State != model.StateUnknown || !d.Person || d.Problem == nil {
		return false
	}
	switch d.Problem.Code {
	case "delivery.differs", "delivery.found_twice", "delivery.gone":
		return true
	}
	return false
}

// resting tells whether nothing will happen any more without somebody.
func (w *world) resting() (rest bool, waiting []model.Delivery) {
	rest = true
	for _, d := range w.deliveries() {
		switch {
		case d.State.Final() && !d.SweepAt.IsZero():
			rest = false
		case d.State.Final(), unsettled(d):
		case d.Person:
			waiting = append(waiting, d)
		default:
			rest = false
		}
	}
	return rest, waiting
}

// decide is a person who looks into the target's books, long after the last
// request can have arrived, and says what stands there.
func (w *world) decide(p *program, waiting []model.Delivery) {
	time.Sleep(time.Hour)
	for _, d := range waiting {
		var err error
		if w.ledger.stand(business(w.entries[d.ID])) {
			err = p.sender.LookAgain(context.Background(), d.ID)
		} else {
			err = p.sender.SendAgain(context.Background(), d.ID, sender.Decision{})
		}
		w.writes.Add(1)
		w.acceptable(err)
	}
}

// acceptable passes over what a person may be told: too late, not yet, try
// again, or that the program has just died.
func (w *world) acceptable(err error) {
	p := model.ProblemOf(err)
	if err == nil || errors.Is(err, errDead) || p.Code == "delivery.too_late" || p.Code == "delivery.not_settled" || p.Code == "store.busy" {
		return
	}
	w.t.Fatal(err)
}

// signIn is a person who signs in again wherever an account asks for it.
func (w *world) signIn(p *program) {
	ctx := context.Background()
	for id := int64(1); id <= int64(len(modes())); id++ {
		a, err := w.store.Account(ctx, id)
		w.must(err)
		if a.State == model.AccountAuthorised {
			continue
		}
		w.ledger.mu.Lock()
		w.ledger.signedIn[id] = true
		w.ledger.mu.Unlock()
		a.State, a.Problem = model.AccountAuthorised, nil
		w.must(w.store.SaveAccount(ctx, &a))
		w.must(w.store.Resume(ctx, id))
		w.writes.Add(1)
		p.sender.Wake()
		w.seen("signed in")
	}
}

// live runs programs until everything rests. events are what happens to the
// world at certain times, in their order.
func (w *world) live(events []event) {
	p := w.start()
	const tick = time.Minute
	read := int64(-1)
	var waiting []model.Delivery
	rest := false
	for since := time.Duration(0); time.Since(w.began) < bound; since += tick {
		for len(events) > 0 && time.Since(w.began) >= events[0].at {
			if next := events[0].do(p); next != nil {
				p = next
			}
			events = events[1:]
			read = -1
		}
		if w.second {
			// As if the lock proved nothing: the first one lives on.
			w.second = false
			time.Sleep(5 * time.Second)
			p = w.start()
			w.seen("second program")
		}
		if n := w.writes.Load(); n != read {
			rest, waiting = w.resting()
			read = n
		}
		if rest && len(events) == 0 {
			if len(waiting) == 0 && !w.late() {
				return
			}
			if len(waiting) > 0 {
				w.decide(p, waiting)
			}
		}
		if since%(20*tick) == 19*tick {
			w.signIn(p)
		}
		pause := tick
		if since == 0 {
			pause = time.Second // a second program takes over while the first is held up
		}
		if len(events) > 0 {
			pause = min(pause, max(events[0].at-time.Since(w.began), 0))
		}
		select {
		case <-p.died:
			p.stop()
			time.Sleep(2 * time.Second)
			p = w.start()
		case <-time.After(pause):
		}
	}
}

// late tells whether something is still to turn up in the books, or a program is
// still held up: the audit waits for both.
func (w *world) late() bool {
	w.ledger.mu.Lock()
	defer w.ledger.mu.Unlock()
	for _, b := range w.ledger.books {
		if b.From.After(time.Now()) {
			return true
		}
	}
	return false
}

// event is what happens to a world at a time after it began. A do that starts a
// program gives it back.
type event struct {
	at time.Duration
	do func(p *program) *program
}
