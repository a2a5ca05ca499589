package ui_test

import (
	"fmt"
	"slices"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"loonbrug/data/model"
	"loonbrug/ui/dialogs"
	"loonbrug/ui/i18n"
	"loonbrug/ui/start"
	"loonbrug/ui/uitest"
)

// most is how many clicks the way from the first start to the first booked
// journal may take, without those on the page of the sign-in.
const most = 12

// clicker counts what a person clicks.
type clicker struct {
	*desk
	clicks int
}

func (c *clicker) click(key string, pairs ...any) {
	c.Helper()
	c.clicks++
	c.tap(key, pairs...)
}

// empty is an office in which nothing was done yet.
func empty() *uitest.Office {
	o := uitest.Practice()
	o.AccountList, o.CompanyList, o.MappingList, o.Rows = nil, nil, nil, nil
	return o
}

// waitingOf is the account that nobody signed in yet.
func waitingOf(o *uitest.Office) model.Account {
	i := slices.IndexFunc(o.AccountList, func(a model.Account) bool { return !a.Authorised() })
	return o.AccountList[i]
}

// unmappedOf is the first company without a mapping.
func unmappedOf(o *uitest.Office) model.Company {
	i := slices.IndexFunc(o.CompanyList, func(c model.Company) bool {
		return !slices.ContainsFunc(o.MappingList, func(m model.Mapping) bool { return m.CompanyID == c.ID })
	})
	return o.CompanyList[i]
}

// From the first start to a booked journal, in the practice office.
func TestStart_ToTheFirstBooking(t *testing.T) {
	everyLanguage(t, func(t *testing.T, language string) {
		c := &clicker{desk: opened(t, language, empty(), start.State{}, true)}
		c.shows("start.text.language")
		fits(t, c.desk)
		c.click("start.next")
		fits(t, c.desk)
		c.click("start.practice.choose")
		if len(c.chosen) != 1 || c.chosen[0] != "practice" {
			t.Fatalf("chose %q", c.chosen)
		}
		before := c.clicks

		// The program opens the practice office and the path goes on there.
		office := uitest.Practice() // one account waits for its sign-in, one company for its mapping
		waits := waitingOf(office)
		c = &clicker{desk: opened(t, language, office, start.State{Step: start.StepPayroll}, true), clicks: before}
		c.shows("start.payroll.done")
		fits(t, c.desk)
		c.click("start.next")
		fits(t, c.desk)
		c.click("start.account.sign_in", "name", waits.Name)
		c.called(fmt.Sprintf("Authorise %d", waits.ID))
		c.shows("start.text.mapping") // by itself
		fits(t, c.desk)
		unmapped := unmappedOf(office)
		c.click("start.mapping.make", "company", dialogs.CompanyName(unmapped))
		c.shows("mapping.company")
		c.click("mapping.pick_account")
		uitest.Type(t, c.Window, "cash")
		c.clicks++ // the account that was found
		c.press(fyne.KeyReturn)
		c.click("dialog.save")
		c.called(fmt.Sprintf("SaveMapping %d cash trns", unmapped.ID))
		c.shows("start.mapping.done")
		c.click("start.finish")
		c.shows("export.title")
		c.clicks++
		test.Tap(c.logos("vismanet")[0])
		c.called(fmt.Sprintf("Send %d %d", uitest.RunMarch, uitest.MapVisma))
		office.Set(uitest.RunMarch, uitest.MapVisma, model.StateBooked)
		c.shell.Reload()
		if face := c.logos("vismanet")[0].Face(); face.Label != i18n.T("state.short.booked") {
			t.Errorf("the logo says %q", face.Label)
		}
		if c.clicks > most {
			t.Errorf("%d clicks", c.clicks)
		}
		if c.path.At != (start.State{Step: start.StepMapping, Done: true}) {
			t.Errorf("kept %+v", c.path.At)
		}
	})
}

// The path is left at a step and goes on there, also in another language.
func TestStart_LeftAndResumed(t *testing.T) {
	d := opened(t, "nl", uitest.Practice(), start.State{}, true)
	d.tap("start.next")
	d.tap("start.later")
	d.shows("export.title")
	if want := (start.State{Step: start.StepOffice, Left: true}); d.path.At != want {
		t.Fatalf("kept %+v", d.path.At)
	}
	d = opened(t, "nl", uitest.Practice(), d.path.At, false)
	d.shows("banner.start", "done", 2, "all", 5)
	d.tap("banner.start.continue")
	d.shows("start.text.office")
	d.tap("start.practice.choose") // it is the practice office already
	d.shows("start.text.payroll")
	d.tap("start.back")
	d.tap("start.back")
	d.tapText("Suomi")
	uitest.MustShow(t, d.Window, "Millä kielellä työskentelet?")
	if i18n.Language() != "fi" {
		t.Error("the language did not change")
	}
}

// What a system asks of a person stands beside it and in the help.
func TestHelp(t *testing.T) {
	everyLanguage(t, func(t *testing.T, language string) {
		d := open(t, language, uitest.Practice())
		d.tap("menu.help")
		d.shows("help.state.planned")
		d.shows("help.state.practice_only")
		fits(t, d)
		d.tap("help.books")
		d.called("Books cash")
		d.tap("start.help")
		d.shows("help.steps")
		fits(t, d)
		d.tap("help.start")
		d.shows("start.text.language")
	})
}
