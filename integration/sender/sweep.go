package sender

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"loonbrug/data/model"
	"loonbrug/integration/httpx"
	"loonbrug/integration/target"
)

// sweeps are the waits before each look for drafts too many under the key of a
// delivery that was in doubt, in units of [Timing.Sweep]: after 1, 5 and 15
// minutes, then ever more seldom up to two days. They count from one look to the
// next, so that a clock that is set forward leaves none out.
var sweeps = [...]time.Duration{1, 4, 10, 45, 3 * 60, 8 * 60, 12 * 60, 24 * 60}

// codeOrphan says that a booking too many stands under the key of a delivery.
const codeOrphan = "delivery.orphan"

// sweepSoon begins the looks for drafts too many anew.
func sweepSoon(d *model.Delivery, h happening, after time.Duration) {
	if h.drafts {
		d.Sweeps, d.SweepAt = 0, h.at.Add(after)
	}
}

// toSwept plans the next look, and shows what could not be put right, or what was
// there before once that no longer has to be.
func toSwept(d *model.Delivery, h happening, t Timing, _ bool) {
	d.Sweeps, d.Misses, d.SweepAt, d.LeaseUntil = d.Sweeps+1, 0, time.Time{}, time.Time{}
	if d.Sweeps < len(sweeps) {
		d.SweepAt = h.at.Add(sweeps[d.Sweeps] * t.Sweep)
	}
	if h.problem != nil || isOrphan(*d) {
		d.Problem = h.problem
	}
}

func sweepLater(d *model.Delivery, h happening, _ Timing, _ bool) {
	d.SweepAt, d.LeaseUntil = h.at.Add(max(h.after, wait(backoff[:], d.Misses))), time.Time{}
	d.Misses++
}

func sweepNow(d *model.Delivery, h happening, _ Timing, _ bool) { d.SweepAt = h.at }

func stays(*model.Delivery, happening, Timing, bool) {}

// Sweep looks at once for bookings too many under the key of a delivery that is
// over, where it was in doubt before: the comparison with the target's books has
// found some. Of a delivery that was never in doubt every sending is accounted
// for, so that what is too many is somebody else's, and is left to a person.
func (s *Sender) Sweep(ctx context.Context, id int64) error {
	d, err := s.store.Delivery(ctx, id)
	if err != nil {
		return fmt.Errorf("delivery %d: %w", id, err)
	}
	if d.Sweeps == 0 && d.SweepAt.IsZero() {
		return nil
	}
	return s.decide(ctx, d, happening{event: EventSweepNow})
}

// sweep looks once more at what the target has under the key of a delivery that
// is over, and makes invalid there what is too many. What is approved already,
// was changed by somebody, or cannot be made invalid is shown to a person.
func (s *Sender) sweep(ctx context.Context, j *job) error {
	drafter, can := j.target.(target.Drafter)
	if !can {
		return s.change(ctx, j, happening{event: EventSwept})
	}
	if !j.access.Account.Authorised() {
		return s.change(ctx, j, unauthorised(j, EventNotSwept))
	}
	found, err := s.find(ctx, j)
	if err != nil {
		return s.change(ctx, j, s.failed(ctx, j, EventNotSwept, err))
	}
	extra := slices.Clone(found)
	extra = slices.DeleteFunc(extra, func(b target.Booked) bool { return drafter.Adopted(j.delivery(), b) })
	invalidator, able := j.target.(target.Invalidator)
	// Whoever took away what was booked may have kept another one in its place.
	able = able && (j.d.State != model.StateBooked || len(extra) < len(found))
	var left []target.Booked
	for _, b := range extra {
		if !able || b.Approval != model.ApprovalWaiting || !equal(j.entry, b) {
			left = append(left, b)
			continue
		}
		gone, err := s.discard(ctx, j, invalidator, b)
		if err != nil || j.d.LeaseUntil.IsZero() { // it is put down until later
			return err
		}
		if !gone {
			left = append(left, b)
		}
	}
	swept := happening{event: EventSwept, outcome: target.Outcome{Detail: j.d.Number}}
	switch {
	case len(left) > 0:
		swept.outcome.Detail += " / " + numbersOf(left)
		swept.problem = model.NewProblem(codeOrphan, "number", j.d.Number, "numbers", numbersOf(left)).With(model.ActionCheckAgain)
	case isOrphan(j.d):
		if swept.problem, err = s.overBecause(ctx, j.d); err != nil {
			return err
		}
	}
	return s.change(ctx, j, swept)
}

