package payrollfile

import (
	"strings"
	"time"

	"loonbrug/data/journal"
)

// serialDay is the day that a workbook holds as a number: days since the end of
// 1899, or since 1904 in workbooks of old Macs. The part behind the point is
// the time of day.
//
// Source: ECMA-376 part 1, 18.17.4.1 (dates and times).
func serialDay(s string, from1904 bool) (journal.Date, bool) {
	s, _, _ = strings.Cut(s, ".")
	if s == "" || len(s) > 6 || digits(s) != len(s) {
		return journal.Date{}, false
	}
	start := time.Date(1899, time.December, 30, 0, 0, 0, 0, time.UTC)
	if from1904 {
		start = time.Date(1904, time.January, 1, 0, 0, 0, 0, time.UTC)
	}
	d := journal.DateOf(start.AddDate(0, 0, number(s)))
	return d, d.Year >= 1990 && d.Year <= 2099
}
