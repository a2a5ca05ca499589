package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"
)

// Waiting is a line that says what is under way, with the button that stops it,
// or what came of it, with the button that begins again. It takes no room while
// it has nothing to say.
type Waiting struct {
	Content *fyne.Container

	text   *widget.Label
	button *Button
}

// NewWaiting makes a line that says nothing yet.
func NewWaiting() *Waiting {
	w := &Waiting{text: Muted(""), button: NewButton("", nil)}
	w.Content = container.NewBorder(nil, nil, nil, Middle(w.button), w.text)
	w.Content.Hide()
	return w
}

// Say shows a text, and a button where action is not empty.
func (w *Waiting) Say(text, action string, tapped func()) {
	w.text.SetText(text)
	w.button.SetText(action)
	w.button.OnTapped = tapped
	w.button.Hidden = action == ""
	w.Content.Show()
	w.Content.Refresh()
}

// Clear says nothing any more.
func (w *Waiting) Clear() { w.Content.Hide() }
