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

// keyOf is the key of a run. A run that has none because its time is over is
// problem journal.erased; one from before there were keys gives ok false.
func (s *Store) keyOf(c conn, runID int64) (k journalKey, ok bool, err error) {
	var sealed []byte
	var erased int64
	err = c.one([]any{&sealed, &erased}, `
		SELECT k.sealed, r.erased_at FROM run r LEFT JOIN journal_key k ON k.run_id = r.id WHERE r.id = $1`, runID)
	switch {
	case err != nil:
		return k, false, err
	case erased != 0:
		return k, false, model.NewProblem("journal.erased", "run", strconv.FormatInt(runID, 10))
	case sealed == nil:
		return k, false, nil
	}
	raw, err := s.open(keyCell(runID), sealed)
	if err != nil {
		return k, false, err
	}
	k, err = newJournalKey(raw)
	return k, err == nil, err
}

// keyToSeal is the key of a run, made where there is none yet.
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
	if _, err := c.exec(`INSERT INTO journal_key (run_id, sealed) VALUES ($1, $2)`, runID, sealed); err != nil {
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

// openPayload is the way back of what lies under the key of a run.
func (s *Store) openPayload(c conn, runID int64, at cell, sealed []byte) ([]byte, error) {
	k, ok, err := s.keyOf(c, runID)
	if err != nil {
		return nil, err
	}
	if len(sealed) == 0 || sealed[0] != byJournal || !ok {
		return s.open(at, sealed)
	}
	plain, err := k.Open(nil, nil, sealed[1:], at.context())
	if err != nil {
		return nil, lost(at, fmt.Errorf("%s: %w", at.purpose, err))
	}
	return plain, nil
}
