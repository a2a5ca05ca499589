package store

import (
	"context"
	"fmt"
	"math"
	"time"

	"loonbrug/data/model"
)

// Remove takes runs away with everything that is known of them: deliveries, their
// steps and their receipts. A run that was not erased before, of which anything is
// unfinished, that waits for a person or that another run names is left alone. The
// history tells of each delivery and each run that goes. It gives the number of
// runs that went.
func (s *Store) Remove(ctx context.Context, at time.Time, runIDs ...int64) (removed int, err error) {
	if len(runIDs) == 0 {
		return 0, nil
	}
	return s.shred(ctx, "remove runs", func() (int, error) {
		for _, id := range runIDs {
			gone := false
			err := s.write(ctx, fmt.Sprintf("remove run %d", id), func(c conn) (err error) {
				var reference string
				if reference, gone, err = removable(c, id); err != nil || !gone {
					return err
				}
				return s.engine.unguarded(c, func() error { return removeRun(c, id, reference, at) })
			})
			if err != nil {
				return removed, err
			}
			if gone {
				removed++
			}
		}
		return removed, nil
	})
}

// removable tells whether a run may go, and its reference.
func removable(c conn, id int64) (reference string, may bool, err error) {
	may, err = c.maybe([]any{&reference}, `
		SELECT reference FROM run WHERE id = $1 AND erased_at > 0 AND hold <> 'same'
			AND NOT EXISTS (SELECT 1 FROM journal_key k WHERE k.run_id = run.id)
			AND NOT EXISTS (SELECT 1 FROM run o WHERE o.other_id = run.id AND o.other_id > 0 AND o.id <> run.id)
			AND NOT EXISTS (SELECT 1 FROM delivery d WHERE d.run_id = run.id
				AND (person = 1 OR approval = 'waiting' OR sweep_at > 0 OR `+waits+`))`, id)
	return reference, may, err
}

func removeRun(c conn, id int64, reference string, at time.Time) error {
	deliveries, err := list(c, func(d *model.Delivery) []any { return []any{&d.ID, &d.Key} }, `
		SELECT id, key FROM delivery WHERE run_id = $1 ORDER BY id`, id)
	if err != nil {
		return err
	}
	for _, text := range []string{
		`DELETE FROM attempt WHERE delivery_id IN (SELECT id FROM delivery WHERE run_id = $1)`,
		`DELETE FROM receipt WHERE delivery_id IN (SELECT id FROM delivery WHERE run_id = $1)`,
		`DELETE FROM delivery WHERE run_id = $1`,
		`DELETE FROM acknowledgement WHERE run_id = $1`,
		`DELETE FROM run_digest WHERE run_id = $1`,
		`DELETE FROM run_journal WHERE run_id = $1`,
		`DELETE FROM snapshot WHERE run_id = $1`,
		`DELETE FROM run WHERE id = $1`,
	} {
		if _, err := c.exec(text, id); err != nil {
			return err
		}
	}
	for _, d := range deliveries {
		c.tell(model.Event{At: at, Kind: model.EventDeliveryRemoved, Subject: d.ID, Name: d.Key})
	}
	c.tell(model.Event{At: at, Kind: model.EventRunRemoved, Subject: id, Name: reference})
	return nil
}

// CutHistory takes away the oldest rows of the history: those before the first one
// of that time or later, and before the first one that tells of a step or a receipt
// that is still there. A row of its own holds the number and the hash of the last
// row that went, so that [Store.Verify] finds what else is missing. A history that
// does not hold is left as it is. It gives the number of rows that went.
func (s *Store) CutHistory(ctx context.Context, at, before time.Time) (rows int64, err error) {
	var last link
	err = s.read(ctx, "rows to cut off", func(c conn) (err error) {
		last, err = lastBefore(c, before)
		return err
	})
	if err != nil || last.number == 0 {
		return 0, err
	}
	if v, err := s.Verify(ctx); err != nil || len(v.Breaches) > 0 {
		return 0, err
	}
	_, err = s.shred(ctx, "cut the history", func() (int, error) {
		err := s.write(ctx, "cut the history", func(c conn) (err error) {
			rows, err = c.exec(`DELETE FROM history WHERE number <= $1`, last.number)
			c.tellAs(historyRow{
				Event: model.Event{At: at, Kind: model.EventHistoryCut, Subject: last.number, Name: fmt.Sprintf("1–%d", last.number)},
				step:  last.hash,
			})
			return err
		})
		return int(rows), err
	})
	return rows, err
}

// lastBefore is the last row that may go; zero is none.
func lastBefore(c conn, before time.Time) (last link, err error) {
	_, err = c.maybe([]any{&last.number, &last.hash}, `
		SELECT number, hash FROM history
		WHERE number < COALESCE((SELECT number FROM history WHERE happened_at >= $1 ORDER BY number LIMIT 1), $3)
			AND number < COALESCE((SELECT number FROM history
				WHERE (step <> '' OR receipt <> '') AND kind <> $2 AND subject IN (SELECT id FROM delivery)
				ORDER BY number LIMIT 1), $3)
		ORDER BY number DESC LIMIT 1`, instant{&before}, model.EventHistoryCut, int64(math.MaxInt64))
	return last, err
}

// cutAt is the last row that was cut off, as the newest row about that has it.
func cutAt(c conn) (at link, err error) {
	_, err = c.maybe([]any{&at.number, &at.hash}, `
		SELECT subject, step FROM history WHERE kind = $1 ORDER BY number DESC LIMIT 1`, model.EventHistoryCut)
	return at, err
}
