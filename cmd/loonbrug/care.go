package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"github.com/pkg/browser"

	"loonbrug/data/crash"
	"loonbrug/data/model"
	"loonbrug/data/paths"
	"loonbrug/data/secret"
	"loonbrug/data/settings"
	"loonbrug/integration/httpx"
	"loonbrug/integration/office/setup"
	"loonbrug/integration/update"
	"loonbrug/ui/async"
	"loonbrug/ui/care"
)

// watchCrashes has what the program says when it crashes kept for the next start.
// The end is not deferred: a panic must leave the file behind.
func (sh *shell) watchCrashes(work func() error) error {
	at, err := paths.Locate(sh.dataDir, false)
	if err != nil {
		return work() // which says so itself
	}
	end, err := crash.Watch(at.Crashes, version)
	if err != nil {
		fmt.Fprintln(sh.err, "loonbrug: crashes cannot be kept:", err)
		return work()
	}
	return errors.Join(work(), end())
}

// tellCrashes shows what earlier runs left that crashed, one at a time.
func (d *desk) tellCrashes() {
	s := d.services
	async.Run(d.ctx, d.runner, func(context.Context) ([]crash.Report, error) { return crash.Left(s.paths.Crashes) },
		func(left []crash.Report, err error) {
			if err != nil {
				s.log.Warn("crashes of earlier runs", "error", err)
			}
			d.tellCrash(left)
		})
}

func (d *desk) tellCrash(left []crash.Report) {
	if len(left) == 0 || d.services == nil {
		return
	}
	s := d.services
	care.ShowCrash(d.window, left[0].Text, func() {
		async.Run(d.ctx, d.runner, func(context.Context) (struct{}, error) { return struct{}{}, browser.OpenFile(s.paths.Crashes) },
			func(_ struct{}, err error) {
				if err != nil {
					s.log.Warn("open folder", "error", err)
				}
			})
	}, func() {
		if err := left[0].Seen(); err != nil {
			s.log.Warn("crash report", "error", err)
		}
		d.tellCrash(left[1:])
	})
}

// caretaker is what the page for looking after the program works with.
type caretaker struct {
	desk *desk
	*services
}

// AsksPassphrase implements care.Keeper.
func (c caretaker) AsksPassphrase() bool { return c.key.Source == secret.SourceKeyring }

// Backup implements care.Keeper.
func (c caretaker) Backup(ctx context.Context, path string, passphrase model.Secret) error {
	return c.backup(ctx, path, given(passphrase))
}

// Restore implements care.Keeper.
func (c caretaker) Restore(ctx context.Context, path string, passphrase model.Secret) error {
	return layReady(ctx, c.paths, path, needs{practice: c.desk.practice, ask: given(passphrase)})
}

// given is the passphrase that a person typed; nothing is the problem that one is
// needed.
func given(passphrase model.Secret) secret.Ask {
	return func(context.Context, bool) (model.Secret, error) {
		if passphrase == "" {
			return "", model.NewProblem(passphraseNeeded, "path", "")
		}
		return passphrase, nil
	}
}

// Reopen implements care.Keeper.
func (c caretaker) Reopen() { c.desk.reopen() }

// Setup implements care.Keeper.
func (c caretaker) Setup(ctx context.Context) ([]byte, error) { return c.setupText(ctx) }

// CompareSetup implements care.Keeper.
func (c caretaker) CompareSetup(ctx context.Context, file []byte) ([]model.SetupChange, error) {
	then, err := setup.Read(bytes.NewReader(file))
	if err != nil {
		return nil, err
	}
	return c.office.CompareSetup(ctx, then)
}

// ImportSetup implements care.Keeper.
func (c caretaker) ImportSetup(ctx context.Context, file []byte) error {
	then, err := setup.Read(bytes.NewReader(file))
	if err != nil {
		return err
	}
	_, err = c.office.ImportSetup(ctx, then)
	return err
}

// Logs implements care.Keeper.
func (c caretaker) Logs(ctx context.Context, path string) error { return c.packLogs(ctx, path) }

// OpenFolder implements care.Keeper.
func (c caretaker) OpenFolder() error { return browser.OpenFile(filepath.Dir(c.paths.Log)) }

// Updates implements care.Keeper.
func (c caretaker) Updates(ctx context.Context) (address string, on bool, err error) {
	s, err := settings.Load(ctx, c.store)
	return s.Update.Address, !s.Update.Off, err
}

// SaveUpdates implements care.Keeper.
func (c caretaker) SaveUpdates(ctx context.Context, address string, on bool) error {
	s, err := settings.Load(ctx, c.store)
	if err != nil {
		return err
	}
	s.Update = settings.Update{Address: address, Off: !on}
	return settings.Save(ctx, c.store, s)
}

// Newer implements care.Keeper.
func (c caretaker) Newer(ctx context.Context) (string, error) {
	s, err := settings.Load(ctx, c.store)
	if err != nil {
		return "", err
	}
	return c.newer(ctx, s.Update.Address)
}

// OpenDownload implements care.Keeper.
func (c caretaker) OpenDownload() error {
	if r := c.release.Load(); r != nil {
		return c.openBrowser(r.Page, []string{hostOf(r.Page)}) // our own key vouches for the page
	}
	return nil
}

// newer asks an address for a newer version; empty is none.
func (s *services) newer(ctx context.Context, address string) (string, error) {
	client := httpx.New(httpx.Options{UserAgent: "Loonbrug/" + version, Log: s.log, LoopbackOnly: s.practice != nil})
	r, newer, err := update.Check(ctx, client, address, update.Key(), version)
	if err != nil || !newer {
		return "", err
	}
	s.release.Store(&r)
	return r.Version, nil
}

// askForNewer asks once a day whether there is a newer version, if that is
// wanted, and tells of one. What goes wrong is logged and keeps nobody waiting.
func (s *services) askForNewer(ctx context.Context, tell func(version string)) {
	again := time.NewTicker(24 * time.Hour)
	defer again.Stop()
	for {
		set, err := settings.Load(ctx, s.store)
		if err == nil && set.Update.Asks() {
			var found string
			if found, err = s.newer(ctx, set.Update.Address); found != "" {
				tell(found)
			}
		}
		if err != nil && ctx.Err() == nil {
			s.log.Warn("ask for a newer version", "error", err)
		}
		select {
		case <-again.C:
		case <-ctx.Done():
			return
		}
	}
}
