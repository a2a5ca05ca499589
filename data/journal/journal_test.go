package journal_test

import (
	"errors"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"loonbrug/data/journal"
)

func codes(t *rapid.T, label string, values ...string) string {
	return rapid.SampledFrom(values).Draw(t, label)
}

func anyLines(t *rapid.T) []journal.Line {
	n := rapid.IntRange(0, 20).Draw(t, "lines")
	lines := make([]journal.Line, n)
	for i := range lines {
		lines[i] = journal.Line{
			LedgerAccount: codes(t, "account", "4000", "04000", "1700"),
			CostCentre:    codes(t, "centre", "", "100", "200"),
			CostUnit:      codes(t, "unit", "", "A1", "B2"),
			Text:          codes(t, "text", "Bruto", "Bonus", ""),
			Amount:        journal.Amount(rapid.Int64Range(-500, 500).Draw(t, "cents")),
		}
	}
	return lines
}

func anyJournal(t *rapid.T) *journal.Journal {
	j := &journal.Journal{}
	for range rapid.IntRange(0, 8).Draw(t, "transactions") {
		j.Transactions = append(j.Transactions, journal.Transaction{
			Period: journal.Period{Year: rapid.IntRange(2025, 2026).Draw(t, "year"), Number: rapid.IntRange(1, 3).Draw(t, "period")},
			Lines:  balanced(anyLines(t)),
		})
	}
	return j
}

// balanced adds the line that makes the lines add up to zero.
func balanced(lines []journal.Line) []journal.Line {
	sum := journal.Amount(0)
	for _, l := range lines {
		sum += l.Amount
	}
	return append(lines, journal.Line{LedgerAccount: "1720", Amount: -sum, Text: "Netto"})
}

// counted is a multiset of lines by period.
func counted(j *journal.Journal) map[string]int {
	n := make(map[string]int)
	for _, t := range j.Transactions {
		for _, l := range t.Lines {
			n[t.Period.String()+"|"+l.LedgerAccount+"|"+l.CostCentre+"|"+l.CostUnit+"|"+l.Text+"|"+l.Amount.String()]++
		}
	}
	return n
}

func TestSplit_ThenMergeIsTheOriginal(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		j := anyJournal(t)
		parts := journal.Split(j)
		back := journal.Merge(parts)
		byPeriod := slices.Clone(j.Transactions)
		slices.SortStableFunc(byPeriod, func(a, b journal.Transaction) int { return a.Period.Compare(b.Period) })
		if len(byPeriod) != len(back.Transactions) || (len(byPeriod) > 0 && !reflect.DeepEqual(byPeriod, back.Transactions)) {
			t.Fatalf("merge gave %v, want %v", back.Transactions, byPeriod)
		}
		for i, p := range parts {
			if i > 0 && parts[i-1].Period.Compare(p.Period) >= 0 {
				t.Fatalf("periods not in order or twice: %v", parts)
			}
			for _, tr := range p.Transactions {
				if tr.Period != p.Period {
					t.Fatalf("transaction of %s in part %s", tr.Period, p.Period)
				}
			}
			debit, credit, err := journal.Totals(p.Lines())
			if err != nil || debit != credit {
				t.Fatalf("part %s: %s %s %v", p.Period, debit, credit, err)
			}
		}
		if !reflect.DeepEqual(counted(j), counted(back)) {
			t.Fatal("lines lost or added")
		}
	})
}

func anyGrouping(t *rapid.T) journal.Grouping {
	return journal.Grouping{
		CostCentre: rapid.Bool().Draw(t, "centre"), CostUnit: rapid.Bool().Draw(t, "unit"),
		KeepTexts: rapid.Bool().Draw(t, "texts"), Net: rapid.Bool().Draw(t, "net"),
	}
}

