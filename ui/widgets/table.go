package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"loonbrug/ui/theme"
)

// Column is one column of a [Table]. Either Text gives what it says, or New
// makes a cell and Show fills it; cells are used again for other rows.
type Column[T any] struct {
	Title  string
	Width  float32 // zero: shares what the others leave
	End    bool    // aligned at the end, for amounts
	Centre bool    // title in the middle, for logos
	Text   func(T) string
	New    func() fyne.CanvasObject
	Show   func(T, fyne.CanvasObject)
}

// Table is a header over a list of rows. It draws only what can be seen, so the
// number of rows does not matter.
type Table[T any] struct {
	widget.BaseWidget
	OnSelected func(T)

	columns []Column[T]
	rows    []T
	list    *List
	header  *fyne.Container
	empty   *widget.Label
}

// NewTable makes a table; nothing is what it says while it has no rows.
func NewTable[T any](nothing string, columns ...Column[T]) *Table[T] {
	t := &Table[T]{columns: columns, empty: Muted(nothing)}
	t.list = NewList(func() int { return len(t.rows) }, t.create, t.update)
	t.list.OnSelected = func(i widget.ListItemID) {
		if t.OnSelected != nil && i < len(t.rows) {
			t.OnSelected(t.rows[i])
		}
	}
	t.header = t.titles()
	t.ExtendBaseWidget(t)
	return t
}

// CreateRenderer stacks header and list.
func (t *Table[T]) CreateRenderer() fyne.WidgetRenderer {
	ground := newSurface(theme.Card, theme.Outline)
	body := container.NewBorder(container.NewVBox(t.header, widget.NewSeparator()), nil, nil, nil, container.NewStack(t.list, container.NewVBox(Inset(t.empty))))
	return widget.NewSimpleRenderer(container.NewStack(ground, body))
}

// SetRows replaces all rows.
func (t *Table[T]) SetRows(rows []T) {
	t.rows = rows
	t.empty.Hidden = len(rows) > 0
	t.empty.Refresh()
	t.list.Refresh()
}

// Refresh draws all rows again.
func (t *Table[T]) Refresh() {
	t.list.Refresh()
	t.BaseWidget.Refresh()
}

// Rows are the rows as they are shown.
func (t *Table[T]) Rows() []T { return t.rows }

// Select selects a row by its place; a place that does not exist selects none.
func (t *Table[T]) Select(i int) {
	if i < 0 || i >= len(t.rows) {
		t.list.UnselectAll()
		return
	}
	t.list.Select(i)
}

func (t *Table[T]) layout() columnsLayout {
	widths := make([]float32, len(t.columns))
	for i, c := range t.columns {
		widths[i] = c.Width
	}
	return columnsLayout{widths: widths}
}

func (t *Table[T]) titles() *fyne.Container {
	cells := make([]fyne.CanvasObject, len(t.columns))
	for i, c := range t.columns {
		l := Small(c.Title)
		l.TextStyle.Bold = true
		if c.End {
			l.Alignment = fyne.TextAlignTrailing
		}
		if c.Centre {
			l.Alignment = fyne.TextAlignCenter
		}
		cells[i] = l
	}
	return container.New(t.layout(), cells...)
}

func (t *Table[T]) create() fyne.CanvasObject {
	cells := make([]fyne.CanvasObject, len(t.columns))
	for i, c := range t.columns {
		if c.New != nil {
			cells[i] = c.New()
			continue
		}
		l := Line("")
		if c.End {
			l.Alignment = fyne.TextAlignTrailing
		}
		cells[i] = l
	}
	return container.New(t.layout(), cells...)
}

func (t *Table[T]) update(i widget.ListItemID, o fyne.CanvasObject) {
	if i >= len(t.rows) {
		return
	}
	for n, cell := range o.(*fyne.Container).Objects {
		c := t.columns[n]
		if c.New != nil {
			c.Show(t.rows[i], cell)
			continue
		}
		cell.(*widget.Label).SetText(c.Text(t.rows[i]))
	}
}

// columnsLayout sets cells side by side, centred in height. Columns of width
// zero share what the others leave.
type columnsLayout struct{ widths []float32 }

const (
	columnGap  = 4
	columnEdge = 6
	shareMin   = 60 // what a sharing column needs at least
)

func (c columnsLayout) MinSize(cells []fyne.CanvasObject) fyne.Size {
	var size fyne.Size
	for i, cell := range cells {
		size.Height = max(size.Height, cell.MinSize().Height)
		width := c.widths[i]
		if width == 0 {
			width = shareMin
		}
		size.Width += width + columnGap
	}
	size.Width += 2*columnEdge - columnGap
	return size
}

func (c columnsLayout) Layout(cells []fyne.CanvasObject, size fyne.Size) {
	left, sharing := size.Width-2*columnEdge+columnGap, 0
	for _, w := range c.widths {
		left -= w + columnGap
		if w == 0 {
			sharing++
		}
	}
	x := float32(columnEdge)
	for i, cell := range cells {
		width := c.widths[i]
		if width == 0 {
			width = max(shareMin, left/float32(sharing))
		}
		height := min(size.Height, cell.MinSize().Height)
		cell.Move(fyne.NewPos(x, (size.Height-height)/2))
		cell.Resize(fyne.NewSize(width, height))
		x += width + columnGap
	}
}

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
