package payrollfile

import (
	"strings"
	"unicode/utf8"

	"loonbrug/data/journal"
)

// verdict is what one value tells about how its column is written.
type verdict int

const (
	silent    verdict = iota // reads the same either way
	ambiguous                // reads differently
	evident                  // can only be read one way
)

// decimalSign finds the decimal sign that an amount must have been written
// with. One sign with three digits behind it, as in 1.234, may be a thousand or
// a fraction; anything else shows which.
func decimalSign(s string) (sign byte, v verdict) {
	point, comma := strings.Count(s, "."), strings.Count(s, ",")
	last := strings.LastIndexAny(s, ".,")
	switch {
	case last < 0:
		return 0, silent
	case point > 0 && comma > 0:
		return s[last], evident
	case point > 1:
		return ',', evident
	case comma > 1:
		return '.', evident
	}
	before, behind := digits(s[:last]), digits(s[last+1:])
	grouped := strings.ContainsAny(strings.TrimSpace(s[:last]), " '’\u00a0\u202f")
	if behind != 3 || before == 0 || before > 3 || grouped {
		return s[last], evident
	}
	return 0, ambiguous
}

func digits(s string) (n int) {
	for i := range len(s) {
		if '0' <= s[i] && s[i] <= '9' {
			n++
		}
	}
	return n
}

// dateForm finds the form that a date must have been written in. Only a day
// and a month of at most twelve, parted by other than points, leave a doubt.
func dateForm(s string) (DateForm, verdict) {
	a, b, c, ok := dateParts(s)
	switch {
	case !ok:
		return DatesByEvidence, silent
	case len(a) == 4:
		return YearMonthDay, evident
	case number(a) > 12 || strings.Contains(s, "."):
		return DayMonthYear, evident
	case number(b) > 12:
		return MonthDayYear, evident
	case number(a) == number(b) && len(c) == 4:
		return DatesByEvidence, silent
	}
	return DatesByEvidence, ambiguous
}

// parseDay reads a date of a form. While the form is not known, only dates that
// mean the same day in every form are read.
func parseDay(s string, form DateForm) (journal.Date, bool) {
	a, b, c, ok := dateParts(s)
	if !ok {
		return journal.Date{}, false
	}
	switch {
	case form == YearMonthDay && len(a) == 4:
	case form == DayMonthYear && len(a) <= 2, form == DatesByEvidence && len(a) <= 2 && number(a) == number(b):
		a, c = c, a
	case form == MonthDayYear && len(a) <= 2:
		a, b, c = c, a, b
	default:
		return journal.Date{}, false
	}
	if len(a) != 4 || len(b) > 2 || len(c) > 2 {
		return journal.Date{}, false
	}
	d, err := journal.ParseDate(a + pad(b) + pad(c))
	return d, err == nil && d.Year >= 1990 && d.Year <= 2099
}

func pad(s string) string {
	if len(s) == 1 {
		return "0" + s
	}
	return s
}

// number is the value of a short text of digits.
func number(s string) (n int) {
	for i := range len(s) {
		n = n*10 + int(s[i]-'0')
	}
	return n
}

// dateParts takes a date apart: 20260331, or three numbers between two equal
// signs of "-", "/" and ".". A time of day behind it is not looked at.
func dateParts(s string) (a, b, c string, ok bool) {
	if i := strings.IndexAny(s, "T "); i > 0 && clock(s[i+1:]) {
		s = s[:i]
	}
	if len(s) == 8 && digits(s) == 8 {
		return s[:4], s[4:6], s[6:], true
	}
	i := strings.IndexAny(s, "-/.")
	if i < 0 {
		return "", "", "", false
	}
	a, rest := s[:i], s[i+1:]
	b, c, ok = strings.Cut(rest, s[i:i+1])
	for _, part := range []string{a, b, c} {
		if len(part) == 0 || len(part) > 4 || digits(part) != len(part) {
			return "", "", "", false
		}
	}
	return a, b, c, ok
}

// clock tells whether s looks like a time of day, with or without a zone.
func clock(s string) bool {
	return len(s) >= 4 && digits(s[:1]) == 1 && strings.Trim(s, "0123456789:.+-ZT ") == "" && strings.Contains(s, ":")
}

