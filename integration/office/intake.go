package office

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"loonbrug/data/model"
	"loonbrug/integration/source"
	"loonbrug/integration/target"
)

// watched is for how long after it was made a run is read again, to see whether
// its journal changed.
const watched = 62 * 24 * time.Hour

// Fetch asks a payroll account for its companies and, for those that are mapped,
// for their runs. The journal of a new run is taken as a snapshot; a known run
// is looked at again, and its snapshot stays as it was. What went wrong with one
// run or company does not keep the others from being fetched: it is in the
// error, joined.
func (f *Office) Fetch(ctx context.Context, accountID int64) error {
	if err := f.may(ctx, model.ActWork, ""); err != nil {
		return err
	}
	access, system, err := f.system(ctx, accountID)
	if err != nil {
		return err
	}
	if !access.Account.Authorised() {
		return notAuthorised(access.Account)
	}
	defer f.changed()
	companies, err := f.fetchCompanies(ctx, access, system)
	if err != nil {
		return f.expired(ctx, access.Account, err)
	}
	mappings, err := f.o.Store.Mappings(ctx)
	if err != nil {
		return fmt.Errorf("mappings: %w", err)
	}
	var failed error
	for _, c := range companies {
		own := slices.DeleteFunc(slices.Clone(mappings), func(m model.Mapping) bool { return m.CompanyID != c.ID })
		if len(own) == 0 {
			continue // nothing would become of its runs
		}
		if err := f.fetchRuns(ctx, access, system, c, own); err != nil {
			failed = errors.Join(failed, f.expired(ctx, access.Account, err))
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
	return failed
}

// system is an account with its payroll system.
func (f *Office) system(ctx context.Context, accountID int64) (target.Access, source.System, error) {
	account, err := f.o.Store.Account(ctx, accountID)
	if err != nil {
		return target.Access{}, nil, fmt.Errorf("account %d: %w", accountID, err)
	}
	i := slices.IndexFunc(f.o.Systems, func(s source.System) bool { return s.Describe().ID == account.Target })
	if i < 0 {
		return target.Access{}, nil, model.NewProblem("target.unknown", "target", account.Target)
	}
	return target.Access{Account: account, Vault: f.o.Store}, f.o.Systems[i], nil
}

// expired turns an account grey whose sign-in is no longer good, and gives the
// error back.
func (f *Office) expired(ctx context.Context, a model.Account, err error) error {
	p := model.ProblemOf(err)
	if p == nil || p.Action != model.ActionSignIn {
		return err
	}
	a.State, a.Problem, a.CheckedAt = model.AccountExpired, p, f.o.Now()
	return errors.Join(err, f.o.Store.SaveAccount(ctx, &a))
}

// fetchCompanies keeps what the system says of companies, and leaves alone what
// a person decided: marks, currency, country and rules.
func (f *Office) fetchCompanies(ctx context.Context, a target.Access, system source.System) ([]model.Company, error) {
	found, err := system.Companies(ctx, a)
	if err != nil {
		return nil, err
	}
	known, err := f.o.Store.Companies(ctx)
	if err != nil {
		return nil, fmt.Errorf("companies: %w", err)
	}
	for i := range found {
		c := &found[i]
		at := slices.IndexFunc(known, func(k model.Company) bool { return k.Source == c.Source && k.SourceID == c.SourceID })
		if at >= 0 {
			k := known[at]
			c.ID, c.TestCompany, c.DebtorBlocked, c.Rules = k.ID, k.TestCompany, k.DebtorBlocked, k.Rules
			c.Country, c.Currency = k.Country, k.Currency
			if *c == k {
				continue
			}
		} else {
			c.DebtorBlocked = c.Debtor != "" && slices.ContainsFunc(known, func(k model.Company) bool { return k.Debtor == c.Debtor && k.DebtorBlocked })
		}
		if err := f.o.Store.SaveCompany(ctx, c); err != nil {
			return nil, fmt.Errorf("save company: %w", err)
		}
	}
	return found, nil
}

// fetchRuns takes in the runs of a company since the earliest start of its
// mappings.
func (f *Office) fetchRuns(ctx context.Context, a target.Access, system source.System, c model.Company, mappings []model.Mapping) error {
	known, err := f.o.Store.Runs(ctx, model.RunFilter{CompanyID: c.ID})
	if err != nil {
		return fmt.Errorf("runs: %w", err)
	}
	var failed error
	for year := firstYear(mappings, f.o.Now()); year <= f.o.Now().Year(); year++ {
		listed, err := system.Runs(ctx, a, c, year)
		if err != nil {
			return err
		}
		for _, r := range listed {
			i := slices.IndexFunc(known, func(k model.Run) bool { return k.SourceID == r.SourceID })
			if i < 0 {
				err = f.create(ctx, a, system, c, r, depth(mappings))
				if p := model.ProblemOf(err); p != nil && p.Code == "source.file_needed" {
					err = f.awaitFile(ctx, c, r, mappings)
				}
			} else {
				err = f.lookAt(ctx, a, system, c, known[i], r)
			}
			if err != nil {
				failed = errors.Join(failed, err)
			}
			if ctx.Err() != nil || signInNeeded(err) {
				return failed
			}
		}
		failed = errors.Join(failed, f.missing(ctx, known, listed, year))
	}
	return failed
}

func signInNeeded(err error) bool {
	p := model.ProblemOf(err)
	return p != nil && p.Action == model.ActionSignIn
}

// firstYear is the first payroll year whose runs matter: that of the earliest
// start of the mappings, but not before last year, as a mapping may have none.
func firstYear(mappings []model.Mapping, now time.Time) int {
	year := now.Year()
	for _, m := range mappings {
		year = min(year, m.Start.Year)
	}
	return max(year, now.Year()-1)
}

// depth is how far the journals of a company must be taken apart for all of its
// mappings.
func depth(mappings []model.Mapping) source.Depth {
	d := source.ByLedgerAccount
	for _, m := range mappings {
		switch {
		case m.CostUnit.Use:
			return source.ByCostUnit
		case m.CostCentre.Use:
			d = source.ByCostCentre
		}
	}
	return d
}

// create takes the journal of a new run as a snapshot. A run that has none yet
// is left for later.
func (f *Office) create(ctx context.Context, a target.Access, system source.System, c model.Company, r model.Run, d source.Depth) error {
	file, err := system.Journal(ctx, a, c, r, d)
	if p := model.ProblemOf(err); p != nil && p.Code == "source.no_journal" {
		return nil
	}
	if err != nil {
		return err
	}
	if r.Locked {
		r.LockedAt = f.o.Now()
	}
	snap, err := f.snapshot(ctx, c.ID, file)
	if err != nil {
		return err
	}
	snap.Asked = string(d)
	run, added, err := f.o.Store.AddRun(ctx, r, snap, reference)
	if err != nil {
		return fmt.Errorf("keep run: %w", err)
	}
	if !added {
		return nil // a file with the same content came first
	}
	return f.holdIfTwin(ctx, c, run)
}

// lookAt writes down what the system says of a known run now.
func (f *Office) lookAt(ctx context.Context, a target.Access, system source.System, c model.Company, known, now model.Run) error {
	seen := known
	seen.Description, seen.Locked, seen.Gone = now.Description, now.Locked, false
	switch {
	case !now.Locked:
		seen.LockedAt = time.Time{}
	case seen.LockedAt.IsZero():
		seen.LockedAt = f.o.Now()
	}
	var failed error
	if f.o.Now().Sub(now.RunAt) < watched {
		seen.Changed, failed = f.revised(ctx, a, system, c, known)
	}
	if seen != known {
		failed = errors.Join(failed, f.o.Store.SeeRun(ctx, seen))
	}
	return failed
}

// revised asks for the journal of a run as it was asked for before, and keeps
// what comes back as a later journal if it says something else. changed tells
// that it does.
func (f *Office) revised(ctx context.Context, a target.Access, system source.System, c model.Company, r model.Run) (changed bool, err error) {
	journals, err := f.o.Store.Journals(ctx, r.ID)
	if err != nil {
		return r.Changed, fmt.Errorf("journals of run %d: %w", r.ID, err)
	}
	asked := journals[0].Asked
	if asked == "" {
		return r.Changed, nil // it came from a file
	}
	file, err := system.Journal(ctx, a, c, r, source.Depth(asked))
	switch p := model.ProblemOf(err); {
	case p != nil && p.Code == "source.no_journal":
		return true, nil
	case err != nil:
		return r.Changed, err
	case file.Hash == journals[len(journals)-1].Hash:
		return r.Changed, nil
	}
	added, err := f.Revise(ctx, r.ID, file)
	return r.Changed || added, err
}

// missing marks the runs of a year that the system no longer lists. Their
// snapshots stay.
func (f *Office) missing(ctx context.Context, known, listed []model.Run, year int) (failed error) {
	for _, k := range known {
		if k.Year != year || k.Gone || k.FromFile() {
			continue
		}
		if !slices.ContainsFunc(listed, func(r model.Run) bool { return r.SourceID == k.SourceID }) {
			k.Gone = true
			failed = errors.Join(failed, f.o.Store.SeeRun(ctx, k))
		}
	}
	return failed
}

// holdIfTwin holds a new run back when it is perhaps the same as another one: a
// person decides. Two files of a company with the same last period and the same
// label are such a pair, and two runs whose periods and totals are equal, at
// companies that book in the same administration: the same payroll exported in
// another form has other texts. Two runs that a payroll system lists for one
// company are two.
func (f *Office) holdIfTwin(ctx context.Context, c model.Company, r model.Run) error {
	others, err := f.neighbours(ctx, c)
	if err != nil {
		return err
	}
	own, err := f.o.Store.Digests(ctx, r.ID)
	if err != nil {
		return fmt.Errorf("digest of run %d: %w", r.ID, err)
	}
	for _, id := range others {
		runs, err := f.o.Store.Runs(ctx, model.RunFilter{CompanyID: id, Year: r.Year})
		if err != nil {
			return fmt.Errorf("runs: %w", err)
		}
		for _, o := range runs {
			if o.ID == r.ID || o.Hold != model.HoldNone || o.Last != r.Last {
				continue
			}
			twin := o.FromFile() && r.FromFile() && o.CompanyID == r.CompanyID && strings.EqualFold(o.Description, r.Description)
			if !twin && o.First == r.First && (o.CompanyID != r.CompanyID || o.FromFile() || r.FromFile()) {
				digests, err := f.o.Store.Digests(ctx, o.ID)
				if err != nil {
					return fmt.Errorf("digest of run %d: %w", o.ID, err)
				}
				twin = digests[o.ID].Debit == own[r.ID].Debit
			}
			if twin {
				return f.o.Store.HoldRun(ctx, r.ID, model.HoldSame, o.ID)
			}
		}
	}
	return nil
}

// neighbours are the company itself and those that book in one of its
// administrations.
func (f *Office) neighbours(ctx context.Context, c model.Company) ([]int64, error) {
	mappings, err := f.o.Store.Mappings(ctx)
	if err != nil {
		return nil, fmt.Errorf("mappings: %w", err)
	}
	all := []int64{c.ID}
	for _, m := range mappings {
		same := func(o model.Mapping) bool {
			return o.CompanyID == c.ID && o.Target == m.Target && o.Administration.Code == m.Administration.Code
		}
		if m.CompanyID != c.ID && slices.ContainsFunc(mappings, same) && !slices.Contains(all, m.CompanyID) {
			all = append(all, m.CompanyID)
		}
	}
	return all, nil
}

// Twin is [model.Twin], and so are its answers.
type Twin = model.Twin

// The answers.
const (
	TwinAnother  = model.TwinAnother
	TwinSame     = model.TwinSame
	TwinReplaces = model.TwinReplaces
)

// DecideTwin ends the hold of a run by a person's answer. A run that something
// was sent of cannot be replaced: problem "run.already_sent".
func (f *Office) DecideTwin(ctx context.Context, runID int64, answer Twin) error {
	if err := f.may(ctx, model.ActWork, ""); err != nil {
		return err
	}
	r, err := f.o.Store.Run(ctx, runID)
	if err != nil {
		return fmt.Errorf("run %d: %w", runID, err)
	}
	defer f.changed()
	f.o.Log.Info("twin decided", "run", runID, "other", r.OtherID, "answer", answer)
	switch {
	case r.Hold != model.HoldSame:
		return nil
	case answer == TwinSame:
		return f.o.Store.HoldRun(ctx, runID, model.HoldReplaced, r.OtherID)
	case answer == TwinReplaces:
		deliveries, err := f.o.Store.Deliveries(ctx, r.OtherID)
		if err != nil {
			return fmt.Errorf("deliveries: %w", err)
		}
		for _, d := range deliveries {
			if d.State != model.StateRefused && d.State != model.StateWithdrawn {
				return model.NewProblem("run.already_sent", "run", r.Description)
			}
		}
		if err := f.o.Store.HoldRun(ctx, r.OtherID, model.HoldReplaced, runID); err != nil {
			return err
		}
	}
	return f.o.Store.HoldRun(ctx, runID, model.HoldNone, 0)
}
