package cash_test

import (
	"bytes"
	"io"
	"net/http"
	"strings"
	"testing"

	"loonbrug/data/journal"
	"loonbrug/data/model"
	"loonbrug/integration/target"
)

// What becomes of a cost centre and a cost unit is the mapping's choice; what it
// does not say is a problem, never a guess.
func TestBuild_CostUnits(t *testing.T) {
	tests := []struct {
		name         string
		centre, unit string
		rule, field  string
		centres      map[string]string
		units        map[string]string
		want         []model.DimensionCode
		problem      string
		notice       string
	}{
		{name: "LeftOut", centre: "100", unit: "A1", rule: "leave_out", want: dims("0911", "100"), notice: "cash.cost_unit_left_out"},
		{name: "NoRule", centre: "100", unit: "A1", want: dims("0911", "100"), notice: "cash.cost_unit_left_out"},
		{name: "UnitAlone", unit: "A1", rule: "cost_centre", units: map[string]string{"A1": "300"}, want: dims("0911", "300")},
		{name: "CentreAlone", centre: "02000", rule: "cost_centre", centres: map[string]string{"02000": "200"}, want: dims("0911", "200")},
		{name: "Pair", centre: "02000", unit: "A1", rule: "cost_centre", centres: map[string]string{"02000": "200", "02000 + A1": "300"}, want: dims("0911", "300")},
		{name: "PairAnyCase", centre: "bak", unit: "a1", rule: "cost_centre", centres: map[string]string{"BAK + A1": "300"}, want: dims("0911", "300")},
		{name: "PairWithoutUnit", centre: "100", unit: "A1", rule: "cost_centre", units: map[string]string{"A1": ""}, want: dims("0911", "100")},
		{name: "PairUnmapped", centre: "100", unit: "A1", rule: "cost_centre", want: dims("0911", "100 + A1"), problem: "cash.cost_centre_too_long"},
		{name: "Field", centre: "100", unit: "A1", rule: "field", field: "F701", want: dims("0911", "100", "0701", "A1")},
		{name: "FieldMapped", centre: "100", unit: "A1", rule: "field", field: "0701", units: map[string]string{"A1": "X9"}, want: dims("0911", "100", "0701", "X9")},
		{name: "FieldOfOurs", centre: "100", unit: "A1", rule: "field", field: "711", want: dims("0911", "100", "0711", "A1"), problem: "cash.cost_unit_field"},
		{name: "NoField", centre: "100", unit: "A1", rule: "field", want: dims("0911", "100", "0000", "A1"), problem: "cash.cost_unit_field"},
		{name: "FieldWithLetters", centre: "100", rule: "field", field: "07x1", want: dims("0911", "100"), problem: "cash.cost_unit_field"},
		{name: "BadCode", centre: "100", unit: "A|1", rule: "field", field: "0701", want: dims("0911", "100", "0701", "A|1"), problem: "cash.cost_unit_code"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := draft(one(journal.Line{LedgerAccount: "4000", CostCentre: tt.centre, CostUnit: tt.unit}))
			d.Mapping.CostCentre.Values, d.Mapping.CostUnit.Values = tt.centres, tt.units
			d.Mapping.Options["cost_unit"], d.Mapping.Options["cost_unit_field"] = tt.rule, tt.field
			e, problems := at("http://127.0.0.1").Build(d, reference())
			i := 0
			if e.Lines[0].Amount < 0 {
				i = 1
			}
			if got := e.Lines[i].Dimensions; len(got) != len(tt.want) || len(got) > 0 && (got[0] != tt.want[0] || got[len(got)-1] != tt.want[len(got)-1]) {
				t.Errorf("dimensions %v, want %v", got, tt.want)
			}
			if len(problems) > 1 || (len(problems) == 1) != (tt.problem != "") || len(problems) == 1 && (problems[0].Code != tt.problem || problems[0].Action != model.ActionOpenMapping) {
				t.Errorf("problems %v, want %q", problems, tt.problem)
			}
			if (len(e.Notices) == 1) != (tt.notice != "") || len(e.Notices) == 1 && e.Notices[0].Code != tt.notice {
				t.Errorf("notices %v, want %q", e.Notices, tt.notice)
			}
		})
	}
}

func dims(pairs ...string) (list []model.DimensionCode) {
	for i := 0; i < len(pairs); i += 2 {
		list = append(list, model.DimensionCode{Dimension: pairs[i], Value: pairs[i+1], Code: pairs[i+1]})
	}
	return list
}

// A code without a place in the table is named with its lines.
func TestBuild_UnmappedNamesCodeAndLines(t *testing.T) {
	_, problems := at("http://127.0.0.1").Build(draft(one(journal.Line{LedgerAccount: "4000", CostCentre: "02000"})), reference())
	if len(problems) != 1 || problems[0].Params["codes"] != "02000" || problems[0].Params["lines"] == "" || problems[0].Action != model.ActionOpenMapping {
		t.Errorf("%v", problems)
	}
}

// All codes that have the same fault are one problem with their lines, however
// many there are, and the mapping is where they are put right.
func TestBuild_CostCentresAreOneProblemEach(t *testing.T) {
	part := one(journal.Line{LedgerAccount: "4000", CostCentre: "02000"})
	lines := &part.Transactions[0].Lines
	for _, code := range []string{"03000", "400", "100", "401", "900"} {
		*lines = append(*lines, journal.Line{LedgerAccount: "4000", CostCentre: code, Amount: 5}, journal.Line{LedgerAccount: "1700", Amount: -5})
	}
	e, problems := at("http://127.0.0.1").Build(draft(part), reference())
	want := map[string]string{"cash.cost_centre_too_long": "02000, 03000", "cash.unknown_cost_centre": "400, 401", "cash.blocked_cost_centre": "900"}
	if len(problems) != len(want) {
		t.Fatalf("%d lines, problems %v", len(e.Lines), problems)
	}
	for _, p := range problems {
		if p.Params["codes"] != want[p.Code] || p.Action != model.ActionOpenMapping || strings.Count(p.Params["lines"], ", ") != strings.Count(want[p.Code], ", ") {
			t.Errorf("%v with %q, want %q", p, p.Action, want[p.Code])
		}
	}
}

// The field of a cost unit travels and is read back.
func TestPractice_CostUnitField(t *testing.T) {
	c, _ := office(t)
	d := small()
	d.Entry.Lines[0].Dimensions = dims("0911", "100", "0701", "A1")
	a := access("practice-cash-key")
	if o := c.Post(t.Context(), a, d); o.Class != target.Accepted {
		t.Fatalf("post: %+v", o)
	}
	booked, o := c.ReadBack(t.Context(), a, d)
	if o.Class != target.Accepted {
		t.Fatalf("read back: %+v", o)
	}
	same(t, d.Entry, booked)

	var body []byte
	serve(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ = io.ReadAll(r.Body)
		w.WriteHeader(http.StatusCreated)
	}).Post(t.Context(), a, d)
	if !bytes.Contains(body, []byte(`"F0911":"100","F0701":"A1"`)) {
		t.Errorf("sent %s", body)
	}
}
