package store

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"loonbrug/data/model"
)

// Digests are the digests of runs by their ids; runs that are not there are left
// out. A run that an older program took in has its journal opened once, to make
// what is missing. Problem secret.key_lost: one cannot be opened.
func (s *Store) Digests(ctx context.Context, runIDs ...int64) (map[int64]model.RunDigest, error) {
	all := make(map[int64]model.RunDigest, len(runIDs))
	err := s.read(ctx, "digests", func(c conn) error {
		for ids := range slices.Chunk(runIDs, runsAtOnce) {
			text, args := digestsText(ids)
			rows, err := list(c, digestFields, text, args...)
			if err != nil {
				return err
			}
			for _, row := range rows {
				var d model.RunDigest
				if err := s.openJSON(digestCell(row.run), row.sealed, &d); err != nil {
					return err
				}
				all[row.run] = d
			}
		}
		return nil
	})
	if err != nil || len(all) == len(runIDs) {
		return all, err
	}
	return all, s.digestOld(ctx, all, runIDs)
}

// digestRow is a digest as it lies in the table.
type digestRow struct {
	run    int64
	sealed []byte
}

func digestFields(d *digestRow) []any { return []any{&d.run, &d.sealed} }

func digestsText(runIDs []int64) (text string, args []any) {
	places := make([]string, len(runIDs))
	for i, id := range runIDs {
		places[i] = fmt.Sprintf("$%d", i+1)
		args = append(args, id)
	}
	return `SELECT run_id, sealed FROM run_digest WHERE run_id IN (` + strings.Join(places, ", ") + `)`, args
}

// digestOld makes the digests that are missing and puts them with the others.
func (s *Store) digestOld(ctx context.Context, all map[int64]model.RunDigest, runIDs []int64) error {
	for _, id := range runIDs {
		if _, known := all[id]; known {
			continue
		}
		var there int64
		err := s.read(ctx, "digests", func(c conn) error {
			return c.one([]any{&there}, `SELECT COUNT(*) FROM snapshot WHERE run_id = $1`, id)
		})
		if err != nil {
			return err
		}
		if there == 0 {
			continue
		}
		snap, err := s.Snapshot(ctx, id)
		if err != nil {
			return err
		}
		err = s.write(ctx, fmt.Sprintf("digest of run %d", id), func(c conn) error {
			d, err := s.insertDigest(c, id, snap)
			all[id] = d
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// insertDigest keeps the digest of a snapshot; another program may have done so
// in the meantime.
func (s *Store) insertDigest(c conn, runID int64, snap model.Snapshot) (model.RunDigest, error) {
	d, err := model.DigestOf(snap.Journal)
	if err != nil {
		return d, fmt.Errorf("digest of run %d: %w", runID, err)
	}
	sealed, err := s.sealJSON(digestCell(runID), d)
	if err != nil {
		return d, err
	}
	err = c.later(`INSERT INTO run_digest (run_id, sealed) VALUES ($1, $2) ON CONFLICT (run_id) DO NOTHING`, runID, sealed)
	return d, err
}
