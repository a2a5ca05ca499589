package office

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"loonbrug/data/model"
)

// settingRetention holds what an office lengthened, as JSON by company.
const settingRetention = "retention"

// payloadMonths is how long after the end of the book year journals and entries
// are kept, if the office does not keep them longer. What is needed later, a
// target can be asked for.
const payloadMonths = 3

// recordYears is how long after the end of the book year receipts and the history
// must be kept: NL Algemene wet inzake rijksbelastingen art. 52, SE Bokföringslag
// 7 kap. 2 §, FI Kirjanpitolaki 2:10 §. Elsewhere the longest holds.
func recordYears(country string) int {
	switch country {
	case "NL", "SE":
		return 7
	}
	return 10
}

// Kept are all companies with what is kept of them and how long.
func (f *Office) Kept(ctx context.Context) ([]model.Kept, error) {
	companies, err := f.o.Store.Companies(ctx)
	if err != nil {
		return nil, fmt.Errorf("companies: %w", err)
	}
	longer, err := f.lengthened(ctx)
	if err != nil {
		return nil, err
	}
	runs, err := f.o.Store.Runs(ctx, model.RunFilter{})
	if err != nil {
		return nil, fmt.Errorf("runs: %w", err)
	}
	all := make([]model.Kept, len(companies))
	for i, c := range companies {
		all[i] = model.Kept{Company: c, Retention: retentionOf(c, longer)}
		for _, r := range runs {
			switch {
			case r.CompanyID != c.ID:
			case r.ErasedAt.IsZero():
				all[i].Runs++
			default:
				all[i].Erased++
			}
		}
	}
	return all, nil
}

// Lengthen keeps what is kept of a company longer than it has to be. Problem
// "retention.too_short": it can only be lengthened.
func (f *Office) Lengthen(ctx context.Context, companyID int64, r model.Retention) error {
	if err := f.may(ctx, model.ActManage, ""); err != nil {
		return err
	}
	c, err := f.o.Store.Company(ctx, companyID)
	if err != nil {
		return fmt.Errorf("company %d: %w", companyID, err)
	}
	least := retentionOf(c, nil)
	if r.PayloadMonths < least.PayloadMonths || r.RecordYears < least.RecordYears {
		return model.NewProblem("retention.too_short", "company", c.Name,
			"months", fmt.Sprint(least.PayloadMonths), "years", fmt.Sprint(least.RecordYears))
	}
	longer, err := f.lengthened(ctx)
	if err != nil {
		return err
	}
	longer[companyID] = r
	text, err := json.Marshal(longer)
	if err != nil {
		return err
	}
	defer f.changed()
	return f.o.Store.SaveSetting(ctx, settingRetention, string(text))
}

func (f *Office) lengthened(ctx context.Context) (map[int64]model.Retention, error) {
	longer := make(map[int64]model.Retention)
	text, err := f.o.Store.Setting(ctx, settingRetention)
	if errors.Is(err, model.ErrNotFound) {
		return longer, nil
	}
	if err != nil {
		return nil, fmt.Errorf("retention: %w", err)
	}
	return longer, json.Unmarshal([]byte(text), &longer)
}

// retentionOf is how long a company's are kept.
func retentionOf(c model.Company, longer map[int64]model.Retention) model.Retention {
	own := longer[c.ID]
	return model.Retention{
		PayloadMonths: max(own.PayloadMonths, payloadMonths),
		RecordYears:   max(own.RecordYears, recordYears(c.Country)),
	}
}

// EraseDue erases the journals and entries of all runs whose time is over and
// about which nothing is left to be done. It gives how many they were.
func (f *Office) EraseDue(ctx context.Context) (int, error) {
	rows, err := f.Runs(ctx, model.RunFilter{})
	if err != nil {
		return 0, err
	}
	longer, err := f.lengthened(ctx)
	if err != nil {
		return 0, err
	}
	var ids []int64
	for _, row := range rows {
		if finished(row) && !f.o.Now().Before(erasedFrom(row.Run, retentionOf(row.Company, longer))) {
			ids = append(ids, row.Run.ID)
		}
	}
	n, err := f.o.Store.Erase(ctx, f.o.Now(), ids...)
	if n > 0 {
		f.changed()
	}
	return n, err
}

// erasedFrom is when the time of a run's journals and entries is over. The book
// year is taken for the calendar year of the run's last period.
func erasedFrom(r model.Run, kept model.Retention) time.Time {
	return time.Date(r.Last.Year+1, time.January+time.Month(kept.PayloadMonths), 1, 0, 0, 0, 0, time.Local)
}

// finished tells whether all of a run is booked and approved, or another run took
// its place. A run that was never sent is not.
func finished(row model.RunRow) bool {
	r := row.Run
	if !r.ErasedAt.IsZero() || r.Changed || r.Hold == model.HoldSame {
		return false
	}
	if r.Hold == model.HoldReplaced {
		return true
	}
	open := func(t model.RunTarget) bool {
		return t.MappingID == 0 || !t.State.Done() || t.Person || t.Approval == model.ApprovalWaiting
	}
	return len(row.Targets) > 0 && !slices.ContainsFunc(row.Targets, open)
}
