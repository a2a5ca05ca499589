package procountor

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"time"

	"loonbrug/integration/practice/books"
)

// state is what outlives the program.
type state struct {
	Receipts []stored         `json:"receipts"`
	Refresh  map[string]token `json:"refresh,omitempty"`
	Version  string           `json:"version,omitempty"` // the latest one given
}

// stored is a receipt in the books of a company. Ids count through all
// companies, numbers of vouchers in each.
type stored struct {
	Company int     `json:"company"`
	Created string  `json:"created"`
	Receipt receipt `json:"receipt"`
}

const (
	firstReceiptID     = 880001
	firstInvoiceID     = 990001
	firstInvoiceNumber = 5001
	wireTime           = "2006-01-02T15:04:05"
)

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
	c.Receipts = slices.Clone(c.Receipts)
	c.Refresh = maps.Clone(c.Refresh)
	return c
}

// nextVersion is the time, and later than every version given before.
func (s *Server) nextVersion() string {
	now := s.options.Clock().Format(wireTime)
	if now <= s.state.Version {
		last, err := time.Parse(wireTime, s.state.Version)
		if err == nil {
			now = last.Add(time.Second).Format(wireTime)
		}
	}
	s.state.Version = now
	return now
}

// add puts a new receipt into the books of a company. The caller holds the lock.
func (s *Server) add(company int, r receipt) (receipt, error) {
	before := s.copyState()
	r.ID = firstReceiptID + len(s.state.Receipts)
	r.InvoiceID = firstInvoiceID + len(s.state.Receipts)
	r.InvoiceNumber = firstInvoiceNumber
	for _, other := range s.state.Receipts {
		if other.Company == company {
			r.InvoiceNumber++
		}
	}
	r.Status = unfinished
	r.Version = s.nextVersion()
	r.numberRows()
	s.state.Receipts = append(s.state.Receipts, stored{company, r.Version, r})
	return r, s.keep(before)
}

// numberRows gives each row its id.
func (r receipt) numberRows() {
	for i := range r.Transactions {
		r.Transactions[i].ID = i + 1
	}
}

// find gives the place of a receipt in the books of a company, or -1. The
// caller holds the lock.
func (s *Server) find(company int, id string) int {
	return slices.IndexFunc(s.state.Receipts, func(x stored) bool {
		return x.Company == company && strconv.Itoa(x.Receipt.ID) == id
	})
}

// replace puts a receipt in the place of what was there, with a new version.
// The caller holds the lock.
func (s *Server) replace(i int, r receipt) (receipt, error) {
	before := s.copyState()
	r.Version = s.nextVersion()
	s.state.Receipts[i].Receipt = r
	return r, s.keep(before)
}

// Move does what a bookkeeper does who puts the first row of a receipt on another
// account. The company and the number are those of its journal.
func (s *Server) Move(company, number, account string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	i := slices.IndexFunc(s.state.Receipts, func(x stored) bool {
		return strconv.Itoa(x.Company) == company && strconv.Itoa(x.Receipt.InvoiceNumber) == number
	})
	if i < 0 {
		return fmt.Errorf("practice procountor: no receipt %q", number)
	}
	r := s.state.Receipts[i].Receipt
	r.Transactions = slices.Clone(r.Transactions)
	r.Transactions[0].Account = account
	_, err := s.replace(i, r)
	return err
}

// Journals lists the receipts of all companies, the oldest first. The number is
// the invoice number, the text the name, the state the status; an invalidated
// receipt is void.
func (s *Server) Journals() []books.Journal {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := make([]books.Journal, 0, len(s.state.Receipts))
	for _, x := range s.state.Receipts {
		all = append(all, x.journal(s.company(x.Company)))
	}
	return all
}

func (x stored) journal(c company) books.Journal {
	r := x.Receipt
	j := books.Journal{
		Company: strconv.Itoa(x.Company), Number: strconv.Itoa(r.InvoiceNumber), Date: r.ReceiptDate,
		Period: r.ReceiptDate[:len("2006-01")], Text: r.Name, State: r.Status, Void: r.Status == invalidated,
	}
	for _, t := range r.Transactions {
		l := books.Line{Account: t.Account, Amount: t.AccountingValue.cents, Text: t.Description}
		for _, d := range t.Dimensions {
			found, _ := c.item(d.DimensionID, d.ItemID)
			l.Dimensions = append(l.Dimensions, found.CodeName)
		}
		j.Lines = append(j.Lines, l)
	}
	return j
}
