package nmbrs_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"loonbrug/data/journal"
	"loonbrug/integration/practice/nmbrs"
)

// at asks for the journal of a run at a depth, with the year or without it.
func (b *bench) at(depth string, r nmbrs.Run, dated bool) answer {
	b.t.Helper()
	in := []any{"CompanyId", r.Company, "RunId", r.ID}
	switch {
	case dated && depth == "CostCenterCostUnit":
		depth, in = "CostCenterCostUnitPerYear", []any{"companyId", r.Company, "runId", r.ID, "year", r.Year}
	case dated:
		depth, in = depth+"_v2", append(in, "intYear", r.Year)
	}
	return b.company("Journals_GetByRun"+depth, in...)
}

var depths = []string{"Company", "Department", "CostCenter", "CostCenterCostUnit"}

// totals are the sums of a journal: debit and credit by period, and the balance
// of each ledger account in each period.
func (b *bench) totals(j booked) map[string]journal.Amount {
	b.t.Helper()
	sums := map[string]journal.Amount{}
	for _, t := range j.Transactions {
		var balance journal.Amount
		for _, l := range t.Lines {
			signed := l.Value
			if l.Side == "credit" {
				signed = -signed
			} else if l.Side != "debit" {
				b.t.Fatalf("side %q", l.Side)
			}
			if l.Value < 0 || l.Text == "" {
				b.t.Fatalf("line %+v", l)
			}
			balance += signed
			sums[t.Period+" "+l.Side] += l.Value
			sums[t.Period+" "+l.Dim1] += signed
		}
		if balance != 0 {
			b.t.Fatalf("period %s is %s out of balance", t.Period, balance)
		}
	}
	return sums
}

// Every run of the office comes to the same sums at every depth, and each of its
// transactions balances; so it does after anything that can happen to it.
func TestJournals_SumsAreEqualAtEveryDepth(t *testing.T) {
	b := start(t, nmbrs.Options{PerSecond: -1})
	check := func(r nmbrs.Run) {
		t.Helper()
		want := b.totals(b.journal(b.at("CostCenterCostUnit", r, true)))
		if len(want) == 0 {
			t.Fatalf("run %d has no journal", r.ID)
		}
		for _, depth := range depths {
			got := b.totals(b.journal(b.at(depth, r, true)))
			if len(got) != len(want) {
				t.Fatalf("run %d at %s: %v, want %v", r.ID, depth, got, want)
			}
			for key, sum := range want {
				if got[key] != sum {
					t.Fatalf("run %d at %s: %s is %s, want %s", r.ID, depth, key, got[key], sum)
				}
			}
		}
	}
	for _, c := range b.server.Companies() {
		for _, r := range b.server.Runs(c.ID) {
			check(r)
		}
	}
	rapid.Check(t, func(rt *rapid.T) {
		c := rapid.SampledFrom(b.server.Companies()).Draw(rt, "company")
		p := nmbrs.Period{Year: rapid.IntRange(2025, 2030).Draw(rt, "year"), Number: rapid.IntRange(1, 12).Draw(rt, "period")}
		id, err := b.server.AddRun(c.ID, p)
		if err != nil {
			rt.Fatal(err)
		}
		for range rapid.IntRange(0, 3).Draw(rt, "recalculations") {
			if err := b.server.Recalculate(id); err != nil {
				rt.Fatal(err)
			}
		}
		for _, r := range b.server.Runs(c.ID) {
			if r.ID == id {
				check(r)
			}
		}
		if err := b.server.DeleteRun(id); err != nil {
			rt.Fatal(err)
		}
	})
}

func TestJournals_DimensionsOfEachDepth(t *testing.T) {
	b := start(t, nmbrs.Options{})
	latest := b.latest(nmbrs.DeHalm)
	for depth, want := range map[string]struct {
		lines      int // of account 4000
		dim2, dim3 bool
		second     string
	}{
		"Company":            {1, false, false, ""},
		"Department":         {2, true, false, "1 2"},
		"CostCenter":         {3, true, false, "100 200 300"},
		"CostCenterCostUnit": {5, true, true, "100 200 200 300 300"},
	} {
		for _, dated := range []bool{true, false} {
			j := b.journal(b.at(depth, latest, dated))
			var second []string
			n := 0
			for _, l := range j.Transactions[0].Lines {
				if (l.Dim2 != nil) != want.dim2 || (l.Dim3 != nil) != want.dim3 {
					t.Errorf("%s: line %+v", depth, l)
				}
				if l.Dim1 < "4000" && l.Dim2 != nil && *l.Dim2 != "" {
					t.Errorf("%s: a balance-sheet account has a dimension: %+v", depth, l)
				}
				if l.Dim1 == "4000" {
					if n++; l.Dim2 != nil {
						second = append(second, *l.Dim2)
					}
				}
			}
			if n != want.lines || strings.Join(second, " ") != want.second || len(j.Transactions) != 1 || j.Transactions[0].Date != "20261130" {
				t.Errorf("%s: %d lines, %v: %+v", depth, n, second, j)
			}
		}
	}
}

func TestJournals_Corrections(t *testing.T) {
	b := start(t, nmbrs.Options{})
	periods := func(description string) (all []string) {
		t.Helper()
		for _, r := range b.server.Runs(nmbrs.DeHalm) {
			if r.Description == description {
				for _, x := range b.journal(b.at("CostCenter", r, true)).Transactions {
					all = append(all, x.Period+"="+x.Date)
				}
			}
		}
		return all
	}
	for description, want := range map[string]string{
		"Februari 2026": "2/2026=20260228 12/2025=20251231",
		"Augustus 2026": "8/2026=20260831 7/2026=20260731 6/2026=20260630",
		"Correctie":     "9/2026=20260930 8/2026=20260831",
		"Oktober 2026":  "10/2026=20261031",
	} {
		if got := strings.Join(periods(description), " "); got != want {
			t.Errorf("%s: %s, want %s", description, got, want)
		}
	}
	first := b.server.Runs(nmbrs.Transport)[0]
	if x := b.journal(b.at("Company", first, true)).Transactions[0]; x.Period != "1/2025" || x.Date != "20250126" {
		t.Errorf("four weeks: %s %s", x.Period, x.Date)
	}
}

func TestJournals_RunsThatAreNotThere(t *testing.T) {
	b := start(t, nmbrs.Options{})
	r := b.latest(nmbrs.DeHalm)
	for _, change := range []func(*nmbrs.Run){
		func(r *nmbrs.Run) { r.ID = r.Number },
		func(r *nmbrs.Run) { r.Year = 2025 },
		func(r *nmbrs.Run) { r.Company = nmbrs.Transport },
	} {
		other := r
		change(&other)
		b.refused(b.at("CostCenter", other, true), 2046)
	}
	b.refused(b.at("Company", b.server.Runs(nmbrs.DeHalm)[0], false), 2046) // of 2025; the active year is 2026
	b.want(b.at("Company", b.server.Runs(nmbrs.DeHalm)[0], true), 200)
	// The parameters of the call with both dimensions begin in lower case.
	b.refused(b.company("Journals_GetByRunCostCenterCostUnitPerYear", "CompanyId", nmbrs.DeHalm, "RunId", r.ID, "Year", 2026), 2004)
}

func TestJournals_ComeToTheSameBytes(t *testing.T) {
	b, again := start(t, nmbrs.Options{}), start(t, nmbrs.Options{})
	for _, r := range b.server.Runs(nmbrs.DeHalm) {
		if b.at("CostCenter", r, true).body != again.at("CostCenter", r, true).body {
			t.Errorf("run %d differs", r.ID)
		}
	}
}