func isOrphan(d model.Delivery) bool { return d.Problem != nil && d.Problem.Code == codeOrphan }

// overBecause is the problem that a delivery came to its end with, such as the
// reason of a refusal, before a booking too many took its place; nil for none.
func (s *Sender) overBecause(ctx context.Context, d model.Delivery) (p *model.Problem, err error) {
	attempts, err := s.store.Attempts(ctx, d.ID)
	if err != nil {
		return nil, fmt.Errorf("attempts of delivery %d: %w", d.ID, err)
	}
	for _, a := range attempts {
		if a.From != a.To && a.To == d.State {
			p = a.Problem
		}
	}
	return p, nil
}

// discard makes one draft too many invalid and reads back that it is. Both are
// written down, and the request may not leave so late that the next owner of the
// delivery is at work already. What may be done later puts the delivery down.
func (s *Sender) discard(ctx context.Context, j *job, t target.Invalidator, b target.Booked) (gone bool, err error) {
	if ctx.Err() != nil {
		return false, ctx.Err()
	}
	latest := j.d.LeaseUntil.Add(-s.timing.Request)
	found := happening{event: EventOrphan, outcome: target.Outcome{Detail: j.d.Number + " / " + b.Number}}
	if err := s.change(ctx, j, found); err != nil {
		return false, err
	}
	d := j.delivery()
	d.Evidence = b.Evidence
	call, cancel := context.WithTimeout(httpx.WithDeadline(j.last, latest), s.timing.Request)
	defer cancel()
	o := t.Invalidate(call, j.access, d)
	s.observe(j, o)
	if o.SignIn {
		s.expire(ctx, j, o.Problem)
		return false, s.change(ctx, j, happening{event: EventNotSwept, problem: o.Problem, after: time.Hour})
	}
	again, read := j.target.ReadBack(call, j.access, d)
	switch {
	case read.Class == target.Accepted && len(again.Lines) == 0:
		return true, s.change(ctx, j, happening{event: EventDiscarded, outcome: found.outcome})
	case o.Class == target.Rejected, read.Class == target.Accepted && again.Approval != model.ApprovalWaiting:
		return false, nil
	}
	return false, s.change(ctx, j, happening{event: EventNotSwept, outcome: o, problem: o.Problem, after: o.RetryAfter})
}

// oneOf chooses among several drafts that stand under the key: the one that
// somebody has approved, else the one that is adopted already, else the oldest.
// ok is false where a person has to choose: the target does not let the others be
// made invalid, two are approved, or one has another content.
func (s *Sender) oneOf(j *job, found []target.Booked) (one target.Booked, ok bool) {
	drafter, can := j.target.(target.Drafter)
	if _, able := j.target.(target.Invalidator); !can || !able {
		return one, false
	}
	approved := 0
	one = found[0]
	for _, b := range found {
		switch {
		case !equal(j.entry, b):
			return one, false
		case b.Approval != model.ApprovalWaiting:
			approved++
			one = b
		case approved == 0 && drafter.Adopted(j.delivery(), b):
			one = b
		}
	}
	return one, approved <= 1
}

func numbersOf(found []target.Booked) string {
	numbers := make([]string, len(found))
	for i, b := range found {
		numbers[i] = b.Number
	}
	return strings.Join(numbers, ", ")
}
