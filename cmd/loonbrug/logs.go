package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"loonbrug/data/logs"
	"loonbrug/data/model"
)

// logsCommand packs the logs into a file to be given to somebody.
func logsCommand(ctx context.Context, sh *shell, args []string) error {
	file, err := sh.oneFile("logs", args)
	if err != nil {
		return err
	}
	s, err := open(ctx, sh, needs{ask: askPassphrase})
	if err != nil {
		return err
	}
	return errors.Join(s.packLogs(ctx, file), s.Close())
}

// packLogs writes the log, the older ones and the crash files into a zip, with
// every secret of every account taken out.
func (s *services) packLogs(ctx context.Context, file string) error {
	secrets, err := s.secrets(ctx)
	if err != nil {
		return err
	}
	unfinished := file + ".part"
	out, err := os.OpenFile(unfinished, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return model.NewProblem("store.read_only", "path", file).Because(err)
	}
	about := fmt.Sprintf("Loonbrug %s, %s %s/%s\n", version, runtime.Version(), runtime.GOOS, runtime.GOARCH)
	err = logs.Export(out, about, s.logFiles(), secrets)
	if err = errors.Join(err, out.Close()); err == nil {
		err = os.Rename(unfinished, file)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("pack the logs: %w", err), ignoreMissing(os.Remove(unfinished)))
	}
	return nil
}

// secrets are those of all accounts; an account whose secrets cannot be opened
// has none that the program could have written down.
func (s *services) secrets(ctx context.Context) ([]model.Secret, error) {
	accounts, err := s.store.Accounts(ctx)
	if err != nil {
		return nil, err
	}
	var all []model.Secret
	for _, a := range accounts {
		some, err := s.store.Credentials(ctx, a.ID)
		if err != nil {
			s.log.Warn("secrets of an account cannot be opened", "account", a.ID, "error", err)
			continue
		}
		for _, v := range some {
			all = append(all, v)
		}
	}
	return all, nil
}

// logFiles are the log, the older ones beside it, and what crashes left.
func (s *services) logFiles() []string {
	stem := strings.TrimSuffix(s.paths.Log, filepath.Ext(s.paths.Log))
	older, _ := filepath.Glob(stem + "-*.log*") // the pattern is right
	crashes, _ := filepath.Glob(filepath.Join(s.paths.Crashes, "*.txt"))
	return append(append([]string{s.paths.Log}, older...), crashes...)
}
