package store

import (
	"context"
	"fmt"
	"time"

	"loonbrug/data/model"
)

// Erase takes away the key of each run's journals and entries, and their bytes:
// from then on nobody can read them. What is known of the run without them stays,
// as do its deliveries, receipts and history. A run of which a delivery is not
// finished, or that is erased already, is left alone. It gives the number of runs
// that were erased.
//
// Copies of the database that were made before hold what is gone, so a new one
// takes their place.
func (s *Store) Erase(ctx context.Context, at time.Time, runIDs ...int64) (erased int, err error) {
	if err := s.engine.overwriting(ctx, s.writer, true); err != nil {
		return 0, s.explain("erase runs", err)
	}
	for _, id := range runIDs {
		err = s.write(ctx, fmt.Sprintf("erase run %d", id), func(c conn) error {
			done, err := eraseRun(c, id, at)
			if done {
				erased++
			}
			return err
		})
		if err != nil {
			break
		}
	}
	if off := s.engine.overwriting(ctx, s.writer, false); err == nil {
		err = off
	}
	if err == nil && erased > 0 {
		err = s.engine.renewCopies(ctx, s.writer)
	}
	return erased, s.explain("erase runs", err)
}

func eraseRun(c conn, id int64, at time.Time) (done bool, err error) {
	var reference string
	found, err := c.maybe([]any{&reference}, `
		UPDATE run SET erased_at = $2 WHERE id = $1 AND erased_at = 0
			AND NOT EXISTS (SELECT 1 FROM delivery d WHERE d.run_id = run.id AND `+waits+`)
		RETURNING reference`, id, millis(at))
	if err != nil || !found {
		return false, err
	}
	for _, text := range []string{
		`DELETE FROM journal_key WHERE run_id = $1`,
		`UPDATE snapshot SET raw = '', journal = '' WHERE run_id = $1`,
		`UPDATE run_journal SET raw = '', journal = '' WHERE run_id = $1`,
		`DELETE FROM entry WHERE delivery_id IN (SELECT id FROM delivery WHERE run_id = $1)`,
	} {
		if _, err := c.exec(text, id); err != nil {
			return false, err
		}
	}
	c.tell(model.Event{At: at, Kind: model.EventRunErased, Subject: id, Name: reference})
	return true, nil
}
