package export

import (
	"slices"
	"testing"
	"time"

	"loonbrug/data/journal"
	"loonbrug/data/model"
	"loonbrug/integration/target"
)

func period(n int) journal.Period { return journal.Period{Year: 2026, Number: n} }

func entryOf(p journal.Period, cents journal.Amount) model.Entry {
	return model.Entry{Period: p, Lines: []model.EntryLine{{LedgerAccount: "4000", Amount: cents}, {LedgerAccount: "1720", Amount: -cents}}}
}

func TestSlotsOf(t *testing.T) {
	targets := []target.Description{{ID: "a"}, {ID: "b"}, {ID: "c"}}
	rows := []model.RunRow{
		{Targets: []model.RunTarget{{Target: "b", MappingID: 1}}},
		{Targets: []model.RunTarget{{Target: "a", MappingID: 2}, {Target: "b", MappingID: 3}, {Target: "b", MappingID: 4}}},
	}
	got := slotsOf(targets, rows)
	if !slices.Equal(got, []slot{{"a", 0}, {"b", 0}, {"b", 1}}) {
		t.Fatalf("slots %v", got)
	}
	if rt, ok := got[2].at(rows[1]); !ok || rt.MappingID != 4 {
		t.Errorf("third slot of the second row: %+v %v", rt, ok)
	}
	if _, ok := got[0].at(rows[0]); ok {
		t.Error("the first row has no logo of a")
	}
	if got := slotsOf(targets, []model.RunRow{{}}); len(got) != 1 {
		t.Errorf("runs of unmapped companies need a place for the plus, got %v", got)
	}
	if got := slotsOf(targets, nil); got != nil {
		t.Errorf("no runs, no columns, got %v", got)
	}
}

func TestNewDetail(t *testing.T) {
	row := model.RunRow{Run: model.Run{ID: 1, Last: period(3)}}
	refusal := model.NewProblem("cash.closed_period")
	logo := model.RunTarget{State: model.StatePartial, Problem: refusal, Deliveries: []model.Delivery{
		{ID: 1, Period: period(1), State: model.StateRefused, Problem: model.NewProblem("old")},
		{ID: 2, Period: period(1), State: model.StateBooked, Number: "SAL 1"},
		{ID: 3, Period: period(2), State: model.StateRefused, Problem: refusal},
	}}
	at := time.Date(2026, 4, 1, 8, 0, 0, 0, time.UTC)
	d := newDetail(row, logo, parts{
		previews: []model.Preview{{Entry: entryOf(period(2), 500)}, {Entry: entryOf(period(3), 700), Problems: []*model.Problem{model.NewProblem("entry.closed_period"), refusal}}},
		entries:  map[int64]model.Entry{1: entryOf(period(1), 100), 2: entryOf(period(1), 300), 3: entryOf(period(2), 500)},
		receipts: map[int64]model.Receipt{2: {DeliveryID: 2, Number: "SAL 1"}},
		attempts: map[int64][]model.Attempt{1: {{At: at}}, 2: {{At: at.Add(time.Hour)}}},
	})
	if len(d.periods) != 3 {
		t.Fatalf("periods %+v", d.periods)
	}
	first, second, third := d.periods[0], d.periods[1], d.periods[2]
	if first.state != model.StateBooked || first.number != "SAL 1" || first.debit != 300 || !first.correction {
		t.Errorf("the newest delivery of a period counts: %+v", first)
	}
	if second.state != model.StateRefused || !second.correction {
		t.Errorf("second period %+v", second)
	}
	if third.state != model.StateReady || third.correction || third.debit != 700 {
		t.Errorf("a period that was never sent comes from the preview: %+v", third)
	}
	var codes []string
	for _, f := range d.check.faults {
		codes = append(codes, f.problem.Code)
	}
	if !slices.Equal(codes, []string{"entry.closed_period", "cash.closed_period"}) || len(d.problems) != 0 {
		t.Errorf("each problem once, what the check gives in the check: %v, %v", codes, d.problems)
	}
	if len(d.attempts) != 2 || !d.attempts[0].attempt.At.After(d.attempts[1].attempt.At) {
		t.Errorf("history is newest first: %+v", d.attempts)
	}
	if len(d.receipts) != 1 {
		t.Errorf("receipts %+v", d.receipts)
	}
}

func TestNewDetail_ABookedRunHasNoProblems(t *testing.T) {
	logo := model.RunTarget{State: model.StateBooked, Problem: model.NewProblem("old"), Deliveries: []model.Delivery{{ID: 1, Period: period(1), State: model.StateBooked}}}
	if d := newDetail(model.RunRow{}, logo, parts{}); len(d.problems) != 0 {
		t.Fatalf("problems %v", d.problems)
	}
}

func TestRemedyOf(t *testing.T) {
	for _, state := range statesOf(t) {
		what := remedyOf(model.Run{}, model.RunTarget{State: state})
		if state.Done() && what != remedyNone {
			t.Errorf("%s is done but offers %s", state, what)
		}
		// What may be booked already must never be offered for sending.
		mayBeBooked := state == model.StateUnknown || state == model.StateAccepted || state == model.StateSending
		if mayBeBooked && (what == remedySend || what == remedyAgain || what == remedyMissing) {
			t.Errorf("%s offers %s", state, what)
		}
	}
	if got := remedyOf(model.Run{}, model.RunTarget{State: model.StateNotSetUp, MappingID: 3}); got != remedyAccount {
		t.Errorf("a mapping without a signed-in account offers %s", got)
	}
}

func TestUndecided(t *testing.T) {
	rt := model.RunTarget{Deliveries: []model.Delivery{
		{ID: 1, State: model.StateUnknown},
		{ID: 2, State: model.StateUnknown, Person: true},
		{ID: 3, State: model.StateBooked, Person: true},
	}}
	if got := ids(undecided(rt)); !slices.Equal(got, []int64{2}) {
		t.Fatalf("undecided %v", got)
	}
}

func TestNoticesOf(t *testing.T) {
	cut := model.NewProblem("cash.text_cut", "lines", "1")
	preview := func(period int, notices ...*model.Problem) model.Preview {
		return model.Preview{Entry: model.Entry{Period: journal.Period{Year: 2026, Number: period}, Notices: notices}}
	}
	p := parts{previews: []model.Preview{
		preview(1, model.NewProblem("cash.cost_unit_left_out")),
		preview(2, cut, cut),
		preview(3, model.NewProblem("cash.cost_unit_left_out")),
	}}
	sent := map[journal.Period]model.Delivery{{Year: 2026, Number: 1}: {State: model.StateBooked}}
	got := noticesOf(sent, p)
	if len(got) != 2 || got[0] != cut || got[1].Code != "cash.cost_unit_left_out" {
		t.Errorf("got %v", got)
	}
}
