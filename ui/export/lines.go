package export

import (
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"loonbrug/data/model"
	"loonbrug/ui/dialogs"
	"loonbrug/ui/i18n"
	"loonbrug/ui/theme"
	"loonbrug/ui/widgets"
)

// numbered is a line of an entry with its number, counted from one.
type numbered struct {
	model.EntryLine
	number string
}

func numberedLines(e model.Entry) []numbered {
	lines := make([]numbered, len(e.Lines))
	for i, l := range e.Lines {
		lines[i] = numbered{l, strconv.Itoa(i + 1)}
	}
	return lines
}

// faultColumn numbers the lines and marks those that a problem stands on.
func faultColumn(line periodLine) widgets.Column[numbered] {
	return widgets.Column[numbered]{
		Title: i18n.T("lines.number"), Width: 64,
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

// showLines shows the lines of one entry as the target gets them.
func (s *Screen) showLines(d detail, line periodLine) {
	table := widgets.NewTable(i18n.T("export.lines.none"),
		faultColumn(line),
		widgets.Column[numbered]{Title: i18n.T("lines.ledger"), Width: 90, Text: func(l numbered) string { return l.LedgerAccount }},
		widgets.Column[numbered]{Title: i18n.T("lines.dimensions"), Width: 130, Text: dimensions},
		widgets.Column[numbered]{Title: i18n.T("lines.text"), Text: func(l numbered) string { return l.Text }},
		widgets.Column[numbered]{Title: i18n.T("lines.debit"), Width: 110, End: true, Text: func(l numbered) string { return side(l, l.Amount > 0) }},
		widgets.Column[numbered]{Title: i18n.T("lines.credit"), Width: 110, End: true, Text: func(l numbered) string { return side(l, l.Amount < 0) }},
	)
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
		Title:   i18n.T("lines.title", "target", s.description(d.logo.Target).Name, "period", line.period),
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
