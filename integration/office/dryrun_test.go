package office_test

import (
	"slices"
	"testing"

	"loonbrug/data/journal"
	"loonbrug/data/model"
)

// A dry run says for every run what sending it would do, and sends nothing.
func TestTrial(t *testing.T) {
	b := newBureau(t)
	ctx := t.Context()
	b.add("ready", 2, march(2), transactions(balanced(2, 2026), balanced(1, 2026)))
	b.add("blocked", 3, march(3), transactions(balanced(3, 2026), balanced(12, 2025)))
	b.add("queued", 4, march(4), transactions(balanced(4, 2026)))
	b.must(b.Fetch(ctx, b.payID))
	runs := make(map[string]int64)
	for _, row := range b.rows() {
		runs[row.Run.SourceID] = row.Run.ID
	}
	if _, err := b.Send(ctx, runs["queued"], b.mapping.ID); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]struct {
		outcome model.TrialOutcome
		code    string
		periods int
		debit   journal.Amount
	}{
		"ready":   {model.TrialReady, "", 2, 2000},
		"blocked": {model.TrialBlocked, "entry.closed_period", 2, 2000},
		"queued":  {model.TrialUnderWay, "", 1, 0},
	} {
		trials, err := b.Trial(ctx, runs[name])
		if err != nil || len(trials) != 1 {
			t.Fatalf("%s: %+v, %v", name, trials, err)
		}
		got, code := trials[0], ""
		if got.Problem != nil {
			code = got.Problem.Code
		}
		if got.Outcome != want.outcome || code != want.code || got.Periods != want.periods || got.Debit != want.debit {
			t.Errorf("%s: %s %q, %d periods, %s", name, got.Outcome, code, got.Periods, got.Debit)
		}
	}
	for _, name := range []string{"ready", "blocked"} {
		if deliveries, err := b.store.Deliveries(ctx, runs[name]); err != nil || len(deliveries) > 0 {
			t.Errorf("a dry run of %s left %+v, %v", name, deliveries, err)
		}
	}
}

// The period that an entry belongs to is told with whether it is open.
func TestPreview_OwnPeriod(t *testing.T) {
	b := newBureau(t)
	b.add("r", 3, march(3), transactions(balanced(3, 2026), balanced(12, 2025)))
	b.must(b.Fetch(t.Context(), b.payID))
	b.mapping.Rules = model.MappingRules{Closed: model.ClosedFirst}
	b.must(b.store.SaveMapping(t.Context(), &b.mapping))
	open := make(map[string]bool)
	for _, p := range b.preview(b.rows()[0].Run.ID) {
		open[p.Own.ID] = p.Own.Open
	}
	if len(open) != 2 || open["2025-12"] || !open["2026-03"] {
		t.Errorf("open %v", open)
	}
}

// The overview adds up what runs book, by month and cost centre, tells the
// corrections apart, and knows the runs behind each number.
func TestOverview(t *testing.T) {
	b := newBureau(t)
	ctx := t.Context()
	pair := func(month int, centre, value string) string {
		return transaction(month, 2026, line("4000", centre, value, "debit"), line("1700", centre, value, "credit"))
	}
	b.add("a", 2, march(2), transactions(pair(2, "100", "10.00")))
	b.add("b", 3, march(3), transactions(pair(3, "100", "20.00"), pair(2, "200", "5.00")))
	b.must(b.Fetch(ctx, b.payID))
	runs := make(map[string]int64)
	for _, row := range b.rows() {
		runs[row.Run.SourceID] = row.Run.ID
	}
	if _, err := b.Send(ctx, runs["a"], b.mapping.ID); err != nil {
		t.Fatal(err)
	}
	all, err := b.Overview(ctx, model.RunFilter{})
	if err != nil || len(all) != 1 {
		t.Fatalf("%+v, %v", all, err)
	}
	o := all[0]
	if o.Currency != "EUR" || o.Runs != 2 || o.Debit != 3500 || o.Corrections != 500 {
		t.Errorf("%+v", o)
	}
	both := slices.Sorted(slices.Values([]int64{runs["a"], runs["b"]}))
	if len(o.Months) != 2 || o.Months[0].Period != march(3) || o.Months[0].Debit != 2000 || o.Months[1].Debit != 1500 || o.Months[1].Corrections != 500 ||
		!slices.Equal(slices.Sorted(slices.Values(o.Months[1].Runs)), both) {
		t.Errorf("months %+v", o.Months)
	}
	if len(o.Centres) != 2 || o.Centres[0].Centre != "100" || o.Centres[0].Debit != 3000 || o.Centres[1].Centre != "200" || o.Centres[1].Corrections != 500 {
		t.Errorf("centres %+v", o.Centres)
	}
	if len(o.Outcomes) != 1 || o.Outcomes[0].State != model.StateQueued || o.Outcomes[0].Deliveries != 1 || !slices.Equal(o.Outcomes[0].Runs, []int64{runs["a"]}) {
		t.Errorf("outcomes %+v", o.Outcomes)
	}
	if some, err := b.Overview(ctx, model.RunFilter{Text: "run b"}); err != nil || len(some) != 1 || some[0].Runs != 1 || some[0].Debit != 2500 {
		t.Errorf("of one run: %+v, %v", some, err)
	}
}
