package vismanet

import (
	"fmt"
	"slices"
	"strings"

	"loonbrug/data/journal"
	"loonbrug/data/model"
	"loonbrug/integration/target"
	"loonbrug/integration/target/check"
)

// The fields of an entry's extras.
const (
	extraHold   = "hold"   // "true" or "false"
	extraLedger = "ledger" // left out for the company's own
	extraBranch = "branch" // left out for the company's own
)

// Build implements [target.Target].
//
// A line gets a subaccount when its ledger account needs one (income and
// expense, see chart) or when the payroll gives a code for a dimension that the
// mapping uses. A subaccount names every segment of the company. A segment that
// has no code, because the payroll gives none or the mapping does not use it,
// gets the company's own empty value: the active value of zeros alone, such as
// 000. Where the company has none, that is a problem, not a guess.
func (t *Target) Build(d target.Draft, ref *model.Reference) (model.Entry, []*model.Problem) {
	m := d.Mapping
	date := check.PostingDate(d)
	e := model.Entry{
		Target:         ID,
		Administration: m.Administration.Code,
		Key:            d.Key,
		Reference:      d.Run.Reference,
		Period:         d.Part.Period,
		Date:           date,
		Currency:       d.Company.Currency,
		Description:    describe(d.Run.Description, d.Part.Period, d.Key),
		Approve:        m.Options[optionBatch] == batchRelease,
		Extra:          extras(m),
	}
	grouped := journal.Group(d.Part.Lines(), journal.Grouping{CostCentre: m.CostCentre.Use, CostUnit: m.CostUnit.Use})
	if ref == nil {
		// Nothing can be sent without knowing the target's period.
		for _, l := range grouped {
			e.Lines = append(e.Lines, entryLine(l, nil))
		}
		return e, append(check.Entry(&e, nil), model.NewProblem("vismanet.no_reference").With(model.ActionRefresh))
	}
	if p, ok := check.Period(ref, date); ok {
		e.BookPeriod = p.ID
	}
	s, problems := newSegments(m, ref)
	for _, l := range grouped {
		e.Lines = append(e.Lines, entryLine(l, s.codes(l)))
	}
	if len(e.Lines) == 0 {
		return e, nil // nothing to book
	}
	problems = append(problems, check.Entry(&e, ref)...)
	problems = append(problems, chosen(ref, listLedgers, e.Extra[extraLedger], "vismanet.unusable_ledger")...)
	problems = append(problems, chosen(ref, listBranches, e.Extra[extraBranch], "vismanet.unusable_branch")...)
	if ref.Periods == nil {
		problems = append(problems, model.NewProblem("entry.no_period", "target", ID, "date", date.String()).With(model.ActionRefresh))
	}
	return e, append(problems, s.problems(&e)...)
}

// extras are what the mapping chose for the batch as a whole. A batch that is to
// be released is on hold first, so that nothing is in the books before it was
// read back.
func extras(m model.Mapping) map[string]string {
	e := map[string]string{extraHold: fmt.Sprint(m.Options[optionBatch] != batchBalanced)}
	for field, option := range map[string]string{extraLedger: optionLedger, extraBranch: optionBranch} {
		if code := m.Options[option]; code != "" {
			e[field] = code
		}
	}
	return e
}

func entryLine(l journal.Line, codes []model.DimensionCode) model.EntryLine {
	return model.EntryLine{LedgerAccount: l.LedgerAccount, Dimensions: codes, Amount: l.Amount, Text: cut(plain(l.Text), longestLineText)}
}

// describe is the batch's description. The key stands in brackets at its end;
// no other part has brackets, so that it can be taken out exactly.
func describe(description string, period journal.Period, key string) string {
	tail := fmt.Sprintf("%s [%s]", period, key)
	text := cut(plain(strings.NewReplacer("[", "(", "]", ")").Replace(description)), longestDescription-len(tail)-1)
	return strings.TrimSpace(text + " " + tail)
}

// keyIn tells whether a batch's description carries the key. A bookkeeper may
// have written around it.
func keyIn(description, key string) bool {
	for rest := description; ; {
		_, after, ok := strings.Cut(rest, "[")
		if !ok {
			return false
		}
		inside, _, ok := strings.Cut(after, "]")
		if ok && inside == key {
			return key != ""
		}
		rest = after
	}
}

// cut shortens a text to a number of characters.
func cut(s string, length int) string {
	if runes := []rune(s); len(runes) > length {
		return strings.TrimSpace(string(runes[:length]))
	}
	return s
}

