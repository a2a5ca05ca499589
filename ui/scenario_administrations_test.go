package ui_test

import (
	"slices"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"

	"loonbrug/data/model"
	"loonbrug/ui/dialogs"
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
		// The administration of that name and the daybook for payroll are proposed,
		// and said to be.
		uitest.MustShow(t, d.Window, "Halm Transport B.V. (trns)")
		uitest.MustShow(t, d.Window, "SAL Salarissen")
		d.shows("mapping.proposed", "what", i18n.T("mapping.administration")+", "+i18n.T("field.cash.daybook"))
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
		d.tap("dialog.save")
		d.tap("action.new_account")
		uitest.MustShow(t, d.Window, i18n.T("field.cash.api_key"))
		fits(t, d)
	})
}

// An account that signs in as the company is proposed: three clicks make the
// mapping.
func TestAdministrations_ProposesTheAccountOfTheCompany(t *testing.T) {
	everyLanguage(t, func(t *testing.T, language string) {
		office := uitest.Practice()
		office.AccountList = append(office.AccountList, model.Account{
			ID: 60, Target: "vismanet", Name: "Transport", State: model.AccountAuthorised, Identity: "boekhouder@praktijk.example · Halm Transport B.V.",
		})
		d := open(t, language, office)
		d.tap("tab.administrations")
		d.tap("mapping.add")
		d.shows("mapping.proposed", "what", i18n.T("mapping.account"))
		fits(t, d)
		d.tap("dialog.save")
		m := office.MappingList[len(office.MappingList)-1]
		if m.CompanyID != uitest.Transport || m.AccountID != 60 {
			t.Errorf("mapping %+v", m)
		}
	})
}

// What was proposed for one company is not kept for another one.
func TestAdministrations_ProposalsFollowTheCompany(t *testing.T) {
	d := open(t, "nl", uitest.Practice())
	d.tap("tab.administrations")
	d.tap("mapping.add")
	d.tap("mapping.pick_account")
	uitest.Type(t, d.Window, "cash")
	d.press(fyne.KeyReturn)
	uitest.MustShow(t, d.Window, "Halm Transport B.V. (trns)")
	d.picker("2").Choose("4") // the company
	d.shows("mapping.pick_administration")
	if !d.button("dialog.save").Disabled() {
		t.Error("a mapping without an administration can be saved")
	}
	d.picker("4").Choose("1")
	uitest.MustShow(t, d.Window, "Bakkerij De Halm B.V. (halm)")
}

func TestAdministrations_Search(t *testing.T) {
	everyLanguage(t, func(t *testing.T, language string) {
		d := open(t, language, uitest.Practice())
		d.tap("tab.administrations")
		d.Canvas().Focus(d.entries()[0])
		uitest.Type(t, d.Window, "halm visma")
		uitest.MustShow(t, d.Window, "Visma.net")
		if uitest.Shows(d.Window, "Oulun Leipomo Oy") || uitest.Shows(d.Window, "CASH") {
			t.Errorf("what was not searched for is shown: %q", uitest.Texts(d.Content()))
		}
		uitest.Type(t, d.Window, " oulu")
		d.shows("mapping.search.nothing")
		fits(t, d)
	})
}

// Fetching lists can be stopped and begun again; a failure says why.
func TestAdministrations_FetchingCanBeStopped(t *testing.T) {
	everyLanguage(t, func(t *testing.T, language string) {
		d := open(t, language, uitest.Practice())
		d.tap("tab.administrations")
		d.queue.Hold()
		d.shell.OpenMapping(uitest.DeHalm, uitest.MapCash, "")
		d.shows("mapping.fetching")
		fits(t, d)
		d.tap("dialog.stop")
		d.queue.Release()
		d.shows("mapping.not_fetched")
		d.office.Fail["Administrations"] = model.NewProblem("cash.unreachable")
		d.tap("mapping.fetch_again")
		uitest.MustShow(t, d.Window, "[cash.unreachable]")
		delete(d.office.Fail, "Administrations")
		d.tap("mapping.fetch_again")
		uitest.MustShow(t, d.Window, "Bakkerij De Halm B.V. (halm)")
		if uitest.Shows(d.Window, "[cash.unreachable]") {
			t.Error("the failure is still there")
		}
		d.tap("mapping.fetch_again") // now the lists themselves, anew
		d.called("Reference 1 halm")
	})
}

