package ui

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"loonbrug/data/model"
	"loonbrug/ui/i18n"
	"loonbrug/ui/widgets"
)

// statusBar is the line at the foot of the window.
type statusBar struct {
	sender, last *widget.Label
	content      fyne.CanvasObject
	shown        bool
}

func newStatusBar() *statusBar {
	b := &statusBar{sender: widgets.Small(""), last: widgets.Small("")}
	b.last.Alignment = fyne.TextAlignTrailing
	b.content = container.NewVBox(widget.NewSeparator(), container.NewGridWithColumns(2, b.sender, b.last))
	return b
}

func (b *statusBar) show(now model.SenderStatus, at time.Time) {
	b.shown = true
	write(b.sender, senderText(now, at))
	last := ""
	if !now.LastBooked.IsZero() {
		last = i18n.T("status.last", "at", now.LastBooked)
	}
	write(b.last, last)
}

// write changes a label that says something else; drawing it is not for nothing.
func write(l *widget.Label, text string) {
	if l.Text != text {
		l.SetText(text)
	}
}

// senderText is how the sender stands, in a few words.
func senderText(now model.SenderStatus, at time.Time) string {
	switch {
	case !now.Alive:
		return i18n.T("status.stopped")
	case now.Working > 0:
		return i18n.T("status.sending", "working", now.Working, "all", now.Working+now.Waiting)
	case counting(now, at):
		return i18n.Tn("status.waiting.in", now.Waiting, "in", i18n.FormatCountdown(now.NextAt.Sub(at)))
	case now.Waiting > 0 && now.NextAt.After(at):
		return i18n.Tn("status.waiting.until", now.Waiting, "at", now.NextAt)
	case now.Waiting > 0:
		return i18n.Tn("status.waiting", now.Waiting)
	}
	return i18n.T("status.idle")
}

// countable is the longest time that is counted down; what is further away is
// told by its hour.
const countable = time.Hour

// counting tells whether the status counts down to the next try.
func counting(now model.SenderStatus, at time.Time) bool {
	return now.Alive && now.Working == 0 && now.Waiting > 0 && now.NextAt.After(at) && now.NextAt.Sub(at) < countable
}
