package journal

import (
	"cmp"
	"errors"
	"maps"
	"slices"
)

// Post is what totals of journals are kept per.
type Post struct {
	Period        Period
	CostCentre    string
	CostUnit      string
	LedgerAccount string
}

// Sum holds gross totals, both positive.
type Sum struct {
	Debit, Credit Amount
}

// Add adds an amount on its side. It fails only with [ErrTooLarge].
func (s *Sum) Add(a Amount) error {
	if a >= 0 {
		s.Debit += a
	} else {
		s.Credit -= a
	}
	if s.Debit < 0 || s.Credit < 0 {
		return ErrTooLarge
	}
	return nil
}

// Ledger adds journals up.
type Ledger map[Post]*Sum

// Add adds all lines of a transaction. It fails only with [ErrTooLarge].
func (l Ledger) Add(t Transaction) error {
	for i := range t.Lines {
		line := &t.Lines[i]
		if err := l.At(Post{t.Period, line.CostCentre, line.CostUnit, line.LedgerAccount}).Add(line.Amount); err != nil {
			return err
		}
	}
	return nil
}

// Merge adds all of another ledger. It fails only with [ErrTooLarge].
func (l Ledger) Merge(other Ledger) error {
	for post, sum := range other {
		s := l.At(post)
		if err := errors.Join(s.Add(sum.Debit), s.Add(-sum.Credit)); err != nil {
			return err
		}
	}
	return nil
}

// At is the sum of a post, made when it is new.
func (l Ledger) At(p Post) *Sum {
	s := l[p]
	if s == nil {
		s = &Sum{}
		l[p] = s
	}
	return s
}

// Posts are all posts by period, then cost centre, cost unit and account.
func (l Ledger) Posts() []Post {
	return slices.SortedFunc(maps.Keys(l), func(a, b Post) int {
		return cmp.Or(a.Period.Compare(b.Period), cmp.Compare(a.CostCentre, b.CostCentre),
			cmp.Compare(a.CostUnit, b.CostUnit), cmp.Compare(a.LedgerAccount, b.LedgerAccount))
	})
}