func TestGroup_LosesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		lines, g := anyLines(t), anyGrouping(t)
		debit, credit, _ := journal.Totals(lines)
		out := journal.Group(lines, g)
		gotDebit, gotCredit, err := journal.Totals(out)
		if err != nil {
			t.Fatal(err)
		}
		if gotDebit-gotCredit != debit-credit {
			t.Fatalf("sum %s, want %s", gotDebit-gotCredit, debit-credit)
		}
		if !g.Net && (gotDebit != debit || gotCredit != credit) {
			t.Fatalf("gross %s/%s, want %s/%s", gotDebit, gotCredit, debit, credit)
		}
		perCode := make(map[[3]string]journal.Amount)
		for _, l := range lines {
			perCode[code(l, g)] += l.Amount
		}
		seen := make(map[journal.Line]bool)
		for _, l := range out {
			if l.Amount == 0 {
				t.Fatal("a line of nothing")
			}
			perCode[code(l, g)] -= l.Amount
			id := l
			if id.Amount > 0 {
				id.Amount = 1
			} else {
				id.Amount = -1
			}
			if g.Net {
				id.Amount = 0
			}
			if !g.KeepTexts {
				id.Text = ""
			}
			if seen[id] {
				t.Fatalf("group twice: %+v", l)
			}
			seen[id] = true
		}
		for k, rest := range perCode {
			if rest != 0 {
				t.Fatalf("%v is off by %s", k, rest)
			}
		}
	})
}

func code(l journal.Line, g journal.Grouping) [3]string {
	k := [3]string{l.LedgerAccount}
	if g.CostCentre {
		k[1] = l.CostCentre
	}
	if g.CostUnit {
		k[2] = l.CostUnit
	}
	return k
}

func TestGroup_OrderDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		lines, g := anyLines(t), anyGrouping(t)
		want := journal.Group(lines, g)
		shuffled := slices.Clone(lines)
		seed := rapid.Uint64().Draw(t, "seed")
		rand.New(rand.NewPCG(seed, 1)).Shuffle(len(shuffled), func(i, k int) { shuffled[i], shuffled[k] = shuffled[k], shuffled[i] })
		if got := journal.Group(shuffled, g); !reflect.DeepEqual(got, want) {
			t.Fatalf("got %v\nwant %v", got, want)
		}
		if again := journal.Group(want, g); !reflect.DeepEqual(again, want) {
			t.Fatalf("grouping twice changes: %v, %v", again, want)
		}
	})
}

func TestGroup_TextOfTheLargestAmount(t *testing.T) {
	out := journal.Group([]journal.Line{
		{LedgerAccount: "4000", Amount: 100, Text: "Bonus"},
		{LedgerAccount: "4000", Amount: 900, Text: "Bruto"},
		{LedgerAccount: "4000", Amount: -1, Text: "Terug"},
	}, journal.Grouping{})
	want := []journal.Line{
		{LedgerAccount: "4000", Amount: 1000, Text: "Bruto"},
		{LedgerAccount: "4000", Amount: -1, Text: "Terug"},
	}
	if !reflect.DeepEqual(out, want) {
		t.Fatalf("got %v", out)
	}
}

func TestTransaction_Balance(t *testing.T) {
	tr := journal.Transaction{Period: journal.Period{Year: 2026, Number: 7}, Lines: []journal.Line{{Amount: 101}, {Amount: -100}}}
	var u *journal.Unbalanced
	if err := tr.Balance(); !errors.As(err, &u) || u.Debit != 101 || u.Credit != 100 || u.Period.Number != 7 {
		t.Fatalf("got %v", err)
	}
	tr.Lines[0].Amount = 100
	if err := tr.Balance(); err != nil {
		t.Fatal(err)
	}
	huge := journal.Amount(1) << 62
	tr.Lines = []journal.Line{{Amount: huge}, {Amount: huge}, {Amount: -huge}, {Amount: -huge}}
	if err := tr.Balance(); !errors.Is(err, journal.ErrTooLarge) {
		t.Fatalf("got %v", err)
	}
}

