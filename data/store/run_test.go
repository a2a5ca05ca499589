package store_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"loonbrug/data/journal"
	"loonbrug/data/model"
	"loonbrug/data/store"
)

func TestAddRun(t *testing.T) {
	b := setup(t)
	ctx := t.Context()
	r := b.addRun()
	if r.ID == 0 || r.Number != 1 || r.Reference != "2026-01" {
		t.Errorf("first run: %+v", r)
	}
	same(t, must[model.Run](t)(b.Run(ctx, r.ID)), r)
	snap := must[model.Snapshot](t)(b.Snapshot(ctx, r.ID))
	same(t, snap, model.Snapshot{
		RunID: r.ID, Hash: r.SourceID, Content: r.SourceID, Format: "nmbrs-xml", TakenAt: noon,
		Raw: []byte("<x/>"), Journal: sample(),
	})
	if r := b.addRun(); r.Number != 2 {
		t.Errorf("second run has number %d", r.Number)
	}
	_, err := b.Run(ctx, 99)
	wantNotFound(t, err)
	_, err = b.Snapshot(ctx, 99)
	wantNotFound(t, err)
	_, _, err = b.AddRun(ctx, model.Run{CompanyID: 99}, model.Snapshot{}, reference)
	wantNotFound(t, err)
}

func TestAddRun_Known(t *testing.T) {
	b := setup(t)
	ctx := t.Context()
	first := b.addRun()
	other := b.addCompany("2")
	for name, c := range map[string]struct {
		run     model.Run
		content string
		known   bool
	}{
		"SameSource":           {model.Run{CompanyID: b.company.ID, SourceID: first.SourceID}, "else", true},
		"SameContent":          {model.Run{CompanyID: b.company.ID, SourceID: "else"}, first.SourceID, true},
		"AnotherCompany":       {model.Run{CompanyID: other.ID, SourceID: first.SourceID}, first.SourceID, false},
		"NothingToCompare":     {model.Run{CompanyID: b.company.ID}, "", false},
		"NothingToCompareMore": {model.Run{CompanyID: b.company.ID}, "", false},
	} {
		t.Run(name, func(t *testing.T) {
			r, added, err := b.AddRun(ctx, c.run, model.Snapshot{Content: c.content}, reference)
			if err != nil || added == c.known {
				t.Fatalf("added %t: %v", added, err)
			}
			if c.known {
				same(t, r, first)
			}
		})
	}
}

func TestAddRun_Numbers(t *testing.T) {
	b := setup(t)
	add := func(year, number int) int {
		b.made++
		r, _, err := b.AddRun(t.Context(), model.Run{CompanyID: b.company.ID, SourceID: fmt.Sprint(b.made), Year: year, Number: number}, model.Snapshot{}, nil)
		if err != nil {
			t.Fatal(err)
		}
		return r.Number
	}
	got := []int{add(2025, 0), add(2026, 0), add(2026, 7), add(2026, 0), add(2025, 0)}
	if want := []int{1, 1, 7, 8, 2}; !slices.Equal(got, want) {
		t.Errorf("numbers %v, want %v", got, want)
	}
}

// TestRuns_Filter compares the statement with the same choice made in Go.
func TestRuns_Filter(t *testing.T) {
	b := setup(t)
	ctx := t.Context()
	companies := []model.Company{b.company, b.addCompany("2"), b.addCompany("3")}
	companies[2].Name = "ÅKERI 100%_Ö!"
	if err := b.SaveCompany(ctx, &companies[2]); err != nil {
		t.Fatal(err)
	}
	texts := []string{"Maart", "Överskott 50%", "april_x", "x!y", "MAART twk"}
	var all []model.Run
	for i := range 60 {
		r, _, err := b.AddRun(ctx, model.Run{
			CompanyID: companies[i%3].ID, SourceID: fmt.Sprint(i), Year: 2024 + i%4, Description: texts[i%5],
			RunAt: noon.Add(time.Duration(i*7%13) * time.Hour),
		}, model.Snapshot{}, func(r model.Run) string { return fmt.Sprintf("REF-%d", r.ID) })
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, r)
	}
	slices.SortFunc(all, func(a, b model.Run) int {
		if c := b.RunAt.Compare(a.RunAt); c != 0 {
			return c
		}
		return int(b.ID - a.ID)
	})
	rapid.Check(t, func(t *rapid.T) {
		f := model.RunFilter{
			CompanyID: rapid.Int64Range(0, 3).Draw(t, "company"),
			Year:      rapid.SampledFrom([]int{0, 2024, 2026, 2031}).Draw(t, "year"),
			Text:      rapid.SampledFrom([]string{"", "maart", "ÖVER", "%", "_", "!", "ref-1", "åkeri", "halm", "nothing", "'", "\\"}).Draw(t, "text"),
			Limit:     rapid.IntRange(0, 20).Draw(t, "limit"),
		}
		if from := rapid.IntRange(-1, len(all)-1).Draw(t, "from"); from >= 0 {
			f.After = all[from].Place()
		}
		var want []model.Run
		for _, r := range all {
			name := companies[r.CompanyID-1].Name
			haystack := strings.ToLower(r.Description + "\n" + r.Reference + "\n" + name)
			if (f.CompanyID == 0 || r.CompanyID == f.CompanyID) && (f.Year == 0 || r.Year == f.Year) &&
				strings.Contains(haystack, strings.ToLower(f.Text)) && (f.After.ID == 0 || comesAfter(r, f.After)) {
				want = append(want, r)
			}
		}
		if f.Limit > 0 {
			want = want[:min(f.Limit, len(want))]
		}
		got, err := b.Runs(ctx, f)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(got, want) {
			t.Fatalf("%+v:\ngot  %v\nwant %v", f, got, want)
		}
	})
}

