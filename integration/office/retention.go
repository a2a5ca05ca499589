package office

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"loonbrug/data/journal"
	"loonbrug/data/model"
)

// settingRetention holds what an office lengthened, as JSON by [settingOf].
const settingRetention = "retention"

// settingOf names books in that setting. Under the id of a company alone stands
// what an older program lengthened for all its books.
func settingOf(b model.Books) string {
	return fmt.Sprintf("%d/%s/%s", b.CompanyID, b.Target, b.Administration)
}

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

// Kept are the books of all companies, with what is kept of them and how long: of
// each administration that a company is mapped to or was sent to, and of what was
// sent nowhere.
func (f *Office) Kept(ctx context.Context) ([]model.Kept, error) {
	companies, err := f.o.Store.Companies(ctx)
	if err != nil {
		return nil, fmt.Errorf("companies: %w", err)
	}
	longer, err := f.lengthened(ctx)
	if err != nil {
		return nil, err
	}
	mappings, err := f.o.Store.Mappings(ctx)
	if err != nil {
		return nil, fmt.Errorf("mappings: %w", err)
	}
	runs, err := f.o.Store.Runs(ctx, model.RunFilter{})
	if err != nil {
		return nil, fmt.Errorf("runs: %w", err)
	}
	books, err := f.booksOf(ctx, runs)
	if err != nil {
		return nil, err
	}
	kept := make(map[model.Books]*model.Kept)
	at := func(b model.Books) *model.Kept {
		if kept[b] == nil {
			kept[b] = &model.Kept{Books: b}
		}
		return kept[b]
	}
	for _, m := range mappings {
		at(model.Books{CompanyID: m.CompanyID, Target: m.Target, Administration: m.Administration.Code}).Name = m.Administration.Name
	}
	for _, r := range runs {
		for _, b := range books[r.ID] {
			if r.ErasedAt.IsZero() {
				at(b).Runs++
			} else {
				at(b).Erased++
			}
		}
	}
	var all []model.Kept
	for _, c := range companies {
		own := make([]model.Kept, 0, 1)
		for _, k := range kept {
			if k.Books.CompanyID == c.ID {
				own = append(own, *k)
			}
		}
		if len(own) == 0 {
			own = append(own, model.Kept{Books: model.Books{CompanyID: c.ID}})
		}
		slices.SortFunc(own, func(a, b model.Kept) int { return cmp.Compare(settingOf(a.Books), settingOf(b.Books)) })
		for _, k := range own {
			k.Company, k.Retention = c, retentionOf(c, k.Books, longer)
			all = append(all, k)
		}
	}
	return all, nil
}

// booksOf are the books that each run was sent to, by the ids of the runs.
func (f *Office) booksOf(ctx context.Context, runs []model.Run) (map[int64][]model.Books, error) {
	ids := make([]int64, len(runs))
	for i, r := range runs {
		ids[i] = r.ID
	}
	deliveries, err := f.o.Store.Deliveries(ctx, ids...)
	if err != nil {
		return nil, fmt.Errorf("deliveries: %w", err)
	}
	all := make(map[int64][]model.Books, len(runs))
	for _, d := range deliveries {
		b := model.Books{CompanyID: d.CompanyID, Target: d.Target, Administration: d.Administration}
		if !slices.Contains(all[d.RunID], b) {
			all[d.RunID] = append(all[d.RunID], b)
		}
	}
	for _, r := range runs {
		if len(all[r.ID]) == 0 {
			all[r.ID] = []model.Books{{CompanyID: r.CompanyID}}
		}
	}
	return all, nil
}

// Lengthen keeps what is kept of books longer than it has to be. Problem
// "retention.too_short": it can only be lengthened.
func (f *Office) Lengthen(ctx context.Context, b model.Books, r model.Retention) error {
	if err := f.may(ctx, model.ActManage, ""); err != nil {
		return err
	}
	c, err := f.o.Store.Company(ctx, b.CompanyID)
	if err != nil {
		return fmt.Errorf("company %d: %w", b.CompanyID, err)
	}
	least := retentionOf(c, b, nil)
	if r.PayloadMonths < least.PayloadMonths || r.RecordYears < least.RecordYears {
		return model.NewProblem("retention.too_short", "company", c.Name,
			"months", fmt.Sprint(least.PayloadMonths), "years", fmt.Sprint(least.RecordYears))
	}
	longer, err := f.lengthened(ctx)
	if err != nil {
		return err
	}
	longer[settingOf(b)] = r
	text, err := json.Marshal(longer)
	if err != nil {
		return err
	}
	defer f.changed()
	return f.o.Store.SaveSetting(ctx, settingRetention, string(text))
}

func (f *Office) lengthened(ctx context.Context) (map[string]model.Retention, error) {
	longer := make(map[string]model.Retention)
	text, err := f.o.Store.Setting(ctx, settingRetention)
	if errors.Is(err, model.ErrNotFound) {
		return longer, nil
	}
	if err != nil {
		return nil, fmt.Errorf("retention: %w", err)
	}
	return longer, json.Unmarshal([]byte(text), &longer)
}

