package visma

import (
	"fmt"
	"net/http"
	"slices"

	"loonbrug/data/journal"
	"loonbrug/integration/practice/books"
)

// Journals lists everything booked, company by company, in the order of booking.
// The company of a journal is its tenant.
func (s *Server) Journals() []books.Journal {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.settle()
	var all []books.Journal
	for i := range s.opt.Companies {
		all = append(all, s.journalsOf(&s.opt.Companies[i])...)
	}
	return all
}

// journalsOf is [Server.Journals] for one company. Called with s.mu held.
func (s *Server) journalsOf(c *Company) []books.Journal {
	var all []books.Journal
	for _, b := range s.state.Ledgers[c.Tenant].Batches {
		j := books.Journal{
			Company: c.Tenant, Number: b.Number, Date: b.Date, Period: b.Period,
			Text: b.Description, State: b.Status, Void: b.Status == statusVoided,
		}
		for _, l := range b.Lines {
			j.Lines = append(j.Lines, books.Line{Account: l.Account, Dimensions: slices.Clone(l.Segments), Amount: l.Debit - l.Credit, Text: l.Text})
		}
		all = append(all, j)
	}
	return all
}

// Booked counts the batches that still stand by the business key in their
// description. More than one is a double booking.
func (s *Server) Booked() map[string]int { return books.CountByKey(s.Journals()) }

// Void does what a bookkeeper does in screen GL301000 with a batch that must not
// count.
func (s *Server) Void(tenant, number string) error {
	return s.edit(tenant, number, func(b *batch) { b.Status = statusVoided })
}

// Move puts the first line of a batch on another account.
func (s *Server) Move(tenant, number, account string) error {
	return s.edit(tenant, number, func(b *batch) { b.Lines[0].Account = account })
}

// Remove deletes a batch, which only the ERP screen can; reading it is 404 then.
func (s *Server) Remove(tenant, number string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	l, b := s.lookUp(tenant, number)
	if b == nil {
		return fmt.Errorf("practice visma.net: no batch %q", number)
	}
	before := l.Batches
	l.Batches = slices.DeleteFunc(slices.Clone(before), func(other *batch) bool { return other == b })
	return s.commit(func() { l.Batches = before })
}

// SetCompany changes the set-up of a company, as its administrator does: a closed
// period, an account switched off, a setting. It lasts until the program ends.
func (s *Server) SetCompany(tenant string, change func(*Company)) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	i := slices.IndexFunc(s.opt.Companies, func(c Company) bool { return c.Tenant == tenant })
	if i < 0 {
		return fmt.Errorf("practice visma.net: no company %q", tenant)
	}
	change(&s.opt.Companies[i])
	return nil
}

func (s *Server) edit(tenant, number string, change func(*batch)) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	l, b := s.lookUp(tenant, number)
	if b == nil {
		return fmt.Errorf("practice visma.net: no batch %q", number)
	}
	changed := b.clone()
	change(changed)
	s.touch(changed)
	i := slices.Index(l.Batches, b)
	l.Batches[i] = changed
	return s.commit(func() { l.Batches[i] = b })
}

func (s *Server) lookUp(tenant, number string) (*ledger, *batch) {
	l, known := s.state.Ledgers[tenant]
	if !known {
		return nil, nil
	}
	return l, l.find(number)
}

// page shows the books of each company.
func (s *Server) page(w http.ResponseWriter, _ *http.Request) {
	p := books.Page{
		System: "Visma.net", Title: "General ledger", Control: "/control", Faults: s.faults.Status(),
		Links: []books.Link{{Text: "As JSON", Path: "/journals"}, {Text: "Log out", Path: "/connect/endsession"}},
	}
	s.mu.Lock()
	for i := range s.opt.Companies {
		c := &s.opt.Companies[i]
		p.Tables = append(p.Tables, s.chart(c), s.segmentTable(c))
		tables := books.JournalTables(s.journalsOf(c))
		tables[0].Caption = c.Name + ": journal transactions"
		p.Tables = append(p.Tables, tables...)
	}
	s.mu.Unlock()
	books.Render(w, p)
}

// chart is the chart of accounts with what stands on each account.
func (s *Server) chart(c *Company) books.Table {
	debit, credit := make(map[string]journal.Amount), make(map[string]journal.Amount)
	for _, b := range s.state.Ledgers[c.Tenant].Batches {
		if b.Status == statusVoided {
			continue
		}
		for _, l := range b.Lines {
			debit[l.Account] += b.base(l.Debit)
			credit[l.Account] += b.base(l.Credit)
		}
	}
	t := books.Table{Caption: c.Name + ": chart of accounts, " + c.Currency, Head: []string{"Account", "Description", "Type", "Note", "Debit", "Credit"}, Numbers: []int{4, 5}}
	for _, a := range c.Accounts {
		t.Rows = append(t.Rows, []string{a.Code, a.Name, a.Type, a.note(), debit[a.Code].String(), credit[a.Code].String()})
	}
	return t
}

func (a Account) note() string {
	switch {
	case a.Inactive:
		return "inactive"
	case a.NetIncome:
		return "net income"
	case a.Control != "":
		return "control account of " + a.Control
	}
	return a.Currency
}

func (s *Server) segmentTable(c *Company) books.Table {
	t := books.Table{Caption: c.Name + ": segments", Head: []string{"Segment", "Value", "Description", "Note"}}
	for _, segment := range c.Segments {
		for _, v := range s.state.Ledgers[c.Tenant].Values[segment.ID] {
			note := ""
			if v.Inactive {
				note = "inactive"
			}
			t.Rows = append(t.Rows, []string{segment.Name, v.Code, v.Name, note})
		}
	}
	return t
}
