package store

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"loonbrug/data/model"
)

// facts are what the history compares of a row: texts by field.
type facts map[string]string

// changes are the fields in which two rows differ, in order.
func (old facts) changes(now facts) []model.FieldChange {
	fields := slices.Collect(maps.Keys(now))
	for field := range old {
		if _, both := now[field]; !both {
			fields = append(fields, field)
		}
	}
	slices.Sort(fields)
	var all []model.FieldChange
	for _, field := range fields {
		if old[field] != now[field] {
			all = append(all, model.FieldChange{Field: field, Old: old[field], New: now[field]})
		}
	}
	return all
}

// accountFacts leave out when the account was checked and what came of it: that
// is no change that a person made. Secrets are not among them.
func accountFacts(a model.Account) facts {
	f := facts{"target": a.Target, "name": a.Name, "state": string(a.State), "identity": a.Identity}
	f.add("setting", a.Settings)
	return f
}

func mappingFacts(m model.Mapping) facts {
	f := facts{
		"company": fmt.Sprint(m.CompanyID), "account": fmt.Sprint(m.AccountID), "target": m.Target,
		"administration": strings.TrimSpace(m.Administration.Code + " " + m.Administration.Name),
	}
	if m.Start.Year != 0 {
		f["start"] = m.Start.String()
	}
	f.add("cost_centre", m.CostCentre)
	f.add("cost_unit", m.CostUnit)
	f.add("option", m.Options)
	f.add("rule", m.Rules)
	return f
}

func companyFacts(m model.Company) facts {
	f := facts{
		"number": m.Number, "name": m.Name, "debtor": m.Debtor, "country": m.Country, "currency": m.Currency,
		"four_weekly": fmt.Sprint(m.FourWeekly), "test_company": fmt.Sprint(m.TestCompany),
		"debtor_blocked": fmt.Sprint(m.DebtorBlocked),
	}
	f.add("rule", m.Rules)
	return f
}

// add puts every value in the JSON of v under its path; what is empty is no
// fact.
func (f facts) add(path string, v any) {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err) // these types are written to the database in the same way
	}
	var tree any
	if err := json.Unmarshal(text, &tree); err != nil {
		panic(err)
	}
	f.branch(path, tree)
}

func (f facts) branch(path string, v any) {
	switch v := v.(type) {
	case nil:
	case map[string]any:
		for name, below := range v {
			f.branch(path+"."+name, below)
		}
	case bool:
		if v {
			f[path] = "true"
		}
	default:
		if text := fmt.Sprint(v); text != "" {
			f[path] = text
		}
	}
}
