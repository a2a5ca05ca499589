package ui_test

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/storage"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"loonbrug/data/journal"
	"loonbrug/data/model"
	"loonbrug/ui/i18n"
	"loonbrug/ui/uitest"
	"loonbrug/ui/widgets"
)

// logos gives the logos of a target on the screen, with a label.
func (d *desk) logos(target string) []*widgets.Logo {
	var found []*widgets.Logo
	for _, l := range uitest.All[*widgets.Logo](d.Content()) {
		if f := l.Face(); f.Logo == target && f.Label != "" {
			found = append(found, l)
		}
	}
	return found
}

func TestExport_OneClickSends(t *testing.T) {
	everyLanguage(t, func(t *testing.T, language string) {
		d := open(t, language, uitest.Practice())
		d.shows("export.title")
		d.shows("practice.banner")
		logo := d.logos("vismanet")[0]
		if logo.Face().Label != i18n.T("state.short.ready") {
			t.Fatalf("logo says %q", logo.Face().Label)
		}
		test.Tap(logo)
		d.called("Send 1 12")
		if got := d.logos("vismanet")[0].Face().Label; got != i18n.T("state.short.queued") {
			t.Errorf("after the click the logo says %q", got)
		}
		d.shows("state.hint.queued") // the details opened by themselves
		d.shows("action.withdraw")
	})
}

func TestExport_WhileAnAnswerIsAwaitedASecondClickDoesNothing(t *testing.T) {
	d := open(t, "nl", uitest.Practice())
	logo := d.logos("vismanet")[0]
	d.queue.Hold()
	test.Tap(logo)
	test.Tap(logo)
	if got := logo.Face().Label; got != i18n.T("state.short.checking") {
		t.Errorf("logo says %q", got)
	}
	d.queue.Release()
	if sent := strings.Count(strings.Join(d.office.Calls, "\n"), "Send "); sent != 1 {
		t.Fatalf("sent %d times", sent)
	}
}

func TestExport_DetailsOfAPartialRun(t *testing.T) {
	d := open(t, "nl", uitest.Practice())
	test.Tap(d.logos("cash")[0])
	if len(d.office.Calls) != 0 {
		t.Fatalf("a click on a partial run only shows: %q", d.office.Calls)
	}
	for _, text := range []string{"2026-01", "Correctie (TWK)", "SAL 260001", "[cash.unknown_ledger_account]", "14.555,72"} {
		uitest.MustShow(t, d.Window, text)
	}
	d.tap("problem.detail")
	uitest.MustShow(t, d.Window, "Ongeldige waarde 201=4075")
	d.tap("action.send_missing")
	d.called("Send 1 11")
}

func TestExport_TheButtonOfAProblemOpensTheMapping(t *testing.T) {
	d := open(t, "nl", uitest.Practice())
	test.Tap(d.logos("cash")[0])
	d.tap("action.open_mapping")
	d.shows("mapping.change.title")
	uitest.MustShow(t, d.Window, "SAL Salarissen")
}

func TestExport_LinesOfAnEntry(t *testing.T) {
	d := open(t, "nl", uitest.Practice())
	test.Tap(d.logos("cash")[0])
	d.tap("export.lines")
	for _, text := range []string{"4000", "100 · A1", "12.345,67", "9.445,72", "31-01-2026"} {
		uitest.MustShow(t, d.Window, text)
	}
	d.press(fyne.KeyEscape)
	d.shows("export.title")
}

// The details of another run begin at their top, those of the same one stay.
func TestExport_AnotherRunIsShownFromItsTop(t *testing.T) {
	d := open(t, "nl", uitest.Practice())
	test.Tap(d.logos("cash")[0])
	pane, ok := uitest.Find(uitest.Roots(d.Window), func(s *container.Scroll) bool {
		return slices.Contains(uitest.Texts(s.Content), i18n.T("receipt.title"))
	})
	if !ok {
		t.Fatal("no details")
	}
	pane.ScrollToBottom()
	before := pane.Offset.Y
	d.shell.Reload()
	if before == 0 || pane.Offset.Y != before {
		t.Errorf("it went from %v to %v", before, pane.Offset.Y)
	}
	test.Tap(d.logos("vismanet")[0])
	if pane.Offset.Y != 0 {
		t.Errorf("it is at %v", pane.Offset.Y)
	}
}

