// Package widgets has what Fyne has not: controls that leave keys they have no
// use for to the window, a logo with a badge, a searchable picker, a table on
// a list, and the panels that screens share.
//
// Fyne gives a key to the focused widget alone, so that Esc, Enter and F5 are
// lost on most of them. Controls of this package hand such keys on to the
// canvas, where dialogs and the window listen. They hold no rules of the
// program and speak no language: texts come from outside.
package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"
)

// HandOn gives a key that a widget has no use for to its canvas.
func HandOn(from fyne.CanvasObject, key *fyne.KeyEvent) {
	canvas := fyne.CurrentApp().Driver().CanvasForObject(from)
	if canvas == nil {
		return
	}
	if typed := canvas.OnTypedKey(); typed != nil {
		typed(key)
	}
}

func isEnter(key *fyne.KeyEvent) bool {
	return key.Name == fyne.KeyReturn || key.Name == fyne.KeyEnter
}

// Button is a button that Enter presses too.
type Button struct {
	widget.Button
}

// NewButton makes a button.
func NewButton(label string, tapped func()) *Button {
	return NewIconButton(label, nil, tapped)
}

// NewIconButton makes a button with an icon.
func NewIconButton(label string, icon fyne.Resource, tapped func()) *Button {
	b := &Button{}
	b.ExtendBaseWidget(b)
	b.Text, b.Icon, b.OnTapped = label, icon, tapped
	return b
}

// NewMainButton makes the button that a screen or dialog is there for.
func NewMainButton(label string, tapped func()) *Button {
	b := NewButton(label, tapped)
	b.Importance = widget.HighImportance
	return b
}

// NewQuietButton makes a button that looks like a link.
func NewQuietButton(label string, tapped func()) *Button {
	b := NewButton(label, tapped)
	b.Importance = widget.LowImportance
	return b
}

// TypedKey presses the button on Space and Enter.
func (b *Button) TypedKey(key *fyne.KeyEvent) {
	switch {
	case key.Name == fyne.KeySpace:
		b.Button.TypedKey(key)
	case isEnter(key):
		if !b.Disabled() && b.OnTapped != nil {
			b.OnTapped()
		}
	default:
		HandOn(b, key)
	}
}

// Entry is a one-line text field.
type Entry struct {
	widget.Entry
	name string
}

var (
	_ fyne.Accessible = (*Entry)(nil)
	_ Named           = (*Entry)(nil)
)

// NewEntry makes a text field.
func NewEntry() *Entry {
	e := &Entry{}
	e.ExtendBaseWidget(e)
	return e
}

// NewSecretEntry makes a text field that hides what is typed.
func NewSecretEntry() *Entry {
	e := NewEntry()
	e.Password = true
	return e
}

// FocusGained brings the field into sight.
func (e *Entry) FocusGained() {
	e.Entry.FocusGained()
	reveal(e)
}

// SetName tells what the field asks for, for a screen reader.
func (e *Entry) SetName(name string) { e.name = name }

// AccessibilityLabel is what a screen reader says; what is typed into a secret
// field is not said.
func (e *Entry) AccessibilityLabel() string {
	if e.Password || e.Text == "" {
		return e.name
	}
	return e.name + ": " + e.Text
}

// AccessibilityRole is that of text.
func (e *Entry) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleText }

// TypedKey types, and hands on the keys that end a dialog.
func (e *Entry) TypedKey(key *fyne.KeyEvent) {
	if key.Name == fyne.KeyEscape || key.Name == fyne.KeyF5 || isEnter(key) {
		HandOn(e, key)
		return
	}
	e.Entry.TypedKey(key)
}

// Check is a checkbox.
type Check struct {
	widget.Check
}

// NewCheck makes a checkbox.
func NewCheck(label string, changed func(bool)) *Check {
	c := &Check{}
	c.ExtendBaseWidget(c)
	c.Text, c.OnChanged = label, changed
	return c
}

// TypedKey hands on every key but Space.
func (c *Check) TypedKey(key *fyne.KeyEvent) {
	if key.Name == fyne.KeySpace {
		c.Check.TypedKey(key)
		return
	}
	HandOn(c, key)
}

// List is a list whose rows Enter selects too.
type List struct {
	widget.List

	// What a [Table] around it does with keys, shortcuts and right clicks; false
	// leaves them to the list.
	keys      func(*fyne.KeyEvent) bool
	shortcut  func(fyne.Shortcut) bool
	secondary func(*fyne.PointEvent)
}

// NewList makes a list.
func NewList(length func() int, create func() fyne.CanvasObject, update func(widget.ListItemID, fyne.CanvasObject)) *List {
	l := &List{}
	l.Length, l.CreateItem, l.UpdateItem = length, create, update
	l.ExtendBaseWidget(l)
	return l
}

// TypedKey moves with the arrows and selects with Space and Enter.
func (l *List) TypedKey(key *fyne.KeyEvent) {
	switch {
	case l.keys != nil && l.keys(key):
	case isEnter(key):
		l.List.TypedKey(&fyne.KeyEvent{Name: fyne.KeySpace})
	case key.Name == fyne.KeyEscape, key.Name == fyne.KeyF5:
		HandOn(l, key)
	default:
		l.List.TypedKey(key)
	}
}

// TypedShortcut hands on the shortcuts of the window: Fyne gives them to the
// focused widget alone.
func (l *List) TypedShortcut(s fyne.Shortcut) {
	if l.shortcut != nil && l.shortcut(s) {
		return
	}
	if window, ok := fyne.CurrentApp().Driver().CanvasForObject(l).(fyne.Shortcutable); ok {
		window.TypedShortcut(s)
	}
}

// TappedSecondary is a right click.
func (l *List) TappedSecondary(e *fyne.PointEvent) {
	if l.secondary != nil {
		l.secondary(e)
	}
}
