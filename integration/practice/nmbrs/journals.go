package nmbrs

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"loonbrug/data/journal"
)

// depth is how finely a journal is divided: the dimensions, from the second on,
// that its lines have.
type depth func(entry) []string

func byCompany(entry) []string      { return nil }
func byDepartment(e entry) []string { return []string{department(e.CostCentre)} }
func byCostCentre(e entry) []string { return []string{e.CostCentre} }
func byCostUnit(e entry) []string   { return []string{e.CostCentre, e.CostUnit} }

// line is one line of a journal.
type line struct {
	account    string
	dimensions []string
	amount     journal.Amount // debit positive
	text       string
}

// transaction is what a run books in one period.
type transaction struct {
	period Period
	date   string // as the wire has it
	lines  []line
}

// journal answers with the journal of a run: of the active year when the call has
// none.
func (s *Server) journal(c call, d depth) (result, error) {
	x, in, err := s.company(c)
	if err != nil {
		return "", err
	}
	year := s.activePeriod(x).Year
	if len(in) > 2 {
		year = in[2]
	}
	s.mu.Lock()
	i := s.state.find(in[1])
	var r run
	if i >= 0 {
		r = s.state.Runs[i]
	}
	s.mu.Unlock()
	if i < 0 || r.Company != x.ID || r.Year != year {
		return "", faultCode(2046)
	}
	all := divide(x, r.Entries, d)
	s.spoil(c.operation, x, &all)
	text := journalXML(all)
	if s.on(FaultUTF16, c.operation) {
		text = `<?xml version="1.0" encoding="utf-16"?>` + "\n" + text
	}
	if s.on(FaultCDATA, c.operation) {
		return result("<![CDATA[" + strings.ReplaceAll(text, "]]>", "]]]]><![CDATA[>") + "]]>"), nil
	}
	return result(escape(text)), nil
}

// divide makes the transactions of a run, one for each period, the latest first.
// Amounts with the same ledger account, dimensions and side are one line; debit
// and credit are not set off against each other, so that the totals of a journal
// are the same at every depth.
func divide(x Company, entries []entry, d depth) []transaction {
	var all []transaction
	for _, e := range entries {
		t := slices.IndexFunc(all, func(t transaction) bool { return t.period == e.Period })
		if t < 0 {
			t = len(all)
			all = append(all, transaction{period: e.Period, date: x.lastDay(e.Period).Format("20060102")})
		}
		all[t].enter(line{e.Account, d(e), e.Amount, e.Text})
	}
	slices.SortStableFunc(all, func(a, b transaction) int {
		return cmp.Or(cmp.Compare(b.period.Year, a.period.Year), cmp.Compare(b.period.Number, a.period.Number))
	})
	return all
}

func (t *transaction) enter(l line) {
	i := slices.IndexFunc(t.lines, func(k line) bool {
		return k.account == l.account && slices.Equal(k.dimensions, l.dimensions) && (k.amount < 0) == (l.amount < 0)
	})
	if i < 0 {
		t.lines = append(t.lines, l)
		return
	}
	t.lines[i].amount += l.amount
}

// spoil changes a journal on a bad day.
func (s *Server) spoil(o operation, x Company, all *[]transaction) {
	if s.on(FaultEmpty, o) {
		*all = nil
	}
	if len(*all) == 0 {
		return
	}
	first := &(*all)[0]
	if s.on(FaultNoAccount, o) {
		first.lines[0].account = ""
	}
	if s.on(FaultOffByCent, o) {
		first.lines[0].amount++
	}
	if s.on(FaultDateTime, o) {
		for i := range *all {
			(*all)[i].date = x.lastDay((*all)[i].period).Format(wireTime)
		}
	}
}

// journalXML writes a journal without a declaration (support.nmbrs.com
// 360015523700).
func journalXML(all []transaction) string {
	var b strings.Builder
	b.WriteString("<transactions>")
	for _, t := range all {
		b.WriteString("<transaction><header>" + element("date", t.date) +
			element("period", strconv.Itoa(t.period.Number)+"/"+strconv.Itoa(t.period.Year)) + "</header><lines>")
		for i, l := range t.lines {
			b.WriteString(`<line id="` + strconv.Itoa(i) + `">` + element("dim1", l.account))
			for n, code := range l.dimensions {
				b.WriteString(element("dim"+strconv.Itoa(n+2), code))
			}
			side := "debit"
			if l.amount < 0 {
				side = "credit"
			}
			b.WriteString(element("value", l.amount.Abs().String()) + element("debitcredit", side) + element("description", l.text) + "</line>")
		}
		b.WriteString("</lines></transaction>")
	}
	b.WriteString("</transactions>")
	return b.String()
}
