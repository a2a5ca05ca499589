package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	base "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// newHeader makes the titles anew.
func (t *Table[T]) newHeader() *tableHeader {
	h := &tableHeader{widths: t.widths, menu: NewIconButton("", base.MoreVerticalIcon(), nil)}
	h.menu.Importance = widget.LowImportance
	h.menu.OnTapped = func() {
		t.OnMenu(fyne.CurrentApp().Driver().AbsolutePositionForObject(h.menu).AddXY(0, h.menu.Size().Height))
	}
	cells := make([]fyne.CanvasObject, len(t.columns))
	for i, c := range t.columns {
		h.grips = append(h.grips, newGrip())
		if t.marks != nil && i == 0 {
			cells[i] = newMarkBox()
			continue
		}
		cells[i] = newColumnTitle(c.Title, c.End, c.Centre)
		if c.ID == "" {
			continue
		}
		h.grips[i].dragged = func(by float32) {
			t.widths.drag(i, by, h.Size().Width)
			t.redraw()
		}
		h.grips[i].ended = t.changed
	}
	h.titles = container.New(t.widths, cells...)
	h.ExtendBaseWidget(h)
	return h
}

// redraw shows titles and rows as the view is now.
func (t *Table[T]) redraw() {
	t.titles()
	t.header.Refresh()
	t.list.Refresh()
}

// titles fills the header as the view is now.
func (t *Table[T]) titles() {
	t.header.menu.Hidden = t.OnMenu == nil
	for i, o := range t.header.titles.Objects {
		if t.widths.hidden[i] {
			o.Hide()
			continue
		}
		o.Show()
		switch o := o.(type) {
		case *markBox:
			all := len(t.rows) > 0 && len(t.marks.set) == len(t.rows)
			o.show(all, func() { t.markAll(!all) })
		case *columnTitle:
			c := t.columns[i]
			if c.Compare != nil && c.ID != "" {
				o.tapped = func() { t.SortBy(c.ID) }
			}
			o.show(c.ID != "" && t.sorted == c.ID, t.down)
		}
	}
}

// columnTitle is the title of a column; a click sorts. Its arrow says which way.
type columnTitle struct {
	widget.BaseWidget
	label  *widget.Label
	arrow  *widget.Icon
	box    *fyne.Container
	tapped func()
}

var _ desktop.Cursorable = (*columnTitle)(nil)

func newColumnTitle(text string, end, centre bool) *columnTitle {
	t := &columnTitle{label: Small(text), arrow: widget.NewIcon(base.MoveDownIcon())}
	t.label.TextStyle.Bold = true
	if end {
		t.label.Alignment = fyne.TextAlignTrailing
	}
	if centre {
		t.label.Alignment = fyne.TextAlignCenter
	}
	t.arrow.Hide()
	t.box = container.NewBorder(nil, nil, nil, t.arrow, t.label)
	t.ExtendBaseWidget(t)
	return t
}

func (t *columnTitle) show(sorted, down bool) {
	t.arrow.SetResource(base.MoveUpIcon())
	if down {
		t.arrow.SetResource(base.MoveDownIcon())
	}
	t.arrow.Hidden = !sorted
	t.box.Refresh()
}

// Tapped sorts by the column.
func (t *columnTitle) Tapped(*fyne.PointEvent) {
	if t.tapped != nil {
		t.tapped()
	}
}

// Cursor is the hand of a link where a click sorts.
func (t *columnTitle) Cursor() desktop.Cursor {
	if t.tapped == nil {
		return desktop.DefaultCursor
	}
	return desktop.PointerCursor
}

// CreateRenderer draws the title with its arrow.
func (t *columnTitle) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(t.box) }
