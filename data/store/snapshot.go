package store

import (
	"context"
	"fmt"

	"loonbrug/data/journal"
	"loonbrug/data/model"
)

// Snapshot is the journal of a run as it was taken. Problems
// secret.key_lost: it cannot be opened; journal.erased: its time is over.
func (s *Store) Snapshot(ctx context.Context, runID int64) (model.Snapshot, error) {
	snap := model.Snapshot{RunID: runID}
	err := s.read(ctx, fmt.Sprintf("snapshot of run %d", runID), func(c conn) error {
		var raw, lines []byte
		err := c.one([]any{&snap.Hash, &snap.Format, instant{&snap.TakenAt}, &snap.Content, &snap.Asked, &raw, &lines}, `
			SELECT hash, format, taken_at, content, asked, raw, journal FROM snapshot WHERE run_id = $1`, runID)
		if err != nil {
			return err
		}
		if snap.Raw, err = s.openPayload(c, runID, rawCell(runID), raw); err != nil {
			return err
		}
		snap.Journal, err = s.openJournal(c, runID, journalCell(runID), lines)
		return err
	})
	if err != nil {
		return model.Snapshot{}, err
	}
	return snap, nil
}

func (s *Store) openJournal(c conn, runID int64, at cell, sealed []byte) (*journal.Journal, error) {
	plain, err := s.openPayload(c, runID, at, sealed)
	if err != nil {
		return nil, err
	}
	j := new(journal.Journal)
	return j, at.read(plain, j)
}

// sealJournal seals a journal, and what is kept of its source, under the key of
// its run.
func (s *Store) sealJournal(c conn, snap model.Snapshot, rawAt, linesAt cell) (raw, lines []byte, err error) {
	k, err := s.keyToSeal(c, snap.RunID)
	if err != nil {
		return nil, nil, err
	}
	plain, err := linesAt.write(snap.Journal)
	if err != nil {
		return nil, nil, err
	}
	return k.seal(rawAt, snap.Raw), k.seal(linesAt, plain), nil
}

// insertSnapshot keeps the journal of a run together with its digest.
func (s *Store) insertSnapshot(c conn, runID int64, snap model.Snapshot) error {
	if snap.Journal == nil {
		snap.Journal = new(journal.Journal)
	}
	snap.RunID = runID
	raw, lines, err := s.sealJournal(c, snap, rawCell(runID), journalCell(runID))
	if err != nil {
		return err
	}
	err = c.later(`
		INSERT INTO snapshot (run_id, hash, format, taken_at, content, asked, raw, journal)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		runID, snap.Hash, snap.Format, instant{&snap.TakenAt}, snap.Content, snap.Asked, raw, lines)
	if err != nil {
		return err
	}
	_, err = s.insertDigest(c, runID, snap)
	return err
}
