package model

import (
	"cmp"
	"fmt"
	"slices"

	"loonbrug/data/journal"
)

// RunDigest is what lists and forms need of a run's journal, so that they need
// not open the journal itself.
type RunDigest struct {
	Periods int            `json:"periods"`
	Debit   journal.Amount `json:"debit"`
	Codes   []CodePair     `json:"codes,omitempty"` // each once, in order
}

// CodePair is a cost centre and a cost unit as they stand together on a line of
// a payroll journal; either may be empty, not both.
type CodePair struct {
	Centre string `json:"centre,omitempty"`
	Unit   string `json:"unit,omitempty"`
}

// Compare orders by cost centre, then by cost unit.
func (p CodePair) Compare(q CodePair) int {
	return cmp.Or(cmp.Compare(p.Centre, q.Centre), cmp.Compare(p.Unit, q.Unit))
}

// DigestOf reads a journal. It fails only with [journal.ErrTooLarge].
func DigestOf(j *journal.Journal) (RunDigest, error) {
	var d RunDigest
	pairs := make(map[CodePair]bool)
	for _, part := range journal.Split(j) {
		lines := part.Lines()
		debit, _, err := journal.Totals(lines)
		if err != nil {
			return RunDigest{}, fmt.Errorf("period %s: %w", part.Period, err)
		}
		d.Periods++
		d.Debit += debit
		if d.Debit < 0 {
			return RunDigest{}, journal.ErrTooLarge
		}
		for _, l := range lines {
			if pair := (CodePair{Centre: l.CostCentre, Unit: l.CostUnit}); pair != (CodePair{}) && !pairs[pair] {
				pairs[pair] = true
				d.Codes = append(d.Codes, pair)
			}
		}
	}
	slices.SortFunc(d.Codes, CodePair.Compare)
	return d, nil
}
