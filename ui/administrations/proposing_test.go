package administrations

import (
	"slices"
	"testing"

	"loonbrug/data/journal"
	"loonbrug/data/model"
	"loonbrug/integration/target"
)

func TestGuessAccount(t *testing.T) {
	halm := model.Company{ID: 1, Name: "Bakkerij De Halm B.V.", Debtor: "Halm Groep"}
	office := state{
		companies: []model.Company{halm, {ID: 2, Name: "Halm Transport B.V.", Debtor: "Halm Groep"}, {ID: 3, Name: "Leipomo"}},
		mappings:  []model.Mapping{{CompanyID: 2, AccountID: 30}, {CompanyID: 3, AccountID: 40}},
	}
	named := model.Account{ID: 10, Identity: "iemand@kantoor.example · Bakkerij de Halm BV"}
	for name, tt := range map[string]struct {
		accounts []model.Account
		want     string
	}{
		"signs in as the company":          {[]model.Account{named, {ID: 30}}, "10"},
		"two sign in as the company":       {[]model.Account{named, {ID: 11, Identity: "Bakkerij De Halm B.V."}}, ""},
		"of other companies of the debtor": {[]model.Account{{ID: 30}, {ID: 40}}, "30"},
		"of somebody else":                 {[]model.Account{{ID: 40}}, ""},
	} {
		if got := guessAccount(halm, tt.accounts, office); got != tt.want {
			t.Errorf("%s: guessed %q", name, got)
		}
	}
	office.mappings = append(office.mappings, model.Mapping{CompanyID: 1, AccountID: 10})
	if got := guessAccount(halm, []model.Account{named}, office); got != "" {
		t.Errorf("an account that the company books with already is proposed again: %q", got)
	}
}

func TestGuessDaybook(t *testing.T) {
	list := []model.Daybook{{Code: "MEM", Name: "Memoriaal"}, {Code: "SAL", Name: "Salarissen"}}
	if got := guessDaybook("daybook", "cash", list, nil); got != "SAL" {
		t.Errorf("by its name %q", got)
	}
	uses := func(code string) model.Mapping {
		return model.Mapping{Target: "cash", Options: map[string]string{"daybook": code}}
	}
	if got := guessDaybook("daybook", "cash", list, []model.Mapping{uses("MEM"), uses("MEM")}); got != "MEM" {
		t.Errorf("what all others use: %q", got)
	}
	if got := guessDaybook("daybook", "cash", list[:1], []model.Mapping{uses("X")}); got != "" {
		t.Errorf("out of nothing %q", got)
	}
}

func TestMatching(t *testing.T) {
	rows := []row{
		{company: model.Company{Number: "12", Name: "Bakkerij De Halm"}, target: target.Description{Name: "CASH"}},
		{company: model.Company{Number: "13", Name: "Halm Transport"}, target: target.Description{Name: "Visma.net"}},
	}
	if got := matching(rows, "HALM visma"); len(got) != 1 || got[0].company.Number != "13" {
		t.Errorf("found %+v", got)
	}
	if got := matching(rows, " "); len(got) != 2 {
		t.Errorf("nothing to search for finds %d", len(got))
	}
}

func TestCopied(t *testing.T) {
	d := target.Description{
		ID: "cash", MappingFields: []target.Field{{ID: "daybook", Kind: target.FieldDaybook, Required: true}},
		CostCentre: target.DimensionSupport{Offered: true, Named: true},
	}
	m := model.Mapping{
		ID: 9, CompanyID: 1, AccountID: 5, Target: "cash", Options: map[string]string{"daybook": "SAL"}, Start: journal.Period{Year: 2020, Number: 1},
		CostCentre: model.DimensionRule{Use: true, Dimension: "3", Name: "Kostenplaats", Values: map[string]string{"a": "b"}},
	}
	there := books{account: model.Account{ID: 6}, administration: model.Administration{Code: "trns", Name: "Transport"}}
	first := journal.Period{Year: 2026, Number: 4}
	ref := &model.Reference{Daybooks: []model.Daybook{{Code: "SAL"}}, Dimensions: []model.Dimension{{ID: "8", Name: "Kostenplaats"}}}
	now, missing := copied(m, d, model.Company{ID: 2}, there, ref, first)
	if len(missing) != 0 || now.ID != 0 || now.CompanyID != 2 || now.AccountID != 6 || now.Administration.Code != "trns" || now.Start != first {
		t.Errorf("missing %q of %+v", missing, now)
	}
	if now.CostCentre.Dimension != "8" || now.CostCentre.Values["a"] != "b" {
		t.Errorf("the dimension of that name: %+v", now.CostCentre)
	}
	now.CostCentre.Values["a"], now.Options["daybook"] = "c", "X"
	if m.CostCentre.Values["a"] != "b" || m.Options["daybook"] != "SAL" {
		t.Error("the copy shares something with the mapping")
	}
	if _, missing = copied(m, d, model.Company{ID: 2}, there, &model.Reference{Daybooks: []model.Daybook{}}, first); !slices.Contains(missing, "Kostenplaats") || len(missing) != 2 {
		t.Errorf("missing %q: the daybook and the dimension", missing)
	}
}

func TestGuessBooks(t *testing.T) {
	one, two := model.Account{ID: 1}, model.Account{ID: 2}
	all := []books{{one, model.Administration{Code: "1", Name: "Halm"}}, {two, model.Administration{Code: "1", Name: "Transport"}}, {two, model.Administration{Code: "14", Name: "x"}}}
	if got := guessBooks(model.Company{Name: "transport"}, all); got != "2/1" {
		t.Errorf("by name %q", got)
	}
	if got := guessBooks(model.Company{Name: "Winkels", Number: "14"}, all); got != "2/14" {
		t.Errorf("by number %q", got)
	}
	if got := guessBooks(model.Company{Name: "Winkels", Number: "1"}, all); got != "" {
		t.Errorf("out of two %q", got)
	}
}
