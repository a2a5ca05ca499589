package visma

import (
	"encoding/json"
	"fmt"
	"math/big"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"loonbrug/data/journal"
)

// Longest texts, in characters. Those of reference and line text are Acumatica's;
// the description of a batch has 256 or 512 there, by release.
const (
	maxReference   = 15
	maxText        = 256
	maxDescription = 512
)

// badRequest is a request that is wrong in form, not in substance.
type badRequest struct{ error }

// review applies an update to a batch and holds the outcome against the rules of
// screen GL301000. The batch must not be kept when it returns an error.
func (s *Server) review(c *call, b *batch, u journalUpdate) error {
	if err := c.head(b, u); err != nil {
		return err
	}
	if err := s.usable(c, b); err != nil {
		return err
	}
	for _, l := range u.Lines {
		if err := c.applyLine(b, l); err != nil {
			return err
		}
	}
	return c.balanced(b, u)
}

// head applies the fields of the batch itself.
func (c *call) head(b *batch, u journalUpdate) error {
	if u.Date != nil && u.Date.Value != nil {
		t, err := parseTime(*u.Date.Value)
		if err != nil {
			return badRequest{err}
		}
		b.Date = t.Format(time.DateOnly)
		if u.Period == nil && u.PostPeriod == nil {
			b.Period = ""
		}
	}
	if b.Period == "" {
		b.Period = b.Date[:4] + b.Date[5:7]
	}
	if err := choosePeriod(b, u); err != nil {
		return err
	}
	set(u.Ledger, &b.Ledger)
	set(u.Branch, &b.Branch)
	set(u.Currency, &b.Currency)
	set(u.Code, &b.Code)
	set(u.AutoReversing, &b.AutoReversing)
	set(u.Description, &b.Description)
	if err := within("Description", b.Description, maxDescription); err != nil {
		return err
	}
	if u.Hold != nil && u.Hold.Value != nil {
		b.Status = statusBalanced
		if *u.Hold.Value {
			b.Status = statusHold
		}
	}
	if u.Rate != nil && u.Rate.Value != nil {
		b.Rate = u.Rate.Value.String()
	}
	if u.Control != nil && u.Control.Value != nil {
		total, err := cents(*u.Control.Value)
		if err != nil {
			return inField("ControlTotal", "%v", err)
		}
		b.Control = &total
	}
	return nil
}

var sixDigits = regexp.MustCompile(`^[0-9]{6}$`)

// choosePeriod reads the period in either of its two fields; financialPeriod
// (YYYYMM) wins over postPeriod (MMYYYY).
func choosePeriod(b *batch, u journalUpdate) error {
	id := value(u.Period)
	if id == "" {
		if id = value(u.PostPeriod); sixDigits.MatchString(id) {
			id = id[2:] + id[:2]
		}
	}
	if id == "" {
		return nil
	}
	if !sixDigits.MatchString(id) || id[4:] == "00" || id[4:] > "13" {
		return inField("FinPeriodID", "Invalid Year or Period format.")
	}
	b.Period = id
	return nil
}

// usable checks what a batch refers to: period, date, ledger, branch, currency.
func (s *Server) usable(c *call, b *batch) error {
	p, known := c.company.period(b.Period)
	label := periodLabel(b.Period)
	switch {
	case !known:
		return inField("FinPeriodID", "Financial Period for %s not found.", label)
	case s.take(c.r, FaultInactivePeriod):
		return inField("FinPeriodID", "The %s financial period is inactive.", label)
	case s.take(c.r, FaultClosedPeriod), p.closed && !c.company.PostToClosed:
		return inField("FinPeriodID", "The %s financial period is closed.", label)
	case b.Date < p.first.Format(time.DateOnly) || b.Date > p.last.Format(time.DateOnly):
		return inField("TranDate", "The date is outside the range of the selected financial period.")
	}
	i := slices.IndexFunc(c.company.Ledgers, func(l Ledger) bool { return l.Number == b.Ledger && l.Type == "Actual" })
	if i < 0 {
		return notFound("LedgerID", b.Ledger)
	}
	if err := c.branchUsable(b.Branch); err != nil {
		return err
	}
	rate, isNumber := new(big.Rat).SetString(b.Rate)
	switch {
	case !slices.Contains([]string{"EUR", "SEK", "NOK", "DKK", "USD", "GBP"}, b.Currency):
		return notFound("CuryID", b.Currency)
	case b.Currency == c.company.Currency:
		b.Rate = ""
	case !isNumber || rate.Sign() <= 0:
		return inField("CuryID", "The currency rate is not defined.")
	}
	return nil
}

func (c *call) branchUsable(number string) error {
	i := slices.IndexFunc(c.company.Branches, func(b Branch) bool { return b.Number == number })
	switch {
	case i < 0:
		return notFound("Branch", number)
	case c.company.Branches[i].Inactive:
		return inField("Branch", "Branch is inactive.")
	}
	return nil
}

