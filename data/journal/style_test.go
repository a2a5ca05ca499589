package journal_test

import (
	"math"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"loonbrug/data/journal"
)

func TestStyle_Amount(t *testing.T) {
	dutch := journal.StyleOf("nl")
	for amount, want := range map[journal.Amount]string{
		0:             "0,00",
		5:             "0,05",
		-5:            "-0,05",
		100:           "1,00",
		99_999:        "999,99",
		100_000:       "1.000,00",
		-123_456:      "-1.234,56",
		1_234_567_89:  "1.234.567,89",
		math.MinInt64: "-92.233.720.368.547.758,08",
	} {
		if got := dutch.Amount(amount); got != want {
			t.Errorf("Amount(%d) = %q, want %q", int64(amount), got, want)
		}
	}
}

// Without its group separators the form for people is the form of files.
func TestStyle_AmountIsStringWithGroups(t *testing.T) {
	english := journal.StyleOf("en")
	rapid.Check(t, func(t *rapid.T) {
		a := journal.Amount(rapid.Int64().Draw(t, "cents"))
		if got := strings.ReplaceAll(english.Amount(a), ",", ""); got != a.String() {
			t.Fatalf("%q is not %q", got, a.String())
		}
	})
}

func TestStyle_WhatWasNeverSetIsEmpty(t *testing.T) {
	for _, language := range []string{"nl", "sv", "fi", "en", "de", ""} {
		s := journal.StyleOf(language)
		if got := s.Date(journal.Date{}) + s.Time(time.Time{}); got != "" {
			t.Errorf("%s: %q", language, got)
		}
	}
}
