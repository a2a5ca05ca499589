package ui_test

import (
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/storage"
	"fyne.io/fyne/v2/test"

	"loonbrug/data/journal"
	"loonbrug/data/model"
	"loonbrug/integration/source"
	"loonbrug/ui/i18n"
	"loonbrug/ui/settings"
	"loonbrug/ui/theme"
	"loonbrug/ui/uitest"
	"loonbrug/ui/widgets"
)

// waiting is an office in which tasks of every kind wait.
func waiting() *uitest.Office {
	office := uitest.Practice()
	office.TaskList = office.Waiting()
	return office
}

// picked chooses in the first picker that says a text.
func (d *desk) picked(placeholder, choice string) {
	d.Helper()
	d.tapText(placeholder)
	uitest.Type(d.T, d.Window, choice)
	d.press(fyne.KeyReturn)
}

func (d *desk) check(key string) {
	d.Helper()
	box, ok := uitest.Find(uitest.Roots(d.Window), func(c *widgets.Check) bool { return c.Text == i18n.T(key) })
	if !ok {
		d.Fatalf("no box %q", key)
	}
	box.SetChecked(!box.Checked)
}

func TestTasks_EveryKind(t *testing.T) {
	everyLanguage(t, func(t *testing.T, language string) {
		d := open(t, language, waiting())
		uitest.MustShow(t, d.Window, i18n.Tn("banner.tasks", 10))
		d.tapText(i18n.Tn("tasks.button", 10))
		for _, kind := range []string{"send", "which_company", "twin", "changed", "gone", "refused", "unknown", "expected", "file", "unread"} {
			uitest.MustShow(t, d.Window, i18n.T("tasks.kind."+kind))
		}
		fits(t, d)
		// Both runs stand side by side.
		for _, text := range []string{"Salarissen maart 2026", "Salarissen februari 2026", "48", "2026-02"} {
			uitest.MustShow(t, d.Window, text)
		}
		d.tap("tasks.twin.replaces")
		d.called("DecideTwin 1 replaces")
		if uitest.Shows(d.Window, i18n.T("tasks.twin.replaces")) {
			t.Error("the task is still there")
		}
		d.picked(i18n.T("company.pick"), "transport")
		d.tap("tasks.company.take")
		d.called("Assign 7 2")
		d.tap("action.send")
		d.called("Send 1 12")
		d.tap("tasks.seen")
		d.called("Acknowledge 1 changed")
		d.tap("tasks.seen")
		d.called("Acknowledge 1 gone")
		if uitest.Shows(d.Window, i18n.T("tasks.kind.changed")) || uitest.Shows(d.Window, i18n.T("tasks.kind.gone")) {
			t.Error("what was seen is still there")
		}
		d.tap("tasks.file.done")
		d.called("FileDone 1 guid-9")
		d.tap("tasks.open")
		uitest.MustShow(t, d.Window, i18n.T("export.title")) // the list is gone, the run is shown
		uitest.MustShow(t, d.Window, "LR12-2026-003")
	})
}

func TestTasks_NothingWaits(t *testing.T) {
	everyLanguage(t, func(t *testing.T, language string) {
		d := open(t, language, uitest.Practice())
		d.tap("tasks.title")
		d.shows("tasks.none")
		fits(t, d)
		d.press(fyne.KeyEscape)
		d.shows("export.title")
	})
}

// A file can be put aside, or be of a company that nobody made yet; what fails
// is explained and the task stays.
func TestTasks_AFile(t *testing.T) {
	d := open(t, "nl", waiting())
	d.tapText(i18n.Tn("tasks.button", 10))
	d.tap("company.new")
	uitest.Type(t, d.Window, "Halm Winkels B.V.")
	d.press(fyne.KeyReturn)
	d.called("Assign 7 5")

	office := waiting()
	office.Fail["DecideTwin"] = model.NewProblem("run.already_sent", "run", "x")
	d = open(t, "nl", office)
	d.tapText(i18n.Tn("tasks.button", 10))
	d.tap("tasks.twin.replaces")
	uitest.MustShow(t, d.Window, "[run.already_sent]")
	d.press(fyne.KeyEscape)
	d.shows("tasks.twin.replaces")
	d.tap("tasks.company.aside")
	d.called("PutAside 7")
}

