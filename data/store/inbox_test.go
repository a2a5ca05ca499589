package store_test

import (
	"strings"
	"testing"
	"time"

	"loonbrug/data/model"
)

func TestInbox(t *testing.T) {
	b := setup(t)
	ctx := t.Context()
	p := model.Parcel{
		Name: "lön.si", Hash: "aa", Layout: "l", ReceivedAt: time.UnixMilli(5000).UTC(), Raw: []byte("#FLAGGA 0"),
		Header: model.Header{CompanyNumber: "556012-3456", CompanyName: "Brödbolaget i Malmö AB"},
	}
	if err := b.AddParcel(ctx, &p); err != nil || p.ID == 0 {
		t.Fatal(p.ID, err)
	}
	again := p
	again.ID = 0
	if err := b.AddParcel(ctx, &again); err != nil || again.ID != p.ID {
		t.Errorf("the same file waits twice: %d, %v", again.ID, err)
	}
	same(t, must[model.Parcel](t)(b.Parcel(ctx, p.ID)), p)
	listed := p
	listed.Raw = nil
	same(t, must[[]model.Parcel](t)(b.Inbox(ctx)), []model.Parcel{listed})
	for _, hidden := range []string{"#FLAGGA", "556012"} {
		for _, column := range []string{"raw", "header"} {
			if got := b.Text(t, true, "SELECT "+column+" FROM inbox", 0); len(got) != 1 || strings.Contains(got[0], hidden) {
				t.Errorf("%s is readable in %s, or nothing is there", hidden, column)
			}
		}
	}
	if err := b.RemoveParcel(ctx, p.ID); err != nil {
		t.Fatal(err)
	}
	wantNotFound(t, b.RemoveParcel(ctx, p.ID))
	_, err := b.Parcel(ctx, p.ID)
	wantNotFound(t, err)
}

// A file that could not be taken in waits once, with its last problem, and nothing
// of that can be read in the database.
func TestInbox_Refused(t *testing.T) {
	b := setup(t)
	ctx := t.Context()
	p := model.Parcel{
		Name: "loon.csv", Hash: "bb", ReceivedAt: time.UnixMilli(5000).UTC(), Header: model.Header{CompanyName: "Brödbolaget"},
		Problem: model.NewProblem("file.bad_amount", "file", "loon.csv", "value", "Pietertje"),
	}
	if err := b.AddParcel(ctx, &p); err != nil {
		t.Fatal(err)
	}
	later := p
	later.ID, later.ReceivedAt, later.Problem = 0, time.UnixMilli(9000).UTC(), model.NewProblem("file.cut_off", "file", "loon.csv")
	if err := b.AddParcel(ctx, &later); err != nil || later.ID != p.ID {
		t.Fatal(later.ID, err)
	}
	p.Problem = later.Problem
	same(t, must[[]model.Parcel](t)(b.Inbox(ctx)), []model.Parcel{p})
	if got := b.Text(t, true, "SELECT header FROM inbox", 0); len(got) != 1 || strings.Contains(got[0], "cut_off") || strings.Contains(got[0], "Brödbolaget") {
		t.Errorf("it can be read: %q", got)
	}
	if err := b.RemoveParcel(ctx, p.ID); err != nil {
		t.Fatal(err)
	}
}

func TestLayout(t *testing.T) {
	b := setup(t)
	ctx := t.Context()
	if _, found, err := b.Layout(ctx, "x"); found || err != nil {
		t.Fatal(found, err)
	}
	for _, l := range []model.Layout{{ID: "x", Columns: "{}"}, {ID: "x", Columns: `{"a":1}`, CompanyID: 7}} {
		if err := b.SaveLayout(ctx, l); err != nil {
			t.Fatal(err)
		}
		got, found, err := b.Layout(ctx, "x")
		if !found || err != nil || got != l {
			t.Errorf("%+v, %t, %v", got, found, err)
		}
	}
	first := model.Layout{ID: "w", CompanyID: 3}
	if err := b.SaveLayout(ctx, first); err != nil {
		t.Fatal(err)
	}
	same(t, must[[]model.Layout](t)(b.Layouts(ctx)), []model.Layout{first, {ID: "x", Columns: `{"a":1}`, CompanyID: 7}})
}

