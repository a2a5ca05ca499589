package export

import (
	"context"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"

	"loonbrug/data/journal"
	"loonbrug/data/model"
	"loonbrug/data/sheet"
	"loonbrug/ui/allowed"
	"loonbrug/ui/async"
	"loonbrug/ui/dialogs"
	"loonbrug/ui/i18n"
	"loonbrug/ui/tables"
	"loonbrug/ui/widgets"
)

// changePanel says that a booked period was recalculated, with the button that
// puts both side by side.
func (s *Screen) changePanel(d detail, c model.Change) fyne.CanvasObject {
	booked, _ := c.Booked.Totals()
	later, _ := c.Later.Totals()
	text := i18n.T("change.about", "period", c.Period, "booked", booked, "later", later)
	return widgets.Panel(container.NewVBox(widgets.Paragraph(text), container.NewHBox(
		widgets.NewButton(i18n.T("change.show"), func() { s.showChange(d, c) }))))
}

// chooseLater asks for the file that a run was recalculated into.
func (s *Screen) chooseLater(runID int64) {
	open := dialog.NewFileOpen(func(file fyne.URIReadCloser, err error) {
		if err != nil {
			s.fail(err)
			return
		}
		if file != nil {
			s.readLater(runID, file)
		}
	}, s.deps.Window())
	open.SetTitleText(i18n.T("change.file"))
	open.SetConfirmText(i18n.T("export.import.choose"))
	dialogs.ShowFiles(open)
}

func (s *Screen) readLater(runID int64, file fyne.URIReadCloser) {
	async.Run(s.ctx, s.deps.Runner,
		func(ctx context.Context) (bool, error) {
			defer func() { _ = file.Close() }()
			return s.deps.Office.ReviseByFile(ctx, runID, file.URI().Name(), file)
		},
		func(added bool, err error) {
			if err != nil {
				s.fail(err)
				return
			}
			s.Load()
			s.deps.Changed()
			if !added {
				dialogs.Message(s.deps.Window(), i18n.T("change.file"), i18n.T("change.file.same"))
			}
		})
}

// compared is one ledger account with its dimensions, in the books and in the
// later journal.
type compared struct {
	account, dimensions string
	booked, later       journal.Amount
}

// sideBySide adds up both entries by ledger account and dimensions.
func sideBySide(c model.Change) []compared {
	var rows []compared
	at := func(l model.EntryLine) *compared {
		values := make([]string, len(l.Dimensions))
		for i, d := range l.Dimensions {
			values[i] = d.Value
		}
		dimensions := joined(values...)
		i := slices.IndexFunc(rows, func(r compared) bool { return r.account == l.LedgerAccount && r.dimensions == dimensions })
		if i < 0 {
			rows, i = append(rows, compared{account: l.LedgerAccount, dimensions: dimensions}), len(rows)
		}
		return &rows[i]
	}
	for _, l := range c.Booked.Lines {
		at(l).booked += l.Amount
	}
	for _, l := range c.Later.Lines {
		at(l).later += l.Amount
	}
	slices.SortStableFunc(rows, func(a, b compared) int { return strings.Compare(a.account, b.account) })
	return rows
}

// changeTable has both amounts of every ledger account and what lies between.
func (s *Screen) changeTable(c model.Change, title string) *widgets.Table[compared] {
	amount := func(id, title string, of func(compared) journal.Amount) widgets.Column[compared] {
		return widgets.Column[compared]{
			ID: id, Title: title, Width: 120, End: true, Compare: widgets.By(of),
			Text: func(r compared) string { return i18n.FormatAmount(of(r)) },
			Cell: func(r compared) sheet.Cell { return sheet.Amount(of(r)) },
		}
	}
	table := widgets.NewTable(i18n.T("export.lines.none"),
		widgets.TextColumn("ledger", i18n.T("lines.ledger"), 100, func(r compared) string { return r.account }),
		widgets.TextColumn("dimensions", i18n.T("lines.dimensions"), 0, func(r compared) string { return r.dimensions }),
		amount("booked", i18n.T("change.booked"), func(r compared) journal.Amount { return r.booked }),
		amount("later", i18n.T("change.later"), func(r compared) journal.Amount { return r.later }),
		amount("difference", i18n.T("change.difference"), func(r compared) journal.Amount { return r.later - r.booked }),
	)
	tables.Dress(s.ctx, table, tables.Deps{Keeper: s.deps.Office, Desk: s.desk, Name: "changes", Title: title})
	table.SetRows(sideBySide(c))
	return table
}

// showChange puts what is booked beside the later journal, and offers the three
// ways to go on.
func (s *Screen) showChange(d detail, c model.Change) {
	title := i18n.T("change.title", "period", c.Period)
	table := s.changeTable(c, title)
	reason := widgets.NewEntry()
	var shown *dialogs.Dialog
	way := func(label string, w model.Way) *widgets.Button {
		b := widgets.NewButton(label, func() {
			shown.Busy(i18n.T("dialog.busy"))
			s.decided(shown, func(ctx context.Context) error {
				_, err := s.deps.Office.Correct(ctx, d.row.Run.ID, d.logo.MappingID, map[journal.Period]model.Way{c.Period: w}, reason.Text)
				return err
			})
		})
		b.Disable()
		return b
	}
	buttons := []*widgets.Button{way(i18n.T("change.way.difference"), model.WayDifference)}
	if c.Reversible {
		buttons = append(buttons, way(i18n.T("change.way.exchange"), model.WayExchange))
	}
	buttons = append(buttons, way(i18n.T("change.way.nothing"), model.WayNothing))
	row := container.NewGridWithColumns(len(buttons))
	for _, b := range buttons {
		row.Add(b)
	}
	reason.OnChanged = func(text string) {
		for _, b := range buttons {
			if strings.TrimSpace(text) == "" || d.noSend != nil {
				b.Disable()
			} else {
				b.Enable()
			}
		}
	}
	below := container.NewVBox(widgets.Field(i18n.T("undo.reason"), i18n.T("undo.reason.help"), reason), row)
	notice := allowed.NewNotice()
	allowed.Tell(s.deps.Explain, notice, d.noSend)
	below.Add(notice)
	for _, p := range c.Problems {
		below.Add(widgets.Wrong(s.deps.Explain(p).Message))
	}
	shown = dialogs.Show(s.deps.Window(), dialogs.Spec{
		Title:   title,
		Content: container.NewBorder(widgets.Muted(i18n.T("change.text", "at", c.TakenAt)), below, nil, nil, table),
		Focus:   reason, Width: 760, Height: 440,
	})
}
