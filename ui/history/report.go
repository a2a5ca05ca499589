package history

import (
	"encoding/csv"
	"io"
	"strings"

	"github.com/go-pdf/fpdf"

	"loonbrug/data/model"
	"loonbrug/ui/i18n"
)

// CSV writes events for a spreadsheet program, in the language of the moment and
// with the hash of each row.
func CSV(w io.Writer, events []model.Event) error {
	out := csv.NewWriter(w)
	out.Comma = ';'
	err := out.Write(append(titles(), i18n.T("history.hash")))
	for i := 0; i < len(events) && err == nil; i++ {
		cells := row(events[i])
		for n := range cells {
			cells[n] = harmless(cells[n])
		}
		err = out.Write(append(cells, events[i].Hash))
	}
	if err != nil {
		return err
	}
	out.Flush()
	return out.Error()
}

// harmless keeps a text from being taken for a formula.
func harmless(text string) string {
	if text != "" && strings.ContainsRune("=+-@\t\r\n", rune(text[0])) {
		return "'" + text
	}
	return text
}

// The page of the report: A4 across, sizes in millimetres and points.
const (
	reportRow  = 5
	reportText = 8
)

func reportWidths() []float64 { return []float64{14, 32, 36, 85, 110} }

// PDF writes events as a report for an auditor, with what checking the history
// gave above them.
func PDF(w io.Writer, v model.Verification, events []model.Event) error {
	doc := fpdf.New("L", "mm", "A4", "")
	latin := doc.UnicodeTranslatorFromDescriptor("") // covers the program's languages
	doc.SetTitle(i18n.T("history.title"), true)
	doc.SetCreator("Loonbrug", true)
	if len(events) > 0 {
		doc.SetCreationDate(events[0].At) // the same history makes the same bytes
		doc.SetModificationDate(events[0].At)
	}
	doc.SetFooterFunc(func() {
		doc.SetY(-10)
		doc.SetFont("Helvetica", "", reportText)
		doc.CellFormat(0, reportRow, latin(i18n.T("history.page", "page", doc.PageNo())), "", 0, "R", false, 0, "")
	})
	doc.AddPage()
	doc.SetFont("Helvetica", "B", 14)
	doc.CellFormat(0, 9, latin(i18n.T("history.title")), "", 1, "", false, 0, "")
	doc.SetFont("Helvetica", "", 9)
	doc.MultiCell(0, reportRow, latin(Verdict(v)), "", "", false)
	if len(events) > 0 {
		doc.MultiCell(0, reportRow, latin(i18n.T("history.last_hash", "hash", events[0].Hash)), "", "", false)
	}
	doc.Ln(2)
	pdfLine(doc, "B", titles(), latin)
	for _, e := range events {
		pdfLine(doc, "", row(e), latin)
	}
	return doc.Output(w)
}

// pdfLine writes one line of the table, as high as its longest cell.
func pdfLine(doc *fpdf.Fpdf, style string, cells []string, latin func(string) string) {
	doc.SetFont("Helvetica", style, reportText)
	widths, lines := reportWidths(), 1
	split := make([][][]byte, len(cells))
	for i, text := range cells {
		split[i] = doc.SplitLines([]byte(latin(text)), widths[i])
		lines = max(lines, len(split[i]))
	}
	_, page := doc.GetPageSize()
	for line := range lines {
		if doc.GetY()+reportRow > page-15 {
			doc.AddPage()
			doc.SetFont("Helvetica", style, reportText)
		}
		for i := range cells {
			text := ""
			if line < len(split[i]) {
				text = string(split[i][line])
			}
			doc.CellFormat(widths[i], reportRow, text, "", 0, "", false, 0, "")
		}
		doc.Ln(reportRow)
	}
}