// retentionOf is how long the books of a company are kept.
func retentionOf(c model.Company, b model.Books, longer map[string]model.Retention) model.Retention {
	all, own := longer[fmt.Sprint(c.ID)], longer[settingOf(b)]
	return model.Retention{
		PayloadMonths: max(all.PayloadMonths, own.PayloadMonths, payloadMonths),
		RecordYears:   max(all.RecordYears, own.RecordYears, recordYears(c.Country)),
	}
}

// EraseDue erases the journals and entries of all runs whose time is over in all
// their books and about which nothing is left to be done. It gives how many they
// were.
func (f *Office) EraseDue(ctx context.Context) (int, error) {
	rows, err := f.Runs(ctx, model.RunFilter{})
	if err != nil {
		return 0, err
	}
	var runs []model.Run
	for _, row := range rows {
		if row.Run.ErasedAt.IsZero() && finished(row) {
			runs = append(runs, row.Run)
		}
	}
	ids, err := f.over(ctx, runs, erasedFrom)
	if err != nil {
		return 0, err
	}
	n, err := f.o.Store.Erase(ctx, f.o.Now(), ids...)
	if n > 0 {
		f.changed()
	}
	return n, err
}

// RemoveDue removes all runs whose receipts are kept no longer in any of their
// books, and the rows of the history that are older than everything is kept. Only
// what was erased is removed. It gives how many they were.
func (f *Office) RemoveDue(ctx context.Context) (runs int, rows int64, err error) {
	all, err := f.o.Store.Runs(ctx, model.RunFilter{})
	if err != nil {
		return 0, 0, fmt.Errorf("runs: %w", err)
	}
	all = slices.DeleteFunc(all, func(r model.Run) bool { return r.ErasedAt.IsZero() })
	ids, err := f.over(ctx, all, removedFrom)
	if err != nil {
		return 0, 0, err
	}
	if runs, err = f.o.Store.Remove(ctx, f.o.Now(), ids...); err != nil {
		return runs, 0, err
	}
	if runs > 0 {
		f.changed()
	}
	kept, err := f.Kept(ctx)
	if err != nil {
		return runs, 0, err
	}
	longest := 0
	for _, k := range kept {
		longest = max(longest, k.Retention.RecordYears)
	}
	if len(kept) == 0 {
		longest = recordYears("")
	}
	before := time.Date(f.o.Now().Year()-longest, time.January, 1, 0, 0, 0, 0, time.Local)
	rows, err = f.o.Store.CutHistory(ctx, f.o.Now(), before)
	return runs, rows, err
}

// over are the runs whose time is over in all their books; from is when that of
// some is.
func (f *Office) over(ctx context.Context, runs []model.Run, from func(model.Run, model.Retention) time.Time) (ids []int64, err error) {
	longer, err := f.lengthened(ctx)
	if err != nil {
		return nil, err
	}
	companies, err := f.o.Store.Companies(ctx)
	if err != nil {
		return nil, fmt.Errorf("companies: %w", err)
	}
	byID := make(map[int64]model.Company, len(companies))
	for _, c := range companies {
		byID[c.ID] = c
	}
	books, err := f.booksOf(ctx, runs)
	if err != nil {
		return nil, err
	}
	for _, r := range runs {
		c := byID[r.CompanyID]
		open := func(b model.Books) bool { return f.o.Now().Before(from(r, retentionOf(c, b, longer))) }
		if !slices.ContainsFunc(books[r.ID], open) {
			ids = append(ids, r.ID)
		}
	}
	return ids, nil
}

// erasedFrom is when the time of a run's journals and entries is over. The book
// year is taken for the calendar year of the run's last period.
func erasedFrom(r model.Run, kept model.Retention) time.Time {
	return time.Date(r.Last.Year+1, time.January+time.Month(kept.PayloadMonths), 1, 0, 0, 0, 0, time.Local)
}

// removedFrom is when that of its receipts is.
func removedFrom(r model.Run, kept model.Retention) time.Time {
	return time.Date(r.Last.Year+1+kept.RecordYears, time.January, 1, 0, 0, 0, 0, time.Local)
}

// tooOld refuses a run whose receipts would be kept no longer: it may have been
// here before, and nobody would know that it was booked.
func (f *Office) tooOld(c model.Company, last journal.Period) error {
	least := retentionOf(c, model.Books{CompanyID: c.ID}, nil)
	if f.o.Now().Before(removedFrom(model.Run{Last: last}, least)) {
		return nil
	}
	return model.NewProblem("run.too_old", "company", c.Name, "period", last.String(), "years", fmt.Sprint(least.RecordYears))
}

// finished tells whether all of a run is booked and approved, or another run took
// its place. A run that was never sent is not.
func finished(row model.RunRow) bool {
	r := row.Run
	if r.Changed || r.Hold == model.HoldSame {
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
