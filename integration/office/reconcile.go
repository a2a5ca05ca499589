package office

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"loonbrug/data/journal"
	"loonbrug/data/model"
	"loonbrug/integration/target"
)

// monthsBack is how far back the books are compared without being asked for
// more: the payroll year before the present one is open for corrections.
const monthsBack = 13

// place is one administration to be compared, with the account to ask.
type place struct {
	account        model.Account
	administration string
}

// Reconcile compares the bookings that the targets have under our keys with our
// own, both ways, for posting dates of the last thirteen months and the next
// one. What it finds is kept with its time and given back; a target that cannot
// be asked is a place with a problem, not an error.
func (f *Office) Reconcile(ctx context.Context) (model.Reconciliation, error) {
	now := f.o.Now()
	return f.ReconcileBetween(ctx, journal.DateOf(now.AddDate(0, -monthsBack, 0)), journal.DateOf(now.AddDate(0, 1, 0)))
}

// ReconcileBetween is [Office.Reconcile] for posting dates between two days, both
// included. It shows what stands in every system, so the right to read is needed
// at all of them. Problem: rights.read.
func (f *Office) ReconcileBetween(ctx context.Context, from, to journal.Date) (model.Reconciliation, error) {
	r := model.Reconciliation{At: f.o.Now(), From: from, To: to}
	places, err := f.places(ctx)
	if err != nil {
		return r, err
	}
	names, err := f.companyNames(ctx)
	if err != nil {
		return r, err
	}
	for _, p := range places {
		if err := f.may(ctx, model.ActRead, p.account.Target); err != nil {
			return r, err
		}
	}
	for _, p := range places {
		shown := model.Place{AccountID: p.account.ID, Account: p.account.Name, Target: p.account.Target, Administration: p.administration}
		findings, compared, err := f.compare(ctx, p, from, to)
		if ctx.Err() != nil {
			return r, ctx.Err()
		}
		if err != nil {
			shown.Problem = model.ProblemOf(err)
		}
		for i := range findings {
			if findings[i].DeliveryID != 0 {
				findings[i].Company = names[findings[i].RunID]
			}
		}
		f.sweep(ctx, findings)
		r.Places, r.Findings, r.Compared = append(r.Places, shown), append(r.Findings, findings...), r.Compared+compared
	}
	if restored, err := f.o.Store.Setting(ctx, settingRestored); err == nil && restored != "" {
		r.Restored = true
	}
	if err := f.o.Store.SaveReconciliation(ctx, &r); err != nil {
		return r, err
	}
	f.o.Log.Info("compared with the targets", "compared", r.Compared, "findings", len(r.Findings))
	f.changed()
	return r, nil
}

// sweep has the sender put right what it can of what is there too many.
func (f *Office) sweep(ctx context.Context, findings []model.Finding) {
	for _, found := range findings {
		if found.DeliveryID == 0 || found.Kind != model.FindingDouble && found.Kind != model.FindingExtra {
			continue
		}
		if err := f.o.Mailbox.Sweep(ctx, found.DeliveryID); err != nil {
			f.o.Log.Warn("look for what is too many", "delivery", found.DeliveryID, "error", err)
		}
	}
}

// Reconciliation is what the last comparison found at the targets whose entries
// the user may read; one that was never made has no time.
func (f *Office) Reconciliation(ctx context.Context) (model.Reconciliation, error) {
	r, err := f.o.Store.Reconciliation(ctx)
	if errors.Is(err, model.ErrNotFound) {
		return model.Reconciliation{}, nil
	}
	if err != nil {
		return r, err
	}
	p, err := f.Permission(ctx)
	if err != nil {
		return model.Reconciliation{}, err
	}
	r.Places = slices.DeleteFunc(r.Places, func(at model.Place) bool { return !p.May(model.ActRead, at.Target) })
	r.Findings = slices.DeleteFunc(r.Findings, func(found model.Finding) bool { return !p.May(model.ActRead, found.Target) })
	return r, nil
}

