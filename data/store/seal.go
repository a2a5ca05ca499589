package store

import (
	"encoding/json"
	"fmt"
	"strconv"

	"loonbrug/data/model"
)

// cell is the place of sealed bytes. It is bound into them, so that a row
// copied over another one does not open.
type cell struct {
	table   string
	id      int64
	purpose string
}

func (c cell) context() []byte {
	return fmt.Appendf(nil, "loonbrug/%s/%d/%s", c.table, c.id, c.purpose)
}

// The places of everything that is sealed.
func credentialCell(account int64) cell { return cell{"credential", account, "secrets"} }
func rawCell(run int64) cell            { return cell{"snapshot", run, "raw"} }
func journalCell(run int64) cell        { return cell{"snapshot", run, "journal"} }
func digestCell(run int64) cell         { return cell{"run_digest", run, "digest"} }
func problemCell(delivery int64) cell   { return cell{"delivery", delivery, "problem"} }
func entryCell(delivery int64) cell     { return cell{"entry", delivery, "entry"} }
func comparisonCell(id int64) cell      { return cell{"reconciliation", id, "findings"} }
func proofCell(delivery int64) cell     { return cell{"receipt", delivery, "proof"} }

func headCell() cell                           { return cell{"history_head", 1, "place"} }
func historyCell(row int64) cell               { return cell{"history", row, "detail"} }
func parcelCell(id int64, purpose string) cell { return cell{"inbox", id, purpose} }

func laterCell(run int64, number int, purpose string) cell {
	return cell{"run_journal", run, purpose + " of " + strconv.Itoa(number)}
}

func noteCell(delivery int64, number int) cell {
	return cell{"attempt", delivery, "note of " + strconv.Itoa(number)}
}

// seal is the one way of amounts, texts and secrets into the database.
func (s *Store) seal(c cell, plain []byte) ([]byte, error) {
	sealed, err := s.sealer.Seal(plain, c.context())
	if err != nil {
		return nil, fmt.Errorf("seal %s of %s %d: %w", c.purpose, c.table, c.id, err)
	}
	return sealed, nil
}

// open is the one way back. Bytes that do not open are the problem
// secret.key_lost, of this row alone.
func (s *Store) open(c cell, sealed []byte) ([]byte, error) {
	plain, err := s.sealer.Open(sealed, c.context())
	if err != nil {
		return nil, lost(c, err)
	}
	return plain, nil
}

// lost is the problem of bytes that do not open.
func lost(c cell, err error) *model.Problem {
	p := model.NewProblem("secret.key_lost", "what", c.table, "id", strconv.FormatInt(c.id, 10)).Because(err)
	if c.table == "credential" {
		p = p.With(model.ActionSignIn)
	}
	return p
}

func (s *Store) sealJSON(c cell, v any) ([]byte, error) {
	plain, err := c.write(v)
	if err != nil {
		return nil, err
	}
	return s.seal(c, plain)
}

func (s *Store) openJSON(c cell, sealed []byte, v any) error {
	plain, err := s.open(c, sealed)
	if err != nil {
		return err
	}
	return c.read(plain, v)
}

func (c cell) read(plain []byte, v any) error {
	if err := json.Unmarshal(plain, v); err != nil {
		return fmt.Errorf("read %s of %s %d: %w", c.purpose, c.table, c.id, err)
	}
	return nil
}

func (c cell) write(v any) ([]byte, error) {
	plain, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("write %s of %s %d: %w", c.purpose, c.table, c.id, err)
	}
	return plain, nil
}

// sealProblem keeps the code apart, readable, because problems are counted and
// looked for by code; the parameters may hold an amount or a text.
func (s *Store) sealProblem(c cell, p *model.Problem) (code string, sealed []byte, err error) {
	if p != nil {
		code = p.Code
	}
	sealed, err = s.sealJSON(c, p)
	return code, sealed, err
}

// openProblem gives the bare code where the parameters cannot be opened, so
// that a lost key hides no delivery and no history.
func (s *Store) openProblem(c cell, code string, sealed []byte) *model.Problem {
	if code == "" {
		return nil
	}
	p := new(model.Problem)
	if err := s.openJSON(c, sealed, p); err != nil {
		return model.NewProblem(code).Because(err)
	}
	return p
}
