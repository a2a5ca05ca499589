package main

import (
	"cmp"
	"context"
	"log/slog"
	"path/filepath"
	"time"

	"golang.org/x/sync/errgroup"

	"loonbrug/data/model"
	"loonbrug/integration/httpx"
	"loonbrug/integration/intake"
	"loonbrug/integration/nmbrs"
	"loonbrug/integration/office"
	"loonbrug/integration/payrollfile"
	"loonbrug/integration/source"
)

// wirePayroll makes the payroll systems. A new one is one line here.
func wirePayroll(at addresses, timeout time.Duration, log *slog.Logger) []source.System {
	client := httpx.New(httpx.Options{Timeout: timeout, UserAgent: "Loonbrug/" + version, Log: log, LoopbackOnly: at.loopbackOnly})
	return []source.System{
		nmbrs.New(nmbrs.Config{Address: at.nmbrs, HTTP: client, Files: payrollfile.New()}),
	}
}

// inbox is the office as payroll comes in to it: with the explanations that are
// written beside a file that could not be taken.
type inbox struct {
	*office.Office
	sh *shell
}

// Explain implements intake.Office.
func (b inbox) Explain(p *model.Problem) string {
	r := b.sh.problem(p)
	return r.Message + "\n\n" + r.Cause + "\n\n" + r.Solution + "\n"
}

// letPayrollIn has payroll come in by itself for as long as this program sends.
func (s *services) letPayrollIn(sh *shell) {
	payroll := s.payroll.Load()
	every := payroll.Every
	if s.practice != nil {
		every = 10 * time.Second
	}
	s.intake = intake.New(inbox{s.office, sh}, intake.Options{
		Every: every, Folder: cmp.Or(payroll.Folder, filepath.Join(s.paths.Folder, "inbox")), Log: s.log.With("component", "intake"),
	})
}

// work sends, and lets payroll in where that is wanted, until ctx ends.
func (s *services) work(ctx context.Context) error {
	if s.intake == nil {
		return s.sender.Run(ctx)
	}
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return s.sender.Run(ctx) })
	group.Go(func() error {
		if err := s.intake.Run(ctx); err != nil {
			s.log.Error("payroll does not come in", "error", err) // what is queued is sent all the same
		}
		return nil
	})
	return group.Wait()
}
