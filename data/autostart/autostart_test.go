//go:build linux

package autostart_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"loonbrug/data/autostart"
)

func TestEntry(t *testing.T) {
	config := t.TempDir()
	t.Setenv("XDG_CONFIG_HOME", config)
	e := autostart.Entry{ID: "nl.loonbrug.app", Name: "Loonbrug", Program: `/opt/Mijn $map/loon"brug`, Args: []string{"--minimised", "--data-dir", `/a\b 100%`}}
	wants := func(want bool) {
		t.Helper()
		if on, err := e.On(); err != nil || on != want {
			t.Fatalf("on %t, %v", on, err)
		}
	}
	wants(false)
	if err := e.Set(false); err != nil {
		t.Fatal("taking away what is not there: ", err)
	}
	for range 2 {
		if err := e.Set(true); err != nil {
			t.Fatal(err)
		}
	}
	wants(true)
	text, err := os.ReadFile(filepath.Join(config, "autostart", "nl.loonbrug.app.desktop"))
	if err != nil {
		t.Fatal(err)
	}
	// Quoted as a word of a command, then escaped as a text of the file.
	const want = `Exec="/opt/Mijn \\$map/loon\\"brug" "--minimised" "--data-dir" "/a\\\\b 100%%"`
	if !strings.Contains(string(text), "\n"+want+"\n") {
		t.Errorf("got\n%s\nwant\n%s", text, want)
	}
	if err := e.Set(false); err != nil {
		t.Fatal(err)
	}
	wants(false)
}

// A config folder that is no whole path is none.
func TestEntry_Home(t *testing.T) {
	home := t.TempDir()
	t.Setenv("XDG_CONFIG_HOME", "here")
	t.Setenv("HOME", home)
	if err := (autostart.Entry{ID: "x", Name: "X", Program: "/x"}).Set(true); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(home, ".config", "autostart", "x.desktop")); err != nil {
		t.Error(err)
	}
}
