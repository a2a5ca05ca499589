package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"
)

// Scrolling is a scroll that the mouse wheel turns wherever the pointer is: a
// text field below the pointer would keep the wheel for itself. A scroll inside
// of it turns no more.
func Scrolling(scroll *container.Scroll) *fyne.Container {
	w := &wheel{scroll: scroll}
	w.ExtendBaseWidget(w)
	return container.NewStack(scroll, w)
}

// wheel lies over a scroll and takes nothing but the wheel.
type wheel struct {
	widget.BaseWidget
	scroll *container.Scroll
}

// CreateRenderer implements [fyne.Widget].
func (w *wheel) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(container.NewWithoutLayout())
}

// Scrolled implements [fyne.Scrollable].
func (w *wheel) Scrolled(e *fyne.ScrollEvent) { w.scroll.Scrolled(e) }
