package administrations

import (
	"slices"
	"strconv"
	"strings"

	"loonbrug/data/journal"
	"loonbrug/data/model"
	"loonbrug/integration/target"
	"loonbrug/ui/allowed"
	"loonbrug/ui/i18n"
	"loonbrug/ui/widgets"
)

// row is one mapping, or a company that has none yet.
type row struct {
	company model.Company
	mapping model.Mapping // id zero: not mapped
	target  target.Description
	account model.Account
	refused *model.Problem // why the user may not change the mapping, or make one
}

func (r row) mapped() bool { return r.mapping.ID != 0 }

// system is the target with the account where it is called otherwise.
func (r row) system() string {
	if r.account.Name == r.target.Name || r.account.Name == "" {
		return r.target.Name
	}
	return r.target.Name + " · " + r.account.Name
}

// state is everything that the screen shows.
type state struct {
	companies []model.Company
	accounts  []model.Account
	mappings  []model.Mapping
	work      allowed.Refusals // to change companies
	write     allowed.Refusals // to change mappings, by target
}

// rowsOf gives the mappings by company and target, and the companies without
// any in their place among them.
func rowsOf(targets []target.Description, s state) []row {
	var rows []row
	none := s.write.Everywhere(model.ActWrite, idsOf(targets)...)
	for _, c := range companiesByName(s.companies) {
		found := false
		for _, t := range targets {
			for _, m := range s.mappings {
				if m.CompanyID != c.ID || m.Target != t.ID {
					continue
				}
				found = true
				rows = append(rows, row{company: c, mapping: m, target: t, account: accountOf(s.accounts, m.AccountID), refused: s.write.At(model.ActWrite, t.ID)})
			}
		}
		if !found {
			rows = append(rows, row{company: c, refused: none})
		}
	}
	return rows
}

func idsOf(targets []target.Description) (ids []string) {
	for _, d := range targets {
		ids = append(ids, d.ID)
	}
	return ids
}

func companiesByName(companies []model.Company) []model.Company {
	return slices.SortedStableFunc(slices.Values(companies), func(a, b model.Company) int { return i18n.Compare(a.Name, b.Name) })
}

// matching gives the rows that hold every word of text, whatever the case.
func matching(rows []row, text string) []row {
	words := strings.Fields(strings.ToLower(text))
	return slices.DeleteFunc(slices.Clone(rows), func(r row) bool {
		held := strings.ToLower(strings.Join([]string{
			r.company.Number, r.company.Name, r.company.Debtor, r.target.Name, r.account.Name, administrationName(r.mapping.Administration), r.rules(),
		}, " "))
		return slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(held, w) })
	})
}

func accountOf(accounts []model.Account, id int64) model.Account {
	i := slices.IndexFunc(accounts, func(a model.Account) bool { return a.ID == id })
	if i < 0 {
		return model.Account{}
	}
	return accounts[i]
}

// rules is what a mapping does with dimensions and options, in one line.
func (r row) rules() string {
	var parts []string
	for _, field := range target.Asked(r.target.MappingFields, r.mapping.Options) {
		code := r.mapping.Options[field.ID]
		if (field.Kind == target.FieldDaybook || field.Kind == target.FieldList) && code != "" {
			parts = append(parts, code)
		}
	}
	for _, rule := range []model.DimensionRule{r.mapping.CostCentre, r.mapping.CostUnit} {
		if rule.Use && rule.Name != "" {
			parts = append(parts, rule.Name)
		}
	}
	if r.mapping.Start != (journal.Period{}) {
		parts = append(parts, i18n.T("mapping.from", "period", r.mapping.Start))
	}
	return strings.Join(parts, " · ")
}

// usable gives the accounts that a mapping may be made with.
func usable(accounts []model.Account, targets []target.Description) []model.Account {
	return slices.DeleteFunc(slices.Clone(accounts), func(a model.Account) bool {
		books := slices.ContainsFunc(targets, func(d target.Description) bool { return d.ID == a.Target })
		return !a.Authorised() || !books
	})
}

