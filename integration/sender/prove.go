package sender

import (
	"context"
	"errors"
	"time"

	"loonbrug/data/model"
	"loonbrug/integration/target"
)

// prove reads back what the target accepted and compares it to the cent.
func (s *Sender) prove(ctx context.Context, j *job) error {
	read, cancel := context.WithTimeout(ctx, s.timing.Request)
	defer cancel()
	booked, o := j.target.ReadBack(read, j.access, j.delivery())
	if ctx.Err() != nil && o.Class != target.Accepted {
		return ctx.Err() // read back by the next sender
	}
	s.observe(j, o)
	switch {
	case o.SignIn:
		s.expire(ctx, j, o.Problem)
		return s.change(ctx, j, happening{event: EventNotRead, problem: o.Problem, after: time.Hour})
	case o.Class == target.Pending:
		return s.change(ctx, j, happening{event: EventPending, outcome: o})
	case o.Class == target.Rejected:
		return s.change(ctx, j, happening{event: EventRejected, outcome: o})
	case o.Class != target.Accepted:
		return s.change(ctx, j, happening{event: EventNotRead, problem: o.Problem, after: o.RetryAfter})
	case len(booked.Lines) == 0:
		return s.change(ctx, j, happening{event: EventGone, problem: model.NewProblem(codeGone, "number", j.d.Number).With(model.ActionCheckAgain)})
	case !equal(j.entry, booked):
		return s.change(ctx, j, happening{event: EventDiffers, problem: differs(j.entry, booked)})
	}
	return s.approve(ctx, j, booked)
}

// mostApprovals are the failures after which approving is left to a person.
const mostApprovals = 3

// approve has a proved booking approved at the target where its entry asks for
// that, and books it. A booking that the target will not approve is booked all
// the same, waits there for a person, and says why.
func (s *Sender) approve(ctx context.Context, j *job, b target.Booked) error {
	approver, can := j.target.(target.Approver)
	if !j.entry.Approve || !can || b.Approval != model.ApprovalWaiting {
		return s.book(ctx, j, b, nil)
	}
	call, cancel := context.WithTimeout(ctx, s.timing.Request)
	defer cancel()
	d := j.delivery()
	d.Evidence = merged(d.Evidence, b.Evidence)
	o := approver.Approve(call, j.access, d)
	s.observe(j, o)
	if o.SignIn {
		s.expire(ctx, j, o.Problem)
		return s.change(ctx, j, happening{event: EventUnapproved, problem: o.Problem, after: time.Hour})
	}
	if o.Class == target.Accepted {
		again, read := j.target.ReadBack(call, j.access, j.delivery())
		if read.Class == target.Accepted && equal(j.entry, again) && again.Approval != model.ApprovalWaiting {
			return s.book(ctx, j, again, nil)
		}
		o = target.Outcome{Class: target.Pending, Problem: model.NewProblem("delivery.not_approved", "number", firstOf(b.Number, j.d.Number))}
	}
	if o.Class != target.Rejected && j.d.Misses < mostApprovals {
		return s.change(ctx, j, happening{event: EventUnapproved, outcome: o, problem: o.Problem, after: o.RetryAfter})
	}
	return s.book(ctx, j, b, o.Problem)
}

// book writes down that a booking was proved, with what is left to say of it, and
// takes what is due next at once.
func (s *Sender) book(ctx context.Context, j *job, b target.Booked, p *model.Problem) error {
	at := s.now()
	debit, credit := totals(b)
	r := &model.Receipt{
		DeliveryID: j.d.ID, Number: firstOf(b.Number, j.d.Number), BookedAt: at, Approval: b.Approval,
		Lines: len(b.Lines), Debit: debit, Credit: credit, EntryHash: j.d.EntryHash, Extra: b.Evidence,
		Key: j.d.Key, User: j.d.By, ReadHash: model.HashLines(b.Lines), Head: j.entry,
	}
	r.Head.Lines, r.Head.Notices = nil, nil
	if b.Status != "" {
		r.Extra = merged(r.Extra, map[string]string{"status": b.Status})
	}
	h := happening{event: EventProved, at: at, booked: b, problem: p}
	if !s.goesOn(ctx) {
		d, err := s.apply(ctx, j.d, h, r)
		j.d = d
		return err
	}
	d, next, more, err := s.applyAndClaim(ctx, j.d, h, r)
	if err != nil && !errors.Is(err, ErrLeaseLost) {
		// The fault may lie with the next one, and must not cost this one its proof.
		d, err = s.apply(ctx, j.d, h, r)
	}
	j.d, j.next, j.more = d, next, more
	if more && next.AccountID != d.AccountID {
		s.nudge() // the account that became free may have more
	}
	return err
}
