package ui_test

import (
	"slices"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"loonbrug/data/model"
	"loonbrug/ui/i18n"
	"loonbrug/ui/uitest"
	"loonbrug/ui/widgets"
)

func TestAdministrations_NewMapping(t *testing.T) {
	everyLanguage(t, func(t *testing.T, language string) {
		d := open(t, language, uitest.Practice())
		d.tap("tab.administrations")
		d.shows("mapping.none")
		d.tap("mapping.add")
		d.tap("mapping.pick_account")
		uitest.Type(t, d.Window, "cash")
		d.press(fyne.KeyReturn)
		// The administration of that name is proposed, the daybook is a list.
		uitest.MustShow(t, d.Window, "Halm Transport B.V. (trns)")
		d.tap("mapping.pick_daybook")
		uitest.Type(t, d.Window, "sal")
		d.press(fyne.KeyReturn)
		d.tap("mapping.dimension.use", "dimension", i18n.T("target.cash.cost_centre"))
		fits(t, d)
		d.tap("dialog.save")
		d.called("SaveMapping 2 cash trns")
		m := d.office.MappingList[len(d.office.MappingList)-1]
		if m.Options["daybook"] != "SAL" || m.Options["cost_unit"] != "leave_out" || !m.CostCentre.Use {
			t.Errorf("mapping %+v", m)
		}
		if uitest.Shows(d.Window, i18n.T("mapping.none")) {
			t.Error("the company is still shown as not mapped")
		}
	})
}

func TestAdministrations_DimensionsByName(t *testing.T) {
	d := open(t, "nl", uitest.Practice())
	d.tap("tab.administrations")
	d.tap("mapping.add")
	d.tap("mapping.pick_account")
	uitest.Type(t, d.Window, "visma")
	d.press(fyne.KeyReturn)
	d.tap("mapping.dimension.use", "dimension", "Kostendrager")
	d.tap("dialog.save")
	m := d.office.MappingList[len(d.office.MappingList)-1]
	if !m.CostUnit.Use || m.CostUnit.Dimension != "2" || m.CostUnit.Name != "Kostendrager" {
		t.Errorf("cost unit %+v", m.CostUnit)
	}
	if m.CostCentre.Use || m.Options["batch"] != "hold" {
		t.Errorf("mapping %+v", m)
	}
}

func TestAdministrations_WithoutAnAccountItOffersOne(t *testing.T) {
	office := uitest.Practice()
	office.AccountList = nil
	d := open(t, "nl", office)
	d.tap("tab.administrations")
	d.tap("mapping.new")
	d.shows("mapping.no_account")
	d.press(fyne.KeyReturn)
	d.shows("account.target")
}

func TestAdministrations_NewCompany(t *testing.T) {
	d := open(t, "nl", uitest.Practice())
	d.tap("tab.administrations")
	d.tap("company.new")
	uitest.Type(t, d.Window, "Halm Winkels B.V.")
	d.press(fyne.KeyReturn)
	d.called("SaveCompany Halm Winkels B.V.")
	d.shows("mapping.new") // and it goes on with the mapping
}

// A company's currency is its country's until a person says otherwise, and a
// mapping to books in another one says so in red.
func TestAdministrations_TheCurrencyOfACompany(t *testing.T) {
	everyLanguage(t, func(t *testing.T, language string) {
		office := uitest.Practice()
		office.References["cash"].Currency = "EUR"
		d := open(t, language, office)
		d.tap("tab.administrations")
		change := uitest.All[*widgets.Button](d.Content())
		i := slices.IndexFunc(change, func(b *widgets.Button) bool { return b.Text == "" && b.Icon != nil })
		test.Tap(change[i]) // of the first company, De Halm
		d.shows("company.change")
		fits(t, d)
		d.picker("EUR").Choose("SEK")
		d.tap("dialog.save")
		d.called("SaveCompany Bakkerij De Halm B.V.")
		if c := office.CompanyList[0]; c.Currency != "SEK" || c.Country != "NL" || c.SourceID != "12" {
			t.Fatalf("company %+v", c)
		}
		d.shell.OpenMapping(uitest.DeHalm, uitest.MapCash, "")
		d.shows("mapping.currency", "company", "SEK", "administration", "EUR")
	})
}

// A second administration with an account that is good for one: the problem
// offers another account of the same system.
func TestAdministrations_OffersASecondAccount(t *testing.T) {
	everyLanguage(t, func(t *testing.T, language string) {
		office := uitest.Practice()
		office.Fail = map[string]error{"SaveMapping": model.NewProblem("mapping.one_administration",
			"account", "CASH", "administration", "De Halm").With(model.ActionNewAccount)}
		d := open(t, language, office)
		d.tap("tab.administrations")
		d.tap("mapping.add")
		d.tap("mapping.pick_account")
		uitest.Type(t, d.Window, "cash")
		d.press(fyne.KeyReturn)
		d.tap("mapping.pick_daybook")
		uitest.Type(t, d.Window, "sal")
		d.press(fyne.KeyReturn)
		d.tap("dialog.save")
		d.tap("action.new_account")
		uitest.MustShow(t, d.Window, i18n.T("field.cash.api_key"))
		fits(t, d)
	})
}
