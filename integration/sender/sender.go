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
//
// It sleeps until something is due, it is woken, or something was queued by
// another program ([Sender.Hear]). An account whose system is away or asks to
// wait is paused as a whole, and when none can be reached the sender tries with
// one delivery at a time (pause.go). It takes nothing while a person has paused
// it, or while the disk is nearly full.
package sender

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"loonbrug/data/model"
	"loonbrug/integration/target"
)

// Options are what a sender may be given beyond its store and targets.
type Options struct {
	Timing  Timing                   // zero means [DefaultTiming]
	Settle  map[string]time.Duration // by target, in place of Timing.Settle
	Workers int                      // deliveries under way at once; zero means 4
	Look    time.Duration            // longest sleep, should a wake-up get lost; zero means two minutes
	Grace   time.Duration            // what a request under way gets when the sender ends; zero means 5 seconds
	Ring    func()                   // tells other programs of the data folder that something changed; may be nil
	Observe func(model.Call)         // is told of every call to a target; may be nil, and must not wait
	Now     func() time.Time         // zero means [time.Now]
	Log     *slog.Logger             // zero means [slog.Default]
}

// Sender is the background sender. Make it with [New].
type Sender struct {
	store   Store
	targets target.Registry
	o       Options
	timing  Timing
	now     func() time.Time
	log     *slog.Logger
	wake    chan struct{}
	doubts  doubts
	windows atomic.Pointer[map[string]time.Duration] // by target, in place of timing.Settle
	watch   watch                                    // of the goroutine that claims

	mu        sync.Mutex
	listeners map[chan struct{}]struct{}
	running   bool
	working   int
	fault     error // why nothing is taken, nil when nothing keeps from it
	reach     reach
	unwritten error // why the last step of a delivery could not be written, nil when it was
}

// New makes a sender. Times that would not be safe are a mistake of the caller
// and are refused.
func New(store Store, targets target.Registry, o Options) (*Sender, error) {
	o.complete()
	if err := o.Timing.validate(); err != nil {
		return nil, err
	}
	s := &Sender{
		store: store, targets: targets, o: o, timing: o.Timing, now: o.Now, log: o.Log.With("component", "sender"),
		wake: make(chan struct{}, 1), listeners: make(map[chan struct{}]struct{}),
		reach: reach{accounts: make(map[int64]model.Pause), away: make(map[int64]string)},
	}
	if err := s.SetSettle(o.Settle); err != nil {
		return nil, err
	}
	return s, nil
}

// SetSettle changes the settle windows by target, in place of the one that holds
// for all, for what comes in doubt from now on. One that is not safe is refused.
func (s *Sender) SetSettle(settle map[string]time.Duration) error {
	for id, window := range settle {
		t := s.timing
		t.Settle = window
		if err := t.validate(); err != nil {
			return fmt.Errorf("target %s: %w", id, err)
		}
	}
	settle = maps.Clone(settle)
	s.windows.Store(&settle)
	return nil
}

// complete puts in what was left out.
func (o *Options) complete() {
	if o.Timing == (Timing{}) {
		o.Timing = DefaultTiming()
	}
	if o.Workers == 0 {
		o.Workers = 4
	}
	if o.Observe == nil {
		o.Observe = func(model.Call) {}
	}
	if o.Look == 0 {
		o.Look = 2 * time.Minute
	}
	if o.Grace == 0 {
		o.Grace = 5 * time.Second
	}
	if o.Ring == nil {
		o.Ring = func() {}
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
}

// timingOf are the times that hold for a target.
func (s *Sender) timingOf(target string) Timing {
	t := s.timing
	if settle, own := (*s.windows.Load())[target]; own {
		t.Settle = settle
	}
	return t
}

// settleWindow is how long after a sending a look-up that finds nothing does not
// count.
func (s *Sender) settleWindow(target string) time.Duration {
	t := s.timingOf(target)
	return t.Lease + t.Settle
}

// longestDoubt is the longest of these windows.
func (s *Sender) longestDoubt() time.Duration {
	longest := s.timing.Lease + s.timing.Settle
	for target := range *s.windows.Load() {
		longest = max(longest, s.settleWindow(target))
	}
	return longest
}

// Run works until ctx ends, then waits for what is under way: nothing new is
// begun, and a request that has left is awaited for as long as Options.Grace;
// then it is broken off and its outcome is unknown. Only the holder of the
// sender's lock may call it, because it takes over what a dead sender left.
func (s *Sender) Run(ctx context.Context) error {
	s.setRunning(true)
	defer s.setRunning(false)
	for {
		err := s.takeOver(ctx)
		if ctx.Err() != nil {
			return nil
		}
		if err == nil {
			break
		}
		if !model.ProblemOf(err).Retryable {
			return fmt.Errorf("sender: take over: %w", err)
		}
		s.noteFault(ctx, err)
		s.await(ctx, err)
	}
	s.doubts.begin(s.longestDoubt())
	last, cut := s.lastCall(ctx)
	defer cut()
	var under sync.WaitGroup
	defer under.Wait()
	slots := make(chan struct{}, s.o.Workers)
	for ctx.Err() == nil {
		select {
		case slots <- struct{}{}:
		case <-ctx.Done():
			return nil
		}
		d, ok, err := s.take(ctx)
		if err != nil || !ok {
			<-slots
			s.await(ctx, err)
			continue
		}
		s.count(+1)
		under.Go(func() {
			defer func() {
				<-slots
				s.count(-1)
				s.nudge()
			}()
			for ok {
				d, ok = s.deliver(ctx, last, d)
			}
		})
	}
	return nil
}

// takeOver begins with what a dead sender left.
func (s *Sender) takeOver(ctx context.Context) error {
	err := s.store.FreeLeases(ctx)
	if err == nil {
		err = s.loadPauses(ctx)
	}
	if err == nil {
		err = s.bringBack(ctx, false)
	}
	return err
}

// lastCall is the context of requests that must not be broken off at once: it
// ends a while after ctx.
func (s *Sender) lastCall(ctx context.Context) (last context.Context, cut func()) {
	last, end := context.WithCancel(context.WithoutCancel(ctx))
	ended := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		timer := time.NewTimer(s.o.Grace)
		defer timer.Stop()
		select {
		case <-timer.C:
			end()
		case <-ended:
		}
	})
	return last, func() {
		stop()
		close(ended)
		end()
	}
}

