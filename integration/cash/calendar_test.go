package cash_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"loonbrug/data/journal"
	"loonbrug/data/model"
	"loonbrug/integration/cash"
	"loonbrug/integration/target"
)

// bookedOn builds a part whose posting date is a day, with the options of a book
// year, and gives the day and the period that are sent.
func bookedOn(t interface{ Fatal(...any) }, day journal.Date, p journal.Period, fourWeekly bool, options ...string) (date, period string) {
	line := journal.Line{LedgerAccount: "4000", Amount: 100}
	d := draft(journal.Part{Period: p, Transactions: []journal.Transaction{{
		Period: p, Date: day, Lines: []journal.Line{line, {LedgerAccount: "1700", Amount: -100}},
	}}})
	d.Company.FourWeekly, d.Company.Rules.PostingDate = fourWeekly, model.PostPayrollDate
	for i := 0; i < len(options); i += 2 {
		d.Mapping.Options[options[i]] = options[i+1]
	}
	e, problems := at("http://127.0.0.1").Build(d, nil)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	return e.Date.String(), e.BookPeriod
}

// monthly is the monthly period of a day.
func monthly(d journal.Date) journal.Period {
	return journal.Period{Year: d.Year, Number: int(d.Month)}
}

func date(s string) journal.Date {
	d, err := journal.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

func TestBuild_BookPeriod(t *testing.T) {
	tests := []struct {
		name       string
		day        string
		period     journal.Period // zero is the month of the day
		fourWeekly bool
		options    []string
		want       string
		wantDay    string // empty is the day
	}{
		{name: "Default", day: "2026-03-31", want: "2603"},
		{name: "BrokenYearFirstDay", day: "2026-07-01", options: []string{"first_month", "7"}, want: "2601"},
		{name: "BrokenYearLastDay", day: "2026-06-30", options: []string{"first_month", "7"}, want: "2512"},
		{name: "NamedAfterItsEnd", day: "2026-06-30", options: []string{"first_month", "7", "book_year_named", "ends"}, want: "2612"},
		{name: "CalendarYearHasOneName", day: "2026-06-30", options: []string{"book_year_named", "ends"}, want: "2606"},
		{name: "Quarters", day: "2026-04-01", options: []string{"periods", "4"}, want: "2602"},
		{name: "OnePeriod", day: "2026-12-31", options: []string{"periods", "1"}, want: "2601"},
		{name: "QuartersOfABrokenYear", day: "2026-12-31", options: []string{"periods", "4", "first_month", "10"}, want: "2601"},
		{name: "FourWeeks", day: "2026-01-25", options: []string{"periods", "13"}, want: "2601"},
		{name: "FourWeeksSecond", day: "2026-01-26", options: []string{"periods", "13"}, want: "2602"},
		{name: "FourWeeksLastDays", day: "2024-12-31", options: []string{"periods", "13"}, want: "2413"},
		{name: "FourWeeksDaysBeforeTheFirst", day: "2027-01-01", options: []string{"periods", "13"}, want: "2701"},
		{
			name: "FourWeeklyToItsLastDay", day: "2026-01-30", period: journal.Period{Year: 2026, Number: 2}, fourWeekly: true,
			want: "2602", wantDay: "2026-02-22",
		},
		{
			name: "FourWeeklyWithinOneMonth", day: "2026-02-10", period: journal.Period{Year: 2026, Number: 2}, fourWeekly: true,
			want: "2602", wantDay: "2026-02-22",
		},
		{
			name: "FourWeeklyToThirteen", day: "2026-01-30", period: journal.Period{Year: 2026, Number: 2}, fourWeekly: true,
			options: []string{"periods", "13"}, want: "2602", wantDay: "2026-02-22",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := tt.period
			if p == (journal.Period{}) {
				p = monthly(date(tt.day))
			}
			day, period := bookedOn(t, date(tt.day), p, tt.fourWeekly, tt.options...)
			if tt.wantDay == "" {
				tt.wantDay = tt.day
			}
			if period != tt.want || day != tt.wantDay {
				t.Errorf("booked on %s in %s, want %s in %s", day, period, tt.wantDay, tt.want)
			}
		})
	}
}

