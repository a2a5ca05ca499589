package payrollfile

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"loonbrug/data/journal"
)

// sieVoucher is one #VER while it is read.
type sieVoucher struct {
	place string // for problems: which voucher of the file, and its own number
	row   int    // of its #VER
	date  journal.Date
	open  bool // its block has begun
	line  int  // the #TRANS in hand, counted from one; 0 between them
	lines []journal.Line
	dates []journal.Date // of the lines, zero where a line has none
}

// ver begins a voucher: series, number, date; text, day of entry and signature
// are not kept.
func (d *sieDecoder) ver() error {
	if d.voucher != nil {
		return d.problem("file.bad_record", "found", d.label)
	}
	if err := d.sendHeader(); err != nil {
		return err
	}
	d.vouchers++
	v := &sieVoucher{row: d.records.row, place: fmt.Sprintf("%d (#VER)", d.vouchers)}
	d.voucher = v
	series, err := d.text(0)
	if err != nil {
		return err
	}
	number, err := d.text(1)
	if err != nil {
		return err
	}
	if number != "" {
		v.place = fmt.Sprintf("%d (#VER %s %s)", d.vouchers, series, number)
	}
	v.date, err = d.date(2)
	return err
}

// trans reads one line: ledger account, object list, amount, date. Its text,
// quantity and signature are not kept.
func (d *sieDecoder) trans() error {
	v := d.voucher
	if v == nil {
		return d.problem("file.bad_record", "found", d.label)
	}
	v.line = len(v.lines) + 1
	if v.line > maxLines {
		return d.problem("file.too_many", "limit", strconv.Itoa(maxLines))
	}
	account, err := d.text(0)
	switch {
	case err != nil:
		return err
	case account == "":
		return d.problem("file.no_ledger_account")
	}
	line := journal.Line{LedgerAccount: account, Text: d.names[account]}
	if len(d.fields) > 1 && d.fields[1].list {
		if err := d.objects(d.fields[1].text, &line); err != nil {
			return err
		}
		d.fields = slices.Delete(d.fields, 1, 2)
	}
	value, err := d.text(1)
	switch {
	case err != nil:
		return err
	case value == "":
		return d.problem("file.missing", "field", "belopp (#TRANS)")
	}
	// The standard asks for a point and knows no thousands: a comma can only be
	// the decimal sign of a program that writes it the Swedish way.
	if line.Amount, err = journal.ParseAmount(strings.Replace(value, ",", ".", 1)); err != nil {
		return d.problem("file.bad_amount", "field", "belopp (#TRANS)", "value", value).Because(err)
	}
	date, err := d.date(2)
	if err != nil {
		return err
	}
	v.lines, v.dates = append(v.lines, line), append(v.dates, date)
	v.line = 0
	return nil
}

// objects takes the cost centre and the cost unit out of an object list, which
// is pairs of dimension and object.
func (d *sieDecoder) objects(list []byte, line *journal.Line) error {
	if len(list) == 0 {
		return nil
	}
	pairs, err := splitRecord(list, nil)
	if err != nil || len(pairs)%2 != 0 {
		return d.problem("file.bad_objects").Because(err)
	}
	for ; len(pairs) > 0; pairs = pairs[2:] {
		var target *string
		switch dimension, object := pairs[0], pairs[1]; {
		case dimension.list || object.list:
			return d.problem("file.bad_objects")
		case string(dimension.text) == "1":
			target = &line.CostCentre
		case string(dimension.text) == "2":
			target = &line.CostUnit
		default:
			continue
		}
		code, err := d.decode(pairs[1].text)
		switch {
		case err != nil:
			return err
		case *target != "" && *target != code:
			return d.problem("file.bad_objects")
		}
		*target = code
	}
	return nil
}

// endVoucher proves the balance and hands the voucher over. One without lines
// books nothing and is passed over.
func (d *sieDecoder) endVoucher() error {
	v := d.voucher
	if len(v.lines) == 0 {
		d.voucher = nil
		return nil
	}
	whole := journal.Transaction{Period: periodOf(v.date), Date: v.date, Lines: v.lines}
	if err := whole.Balance(); err != nil {
		return d.unbalanced(err)
	}
	for i := range v.dates {
		if v.dates[i].IsZero() {
			v.dates[i] = v.date
		}
		if v.dates[i].IsZero() {
			return d.problem("file.missing", "field", "verdatum (#VER)")
		}
	}
	parts, balanced := v.byMonth()
	if !balanced {
		if v.date.IsZero() {
			return d.problem("file.missing", "field", "verdatum (#VER)")
		}
		parts = []journal.Transaction{whole}
	}
	d.voucher = nil
	for _, part := range parts {
		if err := d.yield(part); err != nil {
			return err
		}
	}
	return nil
}

func (d *sieDecoder) unbalanced(err error) error {
	var u *journal.Unbalanced
	if !errors.As(err, &u) {
		return d.problem("file.bad_amount", "value", "").Because(err)
	}
	return d.problem("file.unbalanced", unbalancedParams(u)...).Because(err)
}

// unbalancedParams are what the explanation of "file.unbalanced" shows.
func unbalancedParams(u *journal.Unbalanced) []string {
	return []string{
		"period", u.Period.String(), "debit", u.Debit.String(), "credit", u.Credit.String(),
		"difference", (u.Debit - u.Credit).Abs().String(),
	}
}

// byMonth parts the lines by the month of their date, in order of appearance.
// balanced tells whether every part balances by itself. A part has the latest
// of its dates, or the voucher's own where that lies in its month.
func (v *sieVoucher) byMonth() (parts []journal.Transaction, balanced bool) {
	for i, line := range v.lines {
		period := periodOf(v.dates[i])
		at := slices.IndexFunc(parts, func(t journal.Transaction) bool { return t.Period == period })
		if at < 0 {
			at = len(parts)
			parts = append(parts, journal.Transaction{Period: period})
			if len(parts) == 1 {
				parts[0].Lines = make([]journal.Line, 0, len(v.lines))
			}
		}
		part := &parts[at]
		part.Lines = append(part.Lines, line)
		if part.Date.IsZero() || v.dates[i].Compare(part.Date) > 0 {
			part.Date = v.dates[i]
		}
	}
	for i := range parts {
		if parts[i].Balance() != nil {
			return nil, false
		}
		if periodOf(v.date) == parts[i].Period {
			parts[i].Date = v.date
		}
	}
	return parts, true
}

// periodOf is the period of a monthly payroll that a day lies in.
func periodOf(d journal.Date) journal.Period {
	return journal.Period{Year: d.Year, Number: int(d.Month)}
}
