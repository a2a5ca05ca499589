package main

import (
	"context"
	"log/slog"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"loonbrug/data/instance"
	"loonbrug/data/model"
	"loonbrug/data/secret"
	"loonbrug/data/settings"
	"loonbrug/integration/explain"
	"loonbrug/ui"
	"loonbrug/ui/about"
	"loonbrug/ui/async"
	"loonbrug/ui/connection"
	"loonbrug/ui/dialogs"
	"loonbrug/ui/i18n"
	"loonbrug/ui/start"
	"loonbrug/ui/widgets"
)

// desk is the program while its window is open.
type desk struct {
	ctx      context.Context
	sh       *shell
	app      fyne.App
	window   fyne.Window
	looks    looks
	runner   *async.Runner
	instance *instance.Instance
	tray     *tray           // nil where there is none
	asked    *dialogs.Dialog // what explains the tray; nil before
	doing    *widget.Label   // what the program does until the office is there

	// The office in the window; they change when another one is chosen.
	practice bool
	shell    *ui.Shell
	services *services
	leave    context.CancelFunc
	ended    <-chan error

	walk   bool          // the path of the first start goes on in the office that opens next
	over   chan struct{} // closed when the toolkit's loop has ended
	gone   chan error    // holds what closing gave; nil until the program quits
	failed error
	known  model.Secret // a passphrase that was typed just now, for the key that is asked for next
	spoken string       // the language that was chosen before the office was open; empty: none
	wrong  error        // what went wrong between closing the office and opening it again
}

// start opens the services away from the screen and shows the office, or what
// keeps it from opening.
func (d *desk) start(at site) {
	d.failed, d.practice = nil, at.practice
	ctx, leave := context.WithCancel(d.ctx)
	d.leave = leave
	async.Watch(ctx, d.runner, d.instance.Raised(), raiseSettle, d.raise)
	async.Run(ctx, d.runner, func(ctx context.Context) (*services, error) {
		return patiently(ctx, at.open, d.ask, d.waits)
	}, func(s *services, err error) {
		if err == nil {
			d.services = s
			err = d.show(ctx)
		}
		if err != nil && ctx.Err() == nil {
			d.failed = err
			d.raise()
			d.window.SetContent(d.trouble(err, func() {
				d.window.SetContent(d.opening())
				leave()
				d.start(at)
			}))
		}
	})
}

// raiseSettle gathers what one start of the program says twice.
const raiseSettle = 50 * time.Millisecond

// askAgain gets a passphrase from a person; refused is what was wrong with the
// one before, nil at first.
type askAgain func(ctx context.Context, first bool, refused *model.Problem) (model.Secret, error)

// patiently opens the services. A passphrase that is not right is asked for
// again, for as long as the person likes.
func patiently(ctx context.Context, open opener, ask askAgain, waits secret.Waits) (*services, error) {
	var refused *model.Problem
	for {
		s, err := open(ctx, func(ctx context.Context, first bool) (model.Secret, error) { return ask(ctx, first, refused) }, waits)
		if err == nil {
			return s, nil
		}
		if refused = model.ProblemOf(err); refused.Code != "secret.wrong_passphrase" {
			return nil, err
		}
	}
}

// show puts the office into the window and lets the sender work until ctx ends.
func (d *desk) show(ctx context.Context) error {
	s := d.services
	texts := d.sh.texts
	if texts.failed != nil {
		return texts.failed
	}
	if err := d.keepSpoken(); err != nil {
		return err
	}
	path, known, err := firstSteps{s.store}.begun(ctx)
	if err != nil {
		return err
	}
	walk := d.walks(path, known)
	if d.walk { // the choice of this office was a step of it
		path, d.walk = start.State{Step: start.StepPayroll}, false
	}
	s.letPayrollIn(d.sh)
	if d.ended, err = s.sendWhenFree(ctx); err != nil {
		return err
	}
	works, err := licences()
	if err != nil {
		return err
	}
	var connect connection.Keeper
	if !d.practice {
		connect = joiner{d}
	}
	keeper := preferences{services: s, looks: d.looks, autostart: d.autostart(), sh: d.sh}
	d.shell = ui.New(ctx, ui.Deps{
		Office: s.office, Runner: async.New(s.log), Explain: texts.catalogue.Page, Practice: d.practice,
		About: about.Info{
			Name: "Loonbrug", Version: version, Licences: works,
			Folders: []about.Folder{{Kind: "data", Path: s.paths.Folder}, {Kind: "log", Path: s.paths.Log}},
		},
		Settings: keeper, Tray: trayHost(), OnLanguage: d.remember, OnSettings: d.use, OnSummary: d.summary, Now: s.store.Now,
		Couplings: d.couplings(), Choose: d.choose, Quit: d.quit,
		Start: firstSteps{s.store}, StartAt: path, Walk: walk,
		Care: caretaker{d, s}, Connection: connect, Errors: texts.catalogue.Pages,
	})
	d.shell.Attach(d.window)
	d.tellCrashes()
	if d.wrong != nil {
		dialogs.Problem(d.window, d.pageOf(d.wrong), nil)
		d.wrong = nil
	}
	shell := d.shell
	go s.askForNewer(ctx, func(v string) { fyne.Do(func() { shell.Announce(v) }) })
	if texts.own != nil {
		s.log.Warn("explanations left out", "problem", texts.own)
		dialogs.Problem(d.window, texts.catalogue.Page(i18n.Language(), texts.own), nil)
	}
	return nil
}

