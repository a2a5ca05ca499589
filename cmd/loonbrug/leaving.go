package main

import (
	"context"
	"errors"
	"os"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"loonbrug/data/instance"
	"loonbrug/ui/async"
	"loonbrug/ui/dialogs"
	"loonbrug/ui/i18n"
	"loonbrug/ui/widgets"
)

// raise brings the window to the front.
func (d *desk) raise() {
	d.window.Show()
	d.window.RequestFocus()
}

// close is what the button that closes the window does: the program goes on in
// the tray, which is explained once, or it quits.
func (d *desk) close() {
	switch {
	case d.gone != nil: // it quits already
	case d.tray == nil || !d.looks.tray():
		d.quit()
	case d.looks.explained():
		d.window.Hide()
	default:
		d.explainTray()
	}
}

func (d *desk) explainTray() {
	if d.asked != nil && !d.asked.Closed() {
		return
	}
	d.asked = dialogs.Show(d.window, dialogs.Spec{
		Title: i18n.T("tray.explain.title"), Content: widgets.Paragraph(i18n.T("tray.explain.text")), Width: 420,
		Confirm: i18n.T("tray.explain.ok"),
		Extra: widgets.NewQuietButton(i18n.T("tray.quit"), func() {
			d.asked.Close()
			d.quit()
		}),
		OnConfirm: func(asked *dialogs.Dialog) {
			asked.Close()
			d.looks.explain()
			d.window.Hide()
		},
	})
}

// quit ends the program. What is being sent is waited for, and the window says
// so.
func (d *desk) quit() {
	if d.gone != nil {
		return
	}
	working := 0
	if d.shell != nil {
		working = d.shell.Told().Working
	}
	d.cover(goodbye(working))
	if working > 0 {
		d.raise()
	}
	d.gone = make(chan error, 1)
	async.Run(d.ctx, d.runner, func(context.Context) (struct{}, error) {
		d.gone <- d.endOffice()
		return struct{}{}, nil
	}, func(struct{}, error) { d.endLoop() })
}

// loopEnds is how long the toolkit's loop may take to end. Fyne 2.8.1 may wait for
// itself for ever: what is queued last can come between its last look at the queue
// and the end of that (internal/driver/glfw/loop.go, runGL).
const loopEnds = 5 * time.Second

// endLoop ends the toolkit's loop and, where that does not return, the program: it
// would hold the office's locks without a window.
func (d *desk) endLoop() {
	d.app.Quit()
	go unlessOver(d.over, func() { os.Exit(d.sh.exit(d.finish())) })
}

// unlessOver does something when what should be over in a moment is not.
func unlessOver(over <-chan struct{}, then func()) {
	select {
	case <-over:
	case <-time.After(loopEnds):
		then()
	}
}

// finish closes what is open, and tells what went wrong.
func (d *desk) finish() error { return errors.Join(d.failed, d.end()) }

// cover shows something in place of the office and of what lies over it.
func (d *desk) cover(content fyne.CanvasObject) {
	overlays := d.window.Canvas().Overlays()
	for top := overlays.Top(); top != nil; top = overlays.Top() {
		overlays.Remove(top)
	}
	dialogs.Gone(d.window)
	d.window.SetContent(content)
}

// goodbye is what the window shows until everything is closed.
func goodbye(working int) fyne.CanvasObject {
	text := i18n.T("quit.idle")
	if working > 0 {
		text = i18n.Tn("quit.working", working)
	}
	words := container.NewVBox(widgets.Title(i18n.T("quit.title")), widgets.Paragraph(text))
	return container.NewCenter(widgets.Fixed(words, 460, 0))
}

// choose shows the other office, on the path of the first start where that is
// open.
func (d *desk) choose(practice bool) {
	if d.gone != nil || practice == d.practice {
		return
	}
	nobody, over := context.WithCancel(d.ctx)
	over() // the screen waits for nobody
	next, err := claim(nobody, d.sh, practice)
	if errors.Is(err, instance.ErrTaken) {
		d.quit() // its own window has come to the front
		return
	}
	if err != nil {
		dialogs.Problem(d.window, d.pageOf(err), nil)
		return
	}
	d.walk = d.shell.Walking()
	d.sh.language = i18n.Language()
	d.looks.practise(practice)
	d.cover(d.opening())
	at := site{practice: practice, open: openReal(d.sh)}
	if practice {
		at.open = openPracticeWith(d.sh, nil, false)
	}
	async.Run(d.ctx, d.runner, func(context.Context) (struct{}, error) { return struct{}{}, d.endOffice() },
		func(_ struct{}, err error) {
			d.instance, d.services, d.shell, d.ended = next, nil, nil, nil
			if err != nil {
				d.failed = err
				d.cover(d.trouble(err, nil))
				return
			}
			d.start(at)
		})
}

// reopen closes the office and opens it again, with a backup that lies ready.
func (d *desk) reopen() {
	d.reopenAfter(i18n.T("start.opening"), func(context.Context) error { return nil })
}

// reopenAfter closes the office, does something while nobody has the data folder
// open, and opens it again. What went wrong meanwhile is told then.
func (d *desk) reopenAfter(words string, work func(ctx context.Context) error) {
	if d.gone != nil {
		return
	}
	at := site{practice: d.practice, open: openReal(d.sh)}
	if d.practice {
		at.open = openPracticeWith(d.sh, nil, false)
	}
	d.cover(d.opening())
	d.doing.SetText(words)
	async.Run(d.ctx, d.runner, func(ctx context.Context) (*instance.Instance, error) {
		if err := d.endOffice(); err != nil {
			return nil, err
		}
		d.wrong = work(ctx)
		return claim(ctx, d.sh, at.practice)
	}, func(next *instance.Instance, err error) {
		d.instance, d.services, d.shell, d.ended = next, nil, nil, nil
		if err != nil {
			d.failed = err
			d.cover(d.trouble(err, nil))
			return
		}
		d.start(at)
	})
}

// endOffice waits for what is under way and closes the office.
func (d *desk) endOffice() error {
	if d.leave != nil {
		d.leave()
	}
	var err error
	if d.services != nil {
		if d.ended != nil {
			err = <-d.ended
		}
		err = errors.Join(err, d.services.Close())
		d.services = nil
	}
	if d.instance != nil {
		err = errors.Join(err, d.instance.Close())
		d.instance = nil
	}
	return err
}

// end waits until everything is closed, also when the system ended the window.
func (d *desk) end() error {
	if d.gone != nil {
		return <-d.gone
	}
	return d.endOffice()
}
