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
	d.shows("account.word.browser")
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
	office := uitest.Practice()
	office.MappingList = nil
	d := open(t, "nl", office)
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

// An account that is in use says what hangs on it, and stays.
func TestAccounts_RemovalSaysWhatHangsOnIt(t *testing.T) {
	everyLanguage(t, func(t *testing.T, language string) {
		office := uitest.Practice()
		office.Waits = map[int64]int{uitest.Cash: 2}
		d := open(t, language, office)
		d.tap("tab.accounts")
		d.tap("account.remove")
		uitest.MustShow(t, d.Window, i18n.Tn("account.in_use.companies", 1))
		uitest.MustShow(t, d.Window, "Bakkerij De Halm B.V.")
		uitest.MustShow(t, d.Window, i18n.Tn("account.in_use.waiting", 2))
		fits(t, d)
		d.press(fyne.KeyReturn)
		if len(office.Calls) != 0 || d.Canvas().Overlays().Top() != nil {
			t.Errorf("calls %q", office.Calls)
		}
	})
}

// The rights are asked about without a sign-in; that can be stopped, and what
// is missing stands on the card.
func TestAccounts_ChecksTheRights(t *testing.T) {
	everyLanguage(t, func(t *testing.T, language string) {
		d := open(t, language, uitest.Practice())
		d.tap("tab.accounts")
		d.queue.Hold()
		d.tap("account.check")
		d.shows("account.word.checking")
		fits(t, d)
		d.tap("account.cancel")
		d.queue.Release()
		if len(d.office.Calls) != 0 || d.Canvas().Overlays().Top() != nil {
			t.Fatalf("after stopping: %q", d.office.Calls)
		}
		d.office.Fail["CheckAccount"] = model.NewProblem("cash.no_rights")
		d.tap("account.check")
		d.called("CheckAccount 1")
		uitest.MustShow(t, d.Window, "[cash.no_rights]")
		d.press(fyne.KeyEscape)
		d.shows("account.word.attention")
		uitest.MustShow(t, d.Window, "[cash.no_rights]")
		fits(t, d)
		delete(d.office.Fail, "CheckAccount")
		d.tap("account.mend.check")
		if uitest.Shows(d.Window, i18n.T("account.word.attention")) {
			t.Error("the card still wants attention")
		}
	})
}

// A sign-in that fails for a key leads to the form that asks for the key, not
// round to the same sign-in.
func TestAccounts_AKeyThatIsRefusedIsAskedFor(t *testing.T) {
	everyLanguage(t, func(t *testing.T, language string) {
		office := uitest.Practice()
		office.AccountList = []model.Account{{ID: uitest.Cash, Target: "cash", Name: "CASH", State: model.AccountExpired}}
		office.Fail["Authorise"] = model.NewProblem("cash.no_key").With(model.ActionSignIn)
		d := open(t, language, office)
		d.tap("tab.accounts")
		d.tap("account.mend.sign_in")
		uitest.MustShow(t, d.Window, "[cash.no_key]")
		d.tap("action.sign_in")
		d.shows("field.cash.api_key")
	})
}

// A new name asks nothing of the system.
func TestAccounts_Rename(t *testing.T) {
	d := open(t, "nl", uitest.Practice())
	d.tap("tab.accounts")
	d.tap("account.change")
	uitest.Type(t, d.Window, "Kantoor ")
	d.press(fyne.KeyReturn)
	d.called("ChangeAccount 1 Kantoor CASH 0")
	if len(d.office.Calls) != 1 {
		t.Errorf("calls %q", d.office.Calls)
	}
}

// Every trouble of an account stands on its card in words, with one button that
// mends it.
func TestAccounts_TroublesAndWhatMendsThem(t *testing.T) {
	trouble := func(state model.AccountState, code string, action model.Action) model.Account {
		return model.Account{ID: uitest.Cash, Target: "cash", Name: "CASH", State: state, Problem: model.NewProblem(code).With(action)}
	}
	for name, tt := range map[string]struct {
		account model.Account
		word    string
		button  string
		then    string // what is asked of the office; empty: the form opens
	}{
		"key lost":        {trouble(model.AccountExpired, "secret.key_lost", model.ActionSignIn), "account.word.expired", "account.mend.change", ""},
		"no key":          {trouble(model.AccountExpired, "cash.no_key", model.ActionSignIn), "account.word.expired", "account.mend.change", ""},
		"restored":        {trouble(model.AccountExpired, "account.restored", model.ActionSignIn), "account.word.expired", "account.mend.change", ""},
		"rights missing":  {trouble(model.AccountAuthorised, "cash.no_rights", model.ActionNone), "account.word.attention", "account.mend.check", "CheckAccount 1"},
		"session expired": {trouble(model.AccountExpired, "oauth.expired", model.ActionSignIn), "account.word.expired", "account.mend.sign_in", "Authorise 1"},
		"other company":   {trouble(model.AccountExpired, "account.other_company", model.ActionConfirmCompany), "account.word.expired", "account.mend.company", "ConfirmCompany 1"},
	} {
		t.Run(name, func(t *testing.T) {
			everyLanguage(t, func(t *testing.T, language string) {
				office := uitest.Practice()
				office.AccountList = []model.Account{tt.account}
				d := open(t, language, office)
				d.tap("tab.accounts")
				d.shows(tt.word)
				uitest.MustShow(t, d.Window, "["+tt.account.Problem.Code+"]")
				fits(t, d)
				d.tap(tt.button)
				if tt.then != "" {
					d.called(tt.then)
					return
				}
				d.shows("field.cash.api_key")
				if uitest.Shows(d.Window, i18n.T("account.secret.kept")) {
					t.Error("a key that cannot be opened is said to be kept")
				}
			})
		})
	}
}
