package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

// addKeys lets Ctrl+1, 2, 3 and Ctrl+Tab change the tab, Ctrl+Q quit, F1 open the
// guide, and F5 load again, at the runs from the payroll systems too. A dialog over
// the window keeps them all to itself.
func (s *Shell) addKeys(canvas fyne.Canvas) {
	for i, key := range []fyne.KeyName{fyne.Key1, fyne.Key2, fyne.Key3} {
		s.addShortcut(canvas, key, fyne.KeyModifierShortcutDefault, func() { s.tabs.SelectIndex(i) })
	}
	s.addShortcut(canvas, fyne.KeyTab, fyne.KeyModifierControl, func() { s.turn(1) })
	s.addShortcut(canvas, fyne.KeyTab, fyne.KeyModifierControl|fyne.KeyModifierShift, func() { s.turn(-1) })
	if s.deps.Quit != nil {
		s.addShortcut(canvas, fyne.KeyQ, fyne.KeyModifierShortcutDefault, s.deps.Quit)
	}
	canvas.SetOnTypedKey(func(key *fyne.KeyEvent) {
		if key.Name == fyne.KeyF1 && !s.covered() {
			s.openGuide("")
		}
		if key.Name != fyne.KeyF5 || s.covered() {
			return
		}
		s.Reload()
		if s.tabs.SelectedIndex() == tabExport {
			s.export.Fetch()
		}
	})
}

func (s *Shell) addShortcut(canvas fyne.Canvas, key fyne.KeyName, modifier fyne.KeyModifier, do func()) {
	canvas.AddShortcut(&desktop.CustomShortcut{KeyName: key, Modifier: modifier}, func(fyne.Shortcut) {
		if !s.covered() {
			do()
		}
	})
}

// turn goes to the next tab or the one before, round and round.
func (s *Shell) turn(by int) {
	n := len(s.tabs.Items)
	s.tabs.SelectIndex((s.tabs.SelectedIndex() + by + n) % n)
}

// covered tells whether a dialog or a menu lies over the window.
func (s *Shell) covered() bool { return s.window.Canvas().Overlays().Top() != nil }
