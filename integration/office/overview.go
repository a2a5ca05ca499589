package office

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"loonbrug/data/journal"
	"loonbrug/data/model"
)

// RunPeriods are the periods that there are runs of, newest first.
func (f *Office) RunPeriods(ctx context.Context) ([]journal.Period, error) {
	return f.o.Store.RunPeriods(ctx)
}

// Overview adds up what runs book: one overview for each currency, the one with
// most runs first. It opens no journal: digests have the sums.
func (f *Office) Overview(ctx context.Context, filter model.RunFilter) ([]model.Overview, error) {
	sums := make(map[string]*summing)
	page := filter
	for page.Limit = rowsAtOnce; ; {
		rows, err := f.rows(ctx, page)
		if err != nil {
			return nil, err
		}
		ids := make([]int64, len(rows))
		for i, row := range rows {
			ids[i] = row.Run.ID
		}
		digests, err := f.o.Store.Digests(ctx, ids...)
		if err != nil {
			return nil, err
		}
		for _, row := range rows {
			currency := row.Company.Currency
			if sums[currency] == nil {
				sums[currency] = newSumming(currency)
			}
			sums[currency].add(row, digests[row.Run.ID])
		}
		if len(rows) < page.Limit {
			break
		}
		page.After = rows[len(rows)-1].Run.Place()
	}
	all := make([]model.Overview, 0, len(sums))
	for _, s := range sums {
		all = append(all, s.overview())
	}
	slices.SortFunc(all, func(a, b model.Overview) int {
		return cmp.Or(cmp.Compare(b.Runs, a.Runs), cmp.Compare(a.Currency, b.Currency))
	})
	return all, nil
}

// summing adds up the runs of one currency.
type summing struct {
	total    model.Overview
	months   map[journal.Period]*model.OverviewSum
	centres  map[string]*model.OverviewSum
	outcomes map[model.State]*model.OverviewOutcome
}

func newSumming(currency string) *summing {
	return &summing{
		total:  model.Overview{Currency: currency},
		months: make(map[journal.Period]*model.OverviewSum), centres: make(map[string]*model.OverviewSum),
		outcomes: make(map[model.State]*model.OverviewOutcome),
	}
}

// add takes a run. What belongs to an earlier period than the run's own is a
// correction there.
func (s *summing) add(row model.RunRow, digest model.RunDigest) {
	s.total.Runs++
	for _, sum := range digest.Sums {
		month, centre := s.months[sum.Period], s.centres[sum.Centre]
		if month == nil {
			month = &model.OverviewSum{Period: sum.Period}
			s.months[sum.Period] = month
		}
		if centre == nil {
			centre = &model.OverviewSum{Centre: sum.Centre}
			s.centres[sum.Centre] = centre
		}
		correction := sum.Period.Compare(row.Run.Last) < 0
		for _, to := range []*model.OverviewSum{month, centre} {
			to.Debit += sum.Debit
			if correction {
				to.Corrections += sum.Debit
			}
			if n := len(to.Runs); n == 0 || to.Runs[n-1] != row.Run.ID {
				to.Runs = append(to.Runs, row.Run.ID)
			}
		}
		s.total.Debit += sum.Debit
		if correction {
			s.total.Corrections += sum.Debit
		}
	}
	for _, t := range row.Targets {
		for _, d := range t.Deliveries {
			o := s.outcomes[d.State]
			if o == nil {
				o = &model.OverviewOutcome{State: d.State}
				s.outcomes[d.State] = o
			}
			o.Deliveries++
			if n := len(o.Runs); n == 0 || o.Runs[n-1] != row.Run.ID {
				o.Runs = append(o.Runs, row.Run.ID)
			}
		}
	}
}

// overview orders what was added: months newest first, the rest by size.
func (s *summing) overview() model.Overview {
	o := s.total
	for _, p := range slices.SortedFunc(maps.Keys(s.months), func(a, b journal.Period) int { return b.Compare(a) }) {
		o.Months = append(o.Months, *s.months[p])
	}
	for _, c := range s.centres {
		o.Centres = append(o.Centres, *c)
	}
	slices.SortFunc(o.Centres, func(a, b model.OverviewSum) int {
		return cmp.Or(cmp.Compare(b.Debit, a.Debit), cmp.Compare(a.Centre, b.Centre))
	})
	for _, out := range s.outcomes {
		o.Outcomes = append(o.Outcomes, *out)
	}
	slices.SortFunc(o.Outcomes, func(a, b model.OverviewOutcome) int {
		return cmp.Or(cmp.Compare(b.Deliveries, a.Deliveries), cmp.Compare(a.State, b.State))
	})
	return o
}
