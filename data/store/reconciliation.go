package store

import (
	"context"

	"loonbrug/data/model"
)

// SaveReconciliation keeps what comparing with the targets gave and sets its id.
func (s *Store) SaveReconciliation(ctx context.Context, r *model.Reconciliation) error {
	return s.write(ctx, "save reconciliation", func(c conn) (err error) {
		if r.ID, err = c.newID("reconciliation"); err != nil {
			return err
		}
		sealed, err := s.sealJSON(comparisonCell(r.ID), r)
		if err != nil {
			return err
		}
		_, err = c.exec(`INSERT INTO reconciliation (id, done_at, sealed) VALUES ($1, $2, $3)`, r.ID, instant{&r.At}, sealed)
		return err
	})
}

// Reconciliation is the last one; one that was never made is
// [model.ErrNotFound].
func (s *Store) Reconciliation(ctx context.Context) (r model.Reconciliation, err error) {
	err = s.read(ctx, "reconciliation", func(c conn) error {
		var id int64
		var sealed []byte
		err := c.one([]any{&id, &sealed}, `SELECT id, sealed FROM reconciliation ORDER BY id DESC LIMIT 1`)
		if err != nil {
			return err
		}
		return s.openJSON(comparisonCell(id), sealed, &r)
	})
	return r, err
}

// DeliveriesIn are all deliveries in the books of an administration, oldest
// first.
func (s *Store) DeliveriesIn(ctx context.Context, target, administration string) (all []model.Delivery, err error) {
	return s.deliveriesWhere(ctx, `SELECT `+deliveryColumns+` FROM delivery
		WHERE target = $1 AND administration = $2 ORDER BY id`, target, administration)
}

// Exchanges are the reversals that were booked and that the entry of the later
// journal still has to follow.
func (s *Store) Exchanges(ctx context.Context) (all []model.Delivery, err error) {
	return s.deliveriesWhere(ctx, `SELECT `+deliveryColumns+` FROM delivery d
		WHERE kind = 'exchange' AND state = 'booked'
			AND NOT EXISTS (SELECT 1 FROM delivery f WHERE f.corrects = d.id AND f.corrects > 0) ORDER BY id`)
}

func (s *Store) deliveriesWhere(ctx context.Context, text string, args ...any) (all []model.Delivery, err error) {
	err = s.read(ctx, "deliveries", func(c conn) error {
		rows, err := list(c, deliveryFields, text, args...)
		for _, row := range rows {
			all = append(all, s.openDelivery(row))
		}
		return err
	})
	return all, err
}
