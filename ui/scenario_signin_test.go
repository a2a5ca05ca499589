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

// account is the logo of an account's card, by its target.
func (d *desk) account(target string) *widgets.Logo {
	d.Helper()
	logo, ok := uitest.Find(d.Content(), func(l *widgets.Logo) bool { return l.Face().Logo == target })
	if !ok {
		d.Fatalf("no logo of %s", target)
	}
	return logo
}

// The person is in the browser when a sign-in ends, well or not: the window comes
// to the front, and not before.
func TestSignIn_TheWindowComesToTheFront(t *testing.T) {
	for name, fail := range map[string]error{
		"Signed": nil, "Refused": model.NewProblem("signin.refused").With(model.ActionSignIn),
	} {
		t.Run(name, func(t *testing.T) {
			office := uitest.Practice()
			office.Fail["Authorise"] = fail
			d := open(t, "nl", office)
			d.tap("tab.accounts")
			d.queue.Hold()
			test.Tap(d.account("vismanet"))
			if d.raised != 0 {
				t.Fatal("in front of the browser before the sign-in has ended")
			}
			d.queue.Release()
			d.called("Authorise 2")
			if d.raised != 1 {
				t.Errorf("brought to the front %d times", d.raised)
			}
		})
	}
}

// A sign-in that no longer works is grey, with a red line and a button; the
// other accounts stay in colour, and the button signs in again.
func TestSignIn_RevokedAtTheTarget(t *testing.T) {
	everyLanguage(t, func(t *testing.T, language string) {
		office := uitest.Practice()
		visma := &office.AccountList[1]
		visma.State, visma.Problem = model.AccountExpired, model.NewProblem("signin.expired").With(model.ActionSignIn)
		d := open(t, language, office)
		line := i18n.T("banner.expired", "name", "Visma.net · De Halm")
		uitest.MustShow(t, d.Window, line)
		d.tap("tab.accounts")
		if got := d.account("vismanet").Face(); got.Look != widgets.LookGrey || got.Tone != widgets.ToneBad || got.Badge != "bang" {
			t.Errorf("a sign-in that no longer works looks like %+v", got)
		}
		if got := d.account("cash").Face(); got.Look != widgets.LookColour {
			t.Error("another account is grey too")
		}
		d.shows("problem.why")
		fits(t, d)
		d.tap("tab.export") // where only red lines sign in; that of Visma.net is the first
		d.tap("account.sign_in")
		d.called("Authorise 2")
		if d.account("vismanet").Face().Look != widgets.LookColour {
			t.Error("no colour after signing in again")
		}
		if uitest.Shows(d.Window, line) {
			t.Error("the red line is still there")
		}
	})
}

// Where no browser opens the address can be copied, as soon as there is one.
func TestSignIn_TheAddressCanBeCopied(t *testing.T) {
	d := open(t, "nl", uitest.Practice())
	d.tap("tab.accounts")
	d.queue.Hold()
	test.Tap(d.account("vismanet"))
	address := d.office.Address
	d.office.Address = ""
	d.tap("account.copy")
	d.shows("account.copy.none")
	d.press(fyne.KeyReturn)
	d.office.Address = address
	d.tap("account.copy")
	d.shows("account.copy.done")
	if got := fyne.CurrentApp().Clipboard().Content(); got != address {
		t.Errorf("clipboard holds %q", got)
	}
}

// A sign-in is stopped while the browser is open: nothing is asked of the office
// any more, nothing is complained about, and it can be begun again.
func TestSignIn_CanBeStopped(t *testing.T) {
	d := open(t, "nl", uitest.Practice())
	before := d.office.AccountList[1]
	d.tap("tab.accounts")
	d.queue.Hold()
	test.Tap(d.account("vismanet"))
	d.shows("account.word.browser")
	d.tap("account.cancel")
	d.queue.Release()
	if d.Canvas().Overlays().Top() != nil {
		t.Error("stopping is complained about")
	}
	if got := d.office.AccountList[1]; got.State != before.State || got.Problem != nil || len(d.office.Calls) != 0 {
		t.Errorf("the account became %+v after %q", got, d.office.Calls)
	}
	if uitest.Shows(d.Window, i18n.T("account.word.browser")) {
		t.Fatal("the sign-in still seems to be under way")
	}
	test.Tap(d.account("vismanet"))
	d.called("Authorise 2")
}
