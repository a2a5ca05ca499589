package widgets

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
)

// opened are the contents of the dialogs that are open: Fyne does not tell what lies
// in one.
var opened []fyne.CanvasObject

// Opened says that a dialog shows something, until shut is called.
func Opened(content fyne.CanvasObject) (shut func()) {
	opened = append(opened, content)
	return func() {
		opened = slices.DeleteFunc(opened, func(o fyne.CanvasObject) bool { return o == content })
	}
}

// reveal scrolls a form as far as it takes to see a field that got the focus: a
// person who goes from field to field by key would otherwise type out of sight.
func reveal(field fyne.CanvasObject) {
	driver := fyne.CurrentApp().Driver()
	canvas := driver.CanvasForObject(field)
	if canvas == nil {
		return // it is not shown yet
	}
	var s *container.Scroll
	for _, in := range append(slices.Clone(opened), canvas.Content()) {
		if around, found := scrollAround(in, field, nil); found {
			s = around
		}
	}
	if s == nil || s.Size().Height < field.MinSize().Height {
		return
	}
	top := driver.AbsolutePositionForObject(field).Y - driver.AbsolutePositionForObject(s).Y
	bottom := top + field.Size().Height - s.Size().Height
	// One that can be seen well enough to be clicked stays where it is, or the click
	// would go astray.
	if move := max(bottom, 0) + min(top, 0); max(move, -move) > field.Size().Height/2 {
		s.ScrollToOffset(s.Offset.AddXY(0, move))
	}
}

// scrollAround finds an object below another one, and what scrolls it, nil where
// nothing does.
func scrollAround(in, o fyne.CanvasObject, around *container.Scroll) (s *container.Scroll, found bool) {
	below := func(children ...fyne.CanvasObject) (*container.Scroll, bool) {
		for _, child := range children {
			if s, found := scrollAround(child, o, around); found {
				return s, true
			}
		}
		return nil, false
	}
	switch in := in.(type) {
	case *fyne.Container:
		return below(in.Objects...)
	case *container.Scroll:
		around = in
		return below(in.Content)
	}
	return around, in == o
}
