package overview

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	base "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"loonbrug/ui/widgets"
)

// barRow is a bar with its name before it and its value behind it. A click, Space
// or Enter leads on.
type barRow struct {
	widget.BaseWidget
	bar     bar
	tapped  func()
	name    *widget.Label
	value   *widget.Label
	shape   *barShape
	ring    *canvas.Rectangle
	focused bool
	hovered bool
}

var (
	_ fyne.Tappable      = (*barRow)(nil)
	_ fyne.Focusable     = (*barRow)(nil)
	_ fyne.Accessible    = (*barRow)(nil)
	_ desktop.Hoverable  = (*barRow)(nil)
	_ desktop.Cursorable = (*barRow)(nil)
)

func newBarRow(b bar, tapped func()) *barRow {
	r := &barRow{bar: b, tapped: tapped, name: widgets.Line(b.name), value: widgets.SmallWhole(b.value), shape: newBarShape(), ring: canvas.NewRectangle(color.Transparent)}
	r.value.Alignment = fyne.TextAlignTrailing
	r.shape.set(b.share, b.pattern)
	r.ring.CornerRadius = 4
	r.ExtendBaseWidget(r)
	return r
}

// Tapped leads to the runs.
func (r *barRow) Tapped(*fyne.PointEvent) { r.tapped() }

// Cursor is the hand of a link.
func (r *barRow) Cursor() desktop.Cursor { return desktop.PointerCursor }

// MouseIn lights the row up.
func (r *barRow) MouseIn(*desktop.MouseEvent) { r.hovered = true; r.Refresh() }

// MouseMoved does nothing.
func (r *barRow) MouseMoved(*desktop.MouseEvent) {}

// MouseOut puts it out.
func (r *barRow) MouseOut() { r.hovered = false; r.Refresh() }

// FocusGained draws the ring.
func (r *barRow) FocusGained() { r.focused = true; r.Refresh() }

// FocusLost takes it away.
func (r *barRow) FocusLost() { r.focused = false; r.Refresh() }

// TypedRune does nothing: Space comes as a key.
func (r *barRow) TypedRune(rune) {}

// TypedKey leads on with Space and Enter.
func (r *barRow) TypedKey(key *fyne.KeyEvent) {
	switch key.Name {
	case fyne.KeySpace, fyne.KeyReturn, fyne.KeyEnter:
		r.tapped()
	default:
		widgets.HandOn(r, key)
	}
}

// AccessibilityLabel is what a screen reader says.
func (r *barRow) AccessibilityLabel() string { return r.bar.name + " " + r.bar.value }

// AccessibilityRole is that of a button.
func (r *barRow) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleButton }

// CreateRenderer lays name, bar and value side by side.
func (r *barRow) CreateRenderer() fyne.WidgetRenderer { return &barRowRenderer{r} }

type barRowRenderer struct{ row *barRow }

const (
	nameWide   = 104
	valueWide  = 118
	shapeLeast = 60
	shapeHigh  = 14
)

func (r *barRowRenderer) MinSize() fyne.Size {
	return fyne.NewSize(nameWide+shapeLeast+valueWide, r.row.name.MinSize().Height-base.InnerPadding())
}

func (r *barRowRenderer) Layout(size fyne.Size) {
	w := r.row
	place := func(o fyne.CanvasObject, x, width, height float32) {
		o.Move(fyne.NewPos(x, (size.Height-height)/2))
		o.Resize(fyne.NewSize(width, height))
	}
	w.ring.Resize(size)
	place(w.name, 0, nameWide, w.name.MinSize().Height)
	place(w.shape, nameWide, size.Width-nameWide-valueWide, shapeHigh)
	place(w.value, size.Width-valueWide, valueWide, w.value.MinSize().Height)
}

func (r *barRowRenderer) Refresh() {
	w := r.row
	w.ring.StrokeWidth, w.ring.FillColor = 0, color.Transparent
	if w.hovered {
		w.ring.FillColor = base.Color(base.ColorNameHover)
	}
	if w.focused {
		w.ring.StrokeWidth, w.ring.StrokeColor = 2, base.Color(base.ColorNamePrimary)
	}
	w.ring.Refresh()
	w.shape.Refresh()
	w.name.Refresh()
	w.value.Refresh()
}

func (r *barRowRenderer) Destroy() {}

func (r *barRowRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.row.ring, r.row.shape, r.row.name, r.row.value}
}

// barShape is the bar itself. Its patterned part is empty with slanted lines, so
// that it differs from the full one without colour.
type barShape struct {
	widget.BaseWidget
	share, pattern float32
}

func newBarShape() *barShape {
	s := &barShape{}
	s.ExtendBaseWidget(s)
	return s
}

func (s *barShape) set(share, pattern float32) { s.share, s.pattern = share, pattern }

// CreateRenderer draws the bar.
func (s *barShape) CreateRenderer() fyne.WidgetRenderer {
	return &barShapeRenderer{shape: s, full: canvas.NewRectangle(color.Transparent), edge: canvas.NewRectangle(color.Transparent)}
}

type barShapeRenderer struct {
	shape   *barShape
	full    *canvas.Rectangle
	edge    *canvas.Rectangle
	slashes []*canvas.Line
}

const (
	slashEvery = 6
	barLeast   = 3 // what can be seen of a bar that is not nothing
)

func (r *barShapeRenderer) MinSize() fyne.Size { return fyne.NewSize(barLeast, shapeHigh) }

func (r *barShapeRenderer) Layout(size fyne.Size) {
	long := size.Width * r.shape.share
	if r.shape.share > 0 {
		long = max(long, barLeast)
	}
	full := long * (1 - r.shape.pattern)
	r.full.Resize(fyne.NewSize(full, size.Height))
	r.edge.Move(fyne.NewPos(full, 0))
	r.edge.Resize(fyne.NewSize(long-full, size.Height))
	r.edge.Hidden = r.shape.pattern == 0
	r.slashes = nil
	for x := full + slashEvery; x < long; x += slashEvery {
		l := canvas.NewLine(color.Transparent)
		l.Position1, l.Position2 = fyne.NewPos(max(full, x-slashEvery), size.Height-1), fyne.NewPos(x, 1)
		r.slashes = append(r.slashes, l)
	}
	r.paint()
}

func (r *barShapeRenderer) paint() {
	ink := base.Color(base.ColorNamePrimary)
	r.full.FillColor, r.full.CornerRadius = ink, 2
	r.edge.StrokeColor, r.edge.StrokeWidth, r.edge.CornerRadius = ink, 1, 2
	for _, l := range r.slashes {
		l.StrokeColor, l.StrokeWidth = ink, 1
	}
}

func (r *barShapeRenderer) Refresh() {
	r.Layout(r.shape.Size())
	canvas.Refresh(r.shape)
}

func (r *barShapeRenderer) Destroy() {}

func (r *barShapeRenderer) Objects() []fyne.CanvasObject {
	objects := []fyne.CanvasObject{r.full, r.edge}
	for _, l := range r.slashes {
		objects = append(objects, l)
	}
	return objects
}
