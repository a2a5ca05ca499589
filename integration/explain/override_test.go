package explain_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"loonbrug/data/model"
	"loonbrug/integration/explain"
	"loonbrug/resources"
)

// opened opens the catalogue with a file of the office's own.
func opened(t *testing.T, content string) (*explain.Catalogue, *model.Problem) {
	t.Helper()
	path := filepath.Join(t.TempDir(), explain.OwnFile)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	c, p, err := explain.Open(resources.Explanations(), path)
	if err != nil {
		t.Fatal(err)
	}
	return c, p
}

func TestOpen_WithoutAFile(t *testing.T) {
	c, p, err := explain.Open(resources.Explanations(), filepath.Join(t.TempDir(), "none", explain.OwnFile))
	if err != nil || p != nil || c == nil {
		t.Errorf("%v, %v, %v", c, p, err)
	}
}

// A code is explained in the office's words in the languages it wrote them in,
// and as built in otherwise; a new code is explained where it was the unknown
// page before.
func TestOpen_OverridesAndAdds(t *testing.T) {
	problem := model.NewProblem("entry.unknown_ledger_account", "account", "4000", "lines", "3")
	added := model.NewProblem("cash.from_the_future", "detail", "x")
	c, p := opened(t, "\ufeff"+`{"nl": {"problems": {
		"entry.unknown_ledger_account": {"message": "Bel Anna over {{.account}}.", "cause": "{{with .lines}}Regels {{.}}.{{end}} {{.code}}.", "solution": "Toestel 12."},
		"cash.from_the_future": {"message": "Nieuw.", "cause": "Nieuw.", "solution": "Nieuw.", "booked": "nothing"}}}}`)
	if p != nil {
		t.Fatal(p)
	}
	before := catalogue(t)
	if page := c.Page("nl", problem); page.Message != "Bel Anna over 4000." || page.Cause != "Regels 3. entry.unknown_ledger_account." ||
		page.Booked != before.Page("nl", problem).Booked || page.Booked == "" {
		t.Errorf("%+v", page)
	}
	if page := c.Page("nl", added); page.Message != "Nieuw." || page.Booked == "" {
		t.Errorf("%+v", page)
	}
	for _, lang := range []string{"en", "sv", "fi"} {
		for _, p := range []*model.Problem{problem, added} {
			if got, want := c.Page(lang, p), before.Page(lang, p); got != want {
				t.Errorf("%s: %+v, not %+v", lang, got, want)
			}
		}
	}
	if other := model.NewProblem("network.broken"); c.Page("nl", other) != before.Page("nl", other) {
		t.Error("another page changed")
	}
}

// One fault leaves the whole file out, and says where it is.
func TestOpen_Faults(t *testing.T) {
	const code = "entry.unknown_ledger_account"
	page := func(message, more string) string {
		return `{"message": "` + message + `", "cause": "c", "solution": "s"` + more + `}`
	}
	in := func(lang, code, page string) string {
		return `{"` + lang + `": {"problems": {"` + code + `": ` + page + `}}}`
	}
	for name, tt := range map[string]struct{ content, line, entry string }{
		"Empty":            {"", "1", ""},
		"NotJSON":          {"{\n\n oops", "3", ""},
		"List":             {"[]", "1", ""},
		"WrongKind":        {"{\n\"nl\":\n7}", "3", ""},
		"UnknownMember":    {"{\"nl\": {\n\"booked\": {}}}", "2", ""},
		"SomethingFollows": {"{}\n{}", "2", ""},
		"Language":         {in("de", code, page("m", "")), "", "de"},
		"EmptyText":        {in("nl", code, page(" ", "")), "", "nl, " + code},
		"BrokenTemplate":   {in("sv", code, page("{{.account", "")), "", "sv, " + code},
		"Loop":             {in("sv", "new.code", page("{{range .x}}{{end}}", "")), "", "sv, new.code"},
		"NotGiven":         {in("fi", code, page("{{.debit}}", "")), "", "fi, " + code},
		"MayBeMissing":     {in("fi", code, page("{{.lines}}", "")), "", "fi, " + code},
		"NoSentence":       {in("en", code, page("m", `, "booked": "maybe"`)), "", "en, " + code},
		"OtherBooked":      {in("en", code, page("m", `, "booked": "there"`)), "", "en, " + code},
		"Disagree": {
			`{"nl": {"problems": {"new.code": ` + page("m", `, "booked": "there"`) + `}}, "en": {"problems": {"new.code": ` + page("m", "") + `}}}`,
			"", "nl, new.code",
		},
		"TooLarge": {strings.Repeat(" ", 1<<20+1), "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			c, p := opened(t, tt.content)
			if p == nil || p.Code != "explain.bad_file" || p.Params["line"] != tt.line || p.Params["entry"] != tt.entry ||
				p.Params["detail"] == "" || filepath.Base(p.Params["path"]) != explain.OwnFile {
				t.Fatalf("%v", p)
			}
			about := model.NewProblem(code, "account", "4000")
			for _, lang := range explain.Languages() {
				if c.Page(lang, about) != catalogue(t).Page(lang, about) {
					t.Errorf("%s: %+v", lang, c.Page(lang, about))
				}
			}
		})
	}
}

// All faults of a file come back at once.
func TestOpen_AllFaults(t *testing.T) {
	_, p := opened(t, `{"nl": {"problems": {"a.b": {"message": ""}, "c.d": {"message": ""}}}, "de": {}}`)
	for _, want := range []string{"nl, a.b", "nl, c.d", "de"} {
		if !strings.Contains(p.Params["detail"], want) {
			t.Errorf("%q does not name %s", p.Params["detail"], want)
		}
	}
}

// Whatever stands in the file, what is taken gives pages without template noise,
// and what is not taken is refused with a place.
func FuzzOwn(f *testing.F) {
	for _, seed := range []string{
		`{"nl": {"problems": {"entry.unbalanced": {"message": "m {{.debit}}", "cause": "{{with .line}}{{.}}{{end}}", "solution": "s"}}}}`,
		`{"en": {"problems": {"x.y": {"message": "{{amount .a}}", "cause": "{{date .b}}", "solution": "{{if .c}}c{{else}}d{{end}}", "booked": "kept"}}}}`,
		`{"en": {}}`, `{}`, `null`, `[]`, "{\n", `{"en": {"problems": {"": {"message": "{{.}}", "cause": "c", "solution": "s"}}}}`,
	} {
		f.Add([]byte(seed))
	}
	c, err := explain.New(resources.Explanations())
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		with, err := c.With(data)
		if err != nil {
			if err.Error() == "" {
				t.Error("a fault without words")
			}
			return
		}
		for _, lang := range explain.Languages() {
			for code := range with.Codes() {
				p := model.NewProblem(code)
				if page := with.Page(lang, p); page != c.Page(lang, p) && strings.Contains(page.Message, "<no value>") {
					t.Errorf("%s in %s: %q", code, lang, page.Message)
				}
			}
		}
	})
}
