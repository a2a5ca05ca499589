package payrollfile

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"loonbrug/data/model"
)

// Role is what a column of a table means.
type Role string

// The roles. A table needs a ledger account, a period (a column of full periods
// such as 2026-03, or of numbers beside a year, or else a date whose month it
// is), and money: debit and credit, or one amount, signed or with its side.
const (
	LedgerAccount Role = "ledger_account"
	CostCentre    Role = "cost_centre"
	CostUnit      Role = "cost_unit"
	Text          Role = "text"
	Year          Role = "year"
	Period        Role = "period"
	Date          Role = "date"
	Entry         Role = "entry" // rows of one entry and period are one transaction
	Debit         Role = "debit"
	Credit        Role = "credit"
	Amount        Role = "amount"
	Side          Role = "side" // debit or credit of the amount, in words or letters
)

// Roles are all roles, in the order in which a person is asked for them.
func Roles() []Role {
	return []Role{LedgerAccount, CostCentre, CostUnit, Text, Year, Period, Date, Entry, Debit, Credit, Amount, Side}
}

// DateForm is the order of day, month and year in a column of dates.
type DateForm string

// The forms of dates. A year has four digits in all of them.
const (
	DatesByEvidence DateForm = ""    // found from the column itself
	YearMonthDay    DateForm = "ymd" // 2026-03-31, 20260331
	DayMonthYear    DateForm = "dmy" // 31-03-2026
	MonthDayYear    DateForm = "mdy" // 03/31/2026
)

// Layout says how a table is read: which column means what, and how numbers
// and dates are written. It is proposed from the header, can be shown and
// corrected, and is remembered under its ID as JSON.
type Layout struct {
	ID        string       `json:"id"`        // of the header, see [LayoutID]
	Header    []string     `json:"header"`    // as it stands in the file
	Separator string       `json:"separator"` // one character; empty for a workbook
	Decimal   string       `json:"decimal"`   // "." or ","; empty: found from the column
	Dates     DateForm     `json:"dates"`
	Columns   map[Role]int `json:"columns"` // counted from zero
}

// LayoutID is the stable name of a layout: a hash of the header's words, in
// their order, whatever their case and the blanks around them.
func LayoutID(header []string) string {
	sum := sha256.New()
	for _, name := range trimRight(header) {
		sum.Write([]byte(headerWord(name)))
		sum.Write([]byte{0})
	}
	return hex.EncodeToString(sum.Sum(nil)[:16])
}

// trimRight leaves out empty columns at the end: programs write more or fewer.
func trimRight(header []string) []string {
	end := len(header)
	for end > 0 && headerWord(header[end-1]) == "" {
		end--
	}
	return header[:end]
}

// Missing are the roles without which the table cannot be read, in the order of
// [Roles]. A layout that misses nothing is complete.
func (l *Layout) Missing() []Role {
	has := func(r Role) bool { _, ok := l.Columns[r]; return ok }
	var missing []Role
	if !has(LedgerAccount) {
		missing = append(missing, LedgerAccount)
	}
	if has(Year) && !has(Period) || !has(Period) && !has(Date) {
		missing = append(missing, Period)
	}
	switch {
	case has(Debit) && !has(Credit):
		missing = append(missing, Credit)
	case has(Credit) && !has(Debit):
		missing = append(missing, Debit)
	case !has(Debit) && !has(Amount):
		missing = append(missing, Amount)
	}
	return missing
}

// remembered are the layouts of a list of what was chosen before. One that was
// not written by this program's readers is as good as none.
func remembered(ctx context.Context, list func(context.Context) ([]model.Layout, error)) ([]Layout, error) {
	if list == nil {
		return nil, nil
	}
	kept, err := list(ctx)
	if err != nil {
		return nil, fmt.Errorf("remembered layouts: %w", err)
	}
	var known []Layout
	for _, k := range kept {
		var l Layout
		id, ok := strings.CutPrefix(k.ID, "columns:")
		if ok && json.Unmarshal([]byte(k.Columns), &l) == nil && l.ID == id {
			known = append(known, l)
		}
	}
	return known, nil
}

// column is the place of a role, -1 where the table has none.
func (l *Layout) column(r Role) int {
	if i, ok := l.Columns[r]; ok {
		return i
	}
	return -1
}

// clone is a layout that shares nothing with this one.
func (l *Layout) clone() Layout {
	c := *l
	c.Header, c.Columns = slices.Clone(l.Header), maps.Clone(l.Columns)
	return c
}

// columnsMissing is the problem of a table that lacks columns; each missing role
// is a parameter, so that a text can name it in its own words.
func columnsMissing(missing []Role, row string) *model.Problem {
	p := fault("file.columns_missing", "row", row)
	for _, r := range missing {
		p.Params[string(r)] = string(r)
	}
	return p
}

// headerRows is how many rows at the start of a table may stand before its
// header.
const headerRows = 30

// header is the place of a header in a table.
type header struct {
	index  int // among the rows that were looked at
	layout Layout
}

// findHeader looks for the header among the first rows of a table: the row of a
// remembered layout, else the row in which most columns are recognised. known
// tells how many those are; a remembered layout beats every proposal.
func findHeader(rows [][]string, separator string, remembered []Layout) (h header, known int, ok bool) {
	for i, row := range rows[:min(len(rows), headerRows)] {
		if len(remembered) > 0 {
			id := LayoutID(row)
			for _, l := range remembered {
				if l.ID == id && l.Separator == separator {
					return header{i, l.clone()}, len(row) + len(Roles()), true
				}
			}
		}
		columns := recognise(row)
		if len(columns) > known {
			known, ok = len(columns), true
			h = header{i, Layout{Header: slices.Clone(row), Separator: separator, Columns: columns}}
		}
		if ok && len(remembered) == 0 && len(h.layout.Missing()) == 0 {
			break // values follow
		}
	}
	if ok {
		h.layout.ID = LayoutID(h.layout.Header)
	}
	return h, known, ok
}

// missing adds to [Layout.Missing] what the first row of values shows: a column
// of period numbers says nothing without its year.
func (h *header) missing(rows [][]string) []Role {
	missing := h.layout.Missing()
	period, year := h.layout.column(Period), h.layout.column(Year)
	if period < 0 || year >= 0 {
		return missing
	}
	for _, row := range rows[h.index+1:] {
		if period >= len(row) || strings.TrimSpace(row[period]) == "" {
			continue
		}
		if len(strings.TrimSpace(row[period])) <= 2 {
			missing = append(missing, Year)
		}
		break
	}
	return missing
}

// widest is the header of a table of which no word is known: its first row of
// most columns.
func widest(rows [][]string, separator string) header {
	var h header
	for i, row := range rows[:min(len(rows), headerRows)] {
		if len(trimRight(row)) > len(trimRight(h.layout.Header)) {
			h = header{i, Layout{ID: LayoutID(row), Header: slices.Clone(row), Separator: separator, Columns: map[Role]int{}}}
		}
	}
	return h
}
