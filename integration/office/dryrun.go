package office

import (
	"context"
	"fmt"

	"loonbrug/data/model"
)

// Trial says what sending a run would do at each of its targets, and sends
// nothing.
func (f *Office) Trial(ctx context.Context, runID int64) (all []model.Trial, err error) {
	row, err := f.Find(ctx, runID)
	if err != nil {
		return nil, err
	}
	for _, t := range row.Targets {
		trial, err := f.trial(ctx, row, t)
		if err != nil {
			return nil, fmt.Errorf("run %d at mapping %d: %w", runID, t.MappingID, err)
		}
		all = append(all, trial)
	}
	return all, nil
}

// trial makes and checks the entries of one run at one target.
func (f *Office) trial(ctx context.Context, row model.RunRow, t model.RunTarget) (model.Trial, error) {
	trial := model.Trial{Row: row, Target: t, Periods: t.Periods - t.Booked}
	switch t.State {
	case model.StateBooked, model.StateMarked, model.StateNothingToBook:
		trial.Outcome = model.TrialBooked
	case model.StateQueued, model.StateChecking, model.StateSending, model.StateAccepted, model.StateUnknown:
		trial.Outcome = model.TrialUnderWay
	case model.StateNotSetUp, model.StateBlocked, model.StateBeforeStart:
		trial.Outcome, trial.Problem = model.TrialBlocked, t.Problem
	default:
		trial.Problem = unsettled(row)
		if trial.Problem == nil {
			return f.trialPlan(ctx, trial)
		}
		trial.Outcome = model.TrialBlocked
	}
	return trial, nil
}

// unsettled is why a run is not sent along with others though it could be: its
// journal is another one in the payroll now, or gone.
func unsettled(row model.RunRow) *model.Problem {
	switch {
	case row.Run.Gone:
		return model.NewProblem("run.gone", "run", row.Run.Description, "company", row.Company.Name)
	case row.Run.Changed:
		return model.NewProblem("run.changed", "run", row.Run.Description, "company", row.Company.Name)
	}
	return nil
}

// trialPlan checks the periods that are still to be sent.
func (f *Office) trialPlan(ctx context.Context, trial model.Trial) (model.Trial, error) {
	m, err := f.o.Store.Mapping(ctx, trial.Target.MappingID)
	if err != nil {
		return trial, err
	}
	plan, err := f.plan(ctx, trial.Row, m, Consent{})
	if err != nil {
		trial.Outcome, trial.Problem = model.TrialBlocked, model.ProblemOf(err)
		return trial, ctx.Err()
	}
	trial.Outcome = model.TrialReady
	for _, p := range plan {
		if p.live {
			continue
		}
		debit, _ := p.entry.Totals()
		trial.Debit += debit
		if len(p.problems) > 0 && trial.Problem == nil {
			trial.Outcome, trial.Problem = model.TrialBlocked, p.problems[0]
		}
	}
	return trial, nil
}
