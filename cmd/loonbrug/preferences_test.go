package main

import (
	"testing"
	"time"

	"loonbrug/data/model"
	"loonbrug/data/settings"
	page "loonbrug/ui/settings"
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
	p := preferences{s}
	before, err := p.Settings(t.Context())
	if err != nil || before != (page.Values{Minutes: 5}) {
		t.Fatalf("%+v, %v", before, err)
	}
	want := page.Values{Language: "fi", Folder: t.TempDir(), Minutes: 15, QuietFrom: "22:00", QuietTo: "06:00"}
	if err := p.SaveSettings(t.Context(), want); err != nil {
		t.Fatal(err)
	}
	if got, err := p.Settings(t.Context()); err != nil || got != want {
		t.Errorf("%+v, %v", got, err)
	}
	night := time.Date(2026, time.April, 2, 23, 0, 0, 0, time.Local)
	if !s.quiet(night) || s.quiet(night.Add(10*time.Hour)) {
		t.Error("the quiet hours do not hold")
	}
	wrong := want
	wrong.QuietTo = ""
	if err := p.SaveSettings(t.Context(), wrong); model.ProblemOf(err).Code != "settings.quiet_hours" {
		t.Errorf("got %v", err)
	}
	kept, err := settings.Load(t.Context(), s.store)
	if err != nil || kept.Timing != settings.Default().Timing || !s.quiet(night) {
		t.Errorf("%+v, %v", kept, err)
	}
}
