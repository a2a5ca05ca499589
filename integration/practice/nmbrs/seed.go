package nmbrs

import "time"

// The payroll years of the office: journals begin in the first, and no run can be
// added after the last.
const (
	firstYear = 2025
	lastYear  = 2099
)

// The latest periods of 2026 that have run; they are not locked.
const (
	latestMonth = 11
	latestWeek4 = 12
)

// seed is the office as it begins: the whole of 2025, and 2026 until November.
func seed() state {
	s := state{Companies: Companies(), LastCompany: 54700, LastRun: 890000}
	from := map[int]Period{
		DeHalm: {2025, 1}, Transport: {2025, 1}, TestCompany: {2026, 9}, OudeMolenBV: {2026, 1},
	}
	for i, c := range s.Companies {
		last := Period{2026, latestMonth}
		if c.TaxPeriod == Week4 {
			last.Number = latestWeek4
		}
		for p := from[c.ID]; !last.before(p); p = c.next(p) {
			s.seedRun(i, c, p, last)
			if c.ID == DeHalm && p == (Period{2026, 9}) {
				s.seedCorrection(i, c)
			}
		}
	}
	return s
}

// seedRun adds the run of a period. Two runs of De Halm hold corrections: that of
// February 2026 one of December 2025, and that of August 2026 of the two months
// before.
func (s *state) seedRun(place int, c Company, p, last Period) {
	r := run{Run: Run{
		Company: c.ID, Number: s.number(c.ID, p.Year), Year: p.Year, From: p.Number, Until: p.Number,
		Description: c.label(p), RunAt: c.ranAt(p), Locked: p.before(last),
	}, Entries: ordinary(c.ID, p)}
	switch {
	case c.ID == DeHalm && p == (Period{2026, 2}):
		r.Entries = append(r.Entries, raised(Period{2025, 12}, "200", "A1", 315_20)...)
	case c.ID == DeHalm && p == (Period{2026, 8}):
		r.Entries = append(r.Entries, raised(Period{2026, 7}, "300", "B2", 180_40)...)
		r.Entries = append(r.Entries, raised(Period{2026, 6}, "300", "B2", 175_15)...)
	}
	r.ID = runID(place, r.Run)
	s.add(r)
}

// seedCorrection adds a run of corrections alone: somebody had worked at another
// cost centre in August and September.
func (s *state) seedCorrection(place int, c Company) {
	r := run{Run: Run{
		Company: c.ID, Number: s.number(c.ID, 2026), Year: 2026, From: 8, Until: 9,
		Description: "Correctie", RunAt: time.Date(2026, time.September, 29, 15, 2, 10, 0, time.UTC), Locked: true,
	}}
	for _, month := range []int{9, 8} {
		r.Entries = append(r.Entries, moved(Period{2026, month}, "200", "300", "A1", 1_240_00)...)
	}
	r.ID = runID(place, r.Run)
	s.add(r)
}

// runID is the id of a seeded run; it differs from the run's number on purpose.
func runID(place int, r Run) int {
	return 870000 + (r.Year-firstYear)*10000 + place*1000 + r.Number
}

// ranAt is when the office ran a period: ten days before it ends.
func (c Company) ranAt(p Period) time.Time {
	return c.lastDay(p).AddDate(0, 0, -10).Add(9*time.Hour + 12*time.Minute + 44*time.Second)
}
