package main

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// listed is what go list tells of a package.
type listed struct {
	ImportPath string
	Imports    []string
	Deps       []string
	Doc        string
	Standard   bool
}

const module = "loonbrug/"

func packages(t *testing.T) []listed {
	t.Helper()
	cmd := exec.Command("go", "list", "-tags", "migrated_fynedo", "-json=ImportPath,Imports,Deps,Doc", "./...")
	cmd.Dir = "../.."
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var all []listed
	for d := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p listed
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
	if len(all) < 20 {
		t.Fatalf("only %d packages listed", len(all))
	}
	return all
}

// room is a part of the house and what of ours its packages may import.
type room struct {
	prefix string
	may    []string // prefixes below the module; a package may always import what lies below itself
	not    []string // import paths and prefixes that may not occur, ours or foreign
}

// house is the table of the design, first match wins.
func house() []room {
	seams := []string{
		"data/journal", "data/model", "integration/target", "integration/source", "integration/httpx", "integration/oauth", "integration/explain",
	}
	return []room{
		{prefix: "cmd/", may: []string{""}},
		{prefix: "data/journal"},
		{prefix: "data/model", may: []string{"data/journal"}},
		{prefix: "data/shared", may: []string{"data/model", "data/secret", "data/store"}, not: []string{"fyne.io/"}},
		{prefix: "data/store/storetest", may: []string{"data/secret", "data/store"}, not: []string{"fyne.io/"}},
		{prefix: "data/", may: []string{"data/journal", "data/model"}, not: []string{"fyne.io/"}},
		{prefix: "integration/explain", may: append(seams, "resources"), not: []string{"fyne.io/"}},
		{prefix: "integration/practice", may: append(seams, "integration/practice", "resources"), not: []string{"fyne.io/"}},
		{prefix: "integration/", may: seams, not: []string{"fyne.io/", "database/sql"}},
		{prefix: "resources", not: []string{"fyne.io/"}},
		{
			prefix: "ui", may: []string{"data/journal", "data/model", "data/paper", "data/sheet", "integration/target", "integration/source", "integration/explain", "resources", "ui"},
			not: []string{"database/sql", "net/http", "fyne.io/fyne/v2/app"},
		},
	}
}

func TestRules_Imports(t *testing.T) {
	for _, p := range packages(t) {
		path := strings.TrimPrefix(p.ImportPath, module)
		rooms := house()
		i := slices.IndexFunc(rooms, func(r room) bool { return strings.HasPrefix(path, r.prefix) })
		if i < 0 {
			t.Errorf("%s is in no room of the house", path)
			continue
		}
		for _, imported := range p.Imports {
			if broken(rooms[i], path, imported) {
				t.Errorf("%s may not import %s", path, imported)
			}
		}
	}
}

func broken(r room, path, imported string) bool {
	if slices.ContainsFunc(r.not, func(n string) bool { return strings.HasPrefix(imported, n) }) {
		return true
	}
	ours, ok := strings.CutPrefix(imported, module)
	if !ok {
		foreign := strings.Contains(strings.Split(imported, "/")[0], ".")
		return foreign && (strings.HasPrefix(path, "data/journal") || strings.HasPrefix(path, "data/model"))
	}
	if strings.HasPrefix(ours, "cmd/") {
		return true
	}
	if ours == path || strings.HasPrefix(ours, path+"/") {
		return false
	}
	return !slices.ContainsFunc(r.may, func(m string) bool { return strings.HasPrefix(ours, m) })
}

// TestRules_ScreensNeedNoDriver keeps the tests of the screens free of cgo.
func TestRules_ScreensNeedNoDriver(t *testing.T) {
	for _, p := range packages(t) {
		if !strings.HasPrefix(p.ImportPath, module+"ui") {
			continue
		}
		for _, d := range []string{"fyne.io/fyne/v2/app", "github.com/mattn/go-sqlite3", "github.com/go-gl/gl/v2.1/gl"} {
			if slices.Contains(p.Deps, d) {
				t.Errorf("%s depends on %s", p.ImportPath, d)
			}
		}
	}
}

func TestRules_EveryPackageHasAComment(t *testing.T) {
	for _, p := range packages(t) {
		if p.Doc == "" {
			t.Errorf("%s has no package comment", p.ImportPath)
		}
	}
}

// TestRules_TheRulesBite proves that the table refuses what it should.
func TestRules_TheRulesBite(t *testing.T) {
	for _, c := range []struct{ path, imported string }{
		{"data/journal", "loonbrug/data/model"},
		{"data/model", "github.com/x/y"},
		{"data/store", "loonbrug/integration/target"},
		{"integration/cash", "loonbrug/integration/vismanet"},
		{"integration/cash", "loonbrug/integration/practice"},
		{"integration/sender", "loonbrug/data/store"},
		{"integration/office", "fyne.io/fyne/v2"},
		{"ui/export", "loonbrug/integration/cash"},
		{"ui/export", "loonbrug/data/store"},
		{"ui/export", "net/http"},
		{"ui", "fyne.io/fyne/v2/app"},
		{"integration/practice/cash", "loonbrug/integration/cash"},
		{"ui/accounts", "loonbrug/cmd/loonbrug"},
	} {
		rooms := house()
		i := slices.IndexFunc(rooms, func(r room) bool { return strings.HasPrefix(c.path, r.prefix) })
		if !broken(rooms[i], c.path, c.imported) {
			t.Errorf("%s may import %s", c.path, c.imported)
		}
	}
}
