package check_test

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"loonbrug/data/journal"
	"loonbrug/data/model"
	"loonbrug/integration/target/check"
)

func reference() *model.Reference {
	return &model.Reference{
		Currency: "EUR",
		LedgerAccounts: []model.LedgerAccount{
			{Code: "1700", Active: true, Postable: true},
			{Code: "4000", Active: true, Postable: true},
			{Code: "4999", Postable: true},
			{Code: "1300", Active: true},
		},
		Periods: []model.BookPeriod{
			{ID: "202602", First: "2026-02-01", Last: "2026-02-28"},
			{ID: "202603", First: "2026-03-01", Last: "2026-03-31", Open: true},
		},
	}
}

func entry() model.Entry {
	return model.Entry{
		Target: "any", Currency: "EUR",
		Date:  journal.Date{Year: 2026, Month: time.March, Day: 31},
		Lines: []model.EntryLine{{LedgerAccount: "4000", Amount: 100}, {LedgerAccount: "1700", Amount: -100}},
	}
}

func codes(problems []*model.Problem) []string {
	var all []string
	for _, p := range problems {
		all = append(all, p.Code)
	}
	return all
}

func TestEntry(t *testing.T) {
	tests := []struct {
		name   string
		change func(*model.Entry, *model.Reference)
		want   []string
	}{
		{"OK", func(*model.Entry, *model.Reference) {}, nil},
		{"Unbalanced", func(e *model.Entry, _ *model.Reference) { e.Lines[0].Amount = 101 }, []string{"entry.unbalanced"}},
		{"TooLarge", func(e *model.Entry, _ *model.Reference) {
			e.Lines[0].Amount, e.Lines[1].Amount = journal.MaxAmount+1, -journal.MaxAmount-1
		}, []string{"entry.amount_too_large", "entry.amount_too_large"}},
		{"Currency", func(e *model.Entry, _ *model.Reference) { e.Currency = "SEK" }, []string{"entry.wrong_currency"}},
		{"CurrencyNotGiven", func(e *model.Entry, r *model.Reference) { e.Currency, r.Currency = "SEK", "" }, nil},
		{"NoPeriod", func(e *model.Entry, _ *model.Reference) { e.Date.Year = 2030 }, []string{"entry.no_period"}},
		{"NoPeriodsAtAll", func(_ *model.Entry, r *model.Reference) { r.Periods = []model.BookPeriod{} }, []string{"entry.no_period"}},
		{"PeriodsNotGiven", func(_ *model.Entry, r *model.Reference) { r.Periods = nil }, nil},
		{"ClosedPeriod", func(e *model.Entry, _ *model.Reference) { e.Date.Month, e.Date.Day = time.February, 28 }, []string{"entry.closed_period"}},
		{"UnknownAccount", func(e *model.Entry, _ *model.Reference) { e.Lines[0].LedgerAccount = "04000" }, []string{"entry.unknown_ledger_account"}},
		{"InactiveAccount", func(e *model.Entry, _ *model.Reference) { e.Lines[0].LedgerAccount = "4999" }, []string{"entry.inactive_ledger_account"}},
		{"UnpostableAccount", func(e *model.Entry, _ *model.Reference) { e.Lines[0].LedgerAccount = "1300" }, []string{"entry.unpostable_ledger_account"}},
		{"ChartNotGiven", func(_ *model.Entry, r *model.Reference) { r.LedgerAccounts = nil }, nil},
		{"AllAtOnce", func(e *model.Entry, _ *model.Reference) {
			e.Currency, e.Date.Year, e.Lines[0] = "SEK", 2030, model.EntryLine{LedgerAccount: "9", Amount: 1}
		}, []string{"entry.unbalanced", "entry.wrong_currency", "entry.no_period", "entry.unknown_ledger_account"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			e, r := entry(), reference()
			tt.change(&e, r)
			problems := check.Entry(&e, r)
			if got := codes(problems); !slices.Equal(got, tt.want) {
				t.Errorf("got %v, want %v", got, tt.want)
			}
			for _, p := range problems {
				if p.Params["target"] != "any" {
					t.Errorf("%s does not name the target", p.Code)
				}
			}
		})
	}
}

func TestEntry_NamesLines(t *testing.T) {
	e := entry()
	e.Lines = append(e.Lines, model.EntryLine{LedgerAccount: "x", Amount: 5}, model.EntryLine{LedgerAccount: "1700"}, model.EntryLine{LedgerAccount: "x", Amount: -5})
	problems := check.Entry(&e, reference())
	if len(problems) != 1 || problems[0].Params["lines"] != "3, 5" || problems[0].Params["account"] != "x" {
		t.Errorf("got %v", problems)
	}
}

func TestEntry_WithoutReference(t *testing.T) {
	e := entry()
	e.Lines[0].LedgerAccount, e.Currency, e.Date = "x", "SEK", journal.Date{}
	if got := check.Entry(&e, nil); got != nil {
		t.Errorf("got %v", got)
	}
	e.Lines[0].Amount++
	if got := codes(check.Entry(&e, nil)); !slices.Equal(got, []string{"entry.unbalanced"}) {
		t.Errorf("got %v", got)
	}
}