// What is seen of a run later never touches what it was made with.
func TestRun_SeenAndHeld(t *testing.T) {
	b := setup(t)
	ctx := t.Context()
	d := b.queue()
	r := must[model.Run](t)(b.Run(ctx, d.RunID))
	snapshot := must[model.Snapshot](t)(b.Snapshot(ctx, r.ID))
	r.Description, r.Locked, r.Gone, r.Changed, r.LockedAt = "Nieuw", true, true, true, time.UnixMilli(7000).UTC()
	seen := r
	seen.Reference, seen.Year = "other", 1999
	if err := b.SeeRun(ctx, seen); err != nil {
		t.Fatal(err)
	}
	if err := b.HoldRun(ctx, r.ID, model.HoldSame, 12); err != nil {
		t.Fatal(err)
	}
	r.Hold, r.OtherID = model.HoldSame, 12
	same(t, must[model.Run](t)(b.Run(ctx, r.ID)), r)
	same(t, must[model.Snapshot](t)(b.Snapshot(ctx, r.ID)), snapshot)
	if err := b.HoldRun(ctx, r.ID, "whatever", 0); err == nil {
		t.Error("a hold that does not exist was stored")
	}
	wantNotFound(t, b.SeeRun(ctx, model.Run{ID: 99}))
	wantNotFound(t, b.HoldRun(ctx, 99, model.HoldNone, 0))
}

// What an office decided comes back as it was.
func TestRules(t *testing.T) {
	b := setup(t)
	ctx := t.Context()
	c := b.company
	c.Rules = model.CompanyRules{PostingDate: model.PostRunDate, Workflow: model.Workflow{Send: model.SendAutomatic, After: model.AfterCreated, Days: 2, Expected: 5}}
	if err := b.SaveCompany(ctx, &c); err != nil {
		t.Fatal(err)
	}
	same(t, must[model.Company](t)(b.Company(ctx, c.ID)), c)
	m := b.addMapping()
	m.Rules = model.MappingRules{
		Corrections: model.CorrectRun, Closed: model.ClosedAsk, Balance: "[0-3]*", Profit: "4*", CostCentre: "100", CostUnit: "A1", LedgerAccount: "4999",
	}
	if err := b.SaveMapping(ctx, &m); err != nil {
		t.Fatal(err)
	}
	same(t, must[model.Mapping](t)(b.Mapping(ctx, m.ID)), m)
}

// An intent for a company that was marked since is refused, whole.
func TestApply_BarredCompany(t *testing.T) {
	for code, mark := range map[string]func(*model.Company){
		"send.test_company":   func(c *model.Company) { c.TestCompany = true },
		"send.debtor_blocked": func(c *model.Company) { c.DebtorBlocked = true },
	} {
		b := setup(t)
		ctx := t.Context()
		d := b.queue()
		mark(&b.company)
		if err := b.SaveCompany(ctx, &b.company); err != nil {
			t.Fatal(err)
		}
		to := d
		to.State = model.StateSending
		err := b.Apply(ctx, d, to, model.Attempt{}, nil)
		if p := model.ProblemOf(err); p == nil || p.Code != code {
			t.Errorf("%s: %v", code, err)
		}
		if got := b.delivery(d.ID); got.State != model.StateQueued {
			t.Errorf("%s: %s", code, got.State)
		}
		to.State = model.StateWithdrawn
		if err := b.Apply(ctx, d, to, model.Attempt{}, nil); err != nil {
			t.Errorf("%s: it cannot be withdrawn: %v", code, err)
		}
	}
}