// segments finds the value of each segment of a line.
type segments struct {
	dimensions []model.Dimension
	centre     translation
	unit       translation
	needing    map[string]bool // ledger accounts that need a subaccount
}

// translation is what a mapping does with one payroll dimension.
type translation struct {
	segment int // index of the segment, or -1
	values  map[string]string
}

// newSegments reads a mapping against the company's segments, whose names are
// compared exactly.
func newSegments(m model.Mapping, ref *model.Reference) (*segments, []*model.Problem) {
	var problems []*model.Problem
	s := &segments{dimensions: ref.Dimensions, needing: make(map[string]bool)}
	for code := range strings.Lines(ref.Extra[extraSubaccount]) {
		s.needing[strings.TrimSuffix(code, "\n")] = true
	}
	find := func(which string, r model.DimensionRule) translation {
		if !r.Use {
			return translation{segment: -1}
		}
		i := slices.IndexFunc(ref.Dimensions, func(d model.Dimension) bool {
			if r.Name != "" {
				return d.Name == r.Name
			}
			return d.ID == r.Dimension
		})
		if i < 0 {
			problems = append(problems, model.NewProblem("vismanet.unknown_dimension",
				"which", which, "dimension", r.Name).With(model.ActionOpenMapping))
		}
		return translation{segment: i, values: r.Values}
	}
	s.centre, s.unit = find("cost_centre", m.CostCentre), find("cost_unit", m.CostUnit)
	if s.centre.segment >= 0 && s.centre.segment == s.unit.segment {
		problems = append(problems, model.NewProblem("vismanet.dimension_twice",
			"dimension", ref.Dimensions[s.unit.segment].Name).With(model.ActionOpenMapping))
	}
	return s, problems
}

// codes are the segments of a line, all of them or none.
func (s *segments) codes(l journal.Line) []model.DimensionCode {
	given := l.CostCentre != "" && s.centre.segment >= 0 || l.CostUnit != "" && s.unit.segment >= 0
	if !given && !s.needing[l.LedgerAccount] {
		return nil
	}
	codes := make([]model.DimensionCode, len(s.dimensions))
	for i, d := range s.dimensions {
		codes[i] = model.DimensionCode{Dimension: d.ID, Value: empty(d)}
		if i == s.centre.segment {
			s.centre.fill(&codes[i], l.CostCentre)
		}
		if i == s.unit.segment {
			s.unit.fill(&codes[i], l.CostUnit)
		}
	}
	return codes
}

// fill translates a payroll code; a line without one keeps the empty value,
// unless the mapping translates that too.
func (r translation) fill(c *model.DimensionCode, code string) {
	if value, ok := r.values[code]; ok {
		c.Value, c.Code = value, code
	} else if code != "" {
		c.Value, c.Code = code, code
	}
}

// empty is the active value of zeros alone, or nothing.
func empty(d model.Dimension) string {
	for _, v := range d.Values {
		if v.Active && v.ID != "" && strings.Trim(v.ID, "0") == "" {
			return v.ID
		}
	}
	return ""
}

// problems checks every value of every segment, each once, with the lines that
// carry it.
func (s *segments) problems(e *model.Entry) (problems []*model.Problem) {
	for i, d := range s.dimensions {
		var seen []string
		for _, l := range e.Lines {
			if len(l.Dimensions) == 0 || slices.Contains(seen, l.Dimensions[i].Value) {
				continue
			}
			value := l.Dimensions[i].Value
			seen = append(seen, value)
			name := fault(d, value)
			if name == "" {
				continue
			}
			action := model.ActionRefresh
			if name == "missing_dimension_value" {
				action = model.ActionOpenMapping
			}
			problems = append(problems, model.NewProblem("vismanet."+name,
				"dimension", d.Name, "value", value, "length", fmt.Sprint(d.Length),
				"lines", check.Lines(e, func(l model.EntryLine) bool {
					return len(l.Dimensions) > 0 && l.Dimensions[i].Value == value
				})).With(action))
		}
	}
	return problems
}

// fault names what is wrong with a value of a segment; nothing is empty.
func fault(d model.Dimension, value string) string {
	i := slices.IndexFunc(d.Values, func(v model.DimensionValue) bool { return v.ID == value })
	switch {
	case value == "":
		return "missing_dimension_value"
	case i >= 0 && d.Values[i].Active:
		return ""
	case i >= 0:
		return "inactive_dimension_value"
	case d.Length > 0 && len([]rune(value)) != d.Length:
		return "dimension_value_length"
	case d.Values == nil:
		return "" // the company does not check its values
	}
	return "unknown_dimension_value"
}
