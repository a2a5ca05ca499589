package widgets_test

import (
	"fmt"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"loonbrug/ui/theme"
	"loonbrug/ui/widgets"
)

// historyRows is how long the lists are that are jumped in.
const historyRows = 1_000_000

// BenchmarkJump jumps from end to end of a long list: a bare list of Fyne with
// three labels a row, and a table with three columns.
func BenchmarkJump(b *testing.B) {
	rows := make([]int, historyRows)
	for i := range rows {
		rows[i] = i
	}
	show := func(b *testing.B, o fyne.CanvasObject) {
		test.NewTempWindow(b, o).Resize(fyne.NewSize(1000, 700))
	}
	b.Run("Bare", func(b *testing.B) {
		test.NewTempApp(b).Settings().SetTheme(theme.New(theme.Light))
		list := widget.NewList(func() int { return len(rows) },
			func() fyne.CanvasObject {
				return container.NewGridWithColumns(3, widgets.Line(""), widgets.Line(""), widgets.Line(""))
			},
			func(i widget.ListItemID, o fyne.CanvasObject) {
				for n, l := range o.(*fyne.Container).Objects {
					l.(*widget.Label).SetText(fmt.Sprint(i, n))
				}
			})
		show(b, list)
		for i := 0; b.Loop(); i++ {
			list.ScrollTo(i % 2 * (len(rows) - 1))
		}
	})
	b.Run("Table", func(b *testing.B) {
		test.NewTempApp(b).Settings().SetTheme(theme.New(theme.Light))
		column := func(n int) widgets.Column[int] {
			return widgets.Column[int]{ID: fmt.Sprint(n), Title: fmt.Sprint(n), Text: func(i int) string { return fmt.Sprint(i, n) }}
		}
		table := widgets.NewTable("", column(0), column(1), column(2))
		show(b, table)
		table.SetRows(rows)
		for i := 0; b.Loop(); i++ {
			table.Select(i % 2 * (len(rows) - 1))
		}
	})
}
