package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strconv"
	"time"

	"loonbrug/data/journal"
	"loonbrug/data/model"
	"loonbrug/integration/office"
	"loonbrug/ui/i18n"
)

// sendCommand sends one run or all that are ready, and waits for what becomes
// of them. It exits with 0 only if everything is booked.
func sendCommand(ctx context.Context, sh *shell, args []string) error {
	flags := sh.flags("send")
	id := flags.String("run", "", "id of the run to send, from status")
	all := flags.Bool("all", false, "send everything that is ready")
	dry := flags.Bool("dry-run", false, "check only, send nothing")
	asJSON := flags.Bool("json", false, "print JSON")
	if err := parse(flags, args); err != nil {
		return err
	}
	if (*id == "") == !*all || flags.NArg() > 0 {
		flags.Usage()
		return errUsage
	}
	s, err := open(ctx, sh, needs{ask: askPassphrase})
	if err != nil {
		return err
	}
	err = s.sendRuns(ctx, sh, *id, *dry, *asJSON)
	return errors.Join(err, s.Close())
}

func (s *services) sendRuns(ctx context.Context, sh *shell, id string, dry, asJSON bool) error {
	rows, err := s.chosen(ctx, id)
	if err != nil {
		return err
	}
	if dry {
		return s.dryRun(ctx, sh, rows, asJSON)
	}
	return s.sendRows(ctx, sh, rows, asJSON)
}

// chosen are the rows of one run, or of all.
func (s *services) chosen(ctx context.Context, id string) ([]model.RunRow, error) {
	if id == "" {
		return s.office.Runs(ctx, model.RunFilter{})
	}
	n, err := strconv.ParseInt(id, 10, 64)
	if err != nil {
		return nil, fmt.Errorf("%w: %q is not the id of a run", errUsage, id)
	}
	row, err := s.office.Find(ctx, n)
	if errors.Is(err, model.ErrNotFound) {
		return nil, model.NewProblem("run.unknown", "run", id).Because(err)
	}
	return []model.RunRow{row}, err
}

// checkReport is one period in the answer of a dry run.
type checkReport struct {
	Target   string           `json:"target"`
	Company  string           `json:"company"`
	Run      int64            `json:"run"`
	Year     int              `json:"year"`
	Period   int              `json:"period"`
	Lines    int              `json:"lines"`
	Debit    journal.Amount   `json:"debit"`
	Credit   journal.Amount   `json:"credit"`
	Problems []*problemReport `json:"problems"`
}

func (s *services) dryRun(ctx context.Context, sh *shell, rows []model.RunRow, asJSON bool) error {
	checks, bad := []checkReport{}, false
	for _, row := range rows {
		for _, t := range row.Targets {
			if !sendable(t) {
				continue
			}
			previews, err := s.office.Preview(ctx, row.Run.ID, t.MappingID)
			if err != nil {
				return err
			}
			for _, p := range previews {
				debit, credit := p.Entry.Totals()
				c := checkReport{
					t.Target, row.Company.Name, row.Run.ID, p.Entry.Period.Year, p.Entry.Period.Number,
					len(p.Entry.Lines), debit, credit,
					[]*problemReport{},
				}
				for _, problem := range p.Problems {
					c.Problems = append(c.Problems, sh.problem(problem))
					bad = true
				}
				checks = append(checks, c)
			}
		}
	}
	if err := sh.printChecks(checks, asJSON); err != nil {
		return err
	}
	if bad {
		return errProblems
	}
	return nil
}

func (sh *shell) printChecks(checks []checkReport, asJSON bool) error {
	if asJSON {
		return printJSON(sh.out, map[string]any{"checks": checks})
	}
	for _, c := range checks {
		fmt.Fprintf(sh.out, "%s  %s  %04d-%02d  %d lines  %s  %d problems\n", c.Target, c.Company, c.Year, c.Period, c.Lines, c.Debit, len(c.Problems))
		for _, p := range c.Problems {
			p.print(sh.err, c.Target)
		}
	}
	return nil
}

// sendable tells whether a click on the logo would send something.
func sendable(t model.RunTarget) bool {
	return t.State == model.StateReady || t.State == model.StatePartial || t.State == model.StateRefused
}

// sendRows queues what can be sent, waits until it rests, and reports. A logo
// that keeps something from being sent is reported too.
func (s *services) sendRows(ctx context.Context, sh *shell, rows []model.RunRow, asJSON bool) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	var held []heldReport
	for _, row := range rows {
		for _, t := range row.Targets {
			p, err := s.sendLogo(ctx, row, t)
			if err != nil {
				return err
			}
			if p != nil {
				held = append(held, heldReport{t.Target, row.Company.Name, row.Run.ID, t.State, sh.problem(p)})
			}
		}
	}
	_, ended, err := s.send(ctx)
	if err != nil {
		return err
	}
	errWait := s.wait(ctx, rows)
	stop()
	if err := errors.Join(errWait, <-ended); err != nil {
		return err
	}
	return s.reportRows(context.WithoutCancel(ctx), sh, rows, held, asJSON)
}

