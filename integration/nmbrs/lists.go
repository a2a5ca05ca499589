package nmbrs

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"loonbrug/data/journal"
	"loonbrug/data/model"
	"loonbrug/integration/target"
)

const environmentGet = "Environment_Get"

// Connect implements [source.System]. Nmbrs tells the domain of a user, which
// every other call needs; one that was typed in comes first. The account is
// good when it may list companies. For the REST API the browser signs in.
func (s *System) Connect(ctx context.Context, a target.Access, b target.Browser) (target.Identity, error) {
	if bySignIn(a) {
		return s.signIn(ctx, a, b)
	}
	l, err := s.open(ctx, a)
	if err != nil {
		return target.Identity{}, err
	}
	if a.Setting(fieldDomain, "") == "" {
		if l.domain, err = l.findDomain(ctx); err != nil {
			return target.Identity{}, err
		}
		if err := keepDomain(ctx, a, l.domain); err != nil {
			return target.Identity{}, err
		}
	}
	companies, err := l.companies(ctx)
	if err != nil {
		return target.Identity{}, err
	}
	if len(companies) == 0 {
		return target.Identity{}, model.NewProblem("nmbrs.no_companies", "user", l.user)
	}
	return target.Identity{Who: l.user, Company: l.domain}, nil
}

func (l *link) findDomain(ctx context.Context) (string, error) {
	var answer struct {
		Domain    string `xml:"Environment_GetResult>Domain"`
		SubDomain string `xml:"Environment_GetResult>SubDomain"`
	}
	if err := l.call(ctx, debtorService, environmentGet, nil, &answer); err != nil {
		return "", err
	}
	domain := strings.TrimSpace(answer.SubDomain)
	if domain == "" {
		domain, _, _ = strings.Cut(strings.TrimSpace(answer.Domain), ".")
	}
	if domain == "" {
		return "", model.NewProblem("nmbrs.no_domain").With(model.ActionOpenAccount)
	}
	return domain, nil
}

// keepDomain stores the domain with the token; another token finds it anew.
func keepDomain(ctx context.Context, a target.Access, domain string) error {
	old, err := a.Vault.Credentials(ctx, a.Account.ID)
	if err != nil {
		return err
	}
	all := maps.Clone(old)
	all[credentialFound] = model.Secret(domain)
	return a.Vault.SaveCredentials(ctx, a.Account.ID, all)
}

// company is a company as Nmbrs tells of it.
type company struct {
	ID     int    `xml:"ID"`
	Number string `xml:"Number"`
	Name   string `xml:"Name"`
	Tax    string `xml:"LoonaangifteTijdvak"`
	debtor string
}

// companies lists the companies by debtor. A user without the right to debtors
// gets the companies alone.
func (l *link) companies(ctx context.Context) ([]company, error) {
	var debtors struct {
		List []struct {
			ID   int    `xml:"Id"`
			Name string `xml:"Name"`
		} `xml:"List_GetAllResult>Debtor"`
	}
	err := l.call(ctx, debtorService, "List_GetAll", nil, &debtors)
	var p *model.Problem
	if errors.As(err, &p) && p.Code == "nmbrs.no_right" {
		return l.companiesAlone(ctx)
	}
	if err != nil {
		return nil, err
	}
	var all []company
	for _, d := range debtors.List {
		var answer struct {
			List []company `xml:"List_GetByDebtorResult>Company"`
		}
		err := l.call(ctx, companyService, "List_GetByDebtor", []param{{"DebtorId", strconv.Itoa(d.ID)}}, &answer)
		if errors.As(err, &p) && p.Code == "nmbrs.no_access" {
			continue // a debtor outside the user's filter: the others count
		}
		if err != nil {
			return nil, err
		}
		for _, c := range answer.List {
			c.debtor = d.Name
			all = append(all, c)
		}
	}
	return all, nil
}

func (l *link) companiesAlone(ctx context.Context) ([]company, error) {
	var answer struct {
		List []company `xml:"List_GetAllResult>Company"`
	}
	err := l.call(ctx, companyService, "List_GetAll", nil, &answer)
	return answer.List, err
}

