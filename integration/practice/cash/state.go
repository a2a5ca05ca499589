package cash

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"loonbrug/data/journal"
	"loonbrug/integration/practice/books"
)

// state is what outlives the program.
type state struct {
	Documents    []document             `json:"documents"`
	Transactions map[string]transaction `json:"transactions,omitempty"`
	Serial       int                    `json:"serial"` // transactions ever made
}

// document is what CASH ties together by administration, book year, daybook and
// number; there is no header record.
type document struct {
	Administration string    `json:"administration"`
	Year           string    `json:"year"` // YY
	Daybook        string    `json:"daybook"`
	Number         string    `json:"number"` // six digits
	Lines          []line    `json:"lines"`
	Booked         time.Time `json:"booked"`
}

// line is one record 0301: its fields by number, and the amount in cents.
type line struct {
	Fields map[string]string `json:"fields"` // "0201" -> "4000", as CASH keeps them
	Amount journal.Amount    `json:"amount"`
}

// period is the period a line is booked in, YYPP.
func (l line) period() string {
	if p := l.Fields[fieldPeriod]; p != "" {
		return p
	}
	return l.Fields[fieldDate][:4]
}

// transaction is an import that waits, or what became of it.
type transaction struct {
	Administration string        `json:"administration"`
	Rows           []row         `json:"rows,omitempty"`
	Hold           hold          `json:"hold,omitempty"`
	Polls          int           `json:"polls,omitempty"`
	Done           bool          `json:"done,omitempty"`
	Errors         []importError `json:"errors,omitempty"`
	Created        string        `json:"created,omitempty"` // local time, as CASH writes it
	User           string        `json:"user,omitempty"`
}

// hold is why an import waits.
type hold string

const (
	holdPolls   hold = "polls"   // until it was asked about often enough
	holdRights  hold = "rights"  // the user may not import
	holdForever hold = "forever" // for no reason
)

// same tells whether a document is the one a line belongs to.
func (d document) same(administration, year, daybook, number string) bool {
	return d.Administration == administration && d.Year == year && d.Daybook == daybook && d.Number == number
}

// keep saves the state, or puts back what was before.
func (s *Server) keep(before state) error {
	if err := s.file.Save(s.state); err != nil {
		s.state = before
		return err
	}
	return nil
}

// copyState is a state that later bookings do not change.
func (s *Server) copyState() state {
	c := s.state
	c.Documents = slices.Clone(c.Documents)
	c.Transactions = maps.Clone(c.Transactions)
	return c
}

// Move does what a bookkeeper does who puts the first line of a document on another
// ledger account. The administration and the number are those of its journal.
func (s *Server) Move(administration, number, account string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	i := slices.IndexFunc(s.state.Documents, func(d document) bool {
		j := d.journal()
		return j.Company == administration && j.Number == number
	})
	if i < 0 {
		return fmt.Errorf("practice cash: no document %q", number)
	}
	before := s.copyState()
	d := &s.state.Documents[i]
	d.Lines = slices.Clone(d.Lines)
	d.Lines[0].Fields = maps.Clone(d.Lines[0].Fields)
	d.Lines[0].Fields[fieldAccount] = account
	return s.keep(before)
}

// Journals lists the documents that are booked, the oldest first. The number is
// daybook, book year and document number; the text is the reference F0711.
func (s *Server) Journals() []books.Journal {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := make([]books.Journal, 0, len(s.state.Documents))
	for _, d := range s.state.Documents {
		all = append(all, d.journal())
	}
	return all
}

func (d document) journal() books.Journal {
	first := d.Lines[0]
	j := books.Journal{
		Company: d.Administration,
		Number:  strings.Join([]string{d.Daybook, d.Year, d.Number}, "/"),
		Date:    isoDate(first.Fields[fieldDate]),
		Period:  first.period(),
		Text:    first.Fields[fieldReference],
		State:   "geboekt",
	}
	if j.Text == "" {
		j.Text = j.Number
	}
	for _, l := range d.Lines {
		b := books.Line{Account: l.Fields[fieldAccount], Amount: l.Amount, Text: l.Fields[fieldText]}
		if centre := l.Fields[fieldCostCentre]; centre != "" {
			b.Dimensions = []string{centre}
		}
		j.Lines = append(j.Lines, b)
	}
	return j
}

// next is the document number after the highest of a daybook and year.
func (s *Server) next(administration, year, daybook string) string {
	highest := "000000"
	for _, d := range s.state.Documents {
		if d.Administration == administration && d.Year == year && d.Daybook == daybook {
			highest = max(highest, d.Number)
		}
	}
	n := 0
	for _, digit := range highest {
		n = n*10 + int(digit-'0')
	}
	return fmt.Sprintf("%06d", n+1)
}

// isoDate and wireDate write a date YYMMDD, which has been checked, in full.
func isoDate(date string) string { return "20" + date[:2] + "-" + date[2:4] + "-" + date[4:] }

func wireDate(date string) string { return date[4:] + "-" + date[2:4] + "-20" + date[:2] }

// wireAmount writes an amount as CASH does: comma, two decimals, no separator.
func wireAmount(a journal.Amount) string { return strings.Replace(a.String(), ".", ",", 1) }
