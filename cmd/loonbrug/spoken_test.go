package main

import (
	"log/slog"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"loonbrug/data/model"
	"loonbrug/data/settings"
	"loonbrug/ui/async"
	"loonbrug/ui/i18n"
	"loonbrug/ui/uitest"
	"loonbrug/ui/widgets"
)

// The language that is chosen where a passphrase is asked for, before the office is
// open, is that of the same question at once, and of the office from then on, also
// where another one was kept.
func TestDesk_LanguageBesideThePassphrase(t *testing.T) {
	before := i18n.Language()
	t.Cleanup(func() { _ = i18n.SetLanguage(before) })
	if err := i18n.SetLanguage("nl"); err != nil {
		t.Fatal(err)
	}
	app := test.NewTempApp(t)
	sh := &shell{dataDir: t.TempDir(), language: "nl"}
	inTurn := async.With(slog.New(slog.DiscardHandler), func(work func()) { work() }, func(show func()) { show() })
	d := &desk{ctx: t.Context(), sh: sh, app: app, window: test.NewTempWindow(t, nil), runner: inTurn}
	d.window.Resize(fyne.NewSize(800, 600))
	d.window.SetContent(d.opening())

	var got model.Secret
	d.question(true, nil, func(p model.Secret) { got = p })
	uitest.MustShow(t, d.window, i18n.T("passphrase.text_first"))
	picker, ok := uitest.Find(uitest.Roots(d.window), func(*widgets.Picker) bool { return true })
	if !ok {
		t.Fatal("no language can be chosen")
	}
	picker.Choose("fi")
	if i18n.Language() != "fi" || sh.language != "fi" || got != "" {
		t.Fatalf("language %s and %s, answer %t", i18n.Language(), sh.language, got != "")
	}
	for _, key := range []string{"passphrase.text_first", "passphrase.again"} {
		uitest.MustShow(t, d.window, i18n.T(key))
	}
	for _, e := range uitest.All[*widgets.Entry](uitest.Roots(d.window)) {
		e.SetText("a passphrase for tests")
	}
	uitest.Press(d.window, fyne.KeyReturn)
	if got == "" {
		t.Fatal("the second question is not answered")
	}
	uitest.MustShow(t, d.window, i18n.T("start.opening"))

	s, err := open(t.Context(), sh, needs{practice: true})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	kept := s.settings
	kept.Language = "sv"
	if err := settings.Save(t.Context(), s.store, kept); err != nil {
		t.Fatal(err)
	}
	if err := i18n.SetLanguage("sv"); err != nil { // as opening the office does
		t.Fatal(err)
	}
	d.services = s
	if err := d.keepSpoken(); err != nil {
		t.Fatal(err)
	}
	if now, err := settings.Load(t.Context(), s.store); err != nil || now.Language != "fi" || i18n.Language() != "fi" {
		t.Errorf("kept %q, speaks %s, %v", now.Language, i18n.Language(), err)
	}
}
