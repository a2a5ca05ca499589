package ui_test

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"loonbrug/data/model"
	"loonbrug/ui/i18n"
	"loonbrug/ui/uitest"
	"loonbrug/ui/widgets"
)

// refusing is an office whose user has no right to some acts.
func refusing(acts ...model.Act) *uitest.Office {
	office := uitest.Practice()
	office.Fail = make(map[string]error)
	for _, act := range acts {
		office.Fail["Refused "+string(act)] = model.NewProblem("rights."+string(act), "user", "a.devries", "who", "b.bakker")
	}
	return office
}

// disabled tells whether every button with a text that is seen is disabled.
func (d *desk) disabled(key string) bool {
	d.Helper()
	n := 0
	for _, b := range uitest.All[*widgets.Button](uitest.Roots(d.Window)) {
		if b.Text == i18n.T(key) {
			n++
			if !b.Disabled() {
				return false
			}
		}
	}
	if n == 0 {
		d.Fatalf("no button %q", i18n.T(key))
	}
	return true
}

func (d *desk) says(code string) {
	d.Helper()
	page := uitest.Explain(i18n.Language(), model.NewProblem(code))
	uitest.MustShow(d.T, d.Window, page.Message)
}

// What a user has no right to is there, disabled, and says which right is missing.
func TestTrust_MissingRightsAreSaid(t *testing.T) {
	everyLanguage(t, func(t *testing.T, language string) {
		d := open(t, language, refusing(model.ActWrite, model.ActWork))
		if !d.disabled("export.import") {
			t.Error("a file can be taken in")
		}
		d.says("rights.work")
		d.tap("tab.accounts")
		for _, key := range []string{"account.new", "account.change", "account.remove"} {
			if !d.disabled(key) {
				t.Errorf("%s can be pressed", key)
			}
		}
		d.says("rights.write")
		d.tap("tab.administrations")
		for _, key := range []string{"mapping.new", "mapping.change", "company.new"} {
			if !d.disabled(key) {
				t.Errorf("%s can be pressed", key)
			}
		}
		d.says("rights.write")
	})
}

// mayNot looks for buttons that are there and cannot be pressed, and for the right
// that is missing.
func (d *desk) mayNot(code string, keys ...string) {
	d.Helper()
	for _, key := range keys {
		if !d.disabled(key) {
			d.Errorf("%s can be pressed", key)
		}
	}
	d.says(code)
}

// Who may not send can neither pause nor mark, take back, reverse or settle.
func TestTrust_WhoMayNotSend(t *testing.T) {
	everyLanguage(t, func(t *testing.T, language string) {
		d := open(t, language, refusing(model.ActSend, model.ActWork))
		d.mayNot("rights.send", "status.pause")
		test.Tap(d.logos("vismanet")[0]) // shows its details
		d.office.Set(1, 12, model.StateReady)
		d.shell.Reload()
		d.mayNot("rights.send", "action.send", "undo.mark")
		fits(t, d)
	})
}

// Who may not work with payroll sees the tasks and can do none of them.
func TestTrust_WhoMayNotWork(t *testing.T) {
	everyLanguage(t, func(t *testing.T, language string) {
		office := waiting()
		office.Fail = refusing(model.ActSend, model.ActWork).Fail
		d := open(t, language, office)
		d.tapText(i18n.Tn("tasks.button", 10))
		d.mayNot("rights.work", "tasks.twin.replaces", "tasks.twin.same", "tasks.company.take", "tasks.company.aside", "tasks.seen", "tasks.file.done")
		d.mayNot("rights.send", "action.send")
		fits(t, d)
	})
}

// A right that is given shows at the next load.
func TestTrust_AGivenRightShows(t *testing.T) {
	d := open(t, "nl", refusing(model.ActWrite, model.ActWork, model.ActSend))
	d.office.Fail = nil
	d.shell.Reload()
	if d.disabled("status.pause") {
		t.Error("pausing is still disabled")
	}
	for tab, key := range map[string]string{"tab.export": "export.import", "tab.accounts": "account.new", "tab.administrations": "mapping.new"} {
		d.tap(tab)
		if d.disabled(key) {
			t.Errorf("%s is still disabled", key)
		}
	}
}

// The first template lets its maker do everything.
func TestTrust_FirstTemplate(t *testing.T) {
	everyLanguage(t, func(t *testing.T, language string) {
		d := open(t, language, uitest.Practice())
		d.tap("menu.trust")
		d.tap("menu.rights")
		d.shows("rights.about")
		d.tap("rights.template.add")
		d.tap("dialog.save")
		d.called("SaveRights 1 1")
		may := d.office.Given.Of("A.DeVries")
		if may.All || !may.May(model.ActWrite, "cash") || !may.May(model.ActSend, "vismanet") || !may.May(model.ActManage, "") {
			t.Errorf("%+v", may)
		}
	})
}

