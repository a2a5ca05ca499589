package widgets

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	base "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"loonbrug/resources"
	"loonbrug/ui/theme"
)

// Logo is the logo of a target with a badge and a label. A click, Space or
// Enter taps it; OnHint is given the face's hint while the pointer or the focus
// is on it, and "" when it leaves.
type Logo struct {
	widget.BaseWidget
	OnTapped func()
	OnHint   func(string)

	face    Face
	size    float32
	focused bool
	hovered bool
}

var (
	_ fyne.Tappable      = (*Logo)(nil)
	_ fyne.Focusable     = (*Logo)(nil)
	_ fyne.Accessible    = (*Logo)(nil)
	_ desktop.Hoverable  = (*Logo)(nil)
	_ desktop.Cursorable = (*Logo)(nil)
)

// NewLogo makes a logo of size by size, with its label below.
func NewLogo(size float32, tapped func()) *Logo {
	l := &Logo{size: size, OnTapped: tapped}
	l.ExtendBaseWidget(l)
	return l
}

// Face is what the logo shows now.
func (l *Logo) Face() Face { return l.face }

// SetFace shows another face.
func (l *Logo) SetFace(f Face) {
	if l.face == f {
		return
	}
	l.face = f
	if l.focused || l.hovered {
		l.hint() // what was said of the face before is no longer so
		return
	}
	l.Refresh()
}

// Tapped does what a click does.
func (l *Logo) Tapped(*fyne.PointEvent) {
	if l.OnTapped != nil {
		l.OnTapped()
	}
}

// Cursor is the hand of a link.
func (l *Logo) Cursor() desktop.Cursor { return desktop.PointerCursor }

// MouseIn shows the hint.
func (l *Logo) MouseIn(*desktop.MouseEvent) { l.hovered = true; l.hint() }

// MouseMoved does nothing.
func (l *Logo) MouseMoved(*desktop.MouseEvent) {}

// MouseOut takes the hint away.
func (l *Logo) MouseOut() { l.hovered = false; l.hint() }

// FocusGained draws the ring and shows the hint.
func (l *Logo) FocusGained() { l.focused = true; l.hint() }

// FocusLost takes both away.
func (l *Logo) FocusLost() { l.focused = false; l.hint() }

// TypedRune does nothing: Space comes as a key.
func (l *Logo) TypedRune(rune) {}

// TypedKey taps on Space and Enter.
func (l *Logo) TypedKey(key *fyne.KeyEvent) {
	if key.Name == fyne.KeySpace || isEnter(key) {
		l.Tapped(nil)
		return
	}
	HandOn(l, key)
}

// AccessibilityLabel is what a screen reader says.
func (l *Logo) AccessibilityLabel() string { return l.face.Hint }

// AccessibilityRole is that of a button.
func (l *Logo) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleButton }

func (l *Logo) hint() {
	l.Refresh()
	if l.OnHint == nil {
		return
	}
	if l.focused || l.hovered {
		l.OnHint(l.face.Hint)
	} else {
		l.OnHint("")
	}
}

// CreateRenderer draws the logo.
func (l *Logo) CreateRenderer() fyne.WidgetRenderer {
	r := &logoRenderer{
		logo:   l,
		ring:   canvas.NewRectangle(color.Transparent),
		image:  canvas.NewImageFromResource(nil),
		veil:   canvas.NewRectangle(color.Transparent),
		badge:  newMark(),
		second: newMark(),
		label:  canvas.NewText("", color.Transparent),
	}
	r.image.FillMode = canvas.ImageFillContain
	r.label.Alignment = fyne.TextAlignCenter
	r.Refresh()
	return r
}

type logoRenderer struct {
	logo          *Logo
	ring, veil    *canvas.Rectangle
	image         *canvas.Image
	badge, second *mark
	label         *canvas.Text
}

const (
	logoAir   = 5 // room for ring and badge around the picture
	badgeSize = 18
)

func (r *logoRenderer) Destroy() {}

func (r *logoRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.ring, r.image, r.veil, r.badge.ground, r.badge.icon, r.badge.text, r.second.ground, r.second.icon, r.second.text, r.label}
}

func (r *logoRenderer) MinSize() fyne.Size {
	width, height := r.logo.size+2*logoAir, r.logo.size+2*logoAir
	if r.logo.face.Label != "" {
		label := r.label.MinSize()
		width, height = max(width, label.Width), height+label.Height
	}
	return fyne.NewSize(width, height)
}

