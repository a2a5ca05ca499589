package journal_test

import (
	"errors"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"loonbrug/data/journal"
)

func TestPattern(t *testing.T) {
	for text, c := range map[string]struct{ yes, no []string }{
		"":                     {nil, []string{"", "4000"}},
		"[0-3][0-9][0-9][0-9]": {[]string{"0800", "1700", "3999"}, []string{"4000", "170", "17000", "A700"}},
		"1*, 2*":               {[]string{"1", "1700", "2921"}, []string{"", "3000"}},
		"4?00; 7210":           {[]string{"4000", "4900", "7210"}, []string{"4010", "72100"}},
		"[^4-9]*":              {[]string{"1700", "X"}, []string{"4000", ""}},
	} {
		p, err := journal.ParsePattern(text)
		if err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		for _, code := range c.yes {
			if !p.Match(code) {
				t.Errorf("%q does not choose %q", text, code)
			}
		}
		for _, code := range c.no {
			if p.Match(code) {
				t.Errorf("%q chooses %q", text, code)
			}
		}
	}
	for _, text := range []string{"[0-3", "[]", `4\0`, "4/0"} {
		if _, err := journal.ParsePattern(text); !errors.Is(err, journal.ErrBadPattern) {
			t.Errorf("%q is taken: %v", text, err)
		}
	}
}

func dressing(t *testing.T) journal.Dressing {
	balance, err := journal.ParsePattern("[0-3]*")
	if err != nil {
		t.Fatal(err)
	}
	profit, err := journal.ParsePattern("[4-9]*")
	if err != nil {
		t.Fatal(err)
	}
	return journal.Dressing{Balance: balance, Profit: profit, CostCentre: "100", LedgerAccount: "4999"}
}

func TestDress(t *testing.T) {
	d := dressing(t)
	got := d.Dress([]journal.Line{
		{LedgerAccount: "1700", CostCentre: "200", CostUnit: "A1", Amount: -300},
		{LedgerAccount: "4000", Amount: 100},
		{LedgerAccount: "4000", CostCentre: "200", CostUnit: "A1", Amount: 100},
		{Amount: 100},
		{LedgerAccount: "X", Amount: 0},
	})
	want := []journal.Line{
		{LedgerAccount: "1700", Amount: -300},
		{LedgerAccount: "4000", CostCentre: "100", Amount: 100},
		{LedgerAccount: "4000", CostCentre: "200", CostUnit: "A1", Amount: 100},
		{LedgerAccount: "4999", CostCentre: "100", Amount: 100},
		{LedgerAccount: "X", Amount: 0},
	}
	if !slices.Equal(got, want) {
		t.Errorf("%+v", got)
	}
	bare := d.Bare(got, func(l journal.Line) string { return l.CostUnit })
	if !slices.Equal(bare, []string{"4000", "4999"}) {
		t.Errorf("bare: %v", bare)
	}
	if bare := d.Bare(got, func(l journal.Line) string { return l.CostCentre }); bare != nil {
		t.Errorf("bare: %v", bare)
	}
}

// Dressing never touches money, and dressing twice is dressing once.
func TestDress_Laws(t *testing.T) {
	d := dressing(t)
	rapid.Check(t, func(t *rapid.T) {
		lines := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) journal.Line {
			return journal.Line{
				LedgerAccount: rapid.SampledFrom([]string{"", "1700", "4000", "9", "X"}).Draw(t, "account"),
				CostCentre:    rapid.SampledFrom([]string{"", "100", "200"}).Draw(t, "centre"),
				CostUnit:      rapid.SampledFrom([]string{"", "A1"}).Draw(t, "unit"),
				Amount:        journal.Amount(rapid.IntRange(-5, 5).Draw(t, "amount")),
			}
		}), 0, 8).Draw(t, "lines")
		before := slices.Clone(lines)
		got := d.Dress(lines)
		if !slices.Equal(lines, before) {
			t.Fatal("the journal was changed")
		}
		for i := range got {
			if got[i].Amount != lines[i].Amount {
				t.Fatal("an amount changed")
			}
		}
		if again := d.Dress(got); !slices.Equal(again, got) {
			t.Fatalf("twice: %v, once: %v", again, got)
		}
		if zero := (journal.Dressing{}).Dress(lines); !slices.Equal(zero, lines) {
			t.Fatalf("no rules changed %v", zero)
		}
	})
}
