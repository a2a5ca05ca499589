package main

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"text/tabwriter"
	"time"

	"loonbrug/data/model"
)

// statusReport is what status tells; it holds no secret.
type statusReport struct {
	Version    string           `json:"version"`
	Folder     string           `json:"folder"`
	Sender     senderReport     `json:"sender"`
	Accounts   []accountReport  `json:"accounts"`
	Mappings   []mappingReport  `json:"mappings"`
	Runs       []runReport      `json:"runs"`
	Deliveries []deliveryReport `json:"deliveries"`
}

type senderReport struct {
	Alive      bool           `json:"alive"` // some program of the data folder sends
	Working    int            `json:"working"`
	Waiting    int            `json:"waiting"`
	Person     int            `json:"person"`
	Paused     bool           `json:"paused"` // by a person
	Offline    bool           `json:"offline"`
	NextTry    *time.Time     `json:"next_try"`
	LastBooked *time.Time     `json:"last_booked"`
	Problem    *problemReport `json:"problem"`
	Pauses     []pauseReport  `json:"pauses"`
}

// pauseReport is an account that waits as a whole.
type pauseReport struct {
	Account string         `json:"account"`
	Until   time.Time      `json:"until"`
	Problem *problemReport `json:"problem"`
}

type accountReport struct {
	ID       int64              `json:"id"`
	Target   string             `json:"target"`
	Name     string             `json:"name"`
	State    model.AccountState `json:"state"`
	Identity string             `json:"identity"`
	Problem  *problemReport     `json:"problem"`
}

type mappingReport struct {
	ID             int64             `json:"id"`
	Company        string            `json:"company"`
	Target         string            `json:"target"`
	Account        string            `json:"account"`
	Administration string            `json:"administration"`
	Options        map[string]string `json:"options"`
}

type runReport struct {
	ID          int64        `json:"id"`
	Company     string       `json:"company"`
	Reference   string       `json:"reference"`
	Period      string       `json:"period"`
	Description string       `json:"description"`
	Targets     []logoReport `json:"targets"`
}

type logoReport struct {
	Target  string      `json:"target"`
	State   model.State `json:"state"`
	Booked  int         `json:"booked"`
	Periods int         `json:"periods"`
}

func (s *services) status(ctx context.Context, sh *shell, asJSON bool) error {
	r, err := s.statusReport(ctx, sh)
	if err != nil {
		return err
	}
	if asJSON {
		return printJSON(sh.out, r)
	}
	return sh.printStatus(r)
}

func (s *services) statusReport(ctx context.Context, sh *shell) (*statusReport, error) {
	r := &statusReport{
		Version: version, Folder: s.paths.Folder,
		Accounts: []accountReport{}, Mappings: []mappingReport{}, Runs: []runReport{}, Deliveries: []deliveryReport{},
	}
	accounts, err := s.office.Accounts(ctx)
	if err != nil {
		return nil, err
	}
	names := make(map[int64]string)
	for _, a := range accounts {
		names[a.ID] = a.Name
	}
	if r.Sender, err = s.senderReport(ctx, sh, names); err != nil {
		return nil, err
	}
	for _, a := range accounts {
		r.Accounts = append(r.Accounts, accountReport{a.ID, a.Target, a.Name, a.State, a.Identity, sh.problem(a.Problem)})
	}
	companies, err := s.office.Companies(ctx)
	if err != nil {
		return nil, err
	}
	company := make(map[int64]string)
	for _, c := range companies {
		company[c.ID] = c.Name
	}
	mappings, err := s.office.Mappings(ctx)
	if err != nil {
		return nil, err
	}
	for _, m := range mappings {
		r.Mappings = append(r.Mappings, mappingReport{m.ID, company[m.CompanyID], m.Target, names[m.AccountID], m.Administration.Name, m.Options})
	}
	// By name, so that two data folders of the same set-up say the same.
	slices.SortFunc(r.Mappings, func(a, b mappingReport) int {
		return cmp.Or(cmp.Compare(a.Company, b.Company), cmp.Compare(a.Target, b.Target), cmp.Compare(a.Administration, b.Administration))
	})
	return r, s.statusRuns(ctx, sh, r)
}

