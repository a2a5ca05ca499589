package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"loonbrug/ui/theme"
)

// Toast says in a line above the status that something is done. It takes no
// click and no key from what lies below, does not move, and goes by itself. It
// lies over the content of a window, which is a stack with the toast on top.
type Toast struct {
	widget.BaseWidget
	OnShown func() // a text is there now; hiding it later is up to the owner

	text *widget.Label
}

const (
	toastWidth = 520
	toastRise  = 44 // above the status bar
)

// NewToast makes a toast that says nothing yet.
func NewToast() *Toast {
	t := &Toast{text: widget.NewLabel("")}
	t.text.Wrapping = fyne.TextWrapBreak // a path has no words
	t.ExtendBaseWidget(t)
	t.Hide()
	return t
}

// Say shows a text on the toast of the window with that canvas; a window without
// one stays silent.
func Say(canvas fyne.Canvas, text string) {
	if canvas == nil {
		return
	}
	root, ok := canvas.Content().(*fyne.Container)
	if !ok {
		return
	}
	for _, o := range root.Objects {
		if t, ok := o.(*Toast); ok {
			t.say(text)
		}
	}
}

// SayBy is [Say] in the window that holds an object.
func SayBy(o fyne.CanvasObject, text string) {
	Say(fyne.CurrentApp().Driver().CanvasForObject(o), text)
}

func (t *Toast) say(text string) {
	t.text.SetText(text)
	t.Show()
	t.Refresh()
	if t.OnShown != nil {
		t.OnShown()
	}
}

// CreateRenderer draws the text on a card, with a tick.
func (t *Toast) CreateRenderer() fyne.WidgetRenderer {
	icon := widget.NewIcon(Icon("tick", theme.Good))
	card := Panel(container.NewBorder(nil, nil, Middle(icon), nil, t.text))
	return widget.NewSimpleRenderer(container.New(toastLayout{}, card))
}

// toastLayout sets the card in the middle of the lower edge.
type toastLayout struct{}

func (toastLayout) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.Size{} }

func (toastLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	card := objects[0]
	width := min(toastWidth, size.Width)
	card.Resize(fyne.NewSize(width, card.MinSize().Height)) // the height of a text that wraps follows from its width
	height := card.MinSize().Height
	card.Resize(fyne.NewSize(width, height))
	card.Move(fyne.NewPos((size.Width-width)/2, max(0, size.Height-height-toastRise)))
}