// sendLogo does what a click on a logo does. What keeps it from being sent comes
// back as a problem; an error means that the program could not work.
func (s *services) sendLogo(ctx context.Context, row model.RunRow, t model.RunTarget) (*model.Problem, error) {
	if !sendable(t) {
		if t.MappingID != 0 && len(t.Deliveries) == 0 {
			return t.Problem, nil
		}
		return nil, nil
	}
	_, err := s.office.Send(ctx, row.Run.ID, t.MappingID)
	var p *model.Problem
	if errors.As(err, &p) {
		return p, nil
	}
	return nil, err
}

// heldReport is a logo at which nothing was sent, and why.
type heldReport struct {
	Target  string         `json:"target"`
	Company string         `json:"company"`
	Run     int64          `json:"run"`
	State   model.State    `json:"state"`
	Problem *problemReport `json:"problem"`
}

// patience is how far ahead the next try of a delivery may lie for a command to
// wait for it; what takes longer is left to the background sender.
const patience = 30 * time.Second

// wait returns when every delivery of the rows rests, or waits for something
// that takes longer than a command should.
func (s *services) wait(ctx context.Context, rows []model.RunRow) error {
	changes, end := s.office.Subscribe()
	defer end()
	for {
		moving, err := s.moving(ctx, rows)
		if err != nil || !moving {
			return err
		}
		select {
		case <-changes:
		case <-time.After(patience):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// moving tells whether a delivery of the rows is under way or soon will be.
func (s *services) moving(ctx context.Context, rows []model.RunRow) (bool, error) {
	status, err := s.office.Status(ctx)
	if err != nil {
		return false, err
	}
	soon := time.Now().Add(patience)
	holds := func(accountID int64) bool {
		return slices.ContainsFunc(status.Pauses, func(p model.Pause) bool {
			return (p.AccountID == 0 || p.AccountID == accountID) && p.Holds(soon)
		})
	}
	for _, row := range rows {
		deliveries, err := s.store.Deliveries(ctx, row.Run.ID)
		if err != nil {
			return false, err
		}
		for _, d := range deliveries {
			rests := d.State.Final() || d.Person || d.NotBefore.After(soon)
			underWay := !d.LeaseUntil.IsZero()
			if !rests && (underWay || status.Problem == nil && !holds(d.AccountID)) {
				return true, nil
			}
		}
	}
	return false, nil
}

func (s *services) reportRows(ctx context.Context, sh *shell, rows []model.RunRow, held []heldReport, asJSON bool) error {
	all := []deliveryReport{}
	for _, row := range rows {
		now, err := s.office.Find(ctx, row.Run.ID)
		if err != nil {
			return err
		}
		some, err := sh.deliveries(ctx, s.office, now)
		if err != nil {
			return err
		}
		all = append(all, some...)
	}
	var err error
	if asJSON {
		answer := map[string]any{"deliveries": all}
		if len(held) > 0 {
			answer["held"] = held
		}
		err = printJSON(sh.out, answer)
	} else {
		err = sh.printDeliveries(all)
		for _, h := range held {
			h.Problem.print(sh.err, h.Target+" "+h.Company)
		}
	}
	if err != nil {
		return err
	}
	if len(held) > 0 || !allBooked(all) {
		return errProblems
	}
	return nil
}

// statusCommand tells what there is.
func statusCommand(ctx context.Context, sh *shell, args []string) error {
	flags := sh.flags("status")
	asJSON := flags.Bool("json", false, "print JSON")
	if err := parse(flags, args); err != nil {
		return err
	}
	if flags.NArg() > 0 {
		flags.Usage()
		return errUsage
	}
	s, err := open(ctx, sh, needs{ask: askPassphrase})
	if err != nil {
		return err
	}
	return errors.Join(s.status(ctx, sh, *asJSON), s.Close())
}

// passphraseVariable is where commands find the passphrase of a computer without a
// key store.
const passphraseVariable = "LOONBRUG_PASSPHRASE"

// askPassphrase takes the passphrase from the environment; commands have nobody
// to ask.
func askPassphrase(_ context.Context, _ bool) (model.Secret, error) {
	p := os.Getenv(passphraseVariable)
	if p == "" {
		return "", model.NewProblem("secret.passphrase_needed", "path", passphraseVariable)
	}
	return model.Secret(p), nil
}

// waits prints that a command waits for the system's key store.
func (sh *shell) waits(waiting bool) {
	if err := i18n.SetLanguage(sh.language); waiting && err == nil {
		fmt.Fprintln(sh.err, "loonbrug:", i18n.T("start.key_store"))
	}
}

// compile-time proof that the office is an archive for reports.
var _ archive = (*office.Office)(nil)