// Templates and users are changed on the page; a renamed template stays its users'.
func TestTrust_ChangeRights(t *testing.T) {
	office := uitest.Practice()
	office.Given = model.Rights{
		Templates: []model.Template{{Name: "Alles", Manage: true}, {Name: "Kijken", Targets: map[string]model.Right{"cash": model.RightRead}}},
		Members:   []model.Member{{User: "a.devries", Template: "Alles"}, {User: "c", Template: "Kijken"}},
	}
	d := open(t, "nl", office)
	d.tap("menu.trust")
	d.tap("menu.rights")
	for _, e := range d.entries() {
		if e.Text == "Kijken" {
			e.SetText("Meelezen")
		}
	}
	d.tap("dialog.save")
	r := office.Given
	if len(r.Templates) != 2 || r.Templates[1].Name != "Meelezen" || r.Members[1].Template != "Meelezen" || !r.Of("c").May(model.ActRead, "cash") {
		t.Errorf("%+v", r)
	}
}

// Who may not give rights can look at them.
func TestTrust_RightsOnlyToLookAt(t *testing.T) {
	office := refusing(model.ActManage)
	office.Given = model.Rights{Templates: []model.Template{{Name: "Alles", Manage: true}}, Members: []model.Member{{User: "b.bakker", Template: "Alles"}}}
	d := open(t, "nl", office)
	d.tap("menu.trust")
	d.tap("menu.rights")
	d.says("rights.manage")
	for _, key := range []string{"dialog.save", "rights.template.add", "rights.user.add", "rights.remove"} {
		if !d.disabled(key) {
			t.Errorf("%s can be pressed", key)
		}
	}
}

func TestTrust_Kept(t *testing.T) {
	everyLanguage(t, func(t *testing.T, language string) {
		office := uitest.Practice()
		c := office.CompanyList[0]
		office.KeptList = []model.Kept{
			{Company: c, Books: model.Books{CompanyID: c.ID, Target: "cash", Administration: "halm"}, Name: "De Halm", Retention: model.Retention{PayloadMonths: 3, RecordYears: 7}, Runs: 12, Erased: 31},
			{Company: c, Books: model.Books{CompanyID: c.ID}, Retention: model.Retention{PayloadMonths: 3, RecordYears: 7}, Runs: 1},
		}
		d := open(t, language, office)
		d.tap("menu.trust")
		d.tap("menu.kept")
		d.shows("kept.where", "folder", "/data")
		for _, text := range []string{i18n.Tn("kept.months", 3), i18n.Tn("kept.years", 7), "12", "31", "CASH · De Halm", i18n.T("kept.nowhere")} {
			uitest.MustShow(t, d.Window, text)
		}
		table, ok := uitest.Find(uitest.Roots(d.Window), func(w *widgets.Table[model.Kept]) bool { return true })
		if !ok {
			t.Fatal("no table")
		}
		table.OnSelected(table.Rows()[0])
		d.picker("7").Choose("10")
		d.tap("dialog.save")
		d.called("Lengthen 1 cash halm 3 10")
		uitest.MustShow(t, d.Window, i18n.Tn("kept.years", 10))
	})
}

// Settings that matter are only for those who may give rights.
func TestTrust_Settings(t *testing.T) {
	d := open(t, "nl", uitest.Practice())
	d.tap("menu.settings")
	d.check("settings.texts")
	d.tap("dialog.save")
	if !d.settings.Values.KeepTexts {
		t.Error("the setting was not kept")
	}
	d.settings.Values.Refused = model.NewProblem("rights.manage")
	d.tap("menu.settings")
	d.says("rights.manage")
	box, _ := uitest.Find(uitest.Roots(d.Window), func(c *widgets.Check) bool { return c.Text == i18n.T("settings.texts") })
	if !box.Disabled() || !d.disabled("settings.folder.choose") {
		t.Error("it can be changed without the right")
	}
}

// The button of a problem that the user has no right to is there, disabled, with the
// right that is missing; so is that of a red line.
func TestTrust_ProblemsButtons(t *testing.T) {
	everyLanguage(t, func(t *testing.T, language string) {
		office := refusing(model.ActSend, model.ActWrite)
		office.Rows[0].Targets[0].State = model.StateUnknown
		office.Rows[0].Targets[0].Problem = model.NewProblem("delivery.looked_up", "target", "CASH").With(model.ActionCheckAgain)
		d := open(t, language, office)
		if !d.disabled("account.sign_in") {
			t.Error("an account can be signed in from a red line")
		}
		d.tap("problem.why")
		d.says("rights.write")
		d.press(fyne.KeyEscape)
		test.Tap(d.logos("cash")[0])
		if !d.disabled("action.check_again") {
			t.Error("it can be looked up again")
		}
		page := uitest.Explain(i18n.Language(), model.NewProblem("rights.send", "user", "a.devries", "who", "b.bakker"))
		uitest.MustShow(t, d.Window, page.Message+" "+page.Cause+" "+page.Solution)
	})
}