func TestParseAmount(t *testing.T) {
	for in, want := range map[string]journal.Amount{
		"0": 0, "12": 1200, "12.5": 1250, "12.50": 1250, "12.500": 1250, "-0.05": -5, "+1.00": 100, "9999999999.99": journal.MaxAmount,
	} {
		if got, err := journal.ParseAmount(in); err != nil || got != want {
			t.Errorf("%q: %d, %v; want %d", in, got, err, want)
		}
	}
	for in, want := range map[string]error{
		"": journal.ErrNotAnAmount, "-": journal.ErrNotAnAmount, ".5": journal.ErrNotAnAmount, "5.": journal.ErrNotAnAmount,
		"1e3": journal.ErrNotAnAmount, "1,50": journal.ErrNotAnAmount, "1 000": journal.ErrNotAnAmount, "--1": journal.ErrNotAnAmount,
		"1.2.3": journal.ErrNotAnAmount, "NaN": journal.ErrNotAnAmount, "0x10": journal.ErrNotAnAmount, "1.23x": journal.ErrNotAnAmount,
		"1.234": journal.ErrTooManyDigits, "10000000000": journal.ErrAmountTooLarge, "99999999999999999999": journal.ErrAmountTooLarge,
	} {
		if got, err := journal.ParseAmount(in); !errors.Is(err, want) {
			t.Errorf("%q: %d, %v; want %v", in, got, err, want)
		}
	}
}

func FuzzParseAmount(f *testing.F) {
	for _, s := range []string{"0", "-12.34", "9999999999.99", "1e3", "1,5", ""} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		a, err := journal.ParseAmount(s)
		if err != nil {
			return
		}
		back, err := journal.ParseAmount(a.String())
		if err != nil || back != a {
			t.Fatalf("%q gave %s gave %s, %v", s, a, back, err)
		}
		var text journal.Amount
		if err := text.UnmarshalText([]byte(a.String())); err != nil || text != a {
			t.Fatalf("text %s: %s, %v", a, text, err)
		}
		if strings.ContainsAny(s, "eE,_ x") {
			t.Fatalf("%q accepted", s)
		}
	})
}

func TestPeriod(t *testing.T) {
	for in, want := range map[string]journal.Period{
		"3/2026": {Year: 2026, Number: 3}, "2026/03": {Year: 2026, Number: 3}, "13/2026": {Year: 2026, Number: 13}, " 2026/1 ": {Year: 2026, Number: 1},
		"2026-03": {Year: 2026, Number: 3}, journal.Period{Year: 2026, Number: 13}.String(): {Year: 2026, Number: 13},
	} {
		if got, err := journal.ParsePeriod(in); err != nil || got != want {
			t.Errorf("%q: %v, %v", in, got, err)
		}
	}
	for _, in := range []string{"", "3", "14/2026", "0/2026", "3/26", "3/20260", "-1/2026", "3/1900", "a/2026", "2026/2026", "3/2026/1", "2026-03-31", "2026--3"} {
		if got, err := journal.ParsePeriod(in); !errors.Is(err, journal.ErrUnknownPeriod) {
			t.Errorf("%q: %v, %v", in, got, err)
		}
	}
}

func TestPeriod_LastDay(t *testing.T) {
	for _, c := range []struct {
		year, number int
		fourWeekly   bool
		want         string
	}{
		{2026, 2, false, "2026-02-28"},
		{2024, 2, false, "2024-02-29"},
		{2026, 12, false, "2026-12-31"},
		{2026, 1, true, "2026-01-25"},
		{2026, 12, true, "2026-11-29"},
		{2026, 13, true, "2026-12-31"},
		{2026, 13, false, "2026-12-31"},
		{2027, 1, true, "2027-01-31"},
	} {
		if got := (journal.Period{Year: c.year, Number: c.number}).LastDay(c.fourWeekly); got.String() != c.want {
			t.Errorf("%d-%d: %s, want %s", c.year, c.number, got, c.want)
		}
	}
}

func TestParseDate(t *testing.T) {
	for in, want := range map[string]string{
		"20260331": "2026-03-31", "2026-03-31": "2026-03-31", "2026-03-31T00:00:00": "2026-03-31",
		"2026-03-31T23:59:59.123": "2026-03-31", "2026-03-31T00:00:00Z": "2026-03-31", "2026-03-31T00:00:00+02:00": "2026-03-31",
	} {
		if got, err := journal.ParseDate(in); err != nil || got.String() != want {
			t.Errorf("%q: %s, %v", in, got, err)
		}
	}
	for _, in := range []string{"", "20260230", "31-03-2026", "2026-3-1", "2026-03-31T", "2026-03-31Tx", "0"} {
		if got, err := journal.ParseDate(in); !errors.Is(err, journal.ErrNotADate) {
			t.Errorf("%q: %s, %v", in, got, err)
		}
	}
}