// Amounts of eight digits are seen whole.
func TestExport_LargeAmounts(t *testing.T) {
	everyLanguage(t, func(t *testing.T, language string) {
		office := uitest.Practice()
		for i := range office.Rows {
			office.Rows[i].Debit = 88_888_888_88
		}
		d := open(t, language, office)
		row := office.Rows[0]
		text := i18n.FormatAmount(row.Debit) + " " + row.Company.Currency
		shown, ok := uitest.Find(uitest.Roots(d.Window), func(l *widget.Label) bool { return l.Text == text })
		if !ok {
			t.Fatalf("%q is not shown", text)
		}
		whole := widget.NewLabel(text)
		whole.SizeName = shown.SizeName
		if need := whole.MinSize().Width; need > shown.Size().Width {
			t.Errorf("%q needs %.0f but has %.0f", text, need, shown.Size().Width)
		}
	})
}

// A run of a company without a mapping says so and leads to one.
func TestExport_ARunWithoutAMapping(t *testing.T) {
	everyLanguage(t, func(t *testing.T, language string) {
		office := uitest.Practice()
		office.Rows = office.Rows[:1]
		office.Rows[0].Targets = nil
		d := open(t, language, office)
		d.tapText(office.Rows[0].Company.Name)
		d.shows("state.hint.not_set_up")
		d.tap("action.open_mapping")
		d.shows("mapping.new")
	})
}

func TestExport_LooksUpWhatIsUncertain(t *testing.T) {
	office := uitest.Practice()
	office.Rows[1].Targets[0].Person = true
	office.Rows[1].Targets[0].Deliveries = []model.Delivery{{ID: 77, Key: "LB2345ABCDEF", Period: uitest.March(), State: model.StateUnknown, Person: true}}
	d := open(t, "nl", office)
	for _, l := range d.logos("procountor") {
		if l.Face().Label == i18n.T("state.short.unknown") {
			test.Tap(l)
			break
		}
	}
	d.called("LookAgain 77")
	// Sending again is a decision of its own, asked for twice.
	d.tap("export.send_again")
	d.shows("export.send_again.text", "target", "Procountor", "keys", "LB2345ABCDEF") // what stands in the books
	if strings.Contains(strings.Join(office.Calls, "\n"), "SendAgain") {
		t.Fatal("sent without asking")
	}
	d.press(fyne.KeyEscape)
	d.tap("export.send_again")
	d.tap("export.send_again")
	d.called("SendAgain 77")
}

// What only a person can settle shows what is known of it, and is settled by a
// number and a reason.
func TestExport_SettlesWhatIsBooked(t *testing.T) {
	everyLanguage(t, func(t *testing.T, language string) {
		office := uitest.Practice()
		office.Rows[1].Targets[0].Person = true
		office.Rows[1].Targets[0].Deliveries = []model.Delivery{{ID: 77, Key: "LB2345ABCDEF", Period: uitest.March(), State: model.StateUnknown, Person: true}}
		at := uitest.Now().Add(-time.Hour)
		office.History[77] = []model.Attempt{
			{DeliveryID: 77, Event: "claimed", At: at},
			{DeliveryID: 77, Event: "intent", At: at},
			{DeliveryID: 77, Event: "ambiguous", At: at},
			{DeliveryID: 77, Event: "missed", At: at.Add(time.Minute)},
		}
		d := open(t, language, office)
		for _, l := range d.logos("procountor") {
			if l.Face().Label == i18n.T("state.short.unknown") {
				test.Tap(l)
				break
			}
		}
		d.tap("export.settle.period", "period", uitest.March())
		d.shows("export.settle.text", "target", "Procountor", "key", "LB2345ABCDEF")
		d.shows("evidence.intent", "at", at)
		d.shows("evidence.missed", "at", at.Add(time.Minute))
		fits(t, d)
		for _, b := range uitest.All[*widgets.Button](d.Window.Canvas().Overlays().Top()) {
			if b.Text == i18n.T("export.settle.confirm") && !b.Disabled() {
				t.Error("may be settled without a number")
			}
		}
		entries := uitest.All[*widgets.Entry](d.Window.Canvas().Overlays().Top())
		if len(entries) != 2 {
			t.Fatalf("%d fields", len(entries))
		}
		entries[0].SetText("SAL 260012")
		entries[1].SetText("seen")
		d.tap("export.settle.confirm")
		d.called("SettleBooked 77 SAL 260012 seen")
	})
}

func TestExport_AnErrorIsExplained(t *testing.T) {
	office := uitest.Practice()
	office.Fail["Send"] = errors.New("disk full")
	d := open(t, "nl", office)
	test.Tap(d.logos("vismanet")[0])
	d.shows("problem.title")
	uitest.MustShow(t, d.Window, "[internal]")
	d.press(fyne.KeyEscape)
	if got := d.logos("vismanet")[0].Face().Label; got != i18n.T("state.short.ready") {
		t.Errorf("logo says %q", got)
	}
}

func TestExport_TheReceiptOfABookedRun(t *testing.T) {
	d := open(t, "nl", uitest.Practice())
	test.Tap(d.logos("cash")[0])
	for _, key := range []string{"receipt.title", "receipt.number", "receipt.debit"} {
		d.shows(key)
	}
	uitest.MustShow(t, d.Window, "02-04-2026")
}

