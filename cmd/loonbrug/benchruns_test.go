//go:build bench && linux

package main

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"loonbrug/data/journal"
	"loonbrug/data/model"
	"loonbrug/data/secret"
	"loonbrug/data/store"
)

// listing imports runs into a store, and measures how long the first screen of
// them takes with all that its rows are made of.
func listing(t *testing.T, print func(what, measured, wanted string, holds bool)) {
	const runs = 100_000
	ctx := t.Context()
	s, err := store.Open(ctx, filepath.Join(t.TempDir(), "b.db"), secret.NewSealer(secret.NewKey()))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	start := time.Now()
	addRuns(t, s, runs)
	print(fmt.Sprintf("importing %d runs into the store", runs), time.Since(start).Round(time.Second).String(), "", true)
	first := best(5, func() benchRun {
		start := time.Now()
		rows, err := s.Runs(ctx, model.RunFilter{Limit: 50})
		if err != nil || len(rows) != 50 {
			t.Fatal(len(rows), err)
		}
		ids := make([]int64, len(rows))
		for i, r := range rows {
			ids[i] = r.ID
		}
		if _, err := s.Digests(ctx, ids...); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Deliveries(ctx, ids...); err != nil {
			t.Fatal(err)
		}
		return benchRun{time: time.Since(start)}
	})
	print("  first screen of them after the query", first.time.Round(time.Millisecond/10).String(), "100ms", first.time <= 100*time.Millisecond)
}

// addRuns gives a store a company with runs.
func addRuns(t *testing.T, s *store.Store, runs int) {
	t.Helper()
	ctx := t.Context()
	c := model.Company{Source: "file", SourceID: "1", Name: "De Halm", Currency: "EUR"}
	if err := s.SaveCompany(ctx, &c); err != nil {
		t.Fatal(err)
	}
	for i := range runs {
		p := journal.Period{Year: 2000 + i%27, Number: i%12 + 1}
		at := time.Date(p.Year, time.Month(p.Number), 28, 12, i%60, 0, 0, time.UTC)
		_, _, err := s.AddRun(ctx, model.Run{
			CompanyID: c.ID, SourceID: fmt.Sprint(i), Year: p.Year, First: p, Last: p, Description: fmt.Sprintf("Loonrun %d", i), RunAt: at,
		}, model.Snapshot{Hash: fmt.Sprint(i), Content: fmt.Sprint(i), Format: "nmbrs-xml", TakenAt: at, Raw: []byte("<x/>"), Journal: &journal.Journal{
			Transactions: []journal.Transaction{{Period: p, Lines: []journal.Line{{LedgerAccount: "4000", Amount: 100}, {LedgerAccount: "1700", Amount: -100}}}},
		}}, func(r model.Run) string { return fmt.Sprint(r.ID) })
		if err != nil {
			t.Fatal(err)
		}
	}
}
