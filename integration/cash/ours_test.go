package cash_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"loonbrug/data/journal"
	"loonbrug/data/model"
	"loonbrug/integration/target"
)

var (
	newYear = journal.Date{Year: 2026, Month: time.January, Day: 1}
	newEve  = journal.Date{Year: 2026, Month: time.December, Day: 31}
)

// Everything that was sent is listed under its key, line by line, also where a
// mapping chose a field of its own for cost units.
func TestPractice_Ours(t *testing.T) {
	c, _ := office(t)
	a, ctx := access("practice-cash-key"), t.Context()
	ref, err := c.Reference(ctx, a, "halm")
	if err != nil {
		t.Fatal(err)
	}
	sent := make(map[string]model.Entry)
	for _, part := range journal.Split(sample(t)) {
		entry, problems := c.Build(draft(part), ref)
		if len(problems) > 0 {
			t.Fatalf("%s: %v", part.Period, problems)
		}
		d := target.Delivery{Entry: entry}
		if d.Evidence, err = c.Prepare(ctx, a, d); err != nil {
			t.Fatal(err)
		}
		if o := c.Post(ctx, a, d); o.Class != target.Accepted {
			t.Fatalf("post: %+v", o)
		}
		sent[entry.Key] = entry
	}
	ours, err := c.Ours(ctx, a, "halm", newYear, newEve)
	if err != nil || len(ours) != len(sent) {
		t.Fatalf("%d of %d listed: %v", len(ours), len(sent), err)
	}
	for _, b := range ours {
		if !target.Same(sent[b.Key].Lines, b.Lines) || b.Number == "" || b.Evidence["document"] == "" {
			t.Errorf("%s: %+v", b.Key, b)
		}
	}
	if elsewhere, err := c.Ours(ctx, a, "trns", newYear, newEve); err != nil || len(elsewhere) != 0 {
		t.Errorf("in another administration: %+v, %v", elsewhere, err)
	}
}

// Bookings of other people are not ours; a line that somebody added to one of
// ours is; one number in two book years is two bookings.
func TestOurs_Records(t *testing.T) {
	const first, second = "LBABCDEFGHAA", "LBABCDEFGHAB"
	for name, tt := range map[string]struct {
		rows []string
		want map[string]int // lines by key
	}{
		"Other":     {[]string{line("000001", "4000", "5,00", ""), line("000001", "1700", "-5,00", "REF")}, nil},
		"LikeAKey":  {[]string{line("000001", "4000", "5,00", first+"A"), line("000001", "1700", "-5,00", "LBABC")}, nil},
		"Own":       {[]string{line("000001", "4000", "5,00", first), line("000001", "1700", "-5,00", first)}, map[string]int{first: 2}},
		"LineAdded": {[]string{line("000001", "4000", "5,00", first), line("000001", "1700", "-5,00", "")}, map[string]int{first: 2}},
		"Double":    {[]string{line("000001", "4000", "5,00", first), line("000002", "4000", "5,00", first)}, map[string]int{first: 2}},
		"TwoYears":  {[]string{line("000001", "4000", "5,00", first), line("000001", "4000", "6,00", second)}, map[string]int{first: 1, second: 1}},
	} {
		t.Run(name, func(t *testing.T) {
			c := serve(t, answer(http.StatusOK, `{"R0301":[`+strings.Join(tt.rows, ",")+`]}`))
			ours, err := c.Ours(t.Context(), access("k"), "halm", newYear, newEve)
			if err != nil {
				t.Fatal(err)
			}
			got := make(map[string]int)
			for _, b := range ours {
				got[b.Key] += len(b.Lines)
			}
			for key, n := range tt.want {
				if got[key] != n {
					t.Errorf("%s has %d lines, want %d", key, got[key], n)
				}
			}
			if len(got) != len(tt.want) {
				t.Errorf("listed %v", got)
			}
		})
	}
}

// A list that cannot be read is no empty list.
func TestOurs_Fails(t *testing.T) {
	for name, h := range map[string]http.HandlerFunc{
		"Unreadable": answer(http.StatusOK, `{"R0301":[{"F0302":"x"}]}`),
		"Refused":    answer(http.StatusUnauthorized, ``),
		"Down":       answer(http.StatusServiceUnavailable, `<html>`),
	} {
		t.Run(name, func(t *testing.T) {
			if ours, err := serve(t, h).Ours(t.Context(), access("k"), "halm", newYear, newEve); err == nil {
				t.Errorf("listed %+v", ours)
			}
		})
	}
}
