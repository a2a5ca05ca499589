//go:build bench

package store_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"loonbrug/data/model"
)

// whole is a large office after three years of two payrolls a month.
var whole = scale{companies: 5_000, runs: 72, periods: 3}

// TestBench_Scale prints what the first screen of Export costs a large office after
// three years, on a server, as a ratio to a hundredth of it: the first runs with their
// logos, the periods to choose from, and the status bar.
func TestBench_Scale(t *testing.T) {
	few, many := on(t, true), on(t, true)
	scale{companies: whole.companies / 100, runs: whole.runs, periods: whole.periods}.fill(few)
	began := time.Now()
	whole.fill(many)
	fmt.Printf("%-52s %v\n", fmt.Sprintf("filled with %d runs, %d deliveries", whole.companies*whole.runs, whole.companies*whole.runs*whole.periods), time.Since(began).Round(time.Second))
	screens := map[string]func(b *bundle) error{
		"first screen of Export": func(b *bundle) error {
			runs, err := b.Runs(t.Context(), model.RunFilter{Limit: 200})
			if err != nil || len(runs) != 200 {
				return fmt.Errorf("%d runs: %w", len(runs), err)
			}
			var ids, companies []int64
			for _, r := range runs {
				ids, companies = append(ids, r.ID), append(companies, r.CompanyID)
			}
			return errors.Join(
				second(b.Deliveries(t.Context(), ids...)), second(b.CompaniesOf(t.Context(), companies...)),
				second(b.MappingsOf(t.Context(), companies...)), second(b.Accounts(t.Context())),
				second(b.RunPeriods(t.Context())), second(b.Outstanding(t.Context())),
			)
		},
		"companies to choose from": func(b *bundle) error {
			_, err := b.Companies(t.Context())
			return err
		},
		"runs that were refused": func(b *bundle) error {
			_, err := b.Runs(t.Context(), model.RunFilter{Limit: 200, States: []model.State{model.StateRefused}})
			return err
		},
		"runs by a text that is nowhere": func(b *bundle) error {
			_, err := b.Runs(t.Context(), model.RunFilter{Limit: 200, Text: "nowhere"})
			return err
		},
		"figures for an operator": func(b *bundle) error {
			_, err := b.Census(t.Context())
			return err
		},
	}
	for _, name := range []string{"first screen of Export", "companies to choose from", "runs that were refused", "runs by a text that is nowhere", "figures for an operator"} {
		var took [2][]time.Duration
		for range 31 { // by turns, so that a mood of the machine touches both
			for i, b := range []*bundle{few, many} {
				began := time.Now()
				if err := screens[name](b); err != nil {
					t.Fatal(name, err)
				}
				took[i] = append(took[i], time.Since(began))
			}
		}
		middle := func(all []time.Duration) time.Duration {
			slices.Sort(all)
			return all[len(all)/2]
		}
		a, z := middle(took[0]), middle(took[1])
		fmt.Printf("%-52s %v / %v, %.2f times\n", name, a.Round(time.Microsecond), z.Round(time.Microsecond), z.Seconds()/a.Seconds())
	}
}
