package store

import (
	"context"
	"fmt"

	"loonbrug/data/model"
)

// Outstanding counts what is under way, what waits and what only a person can
// settle, and tells when the last delivery was booked, when the next can be
// claimed, and what is paused. It knows no sender, so the rest of the status
// stays empty.
func (s *Store) Outstanding(ctx context.Context) (status model.SenderStatus, err error) {
	err = s.read(ctx, "outstanding deliveries", func(c conn) error {
		var all int
		err := c.one([]any{&all, &status.Working, &status.Person, instant{&status.LastBooked}}, `
			SELECT COUNT(*),
				(SELECT COUNT(*) FROM delivery WHERE `+waits+` AND person = 0 AND lease_until > 0),
				(SELECT COUNT(*) FROM delivery WHERE `+waits+` AND person = 1),
				(SELECT COALESCE(MAX(booked_at), 0) FROM receipt)
			FROM delivery WHERE `+waits+` AND person = 0`)
		if err != nil {
			return err
		}
		status.Waiting = all - status.Working
		if status.NextAt, _, err = c.nextDue(); err != nil {
			return err
		}
		status.Pauses, err = c.pauses()
		return err
	})
	return status, err
}

// Census counts all deliveries by target, state and problem.
func (s *Store) Census(ctx context.Context) (all []model.Census, err error) {
	err = s.read(ctx, "census of deliveries", func(c conn) error {
		all, err = list(c, func(k *model.Census) []any {
			return []any{&k.Target, &k.State, &k.Problem, flag{&k.Person}, &k.Count, instant{&k.Oldest}}
		}, `
			SELECT target, state, problem_code, person, COUNT(*),
				CASE WHEN state IN ('queued', 'checking', 'sending', 'accepted', 'unknown') THEN MIN(created_at) ELSE 0 END
			FROM delivery GROUP BY target, state, problem_code, person
			ORDER BY target, state, problem_code, person`)
		return err
	})
	return all, err
}

// Resume makes the queued and the accepted deliveries of an account due since
// they were created, whatever they were told to wait for. It changes no state.
func (s *Store) Resume(ctx context.Context, accountID int64) error {
	return s.write(ctx, fmt.Sprintf("resume account %d", accountID), func(c conn) error {
		_, err := c.exec(`
			UPDATE delivery SET not_before = created_at
			WHERE account_id = $1 AND `+waits+` AND person = 0 AND not_before > created_at
				AND state IN ('queued', 'accepted')`, accountID)
		return err
	})
}
