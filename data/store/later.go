package store

import (
	"context"
	"fmt"
	"slices"

	"loonbrug/data/journal"
	"loonbrug/data/model"
)

// Journals are the journal that a run was created with and all later ones, in
// their order. Problem secret.key_lost: one cannot be opened.
func (s *Store) Journals(ctx context.Context, runID int64) ([]model.Snapshot, error) {
	first, err := s.Snapshot(ctx, runID)
	if err != nil {
		return nil, err
	}
	all := []model.Snapshot{first}
	err = s.read(ctx, fmt.Sprintf("later journals of run %d", runID), func(c conn) error {
		rows, err := list(c, laterFields, `
			SELECT number, hash, format, taken_at, content, raw, journal FROM run_journal
			WHERE run_id = $1 ORDER BY number`, runID)
		if err != nil {
			return err
		}
		for _, row := range rows {
			row.RunID = runID
			if row.Raw, err = s.openPayload(c, runID, laterCell(runID, row.Number, "raw"), row.sealedRaw); err != nil {
				return err
			}
			if row.Journal, err = s.openJournal(c, runID, laterCell(runID, row.Number, "journal"), row.sealedJournal); err != nil {
				return err
			}
			all = append(all, row.Snapshot)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return all, nil
}

// laterRow is a later journal as it lies in the table.
type laterRow struct {
	model.Snapshot
	sealedRaw, sealedJournal []byte
}

func laterFields(r *laterRow) []any {
	return []any{&r.Number, &r.Hash, &r.Format, instant{&r.TakenAt}, &r.Content, &r.sealedRaw, &r.sealedJournal}
}

// AddJournal keeps a later journal of a run beside the ones it has, under the
// next number, marks the run as changed, and writes the run's digest anew: that
// of the later journal, with the periods of all of them counted. A journal with
// the content of the last one is not kept again; added is then false, and number
// that of the last.
func (s *Store) AddJournal(ctx context.Context, later model.Snapshot) (number int, added bool, err error) {
	known, err := s.Journals(ctx, later.RunID)
	if err != nil {
		return 0, false, err
	}
	last := known[len(known)-1]
	if last.Content == later.Content {
		return last.Number, false, nil
	}
	later.Number = last.Number + 1
	err = s.write(ctx, fmt.Sprintf("keep a later journal of run %d", later.RunID), func(c conn) error {
		if err := s.insertLater(c, later); err != nil {
			return err
		}
		if err := s.replaceDigest(c, append(known, later)); err != nil {
			return err
		}
		var reference string
		err := c.one([]any{&reference}, `UPDATE run SET changed = 1, changed_seen = 0 WHERE id = $1 RETURNING reference`, later.RunID)
		c.tell(model.Event{
			At: later.TakenAt, Kind: model.EventRunRevised, Subject: later.RunID, Part: later.Number, Name: reference,
			Changes: []model.FieldChange{{Field: "content", Old: last.Content, New: later.Content}},
		})
		return err
	})
	return later.Number, err == nil, err
}

func (s *Store) insertLater(c conn, later model.Snapshot) error {
	raw, lines, err := s.sealJournal(c, later, laterCell(later.RunID, later.Number, "raw"), laterCell(later.RunID, later.Number, "journal"))
	if err != nil {
		return err
	}
	_, err = c.exec(`
		INSERT INTO run_journal (run_id, number, hash, format, taken_at, content, raw, journal)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		later.RunID, later.Number, later.Hash, later.Format, instant{&later.TakenAt}, later.Content, raw, lines)
	return err
}

func (s *Store) replaceDigest(c conn, all []model.Snapshot) error {
	last := all[len(all)-1]
	d, err := model.DigestOf(last.Journal)
	if err != nil {
		return fmt.Errorf("digest of run %d: %w", last.RunID, err)
	}
	var periods []journal.Period
	for _, snap := range all {
		for _, part := range journal.Split(snap.Journal) {
			if !slices.Contains(periods, part.Period) {
				periods = append(periods, part.Period)
			}
		}
	}
	d.Periods = len(periods)
	sealed, err := s.sealJSON(digestCell(last.RunID), d)
	if err != nil {
		return err
	}
	_, err = c.exec(`
		INSERT INTO run_digest (run_id, sealed) VALUES ($1, $2)
		ON CONFLICT (run_id) DO UPDATE SET sealed = excluded.sealed`, last.RunID, sealed)
	return err
}

// Settled takes the mark of a changed run away, once everything about its later
// journal was decided.
func (s *Store) Settled(ctx context.Context, runID int64) error {
	return s.write(ctx, fmt.Sprintf("settle run %d", runID), func(c conn) error {
		_, err := c.exec(`UPDATE run SET changed = 0, changed_seen = 0 WHERE id = $1`, runID)
		return err
	})
}
