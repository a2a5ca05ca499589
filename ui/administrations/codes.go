package administrations

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"loonbrug/data/model"
	"loonbrug/integration/target"
	"loonbrug/ui/dialogs"
)

// dimension is one of the two dimensions of a payroll.
type dimension int

const (
	dimensionCentre dimension = iota
	dimensionUnit
)

// field is the id of a dimension among the fields of a mapping.
func (d dimension) field() string {
	if d == dimensionUnit {
		return dialogs.FieldCostUnit
	}
	return dialogs.FieldCostCentre
}

// codeState is where a payroll code stands in a table of translations.
type codeState string

const (
	codeMapped   codeState = "mapped"
	codeProposed codeState = "proposed" // the target has one of the same code or name; nothing is applied yet
	codeMissing  codeState = "missing"
	codeWrong    codeState = "wrong" // the translation has a length that the target does not take
)

// codeRow is a payroll code with what becomes of it.
type codeRow struct {
	code     string
	state    codeState
	value    string // the target's, by the table
	proposal string
}

// codesOf are the codes that the table of a dimension translates, in order: those
// of the payroll, and those that the table has already.
func codesOf(which dimension, pairs []model.CodePair, joined bool, table map[string]string) []string {
	var codes []string
	for _, p := range pairs {
		code := p.Centre
		switch {
		case which == dimensionUnit:
			code = p.Unit
		case joined && p.Centre != "" && p.Unit != "":
			code = p.Centre + target.Between + p.Unit
		}
		if code != "" {
			codes = append(codes, code)
		}
	}
	codes = slices.AppendSeq(codes, maps.Keys(table))
	slices.Sort(codes)
	return slices.Compact(codes)
}

// valuesOf is what the target has to choose from; given is false where it has no
// list. length is the exact length of a value, longest the most it may have; zero
// is no limit.
type valuesOf struct {
	given           bool
	list            []model.DimensionValue
	length, longest int
}

// values are those of the dimension that a rule books on.
func (d draft) values(which dimension, rule model.DimensionRule) valuesOf {
	support := d.target.CostCentre
	if which == dimensionUnit && !d.target.Joins(d.mapping.Options) {
		support = d.target.CostUnit
	}
	v := valuesOf{longest: support.Longest}
	id := cmp.Or(rule.Dimension, support.Dimension)
	if d.reference == nil || id == "" {
		return v
	}
	i := slices.IndexFunc(d.reference.Dimensions, func(d model.Dimension) bool { return d.ID == id })
	if i < 0 {
		return v
	}
	found := d.reference.Dimensions[i]
	return valuesOf{given: found.Values != nil, list: active(found.Values), length: found.Length, longest: support.Longest}
}

// ledgerAccounts are those of the administration that may be booked on.
func (d draft) ledgerAccounts() valuesOf {
	if d.reference == nil {
		return valuesOf{}
	}
	v := valuesOf{given: d.reference.LedgerAccounts != nil}
	for _, a := range d.reference.LedgerAccounts {
		if a.Active && a.Postable {
			v.list = append(v.list, model.DimensionValue{Code: a.Code, Name: a.Name, Active: true})
		}
	}
	return v
}

func active(list []model.DimensionValue) []model.DimensionValue {
	return slices.DeleteFunc(slices.Clone(list), func(v model.DimensionValue) bool { return !v.Active })
}

// fits tells whether the target takes a code of that length.
func (v valuesOf) fits(code string) bool {
	n := utf8.RuneCountInString(code)
	return (v.length == 0 || n == v.length) && (v.longest == 0 || n <= v.longest)
}

// has tells whether a code is in the list.
func (v valuesOf) has(code string) bool {
	return slices.ContainsFunc(v.list, func(o model.DimensionValue) bool { return o.Code == code })
}

// propose is the target's code for a payroll code: of the same code, else the
// only one of the same name, else the only one whose code begins with it as a
// word. Without a list it is the code itself where it fits. Nothing is better
// than a wrong one.
func (v valuesOf) propose(code string) string {
	if !v.given {
		if v.fits(code) {
			return code
		}
		return ""
	}
	for _, same := range []func(model.DimensionValue) bool{
		func(o model.DimensionValue) bool { return o.Code == code },
		func(o model.DimensionValue) bool { return strings.EqualFold(o.Code, code) },
		func(o model.DimensionValue) bool { return plain(o.Name) == plain(code) },
		func(o model.DimensionValue) bool { return strings.HasPrefix(o.Code, code+" ") },
	} {
		found, n := "", 0
		for _, o := range v.list {
			if same(o) {
				found, n = o.Code, n+1
			}
		}
		if n == 1 {
			return found
		}
		if n > 1 {
			return ""
		}
	}
	return ""
}

// codeRowsOf gives the rows of a table of translations.
func codeRowsOf(codes []string, table map[string]string, v valuesOf) []codeRow {
	rows := make([]codeRow, len(codes))
	for i, code := range codes {
		r := codeRow{code: code, state: codeMissing}
		value, mapped := table[code]
		switch {
		case mapped && !v.given && value != "" && !v.fits(value):
			r.state, r.value = codeWrong, value
		case mapped:
			r.state, r.value = codeMapped, value
		default:
			if r.proposal = v.propose(code); r.proposal != "" {
				r.state = codeProposed
			}
		}
		rows[i] = r
	}
	return rows
}

// count is how many rows stand in a state.
func count(rows []codeRow, state codeState) (n int) {
	for _, r := range rows {
		if r.state == state {
			n++
		}
	}
	return n
}
