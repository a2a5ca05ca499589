package administrations

import (
	"slices"
	"testing"

	"loonbrug/data/model"
	"loonbrug/integration/target"
)

func pairs() []model.CodePair {
	return []model.CodePair{{Centre: "100"}, {Centre: "100", Unit: "A1"}, {Unit: "B2"}, {Centre: "200", Unit: "A1"}}
}

func TestCodesOf(t *testing.T) {
	for name, tt := range map[string]struct {
		which  dimension
		joined bool
		table  map[string]string
		want   []string
	}{
		"Centres":   {dimensionCentre, false, nil, []string{"100", "200"}},
		"Units":     {dimensionUnit, false, nil, []string{"A1", "B2"}},
		"Together":  {dimensionCentre, true, nil, []string{"100", "100 + A1", "200 + A1"}},
		"WithTable": {dimensionCentre, false, map[string]string{"900": "X"}, []string{"100", "200", "900"}},
	} {
		t.Run(name, func(t *testing.T) {
			if got := codesOf(tt.which, pairs(), tt.joined, tt.table); !slices.Equal(got, tt.want) {
				t.Errorf("codes %q", got)
			}
		})
	}
}

func TestPropose(t *testing.T) {
	listed := valuesOf{given: true, list: []model.DimensionValue{
		{Code: "100", Name: "Kantoor"},
		{Code: "KAN", Name: "Bakkerij"},
		{Code: "200 Tuotanto", Name: "200 Tuotanto"},
		{Code: "300 Myynti", Name: "x"},
		{Code: "300 Huolto", Name: "y"},
		{Code: "W1", Name: "Winkel"},
		{Code: "W2", Name: "Winkel"},
	}}
	for code, want := range map[string]string{
		"100": "100", "kan": "KAN", "bakkerij": "KAN", "200": "200 Tuotanto",
		"300": "", "winkel": "", "900": "", "20": "",
	} {
		if got := listed.propose(code); got != want {
			t.Errorf("%s: proposed %q, not %q", code, got, want)
		}
	}
	free := valuesOf{longest: 3}
	if free.propose("100") != "100" || free.propose("1000") != "" {
		t.Error("without a list a code that fits is proposed, and no other")
	}
	exact := valuesOf{length: 3}
	if exact.propose("10") != "" || exact.propose("100") != "100" {
		t.Error("a length is exact")
	}
}

func TestCodeRowsOf(t *testing.T) {
	v := valuesOf{longest: 3}
	rows := codeRowsOf([]string{"100", "1000", "2000", "3000"}, map[string]string{"2000": "B", "3000": "4567"}, v)
	want := []codeState{codeProposed, codeMissing, codeMapped, codeWrong}
	for i, r := range rows {
		if r.state != want[i] {
			t.Errorf("%s is %s", r.code, r.state)
		}
	}
	if count(rows, codeMissing) != 1 {
		t.Error("one is missing")
	}
}

// What becomes one code at the target is chosen from the cost centres.
func TestDraft_Values(t *testing.T) {
	d := draft{
		target: target.Description{
			MappingFields: []target.Field{{ID: "unit", Default: "leave_out"}},
			CostCentre:    target.DimensionSupport{Offered: true, Dimension: "911", Longest: 3, Together: target.When{Field: "unit", Value: "join"}},
			CostUnit:      target.DimensionSupport{Offered: true},
		},
		reference: &model.Reference{Dimensions: []model.Dimension{{ID: "911", Values: []model.DimensionValue{{Code: "100", Active: true}, {Code: "900"}}}}},
	}
	if v := d.values(dimensionCentre, model.DimensionRule{}); !v.given || len(v.list) != 1 {
		t.Errorf("cost centres %+v", v)
	}
	if v := d.values(dimensionUnit, model.DimensionRule{}); v.given {
		t.Errorf("cost units %+v", v)
	}
	d.mapping.Options = map[string]string{"unit": "join"}
	if v := d.values(dimensionUnit, model.DimensionRule{}); !v.given {
		t.Errorf("cost units that join %+v", v)
	}
}