// places are the administrations that are mapped, at targets that can list our
// bookings, each once.
func (f *Office) places(ctx context.Context) ([]place, error) {
	mappings, err := f.o.Store.Mappings(ctx)
	if err != nil {
		return nil, fmt.Errorf("mappings: %w", err)
	}
	var all []place
	for _, m := range mappings {
		known := func(p place) bool { return p.account.Target == m.Target && p.administration == m.Administration.Code }
		if slices.ContainsFunc(all, known) {
			continue
		}
		t, err := f.o.Targets.Find(m.Target)
		if err != nil {
			continue
		}
		if _, can := t.(target.Lister); !can {
			continue
		}
		a, err := f.o.Store.Account(ctx, m.AccountID)
		if err != nil {
			return nil, fmt.Errorf("account %d: %w", m.AccountID, err)
		}
		all = append(all, place{a, m.Administration.Code})
	}
	return all, nil
}

// companyNames are the names of companies by the ids of their runs.
func (f *Office) companyNames(ctx context.Context) (map[int64]string, error) {
	companies, err := f.o.Store.Companies(ctx)
	if err != nil {
		return nil, fmt.Errorf("companies: %w", err)
	}
	runs, err := f.o.Store.Runs(ctx, model.RunFilter{})
	if err != nil {
		return nil, fmt.Errorf("runs: %w", err)
	}
	names := make(map[int64]string, len(runs))
	for _, r := range runs {
		if i := slices.IndexFunc(companies, func(c model.Company) bool { return c.ID == r.CompanyID }); i >= 0 {
			names[r.ID] = companies[i].Name
		}
	}
	return names, nil
}

// compare compares one administration. What was still on its way before the
// target was asked, or came on its way meanwhile, says nothing.
func (f *Office) compare(ctx context.Context, p place, from, to journal.Date) (findings []model.Finding, compared int, err error) {
	if !p.account.Authorised() {
		return nil, 0, notAuthorised(p.account)
	}
	access, t, err := f.access(ctx, p.account.ID)
	if err != nil {
		return nil, 0, err
	}
	before, err := f.o.Store.DeliveriesIn(ctx, p.account.Target, p.administration)
	if err != nil {
		return nil, 0, fmt.Errorf("deliveries: %w", err)
	}
	there, err := t.(target.Lister).Ours(ctx, access, p.administration, from, to)
	if err != nil {
		return nil, 0, err
	}
	after, err := f.o.Store.DeliveriesIn(ctx, p.account.Target, p.administration)
	if err != nil {
		return nil, 0, fmt.Errorf("deliveries: %w", err)
	}
	byKey := make(map[string][]target.Booked)
	for _, b := range there {
		byKey[b.Key] = append(byKey[b.Key], b)
	}
	for _, d := range after {
		i := slices.IndexFunc(before, func(o model.Delivery) bool { return o.ID == d.ID })
		moved := i < 0 || before[i].State != d.State
		found := byKey[d.Key]
		delete(byKey, d.Key)
		if moved || !d.State.Final() {
			continue
		}
		finding, counted, err := f.compareOne(ctx, d, found, from, to)
		if err != nil {
			return nil, 0, err
		}
		if counted {
			compared++
		}
		if finding.Kind != "" {
			findings = append(findings, finding)
		}
	}
	for key, found := range byKey {
		findings = append(findings, extra(p.account.Target, p.administration, key, found))
	}
	slices.SortFunc(findings, func(a, b model.Finding) int {
		if c := a.Period.Compare(b.Period); c != 0 {
			return -c
		}
		return int(a.DeliveryID - b.DeliveryID)
	})
	return findings, compared, nil
}