// Companies implements [source.System].
func (s *System) Companies(ctx context.Context, a target.Access) ([]model.Company, error) {
	if bySignIn(a) {
		l, err := s.lists(ctx, a)
		if err != nil {
			return nil, err
		}
		return l.companies(ctx)
	}
	l, err := s.ready(ctx, a)
	if err != nil {
		return nil, err
	}
	found, err := l.companies(ctx)
	if err != nil {
		return nil, err
	}
	country, currency := s.country(a)
	all := make([]model.Company, 0, len(found))
	for _, c := range found {
		if c.ID == 0 {
			continue // an element that is nil, as the service's type allows
		}
		all = append(all, model.Company{
			Source: ID + ":" + l.domain, SourceID: strconv.Itoa(c.ID), Number: c.Number, Name: strings.TrimSpace(c.Name),
			Debtor: strings.TrimSpace(c.debtor), Country: country, Currency: currency, FourWeekly: c.Tax == "Week4",
		})
	}
	return all, nil
}

// ready is the connection of an account that has signed in.
func (s *System) ready(ctx context.Context, a target.Access) (*link, error) {
	l, err := s.open(ctx, a)
	if err == nil && l.domain == "" {
		return nil, model.NewProblem("nmbrs.no_domain").With(model.ActionSignIn)
	}
	return l, err
}

// runInfo is a run as Nmbrs tells of it.
type runInfo struct {
	ID          int    `xml:"ID"`
	Number      int    `xml:"Number"`
	Year        int    `xml:"Year"`
	First       int    `xml:"PeriodStart"`
	Last        int    `xml:"PeriodEnd"`
	Description string `xml:"Description"`
	RunAt       string `xml:"RunAt"`
	Locked      bool   `xml:"IsLocked"`
}

// Runs implements [source.System]. The time of a run comes without a zone and
// is taken as the time of this computer.
func (s *System) Runs(ctx context.Context, a target.Access, c model.Company, year int) ([]model.Run, error) {
	if bySignIn(a) {
		l, err := s.lists(ctx, a)
		if err != nil {
			return nil, err
		}
		return l.runs(ctx, c, year)
	}
	l, err := s.ready(ctx, a)
	if err != nil {
		return nil, err
	}
	var answer struct {
		List []runInfo `xml:"Run_GetListResult>RunInfo"`
	}
	params := []param{{"CompanyId", c.SourceID}, {"Year", strconv.Itoa(year)}}
	if err := l.call(ctx, companyService, "Run_GetList", params, &answer); err != nil {
		return nil, err
	}
	var all []model.Run
	for _, r := range answer.List {
		if r.ID == 0 {
			continue
		}
		run, err := r.run(c)
		if err != nil {
			return nil, err
		}
		all = append(all, run)
	}
	slices.SortStableFunc(all, func(a, b model.Run) int { return a.Number - b.Number })
	return all, nil
}

func (r runInfo) run(c model.Company) (model.Run, error) {
	run := model.Run{
		CompanyID: c.ID, SourceID: strconv.Itoa(r.ID), Year: r.Year, Number: r.Number,
		First: journal.Period{Year: r.Year, Number: r.First}, Last: journal.Period{Year: r.Year, Number: r.Last},
		Description: strings.TrimSpace(r.Description), Locked: r.Locked,
	}
	var err error
	for _, p := range []journal.Period{run.First, run.Last} {
		if bad := p.Validate(); bad != nil {
			err = fmt.Errorf("run %d: %w", r.ID, bad)
		}
	}
	if run.RunAt, err = runTime(r.RunAt, err); err != nil {
		return run, model.NewProblem("nmbrs.bad_run", "run", strconv.Itoa(r.Number), "year", strconv.Itoa(r.Year)).Because(err)
	}
	return run, nil
}

// runTime reads a time with or without a zone.
func runTime(text string, earlier error) (time.Time, error) {
	if earlier != nil {
		return time.Time{}, earlier
	}
	text = strings.TrimSpace(text)
	if at, err := time.Parse(time.RFC3339Nano, text); err == nil {
		return at, nil
	}
	return time.ParseInLocation("2006-01-02T15:04:05", text, time.Local)
}
