package payrollfile

import (
	"cmp"
	"errors"
	"slices"
	"strconv"
	"strings"

	"loonbrug/data/journal"
	"loonbrug/data/model"
)

// cell is one value of a table. A number is one that a workbook holds as such;
// its text is the shortest decimal with a point.
type cell struct {
	text   string
	number bool
}

// row is one row of a table with its number in the file, counted from one.
type row struct {
	number int
	cells  []cell
}

// table collects the rows of a table into transactions. What the layout leaves
// to evidence is decided by the first value that can be read one way only; rows
// that may be read in two ways wait for it.
type table struct {
	layout   Layout
	columns  columns
	decimal  byte
	dates    DateForm
	day1904  bool // how a workbook counts its days
	bare     bool // rows without an account are taken
	loose    bool // rows may be shorter than the header, as in a workbook
	width    int  // columns that a row needs: up to the last one with a role
	interned map[string]string

	waiting        []row
	unclearAmount  *model.Problem // the first amount that may be read in two ways
	unclearDate    *model.Problem
	transactions   []*booking
	transactionFor map[bookingKey]*booking
}

// columns are the places of the roles, -1 for none.
type columns struct {
	ledgerAccount, costCentre, costUnit, text, year, period, date, entry, debit, credit, amount, side int
}

func (l *Layout) columns() columns {
	return columns{
		l.column(LedgerAccount), l.column(CostCentre), l.column(CostUnit), l.column(Text), l.column(Year), l.column(Period), l.column(Date),
		l.column(Entry), l.column(Debit), l.column(Credit), l.column(Amount), l.column(Side),
	}
}

// bookingKey is what the rows of one transaction have in common.
type bookingKey struct {
	period journal.Period
	entry  string
}

// booking is a transaction with the rows it stands on.
type booking struct {
	journal.Transaction
	entry       string
	first, last int
}

func newTable(layout Layout) *table {
	t := &table{layout: layout, columns: layout.columns(), dates: layout.Dates}
	for _, i := range layout.Columns {
		t.width = max(t.width, i+1)
	}
	if layout.Decimal != "" {
		t.decimal = layout.Decimal[0]
	}
	t.interned = make(map[string]string)
	t.transactionFor = make(map[bookingKey]*booking)
	return t
}

// take reads the next row. Its cells are the table's only until take returns.
func (t *table) take(r row) error {
	if t.skip(r) {
		return nil
	}
	if extra := len(trimCells(r.cells)); extra > len(t.layout.Header) || !t.loose && len(r.cells) < t.width {
		return at(r, "file.wrong_columns", "found", strconv.Itoa(len(r.cells)), "expected", strconv.Itoa(len(t.layout.Header)))
	}
	t.learn(r)
	if t.unclearAmount != nil || t.unclearDate != nil {
		r.cells = slices.Clone(r.cells)
		t.waiting = append(t.waiting, r)
		return nil
	}
	return t.add(r)
}

func trimCells(cells []cell) []cell {
	end := len(cells)
	for end > 0 && strings.TrimSpace(cells[end-1].text) == "" {
		end--
	}
	return cells[:end]
}

// learn looks for evidence in a row, and lets the waiting rows go when it is
// there.
func (t *table) learn(r row) {
	if t.decimal == 0 {
		for _, i := range []int{t.columns.debit, t.columns.credit, t.columns.amount} {
			if i < 0 || i >= len(r.cells) || r.cells[i].number {
				continue
			}
			sign, v := decimalSign(plainMoney(strings.TrimSpace(r.cells[i].text)))
			if v == ambiguous && t.unclearAmount == nil {
				t.unclearAmount = at(r, "file.ambiguous_amount", "field", t.name(i), "value", strings.TrimSpace(r.cells[i].text))
			}
			if v == evident {
				t.decimal, t.unclearAmount = sign, nil
				break
			}
		}
	}
	if i := t.columns.date; t.dates == DatesByEvidence && i >= 0 && i < len(r.cells) && !r.cells[i].number {
		form, v := dateForm(strings.TrimSpace(r.cells[i].text))
		if v == ambiguous && t.unclearDate == nil {
			t.unclearDate = at(r, "file.ambiguous_date", "field", t.name(i), "value", strings.TrimSpace(r.cells[i].text))
		}
		if v == evident {
			t.dates, t.unclearDate = form, nil
		}
	}
}