// walks tells whether the path of the first start opens by itself: on an office
// without accounts, where it was open when the program ended, and in the
// practice office that was chosen on it.
func (d *desk) walks(at start.State, known bool) bool {
	switch {
	case at.Left || at.Done:
		return d.walk
	case at.Step != "":
		return true
	}
	return d.walk || !known && !d.practice
}

// remember keeps the language that was chosen.
func (d *desk) remember(code string) {
	s := d.services
	async.Run(d.ctx, d.runner, func(ctx context.Context) (struct{}, error) {
		next, err := settings.Load(ctx, s.store)
		if err != nil {
			return struct{}{}, err
		}
		next.Language = code
		return struct{}{}, settings.Save(ctx, s.store, next)
	}, func(_ struct{}, err error) {
		if err != nil {
			s.log.Error("remember language", "error", err)
		}
	})
}

// speak goes on in another language before the office is there to remember it.
func (d *desk) speak(code string) {
	if err := i18n.SetLanguage(code); err != nil {
		slog.Error("language", "error", err)
		return
	}
	d.spoken, d.sh.language = code, code
	d.window.SetContent(d.opening())
}

// keepSpoken has the office that opened go on in the language that was chosen
// before, and remembers it.
func (d *desk) keepSpoken() error {
	if d.spoken == "" {
		return nil
	}
	if err := i18n.SetLanguage(d.spoken); err != nil {
		return err
	}
	d.remember(d.spoken)
	d.spoken = ""
	return nil
}

// trouble is the page of what keeps the program from opening. again is offered
// where a person can do something about it and then try once more.
func (d *desk) trouble(err error, again func()) fyne.CanvasObject {
	panel := container.NewVBox(dialogs.ProblemPanel(d.pageOf(err), nil))
	label := ""
	switch model.ProblemOf(err).Code {
	case passphraseNeeded:
		label = i18n.T("passphrase.retry")
	case keyStoreUnavailable, restoreInUse:
		label = i18n.T("start.again")
	}
	buttons := container.NewHBox()
	if label != "" {
		buttons.Add(widgets.NewMainButton(label, again))
	}
	if again != nil && aboutShared(err) {
		buttons.Add(widgets.NewMainButton(i18n.T("start.again"), again))
		buttons.Add(widgets.NewButton(i18n.T("connection.change"), d.showConnection))
	}
	panel.Add(buttons)
	return container.NewPadded(panel)
}

// pageOf explains an error before the office is there to do it.
func (d *desk) pageOf(err error) explain.Page {
	if catalogue := d.sh.texts.catalogue; catalogue != nil {
		return catalogue.Page(i18n.Language(), model.ProblemOf(err))
	}
	return explain.Page{Message: err.Error()}
}

// The problems of a key that nobody gave a passphrase for, and of one that the
// key store does not give.
const (
	passphraseNeeded    = "secret.passphrase_needed"
	keyStoreUnavailable = "secret.key_store_unavailable"
)

// ask gets the passphrase from the person; it is called away from the screen.
func (d *desk) ask(ctx context.Context, first bool, refused *model.Problem) (model.Secret, error) {
	if known := d.known; known != "" && !first {
		d.known = ""
		return known, nil
	}
	answers := make(chan model.Secret, 1)
	fyne.Do(func() {
		d.raise()
		d.question(first, refused, func(p model.Secret) { answers <- p })
	})
	select {
	case p := <-answers:
		if p == "" {
			return "", model.NewProblem(passphraseNeeded, "path", "")
		}
		return p, nil
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

// question shows what ask asks, again in the language that is chosen there.
func (d *desk) question(first bool, refused *model.Problem, done func(model.Secret)) {
	trouble := ""
	if refused != nil {
		page := d.pageOf(refused)
		trouble = page.Message + " " + page.Solution
	}
	dialogs.Passphrase(d.window, first, trouble, func(code string) {
		d.speak(code)
		d.question(first, refused, done)
	}, done)
}