func (r *logoRenderer) Layout(size fyne.Size) {
	side := r.logo.size
	left, top := (size.Width-side)/2, float32(logoAir)
	r.ring.Move(fyne.NewPos(left-logoAir+1, 1))
	r.ring.Resize(fyne.NewSquareSize(side + 2*logoAir - 2))
	r.image.Move(fyne.NewPos(left, top))
	r.image.Resize(fyne.NewSquareSize(side))
	r.veil.Move(fyne.NewPos(left+side/2, top))
	r.veil.Resize(fyne.NewSize(side/2, side))
	r.badge.place(fyne.NewPos(left+side+logoAir-1, top+side+logoAir-2), badgeSize)
	r.second.place(fyne.NewPos(left+badgeSize-logoAir-1, top+side+logoAir-2), badgeSize-2)
	r.label.Move(fyne.NewPos(0, side+2*logoAir))
	r.label.Resize(fyne.NewSize(size.Width, r.label.MinSize().Height))
}

func (r *logoRenderer) Refresh() {
	face := r.logo.face
	r.image.Resource = picture(face.Logo, face.Look)
	r.image.Refresh()

	r.ring.CornerRadius, r.ring.StrokeWidth = 10, 2
	r.ring.StrokeColor, r.ring.FillColor = color.Transparent, color.Transparent
	if r.logo.hovered {
		r.ring.FillColor = base.Color(base.ColorNameHover)
	}
	if r.logo.focused {
		r.ring.StrokeColor = base.Color(base.ColorNamePrimary)
	}
	r.ring.Refresh()

	r.veil.FillColor, r.veil.CornerRadius = color.Transparent, 6
	if face.Look == LookHalf {
		r.veil.FillColor = base.Color(theme.Veil)
	}
	r.veil.Refresh()

	r.badge.set(face.Badge, face.Count, face.Tone)
	r.second.set(face.Second, "", ToneOdd)
	r.label.Text = face.Label
	r.label.TextSize = base.Size(theme.SizeSmall)
	r.label.Color = base.Color(base.ColorNameForeground)
	r.label.Refresh()
	r.Layout(r.logo.Size())
}

func picture(id string, look Look) fyne.Resource {
	if id == "" {
		return nil
	}
	of := map[Look]string{LookColour: resources.LookColour, LookHalf: resources.LookColour, LookGrey: resources.LookGrey, LookSent: resources.LookSent}
	name, svg, err := resources.Logo(id, of[look])
	if err != nil {
		return base.BrokenImageIcon()
	}
	return fyne.NewStaticResource(name, svg)
}

// mark is a small round badge with an icon, or a pill with a short text.
type mark struct {
	ground *canvas.Rectangle
	icon   *canvas.Image
	text   *canvas.Text
}

func newMark() *mark {
	m := &mark{ground: canvas.NewRectangle(color.Transparent), icon: canvas.NewImageFromResource(nil), text: canvas.NewText("", color.Transparent)}
	m.text.Alignment = fyne.TextAlignCenter
	m.text.TextStyle.Bold = true
	return m
}

func (m *mark) set(icon, text string, tone Tone) {
	shown := icon != "" || text != ""
	for _, o := range []fyne.CanvasObject{m.ground, m.icon, m.text} {
		if shown {
			o.Show()
		} else {
			o.Hide()
		}
	}
	if !shown {
		return
	}
	m.ground.FillColor = base.Color(tone.Colour())
	m.ground.StrokeColor, m.ground.StrokeWidth = base.Color(theme.Card), 1.5
	m.ground.Refresh()
	m.icon.Resource = nil
	if text == "" {
		m.icon.Resource = Icon(icon, theme.OnBadge)
	}
	m.icon.Refresh()
	m.text.Text, m.text.TextSize, m.text.Color = text, 10, base.Color(theme.OnBadge)
	m.text.Refresh()
}

// place puts the lower right corner of the mark at corner.
func (m *mark) place(corner fyne.Position, size float32) {
	width := size
	if m.text.Text != "" {
		width = max(size, m.text.MinSize().Width+8)
	}
	at := fyne.NewPos(corner.X-width, corner.Y-size)
	m.ground.CornerRadius = size / 2
	m.ground.Move(at)
	m.ground.Resize(fyne.NewSize(width, size))
	m.icon.Move(at.AddXY(3, 3))
	m.icon.Resize(fyne.NewSize(width-6, size-6))
	m.text.Move(at)
	m.text.Resize(fyne.NewSize(width, size))
}
