package sender

import (
	"context"
	"errors"
	"fmt"
	"time"

	"loonbrug/data/model"
	"loonbrug/integration/httpx"
	"loonbrug/integration/target"
)

// job is one claimed delivery with what is needed to work on it.
type job struct {
	d      model.Delivery
	entry  model.Entry
	access target.Access
	target target.Target
	last   context.Context // how long a request whose intent is written down may take
	next   model.Delivery  // what was taken as this one was done
	more   bool            // whether there is one
}

func (j *job) delivery() target.Delivery {
	return target.Delivery{Entry: j.entry, Evidence: j.d.Evidence, SentAt: j.d.SentAt}
}

// deliver works on a claimed delivery until it rests. ctx ending keeps it from
// beginning anything, but does not break off a request whose intent is written
// down, nor the writing down of what came of it; last ending does the former.
// ok says that another delivery was taken as this one was done.
func (s *Sender) deliver(ctx, last context.Context, d model.Delivery) (next model.Delivery, ok bool) {
	j, err := s.load(ctx, d)
	if err == nil {
		j.last = last
		err = s.step(ctx, j)
	}
	switch {
	case err == nil && j.more:
		return j.next, true
	case err == nil, ctx.Err() != nil:
	case errors.Is(err, ErrLeaseLost):
		s.log.Warn("lease lost", "delivery", d.ID, "error", err)
	default:
		s.log.Error("deliver", "delivery", d.ID, "error", err)
		s.giveBack(ctx, d, err)
	}
	return model.Delivery{}, false
}

// giveBack puts down a delivery that could not be worked on because of a fault
// of our own, so that it does not keep its account's lane until the lease ends.
// One that another sender has taken over meanwhile is not ours to put down.
func (s *Sender) giveBack(ctx context.Context, claimed model.Delivery, fault error) {
	d, err := s.store.Delivery(ctx, claimed.ID)
	if err == nil && d.Fence != claimed.Fence {
		return
	}
	if err == nil {
		h := happening{problem: model.ProblemOf(fault)}
		switch d.State {
		case model.StateChecking:
			h.event = EventNotChecked
		case model.StateUnknown:
			h.event = EventNotLooked
		case model.StateAccepted:
			h.event = EventNotRead
		case model.StateBooked, model.StateRefused, model.StateWithdrawn:
			h.event = EventNotSwept
		default:
			return // a delivery that is sending stays so until its lease is over
		}
		_, err = s.apply(ctx, d, h, nil)
	}
	if err != nil && ctx.Err() == nil {
		s.log.Error("give back", "delivery", claimed.ID, "error", err)
	}
}

func (s *Sender) load(ctx context.Context, d model.Delivery) (*job, error) {
	t, err := s.targets.Find(d.Target)
	if err != nil {
		return nil, err
	}
	entry, err := s.store.Entry(ctx, d.ID)
	if err != nil {
		return nil, fmt.Errorf("entry: %w", err)
	}
	account, err := s.store.Account(ctx, d.AccountID)
	if err != nil {
		return nil, fmt.Errorf("account %d: %w", d.AccountID, err)
	}
	return &job{d: d, entry: entry, target: t, access: target.Access{Account: account, Vault: s.store}}, nil
}

func (s *Sender) step(ctx context.Context, j *job) error {
	switch j.d.State {
	case model.StateChecking:
		return s.send(ctx, j)
	case model.StateSending:
		s.doubts.quiet(j.d.ID, s.settleWindow(j.d.Target))
		return s.change(ctx, j, happening{
			event:   EventLeaseOver,
			outcome: target.Outcome{Problem: unknownSince(j.d.SentAt)},
		})
	case model.StateUnknown:
		return s.lookUp(ctx, j)
	case model.StateAccepted:
		return s.prove(ctx, j)
	case model.StateBooked, model.StateRefused, model.StateWithdrawn:
		return s.sweep(ctx, j)
	}
	return fmt.Errorf("claimed in state %s", j.d.State)
}

// change applies an event to the job's delivery.
func (s *Sender) change(ctx context.Context, j *job, h happening) error {
	d, err := s.apply(ctx, j.d, h, nil)
	j.d = d
	return err
}

