package cash

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"loonbrug/data/journal"
	"loonbrug/data/model"
)

// The book year of an administration, which CASH has but does not tell. The
// defaults are a calendar year of twelve months.
const (
	optionPeriods = "periods"         // how many a book year has: 1, 4, 12 or 13
	optionFirst   = "first_month"     // of the book year, 1 to 12
	optionNamed   = "book_year_named" // which year a broken book year is called after

	namedFirst = "begins" // the year it begins in
	namedLast  = "ends"   // the year it ends in
)

// weeks is the number of periods of a book year that is counted in weeks.
const weeks = 13

// calendar finds the period of a book year that a day lies in.
type calendar struct {
	periods int
	first   time.Month
	last    bool // called after the year it ends in
}

// calendarOptions are the options that make a calendar, with their defaults.
func calendarOptions() map[string]string {
	return map[string]string{optionPeriods: "12", optionFirst: "1", optionNamed: namedFirst}
}

// months are the months as they stand in a choice.
func months() []string {
	var all []string
	for m := time.January; m <= time.December; m++ {
		all = append(all, strconv.Itoa(int(m)))
	}
	return all
}

// calendarOf reads the options of a mapping, or what an entry kept of them. An
// option that is empty or that nobody knows has its default.
func calendarOf(options map[string]string) calendar {
	c := calendar{periods: 12, first: time.January, last: options[optionNamed] == namedLast}
	if n, err := strconv.Atoi(options[optionPeriods]); err == nil && slices.Contains([]int{1, 4, 12, weeks}, n) {
		c.periods = n
	}
	if n, err := strconv.Atoi(options[optionFirst]); err == nil && n >= 1 && n <= 12 {
		c.first = time.Month(n)
	}
	return c
}

// calendarProblems are about options that have a value nobody knows.
func calendarProblems(options map[string]string) (problems []*model.Problem) {
	known := map[string][]string{
		optionPeriods: {"1", "4", "12", "13"}, optionFirst: months(), optionNamed: {namedFirst, namedLast},
	}
	for _, id := range []string{optionPeriods, optionFirst, optionNamed} {
		if v := options[id]; v != "" && !slices.Contains(known[id], v) {
			problems = append(problems, model.NewProblem("cash.book_year", "value", v).With(model.ActionOpenMapping))
		}
	}
	return problems
}

// keepCalendar writes into an entry what its mapping says of the book year,
// where it is not the default: the look-up of a booking needs it too.
func keepCalendar(extra, options map[string]string) {
	for id, usual := range calendarOptions() {
		if v := options[id]; v != "" && v != usual {
			extra[id] = v
		}
	}
}

// period is the YYPP of a day. Thirteen periods are four weeks each: the first
// ends with the fourth week of the book year, whose first week is the one with
// the fourth day of its first month (for a calendar year: ISO 8601), and the
// last runs to the end of the book year.
func (c calendar) period(day journal.Date) string {
	passed := (int(day.Month-c.first) + 12) % 12 // months
	year := day.Year
	if day.Month < c.first {
		year--
	}
	number := passed*c.periods/12 + 1
	if c.periods == weeks {
		fourth := time.Date(year, c.first, 4, 0, 0, 0, 0, time.UTC)
		monday := fourth.AddDate(0, 0, -(int(fourth.Weekday())+6)%7)
		days := int(day.Time().Sub(monday).Hours()) / 24
		number = min(max(days/28+1, 1), weeks)
	}
	if c.last && c.first != time.January {
		year++
	}
	return fmt.Sprintf("%02d%02d", year%100, number)
}

// year are the first and the last period of the book year that a day lies in.
func (c calendar) year(day journal.Date) (first, last string) {
	name := c.period(day)[:2]
	return name + "01", fmt.Sprintf("%s%02d", name, c.periods)
}

// around are the periods before and after the one a day lies in.
func (c calendar) around(day journal.Date) (before, after string) {
	next := func(step int) string {
		for d := day.Time(); ; d = d.AddDate(0, 0, step) {
			if p := c.period(journal.DateOf(d)); p != c.period(day) {
				return p
			}
		}
	}
	return next(-1), next(1)
}

// bookYear is the year of an entry as CASH numbers documents by it, YY.
func bookYear(e *model.Entry) string {
	return calendarOf(e.Extra).period(e.Date)[:2]
}
