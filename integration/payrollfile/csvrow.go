package payrollfile

import (
	"bytes"
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"loonbrug/data/journal"
)

// maxGross keeps sums of amounts far from what sixty-four bits hold.
const maxGross journal.Amount = 1 << 61

// span is a field of the row: text[from:to].
type span struct{ from, to int }

// tally is the sum of one post in one period.
type tally struct {
	journal.Sum
	used bool
}

// adder adds up the rows of blocks. What repeats from row to row is read once
// and then only compared: when (year, period and date) and what (account and
// dimensions), both by their bytes in the file.
type adder struct {
	table  *table // for the careful parts; not shared
	plain  [256]bool
	comma  byte
	fields []span
	count  int    // fields of the row, 0 for an empty line
	odd    uint64 // fields with a quote or line end inside, as bits
	needed uint64 // fields that are read, as bits

	when     map[string]int // to periods
	lastWhen []byte
	period   int
	periods  []journal.Period
	what     map[string]int // to posts
	posts    []journal.Post
	sides    map[string]journal.Amount
	key      []byte

	sums  [][]tally // by period and post
	cells int
	gross journal.Amount

	open        map[bookingKey]journal.Amount // what transactions were out of balance when they were left
	entry       []byte                        // the transaction of the last row
	entryPeriod int
	balance     journal.Amount
}

// apart is the room of what is written for every row: two workers that write into
// one line of the cache slow each other down.
const apart = 256

func newAdder(t *table) *adder {
	own := newTable(t.layout)
	own.decimal, own.dates = t.decimal, t.dates
	a := &adder{
		table: own, comma: t.layout.Separator[0], fields: make([]span, len(t.layout.Header)+1, maxColumns+1),
		key: make([]byte, 0, apart), entry: make([]byte, 0, apart), lastWhen: make([]byte, 0, apart),
		when: make(map[string]int), what: make(map[string]int), sides: make(map[string]journal.Amount),
		open: make(map[bookingKey]journal.Amount), period: -1, entryPeriod: -1,
	}
	for _, role := range Roles() {
		if i := t.layout.column(role); i >= 0 && role != Text {
			a.needed |= 1 << i
		}
	}
	for c := range a.plain {
		a.plain[c] = c != int(a.comma) && c != '\n' && c != '\r' && c != '"'
	}
	return a
}

// work takes rows and then, into buf, blocks until there are none.
func (a *adder) work(ctx context.Context, b *blocks, rows, buf []byte) (err error) {
	for ctx.Err() == nil {
		for len(rows) > 0 {
			size, ok := a.cut(rows)
			if !ok || !a.add(rows[:size]) {
				return errCareful
			}
			rows = rows[size:]
		}
		rows, err = b.next(buf)
		if errors.Is(err, io.EOF) {
			a.leave()
			return nil
		}
		if err != nil {
			return err
		}
	}
	return ctx.Err()
}

// cut finds the fields of the first row of text, as encoding/csv does. It does
// not take a row that is longer than one field may be, has more columns than
// the header, or is not well formed.
func (a *adder) cut(text []byte) (size int, ok bool) {
	a.count, a.odd = 0, 0
	from := 0
	for i := 0; i < len(text); {
		if text[i] == '"' && i == from {
			end, plain := quoted(text[i:])
			if end < 0 {
				return 0, false
			}
			if !plain {
				a.odd |= 1 << a.count
			}
			a.fields[min(a.count, len(a.fields)-1)] = span{i + 1, i + end - 1}
			i += end
		} else {
			for i < len(text) && a.plain[text[i]] {
				i++
			}
			a.fields[min(a.count, len(a.fields)-1)] = span{from, i}
		}
		if i < len(text) && text[i] == '\r' {
			i++
			if i == len(text) || text[i] != '\n' {
				return 0, false
			}
		}
		if i == len(text) || i > maxField || a.count >= len(a.fields) {
			return 0, false
		}
		c := text[i]
		i++
		switch {
		case c == '\n':
			if a.count > 0 || i > 2 || text[0] != '\n' && text[0] != '\r' {
				a.count++
			}
			return i, true
		case c != a.comma:
			return 0, false
		}
		a.count++
		from = i
	}
	return 0, false
}

