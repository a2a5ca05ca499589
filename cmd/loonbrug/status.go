package main

import (
	"context"
	"fmt"
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
	Running    bool       `json:"running"`
	Waiting    int        `json:"waiting"`
	Person     int        `json:"person"`
	LastBooked *time.Time `json:"last_booked"`
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
	free, err := s.lock.TryLock()
	if err != nil {
		return nil, fmt.Errorf("lock: %w", err)
	}
	state, err := s.office.Status(ctx)
	if err != nil {
		return nil, err
	}
	r.Sender = senderReport{Running: !free, Waiting: state.Waiting, Person: state.Person}
	if !state.LastBooked.IsZero() {
		r.Sender.LastBooked = &state.LastBooked
	}
	names := make(map[int64]string)
	accounts, err := s.office.Accounts(ctx)
	if err != nil {
		return nil, err
	}
	for _, a := range accounts {
		names[a.ID] = a.Name
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
	return r, s.statusRuns(ctx, sh, r)
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
	fmt.Fprintf(sh.out, "loonbrug %s, %s\nsender running: %v, waiting: %d, for a person: %d\n\n", r.Version, r.Folder, r.Sender.Running, r.Sender.Waiting, r.Sender.Person)
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
