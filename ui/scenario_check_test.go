package ui_test

import (
	"testing"
	"time"

	"fyne.io/fyne/v2/test"

	"loonbrug/data/model"
	"loonbrug/ui/i18n"
	"loonbrug/ui/uitest"
)

// refusedRun is an office whose run of March the check refuses at CASH, for
// three reasons, with lists that are two hours old.
func refusedRun() *uitest.Office {
	office := uitest.Practice()
	rt := &office.Rows[0].Targets[0]
	rt.State, rt.Deliveries, rt.Booked, rt.Periods = model.StateReady, nil, 0, 1
	entry := office.Entries[1]
	for _, e := range office.Entries {
		entry = e
	}
	entry.Period, entry.BookPeriod = uitest.March(), "202603"
	office.Previews[uitest.RunMarch] = []model.Preview{{
		Entry: entry,
		Problems: []*model.Problem{
			model.NewProblem("entry.unknown_ledger_account", "lines", "1, 3").With(model.ActionRefresh),
			model.NewProblem("cash.unknown_cost_centre", "lines", "2").With(model.ActionOpenMapping),
			model.NewProblem("entry.closed_period").With(model.ActionRefresh),
		},
		FetchedAt: uitest.Now().Add(-2 * time.Hour), Stale: true,
	}}
	return office
}

func (d *desk) details(target string) {
	d.Helper()
	d.tapText("Salarissen maart 2026 · " + i18n.Tn("export.corrections", 2))
	d.tapText(target)
}

// Everything that keeps an entry from being sent is shown at once, each with its
// lines, and how old the lists are that say so.
func TestExport_TheCheckShowsAllProblemsByLine(t *testing.T) {
	everyLanguage(t, func(t *testing.T, language string) {
		d := open(t, language, refusedRun())
		d.details("CASH")
		uitest.MustShow(t, d.Window, i18n.Tn("check.title", 3))
		for _, text := range []string{"entry.unknown_ledger_account", "cash.unknown_cost_centre", "entry.closed_period"} {
			uitest.MustShow(t, d.Window, "["+text+"]")
		}
		d.shows("check.lines", "lines", "1, 3")
		d.shows("check.lines", "lines", "2")
		d.shows("check.stale", "target", "CASH", "age", i18n.Tn("age.hours", 2))
		d.shows("export.period.book", "period", "202603")
		fits(t, d)
		d.tap("action.refresh")
		d.called("Reference 1 halm")
		d.tap("export.lines")
		uitest.MustShow(t, d.Window, i18n.T("check.fault", "lines", "2", "message", ""))
		fits(t, d)
	})
}

// The age of the lists goes on while the details stay.
func TestExport_TheAgeOfTheListsGoesOn(t *testing.T) {
	d := open(t, "nl", refusedRun())
	d.details("CASH")
	d.now = d.now.Add(22 * time.Hour)
	d.shell.Reload()
	d.shows("check.stale", "target", "CASH", "age", i18n.Tn("age.days", 1))
}

// A delivery that waits for its next try counts down, here and in the status,
// and the clock stops when nothing does.
func TestExport_CountsDownToTheNextTry(t *testing.T) {
	everyLanguage(t, func(t *testing.T, language string) {
		office := uitest.Practice()
		rt := &office.Rows[0].Targets[0]
		rt.State = model.StateQueued
		due := uitest.Now().Add(30 * time.Second)
		rt.Deliveries = []model.Delivery{{
			ID: 1, Period: uitest.March(), State: model.StateQueued, NotBefore: due,
			Problem: model.NewProblem("vismanet.rate_limited", "seconds", "30").Again(),
		}}
		office.Sender = model.SenderStatus{Alive: true, Waiting: 1, NextAt: due}
		d := open(t, language, office)
		d.details("CASH")
		uitest.MustShow(t, d.Window, i18n.Tn("status.waiting.in", 1, "in", "0:30"))
		d.shows("export.next_try", "at", i18n.FormatClock(due), "in", "0:30")
		fits(t, d)
		d.now = d.now.Add(20 * time.Second)
		if beats := d.queue.Tick(); beats != 1 {
			t.Fatalf("%d clocks run", beats)
		}
		uitest.MustShow(t, d.Window, i18n.Tn("status.waiting.in", 1, "in", "0:10"))
		d.shows("export.next_try", "at", i18n.FormatClock(due), "in", "0:10")
		d.now = due
		d.queue.Tick()
		d.shows("export.next_try.now")
		uitest.MustShow(t, d.Window, i18n.Tn("status.waiting", 1))
		if beats := d.queue.Tick(); beats != 0 {
			t.Errorf("%d clocks run for nothing", beats)
		}
	})
}

// While nothing waits there is no clock.
func TestExport_NoClockForNothing(t *testing.T) {
	d := open(t, "nl", uitest.Practice())
	if beats := d.queue.Tick(); beats != 0 {
		t.Errorf("%d clocks run", beats)
	}
}

// Details that count down want the clock only while they can be seen.
func TestExport_NoClockForWhatCannotBeSeen(t *testing.T) {
	office := uitest.Practice()
	rt := &office.Rows[0].Targets[0]
	rt.State = model.StateQueued
	rt.Deliveries = []model.Delivery{{ID: 1, Period: uitest.March(), State: model.StateQueued, NotBefore: uitest.Now().Add(time.Minute)}}
	d := open(t, "nl", office)
	d.details("CASH")
	if d.queue.Tick() != 1 {
		t.Fatal("no clock runs")
	}
	d.tap("tab.accounts")
	if d.queue.Tick() != 0 {
		t.Error("a clock runs for what cannot be seen")
	}
	d.tap("tab.export")
	if d.queue.Tick() != 1 {
		t.Error("no clock runs for what can be seen again")
	}
}

// A booking that the target would not approve says so, in its logo and its
// details; the receipt says where it is approved.
func TestExport_AnApprovalThatWasRefused(t *testing.T) {
	everyLanguage(t, func(t *testing.T, language string) {
		office := uitest.Practice()
		rt := &office.Rows[0].Targets[0]
		refused := model.NewProblem("delivery.not_approved", "number", "SAL 1")
		rt.State, rt.Booked, rt.Periods, rt.Approval, rt.Problem = model.StateBooked, 1, 1, model.ApprovalWaiting, refused
		rt.Deliveries = []model.Delivery{{ID: 1, Period: uitest.March(), State: model.StateBooked, Approval: model.ApprovalWaiting, Problem: refused, Number: "SAL 1"}}
		office.Receipts[1] = model.Receipt{DeliveryID: 1, Number: "SAL 1", Approval: model.ApprovalWaiting}
		d := open(t, language, office)
		if got := d.logos("cash")[0].Face().Label; got != i18n.T("approval.short.refused") {
			t.Errorf("logo says %q", got)
		}
		test.Tap(d.logos("cash")[0])
		uitest.MustShow(t, d.Window, "[delivery.not_approved]")
		d.shows("booked.all")
		d.shows("receipt.approval.there", "target", "CASH")
		fits(t, d)
	})
}