// quoted is the length of the quoted field that text begins with, -1 when it
// does not end. plain is false for one with a quote or a line end inside.
func quoted(text []byte) (size int, plain bool) {
	plain = true
	for size = 1; ; size++ {
		end := bytes.IndexByte(text[size:], '"')
		if end < 0 {
			return -1, false
		}
		plain = plain && bytes.IndexByte(text[size:size+end], '\n') < 0
		size += end + 1
		if size >= len(text) || text[size] != '"' {
			return size, plain
		}
		plain = false
	}
}

// add adds the row that was cut from text. It does not take one that the
// careful reading would refuse.
func (a *adder) add(text []byte) bool {
	if a.count == 0 {
		return true
	}
	c := &a.table.columns
	if a.count < a.table.width || a.odd&a.needed != 0 ||
		a.count == len(a.fields) && len(a.field(text, len(a.fields)-1)) > 0 {
		return a.passesOver(text)
	}
	post := a.postOf(text)
	if post < 0 {
		return a.passesOver(text)
	}
	amount, ok := a.money(text)
	if !ok || !a.periodOf(text) {
		return false
	}
	if entry := a.field(text, c.entry); a.period != a.entryPeriod || !bytes.Equal(entry, a.entry) {
		a.leave()
		a.entryPeriod, a.entry = a.period, append(a.entry[:0], entry...)
	}
	a.balance += amount
	if a.gross += amount.Abs(); a.gross > maxGross {
		return false
	}
	return a.sum(post, amount)
}

// sum adds to a post in the period of the row.
func (a *adder) sum(post int, amount journal.Amount) bool {
	if post >= len(a.sums[a.period]) && !a.widen(a.period, len(a.posts)) {
		return false
	}
	s := &a.sums[a.period][post]
	s.used = true
	if amount >= 0 {
		s.Debit += amount
	} else {
		s.Credit -= amount
	}
	return true
}

// widen makes room for the sums of so many posts in a period.
func (a *adder) widen(period, posts int) bool {
	more := posts - len(a.sums[period])
	if more > 0 {
		a.cells += more
		a.sums[period] = append(a.sums[period], make([]tally, more)...)
	}
	return a.cells <= maxCells
}

// merge takes over all that another adder of the same table has found.
func (a *adder) merge(other *adder) {
	a.gross += other.gross
	for key, balance := range other.open {
		a.open[key] += balance
	}
	posts := make([]int, len(other.posts))
	for key, i := range other.what {
		post, ok := a.what[key]
		if !ok {
			post = len(a.posts)
			a.posts = append(a.posts, other.posts[i])
			a.what[key] = post
		}
		posts[i] = post
	}
	for p, sums := range other.sums {
		period := a.indexOf(other.periods[p])
		a.widen(period, len(a.posts))
		for i, s := range sums {
			if s.used {
				into := &a.sums[period][posts[i]]
				into.used = true
				into.Debit += s.Debit
				into.Credit += s.Credit
			}
		}
	}
}

// ledger is what was found. Each post and period is there once.
func (a *adder) ledger() journal.Ledger {
	used := 0
	for _, sums := range a.sums {
		for _, s := range sums {
			if s.used {
				used++
			}
		}
	}
	ledger, room := make(journal.Ledger, used), make([]journal.Sum, 0, used)
	for p, sums := range a.sums {
		for i, s := range sums {
			if s.used {
				room = append(room, s.Sum)
				post := a.posts[i]
				post.Period = a.periods[p]
				ledger[post] = &room[len(room)-1]
			}
		}
	}
	return ledger
}

// leave keeps what the transaction of the last rows is out of balance by; the
// rest of it may be elsewhere.
func (a *adder) leave() {
	if a.balance == 0 {
		return
	}
	key := bookingKey{a.periods[a.entryPeriod], string(a.entry)}
	if a.open[key] += a.balance; a.open[key] == 0 {
		delete(a.open, key)
	}
	a.balance = 0
}

