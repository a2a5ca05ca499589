package ui_test

import (
	"maps"
	"testing"

	"fyne.io/fyne/v2"

	"loonbrug/data/model"
	"loonbrug/integration/target"
	"loonbrug/ui/i18n"
	"loonbrug/ui/uitest"
)

// withCodes is an office whose runs have cost centres and cost units, and whose
// CASH can join the two.
func withCodes() *uitest.Office {
	office := uitest.Practice()
	office.Codes = map[int64][]model.CodePair{
		uitest.DeHalm: {{Centre: "100"}, {Centre: "100", Unit: "A1"}, {Centre: "7777"}},
	}
	cash := &office.Descriptions[0]
	cash.MappingFields[1].Choices = []string{"leave_out", "cost_centre"}
	cash.CostCentre = target.DimensionSupport{
		Offered: true, Label: "target.cash.cost_centre", Dimension: "0911", Longest: 3,
		Together: target.When{Field: "cost_unit", Value: "cost_centre"},
	}
	office.References["cash"].Dimensions = []model.Dimension{{ID: "0911", Values: []model.DimensionValue{
		{Code: "100", Name: "Kantoor", Active: true}, {Code: "200", Name: "Bakkerij", Active: true},
	}}}
	return office
}

func (d *desk) mapping(id int64) model.Mapping {
	d.Helper()
	for _, m := range d.office.MappingList {
		if m.ID == id {
			return m
		}
	}
	d.Fatalf("no mapping %d", id)
	return model.Mapping{}
}

// Codes of the runs are translated: what has the same code is proposed and only
// applied when a person says so, the rest is picked from the target's list.
func TestMapping_TranslatesCodes(t *testing.T) {
	everyLanguage(t, func(t *testing.T, language string) {
		d := open(t, language, withCodes())
		d.shell.OpenMapping(uitest.DeHalm, uitest.MapCash, "")
		d.tapText(i18n.Tn("codes.title.missing", 1))
		d.shows("codes.state.proposed", "value", "100")
		d.shows("codes.state.missing")
		fits(t, d)
		d.tap("dialog.save")
		if values := d.mapping(uitest.MapCash).CostCentre.Values; len(values) != 0 {
			t.Fatalf("applied without being asked: %v", values)
		}

		d.shell.OpenMapping(uitest.DeHalm, uitest.MapCash, "")
		d.tapText(i18n.Tn("codes.title.missing", 1))
		d.tapText(i18n.Tn("codes.take_over", 1))
		d.shows("codes.state.mapped")
		d.tap("codes.none") // of 7777, the only one left
		uitest.Type(t, d.Window, "bakk")
		d.press(fyne.KeyReturn)
		d.shows("codes.title")
		d.tap("dialog.save")
		want := map[string]string{"100": "100", "7777": "200"}
		if values := d.mapping(uitest.MapCash).CostCentre.Values; !maps.Equal(values, want) {
			t.Errorf("values %v", values)
		}
	})
}

// Where cost centre and cost unit become one code, the two are translated
// together.
func TestMapping_TranslatesCodesThatJoin(t *testing.T) {
	d := open(t, "nl", withCodes())
	d.shell.OpenMapping(uitest.DeHalm, uitest.MapCash, "")
	d.picker("leave_out").Choose("cost_centre")
	d.tapText(i18n.Tn("codes.title.missing", 2))
	uitest.MustShow(t, d.Window, "100 + A1")
}

// Where the target has no list a code is typed, and one that is too long keeps
// the mapping from being saved.
func TestMapping_TypedCodesHaveALength(t *testing.T) {
	office := withCodes()
	office.References["cash"].Dimensions = nil
	d := open(t, "nl", office)
	d.shell.OpenMapping(uitest.DeHalm, uitest.MapCash, "")
	d.tapText(i18n.Tn("codes.title.missing", 1))
	entries := d.entries()
	d.Canvas().Focus(entries[len(entries)-1])
	uitest.Type(t, d.Window, "ABCD")
	d.shows("codes.state.wrong")
	if !d.button("dialog.save").Disabled() {
		t.Error("a code that is too long can be saved")
	}
	d.press(fyne.KeyBackspace)
	d.tap("dialog.save")
	if got := d.mapping(uitest.MapCash).CostCentre.Values["7777"]; got != "ABC" {
		t.Errorf("translated to %q", got)
	}
}
