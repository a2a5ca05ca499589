package store

import (
	"context"

	"loonbrug/data/model"
)

// pauseFields are the places of a pause. Its problem tells of a system that is
// away or busy; unlike a delivery's it holds no amount and no text of a line.
func pauseFields(p *model.Pause) []any {
	return []any{&p.Kind, &p.AccountID, instant{&p.Since}, instant{&p.Until}, &p.Tries, document{&p.Problem}}
}

// Pauses are all pauses, those whose time has passed among them.
func (s *Store) Pauses(ctx context.Context) (all []model.Pause, err error) {
	err = s.read(ctx, "pauses", func(c conn) (err error) {
		all, err = c.pauses()
		return err
	})
	return all, err
}

func (c conn) pauses() ([]model.Pause, error) {
	return list(c, pauseFields, `
		SELECT kind, account_id, since, until_at, tries, problem FROM pause ORDER BY account_id, kind`)
}

// SavePause keeps a pause in place of an earlier one of its kind and account.
func (s *Store) SavePause(ctx context.Context, p model.Pause) error {
	return s.write(ctx, "save pause", func(c conn) error {
		if p.Kind == model.PausePerson {
			c.tell(model.Event{At: p.Since, Kind: model.EventSendingPaused, Subject: p.AccountID})
		}
		_, err := c.exec(`
			INSERT INTO pause (kind, account_id, since, until_at, tries, problem) VALUES ($1, $2, $3, $4, $5, $6)
			ON CONFLICT (kind, account_id) DO UPDATE SET since = excluded.since, until_at = excluded.until_at,
				tries = excluded.tries, problem = excluded.problem`, pauseFields(&p)...)
		return err
	})
}

// EndPause ends a pause; one that is not there is no error.
func (s *Store) EndPause(ctx context.Context, kind model.PauseKind, accountID int64) error {
	return s.write(ctx, "end pause", func(c conn) error {
		ended, err := c.exec(`DELETE FROM pause WHERE kind = $1 AND account_id = $2`, kind, accountID)
		if kind == model.PausePerson && ended > 0 {
			c.tell(model.Event{Kind: model.EventSendingGoesOn, Subject: accountID})
		}
		return err
	})
}