func TestPostingDate(t *testing.T) {
	day := func(s string) journal.Date {
		d, err := journal.ParseDate(s)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	tests := []struct {
		name       string
		period     journal.Period
		date       string
		fourWeekly bool
		want       string
	}{
		{"Inside", journal.Period{Year: 2026, Number: 3}, "2026-03-25", false, "2026-03-25"},
		{"FirstDay", journal.Period{Year: 2026, Number: 3}, "2026-03-01", false, "2026-03-01"},
		{"Correction", journal.Period{Year: 2026, Number: 2}, "2026-03-31", false, "2026-02-28"},
		{"TooEarly", journal.Period{Year: 2026, Number: 3}, "2026-02-28", false, "2026-03-31"},
		{"Thirteenth", journal.Period{Year: 2026, Number: 13}, "2026-12-24", false, "2026-12-31"},
		{"FourWeekly", journal.Period{Year: 2026, Number: 2}, "2026-02-22", true, "2026-02-22"},
		{"FourWeeklyBefore", journal.Period{Year: 2026, Number: 2}, "2026-01-25", true, "2026-02-22"},
		{"FourWeeklyFirst", journal.Period{Year: 2026, Number: 1}, "2025-12-29", true, "2026-01-25"},
		{"FourWeeklyTooEarly", journal.Period{Year: 2026, Number: 1}, "2025-12-28", true, "2026-01-25"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			part := journal.Part{Period: tt.period, Transactions: []journal.Transaction{{Period: tt.period, Date: day(tt.date)}}}
			if got := check.PostingDate(&part, tt.fourWeekly).String(); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}

// Four weeks go to the month that their last day lies in, and at a target with
// thirteen periods of four weeks to the same one of those, whatever date the
// payroll gave.
func TestPostingDate_FourWeeks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := journal.Period{Year: rapid.IntRange(2000, 2098).Draw(t, "year"), Number: rapid.IntRange(1, 13).Draw(t, "number")}
		last := p.LastDay(true)
		date := journal.DateOf(last.Time().AddDate(0, 0, -rapid.IntRange(0, 27).Draw(t, "days before the end")))
		part := journal.Part{Period: p, Transactions: []journal.Transaction{{Period: p, Date: date}}}
		got := check.PostingDate(&part, true)

		var months, weeks model.Reference
		for n := 1; n <= 13; n++ {
			number := journal.Period{Year: p.Year, Number: n}
			if n <= 12 {
				end := number.LastDay(false)
				months.Periods = append(months.Periods, model.BookPeriod{
					ID: number.String(), First: journal.Date{Year: p.Year, Month: end.Month, Day: 1}.String(), Last: end.String(), Open: true,
				})
			}
			first := number.LastDay(true).Time().AddDate(0, 0, -27)
			if n > 1 {
				first = journal.Period{Year: p.Year, Number: n - 1}.LastDay(true).Time().AddDate(0, 0, 1)
			}
			weeks.Periods = append(weeks.Periods, model.BookPeriod{
				ID: number.String(), First: journal.DateOf(first).String(), Last: number.LastDay(true).String(), Open: true,
			})
		}
		want := journal.Period{Year: p.Year, Number: int(last.Month)}.String()
		if month, ok := check.Period(&months, got); !ok || month.ID != want {
			t.Fatalf("%s of %s goes to month %q, not %s", p, date, month.ID, want)
		}
		if own, ok := check.Period(&weeks, got); !ok || own.ID != p.String() {
			t.Fatalf("%s of %s goes to %q of thirteen", p, date, own.ID)
		}
	})
}

// Whatever the payroll says, the posting date lies in the part's own period,
// and without a date it is the period's last day.
func TestPostingDate_LiesInPeriod(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := journal.Period{Year: rapid.IntRange(2000, 2099).Draw(t, "year"), Number: rapid.IntRange(1, 13).Draw(t, "number")}
		fourWeekly := rapid.Bool().Draw(t, "four-weekly")
		date := journal.DateOf(p.LastDay(fourWeekly).Time().AddDate(0, 0, rapid.IntRange(-400, 400).Draw(t, "days")))
		part := journal.Part{Period: p, Transactions: []journal.Transaction{{Period: p, Date: date}}}
		got, last := check.PostingDate(&part, fourWeekly), p.LastDay(fourWeekly)
		if got.Compare(last) > 0 {
			t.Fatalf("%s is after %s", got, last)
		}
		if p.Number > 1 {
			before := journal.Period{Year: p.Year, Number: p.Number - 1}.LastDay(fourWeekly)
			if p.Number < 13 && got.Compare(before) <= 0 {
				t.Fatalf("%s lies in the period before, which ends on %s", got, before)
			}
		}
		part.Transactions[0].Date = journal.Date{}
		if got := check.PostingDate(&part, fourWeekly); got != last {
			t.Fatalf("without a date it is %s, not %s", got, last)
		}
	})
}