// field is a field without blanks around it; empty where there is none.
func (a *adder) field(text []byte, column int) []byte {
	if column < 0 || column >= a.count {
		return nil
	}
	f := text[a.fields[column].from:a.fields[column].to]
	if len(f) > 0 && (f[0] <= ' ' || f[0] >= utf8.RuneSelf || f[len(f)-1] <= ' ' || f[len(f)-1] >= utf8.RuneSelf) {
		return bytes.TrimSpace(f)
	}
	return f
}

// careful is the row as the careful reading sees it.
func (a *adder) careful(text []byte) row {
	r := row{cells: make([]cell, min(a.count, len(a.fields)))}
	for i := range r.cells {
		r.cells[i].text = string(a.field(text, i))
	}
	return r
}

// passesOver tells of a row that the careful reading passes over.
func (a *adder) passesOver(text []byte) bool {
	return a.odd == 0 && a.table.skip(a.careful(text))
}

// postOf finds the post of the row, -1 when it has none.
func (a *adder) postOf(text []byte) int {
	c := &a.table.columns
	a.key = append(a.key[:0], a.field(text, c.ledgerAccount)...)
	a.key = append(append(a.key, '\n'), a.field(text, c.costCentre)...)
	a.key = append(append(a.key, '\n'), a.field(text, c.costUnit)...)
	if post, ok := a.what[string(a.key)]; ok {
		return post
	}
	key := string(a.key)
	account, codes, _ := strings.Cut(key, "\n")
	if account == "" || isTotal(account) && a.table.skip(a.careful(text)) {
		return -1
	}
	centre, unit, _ := strings.Cut(codes, "\n")
	post := len(a.posts)
	a.posts = append(a.posts, journal.Post{LedgerAccount: account, CostCentre: centre, CostUnit: unit})
	a.what[key] = post
	return post
}

// periodOf finds the period of the row and proves its date.
func (a *adder) periodOf(text []byte) bool {
	c := &a.table.columns
	a.key = append(a.key[:0], a.field(text, c.year)...)
	a.key = append(append(a.key, '\n'), a.field(text, c.period)...)
	a.key = append(append(a.key, '\n'), a.field(text, c.date)...)
	if a.period >= 0 && bytes.Equal(a.key, a.lastWhen) {
		return true
	}
	a.lastWhen = append(a.lastWhen[:0], a.key...)
	if period, ok := a.when[string(a.key)]; ok {
		a.period = period
		return true
	}
	r := a.careful(text)
	date, problem := a.table.date(r)
	if problem != nil {
		return false
	}
	p, problem := a.table.period(r, date)
	if problem != nil {
		return false
	}
	a.period = a.indexOf(p)
	a.when[string(a.key)] = a.period
	return true
}

// indexOf is the place of a period among those found, made when it is new.
func (a *adder) indexOf(p journal.Period) int {
	i := slices.Index(a.periods, p)
	if i < 0 {
		i = len(a.periods)
		a.periods = append(a.periods, p)
		a.sums = append(a.sums, nil)
	}
	return i
}

// money is the amount of the row, positive for a debit.
func (a *adder) money(text []byte) (amount journal.Amount, ok bool) {
	c, decimal := &a.table.columns, a.table.decimal
	if c.debit >= 0 {
		debitText, creditText := a.field(text, c.debit), a.field(text, c.credit)
		debit, credit, okDebit, okCredit := journal.Amount(0), journal.Amount(0), len(creditText) > 0, len(debitText) > 0
		if len(debitText) > 0 {
			debit, okDebit = parseMoney(debitText, decimal)
		}
		if len(creditText) > 0 {
			credit, okCredit = parseMoney(creditText, decimal)
		}
		return debit - credit, okDebit && okCredit && (debit == 0 || credit == 0)
	}
	amount, ok = parseMoney(a.field(text, c.amount), decimal)
	if c.side < 0 || !ok {
		return amount, ok
	}
	text = a.field(text, c.side)
	side, known := a.sides[string(text)]
	if !known {
		side = journal.Amount(sideOf(string(text)))
		a.sides[string(text)] = side
	}
	return amount * side, side != 0
}