// A file that could not be taken in says which one it is, why, and what helps, until
// a person is done with it.
func TestTasks_AFileThatCouldNotBeTakenIn(t *testing.T) {
	everyLanguage(t, func(t *testing.T, language string) {
		office := uitest.Practice()
		office.TaskList = office.Waiting()[9:]
		d := open(t, language, office)
		d.tapText(i18n.Tn("tasks.button", 1))
		page := uitest.Explain(language, office.TaskList[0].Problem)
		for _, text := range []string{i18n.T("tasks.kind.unread"), page.Message, page.Cause, page.Solution} {
			uitest.MustShow(t, d.Window, text)
		}
		d.shows("tasks.unread.file", "file", "De Halm/maart.csv")
		fits(t, d)
		d.button("export.import") // reads it again
		d.tap("tasks.file.done")
		d.called("PutAside 8")
		d.shows("tasks.none")
	})
}

// Only what went wrong makes the line red.
func TestTasks_TheLineIsQuietWhenNothingIsWrong(t *testing.T) {
	office := uitest.Practice()
	office.TaskList = office.Waiting()[:3]
	d := open(t, "nl", office)
	uitest.MustShow(t, d.Window, i18n.Tn("banner.tasks", 3))
	fits(t, d)
}

func TestCompany_MarksAndWorkflow(t *testing.T) {
	everyLanguage(t, func(t *testing.T, language string) {
		d := open(t, language, uitest.Practice())
		d.tap("tab.administrations")
		change := uitest.All[*widgets.Button](d.Content())
		i := slices.IndexFunc(change, func(b *widgets.Button) bool { return b.Text == "" && b.Icon != nil })
		test.Tap(change[i]) // of De Halm
		d.tap("company.rules")
		if uitest.Shows(d.Window, i18n.T("company.days.help")) {
			t.Error("days are asked for though nothing is sent")
		}
		d.picker("off").Choose("automatic")
		d.shows("company.days.help")
		fits(t, d)
		d.picker("last_day").Choose("run_date")
		d.check("company.test")
		d.check("company.blocked")
		d.tap("dialog.save")
		d.called("SaveCompany Bakkerij De Halm B.V.")
		d.called("BlockDebtor Halm Groep true")
		c := d.office.CompanyList[0]
		want := model.CompanyRules{PostingDate: model.PostRunDate, Workflow: model.Workflow{Send: model.SendAutomatic}}
		if !c.TestCompany || c.Rules != want || !d.office.CompanyList[1].DebtorBlocked {
			t.Errorf("company %+v", c)
		}
	})
}

func TestMapping_Rules(t *testing.T) {
	everyLanguage(t, func(t *testing.T, language string) {
		d := open(t, language, uitest.Practice())
		d.shell.OpenMapping(uitest.DeHalm, uitest.MapCash, "")
		d.tap("mapping.rules")
		fits(t, d)
		d.picker("original").Choose("run")
		d.picker("stop").Choose("ask")
		entry, ok := uitest.Find(uitest.Roots(d.Window), func(e *widgets.Entry) bool { return e.PlaceHolder == i18n.T("mapping.balance.example") })
		if !ok {
			t.Fatal("no field for the pattern")
		}
		entry.SetText("[0-3")
		d.shows("mapping.pattern.wrong")
		if save := d.button("dialog.save"); !save.Disabled() {
			t.Error("a wrong pattern can be saved")
		}
		entry.SetText("[0-3]???")
		if uitest.Shows(d.Window, i18n.T("mapping.pattern.wrong")) {
			t.Error("a right pattern is called wrong")
		}
		d.tap("dialog.save")
		want := model.MappingRules{Corrections: model.CorrectRun, Closed: model.ClosedAsk, Balance: "[0-3]???"}
		if got := d.mapping(uitest.MapCash).Rules; got != want {
			t.Errorf("rules %+v", got)
		}
	})
}

// A mapping that moves asks from which period; one that stays does not.
func TestMapping_AMoveAsksForAStart(t *testing.T) {
	everyLanguage(t, func(t *testing.T, language string) {
		office := uitest.Practice()
		office.First = journal.Period{Year: 2026, Number: 4}
		d := open(t, language, office)
		d.shell.OpenMapping(uitest.DeHalm, uitest.MapCash, "")
		if uitest.Shows(d.Window, i18n.T("mapping.start.moved")) {
			t.Fatal("it has not moved yet")
		}
		d.picker("halm").Choose("trns")
		d.shows("mapping.start.moved")
		fits(t, d)
		d.tap("dialog.save")
		if m := d.mapping(uitest.MapCash); m.Start != office.First || m.Administration.Code != "trns" {
			t.Errorf("mapping %+v", m)
		}
	})
}

