package widgets

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	base "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"loonbrug/resources"
	"loonbrug/ui/theme"
)

// Heading is the title of a screen.
func Heading(text string) *widget.Label {
	l := widget.NewLabelWithStyle(text, fyne.TextAlignLeading, fyne.TextStyle{Bold: true})
	l.SizeName = base.SizeNameHeadingText
	return l
}

// Title is the title of a part of a screen.
func Title(text string) *widget.Label {
	l := widget.NewLabelWithStyle(text, fyne.TextAlignLeading, fyne.TextStyle{Bold: true})
	l.SizeName = base.SizeNameSubHeadingText
	return l
}

// Bold is a strong line of text that wraps.
func Bold(text string) *widget.Label {
	l := widget.NewLabelWithStyle(text, fyne.TextAlignLeading, fyne.TextStyle{Bold: true})
	l.Wrapping = fyne.TextWrapWord
	return l
}

// Wrong is a strong line of text about a mistake, that wraps.
func Wrong(text string) *widget.Label {
	l := Bold(text)
	l.Importance = widget.DangerImportance
	return l
}

// Paragraph is text that wraps and that a person can select.
func Paragraph(text string) *widget.Label {
	l := widget.NewLabel(text)
	l.Wrapping = fyne.TextWrapWord
	l.Selectable = true
	return l
}

// Muted is second text that wraps.
func Muted(text string) *widget.Label {
	l := widget.NewLabel(text)
	l.Wrapping = fyne.TextWrapWord
	l.Importance = widget.LowImportance
	return l
}

// Small is second text in small letters on one line, cut with an ellipsis.
func Small(text string) *widget.Label {
	l := widget.NewLabel(text)
	l.Truncation = fyne.TextTruncateEllipsis
	l.SizeName = theme.SizeSmall
	l.Importance = widget.LowImportance
	return l
}

// Line is one line of text, cut with an ellipsis.
func Line(text string) *widget.Label {
	l := widget.NewLabel(text)
	l.Truncation = fyne.TextTruncateEllipsis
	return l
}

// Icon is an icon by its id, in a colour of the theme. An id that does not
// exist gives Fyne's picture of a broken image.
func Icon(id string, colour fyne.ThemeColorName) fyne.Resource {
	name, svg, err := resources.Icon(id)
	if err != nil {
		return base.BrokenImageIcon()
	}
	return base.NewColoredResource(fyne.NewStaticResource(name, svg), colour)
}

// Panel is content on a card.
func Panel(content fyne.CanvasObject) *fyne.Container {
	return container.NewStack(newSurface(theme.Card, theme.Outline), container.New(layout.NewCustomPaddedLayout(8, 8, 8, 8), content))
}

// Inset gives content air on all sides.
func Inset(content fyne.CanvasObject) *fyne.Container {
	return container.New(layout.NewCustomPaddedLayout(8, 8, 12, 12), content)
}

// BesideBar leaves room for the bar of a scroll at the right.
func BesideBar(content fyne.CanvasObject) *fyne.Container {
	return container.New(layout.NewCustomPaddedLayout(0, 0, 0, 10), content)
}

// Fixed gives content a size of at least width and height.
func Fixed(content fyne.CanvasObject, width, height float32) *fyne.Container {
	space := canvas.NewRectangle(color.Transparent)
	space.SetMinSize(fyne.NewSize(width, height))
	return container.NewStack(space, content)
}

// surface is a rounded rectangle in colours of the theme.
type surface struct {
	widget.BaseWidget
	fill, edge fyne.ThemeColorName
	rect       *canvas.Rectangle
}

func newSurface(fill, edge fyne.ThemeColorName) *surface {
	s := &surface{fill: fill, edge: edge, rect: canvas.NewRectangle(color.Transparent)}
	s.ExtendBaseWidget(s)
	return s
}

// CreateRenderer draws the rectangle.
func (s *surface) CreateRenderer() fyne.WidgetRenderer {
	s.paint()
	return &surfaceRenderer{WidgetRenderer: widget.NewSimpleRenderer(s.rect), surface: s}
}

func (s *surface) paint() {
	s.rect.FillColor = base.Color(s.fill)
	s.rect.CornerRadius = 8
	s.rect.StrokeWidth = 0
	if s.edge != "" {
		s.rect.StrokeColor = base.Color(s.edge)
		s.rect.StrokeWidth = 1
	}
}

// surfaceRenderer follows a change of theme.
type surfaceRenderer struct {
	fyne.WidgetRenderer
	surface *surface
}

func (r *surfaceRenderer) Refresh() {
	r.surface.paint()
	r.WidgetRenderer.Refresh()
}

// Name is the name of a field beside its value or its control.
func Name(text string) *widget.Label {
	l := widget.NewLabel(text)
	l.Importance = widget.LowImportance
	return l
}

// Tight stacks labels closer than a box does.
func Tight(lines ...fyne.CanvasObject) *fyne.Container {
	return container.New(tightLayout{}, lines...)
}

// Dense takes the air out of the rows of a form of labels.
func Dense(form *fyne.Container) *fyne.Container {
	form.Layout = denseForm{}
	return form
}

// Middle puts an object in the middle of the height it is given.
func Middle(o fyne.CanvasObject) *fyne.Container { return centred(o) }

// SmallWrapped is second text in small letters that wraps.
func SmallWrapped(text string) *widget.Label {
	l := Muted(text)
	l.SizeName = theme.SizeSmall
	return l
}

// SmallWhole is second text in small letters on one line that is never cut.
func SmallWhole(text string) *widget.Label {
	l := Small(text)
	l.Truncation = fyne.TextTruncateOff
	return l
}