// applyLine inserts, changes or removes a line.
func (c *call) applyLine(b *batch, u lineUpdate) error {
	i := slices.IndexFunc(b.Lines, func(l line) bool { return l.Number == value(u.Number) })
	switch u.Operation {
	case "", "Insert":
		next := 1
		for _, l := range b.Lines {
			next = max(next, l.Number+1)
		}
		b.Lines, i = append(b.Lines, line{Number: next, Branch: b.Branch}), len(b.Lines)
	case "Delete", "Update":
		if i < 0 {
			return notFound("LineNbr", fmt.Sprint(value(u.Number)))
		}
		if u.Operation == "Delete" {
			b.Lines = slices.Delete(b.Lines, i, i+1)
			return nil
		}
	}
	l := &b.Lines[i]
	set(u.Branch, &l.Branch)
	set(u.Reference, &l.Reference)
	set(u.Text, &l.Text)
	set(u.Note, &l.Note)
	if project := value(u.Project) + value(u.Task); project != "" {
		return notFound("ProjectID", project) // the company has no projects
	}
	return firstError(
		func() error { return within("RefNbr", l.Reference, maxReference) },
		func() error { return within("TranDesc", l.Text, maxText) },
		func() error { return c.branchUsable(l.Branch) },
		func() error { return c.applyAccount(b, l, u) },
		func() error { return applyAmounts(l, u) },
	)
}

func firstError(checks ...func() error) error {
	for _, check := range checks {
		if err := check(); err != nil {
			return err
		}
	}
	return nil
}

// applyAccount sets the ledger account and the subaccount that goes with it.
func (c *call) applyAccount(b *batch, l *line, u lineUpdate) error {
	set(u.Account, &l.Account)
	a, known := c.company.account(l.Account)
	switch {
	case l.Account == "":
		return inField("Account", "'Account' cannot be empty.")
	case !known:
		return notFound("Account", l.Account)
	case a.Inactive:
		return inField("Account", "Account is inactive.")
	case a.NetIncome:
		return inField("Account", "Cannot post transactions directly to Year to Date Net Income.")
	case a.Control != "":
		return inField("Account", "%s is a control account of %s and does not allow manual entry.", a.Code, a.Control)
	case a.Currency != "" && a.Currency != b.Currency:
		return inField("Account", "Denominated GL Account currency is different from transaction currency.")
	}
	return c.applySubaccount(l, u, c.company.dimensioned(a))
}

// applySubaccount resolves the segments. What is left out becomes the value for
// "none" on the balance sheet, and is missing on income and expense.
func (c *call) applySubaccount(l *line, u lineUpdate, required bool) error {
	codes := l.Segments
	if codes == nil || u.Subaccount != nil {
		codes = make([]string, len(c.company.Segments))
	}
	for _, given := range u.Subaccount {
		i := slices.IndexFunc(c.company.Segments, func(s Segment) bool { return s.ID == given.Segment })
		if i < 0 {
			return notFound("Subaccount", fmt.Sprint(given.Segment))
		}
		codes[i] = given.Value
	}
	active := true
	for i, segment := range c.company.Segments {
		if codes[i] == "" && required {
			return inField("Subaccount", "'%s' cannot be empty.", segment.Name)
		}
		if codes[i] == "" {
			codes[i] = c.ledger.Values[segment.ID][0].Code
		}
		v, known := c.ledger.value(segment.ID, codes[i])
		if !known {
			return inField("Subaccount", "%s of Subaccount do not exist.", segment.Name)
		}
		active = active && !v.Inactive
	}
	if !active {
		return inField("Subaccount", "Subaccount %s is inactive.", strings.Join(codes, ""))
	}
	l.Segments = codes
	return nil
}

func applyAmounts(l *line, u lineUpdate) error {
	for _, side := range []struct {
		given *wrapped[json.Number]
		to    *journal.Amount
		field string
	}{{u.Debit, &l.Debit, "CuryDebitAmt"}, {u.Credit, &l.Credit, "CuryCreditAmt"}} {
		if side.given == nil || side.given.Value == nil {
			continue
		}
		amount, err := cents(*side.given.Value)
		if err != nil {
			return inField(side.field, "%v", err)
		}
		*side.to = amount
	}
	if l.Debit != 0 && l.Credit != 0 {
		return inField("CuryDebitAmt", "a line has either a debit or a credit amount.")
	}
	return nil
}

// cents reads a JSON number, in any of its forms, without rounding. A third
// decimal is refused, where the ERP would round it: no journal has one.
func cents(n json.Number) (journal.Amount, error) {
	exact, isNumber := new(big.Rat).SetString(n.String())
	if !isNumber || len(n) > 40 {
		return 0, fmt.Errorf("'%s' is not an amount", n)
	}
	exact.Mul(exact, big.NewRat(100, 1))
	if !exact.IsInt() || !exact.Num().IsInt64() {
		return 0, fmt.Errorf("'%s' is not an amount of two decimals", n)
	}
	return journal.Amount(exact.Num().Int64()), nil
}

// balanced checks the batch as a whole.
func (c *call) balanced(b *batch, u journalUpdate) error {
	if len(b.Lines) < 2 {
		return breach("A batch must have at least two lines.")
	}
	if b.Status == statusHold {
		return nil
	}
	debit, credit := b.totals()
	unlike := b.Control == nil && c.company.RequireControl || b.Control != nil && *b.Control != debit
	if debit != credit || unlike {
		return breach("Batch is out of balance, please review.")
	}
	return nil
}

func within(field, text string, most int) error {
	if utf8.RuneCountInString(text) > most {
		return inField(field, "The string value provided exceeds the field '%s' length of %d characters.", field, most)
	}
	return nil
}