func TestExport_AnOldRunIsADecision(t *testing.T) {
	everyLanguage(t, func(t *testing.T, language string) {
		office := uitest.Practice()
		office.Set(uitest.RunMarch, uitest.MapVisma, model.StateBeforeStart)
		d := open(t, language, office)
		test.Tap(d.logos("vismanet")[0])
		d.tap("action.send_old")
		d.shows("decide.old.text", "target", "Visma.net")
		fits(t, d)
		if strings.Contains(strings.Join(office.Calls, "\n"), "Send") {
			t.Fatal("sent without asking")
		}
		d.tap("action.send_old")
		d.called("SendDecided 1 12 {FirstOpen:false BeforeStart:true}")
	})
}

func TestExport_BookInTheFirstOpenPeriod(t *testing.T) {
	everyLanguage(t, func(t *testing.T, language string) {
		office := uitest.Practice()
		office.Previews[uitest.RunMarch][0].Problems = []*model.Problem{
			model.NewProblem("correction.period_closed", "period", "2026-01", "closed", "2026-01", "open", "2026-03").With(model.ActionBookInOpen),
		}
		d := open(t, language, office)
		d.tapText(i18n.T("export.described", "description", "Salarissen maart 2026", "corrections", i18n.Tn("export.corrections", 2)))
		visma, ok := uitest.Find(uitest.Roots(d.Window), func(b *widgets.Button) bool { return b.Text == "Visma.net" })
		if !ok {
			t.Fatal("no button that shows the run at Visma.net")
		}
		test.Tap(visma)
		d.tap("action.book_in_open")
		d.shows("decide.open.text")
		fits(t, d)
		d.tap("action.book_in_open")
		d.called("SendDecided 1 12 {FirstOpen:true BeforeStart:false}")
	})
}

// What happened to a run in its source, and why it is held, is told in its row
// and in its details.
func TestExport_Flags(t *testing.T) {
	everyLanguage(t, func(t *testing.T, language string) {
		office := waiting()
		run := &office.Rows[0].Run
		run.Changed, run.Hold = true, model.HoldSame
		office.Rows[0].Company.Source = "nmbrs:halm"
		for i := range office.Rows[0].Targets {
			office.Rows[0].Targets[i].State = model.StateBlocked
			office.Rows[0].Targets[i].Problem = model.NewProblem("run.held_same", "run", run.Description)
		}
		d := open(t, language, office)
		test.Tap(d.logos("vismanet")[0])
		uitest.MustShow(t, d.Window, i18n.T("run.flag.changed")+" · "+run.Description)
		d.shows("run.source.system", "source", "nmbrs:halm", "locked", i18n.T("run.open"))
		uitest.MustShow(t, d.Window, "[run.changed]")
		uitest.MustShow(t, d.Window, "[run.held_same]")
		fits(t, d)
		d.tap("action.show_tasks")
		d.shows("tasks.twin.another")
	})
}

// dropped are files on the disk.
func dropped(t *testing.T, names ...string) (uris []fyne.URI) {
	t.Helper()
	folder := t.TempDir()
	for _, name := range names {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, []byte("a;b"), 0o600); err != nil {
			t.Fatal(err)
		}
		uris = append(uris, storage.NewFileURI(path))
	}
	return uris
}

func TestExport_SeveralFiles(t *testing.T) {
	everyLanguage(t, func(t *testing.T, language string) {
		office := uitest.Practice()
		office.Owner = uitest.DeHalm
		office.Fail["TakeIn stuk.xml"] = model.NewProblem("file.empty", "file", "stuk.xml")
		d := open(t, language, office)
		d.shell.Drop(dropped(t, "een.xml", "stuk.xml", "drie.xml"))
		d.shows("import.taken", "reference", "L202603-9")
		uitest.MustShow(t, d.Window, "[file.empty]")
		fits(t, d)
		d.press(fyne.KeyEscape)
		uitest.MustShow(t, d.Window, "een.xml")
		uitest.MustShow(t, d.Window, "drie.xml")
		d.shell.Drop(dropped(t, "een.xml", "vier.xml"))
		d.shows("import.known")
	})
}

