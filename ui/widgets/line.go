package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	base "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"loonbrug/ui/theme"
)

// AlarmLine is one red line about something that needs a person, with the
// button that deals with it; more buttons stand before that one. Nobody can press
// a button that does nothing.
func AlarmLine(text, action string, tapped func(), more ...*Button) *fyne.Container {
	buttons := container.NewHBox()
	deal := NewButton(action, tapped)
	if tapped == nil {
		deal.Disable()
	}
	for _, b := range append(more, deal) {
		buttons.Add(b)
	}
	content := container.NewBorder(nil, nil, centred(widget.NewIcon(Icon("bang", theme.OnAlarm))), centred(buttons), coloured(text, theme.OnAlarm))
	return strip(content, theme.Alarm)
}

// NoticeLine is one quiet line about something that waits for a person, with the
// button that shows it.
func NoticeLine(text, action string, tapped func()) *fyne.Container {
	button := NewButton(action, tapped)
	content := container.NewBorder(nil, nil, centred(widget.NewIcon(Icon("person", base.ColorNameForeground))), centred(button), coloured(text, base.ColorNameForeground))
	return strip(content, theme.Card)
}

// PracticeLine says on every screen that nothing here is real, with the button
// that leads to what is.
func PracticeLine(text, action string, tapped func()) *fyne.Container {
	return strip(container.NewBorder(nil, nil, nil, centred(NewButton(action, tapped)), coloured(text, theme.OnPractice)), theme.Practice)
}

func strip(content fyne.CanvasObject, ground fyne.ThemeColorName) *fyne.Container {
	return container.NewStack(newSurface(ground, ""), container.New(layout.NewCustomPaddedLayout(1, 1, 10, 6), content))
}

// coloured is a line of text in a colour of the theme, cut where the window is
// too narrow for it.
func coloured(text string, colour fyne.ThemeColorName) *widget.RichText {
	r := widget.NewRichText(&widget.TextSegment{Text: text, Style: widget.RichTextStyle{ColorName: colour, TextStyle: fyne.TextStyle{Bold: true}}})
	r.Truncation = fyne.TextTruncateEllipsis
	return r
}

func centred(o fyne.CanvasObject) *fyne.Container {
	return container.NewVBox(layout.NewSpacer(), o, layout.NewSpacer())
}
