package office

import (
	"context"
	"errors"
	"fmt"

	"loonbrug/data/journal"
	"loonbrug/data/model"
)

// SaveCompany inserts or updates a company by its source and source id. One that
// must not be sent, as a test company or because its debtor is blocked, loses
// what is queued of it: that is withdrawn.
func (f *Office) SaveCompany(ctx context.Context, c *model.Company) error {
	if err := f.may(ctx, model.ActWork, ""); err != nil {
		return err
	}
	defer f.changed()
	if err := f.o.Store.SaveCompany(ctx, c); err != nil {
		return err
	}
	if !c.TestCompany && !c.DebtorBlocked {
		return nil
	}
	return f.withdrawAll(ctx, c.ID)
}

// BlockDebtor blocks or unblocks all companies of a debtor. Companies that come
// in later follow those that are there.
func (f *Office) BlockDebtor(ctx context.Context, debtor string, on bool) error {
	if debtor == "" {
		return nil // companies without a debtor have nothing in common
	}
	companies, err := f.o.Store.Companies(ctx)
	if err != nil {
		return fmt.Errorf("companies: %w", err)
	}
	var failed error
	for _, c := range companies {
		if c.Debtor != debtor || c.DebtorBlocked == on {
			continue
		}
		c.DebtorBlocked = on
		failed = errors.Join(failed, f.SaveCompany(ctx, &c))
	}
	return failed
}

// withdrawAll takes back what is queued of a company. A delivery that left the
// queue meanwhile is left alone: one that is not sent yet is refused in the
// transaction that would commit its intent.
func (f *Office) withdrawAll(ctx context.Context, companyID int64) error {
	runs, err := f.o.Store.Runs(ctx, model.RunFilter{CompanyID: companyID})
	if err != nil {
		return fmt.Errorf("runs: %w", err)
	}
	if len(runs) == 0 {
		return nil // no ids would mean all deliveries
	}
	ids := make([]int64, len(runs))
	for i, r := range runs {
		ids[i] = r.ID
	}
	deliveries, err := f.o.Store.Deliveries(ctx, ids...)
	if err != nil {
		return fmt.Errorf("deliveries: %w", err)
	}
	var failed error
	for _, d := range deliveries {
		if d.State != model.StateQueued {
			continue
		}
		var p *model.Problem
		if err := f.o.Mailbox.Withdraw(ctx, d.ID); err != nil && !errors.As(err, &p) {
			failed = errors.Join(failed, fmt.Errorf("withdraw %d: %w", d.ID, err))
		}
	}
	return failed
}

// FirstPeriod is the start to propose for a new mapping of a company: the
// payroll period of today, so that what an older coupling has booked is not
// booked again. It is zero, no start at all, in an office that has only samples.
func (f *Office) FirstPeriod(ctx context.Context, companyID int64) (journal.Period, error) {
	if f.o.Samples {
		return journal.Period{}, nil
	}
	c, err := f.o.Store.Company(ctx, companyID)
	if err != nil {
		return journal.Period{}, fmt.Errorf("company %d: %w", companyID, err)
	}
	today := journal.DateOf(f.o.Now())
	p := journal.Period{Year: today.Year, Number: 1}
	last := 12
	if c.FourWeekly {
		last = journal.LastPeriod
	}
	for p.Number < last && p.LastDay(c.FourWeekly).Compare(today) < 0 {
		p.Number++
	}
	return p, nil
}

// restart gives a mapping that was moved to another administration the start of
// a new one, unless a person chose another start in the same step: its older
// runs are booked where it came from.
func (f *Office) restart(ctx context.Context, m *model.Mapping) error {
	if m.ID == 0 {
		return nil
	}
	old, err := f.o.Store.Mapping(ctx, m.ID)
	if err != nil {
		return fmt.Errorf("mapping %d: %w", m.ID, err)
	}
	moved := old.Target != m.Target || old.Administration.Code != m.Administration.Code
	if !moved || old.Start != m.Start {
		return nil
	}
	m.Start, err = f.FirstPeriod(ctx, m.CompanyID)
	return err
}
