package i18n_test

import (
	"testing"
	"time"

	"loonbrug/data/journal"
	"loonbrug/ui/i18n"
)

// What a language writes it reads, and a day that does not exist is none.
func TestParseDate(t *testing.T) {
	for _, l := range i18n.Languages() {
		speak(t, l.Code)
		for _, d := range []journal.Date{{Year: 2026, Month: time.March, Day: 1}, {Year: 2024, Month: time.February, Day: 29}, {Year: 2026, Month: time.December, Day: 31}} {
			if got, ok := i18n.ParseDate(i18n.FormatDate(d)); !ok || got != d {
				t.Errorf("%s: %q is read as %v, %t", l.Code, i18n.FormatDate(d), got, ok)
			}
		}
		for _, text := range []string{"", "31", "31-04-2026", "2026-02-30", "1-1-26", "1-2-3-4", "31-12-2026x9", "0-1-2026", "99999999999999999999-1-2026"} {
			if d, ok := i18n.ParseDate(text); ok {
				t.Errorf("%s: %q is read as %v", l.Code, text, d)
			}
		}
	}
}
