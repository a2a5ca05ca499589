package store

import (
	"context"
	"fmt"
	"slices"
	"time"

	"loonbrug/data/model"
)

// Erase takes away the key of each run's journals and entries, and their bytes:
// from then on nobody can read them. What is known of the run without them stays,
// as do its deliveries, receipts and history. A run of which a delivery is not
// finished, or that is erased already, is left alone. What was sent of an erased
// run since, such as a reversal, goes with the next call, whichever runs it names.
// It gives the number of runs of which something was erased.
//
// Copies of the database that were made before hold what is gone, so a new one
// takes their place.
func (s *Store) Erase(ctx context.Context, at time.Time, runIDs ...int64) (erased int, err error) {
	var again []int64
	err = s.read(ctx, "runs to erase again", func(c conn) (err error) {
		again, err = list(c, func(id *int64) []any { return []any{id} }, `
			SELECT r.id FROM journal_key k JOIN run r ON r.id = k.run_id WHERE r.erased_at > 0`)
		return err
	})
	if runIDs = slices.Concat(runIDs, again); err != nil || len(runIDs) == 0 {
		return 0, err
	}
	return s.shred(ctx, "erase runs", func() (int, error) {
		for _, id := range runIDs {
			err := s.write(ctx, fmt.Sprintf("erase run %d", id), func(c conn) error {
				done, err := eraseRun(c, id, at)
				if done {
					erased++
				}
				return err
			})
			if err != nil {
				return erased, err
			}
		}
		return erased, nil
	})
}

// shred does something that takes bytes away for good, also out of the copies of
// the database, and gives how much that was.
func (s *Store) shred(ctx context.Context, what string, do func() (int, error)) (gone int, err error) {
	if err := s.engine.overwriting(ctx, s.writer, true); err != nil {
		return 0, s.explain(what, err)
	}
	gone, err = do()
	if off := s.engine.overwriting(ctx, s.writer, false); err == nil {
		err = off
	}
	if err == nil && gone > 0 {
		err = s.engine.renewCopies(ctx, s.writer)
	}
	return gone, s.explain(what, err)
}

func eraseRun(c conn, id int64, at time.Time) (done bool, err error) {
	var reference string
	found, err := c.maybe([]any{&reference}, `
		UPDATE run SET erased_at = $2 WHERE id = $1
			AND (erased_at = 0 OR EXISTS (SELECT 1 FROM journal_key k WHERE k.run_id = run.id))
			AND NOT EXISTS (SELECT 1 FROM delivery d WHERE d.run_id = run.id AND (sweep_at > 0 OR `+waits+`))
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