// LeastRoom is how many bytes must be free on the disk for anything to be begun:
// room to write down what comes of it.
const LeastRoom = 100 << 20

// take claims the next delivery, unless there is no room to write down what
// comes of it.
func (s *Sender) take(ctx context.Context) (d model.Delivery, ok bool, err error) {
	if err = s.room(); err == nil && s.watch.setBack(s.now()) {
		err = s.bringBack(ctx, true)
	}
	if err == nil {
		s.beforeProbe(ctx)
		d, ok, err = s.store.Claim(ctx, s.claim())
	}
	s.noteFault(ctx, err)
	if ok {
		s.taken(d)
		s.probing(ctx)
	}
	return d, ok, err
}

// claim is how this sender takes a delivery: one that is to be sent is being
// checked from then on.
func (s *Sender) claim() model.Claim {
	now := s.now()
	return model.Claim{Now: now, Lease: s.timing.Lease, Begin: func(d model.Delivery) (model.Delivery, *model.Attempt, error) {
		if !toBeSent(d) {
			return d, nil, nil
		}
		to, a, err := s.plan(d, happening{event: EventClaimed, at: now})
		return to, &a, err
	}}
}

func toBeSent(d model.Delivery) bool {
	return d.State == model.StateQueued || d.State == model.StateChecking
}

// taken tells that a delivery was taken.
func (s *Sender) taken(d model.Delivery) {
	if toBeSent(d) {
		s.tellOf(d, EventClaimed)
	}
}

// goesOn tells whether a worker that is done with a delivery may take the next
// one by itself, in the transaction in which it writes down that it is done. What
// has to be looked at before a claim is left to [Sender.take].
func (s *Sender) goesOn(ctx context.Context) bool {
	s.mu.Lock()
	plain := !s.reach.stale && s.reach.offline == nil && s.fault == nil
	s.mu.Unlock()
	return plain && ctx.Err() == nil && s.room() == nil
}

// room is problem "store.disk_low" when the disk is nearly full.
func (s *Sender) room() error {
	free, err := s.store.Room()
	if err != nil {
		return err
	}
	if free < LeastRoom {
		return model.NewProblem("store.disk_low", "free", strconv.FormatInt(free>>20, 10), "least", strconv.Itoa(LeastRoom>>20)).Again()
	}
	return nil
}

// noteFault remembers why the store cannot be worked with, for the status.
func (s *Sender) noteFault(ctx context.Context, err error) {
	if ctx.Err() != nil {
		return
	}
	s.mu.Lock()
	if err == nil {
		err = s.unwritten // finding nothing to do does not prove that a disk works
	}
	changed := codeOf(s.fault) != codeOf(err)
	s.fault = err
	s.mu.Unlock()
	if !changed {
		return
	}
	if err != nil {
		s.log.Error("nothing is taken", "error", err)
	} else {
		s.log.Info("work goes on")
	}
	s.changed()
}

func codeOf(err error) string {
	if err == nil {
		return ""
	}
	return model.ProblemOf(err).Code
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

// again is how soon the sender looks whether what kept it from working has
// passed. Nothing tells of that.
const again = 5 * time.Second

// await returns when something may be due: woken, at the next due time, or after
// the longest sleep.
func (s *Sender) await(ctx context.Context, failed error) {
	pause := again
	if failed == nil {
		pause = s.o.Look
		at, ok, err := s.store.NextDue(ctx)
		if err != nil && ctx.Err() == nil {
			s.log.Error("next due", "error", err)
			pause = again
		}
		if ok {
			pause = min(max(at.Sub(s.now()), time.Millisecond), s.o.Look)
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