// senderReport tells how the sender of the data folder stands, in whichever
// program it runs.
func (s *services) senderReport(ctx context.Context, sh *shell, names map[int64]string) (senderReport, error) {
	free, err := s.lock.TryLock()
	if err == nil {
		err = s.lock.Unlock() // at once, so that a sender may start
	}
	if err != nil {
		return senderReport{}, fmt.Errorf("lock: %w", err)
	}
	state, err := s.office.Status(ctx)
	if err != nil {
		return senderReport{}, err
	}
	_, paused := state.Pause(model.PausePerson)
	offline, isOffline := state.Pause(model.PauseOffline)
	r := senderReport{
		Alive: !free, Working: state.Working, Waiting: state.Waiting, Person: state.Person,
		Paused: paused, Offline: isOffline, Problem: sh.problem(state.Problem), Pauses: []pauseReport{},
		NextTry: instantOf(state.NextAt), LastBooked: instantOf(state.LastBooked),
	}
	if r.Problem == nil && isOffline {
		r.Problem = sh.problem(offline.Problem)
	}
	for _, p := range state.Pauses {
		if p.Kind == model.PauseAccount && p.Holds(s.store.Now()) {
			r.Pauses = append(r.Pauses, pauseReport{names[p.AccountID], p.Until, sh.problem(p.Problem)})
		}
	}
	return r, nil
}

func instantOf(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

func (s *services) statusRuns(ctx context.Context, sh *shell, r *statusReport) error {
	rows, err := s.office.Runs(ctx, model.RunFilter{})
	if err != nil {
		return err
	}
	for _, row := range rows {
		report := runReport{
			ID: row.Run.ID, Company: row.Company.Name, Reference: row.Run.Reference, Period: row.Run.Last.String(),
			Description: row.Run.Description, Targets: []logoReport{},
		}
		for _, t := range row.Targets {
			report.Targets = append(report.Targets, logoReport{t.Target, t.State, t.Booked, t.Periods})
		}
		r.Runs = append(r.Runs, report)
		some, err := sh.deliveries(ctx, s.office, row)
		if err != nil {
			return err
		}
		r.Deliveries = append(r.Deliveries, some...)
	}
	return nil
}

func (sh *shell) printStatus(r *statusReport) error {
	fmt.Fprintf(sh.out, "loonbrug %s, %s\n", r.Version, r.Folder)
	sh.printSender(r.Sender)
	w := tabwriter.NewWriter(sh.out, 0, 4, 2, ' ', 0)
	fmt.Fprintln(w, "account\ttarget\tstate\tsigned in as")
	for _, a := range r.Accounts {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", a.Name, a.Target, a.State, a.Identity)
	}
	fmt.Fprintln(w, "\ncompany\ttarget\tadministration\taccount")
	for _, m := range r.Mappings {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", m.Company, m.Target, m.Administration, m.Account)
	}
	fmt.Fprintln(w, "\nrun\tcompany\treference\tperiod\tlogos")
	for _, run := range r.Runs {
		fmt.Fprintf(w, "%d\t%s\t%s\t%s\t", run.ID, run.Company, run.Reference, run.Period)
		for _, t := range run.Targets {
			fmt.Fprintf(w, "%s %s %d/%d  ", t.Target, t.State, t.Booked, t.Periods)
		}
		fmt.Fprintln(w)
	}
	return w.Flush()
}

func (sh *shell) printSender(r senderReport) {
	fmt.Fprintf(sh.out, "sender alive: %v, working: %d, waiting: %d, for a person: %d\n", r.Alive, r.Working, r.Waiting, r.Person)
	if r.Paused {
		fmt.Fprintln(sh.out, "paused by a person")
	}
	if r.Offline {
		fmt.Fprintln(sh.out, "offline")
	}
	if r.NextTry != nil {
		fmt.Fprintln(sh.out, "next try:", r.NextTry.Local().Format(time.DateTime))
	}
	if r.Problem != nil {
		r.Problem.print(sh.out, "sender")
	}
	for _, p := range r.Pauses {
		fmt.Fprintf(sh.out, "account %s waits until %s\n", p.Account, p.Until.Local().Format(time.DateTime))
		if p.Problem != nil {
			p.Problem.print(sh.out, p.Account)
		}
	}
	fmt.Fprintln(sh.out)
}
