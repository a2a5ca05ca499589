package main

import (
	"cmp"
	"log/slog"
	"path/filepath"
	"time"

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
		nmbrs.New(nmbrs.Config{Address: at.nmbrs, HTTP: client, Files: payrollfile.New().WithoutAccount()}),
	}
}

// payrollDoor is the office as payroll comes in to it: with the explanations that are
// written beside a file that could not be taken.
type payrollDoor struct {
	*office.Office
	sh *shell
}

// Explain implements intake.Office.
func (b payrollDoor) Explain(p *model.Problem) string {
	r := b.sh.problem(p)
	return r.Message + "\n\n" + r.Cause + "\n\n" + r.Solution + "\n"
}

// inbox is the folder that is watched while nobody chose one.
func (s *services) inbox() string { return filepath.Join(s.paths.Folder, "inbox") }

// letPayrollIn has payroll come in by itself for as long as this program sends.
func (s *services) letPayrollIn(sh *shell) {
	payroll := s.payroll.Load()
	every := payroll.Every
	if s.practice != nil {
		every = 10 * time.Second
	}
	s.intake = intake.New(payrollDoor{s.office, sh}, intake.Options{
		Every: every, Folder: cmp.Or(payroll.Folder, s.inbox()), Log: s.log.With("component", "intake"),
	})
}