// Whatever the book year: the periods follow each other without a gap, from 1 to
// their number, each year begins with the first day of its first month, and all
// days of a month are in one period unless the periods are weeks.
func TestBuild_BookPeriodsFollowEachOther(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		periods := rapid.SampledFrom([]int{1, 4, 12, 13}).Draw(t, "periods")
		first := rapid.IntRange(1, 12).Draw(t, "first")
		named := rapid.SampledFrom([]string{"begins", "ends"}).Draw(t, "named")
		options := []string{"periods", fmt.Sprint(periods), "first_month", fmt.Sprint(first), "book_year_named", named}
		start := time.Date(rapid.IntRange(2001, 2098).Draw(t, "year"), time.Month(first), 1, 0, 0, 0, 0, time.UTC)
		of := func(day time.Time) (year, number int) {
			d := journal.DateOf(day)
			_, p := bookedOn(t, d, monthly(d), false, options...)
			if _, err := fmt.Sscanf(p, "%2d%2d", &year, &number); err != nil || len(p) != 4 {
				t.Fatalf("%s is in %q", d, p)
			}
			return year, number
		}
		year, last := of(start)
		want := start.Year() % 100
		if named == "ends" && first > 1 {
			want++
		}
		if year != want || last != 1 {
			t.Fatalf("the book year begins with %02d%02d", year, last)
		}
		end := start.AddDate(1, 0, 0)
		for day := start.AddDate(0, 0, 1); day.Before(end); day = day.AddDate(0, 0, 1) {
			y, n := of(day)
			if y != year || n != last && n != last+1 {
				t.Fatalf("%s: %02d%02d after %02d%02d", day.Format(time.DateOnly), y, n, year, last)
			}
			if n != last && periods != 13 && day.Day() != 1 || n != last && periods == 13 && day.Weekday() != time.Monday {
				t.Fatalf("a period begins on %s", day.Format(time.DateOnly))
			}
			last = n
		}
		if last != periods {
			t.Fatalf("%d periods, want %d", last, periods)
		}
	})
}

// Thirteen periods of a calendar year are those of a four-weekly payroll.
func TestBuild_ThirteenPeriodsAreThePayrolls(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := journal.Period{Year: rapid.IntRange(2001, 2098).Draw(t, "year"), Number: rapid.IntRange(1, 13).Draw(t, "number")}
		_, got := bookedOn(t, p.LastDay(true), p, true, "periods", "13")
		if want := fmt.Sprintf("%02d%02d", p.Year%100, p.Number); got != want {
			t.Fatalf("%s goes to %s", p, got)
		}
	})
}

func TestBuild_UnknownBookYear(t *testing.T) {
	for _, option := range []string{"periods", "first_month", "book_year_named"} {
		d := draft(one(journal.Line{LedgerAccount: "4000"}))
		d.Mapping.Options[option] = "52"
		_, problems := at("http://127.0.0.1").Build(d, reference())
		if len(problems) != 1 || problems[0].Code != "cash.book_year" || problems[0].Params["value"] != "52" {
			t.Errorf("%s: %v", option, problems)
		}
	}
}

// In a broken book year CASH is asked for the next number of that book year and
// for the bookings of the periods around, and the same number in the book year
// before is another document.
func TestBookYear_IsAskedFor(t *testing.T) {
	var asked []string
	const row = `{"F0901":"SAL","F0302":"%s","F0303":"000101","F0201":"4000","F0307":"%s","F0711":"%s"}`
	c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, strings.TrimPrefix(r.URL.Path, "/get/index/")+" "+r.URL.Query().Get("params"))
		if strings.HasSuffix(r.URL.Path, "8504") {
			answer(http.StatusOK, `{"R8504":{"Z0303":"000101"}}`)(w, r)
			return
		}
		answer(http.StatusOK, `{"R0301":[`+fmt.Sprintf(row, "30-06-2026", "5,00", "other")+`,`+fmt.Sprintf(row, "31-07-2026", "1234,56", "LBABCDEFGHAA")+`]}`)(w, r)
	})
	d := small()
	d.Entry.Date, d.Entry.BookPeriod = date("2026-07-31"), "2601"
	d.Entry.Extra["first_month"] = "7"
	d.Evidence = nil
	evidence, err := c.Prepare(t.Context(), access("k"), d)
	if err != nil || evidence["document"] != "000101" {
		t.Fatalf("%v, %v", evidence, err)
	}
	d.Evidence = evidence
	booked, o := c.ReadBack(t.Context(), access("k"), d)
	if o.Class != target.Accepted || len(booked.Lines) != 1 || booked.Lines[0].Amount != 123456 {
		t.Errorf("read back %+v, %+v", booked, o)
	}
	if got := strings.Join(asked, ", "); got != "8504 26|SAL, 301T 2512|2602" {
		t.Errorf("asked for %s", got)
	}
}

// The default calendar leaves no trace in an entry, so that what was built
// before there was a choice is still the same entry.
func TestBuild_DefaultBookYearIsNotKept(t *testing.T) {
	d := draft(one(journal.Line{LedgerAccount: "4000"}))
	for _, f := range at("http://127.0.0.1").Describe().MappingFields {
		if f.ID != "daybook" && f.ID != "cost_unit" {
			d.Mapping.Options[f.ID] = f.Default
		}
	}
	e, _ := at("http://127.0.0.1").Build(d, reference())
	if len(e.Extra) != 1 || e.Target != cash.ID {
		t.Errorf("kept %v", e.Extra)
	}
}
