package dialogs

import (
	"cmp"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"loonbrug/data/model"
	"loonbrug/ui/i18n"
	"loonbrug/ui/widgets"
)

// longestWait is the most days that a workflow may wait; what is longer is a
// slip of the finger.
const longestWait = 366

// companyRules are the marks and rules of a company on the screen. Every rule
// says what holds without it.
type companyRules struct {
	test, blocked  *widgets.Check
	posting        *widgets.Picker
	send, after    *widgets.Picker
	days, expected *widgets.Entry
	when           *fyne.Container // what only matters once something is sent
	fold           *fyne.Container
}

func newCompanyRules(c model.Company, changed func()) *companyRules {
	r := &companyRules{
		test: widgets.NewCheck(i18n.T("company.test"), nil), blocked: widgets.NewCheck(i18n.T("company.blocked"), nil),
		days: numberEntry(c.Rules.Workflow.Days, changed), expected: numberEntry(c.Rules.Workflow.Expected, changed),
	}
	r.test.SetChecked(c.TestCompany)
	r.blocked.SetChecked(c.DebtorBlocked)
	r.posting = choice(cmp.Or(c.Rules.PostingDate, model.PostLastDay), []widgets.Option{
		{ID: string(model.PostLastDay), Label: i18n.T("company.posting." + string(model.PostLastDay))},
		{ID: string(model.PostPayrollDate), Label: i18n.T("company.posting." + string(model.PostPayrollDate))},
		{ID: string(model.PostRunDate), Label: i18n.T("company.posting." + string(model.PostRunDate))},
	})
	r.send = choice(cmp.Or(c.Rules.Workflow.Send, model.SendOff), []widgets.Option{
		{ID: string(model.SendOff), Label: i18n.T("company.send." + string(model.SendOff))},
		{ID: string(model.SendManual), Label: i18n.T("company.send." + string(model.SendManual))},
		{ID: string(model.SendAutomatic), Label: i18n.T("company.send." + string(model.SendAutomatic))},
	})
	r.after = choice(cmp.Or(c.Rules.Workflow.After, model.AfterLocked), []widgets.Option{
		{ID: string(model.AfterLocked), Label: i18n.T("company.after." + string(model.AfterLocked))},
		{ID: string(model.AfterCreated), Label: i18n.T("company.after." + string(model.AfterCreated))},
	})
	r.fold = widgets.NewFold(i18n.T("company.rules"), r.content(c), changed)
	r.send.OnChanged = func(string) { r.follow(); changed() }
	r.follow()
	return r
}

func (r *companyRules) content(c model.Company) *fyne.Container {
	blockedHelp := i18n.T("company.blocked.help")
	if c.Debtor != "" {
		blockedHelp = i18n.T("company.blocked.help.debtor", "debtor", c.Debtor)
	}
	r.when = container.NewVBox(
		widgets.Field(i18n.T("company.after"), i18n.T("company.after.help"), r.after),
		widgets.Field(i18n.T("company.days"), i18n.T("company.days.help"), r.days),
	)
	return container.NewVBox(
		widgets.Tight(r.test, widgets.SmallWrapped(i18n.T("company.test.help"))),
		widgets.Tight(r.blocked, widgets.SmallWrapped(blockedHelp)),
		widgets.Field(i18n.T("company.posting"), i18n.T("company.posting.help"), r.posting),
		widgets.Field(i18n.T("company.send"), i18n.T("company.send.help"), r.send),
		r.when,
		widgets.Field(i18n.T("company.expected"), i18n.T("company.expected.help"), r.expected),
	)
}

// follow shows what the way of sending asks for.
func (r *companyRules) follow() {
	r.when.Hidden = r.send.Chosen() == string(model.SendOff)
	r.when.Refresh()
}

// good tells whether the numbers can be read.
func (r *companyRules) good() bool {
	_, days := number(r.days)
	_, expected := number(r.expected)
	return days && expected
}

// fill puts the rules into a company. What is as it is without a rule is left
// out.
func (r *companyRules) fill(c model.Company) model.Company {
	c.TestCompany, c.DebtorBlocked = r.test.Checked, r.blocked.Checked
	days, _ := number(r.days)
	expected, _ := number(r.expected)
	c.Rules = model.CompanyRules{
		PostingDate: unless(model.PostingDate(r.posting.Chosen()), model.PostLastDay),
		Workflow: model.Workflow{
			Send: unless(model.SendMode(r.send.Chosen()), model.SendOff), After: unless(model.SendAfter(r.after.Chosen()), model.AfterLocked),
			Days: days, Expected: expected,
		},
	}
	return c
}

// unless is a choice, or nothing where it is what holds anyway.
func unless[T ~string](chosen, usual T) T {
	if chosen == usual {
		return ""
	}
	return chosen
}

// choice is a picker of which one option is always chosen.
func choice[T ~string](chosen T, options []widgets.Option) *widgets.Picker {
	p := widgets.NewPicker(i18n.T("picker.choose"), i18n.T("picker.nothing"), nil)
	p.SetOptions(options)
	p.Choose(string(chosen))
	return p
}

// numberEntry asks for a whole number; zero is shown as nothing.
func numberEntry(value int, changed func()) *widgets.Entry {
	e := widgets.NewEntry()
	if value != 0 {
		e.SetText(strconv.Itoa(value))
	}
	e.SetPlaceHolder("0")
	e.OnChanged = func(string) { changed() }
	return e
}

// number reads a number of days; nothing is zero.
func number(e *widgets.Entry) (int, bool) {
	text := strings.TrimSpace(e.Text)
	if text == "" {
		return 0, true
	}
	n, err := strconv.Atoi(text)
	return n, err == nil && n >= 0 && n <= longestWait
}
