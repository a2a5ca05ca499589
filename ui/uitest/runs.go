package uitest

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"loonbrug/data/journal"
	"loonbrug/data/model"
)

// Runs gives the rows that the filter chooses, in the order they were set.
func (o *Office) Runs(_ context.Context, f model.RunFilter) ([]model.RunRow, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.Filters = append(o.Filters, f)
	var rows []model.RunRow
	begun := f.After.ID == 0
	for _, r := range o.Rows {
		if begun && chosen(r, f) && (f.Limit == 0 || len(rows) < f.Limit) {
			r.Targets = slices.Clone(r.Targets)
			rows = append(rows, r)
		}
		begun = begun || r.Run.ID == f.After.ID
	}
	return rows, o.Fail["Runs"]
}

func chosen(r model.RunRow, f model.RunFilter) bool {
	text := strings.ToLower(r.Run.Description + " " + r.Run.Reference + " " + r.Company.Name)
	at := func(t model.RunTarget) bool {
		return (f.Target == "" || t.Target == f.Target) && (len(f.States) == 0 || slices.Contains(f.States, t.State))
	}
	return (f.CompanyID == 0 || r.Company.ID == f.CompanyID) && (f.Year == 0 || r.Run.Year == f.Year) &&
		(f.Period == journal.Period{} || r.Run.Last == f.Period) && strings.Contains(text, strings.ToLower(f.Text)) &&
		(len(f.IDs) == 0 || slices.Contains(f.IDs, r.Run.ID)) &&
		(f.Target == "" && len(f.States) == 0 || slices.ContainsFunc(r.Targets, at))
}

// RunPeriods are the periods of the rows.
func (o *Office) RunPeriods(context.Context) (all []journal.Period, err error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, r := range o.Rows {
		if !slices.Contains(all, r.Run.Last) {
			all = append(all, r.Run.Last)
		}
	}
	return all, o.Fail["RunPeriods"]
}

// Trial says of each target what its state does.
func (o *Office) Trial(_ context.Context, runID int64) (all []model.Trial, err error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, r := range o.Rows {
		if r.Run.ID != runID {
			continue
		}
		for _, t := range r.Targets {
			trial := model.Trial{Row: r, Target: t, Outcome: model.TrialUnderWay, Periods: t.Periods - t.Booked}
			switch t.State {
			case model.StateReady, model.StatePartial, model.StateRefused:
				trial.Outcome, trial.Debit = model.TrialReady, r.Debit
			case model.StateBooked, model.StateMarked:
				trial.Outcome = model.TrialBooked
			case model.StateNotSetUp, model.StateBlocked, model.StateBeforeStart:
				trial.Outcome, trial.Problem = model.TrialBlocked, model.NewProblem("send.not_authorised")
			}
			all = append(all, trial)
		}
	}
	return all, o.Fail["Trial"]
}

// Overview gives the sums that were set.
func (o *Office) Overview(_ context.Context, f model.RunFilter) ([]model.Overview, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.call("Overview %d %d", f.Year, f.CompanyID)
	return o.Sums, o.Fail["Overview"]
}

// TableView gives what was kept.
func (o *Office) TableView(_ context.Context, table string) (model.TableView, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.Views[table], o.Fail["TableView"]
}

// SaveTableView keeps it.
func (o *Office) SaveTableView(_ context.Context, table string, v model.TableView) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.call("SaveTableView %s %s", table, fmt.Sprintf("%+v", v))
	if o.Views == nil {
		o.Views = make(map[string]model.TableView)
	}
	o.Views[table] = v
	return o.Fail["SaveTableView"]
}
