package procountor

import (
	"slices"
	"strings"

	"loonbrug/data/journal"
	"loonbrug/data/model"
	"loonbrug/integration/target"
	"loonbrug/integration/target/check"
)

// extraVatProcessing is the country of the company, as an entry keeps it.
const extraVatProcessing = "vat_processing"

// Build implements [target.Target]. Codes are translated by the mapping before
// lines are added up. A line has one item of each dimension that the mapping
// uses and the payroll gives a code for, with the whole amount on it.
func (t *Target) Build(d target.Draft, ref *model.Reference) (model.Entry, []*model.Problem) {
	m := d.Mapping
	e := model.Entry{
		Target:         ID,
		Administration: m.Administration.Code,
		Key:            d.Key,
		Reference:      d.Run.Reference,
		Period:         d.Part.Period,
		Date:           check.PostingDate(d),
		Currency:       d.Company.Currency,
		Description:    nameOf(d),
		Approve:        m.Options[optionApprove] == "true",
	}
	if ref != nil && ref.Country != "" {
		e.Extra = map[string]string{extraVatProcessing: ref.Country}
	}
	centre, unit := newResolver("cost_centre", m.CostCentre, ref), newResolver("cost_unit", m.CostUnit, ref)
	lines := d.Part.Lines()
	for i := range lines {
		lines[i].CostCentre = centre.translate(lines[i].CostCentre)
		lines[i].CostUnit = unit.translate(lines[i].CostUnit)
	}
	var changed, long []string
	for i, l := range journal.Group(lines, journal.Grouping{CostCentre: m.CostCentre.Use, CostUnit: m.CostUnit.Use}) {
		text, replaced := plain(l.Text)
		line := model.EntryLine{LedgerAccount: l.LedgerAccount, Amount: l.Amount, Text: cut(text, longestText)}
		line.Dimensions = append(centre.code(l.CostCentre), unit.code(l.CostUnit)...)
		e.Lines = append(e.Lines, line)
		if replaced {
			changed = append(changed, lineNumber(i))
		}
		if line.Text != text {
			long = append(long, lineNumber(i))
		}
	}
	if len(e.Lines) == 0 {
		return e, nil // nothing to book
	}
	problems := check.Entry(&e, ref)
	problems = append(problems, centre.problems(&e)...)
	problems = append(problems, unit.problems(&e)...)
	problems = append(problems, dimensionTwice(centre, unit)...)
	if ref != nil && ref.Extra[extraVat12] == "no" {
		problems = append(problems, model.NewProblem("procountor.no_vat_status").With(model.ActionRefresh))
	}
	e.Notices = notices(&e, ref, changed, long)
	return e, problems
}

// nameOf is the name of the receipt: reference, key, period and what the
// payroll calls the run. The key is a word of its own and never cut.
func nameOf(d target.Draft) string {
	reference, _ := plain(d.Run.Reference)
	reference = cut(reference, longestName-len(d.Key)-1)
	name, _ := plain(strings.Join([]string{reference, d.Key, d.Part.Period.String(), d.Run.Description}, " "))
	return cut(name, longestName)
}

// notices says what was changed on the way, and that a period is about to
// close.
func notices(e *model.Entry, ref *model.Reference, changed, long []string) (list []*model.Problem) {
	if len(changed) > 0 {
		list = append(list, model.NewProblem("procountor.text_changed", "lines", strings.Join(changed, ", ")))
	}
	if len(long) > 0 {
		list = append(list, model.NewProblem("procountor.text_cut", "lines", strings.Join(long, ", ")))
	}
	if ref != nil {
		if p, ok := check.Period(ref, e.Date); ok && p.Open && p.Warning {
			list = append(list, model.NewProblem("procountor.period_closing", "date", e.Date.String(), "period", p.ID))
		}
		list = append(list, circumstances(e, ref.Extra)...)
	}
	return list
}

// circumstances says what Procountor told of the company, the user and itself
// that may matter for the entry.
func circumstances(e *model.Entry, extra map[string]string) (list []*model.Problem) {
	if extra[extraVat0] == "no" {
		list = append(list, model.NewProblem("procountor.no_zero_vat"))
	}
	if extra[extraOwnOnly] != "" {
		list = append(list, model.NewProblem("procountor.own_receipts_only"))
	}
	if extra[extraLimited] != "" && slices.ContainsFunc(e.Lines, func(l model.EntryLine) bool { return len(l.Dimensions) > 0 }) {
		list = append(list, model.NewProblem("procountor.limited_dimensions"))
	}
	if status := extra[extraStatus]; status != "" {
		list = append(list, model.NewProblem("procountor.disturbed", "status", status))
	}
	return list
}

// dimensionTwice refuses one dimension for both cost centre and cost unit: a
// row takes each dimension once.
func dimensionTwice(centre, unit *resolver) []*model.Problem {
	if centre.dimension == nil || unit.dimension == nil || centre.dimension.ID != unit.dimension.ID {
		return nil
	}
	return []*model.Problem{model.NewProblem("procountor.same_dimension", "dimension", centre.dimension.Name).With(model.ActionOpenMapping)}
}
