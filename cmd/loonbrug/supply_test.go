package main

import (
	"os"
	"os/exec"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	"loonbrug/resources"
)

// The licence of every module that is built into the program is carried with it,
// of that very version: make licences writes them.
func TestSupply_Licences(t *testing.T) {
	all, err := resources.Licences()
	if err != nil {
		t.Fatal(err)
	}
	texts := make(map[string]string)
	for _, l := range all {
		texts[l.Work] = l.Text
	}
	if !strings.Contains(texts["Go"], "The Go Authors") {
		t.Error("the licence of Go is missing")
	}
	for _, system := range []string{"linux", "windows"} {
		list := exec.Command("go", "list", "-e", "-deps", "-tags", "migrated_fynedo,no_animations,no_emoji",
			"-f", "{{with .Module}}{{if .Version}}{{.Path}} {{.Version}}{{end}}{{end}}", ".")
		list.Env = append(os.Environ(), "GOOS="+system, "GOARCH=amd64", "CGO_ENABLED=1")
		out, err := list.Output()
		if err != nil {
			t.Fatalf("go list: %v", err)
		}
		works := slices.Compact(slices.Sorted(slices.Values(strings.Fields(strings.ReplaceAll(string(out), " ", "@")))))
		if len(works) < 30 {
			t.Fatalf("only %d modules", len(works))
		}
		for _, work := range works {
			if len(texts[strings.ReplaceAll(work, "@", " ")]) < 200 {
				t.Errorf("%s: no licence of %s; run: make licences", system, work)
			}
		}
	}
}

// README.md has a row for every module that go.mod asks for directly, and for no
// other.
func TestSupply_EveryDependencyHasItsReason(t *testing.T) {
	out, err := exec.Command("go", "list", "-m", "-f", "{{if not (or .Indirect .Main)}}{{.Path}}{{end}}", "all").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, table, _ := strings.Cut(string(readme), "## What it stands on\n")
	var named []string
	for _, row := range strings.Split(table, "\n") {
		if cells := strings.Split(row, "|"); len(cells) == 4 {
			for _, name := range strings.Split(cells[1], ",") {
				named = append(named, strings.TrimSpace(name))
			}
		}
	}
	version := regexp.MustCompile(`(/v\d+|\.v\d+|/v\d+\.\d+)`)
	for _, module := range strings.Fields(string(out)) {
		plain := version.ReplaceAllString(module, "")
		found := slices.ContainsFunc(named, func(name string) bool {
			name = version.ReplaceAllString(name, "")
			return name == plain || path.Base(name) == path.Base(plain)
		})
		if !found {
			t.Errorf("README.md does not say what %s is for", module)
		}
	}
}
