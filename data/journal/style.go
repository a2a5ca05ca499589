package journal

import (
	"strconv"
	"strings"
	"time"
)

// Style is how a language writes amounts, days and times for people. Files and
// JSON never use it.
type Style struct {
	Group, Decimal string // between thousands, before the cents
	Day, Clock     string // layouts of package time
}

// StyleOf is the style of a language by its two letters; what it does not know
// is written the English way. It follows the Unicode CLDR, except for Dutch and
// English days, which are written as bookkeepers there write them. Where groups
// of digits stand apart, a no-break space keeps them on one line.
func StyleOf(language string) Style {
	const noBreakSpace = "\u00a0"
	switch language {
	case "nl":
		return Style{Group: ".", Decimal: ",", Day: "02-01-2006", Clock: "15:04"}
	case "sv":
		return Style{Group: noBreakSpace, Decimal: ",", Day: "2006-01-02", Clock: "15:04"}
	case "fi":
		return Style{Group: noBreakSpace, Decimal: ",", Day: "2.1.2006", Clock: "15.04"}
	default:
		return Style{Group: ",", Decimal: ".", Day: "2 Jan 2006", Clock: "15:04"}
	}
}

// Amount writes an amount with two decimals, without a currency.
func (s Style) Amount(a Amount) string {
	sign, cents := "", uint64(a)
	if a < 0 {
		sign, cents = "-", -uint64(a)
	}
	whole := strconv.FormatUint(cents/100, 10)
	var b strings.Builder
	b.WriteString(sign)
	for i := range len(whole) {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteString(s.Group)
		}
		b.WriteByte(whole[i])
	}
	b.WriteString(s.Decimal)
	b.WriteByte(byte('0' + cents%100/10))
	b.WriteByte(byte('0' + cents%10))
	return b.String()
}

// Date writes a day; one that was never set is empty.
func (s Style) Date(d Date) string {
	if d.IsZero() {
		return ""
	}
	return d.Time().Format(s.Day)
}

// Time writes day, hour and minute in the zone of the computer; a time that was
// never set is empty.
func (s Style) Time(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Local().Format(s.Day + " " + s.Clock)
}
