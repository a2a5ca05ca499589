package dialogs_test

import (
	"testing"

	"loonbrug/data/model"
	"loonbrug/integration/target"
	"loonbrug/ui/dialogs"
	"loonbrug/ui/i18n"
)

func fields() []target.Field {
	return []target.Field{{ID: "daybook"}, {ID: "cost_unit"}, {ID: "cost_unit_field"}}
}

func TestFieldOf(t *testing.T) {
	for want, problems := range map[string][]*model.Problem{
		"daybook": {
			model.NewProblem("cash.no_daybook"), model.NewProblem("cash.unknown_daybook", "daybook", "X"),
			model.NewProblem("mapping.field_missing", "field", "daybook"),
		},
		"cost_unit_field": {model.NewProblem("cash.cost_unit_field", "field", "0711")},
		"cost_unit":       {model.NewProblem("cash.unknown_cost_unit_rule"), model.NewProblem("vismanet.unknown_dimension", "which", "cost_unit")},
		"cost_centre":     {model.NewProblem("cash.unknown_cost_centre", "code", "9"), model.NewProblem("procountor.no_dimension", "field", "cost_centre")},
		"administration":  {model.NewProblem("mapping.field_missing", "field", "administration")},
		"":                {model.NewProblem("entry.closed_period"), model.NewProblem("internal")},
	} {
		for _, p := range problems {
			if got := dialogs.FieldOf(fields(), p); got != want {
				t.Errorf("%v is about %q, not %q", p, got, want)
			}
		}
	}
}

// The parameter stays the id; only the page has the label.
func TestNameField(t *testing.T) {
	if err := i18n.SetLanguage("nl"); err != nil {
		t.Fatal(err)
	}
	targets := []target.Description{{ID: "cash", Name: "CASH", AccountFields: []target.Field{{ID: "api_key"}}, MappingFields: fields()}}
	for id, want := range map[string]string{
		"api_key": i18n.T("field.cash.api_key"), "daybook": i18n.T("field.cash.daybook"),
		"administration": i18n.T("mapping.administration"), "0711": "0711",
	} {
		p := model.NewProblem("mapping.field_missing", "target", "CASH", "field", id)
		if got := dialogs.NameField(targets, p).Params["field"]; got != want {
			t.Errorf("%s is called %q", id, got)
		}
		if p.Params["field"] != id {
			t.Errorf("the problem itself now says %q", p.Params["field"])
		}
	}
	if dialogs.NameField(targets, nil) != nil {
		t.Error("nothing has a name")
	}
}
