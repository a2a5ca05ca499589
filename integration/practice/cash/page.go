package cash

import (
	"net/http"
	"slices"
	"strconv"

	"loonbrug/integration/practice/books"
)

// page shows the books of one administration.
func (s *Server) page(w http.ResponseWriter, r *http.Request) {
	a := s.has(r.URL.Query().Get("admin"))
	journals := slices.DeleteFunc(s.Journals(), func(j books.Journal) bool { return j.Company != a.code })
	p := books.Page{
		System: "CASH", Title: a.name, Faults: s.faults.Status(), Control: "/control",
		Text:   "Administration " + a.code + ", relation " + Relation + ". Imports waiting: " + strconv.Itoa(s.waiting(a.code)) + ".",
		Tables: append(books.JournalTables(journals), a.tables()...),
	}
	for _, other := range s.office {
		p.Links = append(p.Links, books.Link{Text: other.name, Path: "/?admin=" + other.code})
	}
	books.Render(w, p)
}

// tables shows what may be booked.
func (a administration) tables() []books.Table {
	chart := books.Table{Caption: "Ledger accounts", Head: []string{"Number", "Name"}}
	for _, x := range a.accounts {
		chart.Rows = append(chart.Rows, []string{x.number, x.name})
	}
	daybooks := books.Table{Caption: "Daybooks", Head: []string{"Code", "Name"}}
	for _, x := range a.daybooks {
		daybooks.Rows = append(daybooks.Rows, []string{x.code, x.name})
	}
	centres := books.Table{Caption: "Cost centres", Head: []string{"Code", "Name"}}
	for _, x := range a.costCentres {
		centres.Rows = append(centres.Rows, []string{x.code, x.name})
	}
	return []books.Table{chart, daybooks, centres}
}
