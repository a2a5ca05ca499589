package journal

import (
	"cmp"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Period is a payroll period of a year: 1 to 12 for monthly companies, 1 to 13
// for four-weekly ones. It is the payroll's numbering; a target's own period is
// found by posting date, never by this number.
type Period struct {
	Year   int
	Number int
}

// ErrUnknownPeriod is wrapped with the text or number that was refused.
var ErrUnknownPeriod = errors.New("unknown period")

// LastPeriod is the highest period number: the thirteenth of a four-weekly
// company.
const LastPeriod = 13

// Validate refuses numbers outside 1 to 13 and years that no payroll of this
// century or the last decade of the one before can have.
func (p Period) Validate() error {
	if p.Number < 1 || p.Number > LastPeriod || p.Year < 1990 || p.Year > 2099 {
		return fmt.Errorf("%w: %s", ErrUnknownPeriod, p)
	}
	return nil
}

// ParsePeriod reads "3/2026" as Nmbrs writes it, "2026/03" as Twinfield does and
// "2026-03" as [Period.String] does; which part is the year shows from its four
// digits.
func ParsePeriod(s string) (Period, error) {
	first, second, ok := strings.Cut(strings.ReplaceAll(strings.TrimSpace(s), "-", "/"), "/")
	first, second = strings.TrimSpace(first), strings.TrimSpace(second)
	if len(first) == 4 {
		first, second = second, first
	}
	number, errNumber := strconv.ParseUint(first, 10, 16)
	year, errYear := strconv.ParseUint(second, 10, 16)
	if !ok || errNumber != nil || errYear != nil || len(first) > 2 || len(second) != 4 {
		return Period{}, fmt.Errorf("%w: %q", ErrUnknownPeriod, s)
	}
	p := Period{Year: int(year), Number: int(number)}
	return p, p.Validate()
}

// String writes "2026-03", which sorts as text within the years allowed.
func (p Period) String() string { return fmt.Sprintf("%04d-%02d", p.Year, p.Number) }

// Compare orders by year, then by number.
func (p Period) Compare(q Period) int {
	return cmp.Or(cmp.Compare(p.Year, q.Year), cmp.Compare(p.Number, q.Number))
}

// Date is a calendar day without time or zone, as bookkeeping knows it.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// ErrNotADate is wrapped with the text that was refused.
var ErrNotADate = errors.New("not a date")

// ParseDate reads 20260331, 2026-03-31 and 2026-03-31T00:00:00 with or without
// fraction and zone; the time of day is not looked at.
func ParseDate(s string) (Date, error) {
	day := strings.TrimSpace(s)
	if i := strings.IndexByte(day, 'T'); i >= 0 {
		if _, err := time.Parse("15:04:05", strings.TrimSuffix(cutZone(day[i+1:]), "Z")); err != nil {
			return Date{}, fmt.Errorf("%w: %q", ErrNotADate, s)
		}
		day = day[:i]
	}
	for _, layout := range []string{"20060102", time.DateOnly} {
		if t, err := time.Parse(layout, day); err == nil {
			return DateOf(t), nil
		}
	}
	return Date{}, fmt.Errorf("%w: %q", ErrNotADate, s)
}

func cutZone(clock string) string {
	if i := strings.IndexAny(clock, "+-"); i >= 0 {
		return clock[:i]
	}
	return clock
}

// DateOf is the calendar day of t in t's own zone.
func DateOf(t time.Time) Date {
	year, month, day := t.Date()
	return Date{Year: year, Month: month, Day: day}
}

// IsZero tells whether the date was never set.
func (d Date) IsZero() bool { return d == Date{} }

// Time is midnight UTC at the start of the day.
func (d Date) Time() time.Time { return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC) }

// String writes "2026-03-31"; a date that was never set is empty.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.Year, int(d.Month), d.Day)
}

// Compare orders by day.
func (d Date) Compare(e Date) int { return d.Time().Compare(e.Time()) }

// MarshalText writes the form of [Date.String].
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads what [ParseDate] reads; an empty text is the zero date.
func (d *Date) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*d = Date{}
		return nil
	}
	parsed, err := ParseDate(string(text))
	if err != nil {
		return err
	}
	*d = parsed
	return nil
}

// LastDay is the last day of the period: of the calendar month for a monthly
// company, or of the four weeks that end with the period for a four-weekly one,
// whose last period runs to the end of the year.
func (p Period) LastDay(fourWeekly bool) Date {
	if !fourWeekly && p.Number < LastPeriod {
		return DateOf(time.Date(p.Year, time.Month(p.Number)+1, 0, 0, 0, 0, 0, time.UTC))
	}
	if p.Number >= LastPeriod {
		return Date{Year: p.Year, Month: time.December, Day: 31}
	}
	january4 := time.Date(p.Year, time.January, 4, 0, 0, 0, 0, time.UTC)
	firstMonday := january4.AddDate(0, 0, -(int(january4.Weekday())+6)%7)
	return DateOf(firstMonday.AddDate(0, 0, 28*p.Number-1))
}