// compareOne compares one delivery that is over with what the target has under
// its key. A finding without a kind is none.
func (f *Office) compareOne(ctx context.Context, d model.Delivery, found []target.Booked, from, to journal.Date) (finding model.Finding, counted bool, err error) {
	if d.State != model.StateBooked && len(found) == 0 {
		return finding, false, nil
	}
	finding = extra(d.Target, d.Administration, d.Key, found)
	finding.DeliveryID, finding.RunID, finding.MappingID, finding.Period = d.ID, d.RunID, d.MappingID, d.Period
	if d.State != model.StateBooked {
		return finding, true, nil
	}
	own, err := f.proven(ctx, d)
	if err != nil {
		return finding, false, err
	}
	within := own.date.Compare(from) >= 0 && own.date.Compare(to) <= 0
	finding.Here = own.sum
	switch {
	case len(found) == 0 && !within:
		return model.Finding{}, false, nil
	case len(found) == 0:
		finding.Kind, finding.Numbers = model.FindingMissing, []string{d.Number}
	case len(found) > 1:
		finding.Kind = model.FindingDouble
	case !own.same(found[0].Lines):
		finding.Kind = model.FindingDiffers
	default:
		finding.Kind = ""
	}
	return finding, true, nil
}

// extra is what a target has under a key that is not booked here.
func extra(target, administration, key string, found []target.Booked) model.Finding {
	f := model.Finding{Kind: model.FindingExtra, Target: target, Administration: administration, Key: key}
	for _, b := range found {
		f.Numbers = append(f.Numbers, b.Number)
		s := model.SumOf(b.Lines)
		f.There.Lines, f.There.Debit, f.There.Credit = f.There.Lines+s.Lines, f.There.Debit+s.Debit, f.There.Credit+s.Credit
	}
	return f
}

// nightly is the hour of the night at which the books are compared.
const nightly = 3

// Keep does what the owner of the sender does beside sending, until ctx ends:
// it notices a database that was put back, compares the books each night and
// once after such a return, and sends what has to follow a reversal.
func (f *Office) Keep(ctx context.Context) {
	if err := f.markEpoch(ctx); err != nil && ctx.Err() == nil {
		f.o.Log.Error("epoch of the database", "error", err)
	}
	changes, end := f.o.Mailbox.Subscribe()
	defer end()
	for ctx.Err() == nil {
		if err := f.Exchange(ctx); err != nil && ctx.Err() == nil {
			f.o.Log.Error("continue after reversals", "error", err)
		}
		due, err := f.nextComparison(ctx)
		if err == nil && !due.After(f.o.Now()) {
			if _, err = f.Reconcile(ctx); err == nil {
				// Only what both books agree on is old enough to go.
				_, err := f.EraseDue(ctx)
				if err == nil {
					_, _, err = f.RemoveDue(ctx)
				}
				if err != nil && ctx.Err() == nil {
					f.o.Log.Error("take away what is kept no longer", "error", err)
				}
				continue
			}
		}
		if err != nil && ctx.Err() == nil {
			f.o.Log.Error("compare with the targets", "error", err)
			due = f.o.Now().Add(time.Hour)
		}
		timer := time.NewTimer(min(max(due.Sub(f.o.Now()), time.Second), time.Hour))
		select {
		case <-ctx.Done():
		case <-changes:
			settle(ctx) // many changes come together
		case <-timer.C:
			if err := f.markEpoch(ctx); err != nil && ctx.Err() == nil {
				f.o.Log.Error("epoch of the database", "error", err)
			}
		}
		timer.Stop()
	}
}

// settle waits a moment.
func settle(ctx context.Context) {
	select {
	case <-ctx.Done():
	case <-time.After(time.Second):
	}
}

// nextComparison is when the books are to be compared: the night after the last
// time; at once after a return of an older database that was not compared yet.
func (f *Office) nextComparison(ctx context.Context) (time.Time, error) {
	last, err := f.Reconciliation(ctx)
	if err != nil {
		return time.Time{}, err
	}
	restored, err := f.o.Store.Setting(ctx, settingRestored)
	if err != nil && !errors.Is(err, model.ErrNotFound) {
		return time.Time{}, err
	}
	if at, err := time.Parse(time.RFC3339Nano, restored); err == nil && last.At.Before(at) {
		return f.o.Now(), nil
	}
	since := last.At
	if since.IsZero() {
		since = f.o.Now() // a new office has nothing to compare yet
	}
	since = since.Local()
	due := time.Date(since.Year(), since.Month(), since.Day(), nightly, 0, 0, 0, time.Local)
	if !due.After(since) {
		due = due.AddDate(0, 0, 1)
	}
	return due, nil
}
