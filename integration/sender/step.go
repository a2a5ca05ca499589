package sender

import (
	"context"
	"fmt"

	"loonbrug/data/model"
	"loonbrug/integration/target"
)

// apply moves a delivery by an event and stores it with an attempt. The end of
// ctx does not break that off.
func (s *Sender) apply(ctx context.Context, d model.Delivery, h happening, r *model.Receipt) (model.Delivery, error) {
	to, a, err := s.plan(d, h)
	if err != nil {
		return d, err
	}
	return s.written(d, to, h.event, s.store.Apply(context.WithoutCancel(ctx), d, to, a, r))
}

// applyAndClaim is apply, and takes the next delivery that is due in the same
// transaction.
func (s *Sender) applyAndClaim(ctx context.Context, d model.Delivery, h happening, r *model.Receipt) (done, next model.Delivery, ok bool, err error) {
	to, a, err := s.plan(d, h)
	if err != nil {
		return d, next, false, err
	}
	next, ok, err = s.store.ApplyAndClaim(context.WithoutCancel(ctx), d, to, a, r, s.claim())
	done, err = s.written(d, to, h.event, err)
	if ok {
		s.taken(next)
	}
	return done, next, ok, err
}

// plan is what becomes of a delivery by an event, and the attempt that says so.
func (s *Sender) plan(d model.Delivery, h happening) (to model.Delivery, a model.Attempt, err error) {
	if h.at.IsZero() {
		h.at = s.now()
	}
	h.drafts = s.hasDrafts(d.Target)
	to, err = next(d, h, s.timingOf(d.Target), s.personDecides(d.Target))
	if err != nil {
		return d, a, err
	}
	return to, model.Attempt{
		DeliveryID: d.ID, At: h.at, Fence: d.Fence, From: d.State, To: to.State,
		Event: string(h.event), Problem: to.Problem, Detail: h.outcome.Detail, By: h.by, Reason: h.reason,
	}, nil
}

// written takes in whether a step could be stored, and tells of it.
func (s *Sender) written(d, to model.Delivery, e Event, err error) (model.Delivery, error) {
	s.noteWritten(err)
	if err != nil {
		return d, fmt.Errorf("delivery %d, %s: %w", d.ID, e, err)
	}
	s.tellOf(to, e)
	return to, nil
}

// tellOf tells the log and everybody who looks on what happened to a delivery.
func (s *Sender) tellOf(d model.Delivery, e Event) {
	log := s.log.With("delivery", d.ID, "key", d.Key, "event", e, "state", d.State)
	if d.Problem != nil {
		log = log.With("problem", d.Problem.Error())
	}
	log.Info("delivery")
	s.changed()
}

func (s *Sender) hasDrafts(id string) bool {
	t, err := s.targets.Find(id)
	_, can := t.(target.Drafter)
	return err == nil && can
}

func (s *Sender) personDecides(id string) bool {
	t, err := s.targets.Find(id)
	return err != nil || t.Describe().PersonDecides
}
