package nmbrs

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"loonbrug/data/journal"
)

// Run is a payroll run. Its journal is not part of it: that is asked for.
type Run struct {
	ID          int       `json:"id"`
	Company     int       `json:"company"`
	Number      int       `json:"number"`
	Year        int       `json:"year"`
	From        int       `json:"from"` // first period
	Until       int       `json:"until"`
	Description string    `json:"description"`
	RunAt       time.Time `json:"run_at"` // on the office's clock; the wire has no zone
	Locked      bool      `json:"locked"`
	Changed     int       `json:"changed,omitempty"` // times it was recalculated
}

// run is what the books hold of a run.
type run struct {
	Run
	Entries []entry `json:"entries"`
}

// state is what outlives the program.
type state struct {
	Companies   []Company `json:"companies"`
	Runs        []run     `json:"runs"` // by company, year and number
	LastCompany int       `json:"last_company"`
	LastRun     int       `json:"last_run"`

	Refresh map[string]string `json:"refresh,omitempty"` // scopes of the REST API by refresh token
}

// Errors of the changes below.
var (
	ErrNotFound = errors.New("practice Nmbrs: no such debtor, company or run")
	ErrLocked   = errors.New("practice Nmbrs: the run is locked")
	ErrInvalid  = errors.New("practice Nmbrs: not a valid value")
)

// Companies lists the companies as they are now, by id.
func (s *Server) Companies() []Company {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.state.Companies)
}

// Runs lists the runs of a company as they are now, by year and number.
func (s *Server) Runs(company int) []Run {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []Run
	for _, r := range s.state.Runs {
		if r.Company == company {
			all = append(all, r.Run)
		}
	}
	return all
}

// LockRun locks a run, as the payroll office does when it is done with it.
func (s *Server) LockRun(id int) error {
	return s.changeRun(id, func(r *run) error {
		r.Locked = true
		return nil
	})
}

// Recalculate changes the journal of a run that is not locked: one person's wages
// rise by 10.00 each time, and the net wages with them.
func (s *Server) Recalculate(id int) error {
	const more journal.Amount = 10_00
	return s.changeRun(id, func(r *run) error {
		if r.Locked {
			return ErrLocked
		}
		of := r.Entries[0] // the line of a journal it adds to
		r.Entries = append(slices.Clone(r.Entries),
			entry{of.Period, "4000", of.CostCentre, of.CostUnit, more, "Bruto lonen"},
			entry{Period: of.Period, Account: "1720", Amount: -more, Text: "Netto lonen te betalen"})
		r.Changed++
		return nil
	})
}

// DeleteRun takes a run away, locked or not.
func (s *Server) DeleteRun(id int) error {
	return s.change(func(next *state) error {
		i := next.find(id)
		if i < 0 {
			return ErrNotFound
		}
		next.Runs = slices.Delete(next.Runs, i, i+1)
		return nil
	})
}

// AddRun makes the run of a period that is not locked yet and gives its id. The
// zero period is the one after the company's latest. A run of a period that has
// one already is a second one. The run holds a correction of each of the earlier
// periods in corrects.
func (s *Server) AddRun(company int, p Period, corrects ...Period) (id int, err error) {
	err = s.change(func(next *state) error {
		c, ok := next.company(company)
		if !ok {
			return ErrNotFound
		}
		if p == (Period{}) {
			p = c.next(next.latest(c, s.options.Clock()))
		}
		if !c.has(p) {
			return fmt.Errorf("%w: period %d of %d", ErrInvalid, p.Number, p.Year)
		}
		next.LastRun++
		id = next.LastRun
		r := run{Run: Run{
			ID: id, Company: company, Number: next.number(company, p.Year), Year: p.Year, From: p.Number, Until: p.Number,
			Description: c.label(p), RunAt: s.options.Clock().Truncate(time.Second),
		}, Entries: ordinary(company, p)}
		for _, earlier := range corrects {
			if !c.has(earlier) || !earlier.before(p) {
				return fmt.Errorf("%w: correction of period %d of %d", ErrInvalid, earlier.Number, earlier.Year)
			}
			r.Entries = append(r.Entries, raised(earlier, "100", "", 212_60)...)
		}
		next.add(r)
		return nil
	})
	return id, err
}

// has tells whether the company has a period in the years the office works in.
func (c Company) has(p Period) bool {
	return p.Number >= 1 && p.Number <= c.periods() && p.Year >= firstYear && p.Year <= lastYear
}

// AddCompany makes a company without runs and gives its id. taxPeriod is [Month]
// or [Week4].
func (s *Server) AddCompany(debtor int, name, taxPeriod string) (id int, err error) {
	name = strings.Join(strings.Fields(name), " ")
	printable := !strings.ContainsFunc(name, func(r rune) bool { return r < ' ' || r >= 0xFFFD })
	if name == "" || len(name) > 200 || !printable || taxPeriod != Month && taxPeriod != Week4 {
		return 0, fmt.Errorf("%w: name or tax period", ErrInvalid)
	}
	if !slices.ContainsFunc(Debtors(), func(d Debtor) bool { return d.ID == debtor }) {
		return 0, ErrNotFound
	}
	err = s.change(func(next *state) error {
		number := 0
		for _, c := range next.Companies {
			number = max(number, c.Number)
		}
		next.LastCompany++
		id = next.LastCompany
		next.Companies = append(next.Companies, Company{ID: id, Debtor: debtor, Number: number + 1, Name: name, TaxPeriod: taxPeriod})
		return nil
	})
	return id, err
}

func (s *Server) changeRun(id int, do func(*run) error) error {
	return s.change(func(next *state) error {
		i := next.find(id)
		if i < 0 {
			return ErrNotFound
		}
		return do(&next.Runs[i])
	})
}

// change does one change on a copy of the books and keeps it; an error leaves
// them as they were.
func (s *Server) change(do func(next *state) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	next := s.state
	next.Companies, next.Runs = slices.Clone(next.Companies), slices.Clone(next.Runs)
	if err := do(&next); err != nil {
		return err
	}
	if err := s.file.Save(next); err != nil {
		return err
	}
	s.state = next
	return nil
}

func (s *state) find(run int) int {
	for i := range s.Runs {
		if s.Runs[i].ID == run {
			return i
		}
	}
	return -1
}

func (s *state) company(id int) (Company, bool) {
	i := slices.IndexFunc(s.Companies, func(c Company) bool { return c.ID == id })
	if i < 0 {
		return Company{}, false
	}
	return s.Companies[i], true
}

// latest is the last period that a company ran; one that never did is at the
// end of last year.
func (s *state) latest(c Company, now time.Time) Period {
	var last Period
	for _, r := range s.Runs {
		if p := (Period{r.Year, r.Until}); r.Company == c.ID && last.before(p) {
			last = p
		}
	}
	if last == (Period{}) {
		return Period{now.Year() - 1, c.periods()}
	}
	return last
}

// number is the one after the highest of a company's runs in a year.
func (s *state) number(company, year int) int {
	n := 0
	for _, r := range s.Runs {
		if r.Company == company && r.Year == year {
			n = max(n, r.Number)
		}
	}
	return n + 1
}

// add puts a run in its place.
func (s *state) add(r run) {
	s.Runs = append(s.Runs, r)
	slices.SortFunc(s.Runs, func(a, b run) int {
		return cmp.Or(cmp.Compare(a.Company, b.Company), cmp.Compare(a.Year, b.Year), cmp.Compare(a.Number, b.Number))
	})
}
