package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	base "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// NewFold hides content behind a line that opens it. opened, when not nil, is
// called after each change, so that the owner can make room.
func NewFold(title string, content fyne.CanvasObject, opened func()) *fyne.Container {
	content.Hide()
	var button *Button
	button = NewIconButton(title, base.MenuExpandIcon(), func() {
		if content.Visible() {
			content.Hide()
			button.SetIcon(base.MenuExpandIcon())
		} else {
			content.Show()
			button.SetIcon(base.MenuDropDownIcon())
		}
		if opened != nil {
			opened()
		}
	})
	button.Importance = widget.LowImportance
	button.Alignment = widget.ButtonAlignLeading
	return container.NewVBox(button, content)
}

// IsFoldOpen tells whether what a fold made by [NewFold] hides can be seen.
func IsFoldOpen(fold *fyne.Container) bool { return fold.Objects[1].Visible() }

// OpenFold shows what a fold made by [NewFold] hides.
func OpenFold(fold *fyne.Container) {
	if !IsFoldOpen(fold) {
		fold.Objects[0].(*Button).OnTapped()
	}
}

// SetFoldTitle changes the line of a fold made by [NewFold].
func SetFoldTitle(fold *fyne.Container, title string) { fold.Objects[0].(*Button).SetText(title) }
