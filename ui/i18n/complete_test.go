package i18n_test

import (
	"encoding/json"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"text/template"
	"text/template/parse"

	"loonbrug/resources"
	"loonbrug/ui/i18n"
)

// entry is one text of a translation file. Flat is what a plain string holds.
type entry struct {
	Flat, One, Other string
}

func (e *entry) UnmarshalJSON(data []byte) error {
	if data[0] == '"' {
		return json.Unmarshal(data, &e.Flat)
	}
	var forms struct {
		One   *string `json:"one"`
		Other *string `json:"other"`
	}
	if err := json.Unmarshal(data, &forms); err != nil {
		return err
	}
	if forms.One != nil {
		e.One = *forms.One
	}
	if forms.Other != nil {
		e.Other = *forms.Other
	}
	return nil
}

// texts are all forms of the entry.
func (e entry) texts() []string {
	return slices.DeleteFunc([]string{e.Flat, e.One, e.Other}, func(s string) bool { return s == "" })
}

func readTexts(t *testing.T, code string) map[string]entry {
	t.Helper()
	data, err := fs.ReadFile(resources.Translations(), code+".json")
	if err != nil {
		t.Fatal(err)
	}
	var texts map[string]entry
	if err := json.Unmarshal(data, &texts); err != nil {
		t.Fatalf("%s.json: %v", code, err)
	}
	return texts
}

// placeholders are the names a text uses, in all its forms.
func placeholders(t *testing.T, key string, e entry) []string {
	t.Helper()
	var names []string
	for _, text := range e.texts() {
		tmpl, err := template.New(key).Parse(text)
		if err != nil {
			t.Errorf("%s: %v", key, err)
			continue
		}
		for _, node := range tmpl.Root.Nodes {
			switch n := node.(type) {
			case *parse.TextNode:
			case *parse.ActionNode:
				name, ok := strings.CutPrefix(n.Pipe.String(), ".")
				if !ok || strings.ContainsAny(name, ". |") {
					t.Errorf("%s: %s is more than a name", key, n)
				}
				names = append(names, name)
			default:
				t.Errorf("%s: %s is more than a name", key, n)
			}
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// The four files say the same things with the same names, and nothing is empty.
func TestFiles_Agree(t *testing.T) {
	english := readTexts(t, i18n.English)
	for _, l := range i18n.Languages() {
		texts := readTexts(t, l.Code)
		for key := range english {
			if _, ok := texts[key]; !ok {
				t.Errorf("%s.json lacks %s", l.Code, key)
			}
		}
		for key, e := range texts {
			original, ok := english[key]
			if !ok {
				t.Errorf("%s.json has %s, English has not", l.Code, key)
				continue
			}
			if len(e.texts()) == 0 || slices.ContainsFunc(e.texts(), func(s string) bool { return strings.TrimSpace(s) == "" }) {
				t.Errorf("%s.json: %s is empty", l.Code, key)
			}
			if (e.Flat == "") != (original.Flat == "") || (e.One == "") != (original.One == "") {
				t.Errorf("%s.json: %s has other forms than in English", l.Code, key)
			}
			if got, want := placeholders(t, key, e), placeholders(t, key, original); !slices.Equal(got, want) {
				t.Errorf("%s.json: %s uses %v, English uses %v", l.Code, key, got, want)
			}
		}
	}
}

// One reserved word as a key makes Fyne refuse the whole file.
func TestFiles_HaveNoReservedKey(t *testing.T) {
	reserved := []string{
		"id", "description", "hash", "leftdelim", "rightdelim",
		"zero", "one", "two", "few", "many", "other", "translation",
	}
	for _, l := range i18n.Languages() {
		for key := range readTexts(t, l.Code) {
			if slices.Contains(reserved, strings.ToLower(key)) {
				t.Errorf("%s.json: %s is reserved", l.Code, key)
			}
		}
	}
}

// fyneKeys are the keys of the texts that Fyne itself shows, read from the
// source of the version in go.mod.
func fyneKeys(t *testing.T) []string {
	t.Helper()
	folder, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "fyne.io/fyne/v2").Output()
	if err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(folder)), "lang", "translations", "base.en.json"))
	if err != nil {
		t.Fatal(err)
	}
	var texts map[string]json.RawMessage
	if err := json.Unmarshal(data, &texts); err != nil {
		t.Fatal(err)
	}
	return slices.Sorted(maps.Keys(texts))
}

func TestFiles_HaveAllOfFynesOwnTexts(t *testing.T) {
	keys := fyneKeys(t)
	if len(keys) < 30 {
		t.Fatalf("found only %v", keys)
	}
	for _, l := range i18n.Languages() {
		texts := readTexts(t, l.Code)
		for _, key := range keys {
			if _, ok := texts[key]; !ok {
				t.Errorf("%s.json lacks Fyne's %q", l.Code, key)
			}
		}
	}
}

// Every text that the screens ask for is there, with every name filled, in the
// form they ask for; and every text that is there is asked for.
func TestScreens_AskForWhatIsThere(t *testing.T) {
	texts := readTexts(t, i18n.English)
	used := make(map[string]bool)
	for _, key := range fyneKeys(t) {
		used[key] = true
	}
	asked := asks(t, "../..", "ui", "cmd")
	if len(asked) < 50 {
		t.Fatalf("only %d texts asked for: the search is broken", len(asked))
	}
	for _, a := range asked {
		for _, key := range a.keys {
			used[key] = true
			e, ok := texts[key]
			switch {
			case !ok:
				t.Errorf("%s: no text %s", a.place, key)
			case a.plural && (e.One == "" || e.Other == ""):
				t.Errorf("%s: %s needs one and other", a.place, key)
			case !a.plural && e.Flat == "":
				t.Errorf("%s: %s has one and other, use Tn", a.place, key)
			}
			for _, name := range placeholders(t, key, e) {
				if !a.open && !slices.Contains(a.params, name) {
					t.Errorf("%s: %s needs %q, there is %v", a.place, key, name, a.params)
				}
			}
		}
	}
	for _, key := range slices.Sorted(maps.Keys(texts)) {
		if !used[key] && !ofTargets(key) {
			t.Errorf("nobody asks for %s", key)
		}
	}
}

// ofTargets tells whether a text belongs to the description of a target. The
// test of the program's wiring, which knows the targets, checks those.
func ofTargets(key string) bool {
	return strings.HasPrefix(key, "field.") || strings.HasPrefix(key, "target.")
}
