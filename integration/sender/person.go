package sender

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"loonbrug/data/model"
)

// Withdraw takes back a delivery that is still queued and never left. One that
// is being checked, or was sent before, can no longer be withdrawn: problem
// "delivery.too_late".
func (s *Sender) Withdraw(ctx context.Context, id int64) error {
	return s.person(ctx, id, happening{event: EventWithdrawn})
}

// LookAgain looks a delivery up once more, as soon as its settle window allows.
func (s *Sender) LookAgain(ctx context.Context, id int64) error {
	return s.person(ctx, id, happening{event: EventLookAgain})
}

// SendAgain sends a delivery again that the target was asked for in vain and
// that only a person may settle.
func (s *Sender) SendAgain(ctx context.Context, id int64, by Decision) error {
	return s.person(ctx, id, happening{event: EventSendAgain, by: by.By, reason: by.Reason})
}

// Resume takes up what waited for an account, after it has signed in again.
func (s *Sender) Resume(ctx context.Context, accountID int64) error {
	err := s.store.EndPause(ctx, model.PauseAccount, accountID)
	if err == nil {
		err = s.store.Resume(ctx, accountID)
	}
	if err != nil {
		return fmt.Errorf("resume account %d: %w", accountID, err)
	}
	s.Hear()
	s.o.Ring()
	return nil
}

func (s *Sender) person(ctx context.Context, id int64, h happening) error {
	d, err := s.store.Delivery(ctx, id)
	if err != nil {
		return fmt.Errorf("delivery %d: %w", id, err)
	}
	if h.event == EventSendAgain && (!d.Person || d.Misses < missesNeeded) {
		return model.NewProblem("delivery.not_settled", "key", d.Key)
	}
	if h.event == EventWithdrawn && d.Sends > 0 {
		return model.NewProblem("delivery.too_late", "key", d.Key)
	}
	return s.decide(ctx, d, h)
}

// decide applies what a person decided.
func (s *Sender) decide(ctx context.Context, d model.Delivery, h happening) error {
	_, err := s.apply(ctx, d, h, nil)
	var notAllowed *ErrNotAllowed
	if errors.As(err, &notAllowed) || errors.Is(err, ErrLeaseLost) {
		return model.NewProblem("delivery.too_late", "key", d.Key).Because(err)
	}
	s.nudge()
	return err
}

// SettleBooked takes a person's word that a delivery is booked under a number.
// It is for what the program could not find out: the target is asked once more
// before, and where it has exactly this entry, that counts and not the word. A
// target that cannot be asked now is an error. Number and reason must be given:
// problem "delivery.settle_incomplete".
func (s *Sender) SettleBooked(ctx context.Context, id int64, number string, by Decision) error {
	number, by.Reason = strings.TrimSpace(number), strings.TrimSpace(by.Reason)
	if number == "" || by.Reason == "" {
		return model.NewProblem("delivery.settle_incomplete")
	}
	d, err := s.store.Delivery(ctx, id)
	if err != nil {
		return fmt.Errorf("delivery %d: %w", id, err)
	}
	if !d.Person || d.State != model.StateUnknown {
		return model.NewProblem("delivery.not_settled", "key", d.Key)
	}
	j, err := s.load(ctx, d)
	if err != nil {
		return err
	}
	j.last = ctx
	found, err := s.find(ctx, j)
	if err != nil {
		return fmt.Errorf("look delivery %d up: %w", id, err)
	}
	if len(found) == 1 && equal(j.entry, found[0]) {
		return s.decide(ctx, d, happening{event: EventFound, booked: found[0], by: by.By, reason: by.Reason})
	}
	h := happening{event: EventSettled, by: by.By, reason: by.Reason}
	h.booked.Number, h.outcome.Detail = number, number
	return s.decide(ctx, d, h)
}