func TestExport_ColumnsByHand(t *testing.T) {
	everyLanguage(t, func(t *testing.T, language string) {
		office := uitest.Practice()
		office.Owner = uitest.DeHalm
		office.Fail["TakeIn loon.csv"] = model.NewProblem("file.columns_missing", "file", "loon.csv")
		office.Table = source.Table{
			ID: "abc", Header: []string{"Wat", "Hoeveel", ""}, Rows: [][]string{{"4000", "12,50"}, {"1720", "-12,50"}},
			Roles: []string{"ledger_account", "cost_centre", "amount"}, Columns: map[string]int{"ledger_account": 0},
		}
		d := open(t, language, office)
		d.shell.Drop(dropped(t, "loon.csv"))
		d.shows("columns.text", "file", "loon.csv")
		d.shows("columns.missing", "columns", i18n.T("column.amount"))
		uitest.MustShow(t, d.Window, "-12,50")
		fits(t, d)
		if !d.button("columns.read").Disabled() {
			t.Error("it can be read without an amount")
		}
		pickers := uitest.All[*widgets.Picker](uitest.Roots(d.Window))
		pickers[2].Choose("0") // the same column twice is none
		if !d.button("columns.read").Disabled() {
			t.Error("one column has two meanings")
		}
		pickers[2].Choose("1")
		d.tap("columns.read")
		d.called("SaveColumns abc map[amount:1 ledger_account:0]")
		uitest.MustShow(t, d.Window, "loon.csv") // and it is a run
		if len(office.Rows) != 6 {
			t.Errorf("%d runs", len(office.Rows))
		}
	})
}

// Payroll systems stand before the accounting systems, and are asked with F5.
func TestPayroll_AccountsAndFetching(t *testing.T) {
	everyLanguage(t, func(t *testing.T, language string) {
		d := open(t, language, uitest.Practice().WithPayroll())
		d.tap("tab.accounts")
		texts := uitest.Texts(d.Content())
		system, target := slices.Index(texts, "Nmbrs"), slices.Index(texts, "CASH")
		if system < 0 || system > target {
			t.Errorf("the order is %d %d in %q", system, target, texts)
		}
		fits(t, d)
		d.tap("tab.export")
		fits(t, d)
		d.queue.Hold()
		d.press(fyne.KeyF5)
		d.queue.Release()
		d.called("Fetch 40")
		d.office.Fail["Fetch"] = model.NewProblem("nmbrs.not_allowed")
		d.tap("export.fetch")
		uitest.MustShow(t, d.Window, "[nmbrs.not_allowed]")
	})
}

func TestSettings(t *testing.T) {
	everyLanguage(t, func(t *testing.T, language string) {
		d := open(t, language, uitest.Practice())
		d.settings.Values = settings.Values{OwnFolder: "/office/inbox", Minutes: 5, QuietFrom: "22:15", Drawing: "automatic", Settle: []settings.Settle{{Target: "cash", Name: "CASH", Minutes: 20}}}
		d.tap("menu.settings")
		uitest.MustShow(t, d.Window, "22:15")
		d.shows("settings.folder.help", "folder", "/office/inbox")           // where to lay a file
		uitest.MustShow(t, d.Window, i18n.Tn("settings.settle.minutes", 20)) // a wait, not how often
		fits(t, d)
		d.settings.Err = model.NewProblem("settings.quiet_hours")
		d.tap("dialog.save")
		uitest.MustShow(t, d.Window, "[settings.quiet_hours]")
		d.settings.Err = nil
		d.picker("22:15").Choose("22:00")
		d.picker("").Choose("06:30")
		d.picker("5").Choose("15")
		d.picker("automatic").Choose("off")
		d.picker(language).Choose("fi")
		d.picker(string(theme.System)).Choose(string(theme.Contrast))
		d.picker("0").Choose("125")
		d.tap("settings.autostart")
		d.tap("dialog.save")
		if want := (settings.Values{
			Language: "fi", Minutes: 15, QuietFrom: "22:00", QuietTo: "06:30", Theme: theme.Contrast, Scale: 125, Autostart: true,
			Drawing: "off", Settle: []settings.Settle{{Target: "cash", Name: "CASH", Minutes: 20}},
		}); !reflect.DeepEqual(d.settings.Values, want) {
			t.Errorf("kept %+v", d.settings.Values)
		}
		uitest.MustShow(t, d.Window, "Palkka-ajot")
	})
}
