package office

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"loonbrug/data/journal"
	"loonbrug/data/model"
)

// listedRun is a run that a payroll system lists and whose journal only a file
// holds.
type listedRun struct {
	SourceID    string    `json:"source_id"`
	Description string    `json:"description"`
	Year        int       `json:"year"`
	Number      int       `json:"number"`
	Since       time.Time `json:"since"`
}

// listed and settled name the settings that keep the listed runs of a company and
// the ids of those that a person is done with.
func listed(companyID int64) string  { return fmt.Sprintf("runs listed:%d", companyID) }
func settled(companyID int64) string { return fmt.Sprintf("runs settled:%d", companyID) }

// awaitFile keeps a run that needs a file, once. One before the start of all
// mappings needs none.
func (f *Office) awaitFile(ctx context.Context, c model.Company, r model.Run, mappings []model.Mapping) error {
	month := journal.Period{Year: r.RunAt.Year(), Number: int(r.RunAt.Month())}
	early := func(m model.Mapping) bool { return month.Compare(m.Start) < 0 }
	if !slices.ContainsFunc(mappings, func(m model.Mapping) bool { return !early(m) }) || f.o.Now().Sub(r.RunAt) > recent {
		return nil
	}
	all, err := setting[[]listedRun](ctx, f.o.Store, listed(c.ID))
	if err != nil || slices.ContainsFunc(all, func(l listedRun) bool { return l.SourceID == r.SourceID }) {
		return err
	}
	return saveSetting(ctx, f.o.Store, listed(c.ID), append(all, listedRun{r.SourceID, r.Description, r.Year, r.Number, f.o.Now()}))
}

// FileDone says that a person is done with a listed run of a company that needed
// a file.
func (f *Office) FileDone(ctx context.Context, companyID int64, sourceID string) error {
	if err := f.may(ctx, model.ActWork, ""); err != nil {
		return err
	}
	defer f.changed()
	done, err := setting[[]string](ctx, f.o.Store, settled(companyID))
	if err != nil || slices.Contains(done, sourceID) {
		return err
	}
	f.o.Log.Info("listed run settled", "company", companyID, "run", sourceID, "by", f.o.User)
	return saveSetting(ctx, f.o.Store, settled(companyID), append(done, sourceID))
}

// filesNeeded are the tasks about listed runs: those of which no file came with
// the same description, and that nobody is done with.
func (f *Office) filesNeeded(ctx context.Context, rows []model.RunRow) (all []model.Task, err error) {
	companies, err := f.o.Store.Companies(ctx)
	if err != nil {
		return nil, fmt.Errorf("companies: %w", err)
	}
	for _, c := range companies {
		runs, err := setting[[]listedRun](ctx, f.o.Store, listed(c.ID))
		if err != nil {
			return nil, err
		}
		if len(runs) == 0 {
			continue
		}
		done, err := setting[[]string](ctx, f.o.Store, settled(c.ID))
		if err != nil {
			return nil, err
		}
		for _, l := range runs {
			came := slices.ContainsFunc(rows, func(r model.RunRow) bool {
				return r.Company.ID == c.ID && r.Run.FromFile() && strings.EqualFold(r.Run.Description, l.Description)
			})
			if came || slices.Contains(done, l.SourceID) {
				continue
			}
			all = append(all, model.Task{
				Kind: model.TaskFile, Company: c, Since: l.Since,
				Run:     model.Run{CompanyID: c.ID, SourceID: l.SourceID, Description: l.Description, Year: l.Year, Number: l.Number},
				Problem: model.NewProblem("source.file_needed", "run", l.Description, "company", c.Name),
			})
		}
	}
	return all, nil
}

// setting reads a setting that holds JSON; one that was never saved is zero.
func setting[T any](ctx context.Context, s Store, name string) (value T, err error) {
	text, err := s.Setting(ctx, name)
	if errors.Is(err, model.ErrNotFound) {
		return value, nil
	}
	if err == nil {
		err = json.Unmarshal([]byte(text), &value)
	}
	if err != nil {
		return value, fmt.Errorf("setting %s: %w", name, err)
	}
	return value, nil
}

func saveSetting(ctx context.Context, s Store, name string, value any) error {
	text, err := json.Marshal(value)
	if err != nil {
		return fmt.Errorf("setting %s: %w", name, err)
	}
	return s.SaveSetting(ctx, name, string(text))
}
