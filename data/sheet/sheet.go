// Package sheet writes a table as a file for a spreadsheet program: [Table.CSV]
// as text and [Table.XLSX] as a workbook with one sheet.
//
// What it writes can be opened without harm: a text that a spreadsheet program
// would take for a formula stays a text. Amounts are written from whole cents and
// never pass through a floating-point number. It reads nothing and knows no
// language: titles come from outside.
package sheet

import (
	"strconv"
	"strings"
	"time"

	"loonbrug/data/journal"
)

// Table is a header over rows; every row has a cell for each title.
type Table struct {
	Name   string // of the sheet
	Titles []string
	Rows   [][]Cell
}

type kind int

const (
	kindText kind = iota
	kindAmount
	kindCount
	kindDay
)

// Cell is one value. Its zero value is an empty text.
type Cell struct {
	kind   kind
	text   string
	number int64 // cents, or a count
	day    journal.Date
}

// Text is a cell of letters; codes are letters too.
func Text(s string) Cell { return Cell{text: s} }

// Amount is a sum of money.
func Amount(a journal.Amount) Cell { return Cell{kind: kindAmount, number: int64(a)} }

// Count is a whole number.
func Count(n int) Cell { return Cell{kind: kindCount, number: int64(n)} }

// Day is a date; one that was never set is an empty text.
func Day(d journal.Date) Cell {
	if d == (journal.Date{}) {
		return Cell{}
	}
	return Cell{kind: kindDay, day: d}
}

// DayOf is the date of a moment in its own zone.
func DayOf(t time.Time) Cell {
	if t.IsZero() {
		return Cell{}
	}
	return Day(journal.Date{Year: t.Year(), Month: t.Month(), Day: t.Day()})
}

// plain writes the value with a decimal sign of choice.
func (c Cell) plain(decimal string) string {
	switch c.kind {
	case kindAmount:
		return strings.Replace(journal.Amount(c.number).String(), ".", decimal, 1)
	case kindCount:
		return strconv.FormatInt(c.number, 10)
	case kindDay:
		return c.day.String()
	}
	return c.text
}
