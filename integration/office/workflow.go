package office

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"loonbrug/data/journal"
	"loonbrug/data/model"
)

// recent is how old a run may be for a task or for being sent by itself; what is
// older, a person looks for.
const recent = 200 * 24 * time.Hour

// SendDue sends what companies have left to the program and whose time has come,
// except in the quiet hours. What cannot be sent is kept as refused and becomes a
// task; what cannot even be checked now, because a target cannot be reached, is
// tried again the next time and is in the error, joined.
func (f *Office) SendDue(ctx context.Context) error {
	now := f.o.Now()
	if f.o.Quiet != nil && f.o.Quiet(now) {
		return nil
	}
	rows, err := f.recentRows(ctx)
	if err != nil {
		return err
	}
	var failed error
	for _, row := range rows {
		if row.Company.Rules.Workflow.Send != model.SendAutomatic || !due(row, now) {
			continue
		}
		for _, t := range row.Targets {
			if t.MappingID == 0 || t.State != model.StateReady && t.State != model.StatePartial {
				continue
			}
			if _, err := f.Send(ctx, row.Run.ID, t.MappingID); err != nil {
				failed = errors.Join(failed, fmt.Errorf("run %d: %w", row.Run.ID, err))
			}
			if ctx.Err() != nil {
				return ctx.Err()
			}
		}
	}
	return failed
}

// recentRows are the runs that tasks are about, with their logos.
func (f *Office) recentRows(ctx context.Context) ([]model.RunRow, error) {
	return f.Runs(ctx, model.RunFilter{Since: f.o.Now().Add(-recent)})
}

// due tells whether the company's workflow would have the run sent now.
func due(row model.RunRow, now time.Time) bool {
	w := row.Company.Rules.Workflow
	from := row.Run.LockedAt
	if w.After == model.AfterCreated {
		from = row.Run.CreatedAt
	}
	return !from.IsZero() && !row.Run.Gone && !row.Run.Changed && !now.Before(from.AddDate(0, 0, w.Days))
}

// Tasks are what waits for a person, over all companies, oldest first.
func (f *Office) Tasks(ctx context.Context) ([]model.Task, error) {
	rows, err := f.recentRows(ctx)
	if err != nil {
		return nil, err
	}
	var all []model.Task
	for _, row := range rows {
		all = append(all, tasksOf(row, f.o.Now())...)
	}
	parcels, err := f.o.Store.Inbox(ctx)
	if err != nil {
		return nil, fmt.Errorf("inbox: %w", err)
	}
	for _, p := range parcels {
		task := model.Task{Kind: model.TaskUnread, Parcel: p, Since: p.ReceivedAt, Problem: p.Problem}
		if p.Problem == nil {
			task.Kind = model.TaskCompany
			task.Problem = model.NewProblem("file.which_company", "file", p.Name, "company", p.Header.CompanyName)
		}
		all = append(all, task)
	}
	expected, err := f.expected(ctx, rows)
	if err != nil {
		return nil, err
	}
	files, err := f.filesNeeded(ctx, rows)
	if err != nil {
		return nil, err
	}
	all = append(append(all, expected...), files...)
	slices.SortStableFunc(all, func(a, b model.Task) int { return a.Since.Compare(b.Since) })
	return all, nil
}

// Acknowledge ends the task about a run that changed or is gone, and keeps who saw
// it. The run itself stays marked and is not sent by the program; the task comes
// back when the run changes again.
func (f *Office) Acknowledge(ctx context.Context, runID int64, kind model.TaskKind) error {
	if err := f.may(ctx, model.ActWork, ""); err != nil {
		return err
	}
	if kind != model.TaskChanged && kind != model.TaskGone {
		return fmt.Errorf("acknowledge a task of kind %q of run %d", kind, runID)
	}
	defer f.changed()
	f.o.Log.Info("task acknowledged", "run", runID, "kind", kind, "by", f.o.User)
	return f.o.Store.Acknowledge(ctx, model.Acknowledgement{RunID: runID, Kind: kind, At: f.o.Now(), By: f.o.User})
}

// tasksOf are the tasks about one run.
func tasksOf(row model.RunRow, now time.Time) (all []model.Task) {
	run := func(kind model.TaskKind, code string) {
		all = append(all, model.Task{
			Kind: kind, Company: row.Company, Run: row.Run, Since: row.Run.CreatedAt,
			Problem: model.NewProblem(code, "run", row.Run.Description, "company", row.Company.Name),
		})
	}
	switch {
	case row.Run.Hold == model.HoldReplaced:
		return nil
	case row.Run.Hold == model.HoldSame:
		run(model.TaskTwin, "run.held_same")
	}
	if row.Run.Changed && !row.Run.ChangedSeen {
		run(model.TaskChanged, "run.changed")
	}
	if row.Run.Gone && !row.Run.GoneSeen {
		run(model.TaskGone, "run.gone")
	}
	for _, t := range row.Targets {
		task := model.Task{Company: row.Company, Run: row.Run, MappingID: t.MappingID, Target: t.Target, Problem: t.Problem, Since: row.Run.CreatedAt}
		switch {
		case t.Person:
			task.Kind = model.TaskUnknown
		case t.State == model.StateRefused:
			task.Kind = model.TaskRefused
		case row.Company.Rules.Workflow.Send == model.SendManual && t.MappingID != 0 && due(row, now) &&
			(t.State == model.StateReady || t.State == model.StatePartial):
			task.Kind = model.TaskSend
			task.Problem = model.NewProblem("run.to_send", "run", row.Run.Description, "company", row.Company.Name)
		default:
			continue
		}
		all = append(all, task)
	}
	return all
}

// expected are the companies whose last ended period has no run though the days
// that its workflow grants have passed.
func (f *Office) expected(ctx context.Context, rows []model.RunRow) ([]model.Task, error) {
	companies, err := f.o.Store.Companies(ctx)
	if err != nil {
		return nil, fmt.Errorf("companies: %w", err)
	}
	var all []model.Task
	for _, c := range companies {
		days := c.Rules.Workflow.Expected
		if days <= 0 || c.TestCompany {
			continue
		}
		period, since := ended(f.o.Now(), c.FourWeekly, days)
		came := slices.ContainsFunc(rows, func(r model.RunRow) bool {
			return r.Company.ID == c.ID && r.Run.Last.Compare(period) >= 0
		})
		if !came {
			all = append(all, model.Task{
				Kind: model.TaskExpected, Company: c, Period: period.String(), Since: since,
				Problem: model.NewProblem("run.expected", "company", c.Name, "period", period.String()),
			})
		}
	}
	return all, nil
}

// ended is the last period that ended at least so many days ago, and the day on
// which its run was missed first.
func ended(now time.Time, fourWeekly bool, days int) (journal.Period, time.Time) {
	p := journal.Period{Year: now.Year(), Number: 12}
	if fourWeekly {
		p.Number = journal.LastPeriod
	}
	for {
		missed := p.LastDay(fourWeekly).Time().AddDate(0, 0, days+1)
		if !now.Before(missed) {
			return p, missed
		}
		if p.Number--; p.Number == 0 {
			p.Year, p.Number = p.Year-1, 12
			if fourWeekly {
				p.Number = journal.LastPeriod
			}
		}
	}
}
