package journal

import (
	"cmp"
	"encoding/binary"
	"slices"
)

// Grouping says how lines are added up for a target.
type Grouping struct {
	CostCentre bool // keep cost centres apart; off, they are left out
	CostUnit   bool // keep cost units apart; off, they are left out
	KeepTexts  bool // lines that differ in text alone stay apart
	Net        bool // set debits of a group off against its credits
}

// Group adds up lines of equal ledger account, cost centre, cost unit and side.
// A debit is not set off against a credit unless Net asks for it; a group that
// comes to nothing is left out. The result is sorted and does not depend on the
// order of the input. Merged lines carry the text of their largest amount.
func Group(lines []Line, g Grouping) []Line {
	a := adding{Grouping: g, index: make(map[string]int), rest: make(map[groupText]int)}
	for i := range lines {
		if lines[i].Amount != 0 {
			a.add(&lines[i])
		}
	}
	return a.sums()
}

// adding is a grouping at work. A run may have a million lines and a thousand
// groups, so that only a group may cost memory.
type adding struct {
	Grouping
	key    []byte
	index  map[string]int // of groups, by their codes
	groups []group
	rest   map[groupText]int // of shares, for texts that are not the last one met
}

type group struct {
	line   Line
	shares []share
	last   int // the share that was added to last: mostly all lines of a group have one text
}

// share is what the lines of a group with one text come to.
type share struct {
	text   string
	amount Amount
}

type groupText struct {
	group int
	text  string
}

func (a *adding) add(l *Line) {
	at := a.groupOf(l)
	gr := &a.groups[at]
	gr.line.Amount += l.Amount
	if gr.shares[gr.last].text != l.Text {
		key := groupText{at, l.Text}
		i, ok := a.rest[key]
		if !ok {
			i = len(gr.shares)
			gr.shares = append(gr.shares, share{text: l.Text})
			a.rest[key] = i
		}
		gr.last = i
	}
	gr.shares[gr.last].amount += l.Amount
}

// groupOf finds the group of a line, made when it is new. The key has the length
// of each code before it, so that no two groups share one.
func (a *adding) groupOf(l *Line) int {
	codes := [...]string{l.LedgerAccount, "", "", ""}
	if a.CostCentre {
		codes[1] = l.CostCentre
	}
	if a.CostUnit {
		codes[2] = l.CostUnit
	}
	if a.KeepTexts {
		codes[3] = l.Text
	}
	a.key = a.key[:0]
	for _, code := range codes {
		a.key = append(binary.AppendUvarint(a.key, uint64(len(code))), code...)
	}
	if !a.Net && l.Amount < 0 {
		a.key = append(a.key, '-')
	}
	at, ok := a.index[string(a.key)]
	if !ok {
		at = len(a.groups)
		a.index[string(a.key)] = at
		a.rest[groupText{at, l.Text}] = 0
		a.groups = append(a.groups, group{
			line:   Line{LedgerAccount: codes[0], CostCentre: codes[1], CostUnit: codes[2]},
			shares: []share{{text: l.Text}},
		})
	}
	return at
}

// sums are the groups that come to something, in order.
func (a *adding) sums() []Line {
	out := make([]Line, 0, len(a.groups))
	for _, gr := range a.groups {
		if gr.line.Amount == 0 {
			continue
		}
		gr.line.Text = slices.MaxFunc(gr.shares, func(s, t share) int {
			return cmp.Or(cmp.Compare(s.amount.Abs(), t.amount.Abs()), cmp.Compare(t.text, s.text))
		}).text
		out = append(out, gr.line)
	}
	slices.SortFunc(out, CompareLines)
	return out
}
