//go:build bench && linux

package main

import (
	"bytes"
	"context"
	"fmt"
	"runtime"
	"testing"
	"time"

	"loonbrug/data/journal"
	"loonbrug/data/model"
	"loonbrug/integration/httpx"
	"loonbrug/integration/payrollfile"
	"loonbrug/integration/procountor"
	"loonbrug/integration/target"
)

// leastBusy is the least time that all cores spent on each of several steps, which
// take turns: what else the machine does then meets all of them alike.
func leastBusy(t *testing.T, rounds int, steps ...func()) []time.Duration {
	t.Helper()
	least := make([]time.Duration, len(steps))
	for range rounds {
		for i, step := range steps {
			runtime.GC() // each step cleans up after itself only
			start := busy(t)
			step()
			if spent := busy(t) - start; least[i] == 0 || spent < least[i] {
				least[i] = spent
			}
		}
	}
	return least
}

// inside measures what follows on reading a journal: splitting it with the proof
// of its balance, and the pre-flight: making the entries of it, lines added up,
// and checking them against the reference data of an administration.
func inside(t *testing.T, raw []byte, print func(what, measured, wanted string, holds bool)) {
	var file []journal.Transaction
	var parts []journal.Part
	read := func() {
		file = nil
		if _, err := payrollfile.New().Read(context.Background(), "f.csv", bytes.NewReader(raw), func(tr journal.Transaction) error {
			file = append(file, tr)
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	}
	split := func() {
		parts = journal.Split(&journal.Journal{Transactions: file})
		for _, p := range parts {
			for i := range p.Transactions {
				if err := p.Transactions[i].Balance(); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	ref, mapping := benchReference()
	to := procountor.New(procountor.Config{HTTP: httpx.New(httpx.Options{LoopbackOnly: true})})
	check := func() {
		for _, p := range parts {
			if e, problems := to.Build(target.Draft{Part: p, Mapping: mapping, Company: model.Company{Currency: "EUR"}, Key: "k"}, ref); len(problems) > 0 || len(e.Lines) != 1000 {
				t.Fatal(len(e.Lines), problems)
			}
		}
	}
	addUp := func() {
		for _, p := range parts {
			if lines := journal.Group(p.Lines(), journal.Grouping{CostCentre: true, CostUnit: true}); len(lines) != 1000 {
				t.Fatal(len(lines))
			}
		}
	}
	took := leastBusy(t, 5, read, split, check, addUp)
	reading := took[0]
	of := func(d time.Duration) (shown string, ratio float64) {
		ratio = d.Seconds() / reading.Seconds()
		return fmt.Sprintf("%.2f (%d ms)", ratio, d.Milliseconds()), ratio
	}
	print("reading into a journal, 1,000,000 lines", fmt.Sprintf("%d ms of all cores", reading.Milliseconds()), "", true)
	splitting, ratio := of(took[1])
	print("  split with proof of balance, of reading", splitting, "0.50", ratio <= 0.5)
	checking, ratio := of(took[2])
	print("  pre-flight: adding up and checking, of reading", checking, "0.50", ratio <= 0.5)
	added, _ := of(took[3])
	print("    of which adding up", added, "", true)
}

// benchReference has 5,000 accounts and 2,000 values of two dimensions; the
// payroll's are the last of them.
func benchReference() (*model.Reference, model.Mapping) {
	ref := &model.Reference{Currency: "EUR", Dimensions: []model.Dimension{{ID: "1", Name: "centre"}, {ID: "2", Name: "unit"}}}
	for i := range 4500 {
		ref.LedgerAccounts = append(ref.LedgerAccounts, model.LedgerAccount{Code: fmt.Sprint(10_000 + i), Active: true, Postable: true})
	}
	for i := range 500 {
		ref.LedgerAccounts = append(ref.LedgerAccounts, model.LedgerAccount{Code: fmt.Sprint(4000 + i), Active: true, Postable: true})
	}
	add := func(d int, code string) {
		ref.Dimensions[d].Values = append(ref.Dimensions[d].Values, model.DimensionValue{ID: code, Code: code, Active: true})
	}
	for i := range 990 {
		add(0, fmt.Sprint(10_000+i))
		add(1, fmt.Sprint("C", i))
	}
	for post := 0; post < 500; post += 50 {
		_, centre, _ := benchCodes(post)
		add(0, centre)
	}
	add(1, "A1")
	add(1, "B2")
	for month := range 12 {
		first := time.Date(2026, time.Month(month+1), 1, 0, 0, 0, 0, time.UTC)
		ref.Periods = append(ref.Periods, model.BookPeriod{ID: fmt.Sprint(month), First: first.Format(time.DateOnly), Last: first.AddDate(0, 1, -1).Format(time.DateOnly), Open: true})
	}
	return ref, model.Mapping{
		CostCentre: model.DimensionRule{Use: true, Dimension: "1"}, CostUnit: model.DimensionRule{Use: true, Dimension: "2"},
	}
}
