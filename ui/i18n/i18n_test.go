package i18n_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"fyne.io/fyne/v2/lang"

	"loonbrug/data/journal"
	"loonbrug/ui/i18n"
)

// speak changes the language for one test. Tests of this package do not run in
// parallel, because the language belongs to the process.
func speak(t *testing.T, code string) {
	t.Helper()
	if err := i18n.SetLanguage(code); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := i18n.SetLanguage(i18n.English); err != nil {
			t.Error(err)
		}
	})
}

func TestFormats(t *testing.T) {
	day := journal.Date{Year: 2026, Month: time.March, Day: 1}
	moment := time.Date(2026, time.March, 1, 9, 5, 59, 0, time.Local)
	for code, want := range map[string][4]string{
		"nl": {"-1.234.567,80", "0,05", "01-03-2026", "01-03-2026 09:05"},
		"sv": {"-1\u00a0234\u00a0567,80", "0,05", "2026-03-01", "2026-03-01 09:05"},
		"fi": {"-1\u00a0234\u00a0567,80", "0,05", "1.3.2026", "1.3.2026 09.05"},
		"en": {"-1,234,567.80", "0.05", "1 Mar 2026", "1 Mar 2026 09:05"},
	} {
		t.Run(code, func(t *testing.T) {
			speak(t, code)
			got := [4]string{
				i18n.FormatAmount(-1_234_567_80), i18n.FormatAmount(5), i18n.FormatDate(day), i18n.FormatTime(moment),
			}
			if got != want {
				t.Errorf("got %q, want %q", got, want)
			}
			if p := i18n.FormatPeriod(journal.Period{Year: 2026, Number: 3}); p != "2026-03" {
				t.Errorf("period %q", p)
			}
		})
	}
	if s := i18n.FormatDate(journal.Date{}) + i18n.FormatTime(time.Time{}) + i18n.FormatPeriod(journal.Period{}); s != "" {
		t.Errorf("what was never set shows %q", s)
	}
}

// Fyne's own words must follow our choice whatever the computer speaks.
func TestSetLanguage_FyneFollowsOnEverySystem(t *testing.T) {
	for _, system := range []string{"C", "POSIX", "", "de_DE.UTF-8", "en_US.UTF-8", "nl_NL.UTF-8", "pl_PL", "zh_CN.UTF-8", "nb_NO"} {
		t.Run(system, func(t *testing.T) {
			t.Setenv("LC_ALL", system)
			t.Setenv("LC_MESSAGES", "")
			t.Setenv("LANG", system)
			t.Setenv("LANGUAGE", "")
			for code, cancel := range map[string]string{"nl": "Annuleren", "fi": "Peruuta", "sv": "Avbryt", "en": "Cancel"} {
				speak(t, code)
				if got := lang.L("Cancel"); got != cancel {
					t.Errorf("Fyne says %q in %s, want %q", got, code, cancel)
				}
				if got := i18n.T("Cancel"); got != cancel || i18n.Language() != code {
					t.Errorf("T says %q in %s", got, i18n.Language())
				}
			}
		})
	}
}

func TestSetLanguage_RefusesAnUnknownOneAndKeepsTheOld(t *testing.T) {
	speak(t, "fi")
	for _, code := range []string{"", "de", "NL", "../explain/nl"} {
		if err := i18n.SetLanguage(code); err == nil {
			t.Errorf("language %q was taken", code)
		}
	}
	if i18n.Language() != "fi" || i18n.T("Cancel") != "Peruuta" {
		t.Errorf("language is %q", i18n.Language())
	}
}

func TestPreferred(t *testing.T) {
	for want, systems := range map[string][][]string{
		"nl": {{"nl-NL"}, {"nl_BE.UTF-8"}, {"nl"}, {"de-DE", "nl-NL"}},
		"sv": {{"sv-SE"}, {"sv_FI.UTF-8"}},
		"fi": {{"fi-FI"}},
		"en": {{}, {"C"}, {"POSIX"}, {""}, {"de-DE"}, {"ja"}, {"en-NL"}, {"en_GB.UTF-8"}, {"not a locale"}},
	} {
		for _, system := range systems {
			if got := i18n.Preferred(system); got != want {
				t.Errorf("Preferred(%q) = %q, want %q", system, got, want)
			}
		}
	}
}

// The plural follows the language chosen, not the computer's: Polish has other
// rules and Japanese has none.
func TestTn_OneAndOther(t *testing.T) {
	for _, system := range []string{"nl_NL", "pl_PL", "ja_JP"} {
		t.Setenv("LC_ALL", system)
		for code, words := range map[string][2]string{
			"nl": {"correctie", "correcties"}, "sv": {"korrigering", "korrigeringar"}, "en": {"correction", "corrections"},
			"fi": {"korjaus", "korjausta"},
		} {
			speak(t, code)
			for n, word := range map[int]string{0: words[1], 1: words[0], 2: words[1], 22: words[1], -1: words[0]} {
				if got, want := i18n.Tn("export.corrections", n), fmt.Sprintf("%d %s", n, word); got != want {
					t.Errorf("%d in %s: %q, want %q", n, code, got, want)
				}
			}
		}
	}
}

// A key without any text shows words, never a key or a template.
func TestT_AKeyWithoutTextShowsWords(t *testing.T) {
	speak(t, "nl")
	for key, want := range map[string]string{"export.send_all": "Send all", "nothing": "Nothing", "": "", "x.": ""} {
		if got := i18n.T(key); got != want {
			t.Errorf("T(%q) = %q, want %q", key, got, want)
		}
		if i18n.Has(key) {
			t.Errorf("Has(%q)", key)
		}
	}
	if !i18n.Has("Cancel") {
		t.Error("Has does not know Cancel")
	}
}

func TestCompare(t *testing.T) {
	names := []string{"Öberg", "Zon", "Åberg", "Winkel 10", "Ärla", "Winkel 2", "aap"}
	for code, want := range map[string]string{
		"sv": "aap, Winkel 2, Winkel 10, Zon, Åberg, Ärla, Öberg",
		"fi": "aap, Winkel 2, Winkel 10, Zon, Åberg, Ärla, Öberg",
		"nl": "aap, Åberg, Ärla, Öberg, Winkel 2, Winkel 10, Zon",
	} {
		speak(t, code)
		sorted := slices.Clone(names)
		slices.SortFunc(sorted, i18n.Compare)
		if got := strings.Join(sorted, ", "); got != want {
			t.Errorf("%s: %s, want %s", code, got, want)
		}
	}
}

// A background goroutine may ask for a text while the language changes.
func TestT_WhileTheLanguageChanges(t *testing.T) {
	speak(t, "nl")
	var readers sync.WaitGroup
	for range 4 {
		readers.Go(func() {
			for range 200 {
				i18n.T("Cancel")
				i18n.Compare("a", "b")
				i18n.FormatAmount(1)
			}
		})
	}
	for range 20 {
		speak(t, "sv")
		speak(t, "fi")
	}
	readers.Wait()
}
