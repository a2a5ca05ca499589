package office

import (
	"slices"
	"strconv"
	"strings"

	"loonbrug/data/journal"
	"loonbrug/data/model"
	"loonbrug/integration/target"
	"loonbrug/integration/target/check"
)

// arrange puts the office's rules on a draft before a target builds an entry of
// it: which lines carry dimensions, and in which period a correction is booked.
// firstOpen is a person's answer where the mapping asks.
func arrange(d target.Draft, ref *model.Reference, firstOpen bool) (target.Draft, []*model.Problem) {
	d, problems := dress(d)
	own := d.Part.Period
	if own.Compare(d.Run.Last) >= 0 {
		return d, problems // not a correction
	}
	if d.Mapping.Rules.Corrections == model.CorrectRun {
		d.Date = inPeriod(d, d.Run.Last)
	} else if moved, p := open(d, ref, firstOpen); p != nil {
		problems = append(problems, p)
	} else {
		d.Date = moved
	}
	if !d.Date.IsZero() {
		d.Run.Description = strings.TrimSpace(d.Run.Description + " (" + own.String() + ")")
	}
	return d, problems
}

// inPeriod is the day on which a draft would be booked if it were of a period.
func inPeriod(d target.Draft, p journal.Period) journal.Date {
	d.Part = journal.Part{Period: p}
	return check.PostingDate(d)
}

// open finds the day in the first open period for a correction whose own period
// is closed at the target. It is zero when the own period is open, when the
// target tells of no periods, or when the mapping stops there: then the check of
// the entry says that the period is closed.
func open(d target.Draft, ref *model.Reference, firstOpen bool) (journal.Date, *model.Problem) {
	if ref == nil || d.Mapping.Rules.Closed == "" || d.Mapping.Rules.Closed == model.ClosedStop {
		return journal.Date{}, nil
	}
	day := check.PostingDate(d)
	closed, known := check.Period(ref, day)
	if !known || closed.Open {
		return journal.Date{}, nil
	}
	next, ok := nextOpen(ref, closed)
	if !ok {
		return journal.Date{}, nil
	}
	if d.Mapping.Rules.Closed == model.ClosedAsk && !firstOpen {
		return journal.Date{}, model.NewProblem("correction.period_closed", "period", d.Part.Period.String(),
			"closed", closed.ID, "open", next.ID).With(model.ActionBookInOpen)
	}
	last, err := journal.ParseDate(next.Last)
	if err != nil {
		return journal.Date{}, nil // a target whose dates cannot be read tells of no periods
	}
	if run := inPeriod(d, d.Run.Last); run.String() >= next.First && run.String() <= next.Last {
		return run, nil
	}
	return last, nil
}

// nextOpen is the first open period after a closed one.
func nextOpen(ref *model.Reference, closed model.BookPeriod) (next model.BookPeriod, ok bool) {
	for _, p := range ref.Periods {
		if p.Open && p.First > closed.Last && (!ok || p.First < next.First) {
			next, ok = p, true
		}
	}
	return next, ok
}

// dress puts the mapping's patterns and defaults on the lines.
func dress(d target.Draft) (target.Draft, []*model.Problem) {
	rules := d.Mapping.Rules
	dressing, p := dressingOf(rules)
	if p != nil {
		return d, []*model.Problem{p}
	}
	d.Part.Transactions = slices.Clone(d.Part.Transactions)
	for i, t := range d.Part.Transactions {
		d.Part.Transactions[i].Lines = dressing.Dress(t.Lines)
	}
	lines := d.Part.Lines()
	var problems []*model.Problem
	if bare := without(lines); bare > 0 {
		problems = append(problems, model.NewProblem("entry.no_ledger_account", "period", d.Part.Period.String(), "line", strconv.Itoa(bare)).With(model.ActionOpenMapping))
	}
	period := d.Part.Period.String()
	if bare := dressing.Bare(lines, func(l journal.Line) string { return l.CostCentre }); d.Mapping.CostCentre.Use && len(bare) > 0 {
		problems = append(problems, model.NewProblem("entry.no_cost_centre", "accounts", strings.Join(bare, ", "), "period", period).With(model.ActionOpenMapping))
	}
	if bare := dressing.Bare(lines, func(l journal.Line) string { return l.CostUnit }); d.Mapping.CostUnit.Use && len(bare) > 0 {
		problems = append(problems, model.NewProblem("entry.no_cost_unit", "accounts", strings.Join(bare, ", "), "period", period).With(model.ActionOpenMapping))
	}
	return d, problems
}

// without is the number, from one, of the first line without a ledger account;
// zero is none.
func without(lines []journal.Line) int {
	return 1 + slices.IndexFunc(lines, func(l journal.Line) bool { return l.LedgerAccount == "" && l.Amount != 0 })
}

// dressingOf reads the rules of a mapping. Problem "mapping.bad_pattern".
func dressingOf(rules model.MappingRules) (journal.Dressing, *model.Problem) {
	d := journal.Dressing{CostCentre: rules.CostCentre, CostUnit: rules.CostUnit, LedgerAccount: rules.LedgerAccount}
	for _, p := range []struct {
		text string
		to   *journal.Pattern
	}{{rules.Balance, &d.Balance}, {rules.Profit, &d.Profit}} {
		pattern, err := journal.ParsePattern(p.text)
		if err != nil {
			return d, model.NewProblem("mapping.bad_pattern", "pattern", p.text).With(model.ActionOpenMapping).Because(err)
		}
		*p.to = pattern
	}
	return d, nil
}