func TestExport_ADroppedFileIsRead(t *testing.T) {
	office := uitest.Practice()
	office.Owner = uitest.DeHalm
	d := open(t, "nl", office)
	file := storage.NewFileURI(t.TempDir() + "/loon.xml")
	w, err := storage.Writer(file)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(w, "<x/>"); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	d.shell.Drop([]fyne.URI{file})
	d.called("TakeIn loon.xml 4")
	uitest.MustShow(t, d.Window, "loon.xml")
	d.shell.Drop([]fyne.URI{file})
	d.shows("export.import.known.title")
}

func TestExport_AFileOfOneOfSeveralCompanies(t *testing.T) {
	everyLanguage(t, func(t *testing.T, language string) {
		d := open(t, language, uitest.Practice())
		file := storage.NewFileURI(t.TempDir() + "/loon.xml")
		w, err := storage.Writer(file)
		if err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		test.Tap(d.logos("cash")[0]) // of the run before, whose company need not be that of the file
		d.shell.Drop([]fyne.URI{file})
		d.shows("export.import.company", "file", "loon.xml")
		if !d.button("export.import.read").Disabled() {
			t.Error("a company is proposed that the file does not name")
		}
		fits(t, d)
		d.press(fyne.KeySpace)
		uitest.Type(t, d.Window, "transport")
		d.press(fyne.KeyReturn)
		d.tap("export.import.read")
		d.called("Assign 7 2")
	})
}

// What cannot be read is no fault of the program.
func TestExport_AFolderIsNoFile(t *testing.T) {
	d := open(t, "nl", uitest.Practice())
	d.shell.Drop([]fyne.URI{storage.NewFileURI(t.TempDir())})
	uitest.MustShow(t, d.Window, "[file.cannot_open]")
}

func TestExport_ChoosesAFile(t *testing.T) {
	home := t.TempDir()
	t.Setenv("HOME", home)
	t.Setenv("USERPROFILE", home)
	d := open(t, "nl", uitest.Practice())
	d.tap("export.import")
	d.shows("export.import.choose")
}

// What was sent can be saved as a file, byte for byte, for each period that
// left; the period that did not has none.
func TestExport_SavesWhatWasSent(t *testing.T) {
	everyLanguage(t, func(t *testing.T, language string) {
		home := t.TempDir()
		t.Setenv("HOME", home)
		t.Setenv("USERPROFILE", home)
		d := open(t, language, uitest.Practice())
		test.Tap(d.logos("cash")[0])
		d.shows("export.file.about")
		d.shows("export.file.of", "period", journal.Period{Year: 2026, Number: 1})
		if uitest.Shows(d.Window, i18n.T("export.file.of", "period", uitest.March())) {
			t.Error("a period that never left has a file")
		}
		d.tap("export.file.of", "period", journal.Period{Year: 2026, Number: 2})
		d.shows("export.file.title")
		d.tap("export.file.save")
		path := filepath.Join(home, "delivery-2.xml")
		d.shows("export.file.saved", "file", filepath.ToSlash(path))
		if content, err := os.ReadFile(path); err != nil || string(content) != "<delivery>2</delivery>" {
			t.Errorf("saved %q, %v", content, err)
		}
	})
}

func TestExport_AFileThatCannotBeMadeSaysWhy(t *testing.T) {
	office := uitest.Practice()
	office.Fail["File"] = model.NewProblem("delivery.no_file_yet", "target", "CASH")
	d := open(t, "nl", office)
	test.Tap(d.logos("cash")[0])
	d.tap("export.file.of", "period", journal.Period{Year: 2026, Number: 2})
	uitest.MustShow(t, d.Window, "delivery.no_file_yet")
}

// Before the sending, and at systems that take no files, the button is off and
// says why.
func TestExport_NoFileSaysWhy(t *testing.T) {
	for target, why := range map[string]string{
		"cash": "export.file.later", "vismanet": "target.vismanet.no_download", "procountor": "target.procountor.no_download",
	} {
		t.Run(target, func(t *testing.T) {
			office := uitest.Practice()
			row := &office.Rows[0]
			for i := range row.Targets {
				row.Targets[i].Deliveries = nil
				row.Targets[i].State, row.Targets[i].MappingID = model.StateRefused, uitest.MapCash
			}
			d := open(t, "nl", office)
			test.Tap(d.logos(target)[0])
			d.shows(why)
			off, ok := uitest.Find(uitest.Roots(d.Window), func(b *widgets.Button) bool { return b.Text == i18n.T("export.file") })
			if !ok || !off.Disabled() {
				t.Errorf("the button is there: %t", ok)
			}
		})
	}
}
