// Package sender delivers entries: each one exactly once, or it says why not.
//
// [Sender.Run] takes deliveries that are due, one at a time per account, and
// moves each by the table in state.go: look up by key, write down the intent,
// send once, write down the outcome, read back and compare. The intent is
// durable before the first byte leaves. A delivery found in the state sending
// by a later start is never sent again before the target was asked twice.
//
// The sender decides alone about sending again; no layer below repeats a
// sending. It does not build entries and does not talk to people: what happens
// shows in the deliveries, their attempts and [Sender.Subscribe].
package sender

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"time"

	"loonbrug/data/model"
	"loonbrug/integration/target"
)

// Options are what a sender may be given beyond its store and targets.
type Options struct {
	Timing  Timing           // zero means [DefaultTiming]
	Workers int              // deliveries under way at once; zero means 4
	Now     func() time.Time // zero means [time.Now]
	Log     *slog.Logger     // zero means [slog.Default]
}

// Sender is the background sender. Make it with [New].
type Sender struct {
	store   Store
	targets target.Registry
	timing  Timing
	workers int
	now     func() time.Time
	log     *slog.Logger
	wake    chan struct{}
	doubts  doubts

	mu        sync.Mutex
	listeners map[chan struct{}]struct{}
	running   bool
	working   int
	fault     error // why the store could not be worked with, nil when it can
	unwritten error // why the last step of a delivery could not be written, nil when it was
}

// New makes a sender. Times that would not be safe are a mistake of the caller
// and are refused.
func New(store Store, targets target.Registry, o Options) (*Sender, error) {
	if o.Timing == (Timing{}) {
		o.Timing = DefaultTiming()
	}
	if err := o.Timing.validate(); err != nil {
		return nil, err
	}
	if o.Workers == 0 {
		o.Workers = 4
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	return &Sender{
		store: store, targets: targets, timing: o.Timing, workers: o.Workers, now: o.Now, log: o.Log.With("component", "sender"),
		wake: make(chan struct{}, 1), listeners: make(map[chan struct{}]struct{}),
	}, nil
}

// Run works until ctx ends, then waits for what is under way: a request that
// has left is awaited, nothing new is begun. Only the holder of the sender's
// lock may call it, because it takes over what a dead sender left.
func (s *Sender) Run(ctx context.Context) error {
	if err := s.store.FreeLeases(ctx); err != nil {
		if ctx.Err() != nil {
			return nil
		}
		return fmt.Errorf("sender: take over: %w", err)
	}
	s.doubts.begin(s.now().Add(s.timing.Lease + s.timing.Settle))
	s.setRunning(true)
	defer s.setRunning(false)
	var under sync.WaitGroup
	defer under.Wait()
	slots := make(chan struct{}, s.workers)
	for ctx.Err() == nil {
		select {
		case slots <- struct{}{}:
		case <-ctx.Done():
			return nil
		}
		d, ok, err := s.store.Claim(ctx, s.now(), s.timing.Lease)
		if err != nil || !ok {
			<-slots
			s.noteFault(ctx, err)
			s.await(ctx, err)
			continue
		}
		s.count(+1)
		under.Go(func() {
			defer func() {
				<-slots
				s.count(-1)
				s.Wake()
			}()
			s.deliver(ctx, d)
		})
	}
	return nil
}

// noteFault remembers why the store cannot be worked with, for the status.
func (s *Sender) noteFault(ctx context.Context, err error) {
	if ctx.Err() != nil {
		return
	}
	if err != nil {
		s.log.Error("store", "error", err)
	}
	s.mu.Lock()
	if err == nil {
		err = s.unwritten // finding nothing to do does not prove that a disk works
	}
	changed := (s.fault == nil) != (err == nil)
	s.fault = err
	s.mu.Unlock()
	if changed {
		s.changed()
	}
}

// noteWritten remembers whether a step of a delivery could be written, so that a
// full or broken disk shows at once and not when the next delivery is due. What
// else keeps a step from being written is no fault of the store.
func (s *Sender) noteWritten(err error) {
	if err != nil && !strings.HasPrefix(model.ProblemOf(err).Code, "store.") {
		return
	}
	s.mu.Lock()
	s.unwritten = err
	s.mu.Unlock()
	if err != nil {
		s.noteFault(context.Background(), err)
	}
}

// glance is how long the sender looks away at the most: another program of the
// same data folder may have queued something, and cannot wake this one.
const glance = 5 * time.Second

// await returns when something may be due: woken, at the next due time, or
// after a glance.
func (s *Sender) await(ctx context.Context, failed error) {
	pause := glance
	if failed == nil {
		at, ok, err := s.store.NextDue(ctx)
		if err != nil && ctx.Err() == nil {
			s.log.Error("next due", "error", err)
		}
		if ok {
			pause = min(max(at.Sub(s.now()), time.Millisecond), glance)
		}
	}
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-s.wake:
	case <-timer.C:
	}
}

