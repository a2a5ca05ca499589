package ui_test

import (
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"loonbrug/data/model"
	"loonbrug/ui"
	"loonbrug/ui/about"
	"loonbrug/ui/async"
	"loonbrug/ui/i18n"
	"loonbrug/ui/theme"
	"loonbrug/ui/uitest"
)

func TestShell_LanguageChangesAtOnceAndKeepsTheTab(t *testing.T) {
	d := open(t, "nl", uitest.Practice())
	d.tap("tab.administrations")
	d.tapText("Nederlands")
	d.tapText("Suomi")
	uitest.MustShow(t, d.Window, "Kirjanpidot")
	uitest.MustShow(t, d.Window, "Ei vielä kytketty")
	uitest.MustShow(t, d.Window, "Harjoitustila")
}

func TestShell_Keys(t *testing.T) {
	d := open(t, "nl", uitest.Practice())
	shortcut := func(key fyne.KeyName, m fyne.KeyModifier) {
		d.keys.TypedShortcut(&desktop.CustomShortcut{KeyName: key, Modifier: m})
	}
	shortcut(fyne.Key1, fyne.KeyModifierShortcutDefault)
	d.shows("account.title")
	shortcut(fyne.KeyTab, fyne.KeyModifierControl)
	d.shows("mapping.title")
	shortcut(fyne.KeyTab, fyne.KeyModifierControl|fyne.KeyModifierShift)
	shortcut(fyne.KeyTab, fyne.KeyModifierControl|fyne.KeyModifierShift)
	d.shows("export.title")
	shortcut(fyne.Key2, fyne.KeyModifierShortcutDefault)
	d.tap("mapping.new")
	shortcut(fyne.Key1, fyne.KeyModifierShortcutDefault)
	d.press(fyne.KeyEscape)
	d.shows("mapping.title") // a dialog keeps the keys to itself

	d.office.CompanyList[0].Name = "Bakkerij Anders"
	d.press(fyne.KeyF5)
	uitest.MustShow(t, d.Window, "Bakkerij Anders")
}

func TestShell_RedLines(t *testing.T) {
	office := uitest.Practice()
	office.Sender = model.SenderStatus{Alive: true, Person: 2, Problem: model.NewProblem("disk.full")}
	for id := int64(50); id < 54; id++ {
		office.AccountList = append(office.AccountList, model.Account{ID: id, Target: "cash", Name: "Klant", State: model.AccountExpired})
	}
	d := open(t, "nl", office)
	lines := uitest.Texts(d.Content())
	expired := i18n.T("banner.expired", "name", "CASH · Klant")
	if n := strings.Count(strings.Join(lines, "\n"), expired); n != 1 {
		t.Errorf("%d lines of expired accounts; two lines and the rest in one", n)
	}
	uitest.MustShow(t, d.Window, i18n.Tn("banner.more", 3))
	uitest.MustShow(t, d.Window, i18n.Tn("banner.person", 2))
	d.tap("problem.why")
	uitest.MustShow(t, d.Window, "[disk.full]")
}

// Sending is paused and continued in the status bar, which says how it stands.
func TestShell_Pauses(t *testing.T) {
	everyLanguage(t, func(t *testing.T, language string) {
		office := uitest.Practice()
		office.Sender = model.SenderStatus{Alive: true, Waiting: 2}
		d := open(t, language, office)
		d.tap("status.pause")
		d.called("Pause")
		uitest.MustShow(t, d.Window, i18n.Tn("status.paused", 2))
		fits(t, d)
		d.tap("status.continue")
		d.called("Continue")
		uitest.MustShow(t, d.Window, i18n.Tn("status.waiting", 2))
	})
}

