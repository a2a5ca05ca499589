package main

import (
	"path/filepath"
	"reflect"
	"slices"
	"testing"
	"time"

	"fyne.io/fyne/v2/test"

	"loonbrug/data/autostart"
	"loonbrug/data/model"
	"loonbrug/data/settings"
	page "loonbrug/ui/settings"
	"loonbrug/ui/theme"
)

// What the page saves is there again and holds at once; what it does not show
// stays, and what is wrong changes nothing.
func TestPreferences(t *testing.T) {
	sh := &shell{dataDir: t.TempDir(), language: "nl"}
	s, err := open(t.Context(), sh, needs{practice: true})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	t.Setenv("XDG_CONFIG_HOME", t.TempDir())
	t.Setenv("HOME", t.TempDir())
	kept := looks{test.NewTempApp(t).Preferences()}
	p := preferences{services: s, looks: kept, autostart: autostart.Entry{ID: appID, Name: "Loonbrug", Program: "/opt/loonbrug"}}
	own := filepath.Join(s.paths.Folder, "inbox")
	before, err := p.Settings(t.Context())
	settle := []page.Settle{{Target: "cash", Name: "CASH", Minutes: 15}, {Target: "vismanet", Name: "Visma.net", Minutes: 15}, {Target: "procountor", Name: "Procountor", Minutes: 15}}
	if err != nil || !reflect.DeepEqual(before, page.Values{OwnFolder: own, Minutes: 5, Settle: settle, Theme: theme.System, Tray: trayHost()}) {
		t.Fatalf("%+v, %v", before, err)
	}
	want := page.Values{
		Language: "fi", Folder: t.TempDir(), OwnFolder: own, Minutes: 15, QuietFrom: "22:00", QuietTo: "06:00", Settle: slices.Clone(settle),
		Theme: theme.Contrast, Scale: 125, IgnoreDPI: true, Tray: true, Autostart: true, Minimised: true,
	}
	want.Settle[0].Minutes = 30
	if err := p.SaveSettings(t.Context(), want); err != nil {
		t.Fatal(err)
	}
	if got, err := p.Settings(t.Context()); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, %v", got, err)
	}
	night := time.Date(2026, time.April, 2, 23, 0, 0, 0, time.Local)
	if !s.quiet(night) || s.quiet(night.Add(10*time.Hour)) {
		t.Error("the quiet hours do not hold")
	}
	short := want
	short.Settle = []page.Settle{{Target: "cash", Minutes: 2}}
	if err := p.SaveSettings(t.Context(), short); model.ProblemOf(err).Code != "settings.settle" {
		t.Errorf("got %v", err)
	}
	wrong := want
	wrong.QuietTo = ""
	if err := p.SaveSettings(t.Context(), wrong); model.ProblemOf(err).Code != "settings.quiet_hours" {
		t.Errorf("got %v", err)
	}
	stored, err := settings.Load(t.Context(), s.store)
	if err != nil || stored.Timing != settings.Default().Timing || stored.Settle["cash"] != 30*time.Minute || !s.quiet(night) {
		t.Errorf("%+v, %v", stored, err)
	}
}
