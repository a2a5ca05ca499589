package procountor

import (
	"slices"
	"strconv"
	"strings"

	"loonbrug/data/model"
	"loonbrug/integration/target/check"
)

// resolver turns the codes of one payroll dimension into items of Procountor's.
type resolver struct {
	field     string // "cost_centre" or "cost_unit"
	rule      model.DimensionRule
	ref       *model.Reference
	dimension *model.Dimension                  // nil: not used, not chosen, or not there
	found     map[string][]model.DimensionValue // items of the codes that were looked up
}

// newResolver finds the dimension of a rule by its id, or by its exact name
// where no id is known. A name that two dimensions have is none.
func newResolver(field string, rule model.DimensionRule, ref *model.Reference) *resolver {
	r := &resolver{field: field, rule: rule, ref: ref, found: make(map[string][]model.DimensionValue)}
	if !rule.Use || ref == nil {
		return r
	}
	for i := range ref.Dimensions {
		d := &ref.Dimensions[i]
		switch {
		case d.ID != rule.Dimension && (rule.Dimension != "" || rule.Name == "" || d.Name != rule.Name):
			continue
		case r.dimension != nil:
			r.dimension = nil
			return r
		}
		r.dimension = d
	}
	return r
}

// translate gives the code that the mapping has for a payroll code; the empty
// one leaves the dimension out.
func (r *resolver) translate(code string) string {
	if other, ok := r.rule.Values[code]; ok {
		return other
	}
	return code
}

// code is what a line carries for a payroll code. Without exactly one item the
// value stays empty, and there is a problem that keeps the entry from leaving.
func (r *resolver) code(code string) []model.DimensionCode {
	if !r.rule.Use || code == "" {
		return nil
	}
	c := model.DimensionCode{Dimension: r.rule.Dimension, Code: code}
	if r.dimension != nil {
		c.Dimension = r.dimension.ID
		if items := r.items(code); len(items) == 1 {
			c.Value = items[0].ID
		}
	}
	return []model.DimensionCode{c}
}

// items are the items that a code may mean: those named exactly so, else those
// whose name starts with it as a word, as in "100 Myynti". Each code is looked
// for once: an entry has many lines and a dimension thousands of items.
func (r *resolver) items(code string) []model.DimensionValue {
	if items, ok := r.found[code]; ok {
		return items
	}
	var same, begun []model.DimensionValue
	for _, v := range r.dimension.Values {
		switch rest, ok := strings.CutPrefix(v.Code, code); {
		case !ok:
		case rest == "":
			same = append(same, v)
		case rest[0] == ' ':
			begun = append(begun, v)
		}
	}
	if len(same) == 0 {
		same = begun
	}
	r.found[code] = same
	return same
}

// problems checks the dimension and, once each, the codes of the lines.
func (r *resolver) problems(e *model.Entry) (problems []*model.Problem) {
	if !r.rule.Use {
		return nil
	}
	switch {
	case r.rule.Dimension == "" && r.rule.Name == "":
		return []*model.Problem{model.NewProblem("procountor.no_dimension", "field", r.field).With(model.ActionOpenMapping)}
	case r.ref == nil && r.used(e):
		return []*model.Problem{model.NewProblem("procountor.no_reference").With(model.ActionRefresh)}
	case r.ref == nil:
		return nil
	case r.dimension == nil:
		return []*model.Problem{model.NewProblem("procountor.unknown_dimension", "field", r.field, "dimension", r.rule.Name).With(model.ActionOpenMapping)}
	}
	seen := make(map[string]bool)
	for _, l := range e.Lines {
		for _, d := range l.Dimensions {
			if d.Dimension == r.dimension.ID && !seen[d.Code] {
				seen[d.Code] = true
				problems = append(problems, r.problem(e, d.Code)...)
			}
		}
	}
	return problems
}

// used tells whether a line has a code at all.
func (r *resolver) used(e *model.Entry) bool {
	for _, l := range e.Lines {
		if len(l.Dimensions) > 0 {
			return true
		}
	}
	return false
}

// problem checks one code.
func (r *resolver) problem(e *model.Entry, code string) []*model.Problem {
	var name string
	action := model.ActionOpenMapping
	switch items := r.items(code); {
	case len(items) == 0:
		name = "procountor.unknown_item"
	case len(items) > 1:
		name = "procountor.ambiguous_item"
	case !items[0].Active:
		name, action = "procountor.passive_item", model.ActionRefresh
	default:
		return nil
	}
	lines := check.Lines(e, func(l model.EntryLine) bool {
		return slices.ContainsFunc(l.Dimensions, func(d model.DimensionCode) bool {
			return d.Dimension == r.dimension.ID && d.Code == code
		})
	})
	return []*model.Problem{model.NewProblem(name, "dimension", r.dimension.Name, "code", code, "lines", lines).With(action)}
}

// lineNumber counts lines from one.
func lineNumber(index int) string { return strconv.Itoa(index + 1) }
