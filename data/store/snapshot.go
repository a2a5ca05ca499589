package store

import (
	"context"
	"fmt"

	"loonbrug/data/journal"
	"loonbrug/data/model"
)

// Snapshot is the journal of a run as it was taken. Problem secret.key_lost: it
// cannot be opened.
func (s *Store) Snapshot(ctx context.Context, runID int64) (model.Snapshot, error) {
	snap := model.Snapshot{RunID: runID}
	err := s.read(ctx, fmt.Sprintf("snapshot of run %d", runID), func(c conn) error {
		var raw, lines []byte
		err := c.one([]any{&snap.Hash, &snap.Format, instant{&snap.TakenAt}, &snap.Content, &raw, &lines}, `
			SELECT hash, format, taken_at, content, raw, journal FROM snapshot WHERE run_id = $1`, runID)
		if err != nil {
			return err
		}
		if snap.Raw, err = s.open(rawCell(runID), raw); err != nil {
			return err
		}
		snap.Journal = new(journal.Journal)
		return s.openJSON(journalCell(runID), lines, snap.Journal)
	})
	if err != nil {
		return model.Snapshot{}, err
	}
	return snap, nil
}

// insertSnapshot keeps the journal of a run together with its digest.
func (s *Store) insertSnapshot(c conn, runID int64, snap model.Snapshot) error {
	raw, err := s.seal(rawCell(runID), snap.Raw)
	if err != nil {
		return err
	}
	if snap.Journal == nil {
		snap.Journal = new(journal.Journal)
	}
	lines, err := s.sealJSON(journalCell(runID), snap.Journal)
	if err != nil {
		return err
	}
	_, err = c.exec(`
		INSERT INTO snapshot (run_id, hash, format, taken_at, content, raw, journal)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		runID, snap.Hash, snap.Format, instant{&snap.TakenAt}, snap.Content, raw, lines)
	if err != nil {
		return err
	}
	_, err = s.insertDigest(c, runID, snap)
	return err
}
