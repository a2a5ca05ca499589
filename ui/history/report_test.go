package history_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"loonbrug/data/model"
	"loonbrug/ui/history"
	"loonbrug/ui/i18n"
)

func events() []model.Event {
	at := time.Date(2026, 3, 31, 12, 0, 0, 0, time.UTC)
	return []model.Event{
		{
			Number: 2, At: at, Kind: model.EventDeliveryStep, Subject: 7, Part: 3, Hash: "bb", Name: "De Halm L202603-1",
			Attempt: &model.Attempt{To: model.StateRefused, Event: "rejected", Problem: model.NewProblem("cash.rights"), Reason: "Räkenskap"},
		},
		{
			Number: 1, At: at, By: "a.devries", Kind: model.EventMappingChanged, Name: `=HYPERLINK("http://x")`, Hash: "aa",
			Changes: []model.FieldChange{{Field: "option.daybook", Old: "SAL", New: "LON"}, {Field: "start", Old: "2026-03"}},
		},
	}
}

func TestCSV(t *testing.T) {
	for _, language := range []string{"nl", "sv", "fi", "en"} {
		if err := i18n.SetLanguage(language); err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		if err := history.CSV(&out, events()); err != nil {
			t.Fatal(err)
		}
		text := out.String()
		for _, want := range []string{"a.devries", "option.daybook: SAL → LON; start: 2026-03 → –", "cash.rights", ";aa\n", ";bb\n"} {
			if !strings.Contains(text, want) {
				t.Errorf("%s: no %q in\n%s", language, want, text)
			}
		}
	}
}

func TestCSV_NoFormulas(t *testing.T) {
	e := events()[1]
	e.By = `=HYPERLINK("http://x")`
	var out bytes.Buffer
	if err := history.CSV(&out, []model.Event{e}); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(out.String(), `"'=HYPERLINK`) {
		t.Errorf("a formula in\n%s", out.String())
	}
}

func TestPDF(t *testing.T) {
	v := model.Verification{Rows: 2, Breaches: []model.Breach{{Kind: model.BreachRowChanged, Number: 2}}}
	long := events()
	for range 200 {
		long = append(long, events()...)
	}
	var one, two bytes.Buffer
	if err := history.PDF(&one, v, long); err != nil {
		t.Fatal(err)
	}
	if err := history.PDF(&two, v, long); err != nil {
		t.Fatal(err)
	}
	if !bytes.HasPrefix(one.Bytes(), []byte("%PDF-")) || !bytes.Equal(one.Bytes(), two.Bytes()) {
		t.Errorf("%d and %d bytes, beginning with %q", one.Len(), two.Len(), one.Bytes()[:8])
	}
}
