package history

import (
	"io"

	"loonbrug/data/model"
	"loonbrug/data/paper"
	"loonbrug/data/sheet"
	"loonbrug/ui/i18n"
)

// CSV writes events for a spreadsheet program, in the language of the moment and
// with the hash of each row.
func CSV(w io.Writer, events []model.Event) error {
	table := sheet.Table{Name: i18n.T("history.title"), Titles: append(titles(), i18n.T("history.hash"))}
	for _, e := range events {
		var cells []sheet.Cell
		for _, text := range append(row(e), e.Hash) {
			cells = append(cells, sheet.Text(text))
		}
		table.Rows = append(table.Rows, cells)
	}
	return table.CSV(w, sheet.Style{Separator: ';', Decimal: i18n.Decimal()})
}

// PDF writes events as a report for an auditor, with what checking the history
// gave above them. Nothing of it is cut off.
func PDF(w io.Writer, v model.Verification, events []model.Event) error {
	doc := paper.Document{
		Title: i18n.T("history.title"), About: Verdict(v), Language: i18n.Language(),
		Across: true, Foot: i18n.T("history.title"),
	}
	if len(events) > 0 {
		doc.Created = events[0].At // the same history makes the same bytes
		doc.About += "\n" + i18n.T("history.last_hash", "hash", events[0].Hash)
	}
	var part paper.Part
	for i, title := range titles() {
		part.Titles = append(part.Titles, paper.Column{Title: title, Share: shares()[i], Whole: true})
	}
	for _, e := range events {
		part.Rows = append(part.Rows, row(e))
	}
	doc.Parts = []paper.Part{part}
	return doc.PDF(w)
}

// shares are the widths of the columns in the report.
func shares() []float64 { return []float64{0.06, 0.12, 0.13, 0.3, 0.39} }
