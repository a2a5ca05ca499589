package administrations

import (
	"maps"
	"slices"
	"strconv"

	"loonbrug/data/journal"
	"loonbrug/data/model"
	"loonbrug/integration/target"
	"loonbrug/ui/dialogs"
	"loonbrug/ui/widgets"
)

// books is an administration with the account that may book in it.
type books struct {
	account        model.Account
	administration model.Administration
}

func (b books) id() string {
	return strconv.FormatInt(b.account.ID, 10) + "/" + b.administration.Code
}

// label is the administration, with the account where it is called otherwise.
func (b books) label() string {
	name := administrationName(b.administration)
	if b.account.Name == b.administration.Name {
		return name
	}
	return name + " · " + b.account.Name
}

// withoutMapping are the companies that have none at the target, in order.
func withoutMapping(s state, targetID string) []model.Company {
	return slices.DeleteFunc(companiesByName(s.companies), func(c model.Company) bool {
		return slices.ContainsFunc(s.mappings, func(m model.Mapping) bool { return m.CompanyID == c.ID && m.Target == targetID })
	})
}

// free are the books that no mapping of the state uses yet: each company has
// books of its own.
func free(all []books, s state) []books {
	return slices.DeleteFunc(slices.Clone(all), func(b books) bool {
		return b.administration.ReadOnly || slices.ContainsFunc(s.mappings, func(m model.Mapping) bool {
			return m.Target == b.account.Target && m.Administration.Code == b.administration.Code
		})
	})
}

func booksOptions(all []books) []widgets.Option {
	options := make([]widgets.Option, len(all))
	for i, b := range all {
		options[i] = widgets.Option{ID: b.id(), Label: b.label()}
	}
	return options
}

// guessBooks proposes the books of a company: those of its name or number, when
// there are exactly one.
func guessBooks(c model.Company, all []books) string {
	list := make([]model.Administration, len(all))
	for i, b := range all {
		list[i] = b.administration
		list[i].Code = b.id() // several accounts may know the same code
	}
	if id := guess(model.Company{Name: c.Name}, list); id != "" {
		return id
	}
	for i, b := range all {
		list[i].Code = b.administration.Code
	}
	code := guess(model.Company{Name: c.Name, Number: c.Number}, list)
	if i := slices.IndexFunc(all, func(b books) bool { return code != "" && b.administration.Code == code }); i >= 0 {
		return all[i].id()
	}
	return ""
}

// copied is a mapping as it would be for another company in other books, and
// what of it these books do not have: a daybook, a choice, a dimension. Nothing
// is left out without being named.
func copied(m model.Mapping, d target.Description, c model.Company, b books, ref *model.Reference, start journal.Period) (now model.Mapping, missing []string) {
	now = m
	now.ID, now.CompanyID, now.AccountID, now.Administration, now.Start = 0, c.ID, b.account.ID, b.administration, start
	now.Options = maps.Clone(m.Options)
	for _, f := range target.Asked(d.MappingFields, m.Options) {
		if code := m.Options[f.ID]; code != "" && !offers(ref, f, code) {
			missing = append(missing, dialogs.FieldLabel(d.ID, f)+" "+code)
		}
	}
	for _, rule := range []struct {
		support target.DimensionSupport
		rule    *model.DimensionRule
	}{{d.CostCentre, &now.CostCentre}, {d.CostUnit, &now.CostUnit}} {
		rule.rule.Values = maps.Clone(rule.rule.Values)
		if !rule.support.Named || !rule.rule.Use {
			continue
		}
		i := slices.IndexFunc(ref.Dimensions, func(o model.Dimension) bool { return o.Name == rule.rule.Name })
		if i < 0 {
			missing = append(missing, rule.rule.Name)
			continue
		}
		rule.rule.Dimension = ref.Dimensions[i].ID
	}
	return now, missing
}

// offers tells whether books have what a field was answered with. A list that
// the target does not give cannot be checked.
func offers(ref *model.Reference, f target.Field, code string) bool {
	switch f.Kind {
	case target.FieldDaybook:
		return ref.Daybooks == nil || slices.ContainsFunc(ref.Daybooks, func(d model.Daybook) bool { return d.Code == code })
	case target.FieldList:
		list, given := ref.Lists[f.List]
		return !given || slices.ContainsFunc(list, func(c model.Choice) bool { return c.Code == code })
	}
	return true
}
