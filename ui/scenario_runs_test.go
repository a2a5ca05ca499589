package ui_test

import (
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"loonbrug/data/journal"
	"loonbrug/data/model"
	"loonbrug/ui/i18n"
	"loonbrug/ui/uitest"
	"loonbrug/ui/widgets"
)

func (d *desk) lastFilter() model.RunFilter { return d.office.Filters[len(d.office.Filters)-1] }

// pick chooses an option of the picker that says a text.
func (d *desk) pick(says, option string) {
	d.Helper()
	uitest.Tap(d.T, d.Window, says)
	uitest.Tap(d.T, d.Window, option)
}

func TestRuns_FiltersAndSearch(t *testing.T) {
	everyLanguage(t, func(t *testing.T, language string) {
		d := open(t, language, uitest.Practice())
		uitest.MustShow(t, d.Window, i18n.Tn("export.count", 5))
		d.pick(i18n.T("filter.company"), "Bakkerij De Halm B.V.")
		uitest.MustShow(t, d.Window, i18n.Tn("export.count", 2))
		d.pick(i18n.T("filter.period"), "2026-03")
		d.pick(i18n.T("filter.state"), i18n.T("state.short.ready"))
		d.pick(i18n.T("filter.target"), "Visma.net")
		want := model.RunFilter{CompanyID: 1, Period: uitest.March(), Target: "vismanet"}
		got := d.lastFilter()
		if got.CompanyID != want.CompanyID || got.Period != want.Period || got.Target != want.Target || !slices.Equal(got.States, []model.State{model.StateReady}) || got.Limit == 0 {
			t.Fatalf("asked for %+v", got)
		}
		fits(t, d)
		search, _ := uitest.Find(d.Content(), func(e *widgets.Entry) bool { return e.PlaceHolder == i18n.T("filter.search") })
		d.Canvas().Focus(search)
		uitest.Type(t, d.Window, "zzz")
		d.shows("export.empty")
	})
}

func TestRuns_ComeInPages(t *testing.T) {
	office := uitest.Practice()
	row := office.Rows[4]
	for i := range 450 {
		row.Run.ID = int64(1000 + i)
		office.Rows = append(office.Rows, row)
	}
	d := open(t, "nl", office)
	d.shows("export.count.more", "n", 200)
	list, _ := uitest.Find(d.Content(), func(l *widgets.List) bool { return l.Length() == 200 })
	d.Canvas().Focus(list)
	d.press(fyne.KeyEnd)
	d.shows("export.count.more", "n", 400)
	if got := d.lastFilter(); got.After.ID == 0 || got.Limit != 200 {
		t.Errorf("the second page was asked for as %+v", got)
	}
	d.press(fyne.KeyEnd)
	uitest.MustShow(t, d.Window, i18n.Tn("export.count", 455))
}

func TestRuns_SendsAllThatAreReadyAfterADryRun(t *testing.T) {
	everyLanguage(t, func(t *testing.T, language string) {
		d := open(t, language, uitest.Practice())
		d.tap("sendall.open")
		if slices.ContainsFunc(d.office.Calls, func(c string) bool { return strings.HasPrefix(c, "Send ") }) {
			t.Fatal("the dry run sent something")
		}
		d.shows("sendall.about", "ready", 2, "blocked", 1, "way", 0, "booked", 0)
		d.shows("sendall.outcome.blocked")
		d.tap("sendall.send")
		d.called("Send 1 11")
		d.called("Send 1 12")
		uitest.MustShow(t, d.Window, i18n.Tn("sendall.queued", 2))
	})
}

func TestRuns_LeavingTheDryRunSendsNothing(t *testing.T) {
	d := open(t, "nl", uitest.Practice())
	d.queue.Hold()
	d.tap("sendall.open")
	d.press(fyne.KeyEscape)
	d.queue.Release()
	d.shows("export.title")
	if slices.ContainsFunc(d.office.Calls, func(c string) bool { return strings.HasPrefix(c, "Send ") }) {
		t.Errorf("sent: %q", d.office.Calls)
	}
}

func TestRuns_AReceiptIsAPage(t *testing.T) {
	everyLanguage(t, func(t *testing.T, language string) {
		d := open(t, language, uitest.Practice())
		test.Tap(d.logos("cash")[0])
		d.tap("receipt.open")
		d.shows("receipt.administration")
		d.shows("receipt.read_back")
		d.shows("receipt.pdf")
		uitest.MustShow(t, d.Window, "halm Bakkerij De Halm B.V.")
		uitest.MustShow(t, d.Window, "LR12-2026-003")
	})
}

func TestRuns_ABarOfTheOverviewLeadsToItsRuns(t *testing.T) {
	everyLanguage(t, func(t *testing.T, language string) {
		office := uitest.Practice()
		office.Sums = []model.Overview{{
			Currency: "EUR", Runs: 2, Debit: 100_000_00, Corrections: 12_500_00,
			Months:   []model.OverviewSum{{Period: uitest.March(), Debit: 87_500_00, Runs: []int64{1}}, {Period: journal.Period{Year: 2026, Number: 2}, Debit: 12_500_00, Corrections: 12_500_00, Runs: []int64{1, 5}}},
			Centres:  []model.OverviewSum{{Centre: "100", Debit: 90_000_00, Runs: []int64{1, 5}}, {Debit: 10_000_00, Runs: []int64{5}}},
			Outcomes: []model.OverviewOutcome{{State: model.StateBooked, Deliveries: 3, Runs: []int64{5}}},
		}}
		d := open(t, language, office)
		d.tap("overview.open")
		d.called("Overview 2026 0")
		d.shows("overview.share", "percent", i18n.FormatAmount(12_50), "corrections", journal.Amount(12_500_00), "debit", journal.Amount(100_000_00), "currency", "EUR")
		fits(t, d)
		d.tapText("2026-02")
		d.shows("export.title")
		uitest.MustShow(t, d.Window, i18n.Tn("export.count", 2))
		d.tapText(i18n.Tn("filter.only", 2))
		uitest.MustShow(t, d.Window, i18n.Tn("export.count", 5))
	})
}
