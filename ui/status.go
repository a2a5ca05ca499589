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
}

func newStatusBar() *statusBar {
	b := &statusBar{sender: widgets.Small(""), last: widgets.Small("")}
	b.last.Alignment = fyne.TextAlignTrailing
	b.content = container.NewVBox(widget.NewSeparator(), container.NewGridWithColumns(2, b.sender, b.last))
	return b
}

func (b *statusBar) show(now model.SenderStatus, at time.Time) {
	b.sender.SetText(senderText(now, at))
	last := ""
	if !now.LastBooked.IsZero() {
		last = i18n.T("status.last", "at", now.LastBooked)
	}
	b.last.SetText(last)
}

// senderText is how the sender stands, in a few words.
func senderText(now model.SenderStatus, at time.Time) string {
	switch {
	case !now.Alive:
		return i18n.T("status.stopped")
	case now.Working > 0:
		return i18n.T("status.sending", "working", now.Working, "all", now.Working+now.Waiting)
	case now.Waiting > 0 && now.NextAt.After(at):
		return i18n.Tn("status.waiting.until", now.Waiting, "at", now.NextAt)
	case now.Waiting > 0:
		return i18n.Tn("status.waiting", now.Waiting)
	}
	return i18n.T("status.idle")
}
