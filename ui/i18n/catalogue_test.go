package i18n

import (
	"testing"
	"time"

	"loonbrug/data/journal"
	"loonbrug/data/model"
)

func catalogueOf(t *testing.T, file string) *catalogue {
	t.Helper()
	texts, err := read([]byte(file))
	if err != nil {
		t.Fatal(err)
	}
	return &catalogue{code: "nl", texts: texts, style: journal.StyleOf("nl")}
}

func TestText_FillsParamsAndForgivesMissingOnes(t *testing.T) {
	c := catalogueOf(t, `{"greeting": "Dag {{.name}}, {{.what}}."}`)
	if got := c.text("greeting", params([]any{"name", "De Halm"})); got != "Dag De Halm, ." {
		t.Errorf("%q", got)
	}
	if got := c.text("greeting", params([]any{"name", "{{.what}}", "what", "<b>&"})); got != "Dag {{.what}}, <b>&." {
		t.Errorf("%q", got)
	}
}

func TestText_OneAndOther(t *testing.T) {
	c := catalogueOf(t, `{"runs": {"one": "{{.n}} run", "other": "{{.n}} runs"}, "flat": "{{.n}} stuks"}`)
	for key, want := range map[string]string{
		"runs": "7 runs", "runs" + singular: "7 run", "flat": "7 stuks", "flat" + singular: "7 stuks",
	} {
		if got := c.text(key, map[string]string{"n": "7"}); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// What a language lacks appears in English, not as a key.
func TestText_FallsBackToEnglish(t *testing.T) {
	if got := catalogueOf(t, `{}`).text("Cancel", nil); got != "Cancel" {
		t.Errorf("%q", got)
	}
	if got := catalogueOf(t, `{"Cancel": "Stop"}`).text("Cancel", nil); got != "Stop" {
		t.Errorf("%q", got)
	}
}

func TestRead_RefusesABrokenTemplate(t *testing.T) {
	for _, file := range []string{`{"a": "{{.name"}`, `{"a": 3}`, `["a"]`, `{"a": "x"`} {
		if _, err := read([]byte(file)); err == nil {
			t.Errorf("%s was read", file)
		}
	}
}

func TestParams_WritesValuesForPeople(t *testing.T) {
	current.Store(&catalogue{style: journal.StyleOf("nl")})
	defer current.Store(nil)
	got := params([]any{
		"amount", journal.Amount(-123450), "date",
		journal.Date{Year: 2026, Month: time.May, Day: 4},
		"period",
		journal.Period{Year: 2026, Number: 13},
		"n", 3, "secret", model.Secret("hunter2"),
	})
	for name, want := range map[string]string{
		"amount": "-1.234,50", "date": "04-05-2026", "period": "2026-13", "n": "3", "secret": "•••",
	} {
		if got[name] != want {
			t.Errorf("%s = %q, want %q", name, got[name], want)
		}
	}
}
