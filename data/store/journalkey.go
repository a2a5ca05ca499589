package store

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"fmt"
	"strconv"

	"loonbrug/data/model"
)

// byJournal is the first byte of what is sealed with the key of a run; what the
// [Sealer] makes begins otherwise.
const byJournal = 2

// journalKey seals the journals and entries of one run with AES-256-GCM. Without
// it nobody can read them, in this file or in a copy of it.
type journalKey struct{ cipher.AEAD }

func newJournalKey(raw []byte) (journalKey, error) {
	block, err := aes.NewCipher(raw)
	if err != nil {
		return journalKey{}, err
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	return journalKey{aead}, err
}

func keyCell(run int64) cell { return cell{"journal_key", run, "key"} }

// keyOf is the key of a run. ok is false for a run that has none: from before
// there were keys, or because its time is over.
func (s *Store) keyOf(c conn, runID int64) (k journalKey, ok bool, err error) {
	var sealed []byte
	found, err := c.maybe([]any{&sealed}, `SELECT sealed FROM journal_key WHERE run_id = $1`, runID)
	if err != nil || !found {
		return k, false, err
	}
	raw, err := s.open(keyCell(runID), sealed)
	if err != nil {
		return k, false, err
	}
	k, err = newJournalKey(raw)
	return k, err == nil, err
}

// keyToSeal is the key of a run, made where there is none yet: what is booked of
// a run whose time is over gets a new one, which opens nothing of what was erased.
func (s *Store) keyToSeal(c conn, runID int64) (journalKey, error) {
	k, ok, err := s.keyOf(c, runID)
	if err != nil || ok {
		return k, err
	}
	raw := make([]byte, 32)
	_, _ = rand.Read(raw) // never fails: the program ends instead
	sealed, err := s.seal(keyCell(runID), raw)
	if err != nil {
		return k, err
	}
	if err := c.later(`INSERT INTO journal_key (run_id, sealed) VALUES ($1, $2)`, runID, sealed); err != nil {
		return k, err
	}
	return newJournalKey(raw)
}

// seal encrypts for a place.
func (k journalKey) seal(at cell, plain []byte) []byte {
	sealed := make([]byte, 1, 1+len(plain)+k.Overhead())
	sealed[0] = byJournal
	return k.Seal(sealed, nil, plain, at.context())
}

// openPayload is the way back of what lies under the key of a run. Problem
// journal.erased: nothing is left of it, because its time is over.
func (s *Store) openPayload(c conn, runID int64, at cell, sealed []byte) ([]byte, error) {
	if len(sealed) == 0 {
		return nil, model.NewProblem("journal.erased", "run", strconv.FormatInt(runID, 10))
	}
	k, ok, err := s.keyOf(c, runID)
	if err != nil {
		return nil, err
	}
	if sealed[0] != byJournal || !ok {
		return s.open(at, sealed)
	}
	plain, err := k.Open(nil, nil, sealed[1:], at.context())
	if err != nil {
		return nil, lost(at, fmt.Errorf("%s: %w", at.purpose, err))
	}
	return plain, nil
}
