package administrations

import (
	"testing"

	"loonbrug/data/journal"
	"loonbrug/data/model"
	"loonbrug/integration/target"
)

func TestRowsOf_ShowsCompaniesWithoutAMapping(t *testing.T) {
	targets := []target.Description{{ID: "a"}, {ID: "b"}}
	rows := rowsOf(targets, state{
		companies: []model.Company{{ID: 1, Name: "Zeeland"}, {ID: 2, Name: "Arnhem"}},
		accounts:  []model.Account{{ID: 5, Target: "b", Name: "Kantoor"}},
		mappings:  []model.Mapping{{ID: 9, CompanyID: 1, AccountID: 5, Target: "b"}, {ID: 8, CompanyID: 1, AccountID: 6, Target: "a"}},
	})
	if len(rows) != 3 {
		t.Fatalf("rows %+v", rows)
	}
	if rows[0].company.ID != 2 || rows[0].mapped() {
		t.Errorf("first by name, and not mapped: %+v", rows[0])
	}
	if rows[1].mapping.ID != 8 || rows[2].mapping.ID != 9 || rows[2].account.Name != "Kantoor" {
		t.Errorf("then by target: %+v", rows[1:])
	}
}

func TestGuess(t *testing.T) {
	halm := model.Company{Number: "12", Name: "Bakkerij De Halm B.V."}
	cases := []struct {
		name string
		list []model.Administration
		want string
	}{
		{"EqualName", []model.Administration{{Code: "x", Name: "Ander"}, {Code: "halm", Name: "bakkerij de halm bv"}}, "halm"},
		{"EqualNumber", []model.Administration{{Code: "12", Name: "Administratie"}, {Code: "13", Name: "Ander"}}, "12"},
		{"TwoOfThatName", []model.Administration{{Code: "1", Name: "Bakkerij De Halm BV"}, {Code: "2", Name: "Bakkerij De Halm B.V."}}, ""},
		{"ReadOnly", []model.Administration{{Code: "1", Name: "Bakkerij De Halm B.V.", ReadOnly: true}}, ""},
		{"NoneFits", []model.Administration{{Code: "1", Name: "Halm"}}, ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if got := guess(halm, c.list); got != c.want {
				t.Fatalf("guessed %q", got)
			}
		})
	}
}

func TestGuessDimension(t *testing.T) {
	two := []model.Dimension{{ID: "1", Name: "Kostenplaats"}, {ID: "2", Name: "Kostendrager"}}
	if got := guessDimension("kostendrager", two); got != "2" {
		t.Errorf("guessed %q", got)
	}
	if got := guessDimension("Afdeling", two); got != "" {
		t.Errorf("guessed %q out of two", got)
	}
	if got := guessDimension("Afdeling", two[:1]); got != "1" {
		t.Errorf("the only one, got %q", got)
	}
}

func TestDraft_Complete(t *testing.T) {
	d := draft{
		target: target.Description{
			MappingFields: []target.Field{{ID: "daybook", Kind: target.FieldDaybook, Required: true}},
			CostCentre:    target.DimensionSupport{Offered: true, Named: true},
		},
		mapping:   model.Mapping{CompanyID: 1, AccountID: 2, Administration: model.Administration{Code: "x"}, Options: map[string]string{"daybook": "SAL"}},
		reference: &model.Reference{},
	}
	if !d.complete() {
		t.Fatal("everything is there")
	}
	for name, damage := range map[string]func(*draft){
		"company":        func(d *draft) { d.mapping.CompanyID = 0 },
		"account":        func(d *draft) { d.mapping.AccountID = 0 },
		"administration": func(d *draft) { d.mapping.Administration.Code = "" },
		"reference":      func(d *draft) { d.reference = nil },
		"daybook":        func(d *draft) { d.mapping.Options = nil },
		"dimension":      func(d *draft) { d.mapping.CostCentre.Use = true },
	} {
		broken := d
		damage(&broken)
		if broken.complete() {
			t.Errorf("complete without %s", name)
		}
	}
}

func TestUsable(t *testing.T) {
	got := usable([]model.Account{
		{ID: 1, Target: "cash", State: model.AccountNew},
		{ID: 2, Target: "cash", State: model.AccountAuthorised},
		{ID: 3, Target: "cash", State: model.AccountExpired},
		{ID: 4, Target: "nmbrs", State: model.AccountAuthorised}, // payroll is not booked in
	}, []target.Description{{ID: "cash"}})
	if len(got) != 1 || got[0].ID != 2 {
		t.Fatalf("usable %+v", got)
	}
}

func TestAdministrationOptions_LeaveOutWhatCannotBeBookedIn(t *testing.T) {
	got := administrationOptions([]model.Administration{{Code: "a", Name: "A", ReadOnly: true}, {Code: "b", Name: "B"}})
	if len(got) != 1 || got[0].ID != "b" || got[0].Label != "B (b)" {
		t.Fatalf("options %+v", got)
	}
}

func TestEditor_StartPeriod(t *testing.T) {
	for text, want := range map[string]journal.Period{"": {}, "2026-03": {Year: 2026, Number: 3}, "3/2026": {Year: 2026, Number: 3}, " 13-2026 ": {Year: 2026, Number: 13}} {
		e := editor{start: startOf{text: text}}
		if got, ok := e.startPeriod(); !ok || got != want {
			t.Errorf("%q: %v %v", text, got, ok)
		}
	}
	for _, text := range []string{"maart", "2026", "14/2026", "0/2026"} {
		e := editor{start: startOf{text: text}}
		if _, ok := e.startPeriod(); ok {
			t.Errorf("%q is taken", text)
		}
	}
}
