package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"runtime"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"loonbrug/data/model"
	"loonbrug/data/paths"
	"loonbrug/data/secret"
	"loonbrug/data/settings"
	"loonbrug/data/store"
	"loonbrug/integration/explain"
	"loonbrug/resources"
	"loonbrug/ui"
	"loonbrug/ui/about"
	"loonbrug/ui/async"
	"loonbrug/ui/dialogs"
	"loonbrug/ui/i18n"
	"loonbrug/ui/theme"
	"loonbrug/ui/widgets"
)

// appID names the program to the desktop.
const appID = "nl.loonbrug.app"

// windowCommand opens the window on the office's own data; while there is no
// account yet and that is asked for, on the practice office.
func windowCommand(ctx context.Context, sh *shell) error {
	if sh.practiceIfNew {
		known, err := hasAccounts(ctx, sh)
		if err != nil {
			return err
		}
		if !known {
			return practiceWindow(ctx, sh, nil, false)
		}
	}
	return runWindow(ctx, sh, false, func(ctx context.Context, ask secret.Ask) (*services, error) {
		return open(ctx, sh, needs{ask: ask})
	})
}

// practiceWindow opens the window on the practice office, with files taken in.
func practiceWindow(ctx context.Context, sh *shell, files []string, anew bool) error {
	return runWindow(ctx, sh, true, func(ctx context.Context, _ secret.Ask) (*services, error) {
		s, err := openPractice(ctx, sh, anew)
		if err != nil || len(files) == 0 {
			return s, err
		}
		if _, err := s.takeFiles(ctx, sh, files); err != nil {
			return nil, errors.Join(err, s.Close())
		}
		return s, nil
	})
}

// hasAccounts looks into the data folder without making one.
func hasAccounts(ctx context.Context, sh *shell) (bool, error) {
	at, err := paths.Locate(sh.dataDir, false)
	if err != nil {
		return false, err
	}
	if _, err := os.Stat(at.Database); err != nil {
		return false, nil //nolint:nilerr // no database, no accounts
	}
	// Accounts are listed without opening anything sealed, so any key will do.
	s, err := store.Open(ctx, at.Database, secret.NewSealer(secret.NewKey()), store.WithBackups(at.Backups))
	if err != nil {
		return false, err
	}
	accounts, err := s.Accounts(ctx)
	return len(accounts) > 0, errors.Join(err, s.Close())
}

// opener opens the services of the window; ask gets a passphrase from the
// person in front of it.
type opener func(ctx context.Context, ask secret.Ask) (*services, error)

// desk is the program while its window is open.
type desk struct {
	ctx      context.Context
	sh       *shell
	app      fyne.App
	window   fyne.Window
	runner   *async.Runner
	practice bool
	open     opener
	services *services
	leave    context.CancelFunc // ends what works for the office that is open
	ended    <-chan error
	failed   error
}

func runWindow(ctx context.Context, sh *shell, practice bool, open opener) error {
	return sh.watchCrashes(func() error { return showWindow(ctx, sh, practice, open) })
}

