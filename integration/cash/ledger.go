package cash

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"loonbrug/data/journal"
	"loonbrug/data/model"
)

// The fields of record 301, by the record layout of CASH Financieel
// (recordindeling). Lengths are in characters.
const (
	fPeriod     = "F0301" // YYPP
	fDate       = "F0302" // YYMMDD; exports give DD-MM-YYYY
	fDocument   = "F0303" // six digits, unique per daybook and year
	fText       = "F0306"
	fAmount     = "F0307" // signed, debit positive
	fLedger     = "F0201"
	fKey        = "F0711" // kenmerk
	fDaybook    = "F0901"
	fCostCentre = "F0911"

	longestText       = 25
	longestLedger     = 6
	longestDaybook    = 6
	longestCostCentre = 3
	longestKey        = 13
	documentDigits    = 6
)

// dimensionCostCentre is the id of CASH's own dimension, record 0911. Dimensions
// go by the number of the field that carries them.
const dimensionCostCentre = "0911"

// wireField is one field of a record with its name, such as "F0201".
type wireField struct{ name, value string }

// mutation is record 301 as it is sent: the fields of one line of a journal, in
// their order on the wire. Fields without a value are not in it.
type mutation []wireField

// mutations are the records of an entry under a document number.
func mutations(e *model.Entry, document string) []mutation {
	list := make([]mutation, len(e.Lines))
	for i, l := range e.Lines {
		m := mutation{
			{fDaybook, e.Extra[optionDaybook]},
			{fDate, e.Date.Time().Format("060102")},
			{fPeriod, e.BookPeriod},
			{fDocument, document},
			{fLedger, l.LedgerAccount},
		}
		for _, d := range l.Dimensions {
			m = append(m, wireField{"F" + d.Dimension, d.Value})
		}
		if l.Text != "" {
			m = append(m, wireField{fText, l.Text})
		}
		list[i] = append(m, wireField{fKey, e.Key}, wireField{fAmount, writeAmount(l.Amount)})
	}
	return list
}

// fieldsOf are the numbers of the fields that carry the dimensions of an entry:
// that of cost centres, and the one the mapping gave for cost units.
func fieldsOf(e *model.Entry) []string {
	fields := []string{dimensionCostCentre}
	for _, l := range e.Lines {
		for _, d := range l.Dimensions {
			if !slices.Contains(fields, d.Dimension) {
				fields = append(fields, d.Dimension)
			}
		}
	}
	return fields
}

// booking is what CASH has under one document number.
type booking struct {
	daybook  string
	document string
	year     string // of its book year, YY
	keys     map[string]bool
	lines    []model.EntryLine
}

// number is what a person finds the booking by.
func (b *booking) number() string { return b.daybook + " " + b.document }

// is tells whether the booking stands under a daybook, document and book year.
func (b *booking) is(daybook, document, year string) bool {
	return b.daybook == daybook && b.document == document && b.year == year
}

// readBookings gathers exported records 301 by document, in the order in which
// the documents first appear. Dimensions are read from the fields given; the
// book year is that of the date.
func readBookings(rows []row, fields []string, c calendar) ([]*booking, error) {
	type place struct{ daybook, document, year string }
	var list []*booking
	index := make(map[place]*booking)
	for i, r := range rows {
		date, err := readDate(r.get(fDate))
		if err != nil {
			return nil, fmt.Errorf("record %d: %w", i+1, err)
		}
		amount, err := readAmount(r.get(fAmount))
		if err != nil {
			return nil, fmt.Errorf("record %d: %w", i+1, err)
		}
		at := place{r.get(fDaybook), padDocument(r.get(fDocument)), c.period(date)[:2]}
		b := index[at]
		if b == nil {
			b = &booking{daybook: at.daybook, document: at.document, year: at.year, keys: make(map[string]bool)}
			index[at] = b
			list = append(list, b)
		}
		line := model.EntryLine{LedgerAccount: r.get(fLedger), Amount: amount, Text: r.get(fText)}
		for _, field := range fields {
			if code := r.get("F" + field); code != "" {
				line.Dimensions = append(line.Dimensions, model.DimensionCode{Dimension: field, Value: code, Code: code})
			}
		}
		b.lines = append(b.lines, line)
		b.keys[r.get(fKey)] = true
	}
	return list, nil
}

// sameContent tells whether a booking has exactly the lines of an entry, in any
// order and whatever their texts.
func (b *booking) sameContent(e *model.Entry) bool {
	type content struct {
		ledger, dimensions string
		amount             journal.Amount
	}
	of := func(l model.EntryLine) content {
		c := content{ledger: l.LedgerAccount, amount: l.Amount}
		for _, d := range l.Dimensions {
			c.dimensions += d.Dimension + "=" + d.Value + "|"
		}
		return c
	}
	left := make(map[content]int)
	for _, l := range e.Lines {
		left[of(l)]++
	}
	for _, l := range b.lines {
		c := of(l)
		if left[c] == 0 {
			return false
		}
		left[c]--
	}
	return len(b.lines) == len(e.Lines)
}

// padDocument writes a document number with all its digits, as exports do.
func padDocument(s string) string {
	return strings.Repeat("0", max(0, documentDigits-len(s))) + s
}

// readDocument checks the document number that CASH offers.
func readDocument(s string) (string, error) {
	if s == "" || len(s) > documentDigits || strings.Trim(s, "0123456789") != "" || strings.Trim(s, "0") == "" {
		return "", fmt.Errorf("not a document number: %q", s)
	}
	return padDocument(s), nil
}

// writeAmount writes an amount with a comma and two decimals.
func writeAmount(a journal.Amount) string { return strings.Replace(a.String(), ".", ",", 1) }

var errAmount = errors.New("not an amount")

// readAmount reads 1264,50 and -0,05, and also the forms 1264.50, 1.264,50 and
// 1264 that exports have been seen in. A single separator before three digits
// could be read two ways and is refused.
func readAmount(s string) (journal.Amount, error) {
	digits := strings.TrimPrefix(s, "-")
	decimal := strings.LastIndexAny(digits, ",.")
	if decimal >= 0 {
		whole, fraction := digits[:decimal], digits[decimal+1:]
		thousands := "."
		if digits[decimal] == '.' {
			thousands = ","
		}
		groups := strings.Split(whole, thousands)
		for i, g := range groups {
			if len(groups) > 1 && (len(g) > 3 || g == "" || (i > 0 && len(g) != 3)) {
				return 0, fmt.Errorf("%w: %q", errAmount, s)
			}
		}
		if len(fraction) == 0 || len(fraction) > 2 {
			return 0, fmt.Errorf("%w: %q", errAmount, s)
		}
		digits = strings.Join(groups, "") + "." + fraction
	}
	a, err := journal.ParseAmount(digits)
	if err != nil || strings.HasPrefix(digits, "-") || strings.HasPrefix(digits, "+") {
		return 0, fmt.Errorf("%w: %q", errAmount, s)
	}
	if strings.HasPrefix(s, "-") {
		a = -a
	}
	return a, nil
}

// readDate reads DD-MM-YYYY, the form of exports, and YYMMDD, that of imports.
func readDate(s string) (journal.Date, error) {
	for _, layout := range []string{"02-01-2006", "060102"} {
		if t, err := time.Parse(layout, s); err == nil {
			return journal.DateOf(t), nil
		}
	}
	return journal.Date{}, fmt.Errorf("%w: %q", journal.ErrNotADate, s)
}
