package start

import (
	"slices"

	"loonbrug/data/model"
)

// Step is one step of the path, by its stable id.
type Step string

// The steps in their order.
const (
	StepLanguage Step = "language"
	StepOffice   Step = "office"  // practice or real
	StepPayroll  Step = "payroll" // where runs come from
	StepAccount  Step = "account" // the first access to an accounting system
	StepMapping  Step = "mapping" // the first company that books
)

// Steps are all steps in their order.
func Steps() []Step { return []Step{StepLanguage, StepOffice, StepPayroll, StepAccount, StepMapping} }

// State is how far a person is; its zero value is a path that nobody has seen.
type State struct {
	Step Step `json:"step,omitempty"` // where it is to go on; empty before the first
	Left bool `json:"left,omitempty"` // put away for later
	Done bool `json:"done,omitempty"` // walked to the end, or not wanted any more
}

// facts are what the office has of what the path asks for.
type facts struct {
	practice  bool
	runs      int
	payroll   []string // ids of the systems that payroll comes from
	accounts  []model.Account
	companies []model.Company
	mappings  []model.Mapping
}

// done tells whether nothing is left to do in a step. In the practice office all
// but one account and one mapping are there, and the person makes the last.
func (f facts) done(s Step, at Step) bool {
	switch s {
	case StepPayroll:
		return f.runs > 0 || slices.ContainsFunc(f.accounts, func(a model.Account) bool { return f.isPayroll(a) && a.Authorised() })
	case StepAccount:
		_, waiting := f.waiting()
		signed := slices.ContainsFunc(f.accounts, func(a model.Account) bool { return !f.isPayroll(a) && a.Authorised() })
		return signed && !(f.practice && waiting)
	case StepMapping:
		_, unmapped := f.unmapped()
		return len(f.mappings) > 0 && !(f.practice && unmapped)
	}
	return slices.Index(Steps(), s) < slices.Index(Steps(), at)
}

// count is how many steps are done.
func (f facts) count(at Step) (n int) {
	for _, s := range Steps() {
		if f.done(s, at) {
			n++
		}
	}
	return n
}

func (f facts) isPayroll(a model.Account) bool { return slices.Contains(f.payroll, a.Target) }

// waiting is the first account of an accounting system that is not authorised.
func (f facts) waiting() (model.Account, bool) {
	i := slices.IndexFunc(f.accounts, func(a model.Account) bool { return !f.isPayroll(a) && !a.Authorised() })
	if i < 0 {
		return model.Account{}, false
	}
	return f.accounts[i], true
}

// unmapped is the first company without a mapping that may have one.
func (f facts) unmapped() (model.Company, bool) {
	i := slices.IndexFunc(f.companies, func(c model.Company) bool {
		return !c.TestCompany && !slices.ContainsFunc(f.mappings, func(m model.Mapping) bool { return m.CompanyID == c.ID })
	})
	if i < 0 {
		return model.Company{}, false
	}
	return f.companies[i], true
}

// next is the step after one; the last has none after it.
func next(s Step) Step {
	all := Steps()
	return all[min(slices.Index(all, s)+1, len(all)-1)]
}

// before is the step before one; the first has none before it.
func before(s Step) Step {
	all := Steps()
	return all[max(slices.Index(all, s)-1, 0)]
}