// comesAfter tells whether a run comes after a place in a list that is newest first.
func comesAfter(r model.Run, p model.RunPlace) bool {
	return r.RunAt.Before(p.RunAt) || r.RunAt.Equal(p.RunAt) && r.ID < p.ID
}

// screens are lists of runs as the screen asks for them.
func screens() []model.RunFilter {
	return []model.RunFilter{
		{Limit: 50},
		{Limit: 50, After: model.RunPlace{RunAt: time.UnixMilli(1_700_000_000_000), ID: 7}},
		{Limit: 50, After: model.RunPlace{RunAt: time.UnixMilli(1_700_000_000_000), ID: 7}, CompanyID: 1},
		{Limit: 50, Period: journal.Period{Year: 2026, Number: 3}},
		{Limit: 50, States: []model.State{model.StateRefused}},
		{Limit: 50, States: []model.State{model.StateReady}, Target: "cash"},
		{Limit: 50, CompanyID: 1},
		{Limit: 50, Year: 2026},
		{Limit: 50, Text: "maart"},
		{Limit: 50, Text: "maart", CompanyID: 1, Year: 2026},
	}
}

// TestRuns_UseIndexes looks at how SQLite means to answer: never by reading the
// whole table, never by sorting it; only the few runs in a rare state are sorted.
func TestRuns_UseIndexes(t *testing.T) {
	b := setupFile(t)
	for _, f := range screens() {
		text, args := store.RunsText(f)
		plan := strings.Join(b.Text(t, true, "EXPLAIN QUERY PLAN "+text, 3, args...), "\n")
		if strings.Contains(plan, "SCAN run\n") || strings.Count(plan, "TEMP B-TREE") > 1+len(f.States) {
			t.Errorf("%+v:\n%s", f, plan)
		}
	}
}

func BenchmarkRuns(b *testing.B) {
	s := setup(b)
	if err := s.Exec(`
		WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)
		INSERT INTO run (id, company_id, source_id, year, number, first_year, first_number, last_year, last_number,
			description, reference, run_at, locked, gone, changed, content, search)
		SELECT i, 1, 'source ' || i, 2020 + i % 7, i, 2026, 1, 2026, 3, 'Verwerking maart ' || i,
			'L202603-' || i, 1700000000000 + i * 7919 % 100003 * 1000, 1, 0, 0, 'content ' || i,
			'verwerking maart ' || i || char(10) || 'l202603-' || i FROM n`); err != nil {
		b.Fatal(err)
	}
	for name, f := range map[string]model.RunFilter{
		"First":       {Limit: 50},
		"Last":        {Limit: 50, After: model.RunPlace{RunAt: time.UnixMilli(1_700_000_050_000), ID: 1}},
		"Refused":     {Limit: 50, States: []model.State{model.StateRefused}},
		"Ready":       {Limit: 50, States: []model.State{model.StateReady}},
		"Target":      {Limit: 50, Target: "cash"},
		"Company":     {Limit: 50, CompanyID: 1},
		"Year":        {Limit: 50, Year: 2024},
		"TextCommon":  {Limit: 50, Text: "maart"},
		"TextNowhere": {Limit: 50, Text: "nowhere"},
		"TextYear":    {Limit: 50, Text: "nowhere", Year: 2024},
		"TextCompany": {Limit: 50, Text: "nowhere", CompanyID: 1},
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, err := s.Runs(b.Context(), f); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
