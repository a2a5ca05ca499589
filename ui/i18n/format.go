package i18n

import (
	"fmt"
	"strings"
	"time"

	"loonbrug/data/journal"
)

// FormatAmount writes an amount with two decimals, without a currency.
func FormatAmount(a journal.Amount) string { return speaking().style.Amount(a) }

// Decimal is the sign between the whole part of an amount and its cents.
func Decimal() string { return strings.Trim(FormatAmount(0), "0") }

// FormatDate writes a day; one that was never set is empty.
func FormatDate(d journal.Date) string { return speaking().style.Date(d) }

// FormatTime writes day, hour and minute in the zone of the computer; a time
// that was never set is empty.
func FormatTime(t time.Time) string { return speaking().style.Time(t) }

// FormatPeriod writes a payroll period as year and number, "2026-03", in all
// languages: the thirteen periods of a four-weekly company have no names, and
// the same form stands in files and references. A zero period is empty.
func FormatPeriod(p journal.Period) string {
	if p == (journal.Period{}) {
		return ""
	}
	return p.String()
}

// plain is a parameter as a person reads it.
func plain(value any) string {
	switch v := value.(type) {
	case string:
		return v
	case journal.Amount:
		return FormatAmount(v)
	case journal.Date:
		return FormatDate(v)
	case journal.Period:
		return FormatPeriod(v)
	case time.Time:
		return FormatTime(v)
	default:
		return fmt.Sprint(v)
	}
}

// FormatClock writes the time of day with seconds in the zone of the computer.
func FormatClock(t time.Time) string { return t.Local().Format("15:04:05") }

// FormatCountdown writes a time to wait as minutes and seconds, "0:30", with
// hours before them where there are any. A part of a second counts as a whole
// one, so that it ends with 0:01 and not before.
func FormatCountdown(d time.Duration) string {
	seconds := int((max(0, d) + time.Second - 1) / time.Second)
	if seconds >= 3600 {
		return fmt.Sprintf("%d:%02d:%02d", seconds/3600, seconds/60%60, seconds%60)
	}
	return fmt.Sprintf("%d:%02d", seconds/60, seconds%60)
}
