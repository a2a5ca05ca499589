package payrollfile

import (
	"errors"
	"strconv"
	"strings"
	"time"

	"loonbrug/data/journal"
)

// xafTotals is what the lines come to. A negative debit may be meant as less
// debit or as a credit; the totals that a file states may be either.
type xafTotals struct {
	lines         int
	debit, credit journal.Amount // by the side that is written
	more, less    journal.Amount // by the side that it comes to
}

func (d *xafDecoder) endLine() error {
	l := d.line
	if l.account == "" {
		return d.problem("file.no_ledger_account")
	}
	if l.amount == "" {
		return d.problem("file.missing", "field", "amnt")
	}
	amount, err := journal.ParseAmount(l.amount)
	if err != nil {
		return d.problem("file.bad_amount", "field", "amnt", "value", l.amount).Because(err)
	}
	t := &d.counted
	switch strings.ToUpper(l.side) {
	case "D":
		t.debit += amount
	case "C":
		t.credit += amount
		amount = -amount
	case "":
		return d.problem("file.missing", "field", "amntTp")
	default:
		return d.problem("file.bad_side", "field", "amntTp", "value", l.side)
	}
	if amount > 0 {
		t.more += amount
	} else {
		t.less -= amount
	}
	t.lines++
	if t.more < 0 || t.less < 0 {
		return d.problem("file.bad_amount", "field", "amnt", "value", l.amount).Because(journal.ErrTooLarge)
	}
	d.done = append(d.done, journal.Line{
		LedgerAccount: l.account, CostCentre: l.costCentre, CostUnit: l.costUnit, Amount: amount, Text: d.names[l.account],
	})
	return nil
}

// endTransaction hands a transaction over, unless it is a part of the opening
// balance or has no lines.
func (d *xafDecoder) endTransaction() error {
	d.lines = 0
	if err := d.handOver(); err != nil {
		return err
	}
	d.inside = false
	return nil
}

func (d *xafDecoder) handOver() error {
	date, err := d.date("trDt", d.now.date)
	if err != nil {
		return err
	}
	number := 0
	if d.now.period != "" {
		if number, err = strconv.Atoi(d.now.period); err != nil || number < 0 || number > journal.LastPeriod {
			return d.problem("file.bad_period", "field", "periodNumber", "value", d.now.period)
		}
		if number == 0 {
			return nil
		}
	}
	if len(d.done) == 0 {
		return nil
	}
	t := journal.Transaction{Date: date, Lines: d.done}
	if t.Period, err = d.period(number, date); err != nil {
		return err
	}
	if err := t.Balance(); err != nil {
		var u *journal.Unbalanced
		if !errors.As(err, &u) {
			return d.problem("file.bad_amount", "value", "").Because(err)
		}
		return d.problem("file.unbalanced", unbalancedParams(u)...).Because(err)
	}
	return d.yield(t)
}

// period finds the payroll's period. The number in the file counts within the
// book year of the header, except in two cases: a date in another year whose
// month is that number is a correction of that year, and where the book year is
// no calendar year its numbers are not the payroll's, so the month counts.
func (d *xafDecoder) period(number int, date journal.Date) (journal.Period, error) {
	start := d.header.YearStart
	broken := !start.IsZero() && (start.Month != time.January || start.Day != 1)
	year, err := strconv.Atoi(d.year)
	if err != nil || year < 1000 {
		year = start.Year
	}
	switch month := int(date.Month); {
	case date.IsZero() && (number == 0 || broken):
		return journal.Period{}, d.problem("file.missing", "field", "trDt")
	case number == 0 || broken:
		number, year = month, date.Year
	case date.IsZero() && year == 0:
		return journal.Period{}, d.problem("file.missing", "field", "fiscalYear")
	case year == 0, !date.IsZero() && month == number:
		year = date.Year
	}
	p := journal.Period{Year: year, Number: number}
	if err := p.Validate(); err != nil {
		return p, d.problem("file.bad_period", "field", "periodNumber", "value", p.String()).Because(err)
	}
	return p, nil
}

// compare holds what the file states against its lines.
func (d *xafDecoder) compare() error {
	t := d.counted
	if stated := d.stated["linesCount"]; stated != "" {
		if n, err := strconv.Atoi(stated); err != nil || n != t.lines {
			return d.problem("file.totals", "field", "linesCount", "stated", stated, "counted", strconv.Itoa(t.lines))
		}
	}
	for _, total := range []struct {
		field   string
		written journal.Amount
		signed  journal.Amount
	}{{"totalDebit", t.debit, t.more}, {"totalCredit", t.credit, t.less}} {
		stated := d.stated[total.field]
		if stated == "" {
			continue
		}
		amount, err := parseTotal(stated)
		if err != nil {
			return d.problem("file.bad_amount", "value", stated).Because(err)
		}
		if amount != total.written && amount != total.signed {
			return d.problem("file.totals", "field", total.field, "stated", amount.String(), "counted", total.written.String())
		}
	}
	return nil
}

// parseTotal reads what [journal.ParseAmount] reads, without the limit of a
// single line.
func parseTotal(text string) (journal.Amount, error) {
	whole, fraction, _ := strings.Cut(strings.TrimPrefix(text, "+"), ".")
	fraction = strings.TrimRight(fraction, "0")
	fraction += strings.Repeat("0", max(0, 2-len(fraction)))
	var a journal.Amount
	err := a.UnmarshalText([]byte(whole + "." + fraction))
	return a, err
}
