package i18n

import (
	"strconv"
	"strings"
	"time"

	"loonbrug/data/journal"
)

// ParseDate reads a day as people write it in the language of the moment, which
// as [FormatDate] writes it, or as numbers with any sign between them: day, month
// and year, or year, month and day where the year comes first. A year has four
// digits. ok is false for what is no day.
func ParseDate(text string) (d journal.Date, ok bool) {
	if t, err := time.Parse(speaking().style.Day, strings.TrimSpace(text)); err == nil {
		return journal.DateOf(t), true
	}
	parts := strings.FieldsFunc(text, func(r rune) bool { return r < '0' || r > '9' })
	if len(parts) != 3 {
		return journal.Date{}, false
	}
	if len(parts[0]) != 4 {
		parts[0], parts[2] = parts[2], parts[0]
	}
	var numbers [3]int
	for i, part := range parts {
		n, err := strconv.Atoi(part)
		if err != nil {
			return journal.Date{}, false
		}
		numbers[i] = n
	}
	d = journal.Date{Year: numbers[0], Month: time.Month(numbers[1]), Day: numbers[2]}
	if len(parts[0]) != 4 || journal.DateOf(d.Time()) != d {
		return journal.Date{}, false // the 31st of April
	}
	return d, true
}
