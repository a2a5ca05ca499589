package export

import (
	"cmp"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"loonbrug/data/journal"
	"loonbrug/data/model"
	"loonbrug/data/sheet"
	"loonbrug/ui/dialogs"
	"loonbrug/ui/i18n"
	"loonbrug/ui/tables"
	"loonbrug/ui/theme"
	"loonbrug/ui/widgets"
)

// numbered is a line of an entry with its number, counted from one.
type numbered struct {
	model.EntryLine
	place  int
	number string
}

func numberedLines(e model.Entry) []numbered {
	lines := make([]numbered, len(e.Lines))
	for i, l := range e.Lines {
		lines[i] = numbered{l, i, strconv.Itoa(i + 1)}
	}
	return lines
}

// faultColumn numbers the lines and marks those that a problem stands on.
func faultColumn(line periodLine) widgets.Column[numbered] {
	return widgets.Column[numbered]{
		ID: "number", Title: i18n.T("lines.number"), Width: 64,
		Cell:    func(l numbered) sheet.Cell { return sheet.Text(l.number) },
		Compare: func(a, b numbered) int { return cmp.Compare(a.place, b.place) },
		New: func() fyne.CanvasObject {
			return container.NewBorder(nil, nil, widget.NewIcon(widgets.Icon("bang", theme.Bad)), nil, widgets.Line(""))
		},
		Show: func(l numbered, o fyne.CanvasObject) {
			// A border puts its centre first.
			cell := o.(*fyne.Container).Objects
			cell[0].(*widget.Label).SetText(l.number)
			cell[1].Hide()
			for _, p := range line.faults {
				if standsOn(p, l.number) {
					cell[1].Show()
				}
			}
		},
	}
}

// faultText is a problem with the lines it stands on.
func (s *Screen) faultText(p *model.Problem) string {
	message := s.deps.Explain(p).Message
	if lines := linesOf(p); lines != "" {
		return i18n.T("check.fault", "lines", lines, "message", message)
	}
	return message
}

// lineColumns are what the lines of an entry say.
func lineColumns() []widgets.Column[numbered] {
	amount := func(id, title string, of func(numbered) journal.Amount) widgets.Column[numbered] {
		return widgets.Column[numbered]{
			ID: id, Title: title, Width: 100, End: true,
			Text: func(l numbered) string { return side(l, of(l) > 0) },
			Cell: func(l numbered) sheet.Cell {
				if of(l) <= 0 {
					return sheet.Cell{}
				}
				return sheet.Amount(of(l))
			},
			Compare: widgets.By(of),
		}
	}
	return []widgets.Column[numbered]{
		widgets.TextColumn("ledger", i18n.T("lines.ledger"), 80, func(l numbered) string { return l.LedgerAccount }),
		widgets.TextColumn("dimensions", i18n.T("lines.dimensions"), 110, dimensions),
		widgets.TextColumn("text", i18n.T("lines.text"), 0, func(l numbered) string { return l.Text }),
		amount("debit", i18n.T("lines.debit"), func(l numbered) journal.Amount { return l.Amount }),
		amount("credit", i18n.T("lines.credit"), func(l numbered) journal.Amount { return -l.Amount }),
	}
}

// showLines shows the lines of one entry as the target gets them.
func (s *Screen) showLines(d detail, line periodLine) {
	title := i18n.T("lines.title", "target", s.description(d.logo.Target).Name, "period", line.period)
	table := widgets.NewTable(i18n.T("export.lines.none"), append([]widgets.Column[numbered]{faultColumn(line)}, lineColumns()...)...)
	tables.Dress(s.ctx, table, tables.Deps{Keeper: s.deps.Office, Desk: s.desk, Name: "lines", Title: title})
	table.SetRows(numberedLines(line.entry))
	debit, credit := line.entry.Totals()
	total := widgets.Bold(i18n.T("lines.total", "debit", debit, "credit", credit, "currency", line.entry.Currency))
	text := i18n.T("lines.about", "date", line.entry.Date, "key", line.entry.Key, "description", line.entry.Description)
	if line.entry.BookPeriod != "" {
		text += " · " + i18n.T("lines.about.period", "period", line.entry.BookPeriod)
	}
	about := container.NewVBox(widgets.Muted(text))
	for _, p := range line.faults {
		about.Add(widgets.Wrong(s.faultText(p)))
	}
	dialogs.Show(s.deps.Window(), dialogs.Spec{
		Title:   title,
		Content: container.NewBorder(about, total, nil, nil, table),
		Width:   760, Height: 420,
	})
}

func dimensions(l numbered) string {
	values := make([]string, len(l.Dimensions))
	for i, d := range l.Dimensions {
		values[i] = d.Code
	}
	return strings.Join(values, " · ")
}

func side(l numbered, on bool) string {
	if !on {
		return ""
	}
	return i18n.FormatAmount(l.Amount.Abs())
}
