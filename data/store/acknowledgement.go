package store

import (
	"context"
	"fmt"

	"loonbrug/data/model"
)

// Acknowledge keeps who has seen that a run changed or is gone. The mark lasts
// until the run changes again, or is there again.
func (s *Store) Acknowledge(ctx context.Context, a model.Acknowledgement) error {
	statement := `UPDATE run SET changed_seen = 1 WHERE id = $1`
	if a.Kind == model.TaskGone {
		statement = `UPDATE run SET gone_seen = 1 WHERE id = $1`
	}
	return s.write(ctx, fmt.Sprintf("acknowledge %s of run %d", a.Kind, a.RunID), func(c conn) error {
		var r model.Run
		if err := c.one(runFields(&r), `SELECT `+runColumns+` FROM run WHERE id = $1`, a.RunID); err != nil {
			return err
		}
		if _, err := c.exec(statement, a.RunID); err != nil {
			return err
		}
		c.tell(model.Event{
			At: a.At, By: a.By, Kind: model.EventRunSeen, Subject: a.RunID, Name: r.Reference,
			Changes: []model.FieldChange{{Field: "seen", New: string(a.Kind)}},
		})
		_, err := c.exec(`INSERT INTO acknowledgement (run_id, kind, at, made_by) VALUES ($1, $2, $3, $4)`,
			a.RunID, a.Kind, instant{&a.At}, a.By)
		return err
	})
}

// Acknowledgements are those of a run, oldest first.
func (s *Store) Acknowledgements(ctx context.Context, runID int64) (all []model.Acknowledgement, err error) {
	err = s.read(ctx, fmt.Sprintf("acknowledgements of run %d", runID), func(c conn) (err error) {
		all, err = list(c, func(a *model.Acknowledgement) []any {
			return []any{&a.RunID, &a.Kind, instant{&a.At}, &a.By}
		}, `SELECT run_id, kind, at, made_by FROM acknowledgement WHERE run_id = $1 ORDER BY at`, runID)
		return err
	})
	return all, err
}
