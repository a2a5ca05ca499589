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

// What a mapping may do with cost units, for which CASH publishes no field of
// their own.
const (
	unitLeaveOut   = "leave_out"
	unitCostCentre = "cost_centre" // into field 0911, by the table of cost centres
	unitField      = "field"       // into the field whose number the mapping gives
)

// between stands in the table of cost centres (Values of the mapping's rule)
// between a cost centre and a cost unit that become one code of CASH: the key
// "100 + A1" with the value "301" books lines with cost centre 100 and cost unit
// A1 on cost centre 301. A pair that is not in the table is a problem unless the
// tables leave one of the two empty.
const between = target.Between

// unitRule is what the mapping does with cost units.
func unitRule(m model.Mapping) string {
	if rule := m.Options[optionUnit]; m.CostUnit.Use && rule != "" {
		return rule
	}
	return unitLeaveOut
}

// translate writes the codes of lines the way CASH has them: in capitals, and
// cost centres and cost units by the mapping's tables. A code that a table
// leaves empty is left out; what is not to be sent is taken out.
func translate(lines []journal.Line, m model.Mapping) []journal.Line {
	lines = slices.Clone(lines)
	rule := unitRule(m)
	for i := range lines {
		l := &lines[i]
		l.LedgerAccount = strings.ToUpper(l.LedgerAccount)
		if !m.CostCentre.Use {
			l.CostCentre = ""
		}
		switch rule {
		case unitCostCentre:
			l.CostCentre, l.CostUnit = together(l.CostCentre, l.CostUnit, m), ""
		case unitField:
			l.CostCentre, l.CostUnit = translated(m.CostCentre, l.CostCentre), translated(m.CostUnit, l.CostUnit)
		default:
			l.CostCentre, l.CostUnit = translated(m.CostCentre, l.CostCentre), ""
		}
		l.CostCentre = strings.ToUpper(l.CostCentre)
	}
	return lines
}

// together is the one code that a cost centre and a cost unit become: what the
// table has for the two, else the only one that is left. Two codes without a
// place in the table stay two, which no cost centre of CASH can be.
func together(centre, unit string, m model.Mapping) string {
	if code, ok := find(m.CostCentre.Values, centre+between+unit); ok {
		return code
	}
	centre, unit = translated(m.CostCentre, centre), translated(m.CostUnit, unit)
	if centre == "" || unit == "" {
		return centre + unit
	}
	return centre + between + unit
}

// translated is a code by the table of a rule; a code that is not in it stays.
func translated(rule model.DimensionRule, code string) string {
	if other, ok := find(rule.Values, code); ok {
		return other
	}
	return code
}

// find looks a code up as it is, and then without regard to capitals, which are
// lost when CASH's codes are shown.
func find(table map[string]string, code string) (string, bool) {
	if other, ok := table[code]; ok {
		return other, true
	}
	found, ok := "", false
	for from, to := range table {
		if strings.EqualFold(from, code) && (!ok || to < found) {
			found, ok = to, true
		}
	}
	return found, ok
}

// dimensions are the codes of a line by the fields that carry them.
func dimensions(l journal.Line, field string) (list []model.DimensionCode) {
	if l.CostCentre != "" {
		list = append(list, model.DimensionCode{Dimension: dimensionCostCentre, Value: l.CostCentre, Code: l.CostCentre})
	}
	if l.CostUnit != "" {
		list = append(list, model.DimensionCode{Dimension: field, Value: l.CostUnit, Code: l.CostUnit})
	}
	return list
}

// unitNumber is the number of the field that the mapping gives for cost units,
// with all its digits: F711, 711 and 0711 are the same field.
func unitNumber(m model.Mapping) string {
	number := strings.TrimLeft(strings.TrimSpace(m.Options[optionUnitField]), "Ff")
	return strings.Repeat("0", max(0, 4-len(number))) + number
}

// units checks what the mapping does with cost units and the codes that go into
// a field of their own.
func units(e *model.Entry, m model.Mapping) (problems []*model.Problem) {
	number := unitNumber(m)
	switch rule := unitRule(m); {
	case rule == unitLeaveOut || rule == unitCostCentre:
		return nil
	case rule != unitField:
		return []*model.Problem{model.NewProblem("cash.unknown_cost_unit_rule", "rule", rule).With(model.ActionOpenMapping)}
	case len(number) != 4 || strings.Trim(number, "0123456789") != "" || number == "0000" || own("F"+number):
		return []*model.Problem{model.NewProblem("cash.cost_unit_field", "field", m.Options[optionUnitField]).With(model.ActionOpenMapping)}
	}
	for _, code := range values(e, number) {
		if strings.ContainsFunc(code, func(r rune) bool { return r == '|' || unicode.IsControl(r) }) {
			problems = append(problems, model.NewProblem("cash.cost_unit_code", "code", code,
				"lines", linesWith(e, number, code)).With(model.ActionOpenMapping))
		}
	}
	return problems
}

// own tells whether a field has a meaning in a journal line already.
func own(field string) bool {
	return slices.Contains([]string{
		fPeriod, fDate, fDocument, fText, fAmount, fLedger, fKey, fDaybook, fCostCentre,
		"F0101", "F0305", "F0309", "F0310", // relation, quantity, invoice, period of the ledger
	}, field)
}

// costCentres checks the cost centres of the lines: one problem for all that are
// too long, one for all that CASH does not have, one for all that it blocks.
func costCentres(e *model.Entry, ref *model.Reference) (problems []*model.Problem) {
	known := make(map[string]model.DimensionValue)
	given := false
	if ref != nil {
		for _, d := range ref.Dimensions {
			given = given || d.ID == dimensionCostCentre
			for _, v := range d.Values {
				known[v.Code] = v
			}
		}
	}
	var long, unknown, blocked []string
	for _, code := range values(e, dimensionCostCentre) {
		v, ok := known[code]
		switch {
		case len([]rune(code)) > longestCostCentre:
			long = append(long, code)
		case given && !ok:
			unknown = append(unknown, code)
		case given && !v.Active:
			blocked = append(blocked, code)
		}
	}
	at := func(codes []string) string { return linesWith(e, dimensionCostCentre, codes...) }
	if len(long) > 0 {
		problems = append(problems, model.NewProblem("cash.cost_centre_too_long", "codes", strings.Join(long, ", "), "lines", at(long)).With(model.ActionOpenMapping))
	}
	if len(unknown) > 0 {
		problems = append(problems, model.NewProblem("cash.unknown_cost_centre", "codes", strings.Join(unknown, ", "), "lines", at(unknown)).With(model.ActionOpenMapping))
	}
	if len(blocked) > 0 {
		problems = append(problems, model.NewProblem("cash.blocked_cost_centre", "codes", strings.Join(blocked, ", "), "lines", at(blocked)).With(model.ActionOpenMapping))
	}
	return problems
}

// values are the values that the lines have of a dimension, each once, in their
// order.
func values(e *model.Entry, dimension string) (list []string) {
	for _, l := range e.Lines {
		for _, d := range l.Dimensions {
			if d.Dimension == dimension && !slices.Contains(list, d.Value) {
				list = append(list, d.Value)
			}
		}
	}
	return list
}

// linesWith are the numbers of the lines with one of the values of a dimension.
func linesWith(e *model.Entry, dimension string, values ...string) string {
	return check.Lines(e, func(l model.EntryLine) bool {
		return slices.ContainsFunc(l.Dimensions, func(d model.DimensionCode) bool {
			return d.Dimension == dimension && slices.Contains(values, d.Value)
		})
	})
}