// add reads a row that can be read, after those that waited for it.
func (t *table) add(r row) error {
	for _, w := range t.waiting {
		if err := t.read(w); err != nil {
			return err
		}
	}
	t.waiting = nil
	return t.read(r)
}

func (t *table) read(r row) error {
	line, problem := t.line(r)
	if problem != nil {
		return problem
	}
	date, problem := t.date(r)
	if problem != nil {
		return problem
	}
	period, problem := t.period(r, date)
	if problem != nil {
		return problem
	}
	key := bookingKey{period, t.text(r, t.columns.entry)}
	b := t.transactionFor[key]
	if b == nil {
		key.entry = t.intern(key.entry)
		b = &booking{entry: key.entry, first: r.number, Transaction: journal.Transaction{Period: period}}
		t.transactionFor[key] = b
		t.transactions = append(t.transactions, b)
	}
	if b.last = r.number; b.Date.IsZero() || date.Compare(b.Date) > 0 {
		b.Date = date
	}
	b.Lines = append(b.Lines, line)
	return nil
}

func (t *table) line(r row) (journal.Line, *model.Problem) {
	for _, c := range r.cells {
		if len(c.text) > maxField {
			return journal.Line{}, at(r, "file.field_too_long", "limit", strconv.Itoa(maxField))
		}
	}
	line := journal.Line{
		LedgerAccount: t.intern(t.text(r, t.columns.ledgerAccount)), CostCentre: t.intern(t.text(r, t.columns.costCentre)),
		CostUnit: t.intern(t.text(r, t.columns.costUnit)), Text: t.intern(t.text(r, t.columns.text)),
	}
	if line.LedgerAccount == "" && !t.bare {
		return line, at(r, "file.no_ledger_account")
	}
	var problem *model.Problem
	line.Amount, problem = t.money(r)
	return line, problem
}

// money is the amount of a row, positive for a debit.
func (t *table) money(r row) (journal.Amount, *model.Problem) {
	if t.columns.debit < 0 {
		return t.oneAmount(r)
	}
	debitText, creditText := t.text(r, t.columns.debit), t.text(r, t.columns.credit)
	if debitText == "" && creditText == "" {
		return 0, at(r, "file.missing", "field", t.layout.Header[t.columns.debit]+" / "+t.layout.Header[t.columns.credit])
	}
	debit, problem := t.amount(r, t.columns.debit)
	if problem != nil {
		return 0, problem
	}
	credit, problem := t.amount(r, t.columns.credit)
	if problem != nil {
		return 0, problem
	}
	if debit != 0 && credit != 0 {
		return 0, at(r, "file.both_sides", "debit", debitText, "credit", creditText)
	}
	return debit - credit, nil
}

// oneAmount reads the layouts with one column of amounts, which are signed or
// have their side beside them.
func (t *table) oneAmount(r row) (journal.Amount, *model.Problem) {
	if t.text(r, t.columns.amount) == "" {
		return 0, at(r, "file.missing", "field", t.layout.Header[t.columns.amount])
	}
	amount, problem := t.amount(r, t.columns.amount)
	if problem != nil || t.columns.side < 0 {
		return amount, problem
	}
	text := t.text(r, t.columns.side)
	switch side := sideOf(text); {
	case text == "":
		return 0, at(r, "file.missing", "field", t.layout.Header[t.columns.side])
	case side == 0:
		return 0, at(r, "file.bad_side", "field", t.name(t.columns.side), "value", text)
	default:
		return amount * journal.Amount(side), nil
	}
}

// amount reads a cell of money; an empty one is nothing.
func (t *table) amount(r row, column int) (journal.Amount, *model.Problem) {
	text := t.text(r, column)
	if text == "" {
		return 0, nil
	}
	decimal := t.decimal
	if r.cells[column].number {
		decimal = '.'
	}
	amount, ok := parseMoney(plainMoney(text), decimal)
	if !ok {
		return 0, at(r, "file.bad_amount", "field", t.name(column), "value", text)
	}
	return amount, nil
}