// fullPeriod reads a period with its year: 2026-03, 3/2026, 2026.3, 2026-P03 or
// 202603.
func fullPeriod(s string) (journal.Period, bool) {
	if len(s) == 6 && digits(s) == 6 {
		s = s[:4] + "/" + s[4:]
	}
	numbers := strings.FieldsFunc(s, func(r rune) bool { return r < '0' || r > '9' })
	if len(numbers) != 2 || strings.Trim(s, "0123456789-/. Pp") != "" {
		return journal.Period{}, false
	}
	p, err := journal.ParsePeriod(numbers[0] + "/" + numbers[1])
	return p, err == nil
}

// yearAndPeriod reads a period whose year stands in a column of its own. A full
// period is taken too where its year is the same.
func yearAndPeriod(year, period string) (journal.Period, bool) {
	if len(year) != 4 || digits(year) != 4 {
		return journal.Period{}, false
	}
	if len(period) > 2 {
		p, ok := fullPeriod(period)
		return p, ok && p.Year == number(year)
	}
	if period == "" || digits(period) != len(period) {
		return journal.Period{}, false
	}
	p := journal.Period{Year: number(year), Number: number(period)}
	return p, p.Validate() == nil
}

// parseMoney reads an amount with the decimal sign, 0 for none known yet. The
// other sign, a blank or an apostrophe may part thousands, all of them; the
// minus may stand before or behind. ok is false for anything else, also for a
// third decimal that is not zero.
func parseMoney[T string | []byte](s T, decimal byte) (cents journal.Amount, ok bool) {
	negative := false
	if n := len(s); n > 0 && s[0] == '-' {
		negative, s = true, s[1:]
	} else if n > 0 && s[0] == '+' {
		s = s[1:]
	} else if n > 1 && s[n-1] == '-' {
		negative, s = true, s[:n-1]
	} else if n > 3 && string(s[:3]) == "−" {
		negative, s = true, s[3:]
	}
	whole, i, group, inGroup := int64(0), 0, "", 0
	for i < len(s) {
		c := s[i]
		if '0' <= c && c <= '9' {
			if whole = whole*10 + int64(c-'0'); whole > int64(journal.MaxAmount/100) {
				return 0, false
			}
			inGroup++
			i++
			continue
		}
		if c == decimal {
			break
		}
		mark := thousandsMark(string(s[i:min(i+utf8.UTFMax, len(s))]), decimal)
		if mark == "" || group != "" && (mark != group || inGroup != 3) || inGroup == 0 || inGroup > 3 {
			return 0, false
		}
		group, inGroup = mark, 0
		i += len(mark)
	}
	if inGroup == 0 || group != "" && inGroup != 3 {
		return 0, false
	}
	fraction, ok := parseFraction(s[i:])
	if !ok {
		return 0, false
	}
	if cents = journal.Amount(whole*100 + fraction); negative {
		cents = -cents
	}
	return cents, true
}

// plainMoney takes the currency off an amount, and writes one in parentheses with
// the minus that they stand for.
func plainMoney(s string) string {
	if inside, ok := strings.CutPrefix(s, "("); ok && strings.HasSuffix(inside, ")") {
		s = "-" + strings.TrimSpace(strings.TrimSuffix(inside, ")"))
	}
	sign := ""
	if strings.HasPrefix(s, "-") {
		sign, s = "-", s[1:]
	}
	for _, mark := range []string{"€", "EUR", "SEK", "kr"} {
		s = strings.TrimSpace(strings.TrimSuffix(strings.TrimPrefix(s, mark), mark))
	}
	return sign + s
}

// parseFraction reads the decimal sign and what stands behind it.
func parseFraction[T string | []byte](s T) (cents int64, ok bool) {
	if len(s) == 0 {
		return 0, true
	}
	for i := 1; i < len(s); i++ {
		c := s[i]
		switch {
		case c < '0' || c > '9' || i > 2 && c != '0':
			return 0, false
		case i == 1:
			cents = int64(c-'0') * 10
		case i == 2:
			cents += int64(c - '0')
		}
	}
	return cents, len(s) > 1
}

// thousandsMark is the mark between thousands that s begins with, or nothing.
// A point or comma is one only when the other is known to be the decimal sign.
func thousandsMark(s string, decimal byte) string {
	for _, mark := range []string{" ", "'", "\u00a0", "\u202f", "’"} {
		if strings.HasPrefix(s, mark) {
			return mark
		}
	}
	if decimal != 0 && (s[0] == '.' || s[0] == ',') {
		return s[:1]
	}
	return ""
}
