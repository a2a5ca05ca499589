package ui

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"loonbrug/data/model"
	"loonbrug/ui/allowed"
	"loonbrug/ui/i18n"
	"loonbrug/ui/widgets"
)

// statusBar is the line at the foot of the window.
type statusBar struct {
	sender, last *widget.Label
	hold         *widgets.Button // stops sending or lets it go on
	notice       *widget.Label   // why the user may not
	paused       bool
	line         *fyne.Container
	content      fyne.CanvasObject
	shown        bool
}

// newStatusBar makes the line; held is called with what the person wants.
func newStatusBar(held func(pause bool)) *statusBar {
	b := &statusBar{sender: widgets.Small(""), last: widgets.Small(""), notice: allowed.NewNotice()}
	b.last.Alignment = fyne.TextAlignTrailing
	b.hold = widgets.NewQuietButton(i18n.T("status.pause"), func() { held(!b.paused) })
	words := container.NewGridWithColumns(2, widgets.Middle(b.sender), widgets.Middle(b.last))
	b.line = container.NewBorder(nil, nil, nil, b.hold, words)
	b.content = container.NewVBox(widget.NewSeparator(), b.notice, b.line)
	return b
}

func (b *statusBar) show(now model.SenderStatus, at time.Time) {
	b.shown = true
	if _, paused := now.Pause(model.PausePerson); paused != b.paused {
		b.paused = paused
		text := i18n.T("status.pause")
		if paused {
			text = i18n.T("status.continue")
		}
		b.hold.SetText(text)
		b.line.Refresh() // the button has another width
	}
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
	_, paused := now.Pause(model.PausePerson)
	_, offline := now.Pause(model.PauseOffline)
	switch {
	case !now.Alive:
		return i18n.T("status.stopped")
	case paused:
		return i18n.Tn("status.paused", now.Waiting)
	case offline && counting(now, at):
		return i18n.T("status.offline.in", "in", i18n.FormatCountdown(now.NextAt.Sub(at)))
	case offline && now.Working+now.Waiting > 0:
		return i18n.T("status.offline")
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
