package autostart

import (
	"encoding/xml"
	"slices"
	"testing"
)

// What launchd reads is what was meant.
func TestLaunchd(t *testing.T) {
	var list struct {
		Texts []string `xml:"dict>string"`
		Words []string `xml:"dict>array>string"`
	}
	e := Entry{ID: "nl.loonbrug.app", Program: "/Programma's/Loon & brug", Args: []string{"--minimised", "<a>"}}
	if err := xml.Unmarshal([]byte(e.launchd()), &list); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(list.Texts, []string{e.ID, "Interactive"}) || !slices.Equal(list.Words, []string{e.Program, "--minimised", "<a>"}) {
		t.Errorf("%+v", list)
	}
}
