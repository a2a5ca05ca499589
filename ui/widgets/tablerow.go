package widgets

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	base "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"loonbrug/ui/theme"
)

// tableRow is a row of a table with its cells; a bar at its side says without
// colour that it is selected. Ground and bar are made for a row once it is the
// selected one: a list makes its rows anew at each jump.
type tableRow struct {
	widget.BaseWidget
	index   int
	cells   *fyne.Container
	tapped  func(int)
	chosen  bool
	version int // of the widths that its cells have
	ground  *canvas.Rectangle
	bar     *canvas.Rectangle
}

const barWidth = 4

func newTableRow(cells *fyne.Container, tapped func(int)) *tableRow {
	r := &tableRow{cells: cells, tapped: tapped}
	r.ExtendBaseWidget(r)
	return r
}

// Tapped selects the row.
func (r *tableRow) Tapped(*fyne.PointEvent) { r.tapped(r.index) }

// choose draws the row as the selected one, or not.
func (r *tableRow) choose(on bool) {
	if !on && !r.chosen {
		return
	}
	if r.ground == nil {
		r.ground, r.bar = canvas.NewRectangle(color.Transparent), canvas.NewRectangle(color.Transparent)
		r.mark(r.Size())
	}
	r.ground.FillColor, r.bar.FillColor = base.Color(base.ColorNameSelection), base.Color(base.ColorNamePrimary)
	if r.chosen != on {
		r.chosen = on
		canvas.Refresh(r)
	}
}

// mark sets ground and bar.
func (r *tableRow) mark(size fyne.Size) {
	r.ground.Resize(size)
	r.bar.Resize(fyne.NewSize(barWidth, size.Height))
}

// follow sets the cells as wide as the columns are now.
func (r *tableRow) follow(w *columnWidths) {
	if r.version != w.version {
		r.version = w.version
		r.cells.Layout.Layout(r.cells.Objects, r.cells.Size())
	}
}

// CreateRenderer draws the cells on their ground.
func (r *tableRow) CreateRenderer() fyne.WidgetRenderer { return &tableRowRenderer{r} }

type tableRowRenderer struct{ row *tableRow }

func (r *tableRowRenderer) MinSize() fyne.Size { return r.row.cells.MinSize() }

func (r *tableRowRenderer) Layout(size fyne.Size) {
	if r.row.ground != nil {
		r.row.mark(size)
	}
	r.row.cells.Resize(size)
}

func (r *tableRowRenderer) Refresh() {
	r.row.choose(r.row.chosen)
	r.row.cells.Refresh()
}

func (r *tableRowRenderer) Destroy() {}

func (r *tableRowRenderer) Objects() []fyne.CanvasObject {
	if r.row.chosen {
		return []fyne.CanvasObject{r.row.ground, r.row.bar, r.row.cells}
	}
	return []fyne.CanvasObject{r.row.cells}
}

// markBox is the box of a row, or of all. Keys reach it through the table.
type markBox struct {
	widget.BaseWidget
	icon   *widget.Icon
	on     bool
	toggle func()
}

const markWidth = 22

var _ desktop.Cursorable = (*markBox)(nil)

func newMarkBox() *markBox {
	b := &markBox{icon: widget.NewIcon(base.CheckButtonIcon())}
	b.ExtendBaseWidget(b)
	return b
}

func (b *markBox) show(on bool, toggle func()) {
	b.toggle = toggle
	if b.on == on {
		return
	}
	b.on = on
	if on {
		b.icon.SetResource(base.NewColoredResource(base.CheckButtonCheckedIcon(), base.ColorNamePrimary))
	} else {
		b.icon.SetResource(base.CheckButtonIcon())
	}
}

// Tapped turns the mark over.
func (b *markBox) Tapped(*fyne.PointEvent) {
	if b.toggle != nil {
		b.toggle()
	}
}

// Cursor is the hand of a link.
func (b *markBox) Cursor() desktop.Cursor { return desktop.PointerCursor }

// Marked tells whether the box has its mark, for a test that reads the window.
func (b *markBox) Marked() bool { return b.on }

// CreateRenderer draws the box.
func (b *markBox) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(b.icon) }

// tableHeader is the titles with the grips between them and, where there is a
// menu, its button.
type tableHeader struct {
	widget.BaseWidget
	titles *fyne.Container
	grips  []*grip
	menu   *menuDots
	widths *columnWidths
}

// CreateRenderer lays the grips over the edges of the titles.
func (h *tableHeader) CreateRenderer() fyne.WidgetRenderer { return &headerRenderer{h} }

type headerRenderer struct{ header *tableHeader }

func (r *headerRenderer) MinSize() fyne.Size { return r.header.titles.MinSize() }

func (r *headerRenderer) Layout(size fyne.Size) {
	h := r.header
	h.titles.Resize(size)
	for i, edge := range h.widths.edges(size.Width) {
		h.grips[i].Resize(fyne.NewSize(gripWidth, size.Height))
		h.grips[i].Move(fyne.NewPos(edge-gripWidth/2, 0))
		h.grips[i].Hidden = h.widths.hidden[i] || h.grips[i].dragged == nil
	}
	h.menu.Resize(fyne.NewSize(menuWidth, size.Height))
	h.menu.Move(fyne.NewPos(size.Width-menuWidth, 0))
}

func (r *headerRenderer) Refresh() {
	r.header.titles.Refresh()
	r.Layout(r.header.Size())
	r.header.menu.Refresh()
}

func (r *headerRenderer) Destroy() {}

func (r *headerRenderer) Objects() []fyne.CanvasObject {
	objects := []fyne.CanvasObject{r.header.titles}
	for _, g := range r.header.grips {
		objects = append(objects, g)
	}
	return append(objects, r.header.menu)
}

// grip is the edge of a title that drags.
type grip struct {
	widget.BaseWidget
	dragged func(by float32)
	ended   func()
	line    *canvas.Rectangle
}

const (
	gripWidth = 9
	menuWidth = 16
)

var (
	_ fyne.Draggable     = (*grip)(nil)
	_ desktop.Cursorable = (*grip)(nil)
)

func newGrip() *grip {
	g := &grip{line: canvas.NewRectangle(base.Color(theme.Outline))}
	g.ExtendBaseWidget(g)
	return g
}

// Cursor is the arrow to both sides.
func (g *grip) Cursor() desktop.Cursor { return desktop.HResizeCursor }

// Dragged makes the column wider.
func (g *grip) Dragged(e *fyne.DragEvent) { g.dragged(e.Dragged.DX) }

// DragEnd keeps the width.
func (g *grip) DragEnd() { g.ended() }

// CreateRenderer draws a thin line in the middle.
func (g *grip) CreateRenderer() fyne.WidgetRenderer { return &gripRenderer{g} }

type gripRenderer struct{ grip *grip }

func (r *gripRenderer) MinSize() fyne.Size { return fyne.NewSize(gripWidth, 1) }

func (r *gripRenderer) Layout(size fyne.Size) {
	r.grip.line.Resize(fyne.NewSize(1, size.Height/2))
	r.grip.line.Move(fyne.NewPos(size.Width/2, size.Height/4))
}

func (r *gripRenderer) Refresh() {
	r.grip.line.FillColor = base.Color(theme.Outline)
	r.grip.line.Refresh()
}

func (r *gripRenderer) Destroy() {}

func (r *gripRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.grip.line} }
