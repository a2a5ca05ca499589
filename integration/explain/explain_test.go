package explain_test

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"loonbrug/data/model"
	"loonbrug/integration/explain"
	"loonbrug/resources"
)

func catalogue(t *testing.T) *explain.Catalogue {
	t.Helper()
	c, err := explain.New(resources.Explanations())
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// Every problem that the program can make is explained, and gets from the place
// that makes it whatever its explanation cannot do without.
func TestCatalogue_ExplainsEveryProblemOfTheProgram(t *testing.T) {
	known := catalogue(t).Codes()
	used := map[string]bool{"internal": true} // model.ProblemOf
	for _, u := range uses(t, "../..", "data", "integration", "cmd", "ui") {
		for _, code := range u.codes {
			used[code] = true
			needs, ok := known[code]
			if !ok {
				t.Errorf("%s: %s %v is not explained", u.place, code, u.params)
				continue
			}
			for _, name := range needs {
				if !u.open && name != "code" && !slices.Contains(u.params, name) {
					t.Errorf("%s: the explanation of %s needs %q, there is %v", u.place, code, name, u.params)
				}
			}
		}
	}
	if len(used) < 50 {
		t.Fatalf("only %d codes found: the search is broken", len(used))
	}
	for code := range known {
		if !used[code] {
			t.Errorf("%s is explained but never happens", code)
		}
	}
}

// One line is one, and several are several.
func TestPage_OneLineOrSeveral(t *testing.T) {
	c := catalogue(t)
	for lang, words := range map[string][2]string{
		"nl": {"(regel 1)", "(regels 1, 12)"}, "sv": {"(rad 1)", "(rader 1, 12)"}, "fi": {"(rivi 1)", "(rivit 1, 12)"}, "en": {"(line 1)", "(lines 1, 12)"},
	} {
		for i, lines := range []string{"1", "1, 12"} {
			page := c.Page(lang, model.NewProblem("cash.unknown_cost_centre", "codes", "100", "lines", lines))
			if !strings.Contains(page.Message, words[i]) {
				t.Errorf("%s: %q has no %s", lang, page.Message, words[i])
			}
		}
		if page := c.Page(lang, model.NewProblem("cash.unknown_cost_centre", "codes", "100")); strings.Contains(page.Message, "(") {
			t.Errorf("%s: %q", lang, page.Message)
		}
	}
}

func TestPage_InFourLanguages(t *testing.T) {
	c := catalogue(t)
	p := model.NewProblem("file.unbalanced", "file", "maart.xml", "transaction", "1", "period", "2026-03",
		"debit", "190567.45", "credit", "190567.44", "difference", "0.01", "row", "12").With(model.ActionRefresh)
	for lang, want := range map[string][2]string{
		"nl": {"Debet en credit verschillen 0,01: maart.xml, transactie 1 (rij 12 van het bestand).", "190.567,45"},
		"sv": {"Debet och kredit skiljer sig med 0,01: maart.xml, transaktion 1 (filens rad 12).", "190\u00a0567,45"},
		"fi": {"Debet ja kredit eroavat 0,01: maart.xml, tapahtuma 1 (tiedoston rivi 12).", "190\u00a0567,45"},
		"en": {"Debit and credit differ by 0.01: maart.xml, transaction 1 (row 12 of the file).", "190,567.45"},
		"de": {"Debit and credit differ by 0.01: maart.xml, transaction 1 (row 12 of the file).", "190,567.45"},
	} {
		page := c.Page(lang, p)
		if page.Message != want[0] || !strings.Contains(page.Cause, want[1]) {
			t.Errorf("%s: %q %q", lang, page.Message, page.Cause)
		}
		if page.Solution == "" || page.Booked == "" || page.Action != model.ActionRefresh || page.Code != p.Code {
			t.Errorf("%s: %+v", lang, page)
		}
	}
}

// A parameter that is missing leaves a mark where it is needed and nothing where
// it is not; it never leaves template noise.
func TestPage_MissingParameters(t *testing.T) {
	c := catalogue(t)
	for code := range c.Codes() {
		for _, lang := range explain.Languages() {
			page := c.Page(lang, model.NewProblem(code))
			for _, text := range []string{page.Message, page.Cause, page.Solution} {
				if text == "" || strings.Contains(text, "<no value>") || strings.Contains(text, "{{") {
					t.Errorf("%s in %s: %q", code, lang, text)
				}
			}
		}
	}
	page := c.Page("en", model.NewProblem("file.cut_off", "file", "march.xml"))
	if page.Message != "The file stops in the middle: march.xml." {
		t.Errorf("%q", page.Message)
	}
	page = c.Page("en", model.NewProblem("target.unknown"))
	if page.Message != "The program does not know the accounting system “…”." {
		t.Errorf("%q", page.Message)
	}
}

// A code like 4000.10 looks like an amount; only the text knows that it is none.
func TestPage_CodesAreNotAmounts(t *testing.T) {
	page := catalogue(t).Page("nl", model.NewProblem("entry.unknown_ledger_account", "account", "4000.10"))
	if !strings.Contains(page.Message, "4000.10") {
		t.Errorf("%q", page.Message)
	}
}

func TestPage_UnknownCodeShowsTheTargetsWords(t *testing.T) {
	p := model.NewProblem("cash.from_the_future", "detail", " Ongeldige waarde 0201=4711 ", "request", "abc").With(model.ActionCheckAgain)
	page := catalogue(t).Page("nl", p)
	if page.Message == "" || page.Cause == "" || page.Solution == "" || !strings.Contains(page.Message, p.Code) {
		t.Errorf("%+v", page)
	}
	if page.Detail != "Ongeldige waarde 0201=4711\nabc" || page.Action != model.ActionCheckAgain {
		t.Errorf("%+v", page)
	}
	if page := catalogue(t).Page("nl", nil); page != (explain.Page{}) {
		t.Errorf("no problem gives %+v", page)
	}
}

func TestNew_RefusesACatalogueThatIsNotWhole(t *testing.T) {
	const good = `{"booked": {"no": "Nothing."}, "unknown": {"message": "m", "cause": "c", "solution": "s"},
		"problems": {"a.b": {"message": "m {{.x}}", "cause": "c", "solution": "s", "booked": "no"}}}`
	for name, bad := range map[string]string{
		"is not JSON":            `{`,
		"has an unknown member":  strings.Replace(good, `"cause"`, `"reason"`, 1),
		"lacks a code":           strings.Replace(good, `a.b`, `a.c`, 1),
		"uses another parameter": strings.Replace(good, `.x`, `.y`, 1),
		"has an empty text":      strings.Replace(good, `"m {{.x}}"`, `" "`, 1),
		"has a broken template":  strings.Replace(good, `.x}}`, `.x`, 1),
		"calls a function":       strings.Replace(good, `.x`, `printf "%d" .x`, 1),
		"loops":                  strings.Replace(good, `{{.x}}`, `{{range .x}}{{end}}`, 1),
		"names nothing":          strings.Replace(good, `.x`, `.`, 1),
		"reaches inside":         strings.Replace(good, `.x`, `.x.y`, 1),
		"says other things":      strings.Replace(good, `, "booked": "no"}`, `}`, 1),
		"lacks that sentence":    strings.Replace(good, `"no": "Nothing."`, `"no": ""`, 1),
		"lacks the unknown page": strings.Replace(good, `"message": "m", `, ``, 1),
	} {
		folder := fstest.MapFS{}
		for _, lang := range explain.Languages() {
			folder[lang+".json"] = &fstest.MapFile{Data: []byte(good)}
		}
		if _, err := explain.New(folder); err != nil {
			t.Fatal(err)
		}
		folder["fi.json"] = &fstest.MapFile{Data: []byte(bad)}
		if _, err := explain.New(folder); err == nil {
			t.Errorf("a catalogue that %s was taken", name)
		}
		delete(folder, "fi.json")
		if _, err := explain.New(folder); err == nil {
			t.Error("a catalogue without Finnish was taken")
		}
	}
}

// A message is one line on the screen, and every text is whole sentences.
func TestCatalogue_TextsAreForPeople(t *testing.T) {
	c := catalogue(t)
	for code := range c.Codes() {
		for _, lang := range explain.Languages() {
			page := c.Page(lang, model.NewProblem(code))
			if n := len([]rune(page.Message)); n > 160 {
				t.Errorf("%s in %s: the message has %d characters", code, lang, n)
			}
			for _, text := range []string{page.Message, page.Cause, page.Solution} {
				if last := text[len(text)-1]; last != '.' {
					t.Errorf("%s in %s does not end: %q", code, lang, text)
				}
			}
		}
	}
}

// All explanations come in the order of their codes, each with its texts.
func TestCatalogue_Pages(t *testing.T) {
	c := catalogue(t)
	for _, lang := range explain.Languages() {
		pages := c.Pages(lang)
		if len(pages) != len(c.Codes()) {
			t.Errorf("%s: %d pages", lang, len(pages))
		}
		for i, p := range pages {
			if p.Message == "" || p.Cause == "" || p.Solution == "" || i > 0 && pages[i-1].Code >= p.Code {
				t.Errorf("%s: %+v", lang, p)
			}
		}
	}
}
