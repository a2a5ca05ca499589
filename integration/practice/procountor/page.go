package procountor

import (
	"net/http"
	"slices"
	"strconv"

	"loonbrug/integration/practice/books"
)

// page shows the books of one company.
func (s *Server) page(w http.ResponseWriter, r *http.Request) {
	i := slices.IndexFunc(s.office, func(c company) bool { return strconv.Itoa(c.id) == r.URL.Query().Get("company") })
	c := s.office[max(0, i)]
	journals := slices.DeleteFunc(s.Journals(), func(j books.Journal) bool { return j.Company != strconv.Itoa(c.id) })
	p := books.Page{
		System: "Procountor", Title: c.name, Faults: s.faults.Status(), Control: "/control",
		Text:   "Company " + strconv.Itoa(c.id) + ", " + c.country + ", amounts in " + c.currency + ".",
		Tables: append(books.JournalTables(journals), c.tables()...),
	}
	for _, other := range s.office {
		p.Links = append(p.Links, books.Link{Text: other.name, Path: "/?company=" + strconv.Itoa(other.id)})
	}
	books.Render(w, p)
}

// tables shows what may be booked.
func (c company) tables() []books.Table {
	chart := books.Table{Caption: "Ledger accounts", Head: []string{"Code", "Name", ""}}
	for _, a := range c.accounts {
		note := ""
		if a.inactive {
			note = "inactive"
		}
		chart.Rows = append(chart.Rows, []string{a.code, a.name, note})
	}
	tables := []books.Table{chart}
	for _, d := range c.dimensions {
		t := books.Table{Caption: d.Name, Head: []string{"Item", "Description", ""}}
		for _, x := range d.Items {
			note := ""
			if x.Status == "P" {
				note = "passive"
			}
			t.Rows = append(t.Rows, []string{x.CodeName, x.Description, note})
		}
		tables = append(tables, t)
	}
	return tables
}
