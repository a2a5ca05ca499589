package journal

import (
	"cmp"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"
)

// Pattern chooses ledger accounts by their codes: characters stand for
// themselves, [0-3] for a range, ? for any one character and * for any rest.
// Several patterns are parted by commas or blanks. The zero Pattern matches
// nothing. A code is matched whole: [0-3][0-9][0-9][0-9] is every code of four
// digits below 4000.
type Pattern struct{ parts []string }

// ErrBadPattern is wrapped with the pattern that was refused.
var ErrBadPattern = errors.New("not a pattern of ledger accounts")

// ParsePattern reads a pattern; an empty text is the zero Pattern.
func ParsePattern(text string) (Pattern, error) {
	var p Pattern
	for _, part := range strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ';' || r == ' ' || r == '\t' }) {
		if _, err := path.Match(part, ""); err != nil || strings.ContainsAny(part, `/\`) {
			return Pattern{}, fmt.Errorf("%w: %q", ErrBadPattern, part)
		}
		p.parts = append(p.parts, part)
	}
	return p, nil
}

// Match tells whether the pattern chooses a code.
func (p Pattern) Match(code string) bool {
	for _, part := range p.parts {
		if ok, err := path.Match(part, code); ok && err == nil {
			return true
		}
	}
	return false
}

// IsZero tells whether the pattern chooses nothing at all.
func (p Pattern) IsZero() bool { return len(p.parts) == 0 }

// Dressing says which lines carry dimensions and what is filled in where the
// payroll left something out. The zero Dressing changes nothing.
type Dressing struct {
	Balance Pattern // balance-sheet accounts: their lines carry no dimensions
	Profit  Pattern // profit-and-loss accounts: their lines must carry them

	CostCentre    string // for a line of a profit-and-loss account without one
	CostUnit      string // likewise
	LedgerAccount string // for a line without one
}

// Dress gives the lines as they are to be booked. Amounts never change. An
// account that both patterns choose is a balance-sheet account.
func (d Dressing) Dress(lines []Line) []Line {
	out := slices.Clone(lines)
	kinds := make(map[string]kind)
	for i := range out {
		l := &out[i]
		if l.LedgerAccount == "" {
			l.LedgerAccount = d.LedgerAccount
		}
		k, ok := kinds[l.LedgerAccount]
		if !ok {
			k = d.kindOf(l.LedgerAccount)
			kinds[l.LedgerAccount] = k
		}
		switch k {
		case balance:
			l.CostCentre, l.CostUnit = "", ""
		case profit:
			l.CostCentre, l.CostUnit = cmp.Or(l.CostCentre, d.CostCentre), cmp.Or(l.CostUnit, d.CostUnit)
		}
	}
	return out
}

// kind is what the patterns make of a ledger account.
type kind int

const (
	neither kind = iota
	balance
	profit
)

func (d Dressing) kindOf(code string) kind {
	switch {
	case d.Balance.Match(code):
		return balance
	case d.Profit.Match(code):
		return profit
	}
	return neither
}

// Bare are the codes of the profit-and-loss accounts on dressed lines that still
// lack the dimension that get gives, each once and in order.
func (d Dressing) Bare(lines []Line, get func(Line) string) []string {
	var codes []string
	seen := make(map[string]bool)
	for _, l := range lines {
		if l.Amount == 0 || get(l) != "" || seen[l.LedgerAccount] {
			continue
		}
		seen[l.LedgerAccount] = true
		if d.kindOf(l.LedgerAccount) == profit {
			codes = append(codes, l.LedgerAccount)
		}
	}
	return codes
}
