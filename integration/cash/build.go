package cash

import (
	"slices"
	"strings"
	"unicode"

	"loonbrug/data/journal"
	"loonbrug/data/model"
	"loonbrug/integration/target"
	"loonbrug/integration/target/check"
)

// Build implements [target.Target]. Codes are translated by the mapping before
// lines are added up, so that two payroll cost centres that become one give one
// line. Codes are never cut; texts are, with a notice.
func (t *Target) Build(d target.Draft, ref *model.Reference) (model.Entry, []*model.Problem) {
	m := d.Mapping
	year := calendarOf(m.Options)
	date := check.PostingDate(d)
	e := model.Entry{
		Target:         ID,
		Administration: m.Administration.Code,
		Key:            d.Key,
		Reference:      d.Run.Reference,
		Period:         d.Part.Period,
		Date:           date,
		BookPeriod:     year.period(date),
		Currency:       d.Company.Currency,
		Description:    cut(plain(d.Run.Description)),
		Extra:          map[string]string{optionDaybook: strings.ToUpper(m.Options[optionDaybook])},
	}
	keepCalendar(e.Extra, m.Options)
	lines := d.Part.Lines()
	for _, l := range journal.Group(translate(lines, m), journal.Grouping{CostCentre: true, CostUnit: true}) {
		e.Lines = append(e.Lines, model.EntryLine{
			LedgerAccount: l.LedgerAccount, Amount: l.Amount, Text: plain(l.Text), Dimensions: dimensions(l, unitNumber(m)),
		})
	}
	if len(e.Lines) == 0 {
		return e, nil // nothing to book
	}
	problems := append(settings(&e, m, ref), check.Entry(&e, ref)...)
	problems = append(problems, lengths(&e)...)
	problems = append(problems, costCentres(&e, ref)...)
	problems = append(problems, units(&e, m)...)
	e.Notices = notices(&e, lines, m)
	for i := range e.Lines {
		e.Lines[i].Text = cut(e.Lines[i].Text)
	}
	return e, problems
}

// settings checks what the mapping chose.
func settings(e *model.Entry, m model.Mapping, ref *model.Reference) (problems []*model.Problem) {
	daybook := e.Extra[optionDaybook]
	known := ref == nil || ref.Daybooks == nil ||
		slices.ContainsFunc(ref.Daybooks, func(b model.Daybook) bool { return b.Code == daybook })
	switch {
	case daybook == "":
		problems = append(problems, model.NewProblem("cash.no_daybook").With(model.ActionOpenMapping))
	case !known || len(daybook) > longestDaybook:
		problems = append(problems, model.NewProblem("cash.unknown_daybook", "daybook", daybook).With(model.ActionOpenMapping))
	}
	if m.Administration.ReadOnly {
		problems = append(problems, model.NewProblem("cash.read_only", "administration", m.Administration.Name).With(model.ActionOpenMapping))
	}
	return append(problems, calendarProblems(m.Options)...)
}

// lengths checks codes that must not be cut.
func lengths(e *model.Entry) (problems []*model.Problem) {
	seen := make(map[string]bool)
	for _, l := range e.Lines {
		code := l.LedgerAccount
		if (code == "" || len(code) > longestLedger) && !seen[code] {
			seen[code] = true
			problems = append(problems, model.NewProblem("cash.ledger_account_length", "account", code,
				"lines", check.Lines(e, func(l model.EntryLine) bool { return l.LedgerAccount == code })))
		}
	}
	if len(e.Key) > longestKey {
		problems = append(problems, model.NewProblem("cash.key_too_long", "key", e.Key))
	}
	return problems
}

// notices says what is left out or shortened on the way.
func notices(e *model.Entry, lines []journal.Line, m model.Mapping) (list []*model.Problem) {
	hasUnit := func(l journal.Line) bool { return l.CostUnit != "" && l.Amount != 0 }
	if m.CostUnit.Use && unitRule(m) == unitLeaveOut && slices.ContainsFunc(lines, hasUnit) {
		list = append(list, model.NewProblem("cash.cost_unit_left_out").With(model.ActionOpenMapping))
	}
	long := func(l model.EntryLine) bool { return len([]rune(l.Text)) > longestText }
	if slices.ContainsFunc(e.Lines, long) {
		list = append(list, model.NewProblem("cash.text_cut", "lines", check.Lines(e, long)))
	}
	return list
}

// plain takes out what would break CASH's own record form: the bar that parts
// its fields, control characters, and the start of a text that looks like a
// field.
func plain(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '|':
			return '/'
		case unicode.IsControl(r) || r == unicode.ReplacementChar:
			return ' '
		}
		return r
	}, s)
	s = strings.Join(strings.Fields(s), " ")
	if len(s) > 4 && s[4] == '=' && strings.Trim(s[:4], "0123456789") == "" {
		s = s[:4] + " " + s[5:]
	}
	return s
}

// cut shortens a text to what field 0306 takes.
func cut(s string) string {
	if runes := []rune(s); len(runes) > longestText {
		return strings.TrimSpace(string(runes[:longestText]))
	}
	return s
}
