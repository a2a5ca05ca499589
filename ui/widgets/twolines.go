package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"
)

// TwoLines is a cell with a strong line over a quiet one.
func TwoLines() *fyne.Container {
	top := Line("")
	top.TextStyle.Bold = true
	return container.New(tightLayout{}, top, Small(""))
}

// TwoLinesEnd is [TwoLines] aligned at the end, for periods and amounts.
func TwoLinesEnd() *fyne.Container {
	cell := TwoLines()
	for _, o := range cell.Objects {
		o.(*widget.Label).Alignment = fyne.TextAlignTrailing
	}
	return cell
}

// SetTwoLines fills a cell made by [TwoLines]; quiet greys it.
func SetTwoLines(cell fyne.CanvasObject, top, bottom string, quiet bool) {
	lines := cell.(*fyne.Container).Objects
	first := lines[0].(*widget.Label)
	first.Importance = widget.MediumImportance
	if quiet {
		first.Importance = widget.LowImportance
	}
	first.SetText(top)
	lines[1].(*widget.Label).SetText(bottom)
	if bottom == "" {
		lines[1].Hide()
	} else {
		lines[1].Show()
	}
}