// date reads the date of a row, zero where there is none.
func (t *table) date(r row) (journal.Date, *model.Problem) {
	text := t.text(r, t.columns.date)
	if text == "" {
		return journal.Date{}, nil
	}
	form, serial := t.dates, false
	if r.cells[t.columns.date].number { // 46112 or 20260331
		form, serial = YearMonthDay, len(text) != 8 || digits(text) != 8
	}
	date, ok := parseDay(text, form)
	if serial {
		date, ok = serialDay(text, t.day1904)
	}
	if !ok {
		return journal.Date{}, at(r, "file.bad_date", "field", t.name(t.columns.date), "value", text)
	}
	return date, nil
}

// period reads the period of a row: of its own columns, else the month of its
// date.
func (t *table) period(r row, date journal.Date) (p journal.Period, problem *model.Problem) {
	text, ok := t.text(r, t.columns.period), false
	switch {
	case t.columns.period < 0 && date.IsZero():
		return p, at(r, "file.missing", "field", t.layout.Header[t.columns.date])
	case t.columns.period < 0:
		return journal.Period{Year: date.Year, Number: int(date.Month)}, nil
	case text == "":
		return p, at(r, "file.missing", "field", t.layout.Header[t.columns.period])
	case t.columns.year >= 0:
		year := t.text(r, t.columns.year)
		p, ok = yearAndPeriod(year, text)
		text += "/" + year
	case r.cells[t.columns.period].number && len(text) == 5:
		day, isDay := serialDay(text, t.day1904)
		p, ok = journal.Period{Year: day.Year, Number: int(day.Month)}, isDay
	default:
		p, ok = fullPeriod(text)
	}
	if !ok {
		return p, at(r, "file.bad_period", "field", t.name(t.columns.period), "value", text)
	}
	return p, nil
}

// text is a cell without blanks around it; empty where there is none.
func (t *table) text(r row, column int) string {
	if column < 0 || column >= len(r.cells) {
		return ""
	}
	return strings.TrimSpace(r.cells[column].text)
}

// name is what the header says of a column.
func (t *table) name(column int) string { return strings.TrimSpace(t.layout.Header[column]) }

// intern keeps one copy of a text that is met many times, and frees the row it
// was cut from.
func (t *table) intern(s string) string {
	if s == "" {
		return ""
	}
	kept, ok := t.interned[s]
	if !ok {
		kept = strings.Clone(s)
		t.interned[kept] = kept
	}
	return kept
}

// finish proves every transaction and gives them in the order of their first
// rows.
func (t *table) finish(yield func(journal.Transaction) error) error {
	if problem := cmp.Or(t.unclearAmount, t.unclearDate); problem != nil {
		return problem
	}
	for i, b := range t.transactions {
		if err := b.Balance(); err != nil {
			return unbalancedRows(b, i+1, err)
		}
	}
	for _, b := range t.transactions {
		if err := yield(b.Transaction); err != nil {
			return err
		}
	}
	return nil
}

func unbalancedRows(b *booking, number int, err error) error {
	rows := strconv.Itoa(b.first)
	if b.last != b.first {
		rows += "–" + strconv.Itoa(b.last)
	}
	var u *journal.Unbalanced
	if !errors.As(err, &u) {
		return fault("file.bad_amount", "value", "", "row", rows).Because(err)
	}
	p := fault("file.unbalanced", "period", u.Period.String(), "row", rows, "transaction", strconv.Itoa(number),
		"debit", u.Debit.String(), "credit", u.Credit.String(), "difference", (u.Debit - u.Credit).Abs().String()).Because(err)
	if b.entry != "" {
		p.Params["entry"] = b.entry
	}
	return p
}

// at is a problem of a row.
func at(r row, code string, pairs ...string) *model.Problem {
	return fault(code, append(pairs, "row", strconv.Itoa(r.number))...)
}

// fault is a problem of a file, whose name [Reader.Read] adds.
func fault(code string, pairs ...string) *model.Problem { return model.NewProblem(code, pairs...) }
