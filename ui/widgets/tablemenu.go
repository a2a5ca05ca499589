package widgets

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	base "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// menuDots are the three dots of a table that open its menu: narrower than a
// button, so that they fit beside the last title.
type menuDots struct {
	widget.BaseWidget
	icon   *widget.Icon
	ring   *canvas.Rectangle
	tapped func()
}

var (
	_ fyne.Focusable     = (*menuDots)(nil)
	_ fyne.Tappable      = (*menuDots)(nil)
	_ desktop.Cursorable = (*menuDots)(nil)
)

func newMenuDots() *menuDots {
	m := &menuDots{icon: widget.NewIcon(base.MoreVerticalIcon()), ring: canvas.NewRectangle(color.Transparent)}
	m.ring.CornerRadius = 3
	m.ExtendBaseWidget(m)
	return m
}

// Tapped opens the menu.
func (m *menuDots) Tapped(*fyne.PointEvent) { m.tapped() }

// Cursor is the hand of a link.
func (m *menuDots) Cursor() desktop.Cursor { return desktop.PointerCursor }

// FocusGained draws the ring.
func (m *menuDots) FocusGained() { m.show(true) }

// FocusLost takes it away.
func (m *menuDots) FocusLost() { m.show(false) }

func (m *menuDots) show(focused bool) {
	m.ring.StrokeWidth, m.ring.StrokeColor = 0, base.Color(base.ColorNamePrimary)
	if focused {
		m.ring.StrokeWidth = 2
	}
	m.ring.Refresh()
}

// TypedRune does nothing: Space comes as a key.
func (m *menuDots) TypedRune(rune) {}

// TypedKey opens the menu with Space, Enter and Down.
func (m *menuDots) TypedKey(key *fyne.KeyEvent) {
	if key.Name == fyne.KeySpace || key.Name == fyne.KeyDown || isEnter(key) {
		m.tapped()
		return
	}
	HandOn(m, key)
}

// CreateRenderer draws dots and ring.
func (m *menuDots) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(container.NewStack(m.ring, m.icon))
}
