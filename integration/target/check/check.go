// Package check holds the checks that every target makes of an entry before it
// leaves, so that they are written once: [Entry] gives all problems of an entry
// at once, and [PostingDate] finds the day it is booked on.
//
// It knows nothing of dimensions, daybooks or text lengths; those rules are the
// targets' own. Every problem names the target's id in its parameter "target".
package check

import (
	"slices"
	"strconv"
	"strings"

	"loonbrug/data/journal"
	"loonbrug/data/model"
	"loonbrug/integration/target"
)

// Entry checks balance, size of amounts, currency, period and ledger accounts.
// Without a reference only what needs none is checked; a nil list of the
// reference is not checked against.
func Entry(e *model.Entry, ref *model.Reference) []*model.Problem {
	problems := amounts(e)
	if ref == nil {
		return problems
	}
	if ref.Currency != "" && e.Currency != ref.Currency {
		problems = append(problems, model.NewProblem("entry.wrong_currency", "target", e.Target,
			"currency", e.Currency, "expected", ref.Currency, "administration", e.Administration).With(model.ActionOpenMapping))
	}
	problems = append(problems, period(e, ref)...)
	return append(problems, ledgerAccounts(e, ref)...)
}

// PostingDate is the day an entry is booked on: the one that the draft names, or
// what the company's rule says of the part's own period, so that a correction of
// January that was run in March is booked in January. A day of the payroll or of
// the run that lies outside the month gives way to the period's last day.
//
// Four weeks are booked on their last day whatever the rule, since they may lie
// in two months: so they go to the month that their last day lies in, and at a
// target with thirteen periods of its own to the same one of those.
func PostingDate(d target.Draft) journal.Date {
	last := d.Part.Period.LastDay(d.Company.FourWeekly)
	wanted := journal.Date{}
	switch d.Company.Rules.PostingDate {
	case model.PostPayrollDate:
		wanted = d.Part.Date()
	case model.PostRunDate:
		wanted = journal.DateOf(d.Run.RunAt)
	}
	first := journal.Date{Year: last.Year, Month: last.Month, Day: 1}
	if d.Part.Period.Number == journal.LastPeriod {
		first = last // the thirteenth period of a monthly company is its last day alone
	}
	switch {
	case !d.Date.IsZero():
		return d.Date
	case d.Company.FourWeekly || wanted.IsZero() || wanted.Compare(first) < 0 || wanted.Compare(last) > 0:
		return last
	}
	return wanted
}

// Period is the period of the target's own book year that a day lies in.
func Period(ref *model.Reference, date journal.Date) (p model.BookPeriod, ok bool) {
	day := date.String()
	i := slices.IndexFunc(ref.Periods, func(p model.BookPeriod) bool { return p.First <= day && day <= p.Last })
	if i < 0 {
		return model.BookPeriod{}, false
	}
	return ref.Periods[i], true
}

func amounts(e *model.Entry) (problems []*model.Problem) {
	lines := make([]journal.Line, len(e.Lines))
	for i, l := range e.Lines {
		lines[i].Amount = l.Amount
		if l.Amount.Abs() > journal.MaxAmount {
			problems = append(problems, model.NewProblem("entry.amount_too_large", "target", e.Target,
				"line", strconv.Itoa(i+1), "account", l.LedgerAccount, "amount", l.Amount.String()))
		}
	}
	debit, credit, err := journal.Totals(lines)
	switch {
	case err != nil && len(problems) == 0:
		problems = append(problems, model.NewProblem("entry.amount_too_large", "target", e.Target,
			"line", "", "account", "", "amount", "").Because(err))
	case err == nil && debit != credit:
		problems = append(problems, model.NewProblem("entry.unbalanced", "target", e.Target, "period", e.Period.String(),
			"debit", debit.String(), "credit", credit.String(), "difference", (debit-credit).String()))
	}
	return problems
}

func period(e *model.Entry, ref *model.Reference) []*model.Problem {
	if ref.Periods == nil {
		return nil
	}
	p, ok := Period(ref, e.Date)
	switch {
	case !ok:
		return []*model.Problem{model.NewProblem("entry.no_period", "target", e.Target, "date", e.Date.String()).With(model.ActionRefresh)}
	case !p.Open:
		return []*model.Problem{model.NewProblem("entry.closed_period", "target", e.Target,
			"date", e.Date.String(), "period", p.ID).With(model.ActionRefresh)}
	}
	return nil
}

// ledgerAccounts gives one problem for each account at fault, with the lines it
// stands on.
func ledgerAccounts(e *model.Entry, ref *model.Reference) (problems []*model.Problem) {
	if ref.LedgerAccounts == nil {
		return nil
	}
	// The entry's accounts are looked up, not the whole chart kept: a chart has
	// thousands of accounts and an entry a few dozen.
	codes := distinct(e.Lines, func(l model.EntryLine) string { return l.LedgerAccount })
	chart := make(map[string]*model.LedgerAccount, len(codes))
	for _, code := range codes {
		chart[code] = nil
	}
	for i := range ref.LedgerAccounts {
		if _, used := chart[ref.LedgerAccounts[i].Code]; used {
			chart[ref.LedgerAccounts[i].Code] = &ref.LedgerAccounts[i]
		}
	}
	for _, code := range codes {
		account := chart[code]
		var fault, name string
		switch {
		case account == nil:
			fault = "entry.unknown_ledger_account"
		case !account.Active:
			fault, name = "entry.inactive_ledger_account", account.Name
		case !account.Postable:
			fault, name = "entry.unpostable_ledger_account", account.Name
		default:
			continue
		}
		lines := Lines(e, func(l model.EntryLine) bool { return l.LedgerAccount == code })
		problems = append(problems, model.NewProblem(fault,
			"target", e.Target, "account", code, "name", name, "lines", lines).With(model.ActionRefresh))
	}
	return problems
}

// Lines are the numbers of the lines that match, counted from one and joined by
// commas, as the parameter "lines" of a problem.
func Lines(e *model.Entry, match func(model.EntryLine) bool) string {
	var numbers []string
	for i, l := range e.Lines {
		if match(l) {
			numbers = append(numbers, strconv.Itoa(i+1))
		}
	}
	return strings.Join(numbers, ", ")
}

// distinct are the values of lines, each once, in their order.
func distinct(lines []model.EntryLine, of func(model.EntryLine) string) []string {
	var values []string
	seen := make(map[string]bool)
	for _, l := range lines {
		if v := of(l); !seen[v] {
			seen[v] = true
			values = append(values, v)
		}
	}
	return values
}
