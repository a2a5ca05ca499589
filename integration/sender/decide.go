package sender

import (
	"context"
	"errors"
	"fmt"

	"loonbrug/data/model"
	"loonbrug/integration/target"
)

// Decision is what a person decided, for the history.
type Decision = model.Decision

// TakeBack undoes that a delivery was marked as sent by hand; it can be sent
// then.
func (s *Sender) TakeBack(ctx context.Context, id int64, by Decision) error {
	return s.decided(ctx, id, happening{event: EventTakenBack, by: by.By, reason: by.Reason})
}

// Keep writes down that a later journal of the run, by its number, changes
// nothing about a delivery that is done.
func (s *Sender) Keep(ctx context.Context, id int64, journal int, by Decision) error {
	return s.decided(ctx, id, happening{event: EventKept, by: by.By, reason: by.Reason, journal: journal})
}

// GiveUp writes down that what was booked is no longer at the target, so that it
// can be sent anew under another key. The target is asked once more before:
// problem "delivery.still_there".
func (s *Sender) GiveUp(ctx context.Context, id int64, by Decision) error {
	j, err := s.booked(ctx, id)
	if err != nil {
		return err
	}
	if j.d.State != model.StateBooked && (!j.d.Person || j.d.Problem == nil || j.d.Problem.Code != codeGone) {
		return model.NewProblem("delivery.not_gone", "key", j.d.Key)
	}
	found, err := s.find(ctx, j)
	if err != nil {
		return err
	}
	there, err := s.stillThere(ctx, j)
	if err != nil {
		return err
	}
	if there || len(found) > 0 {
		return model.NewProblem("delivery.still_there", "number", j.d.Number, "key", j.d.Key)
	}
	return s.settle(ctx, j.d, happening{event: EventGivenUp, by: by.By, reason: by.Reason})
}

// Invalidate makes a booking that waits for approval invalid at the target, and
// reads back that it is.
func (s *Sender) Invalidate(ctx context.Context, id int64, by Decision) error {
	j, err := s.booked(ctx, id)
	if err != nil {
		return err
	}
	t, can := j.target.(target.Invalidator)
	if !can || j.d.State != model.StateBooked {
		return model.NewProblem("delivery.not_invalidated", "number", j.d.Number)
	}
	call, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.timing.Request)
	defer cancel()
	o := t.Invalidate(call, j.access, j.delivery())
	if o.SignIn {
		s.expire(ctx, j, o.Problem)
	}
	there, err := s.stillThere(context.WithoutCancel(ctx), j)
	switch {
	case err != nil:
		return err
	case there && o.Problem != nil:
		return o.Problem
	case there:
		return model.NewProblem("delivery.not_invalidated", "number", j.d.Number)
	}
	return s.settle(ctx, j.d, happening{event: EventVoided, outcome: o, by: by.By, reason: by.Reason})
}

// booked is a delivery that the target has, or had, with what is needed to ask
// after it.
func (s *Sender) booked(ctx context.Context, id int64) (*job, error) {
	d, err := s.store.Delivery(ctx, id)
	if err != nil {
		return nil, fmt.Errorf("delivery %d: %w", id, err)
	}
	return s.load(ctx, d)
}

// stillThere reads a booking back. It fails rather than say no without knowing.
func (s *Sender) stillThere(ctx context.Context, j *job) (bool, error) {
	ctx, cancel := context.WithTimeout(ctx, s.timing.Request)
	defer cancel()
	b, o := j.target.ReadBack(ctx, j.access, j.delivery())
	switch {
	case o.SignIn:
		s.expire(ctx, j, o.Problem)
		return false, o.Problem
	case o.Class == target.Accepted:
		return len(b.Lines) > 0, nil
	case o.Problem != nil:
		return false, o.Problem
	}
	return false, model.NewProblem("delivery.not_read", "number", j.d.Number).Again()
}

func (s *Sender) decided(ctx context.Context, id int64, h happening) error {
	d, err := s.store.Delivery(ctx, id)
	if err != nil {
		return fmt.Errorf("delivery %d: %w", id, err)
	}
	return s.settle(ctx, d, h)
}

// settle applies what a person decided about a delivery that nobody works on.
func (s *Sender) settle(ctx context.Context, d model.Delivery, h happening) error {
	_, err := s.apply(context.WithoutCancel(ctx), d, h, nil)
	var notAllowed *ErrNotAllowed
	if errors.As(err, &notAllowed) || errors.Is(err, ErrLeaseLost) {
		return model.NewProblem("delivery.too_late", "key", d.Key).Because(err)
	}
	return err
}

// codeGone says that the target no longer has what it accepted.
const codeGone = "delivery.gone"