// Wake makes a running sender look for work at once.
func (s *Sender) Wake() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// Subscribe gives a channel that holds a token whenever something changed since
// it was last read, and a function that ends it.
func (s *Sender) Subscribe() (changes <-chan struct{}, end func()) {
	c := make(chan struct{}, 1)
	s.mu.Lock()
	s.listeners[c] = struct{}{}
	s.mu.Unlock()
	return c, func() {
		s.mu.Lock()
		delete(s.listeners, c)
		s.mu.Unlock()
	}
}

// Status tells whether the sender runs, how many deliveries are under way, and
// what keeps it from working, if anything.
func (s *Sender) Status() (alive bool, working int, fault error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.running, s.working, s.fault
}

func (s *Sender) setRunning(on bool) {
	s.mu.Lock()
	s.running = on
	s.mu.Unlock()
	s.changed()
}

func (s *Sender) count(n int) {
	s.mu.Lock()
	s.working += n
	s.mu.Unlock()
}

func (s *Sender) changed() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for c := range s.listeners {
		select {
		case c <- struct{}{}:
		default:
		}
	}
}

// Withdraw takes back a delivery that is still queued and never left. One that
// is being checked, or was sent before, can no longer be withdrawn: problem
// "delivery.too_late".
func (s *Sender) Withdraw(ctx context.Context, id int64) error {
	return s.person(ctx, id, EventWithdrawn)
}

// LookAgain looks a delivery up once more, as soon as its settle window allows.
func (s *Sender) LookAgain(ctx context.Context, id int64) error {
	return s.person(ctx, id, EventLookAgain)
}

// SendAgain sends a delivery again that the target was asked for in vain and
// that only a person may settle.
func (s *Sender) SendAgain(ctx context.Context, id int64) error {
	return s.person(ctx, id, EventSendAgain)
}

// Resume takes up what waited for an account, after it has signed in again.
func (s *Sender) Resume(ctx context.Context, accountID int64) error {
	if err := s.store.Resume(ctx, accountID); err != nil {
		return fmt.Errorf("resume account %d: %w", accountID, err)
	}
	s.changed()
	s.Wake()
	return nil
}

func (s *Sender) person(ctx context.Context, id int64, e Event) error {
	d, err := s.store.Delivery(ctx, id)
	if err != nil {
		return fmt.Errorf("delivery %d: %w", id, err)
	}
	if e == EventSendAgain && (!d.Person || d.Misses < missesNeeded) {
		return model.NewProblem("delivery.not_settled", "key", d.Key)
	}
	if e == EventWithdrawn && d.Sends > 0 {
		return model.NewProblem("delivery.too_late", "key", d.Key)
	}
	_, err = s.apply(ctx, d, happening{event: e}, nil)
	var notAllowed *ErrNotAllowed
	if errors.As(err, &notAllowed) || errors.Is(err, ErrLeaseLost) {
		return model.NewProblem("delivery.too_late", "key", d.Key).Because(err)
	}
	s.Wake()
	return err
}

// apply moves a delivery by an event and stores it with an attempt.
func (s *Sender) apply(ctx context.Context, d model.Delivery, h happening, r *model.Receipt) (model.Delivery, error) {
	if h.at.IsZero() {
		h.at = s.now()
	}
	to, err := next(d, h, s.timing, s.personDecides(d.Target))
	if err != nil {
		return d, err
	}
	a := model.Attempt{
		DeliveryID: d.ID, At: h.at, Fence: d.Fence, From: d.State, To: to.State,
		Event: string(h.event), Problem: to.Problem, Detail: h.outcome.Detail,
	}
	err = s.store.Apply(ctx, d, to, a, r)
	s.noteWritten(err)
	if err != nil {
		return d, fmt.Errorf("delivery %d, %s: %w", d.ID, h.event, err)
	}
	log := s.log.With("delivery", d.ID, "key", d.Key, "event", h.event, "state", to.State)
	if to.Problem != nil {
		log = log.With("problem", to.Problem.Error())
	}
	log.Info("delivery")
	s.changed()
	return to, nil
}

func (s *Sender) personDecides(id string) bool {
	t, err := s.targets.Find(id)
	return err != nil || t.Describe().PersonDecides
}
