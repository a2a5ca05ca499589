package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"loonbrug/data/bell"
	"loonbrug/data/instance"
	"loonbrug/data/model"
	"loonbrug/data/paths"
	"loonbrug/data/secret"
	"loonbrug/data/shared"
	"loonbrug/data/store"
	"loonbrug/resources"
	"loonbrug/ui/async"
	"loonbrug/ui/i18n"
)

// appID names the program to the desktop.
const appID = "nl.loonbrug.app"

// windowCommand opens the window on the office's own data; while there is no
// account yet and that is asked for, or was chosen before, on the practice
// office.
func windowCommand(ctx context.Context, sh *shell) error {
	known, err := hasAccounts(ctx, sh)
	if err != nil {
		return err
	}
	return runWindow(ctx, sh, func(l looks) site {
		if !known && (sh.practiceIfNew || l.practised()) {
			return site{practice: true, open: openPracticeWith(sh, nil, false)}
		}
		return site{open: openReal(sh)}
	})
}

// practiceWindow opens the window on the practice office, with files taken in.
func practiceWindow(ctx context.Context, sh *shell, files []string, anew bool) error {
	return runWindow(ctx, sh, func(looks) site {
		return site{practice: true, open: openPracticeWith(sh, files, anew)}
	})
}

// site is an office that the window can show.
type site struct {
	practice bool
	open     opener
}

// opener opens the services of the window; ask gets a passphrase from the
// person in front of it, who is told through waits what the key store lets wait.
type opener func(ctx context.Context, ask secret.Ask, waits secret.Waits) (*services, error)

func openReal(sh *shell) opener {
	return func(ctx context.Context, ask secret.Ask, waits secret.Waits) (*services, error) {
		return open(ctx, sh, needs{ask: ask, waits: waits})
	}
}

func openPracticeWith(sh *shell, files []string, anew bool) opener {
	return func(ctx context.Context, _ secret.Ask, _ secret.Waits) (*services, error) {
		s, err := openPractice(ctx, sh, anew)
		if err != nil || len(files) == 0 {
			return s, err
		}
		if _, err := s.takeFiles(ctx, sh, files); err != nil {
			return nil, errors.Join(err, s.Close())
		}
		return s, nil
	}
}

// hasAccounts looks into the data folder without making one. One that works with the
// database of an office counts as having some.
func hasAccounts(ctx context.Context, sh *shell) (bool, error) {
	at, err := paths.Locate(sh.dataDir, false)
	if err != nil {
		return false, err
	}
	if connected, err := shared.Connected(at.Folder); err != nil || connected {
		return connected, err
	}
	if _, err := os.Stat(at.Database); err != nil {
		return false, nil //nolint:nilerr // no database, no accounts
	}
	return store.HasAccounts(ctx, at.Database)
}

// untilQuit is how long a start waits for another program that has the window: it
// may be about to quit, with a sending to finish, and hear nothing any more.
const untilQuit = 7 * time.Second

// claim makes this program the one with the window of an office. Another one
// that has it already comes to the front.
func claim(ctx context.Context, sh *shell, practice bool) (*instance.Instance, error) {
	at, err := paths.Locate(sh.dataDir, practice)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(at.Folder, 0o700); err != nil {
		return nil, model.NewProblem("store.read_only", "path", at.Folder).Because(err)
	}
	ctx, over := context.WithTimeout(ctx, untilQuit)
	defer over()
	return instance.Claim(ctx, at.Folder, func(folder string) (instance.Bell, error) { return bell.Open(folder) })
}

// runWindow shows the window until the program is quit. A second start for the
// same office ends at once and well.
func runWindow(ctx context.Context, sh *shell, choose func(looks) site) error {
	return sh.watchCrashes(func() error { return showWindow(ctx, sh, choose) })
}

func showWindow(ctx context.Context, sh *shell, choose func(looks) site) error {
	// The window asks for what is secret; what is there for commands is none of the
	// browser's.
	for _, name := range []string{passphraseVariable, addressVariable} {
		if err := os.Unsetenv(name); err != nil {
			return fmt.Errorf("environment: %w", err)
		}
	}
	if elsewhere, err := readyScreen(sh); elsewhere || err != nil {
		return err
	}
	if err := i18n.SetLanguage(sh.language); err != nil {
		return err
	}
	_, icon, err := resources.AppIcon()
	if err != nil {
		return err
	}
	a := app.NewWithID(appID)
	l := looks{a.Preferences()}
	at := choose(l)
	only, err := claim(ctx, sh, at.practice)
	if errors.Is(err, instance.ErrTaken) {
		return nil
	}
	if err != nil {
		return err
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	l.use(a)
	d := &desk{ctx: ctx, sh: sh, app: a, looks: l, runner: async.New(slog.Default()), instance: only, over: make(chan struct{})}
	a.SetIcon(fyne.NewStaticResource("loonbrug.svg", icon))
	d.window = a.NewWindow("Loonbrug")
	d.window.Resize(roomy)
	d.window.SetMaster()
	d.window.SetContent(d.opening())
	d.window.SetCloseIntercept(d.close)
	context.AfterFunc(ctx, func() { fyne.Do(d.endLoop) })
	watchWindow(ctx, d.window)
	hidden := d.hangTray(icon) && sh.minimised
	a.Lifecycle().SetOnStarted(func() {
		fitScreen(d.window)
		d.start(at)
	})
	if !hidden {
		d.window.Show()
	}
	a.Run()
	close(d.over)
	stop()
	return d.finish()
}

// opening is what the window shows until the office is there.
func (d *desk) opening() fyne.CanvasObject {
	d.doing = widget.NewLabel(i18n.T("start.opening"))
	return container.NewCenter(d.doing)
}

// waits says in the window that the key store lets wait; it is called away from
// the screen.
func (d *desk) waits(waiting bool) {
	fyne.Do(func() {
		text := i18n.T("start.opening")
		if waiting {
			text = i18n.T("start.key_store")
		}
		d.doing.SetText(text)
	})
}