func showWindow(ctx context.Context, sh *shell, practice bool, open opener) error {
	if runtime.GOOS == "linux" && os.Getenv("DISPLAY") == "" && os.Getenv("WAYLAND_DISPLAY") == "" {
		return model.NewProblem("window.no_display")
	}
	if err := i18n.SetLanguage(sh.language); err != nil {
		return err
	}
	_, icon, err := resources.AppIcon()
	if err != nil {
		return err
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	d := &desk{ctx: ctx, sh: sh, practice: practice, open: open, app: app.NewWithID(appID)}
	d.app.SetIcon(fyne.NewStaticResource("loonbrug.svg", icon))
	d.app.Settings().SetTheme(theme.New(theme.System))
	d.window = d.app.NewWindow("Loonbrug")
	d.window.Resize(fyne.NewSize(1180, 760))
	d.window.SetMaster()
	d.window.SetContent(opening())
	d.runner = async.New(slog.Default())
	context.AfterFunc(ctx, func() { fyne.Do(d.app.Quit) })
	watchWindow(ctx, d.window)
	d.app.Lifecycle().SetOnStarted(d.start)
	d.window.ShowAndRun()
	stop()
	return errors.Join(d.failed, d.close()())
}

// start opens the services away from the screen and shows the office, or what
// keeps it from opening.
func (d *desk) start() {
	d.failed = nil
	async.Run(d.ctx, d.runner, func(ctx context.Context) (*services, error) {
		return patiently(ctx, d.open, d.ask)
	}, func(s *services, err error) {
		if err == nil {
			d.services = s
			err = d.show()
		}
		if err != nil && d.ctx.Err() == nil {
			d.failed = err
			d.window.SetContent(d.trouble(err, func() {
				d.window.SetContent(opening())
				d.start()
			}))
		}
	})
}

// askAgain gets a passphrase from a person; refused is what was wrong with the
// one before, nil at first.
type askAgain func(ctx context.Context, first bool, refused *model.Problem) (model.Secret, error)

// patiently opens the services. A passphrase that is not right is asked for
// again, for as long as the person likes.
func patiently(ctx context.Context, open opener, ask askAgain) (*services, error) {
	var refused *model.Problem
	for {
		s, err := open(ctx, func(ctx context.Context, first bool) (model.Secret, error) { return ask(ctx, first, refused) })
		if err == nil {
			return s, nil
		}
		if refused = model.ProblemOf(err); refused.Code != "secret.wrong_passphrase" {
			return nil, err
		}
	}
}

// opening is what the window shows until the office is there.
func opening() fyne.CanvasObject {
	return container.NewCenter(widget.NewLabel(i18n.T("start.opening")))
}

// show puts the office into the window and lets the sender work.
func (d *desk) show() error {
	s := d.services
	texts := d.sh.texts
	if texts.failed != nil {
		return texts.failed
	}
	var err error
	s.letPayrollIn(d.sh)
	ctx, leave := context.WithCancel(d.ctx)
	d.leave = leave
	if d.ended, err = s.sendWhenFree(ctx); err != nil {
		return err
	}
	shell := ui.New(ctx, ui.Deps{
		Office: s.office, Runner: async.New(s.log), Explain: texts.catalogue.Page, Practice: d.practice,
		About: about.Info{
			Name: "Loonbrug", Version: version, Licences: licences(),
			Folders: []about.Folder{{Kind: "data", Path: s.paths.Folder}, {Kind: "log", Path: s.paths.Log}},
		},
		Settings: preferences{s}, Care: caretaker{d, s}, Errors: texts.catalogue.Pages, OnLanguage: d.remember, Now: time.Now,
	})
	shell.Attach(d.window)
	d.tellCrashes()
	go s.askForNewer(ctx, func(v string) { fyne.Do(func() { shell.Announce(v) }) })
	if texts.own != nil {
		s.log.Warn("explanations left out", "problem", texts.own)
		dialogs.Problem(d.window, texts.catalogue.Page(i18n.Language(), texts.own), nil)
	}
	return nil
}

// remember keeps the language that was chosen.
func (d *desk) remember(code string) {
	async.Run(d.ctx, d.runner, func(ctx context.Context) (struct{}, error) {
		next, err := settings.Load(ctx, d.services.store)
		if err != nil {
			return struct{}{}, err
		}
		next.Language = code
		return struct{}{}, settings.Save(ctx, d.services.store, next)
	}, func(_ struct{}, err error) {
		if err != nil {
			d.services.log.Error("remember language", "error", err)
		}
	})
}

// trouble is the page of what keeps the program from opening. again is offered to
// a person who left the question for the passphrase.
func (d *desk) trouble(err error, again func()) fyne.CanvasObject {
	panel := container.NewVBox(dialogs.ProblemPanel(d.pageOf(err), nil))
	if code := model.ProblemOf(err).Code; code == passphraseNeeded || code == restoreInUse {
		panel.Add(container.NewHBox(widgets.NewMainButton(i18n.T("passphrase.retry"), again)))
	}
	return container.NewPadded(panel)
}

// pageOf explains an error before the office is there to do it.
func (d *desk) pageOf(err error) explain.Page {
	if catalogue := d.sh.texts.catalogue; catalogue != nil {
		return catalogue.Page(i18n.Language(), model.ProblemOf(err))
	}
	return explain.Page{Message: err.Error()}
}

// passphraseNeeded is the problem of a key that nobody gave a passphrase for.
const passphraseNeeded = "secret.passphrase_needed"

// ask gets the passphrase from the person; it is called away from the screen.
func (d *desk) ask(ctx context.Context, first bool, refused *model.Problem) (model.Secret, error) {
	var trouble string
	if refused != nil {
		page := d.pageOf(refused)
		trouble = page.Message + " " + page.Solution
	}
	answers := make(chan model.Secret, 1)
	fyne.Do(func() { dialogs.Passphrase(d.window, first, trouble, func(p model.Secret) { answers <- p }) })
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

// close leaves the office that is open. The function it gives waits for what is
// under way and closes everything.
func (d *desk) close() func() error {
	s, ended := d.services, d.ended
	d.services, d.ended = nil, nil
	if d.leave != nil {
		d.leave()
	}
	return func() error {
		if s == nil {
			return nil
		}
		var err error
		if ended != nil {
			err = <-ended
		}
		return errors.Join(err, s.Close())
	}
}

// licences are the works that the program stands on.
func licences() []string {
	lines := make([]string, 0, 16)
	for _, l := range [][2]string{
		{"Go", "BSD-3-Clause"},
		{"Fyne", "BSD-3-Clause"},
		{"SQLite", "public domain"},
		{"mattn/go-sqlite3", "MIT"},
		{"pressly/goose", "MIT"},
		{"golang.org/x/oauth2, text, time, sync", "BSD-3-Clause"},
		{"coreos/go-oidc", "Apache-2.0"},
		{"go-jose", "Apache-2.0"},
		{"zalando/go-keyring", "MIT"},
		{"filippo.io/age", "BSD-3-Clause"},
		{"gofrs/flock", "BSD-3-Clause"},
		{"pkg/browser", "BSD-2-Clause"},
		{"lumberjack", "MIT"},
		{"getkin/kin-openapi", "MIT"},
	} {
		lines = append(lines, fmt.Sprintf("%s · %s", l[0], l[1]))
	}
	return lines
}