// A mapping is copied to the companies whose books are known by name, and to no
// other; what their books lack is said.
func TestAdministrations_CopyToOtherCompanies(t *testing.T) {
	everyLanguage(t, func(t *testing.T, language string) {
		office := uitest.Practice()
		d := open(t, language, office)
		d.tap("tab.administrations")
		d.shell.OpenMapping(uitest.DeHalm, uitest.MapCash, "")
		d.tap("copy.open")
		uitest.MustShow(t, d.Window, "Halm Transport B.V. (trns) · CASH")
		fits(t, d)
		d.tap("copy.confirm")
		d.called("SaveMapping 2 cash trns")
		if len(office.Calls) != 1 {
			t.Errorf("calls %q", office.Calls)
		}
		if m := office.MappingList[len(office.MappingList)-1]; m.Options["daybook"] != "SAL" || !m.CostCentre.Use || m.AccountID != uitest.Cash {
			t.Errorf("mapping %+v", m)
		}
	})
}

func TestAdministrations_CopyingSaysWhatIsMissing(t *testing.T) {
	everyLanguage(t, func(t *testing.T, language string) {
		office := uitest.Practice()
		office.References["cash"].Daybooks = []model.Daybook{{Code: "MEMO", Name: "Memoriaal"}}
		d := open(t, language, office)
		d.tap("tab.administrations")
		d.shell.OpenMapping(uitest.DeHalm, uitest.MapCash, "")
		d.tap("copy.open")
		d.tap("copy.confirm")
		if len(office.Calls) != 0 {
			t.Errorf("calls %q", office.Calls)
		}
		uitest.MustShow(t, d.Window, i18n.T("field.cash.daybook")+" SAL")
		fits(t, d)
	})
}

// Codes of the rules come from the administration's lists; one that is not there
// keeps the mapping from being saved.
func TestAdministrations_CodesOfTheRules(t *testing.T) {
	everyLanguage(t, func(t *testing.T, language string) {
		office := uitest.Practice()
		office.References["cash"].LedgerAccounts = []model.LedgerAccount{
			{Code: "4000", Name: "Lonen", Active: true, Postable: true}, {Code: "4999", Name: "Verrekening", Active: true, Postable: true}, {Code: "9999", Name: "Oud"},
		}
		office.MappingList[0].Rules.LedgerAccount = "9999"
		d := open(t, language, office)
		d.tap("tab.administrations")
		d.shell.OpenMapping(uitest.DeHalm, uitest.MapCash, "")
		d.tap("mapping.rules")
		if s := uitest.All[*container.Scroll](uitest.Roots(d.Window)); s[0].Offset.Y == 0 {
			t.Error("what was opened is not in sight")
		}
		d.shows("mapping.not_in_list", "code", "9999")
		fits(t, d)
		if !d.button("dialog.save").Disabled() {
			t.Error("a mapping with an account that does not exist can be saved")
		}
		d.picker("9999").Choose("4999")
		d.tap("dialog.save")
		if got := office.MappingList[0].Rules.LedgerAccount; got != "4999" {
			t.Errorf("ledger account %q", got)
		}
	})
}

// Two companies of one number and name are told apart by where they come from,
// on the tab, in the lists and beside their runs; others are not burdened with it.
func TestAdministrations_CompaniesThatLookAlike(t *testing.T) {
	everyLanguage(t, func(t *testing.T, language string) {
		office := uitest.Practice()
		twin := office.CompanyList[0]
		twin.ID, twin.Source = 99, "nmbrs:halm"
		office.CompanyList = append(office.CompanyList, twin)
		d := open(t, language, office)
		file, system := i18n.T("company.source.file"), i18n.T("company.source.system", "source", "nmbrs:halm")
		uitest.MustShow(t, d.Window, twin.Name+" · "+file) // beside a run
		d.tap("tab.administrations")
		for _, source := range []string{file, system} {
			uitest.MustShow(t, d.Window, i18n.T("company.line", "number", twin.Number, "currency", twin.Currency)+" · "+source)
		}
		other := office.CompanyList[1]
		uitest.MustShow(t, d.Window, i18n.T("company.line", "number", other.Number, "currency", other.Currency))
		fits(t, d)
		d.tap("mapping.new")
		d.press(fyne.KeySpace)
		uitest.MustShow(t, d.Window, dialogs.CompanyName(twin)+" · "+system)
		fits(t, d)
	})
}