// send looks the key up, writes the intent down, sends, writes the outcome down
// and proves it.
func (s *Sender) send(ctx context.Context, j *job) error {
	if !j.access.Account.Authorised() {
		return s.change(ctx, j, unauthorised(j, EventNotChecked))
	}
	found, err := s.find(ctx, j)
	if err != nil {
		return s.change(ctx, j, s.failed(ctx, j, EventNotChecked, err))
	}
	if len(found) > 0 {
		return s.adopt(ctx, j, found)
	}
	evidence, err := s.prepare(ctx, j)
	if err != nil {
		if p := model.ProblemOf(err); p.Code != "internal" && !p.Retryable && p.Action != model.ActionSignIn {
			return s.change(ctx, j, happening{event: EventImpossible, problem: p})
		}
		return s.change(ctx, j, s.failed(ctx, j, EventNotChecked, err))
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	// From here on everything is written down: the intent is about to be durable.
	ending := ctx
	ctx = context.WithoutCancel(ctx)
	if written, err := s.intend(ctx, j, evidence); !written || err != nil {
		return err
	}
	outcome := s.post(j)
	if outcome.SignIn {
		s.expire(ctx, j, outcome.Problem)
	}
	if err := s.record(ctx, j, outcome); err != nil {
		return err
	}
	if j.d.State == model.StateAccepted && outcome.Class == target.Accepted && ending.Err() == nil {
		return s.prove(ending, j)
	}
	return nil
}

// unauthorised says that the account has to be signed in first.
func unauthorised(j *job, e Event) happening {
	return happening{
		event: e, after: time.Hour,
		problem: model.NewProblem("send.account_not_authorised", "account", j.access.Account.Name).With(model.ActionSignIn),
	}
}

// intend writes the intent down. Where the company was marked meanwhile as one
// that is never sent, the delivery is withdrawn instead and written is false.
func (s *Sender) intend(ctx context.Context, j *job, evidence map[string]string) (written bool, err error) {
	err = s.change(ctx, j, happening{event: EventIntent, evidence: evidence})
	var barred *model.Problem
	if errors.As(err, &barred) && (barred.Code == "send.test_company" || barred.Code == "send.debtor_blocked") {
		return false, s.change(ctx, j, happening{event: EventBarred, problem: barred})
	}
	return err == nil, err
}

// prepare fetches what must stand in the intent, within the time of a request.
func (s *Sender) prepare(ctx context.Context, j *job) (map[string]string, error) {
	ctx, cancel := context.WithTimeout(ctx, s.timing.Request)
	defer cancel()
	evidence, err := j.target.Prepare(ctx, j.access, j.delivery())
	s.observeCall(ctx, j, err)
	return evidence, err
}

// post sends once. The latest moment for the first byte counts from the time
// that stands in the intent, so that a computer that slept in between sends
// nothing.
func (s *Sender) post(j *job) target.Outcome {
	ctx := httpx.WithDeadline(j.last, j.d.SentAt.Add(s.timing.Deadline))
	ctx, cancel := context.WithTimeout(ctx, s.timing.Deadline+s.timing.Request)
	defer cancel()
	began := time.Now()
	o := j.target.Post(ctx, j.access, j.delivery())
	s.o.Observe(model.Call{Target: j.d.Target, Kind: "send", Outcome: string(o.Class), Took: time.Since(began)})
	s.observe(j, o)
	return o
}

// classEvents turn what was observed into what happens.
func classEvent(c target.Class) Event {
	switch c {
	case target.Accepted:
		return EventAccepted
	case target.Pending:
		return EventPending
	case target.NotSent:
		return EventNotSent
	case target.Deferred:
		return EventDeferred
	case target.Rejected:
		return EventRejected
	}
	return EventAmbiguous
}

// record writes the outcome of a sending down. It tries more than once, because
// an outcome that is not written down has to be found out again later.
func (s *Sender) record(ctx context.Context, j *job, o target.Outcome) error {
	h := happening{event: classEvent(o.Class), outcome: o, at: s.now()}
	s.doubts.quiet(j.d.ID, s.settleWindow(j.d.Target))
	if o.Class == target.Ambiguous && h.outcome.Problem == nil {
		h.outcome.Problem = unknownSince(j.d.SentAt)
	}
	var err error
	for range 5 {
		if err = s.change(ctx, j, h); err == nil || errors.Is(err, ErrLeaseLost) {
			return err
		}
	}
	return err
}

func unknownSince(t time.Time) *model.Problem {
	return model.NewProblem("delivery.outcome_unknown", "since", t.UTC().Format(time.RFC3339)).With(model.ActionCheckAgain)
}

// find looks the delivery's key up, within the time of a request.
func (s *Sender) find(ctx context.Context, j *job) ([]target.Booked, error) {
	ctx, cancel := context.WithTimeout(ctx, s.timing.Request)
	defer cancel()
	began := time.Now()
	found, err := j.target.Find(ctx, j.access, j.delivery())
	s.o.Observe(model.Call{Target: j.d.Target, Kind: "look_up", Outcome: lookedUp(found, err), Took: time.Since(began)})
	s.observeCall(ctx, j, err)
	return found, err
}

func lookedUp(found []target.Booked, err error) string {
	switch {
	case err != nil:
		return "failed"
	case len(found) > 0:
		return "found"
	}
	return "missed"
}

// lookUp finds out what became of a sending with unknown outcome.
func (s *Sender) lookUp(ctx context.Context, j *job) error {
	found, err := s.find(ctx, j)
	if err != nil {
		return s.change(ctx, j, s.failed(ctx, j, EventNotLooked, err))
	}
	if len(found) > 0 {
		s.doubts.over(j.d.ID)
		return s.adopt(ctx, j, found)
	}
	missed := happening{event: EventMissed, problem: unknownSince(j.d.SentAt)}
	if left := s.doubts.left(j.d.ID); left > 0 {
		missed.event, missed.after = EventNotLooked, left
		return s.change(ctx, j, missed)
	}
	s.doubts.quiet(j.d.ID, s.timingOf(j.d.Target).Settle/2)
	if err := s.change(ctx, j, missed); err != nil || j.d.State == model.StateUnknown {
		return err
	}
	s.doubts.over(j.d.ID)
	return nil
}

// adopt takes what the target has under the key as this delivery's booking, if
// it is exactly that and there is one only, or all are drafts of ours but one that
// can be made invalid later.
func (s *Sender) adopt(ctx context.Context, j *job, found []target.Booked) error {
	several := len(found) > 1
	if several {
		one, ok := s.oneOf(j, found)
		if !ok {
			return s.change(ctx, j, happening{event: EventDiffers, problem: model.NewProblem("delivery.found_twice", "numbers", numbersOf(found))})
		}
		found = []target.Booked{one}
	}
	if !equal(j.entry, found[0]) {
		return s.change(ctx, j, happening{event: EventDiffers, problem: differs(j.entry, found[0])})
	}
	if err := s.change(ctx, j, happening{event: EventFound, booked: found[0], several: several}); err != nil {
		return err
	}
	return s.prove(ctx, j)
}

func differs(sent model.Entry, found target.Booked) *model.Problem {
	sentDebit, sentCredit := sent.Totals()
	foundDebit, foundCredit := totals(found)
	return model.NewProblem("delivery.differs", "number", found.Number,
		"sent", fmt.Sprintf("%d, %s / %s", len(sent.Lines), sentDebit, sentCredit),
		"found", fmt.Sprintf("%d, %s / %s", len(found.Lines), foundDebit, foundCredit)).With(model.ActionCheckAgain)
}

// failed is the event of a call that changed nothing at the target.
func (s *Sender) failed(ctx context.Context, j *job, e Event, err error) happening {
	p := model.ProblemOf(err)
	h := happening{event: e, problem: p}
	var later *target.Later
	if errors.As(err, &later) {
		h.after = later.After
	}
	if p.Action == model.ActionSignIn {
		s.expire(ctx, j, p)
		h.after = time.Hour
	}
	return h
}

// expire marks the account as no longer signed in, so that its logo turns grey.
// Signing in again takes up what waited.
func (s *Sender) expire(ctx context.Context, j *job, p *model.Problem) {
	account, err := s.store.Account(ctx, j.d.AccountID)
	if err == nil {
		account.State, account.Problem, account.CheckedAt = model.AccountExpired, p, s.now()
		err = s.store.SaveAccount(ctx, &account)
	}
	if err != nil {
		s.log.Error("expire account", "account", j.d.AccountID, "error", err)
		return
	}
	s.changed()
}
