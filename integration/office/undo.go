package office

import (
	"context"
	"fmt"
	"strings"

	"loonbrug/data/journal"
	"loonbrug/data/model"
)

// MarkByHand writes down that somebody booked periods of a run by hand, so that
// they are not sent. No periods are all that nothing was sent of. A period that
// is under way or done is left as it is; while the person's reason is missing
// nothing is marked: problem "undo.no_reason".
func (f *Office) MarkByHand(ctx context.Context, runID, mappingID int64, periods []journal.Period, reason string) (model.RunTarget, error) {
	if err := f.mayMapping(ctx, model.ActSend, mappingID); err != nil {
		return model.RunTarget{}, err
	}
	by, err := f.decision(reason)
	if err != nil {
		return model.RunTarget{}, err
	}
	row, m, err := f.runAndMapping(ctx, runID, mappingID)
	if err != nil {
		return model.RunTarget{}, err
	}
	plan, err := f.plan(ctx, row, m, Consent{})
	if err != nil {
		return model.RunTarget{}, err
	}
	wanted := make(map[journal.Period]bool)
	for _, p := range periods {
		wanted[p] = true
	}
	var items []model.Queued
	for _, p := range plan {
		if p.live || len(wanted) > 0 && !wanted[p.delivery.Period] {
			continue
		}
		from := model.StateReady
		if p.delivery.ID != 0 {
			old, err := f.o.Store.Delivery(ctx, p.delivery.ID)
			if err != nil {
				return model.RunTarget{}, fmt.Errorf("delivery %d: %w", p.delivery.ID, err)
			}
			from = old.State
		}
		p.delivery.State = model.StateMarked
		items = append(items, model.Queued{Delivery: p.delivery, Entry: p.entry, Note: &model.Attempt{
			At: f.o.Now(), From: from, Event: "marked", By: by.By, Reason: by.Reason,
		}})
	}
	if len(items) == 0 {
		return model.RunTarget{}, model.NewProblem("undo.nothing_to_mark", "run", row.Run.Description)
	}
	if err := f.o.Store.Queue(ctx, items); err != nil {
		return model.RunTarget{}, err
	}
	f.changed()
	return f.logoOf(ctx, runID, mappingID)
}

// TakeBack undoes [Office.MarkByHand] for one delivery, which can be sent then.
func (f *Office) TakeBack(ctx context.Context, deliveryID int64, reason string) error {
	if err := f.mayDelivery(ctx, model.ActSend, deliveryID); err != nil {
		return err
	}
	by, err := f.decision(reason)
	if err != nil {
		return err
	}
	defer f.changed()
	return f.o.Mailbox.TakeBack(ctx, deliveryID, by)
}

// SendAnew writes down that a booking is no longer at its target, and sends the
// period again under another key. The target is asked before: problem
// "delivery.still_there".
func (f *Office) SendAnew(ctx context.Context, deliveryID int64, reason string) error {
	if err := f.mayDelivery(ctx, model.ActSend, deliveryID); err != nil {
		return err
	}
	by, err := f.decision(reason)
	if err != nil {
		return err
	}
	d, err := f.o.Store.Delivery(ctx, deliveryID)
	if err != nil {
		return fmt.Errorf("delivery %d: %w", deliveryID, err)
	}
	if err := f.o.Mailbox.GiveUp(ctx, deliveryID, by); err != nil {
		return err
	}
	f.changed()
	_, err = f.sendPeriods(ctx, d.RunID, d.MappingID, []journal.Period{d.Period}, Consent{})
	return err
}

// decision is what a person decided; without a reason it is none.
func (f *Office) decision(reason string) (model.Decision, error) {
	reason = strings.TrimSpace(reason)
	if reason == "" {
		return model.Decision{}, model.NewProblem("undo.no_reason")
	}
	return model.Decision{By: f.o.User, Reason: reason}, nil
}