// guess proposes the administration of a company: the one with its name, or
// with its number, when there is exactly one. Nothing is better than a wrong
// one.
func guess(c model.Company, administrations []model.Administration) string {
	fits := func(same func(model.Administration) bool) string {
		code, n := "", 0
		for _, a := range administrations {
			if !a.ReadOnly && same(a) {
				code, n = a.Code, n+1
			}
		}
		if n != 1 {
			return ""
		}
		return code
	}
	if code := fits(func(a model.Administration) bool { return plain(a.Name) == plain(c.Name) }); code != "" {
		return code
	}
	return fits(func(a model.Administration) bool { return c.Number != "" && a.Code == c.Number })
}

// plain is a name without case, stops and blanks.
func plain(name string) string {
	return strings.Map(func(r rune) rune {
		if r == '.' || r == ',' || r == ' ' {
			return -1
		}
		return r
	}, strings.ToLower(name))
}

// guessDimension proposes the target's dimension for a payroll dimension: the
// one called as the target's own word for it, or the only one.
func guessDimension(label string, dimensions []model.Dimension) string {
	for _, d := range dimensions {
		if strings.EqualFold(d.Name, label) {
			return d.ID
		}
	}
	if len(dimensions) == 1 {
		return dimensions[0].ID
	}
	return ""
}

func administrationOptions(list []model.Administration) []widgets.Option {
	var options []widgets.Option
	for _, a := range list {
		if a.ReadOnly {
			continue
		}
		options = append(options, widgets.Option{ID: a.Code, Label: administrationName(a)})
	}
	return options
}

// longestCode is the longest code that a person may know an administration by;
// what is longer is a machine's own id and only stands in the way.
const longestCode = 12

// administrationName is code and name, or only the name where the code is a
// number of the machine's.
func administrationName(a model.Administration) string {
	if a.Name == "" {
		return a.Code
	}
	if a.Code == "" || a.Code == a.Name || len(a.Code) > longestCode {
		return a.Name
	}
	return a.Name + " (" + a.Code + ")"
}

func accountOptions(targets []target.Description, accounts []model.Account) []widgets.Option {
	var options []widgets.Option
	for _, t := range targets {
		for _, a := range accounts {
			if a.Target != t.ID {
				continue
			}
			label := a.Name
			if a.Name != t.Name {
				label = t.Name + " · " + a.Name
			}
			options = append(options, widgets.Option{ID: strconv.FormatInt(a.ID, 10), Label: label})
		}
	}
	return options
}

func dimensionOptions(list []model.Dimension) []widgets.Option {
	options := make([]widgets.Option, len(list))
	for i, d := range list {
		options[i] = widgets.Option{ID: d.ID, Label: d.Name}
	}
	return options
}

// draft is a mapping as it is being filled in.
type draft struct {
	mapping   model.Mapping
	target    target.Description
	reference *model.Reference
	codes     []model.CodePair // of the company's runs
}

// complete tells whether everything that the target demands is there.
func (d draft) complete() bool {
	if d.mapping.CompanyID == 0 || d.mapping.AccountID == 0 || d.mapping.Administration.Code == "" || d.reference == nil {
		return false
	}
	for _, f := range target.Asked(d.target.MappingFields, d.mapping.Options) {
		if f.Required && d.mapping.Options[f.ID] == "" {
			return false
		}
	}
	return d.ruleComplete(d.target.CostCentre, d.mapping.CostCentre) && d.ruleComplete(d.target.CostUnit, d.mapping.CostUnit)
}

func (d draft) ruleComplete(support target.DimensionSupport, rule model.DimensionRule) bool {
	if !support.Offered || !support.Named || !rule.Use {
		return true
	}
	return rule.Dimension != ""
}
