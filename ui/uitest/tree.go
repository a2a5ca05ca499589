// Package uitest walks the window the way a person does: it finds what can be
// seen by its text or kind, taps it, types, and presses keys. [Office] is an
// office in memory that answers the screens.
//
// It is for tests only.
package uitest

import (
	"image/png"
	"os"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"
)

// Walk calls visit for every visible object from root down, in the order of
// drawing, with its place on the canvas; false leaves out what is below.
func Walk(root fyne.CanvasObject, visit func(fyne.CanvasObject, fyne.Position) bool) {
	walk(root, fyne.Position{}, visit)
}

func walk(o fyne.CanvasObject, at fyne.Position, visit func(fyne.CanvasObject, fyne.Position) bool) {
	if o == nil || !o.Visible() {
		return
	}
	at = at.Add(o.Position())
	if !visit(o, at) {
		return
	}
	var children []fyne.CanvasObject
	switch o := o.(type) {
	case *fyne.Container:
		children = o.Objects
	case fyne.Widget:
		children = test.WidgetRenderer(o).Objects()
	}
	for _, child := range children {
		walk(child, at, visit)
	}
}

// Roots are what can be reached now: the top dialog or menu, else the content
// of the window.
func Roots(w fyne.Window) fyne.CanvasObject {
	if top := w.Canvas().Overlays().Top(); top != nil {
		return top
	}
	return w.Content()
}

// All finds every object of a kind below root.
func All[T fyne.CanvasObject](root fyne.CanvasObject) []T {
	var found []T
	Walk(root, func(o fyne.CanvasObject, _ fyne.Position) bool {
		if match, ok := o.(T); ok {
			found = append(found, match)
		}
		return true
	})
	return found
}

// Find finds the first object of a kind that fits.
func Find[T fyne.CanvasObject](root fyne.CanvasObject, fits func(T) bool) (T, bool) {
	for _, o := range All[T](root) {
		if fits(o) {
			return o, true
		}
	}
	var none T
	return none, false
}

// Text is what an object says, if it says anything.
func Text(o fyne.CanvasObject) string {
	switch o := o.(type) {
	case *canvas.Text:
		return o.Text
	case *widget.RichText:
		return o.String()
	case *widget.Label:
		return o.Text
	}
	return ""
}

// Texts is everything that can be read below root, in the order of drawing.
func Texts(root fyne.CanvasObject) []string {
	var texts []string
	Walk(root, func(o fyne.CanvasObject, _ fyne.Position) bool {
		text := Text(o)
		if text != "" {
			texts = append(texts, text)
		}
		return text == ""
	})
	return texts
}

// Shows tells whether a text can be read in the window now.
func Shows(w fyne.Window, text string) bool {
	return slices.ContainsFunc(Texts(Roots(w)), func(s string) bool { return strings.Contains(s, text) })
}

// MustShow fails the test unless a text can be read in the window.
func MustShow(t *testing.T, w fyne.Window, text string) {
	t.Helper()
	if !Shows(w, text) {
		t.Fatalf("window does not show %q but:\n%s", text, strings.Join(Texts(Roots(w)), "\n"))
	}
}

// tappable is a button of any kind: something that says a text and can be
// tapped.
type tappable interface {
	fyne.CanvasObject
	fyne.Tappable
}

// Tap taps what says exactly the text: a button, a checkbox, a row, a menu
// item.
func Tap(t *testing.T, w fyne.Window, text string) {
	t.Helper()
	hit := lastTappable(Roots(w), text)
	if hit == nil {
		t.Fatalf("nothing says %q to tap; there is:\n%s", text, strings.Join(Texts(Roots(w)), "\n"))
	}
	if off, ok := hit.(fyne.Disableable); ok && off.Disabled() {
		t.Fatalf("%q is disabled", text)
	}
	test.Tap(hit)
}

// lastTappable finds the innermost tappable around the text.
func lastTappable(root fyne.CanvasObject, text string) tappable {
	var hit tappable
	var search func(o fyne.CanvasObject, around tappable)
	search = func(o fyne.CanvasObject, around tappable) {
		if o == nil || !o.Visible() || hit != nil {
			return
		}
		if tap, ok := o.(tappable); ok {
			if _, text := o.(*widget.Label); !text {
				around = tap
			}
		}
		if Text(o) == text && around != nil {
			hit = around
			return
		}
		switch o := o.(type) {
		case *fyne.Container:
			for _, child := range o.Objects {
				search(child, around)
			}
		case fyne.Widget:
			for _, child := range test.WidgetRenderer(o).Objects() {
				search(child, around)
			}
		}
	}
	search(root, nil)
	return hit
}

// Press gives a key to what has the focus, or to the window.
func Press(w fyne.Window, key fyne.KeyName) {
	event := &fyne.KeyEvent{Name: key}
	if focused := w.Canvas().Focused(); focused != nil {
		focused.TypedKey(event)
		return
	}
	if typed := w.Canvas().OnTypedKey(); typed != nil {
		typed(event)
	}
}

// Type types a text into what has the focus.
func Type(t *testing.T, w fyne.Window, text string) {
	t.Helper()
	focused := w.Canvas().Focused()
	if focused == nil {
		t.Fatalf("nothing has the focus to type %q into", text)
	}
	for _, r := range text {
		focused.TypedRune(r)
	}
}

// Capture writes the window as a PNG below folder.
func Capture(t *testing.T, w fyne.Window, file string) {
	t.Helper()
	f, err := os.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := png.Encode(f, w.Canvas().Capture()); err != nil {
		t.Fatal(err)
	}
}

// FocusOrder presses Tab until the focus comes round and gives what had it.
func FocusOrder(w fyne.Window) []fyne.Focusable {
	var order []fyne.Focusable
	w.Canvas().Unfocus()
	for range 500 {
		w.Canvas().(interface{ FocusNext() }).FocusNext()
		focused := w.Canvas().Focused()
		if focused == nil || slices.Contains(order, focused) {
			break
		}
		order = append(order, focused)
	}
	return order
}
