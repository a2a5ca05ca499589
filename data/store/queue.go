package store

import (
	"context"
	"fmt"

	"loonbrug/data/model"
)

// Queue writes deliveries with their entries, all or none, and sets the ids of
// items. A delivery with id zero is inserted; another takes the place of the
// refused or withdrawn one with that id. A delivery without a not-before is due
// since it was created, so that new work and repeats take their turns by age.
//
// What happened at the target is never forgotten: a delivery that takes the
// place of one that was sent keeps its evidence, its count of sendings and the
// time of the last, and the fence rises, so that a sender still at work on the
// old one can write nothing.
//
// A note becomes the first step of the delivery's history, or the next one.
//
// Problems: delivery.exists (the period has a live delivery at that
// administration, or the one to replace is live), delivery.key_taken,
// delivery.entry_changed (it was sent, with another entry).
func (s *Store) Queue(ctx context.Context, items []model.Queued) error {
	ids := make([]int64, len(items))
	err := s.write(ctx, "queue deliveries", func(c conn) error {
		for i, item := range items {
			d := item.Delivery
			if d.NotBefore.IsZero() {
				d.NotBefore = d.CreatedAt
			}
			id, err := s.queue(c, d, item.Entry)
			if err == nil && item.Note != nil {
				note := *item.Note
				note.DeliveryID, note.To, note.Fence = id, d.State, d.Fence
				err = s.appendAttempt(c, note, nil)
			}
			if err != nil {
				return fmt.Errorf("delivery %s: %w", d.Key, err)
			}
			if item.Note == nil {
				c.tell(queuedEvent(id, d))
			}
			ids[i] = id
		}
		return nil
	})
	if err != nil {
		return err
	}
	for i := range items {
		items[i].Delivery.ID = ids[i]
	}
	return nil
}

// queuedEvent tells of a delivery that no step tells of yet.
func queuedEvent(id int64, d model.Delivery) model.Event {
	e := model.Event{At: d.UpdatedAt, Kind: model.EventDeliveryQueued, Subject: id, Name: d.Key}
	e.Changes = []model.FieldChange{{Field: "entry", New: d.EntryHash}, {Field: "state", New: string(d.State)}}
	if d.Problem != nil {
		e.Changes = append(e.Changes, model.FieldChange{Field: "problem", New: d.Problem.Code})
	}
	return e
}

func (s *Store) queue(c conn, d model.Delivery, e model.Entry) (id int64, err error) {
	var holder int64
	found, err := c.maybe([]any{&holder}, `SELECT id FROM delivery WHERE key = $1`, d.Key)
	if err != nil {
		return 0, err
	}
	if found && holder != d.ID {
		return 0, deliveryProblem("delivery.key_taken", d)
	}
	if d.ID == 0 {
		err = s.insertDelivery(c, &d)
	} else {
		err = s.replaceDelivery(c, d)
	}
	if isDuplicate(err) {
		return 0, deliveryProblem("delivery.exists", d).Because(err)
	}
	if err != nil {
		return 0, err
	}
	sealed, err := s.sealEntry(c, d, e)
	if err != nil {
		return 0, err
	}
	err = c.later(`
		INSERT INTO entry (delivery_id, sealed) VALUES ($1, $2)
		ON CONFLICT (delivery_id) DO UPDATE SET sealed = excluded.sealed`, d.ID, sealed)
	if err != nil {
		return 0, err
	}
	return d.ID, c.later(`
		INSERT INTO turn (account_id, company_id, served) VALUES ($1, $2, 0)
		ON CONFLICT (account_id, company_id) DO NOTHING`, d.AccountID, d.CompanyID)
}

func (s *Store) sealEntry(c conn, d model.Delivery, e model.Entry) ([]byte, error) {
	k, err := s.keyToSeal(c, d.RunID)
	if err != nil {
		return nil, err
	}
	plain, err := entryCell(d.ID).write(e)
	if err != nil {
		return nil, err
	}
	return k.seal(entryCell(d.ID), plain), nil
}

func (s *Store) insertDelivery(c conn, d *model.Delivery) (err error) {
	if d.ID, err = c.newID("delivery"); err != nil {
		return err
	}
	row, err := s.sealDelivery(*d)
	if err != nil {
		return err
	}
	_, err = c.exec(`INSERT INTO delivery (`+deliveryColumns+`)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20,
			$21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34)`, deliveryFields(&row)...)
	return err
}

// replaceDelivery puts a delivery in the place of one that is over without a
// booking.
func (s *Store) replaceDelivery(c conn, d model.Delivery) error {
	var old deliveryRow
	if err := c.one(deliveryFields(&old), `SELECT `+deliveryColumns+` FROM delivery WHERE id = $1`, d.ID); err != nil {
		return err
	}
	if old.State != model.StateRefused && old.State != model.StateWithdrawn {
		return deliveryProblem("delivery.exists", d)
	}
	if old.RunID != d.RunID || old.Target != d.Target || old.Administration != d.Administration || old.Period != d.Period {
		return fmt.Errorf("delivery %d is for another booking", d.ID)
	}
	if old.Sends > 0 {
		if old.EntryHash != d.EntryHash || old.Key != d.Key {
			return deliveryProblem("delivery.entry_changed", d)
		}
		d.Evidence, d.Sends, d.SentAt = old.Evidence, old.Sends, old.SentAt
		d.SweepAt, d.Sweeps = old.SweepAt, old.Sweeps
		d.LeaseUntil = old.LeaseUntil // a look for what is too many may still be under way
	}
	d.Fence, d.CreatedAt = old.Fence+1, old.CreatedAt
	row, err := s.sealDelivery(d)
	if err != nil {
		return err
	}
	changed, err := c.exec(`
		UPDATE delivery SET run_id = $2, mapping_id = $3, company_id = $4, account_id = $5, target = $6,
			administration = $7, year = $8, period = $9, revision = $10, key = $11, reference = $12, state = $13,
			approval = $14, number = $15, evidence = $16, problem_code = $17, problem = $18, person = $19,
			fence = $20, lease_until = $21, not_before = $22, sent_at = $23, sends = $24, misses = $25,
			entry_hash = $26, created_at = $27, updated_at = $28, kind = $29, corrects = $30, journal_number = $31,
			made_by = $32, sweep_at = $33, sweeps = $34
		WHERE id = $1 AND fence = $20 - 1 AND state IN ('refused', 'withdrawn')`, deliveryFields(&row)...)
	if err == nil && changed == 0 {
		return model.ErrLeaseLost
	}
	return err
}

func deliveryProblem(code string, d model.Delivery) *model.Problem {
	return model.NewProblem(code, "target", d.Target, "administration", d.Administration,
		"period", d.Period.String(), "key", d.Key)
}
