package journal

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
)

// Line is one line of a journal. Codes are text: leading zeros count. Amount is
// positive for a debit and negative for a credit.
type Line struct {
	LedgerAccount string
	CostCentre    string
	CostUnit      string
	Amount        Amount
	Text          string
}

// Transaction is the part of a journal that belongs to one period. It balances
// by itself. Date is the date the payroll gave it and may be zero.
type Transaction struct {
	Period Period
	Date   Date
	Lines  []Line
}

// Journal is what one payroll run books.
type Journal struct {
	Transactions []Transaction
}

// ErrTooLarge says that a sum of amounts does not fit in sixty-three bits.
var ErrTooLarge = errors.New("sum of amounts too large")

// Unbalanced says by how much the debits and credits of a period differ. Debit
// and Credit are gross sums, both positive.
type Unbalanced struct {
	Period        Period
	Debit, Credit Amount
}

func (e *Unbalanced) Error() string {
	return fmt.Sprintf("period %s is out of balance: debit %s, credit %s", e.Period, e.Debit, e.Credit)
}

// Totals adds up the debit lines and the credit lines, both as positive
// amounts. It fails only with [ErrTooLarge].
func Totals(lines []Line) (debit, credit Amount, err error) {
	for i := range lines {
		a := lines[i].Amount
		if a >= 0 {
			debit += a
		} else {
			credit -= a
		}
		if debit < 0 || credit < 0 {
			return 0, 0, ErrTooLarge
		}
	}
	return debit, credit, nil
}

// Balance proves that the transaction adds up to zero; otherwise it returns
// [*Unbalanced] or [ErrTooLarge].
func (t *Transaction) Balance() error {
	debit, credit, err := Totals(t.Lines)
	if err != nil {
		return err
	}
	if debit != credit {
		return &Unbalanced{Period: t.Period, Debit: debit, Credit: credit}
	}
	return nil
}

// LatestPeriod is the period the run itself belongs to; every earlier one is a
// correction. ok is false for a journal without transactions.
func (j *Journal) LatestPeriod() (latest Period, ok bool) {
	for i := range j.Transactions {
		if p := j.Transactions[i].Period; !ok || p.Compare(latest) > 0 {
			latest, ok = p, true
		}
	}
	return latest, ok
}

// Part is everything of a journal that belongs to one period.
type Part struct {
	Period       Period
	Transactions []Transaction
}

// Split parts a journal by period, in order of time. It adds nothing and leaves
// nothing out: two transactions of one period stay two, in their order, so that
// [Merge] gives the journal back.
func Split(j *Journal) []Part {
	var parts []Part
	index := make(map[Period]int)
	for _, t := range j.Transactions {
		i, ok := index[t.Period]
		if !ok {
			i = len(parts)
			index[t.Period] = i
			parts = append(parts, Part{Period: t.Period})
		}
		parts[i].Transactions = append(parts[i].Transactions, t)
	}
	slices.SortStableFunc(parts, func(a, b Part) int { return a.Period.Compare(b.Period) })
	return parts
}

// Merge is the opposite of [Split]. Transactions come back in order of period.
func Merge(parts []Part) *Journal {
	j := &Journal{}
	for _, part := range parts {
		j.Transactions = append(j.Transactions, part.Transactions...)
	}
	return j
}

// Lines are the lines of all transactions of the part, in their order.
func (p *Part) Lines() []Line {
	size := 0
	for i := range p.Transactions {
		size += len(p.Transactions[i].Lines)
	}
	lines := make([]Line, 0, size)
	for i := range p.Transactions {
		lines = append(lines, p.Transactions[i].Lines...)
	}
	return lines
}

// Date is the latest date the payroll gave the part; zero when it gave none.
func (p *Part) Date() Date {
	var latest Date
	for _, t := range p.Transactions {
		if latest.IsZero() || t.Date.Compare(latest) > 0 {
			latest = t.Date
		}
	}
	return latest
}

// CompareLines orders lines by their codes, debits before credits, then by text
// and amount.
func CompareLines(a, b Line) int {
	return cmp.Or(
		cmp.Compare(a.LedgerAccount, b.LedgerAccount),
		cmp.Compare(a.CostCentre, b.CostCentre),
		cmp.Compare(a.CostUnit, b.CostUnit),
		cmp.Compare(side(a.Amount), side(b.Amount)),
		cmp.Compare(a.Text, b.Text),
		cmp.Compare(a.Amount, b.Amount),
	)
}

func side(a Amount) int {
	if a < 0 {
		return 1
	}
	return 0
}
