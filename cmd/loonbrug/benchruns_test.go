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
	const runs, blocks = 100_000, 10
	ctx := t.Context()
	s, err := store.Open(ctx, filepath.Join(t.TempDir(), "b.db"), secret.NewSealer(secret.NewKey()))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	c := model.Company{Source: "file", SourceID: "1", Name: "De Halm", Currency: "EUR"}
	if err := s.SaveCompany(ctx, &c); err != nil {
		t.Fatal(err)
	}
	took := make([]time.Duration, blocks) // of all cores, so that waiting for the disk does not count
	start := time.Now()
	for n := range took {
		spent := busy(t)
		for i := range runs / blocks {
			importRun(t, s, c.ID, n*runs/blocks+i)
		}
		took[n] = busy(t) - spent
	}
	whole := time.Since(start)
	per := func(d time.Duration) time.Duration { return (d / (runs / blocks)).Round(time.Microsecond) }
	ratio := min(took[blocks-2], took[blocks-1]).Seconds() / min(took[0], took[1]).Seconds()
	print(fmt.Sprintf("importing %d runs into the store", runs), fmt.Sprintf("%s, %s a run", whole.Round(time.Second), (whole/runs).Round(time.Microsecond)), "", true)
	print("  last run over first run", fmt.Sprintf("%.2f (%s, %s of all cores)", ratio, per(took[0]), per(took[blocks-1])), "1.20", ratio <= 1.2)
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

// importRun takes one run in, as the office does.
func importRun(t *testing.T, s *store.Store, company int64, i int) {
	t.Helper()
	p := journal.Period{Year: 2000 + i%27, Number: i%12 + 1}
	at := time.Date(p.Year, time.Month(p.Number), 28, 12, i%60, 0, 0, time.UTC)
	if _, _, err := s.AddRun(t.Context(), model.Run{
		CompanyID: company, SourceID: fmt.Sprint(i), Year: p.Year, First: p, Last: p, Description: fmt.Sprintf("Loonrun %d", i), RunAt: at,
	}, model.Snapshot{Hash: fmt.Sprint(i), Content: fmt.Sprint(i), Format: "nmbrs-xml", TakenAt: at, Raw: []byte("<x/>"), Journal: &journal.Journal{
		Transactions: []journal.Transaction{{Period: p, Lines: []journal.Line{{LedgerAccount: "4000", Amount: 100}, {LedgerAccount: "1700", Amount: -100}}}},
	}}, func(r model.Run) string { return fmt.Sprint(r.ID) }); err != nil {
		t.Fatal(err)
	}
}
