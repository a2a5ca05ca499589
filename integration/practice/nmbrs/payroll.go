package nmbrs

import (
	"strconv"
	"time"

	"loonbrug/data/journal"
)

// Period is a payroll period: a month, or four weeks counted from 1 to 13.
type Period struct {
	Year   int `json:"year"`
	Number int `json:"number"`
}

func (p Period) before(q Period) bool {
	return p.Year < q.Year || p.Year == q.Year && p.Number < q.Number
}

// next is the period after this one at the company.
func (c Company) next(p Period) Period {
	if p.Number >= c.periods() {
		return Period{p.Year + 1, 1}
	}
	return Period{p.Year, p.Number + 1}
}

// lastDay is the day a period ends on: of a month its last, of four weeks the
// Sunday, with the first period beginning in week 1.
func (c Company) lastDay(p Period) time.Time {
	if c.TaxPeriod != Week4 {
		return time.Date(p.Year, time.Month(p.Number)+1, 0, 0, 0, 0, 0, time.UTC)
	}
	day := time.Date(p.Year, time.January, 4, 0, 0, 0, 0, time.UTC) // always in week 1
	monday := day.AddDate(0, 0, -(int(day.Weekday())+6)%7)
	return monday.AddDate(0, 0, 28*p.Number-1)
}

// label is how the office calls a run of the period.
func (c Company) label(p Period) string {
	if c.TaxPeriod == Week4 {
		return "Periode " + strconv.Itoa(p.Number) + " " + strconv.Itoa(p.Year)
	}
	months := [...]string{
		"Januari", "Februari", "Maart", "April", "Mei", "Juni",
		"Juli", "Augustus", "September", "Oktober", "November", "December",
	}
	return months[p.Number-1] + " " + strconv.Itoa(p.Year)
}

// entry is one amount of a run at its finest division, debit positive.
type entry struct {
	Period     Period         `json:"period"`
	Account    string         `json:"account"`
	CostCentre string         `json:"cost_centre,omitempty"`
	CostUnit   string         `json:"cost_unit,omitempty"`
	Amount     journal.Amount `json:"amount"`
	Text       string         `json:"text"`
}

// group is where wages are paid, and for what.
type group struct {
	costCentre, costUnit string
	wages                journal.Amount // of an ordinary period
}

// groups are the wages of a company. A company that was added later gets the
// smallest set.
func groups(company int) []group {
	switch company {
	case DeHalm:
		return []group{
			{"100", "", 6_213_75}, {"200", "A1", 14_480_10}, {"200", "B2", 9_125_55}, {"300", "A1", 11_002_40}, {"300", "B2", 7_318_25},
		}
	case Transport:
		return []group{{"100", "", 4_105_60}, {"200", "A1", 12_744_35}}
	case OudeMolenBV:
		return []group{{"100", "", 3_890_15}, {"200", "A1", 8_431_05}}
	default:
		return []group{{"100", "", 2_750_45}}
	}
}

// share is so many percent of an amount, rounded to the cent away from zero at
// a half.
func share(a journal.Amount, percent int64) journal.Amount {
	n := int64(a) * percent
	if n < 0 {
		return journal.Amount((n - 50) / 100)
	}
	return journal.Amount((n + 50) / 100)
}

// wagesOf are the wages of a period: they grow a little every period, so that no
// two are the same.
func wagesOf(g group, p Period) journal.Amount {
	return g.wages + journal.Amount((p.Year-2025)*13+p.Number)*17_31
}

// ordinary is the payroll of one period. It balances by the way net wages are
// computed. In May the reserved holiday allowance of a year is paid.
func ordinary(company int, p Period) []entry {
	var all []entry
	var tax, pension, holiday, net journal.Amount
	for _, g := range groups(company) {
		cost := func(account, text string, amount journal.Amount) {
			all = append(all, entry{p, account, g.costCentre, g.costUnit, amount, text})
		}
		wages := wagesOf(g, p)
		reserved, social, employer, travel := share(wages, 8), share(wages, 18), share(wages, 9), journal.Amount(123_45)
		cost("4000", "Bruto lonen", wages)
		cost("4010", "Vakantiegeld reservering", reserved)
		cost("4050", "Sociale lasten werkgever", social)
		cost("4060", "Pensioenpremie werkgever", employer)
		cost("4070", "Reiskosten", travel)
		withheld, own := share(wages, 31), share(wages, 5)
		tax += social + withheld
		pension += employer + own
		holiday += reserved
		net += wages - withheld - own + travel
	}
	owe := func(account, text string, amount journal.Amount) {
		all = append(all, entry{Period: p, Account: account, Amount: -amount, Text: text})
	}
	if p.Number == 5 {
		paid := 12 * holiday
		all = append(all, entry{Period: p, Account: "1730", Amount: paid, Text: "Uitbetaling vakantiegeld"})
		net += paid
	}
	owe("1700", "Af te dragen loonheffingen", tax)
	owe("1710", "Af te dragen pensioenpremie", pension)
	owe("1730", "Reservering vakantiegeld", holiday)
	owe("1720", "Netto lonen te betalen", net)
	return all
}

// raised is the correction of an earlier period in which somebody's wages were
// too low. It balances on its own.
func raised(p Period, costCentre, costUnit string, wages journal.Amount) []entry {
	reserved, social, withheld := share(wages, 8), share(wages, 18), share(wages, 31)
	return []entry{
		{p, "4000", costCentre, costUnit, wages, "Bruto lonen"},
		{p, "4010", costCentre, costUnit, reserved, "Vakantiegeld reservering"},
		{p, "4050", costCentre, costUnit, social, "Sociale lasten werkgever"},
		{Period: p, Account: "1700", Amount: -social - withheld, Text: "Af te dragen loonheffingen"},
		{Period: p, Account: "1730", Amount: -reserved, Text: "Reservering vakantiegeld"},
		{Period: p, Account: "1720", Amount: withheld - wages, Text: "Netto lonen te betalen"},
	}
}

// moved is the correction of an earlier period in which somebody worked
// elsewhere: the new cost centre is debited, the old one reversed.
func moved(p Period, from, to, costUnit string, wages journal.Amount) []entry {
	return []entry{
		{p, "4000", to, costUnit, wages, "Bruto lonen"},
		{p, "4050", to, costUnit, share(wages, 18), "Sociale lasten werkgever"},
		{p, "4000", from, costUnit, -wages, "Bruto lonen"},
		{p, "4050", from, costUnit, -share(wages, 18), "Sociale lasten werkgever"},
	}
}
