package ui_test

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"loonbrug/data/journal"
	"loonbrug/data/model"
	"loonbrug/ui/i18n"
	"loonbrug/ui/uitest"
	"loonbrug/ui/widgets"
)

// A run that was not sent is marked as booked by hand, with a reason; without
// one nothing can be confirmed.
func TestUndo_MarkByHand(t *testing.T) {
	everyLanguage(t, func(t *testing.T, language string) {
		d := open(t, language, uitest.Practice())
		test.Tap(d.logos("vismanet")[0]) // shows its details
		d.office.Set(1, 12, model.StateReady)
		d.shell.Reload()
		d.tap("undo.mark")
		d.shows("undo.reason")
		before := len(d.office.Calls)
		d.press("Return")
		if len(d.office.Calls) != before {
			t.Errorf("marked without a reason: %v", d.office.Calls[before:])
		}
	})
}

// Where a run has several periods, a decision is for the chosen one alone.
func TestUndo_OnePeriod(t *testing.T) {
	everyLanguage(t, func(t *testing.T, language string) {
		d := open(t, language, uitest.Practice())
		test.Tap(d.logos("vismanet")[0])
		d.office.Set(1, 12, model.StateReady)
		d.shell.Reload()
		d.tap("undo.mark")
		reason := d.Window.Canvas().Focused().(*widgets.Entry)
		d.pick(i18n.T("undo.all"), i18n.FormatPeriod(uitest.March()))
		reason.SetText("zelf geboekt")
		d.Window.Canvas().Focus(reason)
		d.press(fyne.KeyReturn)
		d.called("MarkByHand 1 12 [2026-03] zelf geboekt")
	})
}

// The comparison of both books is opened by its red line, and says what differs.
func TestUndo_Compare(t *testing.T) {
	everyLanguage(t, func(t *testing.T, language string) {
		office := uitest.Practice()
		office.Comparison = model.Reconciliation{At: uitest.Now(), Compared: 3, Findings: []model.Finding{
			{Kind: model.FindingExtra, Target: "cash", Administration: "halm", Key: "LBAAAAAAAAAA", Numbers: []string{"SAL 000009"}},
			{Kind: model.FindingMissing, Target: "cash", Administration: "halm", Key: "LBBBBBBBBBBB", Numbers: []string{"SAL 000003"}, DeliveryID: 7, RunID: 1, MappingID: 11},
		}}
		d := open(t, language, office)
		d.tap("compare.open")
		d.shows("compare.extra", "number", "SAL 000009")
		d.shows("compare.missing", "number", "SAL 000003")
		fits(t, d)
		d.tap("compare.now")
		d.called("Reconcile")

		// Between two days: one alone, or one that is none, cannot be compared.
		days := d.entries()
		days[0].SetText("31-04-2026")
		days[1].SetText(i18n.FormatDate(journal.Date{Year: 2026, Month: 6, Day: 30}))
		if now := d.button("compare.now"); !now.Disabled() {
			t.Error("a day that does not exist is compared")
		}
		days[0].SetText(i18n.FormatDate(journal.Date{Year: 2026, Month: 4, Day: 1}))
		d.tap("compare.now")
		d.called("ReconcileBetween 2026-04-01 2026-06-30")
	})
}

// Of a run whose lines were erased the receipts and the history are still there,
// and it can be reversed.
func TestUndo_Erased(t *testing.T) {
	everyLanguage(t, func(t *testing.T, language string) {
		office := uitest.Practice()
		d := open(t, language, office)
		office.Fail["Entry"] = model.NewProblem("journal.erased", "run", "1")
		test.Tap(d.logos("cash")[0])
		d.shows("receipt.title")
		d.shows("export.history")
		d.button("undo.reverse")
		d.says("journal.erased")
	})
}