// The same page explains a problem from the red line and from the tray.
func TestShell_Explains(t *testing.T) {
	everyLanguage(t, func(t *testing.T, language string) {
		office := uitest.Practice()
		office.AccountList = []model.Account{{
			ID: 50, Target: "cash", Name: "Klant", State: model.AccountExpired,
			Problem: model.NewProblem("account.refused", "detail", "401 Unauthorized").With(model.ActionSignIn),
		}}
		d := open(t, language, office)
		page := func() {
			t.Helper()
			uitest.MustShow(t, d.Window, "[account.refused]")
			d.shows("problem.solution")
			fits(t, d)
		}
		d.tap("problem.why")
		page()
		d.tap("action.sign_in")
		d.called("Authorise 50")
		office.AccountList[0].State, office.AccountList[0].Problem = model.AccountExpired, model.NewProblem("account.refused").With(model.ActionSignIn)
		d.shell.Reload()
		if len(d.summary.Duties) != 1 {
			t.Fatalf("the tray has %+v", d.summary)
		}
		d.summary.Duties[0].Do()
		page()
		d.press(fyne.KeyEscape)
	})
}

// The practice line leads to the real office.
func TestShell_LeavesPractice(t *testing.T) {
	d := open(t, "nl", uitest.Practice())
	d.tap("practice.leave")
	if len(d.chosen) != 1 || d.chosen[0] != "real" {
		t.Errorf("chose %q", d.chosen)
	}
}

// A connection that is gone is one thing, with the time of the next try.
func TestShell_Offline(t *testing.T) {
	office := uitest.Practice()
	office.Sender = model.SenderStatus{
		Alive: true, Waiting: 5, NextAt: uitest.Now().Add(75 * time.Second),
		Pauses: []model.Pause{{Kind: model.PauseOffline, Until: uitest.Now().Add(75 * time.Second)}},
	}
	d := open(t, "nl", office)
	uitest.MustShow(t, d.Window, i18n.T("status.offline.in", "in", i18n.FormatCountdown(75*time.Second)))
	office.Sender.NextAt, office.Sender.Working = time.Time{}, 1
	d.press(fyne.KeyF5)
	d.shows("status.offline")
}

// A sign-in that is about to end says so, and the account goes on.
func TestShell_SignInEnds(t *testing.T) {
	office := uitest.Practice()
	office.AccountList = []model.Account{{
		ID: 50, Target: "procountor", Name: "Klant", State: model.AccountAuthorised,
		Problem: model.NewProblem("account.sign_in_ends", "account", "Klant", "date", "2026-04-15").With(model.ActionSignIn),
	}}
	d := open(t, "nl", office)
	if lines := strings.Join(uitest.Texts(d.Content()), "\n"); !strings.Contains(lines, "account.sign_in_ends") {
		t.Fatalf("no red line:\n%s", lines)
	}
	d.tap("account.sign_in")
	d.called("Authorise 50")
}

func TestShell_About(t *testing.T) {
	everyLanguage(t, func(t *testing.T, language string) {
		d := open(t, language, uitest.Practice())
		d.tap("menu.about")
		uitest.MustShow(t, d.Window, "0.1.0")
		fits(t, d)
		d.press(fyne.KeyEscape)
	})
}

// The window follows the office without being asked.
func TestShell_FollowsTheOffice(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		test.NewTempApp(t).Settings().SetTheme(theme.New(theme.Light))
		if err := i18n.SetLanguage("nl"); err != nil {
			t.Fatal(err)
		}
		office := uitest.Practice()
		// Fyne's own goroutine shows one thing after the other; its test driver
		// does not, so the test sees to it.
		var screen sync.Mutex
		runner := async.With(slog.New(slog.DiscardHandler), func(work func()) { go work() }, func(show func()) {
			screen.Lock()
			defer screen.Unlock()
			show()
		})
		shell := ui.New(t.Context(), ui.Deps{Office: office, Runner: runner, Explain: uitest.Explain, Now: uitest.Now, About: about.Info{}})
		w := test.NewTempWindow(t, shell.Content())
		w.Resize(fyne.NewSize(1024, 700))
		screen.Lock()
		shell.Attach(w)
		screen.Unlock()
		shown := func(key string) bool {
			synctest.Wait()
			screen.Lock()
			defer screen.Unlock()
			return uitest.Shows(w, i18n.T(key))
		}
		if !shown("state.short.ready") {
			t.Fatal("nothing was loaded")
		}
		office.Set(uitest.RunMarch, uitest.MapVisma, model.StateRefused)
		if shown("state.short.refused") {
			t.Fatal("signals are gathered first")
		}
		time.Sleep(300 * time.Millisecond)
		if !shown("state.short.refused") {
			t.Fatal("the window did not follow")
		}
	})
}
