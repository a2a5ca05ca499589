package ui_test

import (
	"testing"

	"fyne.io/fyne/v2"

	"loonbrug/data/model"
	"loonbrug/integration/target"
	"loonbrug/ui/i18n"
	"loonbrug/ui/uitest"
	"loonbrug/ui/widgets"
)

// withLists is an office whose Visma.net asks for a branch, that may be left
// open, and for a ledger only while entries are released.
func withLists() *uitest.Office {
	office := uitest.Practice()
	visma := &office.Descriptions[1]
	visma.MappingFields = append(visma.MappingFields,
		target.Field{ID: "branch", Kind: target.FieldList, List: "branches"},
		target.Field{ID: "way", Kind: target.FieldChoice, Choices: []string{"plain", "released"}, Default: "plain"},
		target.Field{ID: "ledger", Kind: target.FieldList, List: "ledgers", Required: true, When: target.When{Field: "way", Value: "released"}},
	)
	office.References["vismanet"].Lists = map[string][]model.Choice{
		"branches": {{Code: "1", Name: "Hoofdkantoor"}, {Code: "2", Name: "Winkels"}},
		"ledgers":  {{Code: "GB", Name: "Grootboek"}, {Code: "IC", Name: "Intern"}},
	}
	return office
}

// button is the button that says a text.
func (d *desk) button(key string) *widgets.Button {
	d.Helper()
	b, ok := uitest.Find(uitest.Roots(d.Window), func(b *widgets.Button) bool { return b.Text == i18n.T(key) })
	if !ok {
		d.Fatalf("no button says %q", i18n.T(key))
	}
	return b
}

// entries are the entries that can be seen.
func (d *desk) entries() []*widgets.Entry { return uitest.All[*widgets.Entry](uitest.Roots(d.Window)) }

// picker is the picker that can be seen with an option chosen.
func (d *desk) picker(chosen string) *widgets.Picker {
	d.Helper()
	p, ok := uitest.Find(uitest.Roots(d.Window), func(p *widgets.Picker) bool { return p.Chosen() == chosen })
	if !ok {
		d.Fatalf("no picker has %q", chosen)
	}
	return p
}

func (d *desk) openVisma() {
	d.Helper()
	d.tap("tab.administrations")
	d.tap("mapping.add")
	d.tap("mapping.pick_account")
	uitest.Type(d.T, d.Window, "visma")
	d.press(fyne.KeyReturn)
}

func (d *desk) saved() model.Mapping {
	d.Helper()
	d.tap("dialog.save")
	return d.office.MappingList[len(d.office.MappingList)-1]
}

func TestMapping_PicksFromTheTargetsLists(t *testing.T) {
	everyLanguage(t, func(t *testing.T, language string) {
		d := open(t, language, withLists())
		d.openVisma()
		d.tap("picker.none") // may be left open
		uitest.Type(t, d.Window, "wink")
		d.press(fyne.KeyReturn)
		uitest.MustShow(t, d.Window, "2 Winkels")
		fits(t, d)
		if m := d.saved(); m.Options["branch"] != "2" {
			t.Errorf("options %v", m.Options)
		}
		uitest.MustShow(t, d.Window, "2") // in the line of rules
	})
}

func TestMapping_AListMayBeLeftOpen(t *testing.T) {
	d := open(t, "nl", withLists())
	d.openVisma()
	if m := d.saved(); m.Options["branch"] != "" {
		t.Errorf("options %v", m.Options)
	}
}

// A value that the list no longer has is shown as such and stays.
func TestMapping_AValueThatIsNoLongerInTheList(t *testing.T) {
	office := withLists()
	for i := range office.MappingList {
		if office.MappingList[i].ID == uitest.MapVisma {
			office.MappingList[i].Options = map[string]string{"branch": "9"}
		}
	}
	d := open(t, "nl", office)
	d.shell.OpenMapping(uitest.DeHalm, uitest.MapVisma, "")
	d.shows("picker.gone", "code", "9")
	d.tap("dialog.save")
	for _, m := range office.MappingList {
		if m.ID == uitest.MapVisma && m.Options["branch"] != "9" {
			t.Errorf("options %v", m.Options)
		}
	}
}

// A field that hangs on another is asked only when that has its value, and is
// required only then.
func TestMapping_AFieldThatHangsOnAnother(t *testing.T) {
	d := open(t, "nl", withLists())
	d.openVisma()
	if uitest.Shows(d.Window, i18n.T("picker.choose")) {
		t.Fatal("the ledger is asked for though entries are not released")
	}
	d.picker("plain").Choose("released")
	d.shows("picker.choose")
	if !d.button("dialog.save").Disabled() {
		t.Fatal("a mapping without its ledger can be saved")
	}
	d.tap("picker.choose")
	uitest.Type(t, d.Window, "intern")
	d.press(fyne.KeyReturn)
	if m := d.saved(); m.Options["ledger"] != "IC" || m.Options["way"] != "released" {
		t.Errorf("options %v", m.Options)
	}
}

// The button of a problem opens the mapping at the field that it is about.
func TestExport_OpensTheMappingAtTheField(t *testing.T) {
	office := refusedRun()
	office.Previews[uitest.RunMarch][0].Problems = []*model.Problem{model.NewProblem("cash.no_daybook").With(model.ActionOpenMapping)}
	d := open(t, "nl", office)
	d.details("CASH")
	d.tap("action.open_mapping")
	d.shows("mapping.change.title")
	if p, ok := d.Canvas().Focused().(*widgets.Picker); !ok || p.Chosen() != "SAL" {
		t.Errorf("the focus is on %T", d.Canvas().Focused())
	}
}

// A code that the target does not know opens the table of codes.
func TestExport_OpensTheMappingAtTheTableOfCodes(t *testing.T) {
	office := refusedRun()
	codes := withCodes()
	office.Codes, office.Descriptions, office.References = codes.Codes, codes.Descriptions, codes.References
	office.Previews[uitest.RunMarch][0].Problems = []*model.Problem{model.NewProblem("cash.unknown_cost_centre", "code", "7777").With(model.ActionOpenMapping)}
	d := open(t, "nl", office)
	d.details("CASH")
	d.tap("action.open_mapping")
	d.shows("codes.help")
}

// What the office misses gets the focus, under the name that the form has for it.
func TestMapping_NamesTheFieldThatIsMissing(t *testing.T) {
	everyLanguage(t, func(t *testing.T, language string) {
		office := uitest.Practice()
		office.Fail["SaveMapping"] = model.NewProblem("mapping.field_missing", "target", "CASH", "field", "daybook")
		d := open(t, language, office)
		d.shell.OpenMapping(uitest.DeHalm, uitest.MapCash, "")
		d.tap("dialog.save")
		if p, ok := d.Canvas().Focused().(*widgets.Picker); !ok || p.Chosen() != "SAL" {
			t.Errorf("the focus is on %T", d.Canvas().Focused())
		}
		d.tap("problem.detail")
		uitest.MustShow(t, d.Window, "veld "+i18n.T("field.cash.daybook"))
	})
}

// An account at fault opens its form; it is not signed in at once.
func TestExport_OpensTheFormOfAnAccount(t *testing.T) {
	office := refusedRun()
	office.Previews[uitest.RunMarch][0].Problems = []*model.Problem{model.NewProblem("cash.wrong_address").With(model.ActionOpenAccount)}
	d := open(t, "nl", office)
	d.details("CASH")
	d.tap("action.open_account")
	d.shows("account.change.title", "name", "CASH")
}
