package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

// heldKeys are the modifiers that are held down now; none where the computer
// cannot tell.
func heldKeys() fyne.KeyModifier {
	if d, ok := fyne.CurrentApp().Driver().(desktop.Driver); ok {
		return d.CurrentKeyModifiers()
	}
	return 0
}

// typed is given the keys of the list first; false leaves them to it.
func (t *Table[T]) typed(key *fyne.KeyEvent) bool {
	page := max(1, int(t.list.Size().Height/max(1, t.pitch()))-1)
	switch key.Name {
	case fyne.KeyUp:
		t.move(t.at - 1)
	case fyne.KeyDown:
		t.move(t.at + 1)
	case fyne.KeyPageUp:
		t.move(t.at - page)
	case fyne.KeyPageDown:
		t.move(t.at + page)
	case fyne.KeyHome:
		t.move(0)
	case fyne.KeyEnd:
		t.move(len(t.rows) - 1)
	case fyne.KeySpace:
		if t.marks == nil {
			t.choose()
		} else if t.at < len(t.rows) {
			t.toggle(t.key(t.at))
		}
	case fyne.KeyReturn, fyne.KeyEnter:
		t.choose()
	case fyne.KeyF10, desktop.KeyMenu:
		t.askMenu()
	default:
		return false
	}
	return true
}

// choose selects the row of the moment.
func (t *Table[T]) choose() {
	if t.at < len(t.rows) {
		t.Select(t.at)
	}
}

// move goes to a row; with Shift held it marks the rows on the way.
func (t *Table[T]) move(i int) {
	i = min(max(0, i), len(t.rows)-1)
	if t.marks != nil && i >= 0 && heldKeys()&fyne.KeyModifierShift != 0 {
		t.markTo(i)
	}
	t.goTo(i)
}

// shortcut is given the shortcuts of the list first; false leaves them to it.
func (t *Table[T]) shortcut(s fyne.Shortcut) bool {
	switch s := s.(type) {
	case *fyne.ShortcutCopy:
		t.CopyTo(s.Clipboard)
	case *fyne.ShortcutSelectAll:
		if t.marks == nil {
			return false
		}
		t.markAll(true)
	case *desktop.CustomShortcut:
		if s.KeyName != fyne.KeyF10 || s.Modifier != fyne.KeyModifierShift {
			return false
		}
		t.askMenu()
	default:
		return false
	}
	return true
}

// askMenu asks for the menu below the row of the moment.
func (t *Table[T]) askMenu() {
	if t.OnMenu == nil {
		return
	}
	pitch := t.pitch()
	y := float32(t.at)*pitch - t.list.GetScrollOffset() + pitch
	y = min(max(0, y), t.list.Size().Height)
	t.OnMenu(fyne.CurrentApp().Driver().AbsolutePositionForObject(t.list).AddXY(2*columnEdge, y))
}

// rightClicked moves to the row below the pointer and asks for the menu there.
func (t *Table[T]) rightClicked(e *fyne.PointEvent) {
	if i := int((e.Position.Y + t.list.GetScrollOffset()) / max(1, t.pitch())); i < len(t.rows) {
		t.goTo(i)
	}
	if t.OnMenu != nil {
		t.OnMenu(e.AbsolutePosition)
	}
}
