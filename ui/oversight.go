package ui

import (
	"fyne.io/fyne/v2"
	base "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"loonbrug/ui/history"
	"loonbrug/ui/i18n"
	"loonbrug/ui/widgets"
)

// oversight is the button of the pages about who did what, who may do what, and
// what is kept.
func (s *Shell) oversight() fyne.CanvasObject {
	var button *widgets.Button
	button = widgets.NewIconButton(i18n.T("menu.trust"), base.MenuDropDownIcon(), func() {
		menu := fyne.NewMenu("", fyne.NewMenuItem(i18n.T("menu.history"), s.showHistory))
		at := fyne.CurrentApp().Driver().AbsolutePositionForObject(button).AddXY(0, button.Size().Height)
		widget.ShowPopUpMenuAtPosition(menu, s.window.Canvas(), at)
	})
	button.IconPlacement = widget.ButtonIconTrailingText
	button.Importance = widget.LowImportance
	return button
}

func (s *Shell) showHistory() {
	history.Show(s.ctx, history.Deps{Office: s.deps.Office, Runner: s.deps.Runner, Window: s.window, Explain: s.explain})
}

// oversightOffice is what those pages need of the office.
type oversightOffice interface {
	history.Office
}
