package ui_test

import (
	"archive/zip"
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"loonbrug/ui/i18n"
	"loonbrug/ui/uitest"
	"loonbrug/ui/widgets"
)

// savedIn gives what the last click saved into the home folder.
func (d *desk) savedIn(home, ending string) []byte {
	d.Helper()
	d.tap("export.file.save")
	files, err := filepath.Glob(filepath.Join(home, "*"+ending))
	if err != nil || len(files) != 1 {
		d.Fatalf("saved %v, %v", files, err)
	}
	d.shows("export.file.saved", "file", filepath.ToSlash(files[0])) // on the toast
	content, err := os.ReadFile(files[0])
	if err != nil {
		d.Fatal(err)
	}
	return content
}

// tableMenu asks for the menu of the runs by its keys, and chooses in it.
func (d *desk) tableMenu(key string) {
	d.Helper()
	list, ok := uitest.Find(d.Window.Content(), func(*widgets.List) bool { return true })
	if !ok {
		d.Fatal("no list of runs")
	}
	d.Window.Canvas().Focus(list)
	list.TypedShortcut(&desktop.CustomShortcut{KeyName: fyne.KeyF10, Modifier: fyne.KeyModifierShift})
	d.tap(key)
}

// The runs are saved as CSV and as XLSX, copied, and a receipt is saved as PDF;
// a toast says where it is and goes by itself.
func TestSaving(t *testing.T) {
	everyLanguage(t, func(t *testing.T, language string) {
		home := t.TempDir()
		t.Setenv("HOME", home)
		t.Setenv("USERPROFILE", home)
		d := open(t, language, uitest.Practice())

		d.tableMenu("table.csv")
		csv := string(d.savedIn(home, ".csv"))
		if lines := strings.Split(strings.TrimSpace(csv), "\n"); len(lines) != 6 || !strings.Contains(csv, "Bakkerij De Halm B.V.") {
			t.Errorf("saved %d lines:\n%s", len(lines), csv)
		}
		d.queue.Tick()
		if uitest.Shows(d.Window, ".csv") {
			t.Error("the toast stays")
		}
		d.tableMenu("table.xlsx")
		xlsx := d.savedIn(home, ".xlsx")
		if book, err := zip.NewReader(bytes.NewReader(xlsx), int64(len(xlsx))); err != nil || len(book.File) < 4 {
			t.Errorf("no workbook: %v", err)
		}
		d.tableMenu("table.copy")
		d.shows("dialog.copied")
		if text := fyne.CurrentApp().Clipboard().Content(); !strings.Contains(text, "Bakkerij De Halm B.V.") {
			t.Errorf("copied %q", text)
		}

		test.Tap(d.logos("cash")[0])
		d.tap("receipt.open")
		fits(t, d)
		d.tap("receipt.pdf")
		d.tap("export.file.save")
		files, err := filepath.Glob(filepath.Join(home, "*.pdf"))
		if err != nil || len(files) != 1 {
			t.Fatalf("saved %v, %v", files, err)
		}
		if pdf, err := os.ReadFile(files[0]); err != nil || !bytes.HasPrefix(pdf, []byte("%PDF-")) || !bytes.Contains(pdf, []byte("%%EOF")) {
			t.Errorf("no PDF: %v", err)
		}
		if !strings.Contains(strings.Join(uitest.Texts(d.Window.Content()), "\n"), i18n.T("export.file.saved", "file", filepath.ToSlash(files[0]))) {
			t.Error("nothing says where the PDF is")
		}
	})
}
