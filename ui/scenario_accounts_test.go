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

func TestAccounts_AClickSignsInAndColourComesByItself(t *testing.T) {
	everyLanguage(t, func(t *testing.T, language string) {
		d := open(t, language, uitest.Practice())
		d.shows("banner.new", "name", "Procountor")
		d.tap("tab.accounts")
		logo := func() *widgets.Logo {
			l, ok := uitest.Find(d.Content(), func(l *widgets.Logo) bool { return l.Face().Logo == "procountor" })
			if !ok {
				t.Fatal("no logo")
			}
			return l
		}
		if logo().Face().Look != widgets.LookGrey {
			t.Fatal("an account that is not authorised is in colour")
		}
		d.queue.Hold()
		test.Tap(logo())
		d.shows("account.cancel")
		fits(t, d)
		d.queue.Release()
		d.called("Authorise 3")
		if logo().Face().Look != widgets.LookColour {
			t.Error("no colour after the sign-in landed")
		}
		if uitest.Shows(d.Window, i18n.T("banner.new", "name", "Procountor")) {
			t.Error("the red line is still there")
		}
	})
}

func TestAccounts_ASignInInTheBrowserCanBeStopped(t *testing.T) {
	d := open(t, "nl", uitest.Practice())
	d.tap("tab.accounts")
	logo, _ := uitest.Find(d.Content(), func(l *widgets.Logo) bool { return l.Face().Logo == "vismanet" })
	d.queue.Hold()
	test.Tap(logo)
	d.shows("account.state.browser")
	d.tap("account.copy")
	if got := fyne.CurrentApp().Clipboard().Content(); got != d.office.Address {
		t.Errorf("clipboard holds %q", got)
	}
	d.press(fyne.KeyReturn)
	// In another language the sign-in can still be stopped.
	d.queue.Drop()
	d.queue.Hold()
	d.shell.SetLanguage("sv")
	d.queue.Release()
	d.tap("account.cancel")
}

// A sign-in to another company than before asks, and is used once a person
// confirmed it.
func TestAccounts_AnotherCompanyIsConfirmed(t *testing.T) {
	everyLanguage(t, func(t *testing.T, language string) {
		d := open(t, language, uitest.Practice())
		d.office.Fail = map[string]error{"Authorise": model.NewProblem("account.other_company",
			"account", "Procountor", "company", "Oulun Leipomo Oy (1234567-1)", "before", "API · Bakkerij De Halm B.V.").With(model.ActionConfirmCompany)}
		d.tap("tab.accounts")
		logo, _ := uitest.Find(d.Content(), func(l *widgets.Logo) bool { return l.Face().Logo == "procountor" })
		test.Tap(logo)
		d.called("Authorise 3")
		fits(t, d)
		d.tap("action.confirm_company")
		d.called("ConfirmCompany 3")
		if logo, _ = uitest.Find(d.Content(), func(l *widgets.Logo) bool { return l.Face().Logo == "procountor" }); logo.Face().Look != widgets.LookColour {
			t.Error("no colour after the company was confirmed")
		}
	})
}

func TestAccounts_NewAccount(t *testing.T) {
	everyLanguage(t, func(t *testing.T, language string) {
		d := open(t, language, uitest.Practice())
		d.tap("tab.accounts")
		d.tap("account.new")
		d.press(fyne.KeySpace)
		uitest.Type(t, d.Window, "cash")
		d.press(fyne.KeyReturn)
		d.shows("target.cash.note")
		fits(t, d)
		secret, ok := uitest.Find(uitest.Roots(d.Window), func(e *widgets.Entry) bool { return e.Password })
		if !ok {
			t.Fatal("no field for the key")
		}
		d.Canvas().Focus(secret)
		uitest.Type(t, d.Window, "sleutel")
		d.press(fyne.KeyReturn)
		// The name is proposed, the address is not asked, and it signs in at once.
		d.called("NewAccount cash " + i18n.T("account.name.next", "name", "CASH", "n", 2) + " 1")
		d.called("Authorise 104")
	})
}

func TestAccounts_RemovalAsksFirst(t *testing.T) {
	d := open(t, "nl", uitest.Practice())
	d.tap("tab.accounts")
	d.tap("account.remove")
	d.press(fyne.KeyEscape)
	if len(d.office.Calls) != 0 {
		t.Fatalf("calls %q", d.office.Calls)
	}
	d.tap("account.remove")
	d.press(fyne.KeyReturn)
	d.called("RemoveAccount 1")
}
