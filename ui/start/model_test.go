package start

import (
	"testing"

	"loonbrug/data/model"
)

func TestFacts(t *testing.T) {
	signed := model.Account{ID: 1, Target: "cash", State: model.AccountAuthorised}
	waits := model.Account{ID: 2, Target: "vismanet", State: model.AccountNew}
	payroll := model.Account{ID: 3, Target: "nmbrs", State: model.AccountAuthorised}
	companies := []model.Company{{ID: 1}, {ID: 2, TestCompany: true}, {ID: 3}}
	first := []model.Mapping{{CompanyID: 1}}
	for name, c := range map[string]struct {
		facts facts
		want  map[Step]bool
	}{
		"Nothing":        {facts{}, map[Step]bool{}},
		"Runs":           {facts{runs: 1}, map[Step]bool{StepPayroll: true}},
		"PayrollAccount": {facts{payroll: []string{"nmbrs"}, accounts: []model.Account{payroll}}, map[Step]bool{StepPayroll: true}},
		"Real": {
			facts{accounts: []model.Account{signed, waits}, companies: companies, mappings: first},
			map[Step]bool{StepAccount: true, StepMapping: true},
		},
		"PracticeLeavesTheLast": {
			facts{practice: true, accounts: []model.Account{signed, waits}, companies: companies, mappings: first}, map[Step]bool{},
		},
		"PracticeDone": {
			facts{practice: true, accounts: []model.Account{signed}, companies: companies, mappings: append(first, model.Mapping{CompanyID: 3})},
			map[Step]bool{StepAccount: true, StepMapping: true},
		},
	} {
		t.Run(name, func(t *testing.T) {
			for _, s := range Steps() {
				if got := c.facts.done(s, StepLanguage); got != c.want[s] {
					t.Errorf("%s is done: %t", s, got)
				}
			}
		})
	}
	if n := (facts{runs: 1}).count(StepAccount); n != 3 {
		t.Errorf("%d steps done: language, office and payroll are", n)
	}
	if next(StepMapping) != StepMapping || before(StepLanguage) != StepLanguage || next(StepOffice) != StepPayroll || before(StepPayroll) != StepOffice {
		t.Error("the steps are not in their order")
	}
}
