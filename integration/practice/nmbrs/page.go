package nmbrs

import (
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"

	"loonbrug/data/journal"
	"loonbrug/integration/practice/books"
)

// officePath takes the changes of the page.
const officePath = "/office"

// page shows the companies, and the runs of one with buttons to change them.
func (s *Server) page(w http.ResponseWriter, r *http.Request) {
	all := s.Companies()
	shown := all[0]
	for _, c := range all {
		if strconv.Itoa(c.ID) == r.URL.Query().Get("company") {
			shown = c
		}
	}
	p := books.Page{
		System: "Nmbrs", Title: shown.Name, Faults: s.faults.Status(), Control: "/control",
		Text:    "Environment " + Domain + ". Company " + strconv.Itoa(shown.ID) + ", number " + strconv.Itoa(shown.Number) + ", tax period " + shown.TaxPeriod + ".",
		Tables:  []books.Table{s.runTable(shown)},
		Actions: s.officeActions(shown),
	}
	for _, c := range all {
		p.Links = append(p.Links, books.Link{Text: c.Name, Path: "/?company=" + strconv.Itoa(c.ID)})
	}
	books.Render(w, p)
}

func (s *Server) runTable(c Company) books.Table {
	t := books.Table{
		Caption: "Runs",
		Head:    []string{"Id", "Number", "Year", "Periods", "Description", "Run at", "Locked", "Recalculated", "Debit"}, Numbers: []int{8},
	}
	for _, r := range s.told(c) {
		id := books.Value{Name: "run", Value: strconv.Itoa(r.ID)}
		locked := "no"
		var actions []books.Action
		if r.Locked {
			locked = "yes"
		} else {
			actions = append(actions, s.button("Lock", "lock", c, id), s.button("Recalculate", "recalculate", c, id))
		}
		t.Rows = append(t.Rows, []string{
			strconv.Itoa(r.ID), strconv.Itoa(r.Number), strconv.Itoa(r.Year), strconv.Itoa(r.From) + "–" + strconv.Itoa(r.Until),
			r.Description, r.RunAt.Format("2006-01-02 15:04"), locked, strconv.Itoa(r.Changed), r.Debit.String(),
		})
		t.Actions = append(t.Actions, append(actions, s.button("Delete", "delete", c, id)))
	}
	return t
}

func (s *Server) officeActions(c Company) []books.Action {
	add := s.button("Add a company", "add_company", c,
		books.Value{Name: "debtor", Label: "Debtor id", Value: strconv.Itoa(HalmGroep), Ask: true},
		books.Value{Name: "name", Label: "Name", Ask: true},
		books.Value{Name: "tax_period", Label: "Month or Week4", Value: Month, Ask: true})
	run := s.button("Add the run of the next period", "add_run", c, books.Value{Name: "corrects", Label: "with corrections of (as in 12/2025 6/2026)", Ask: true})
	return []books.Action{run, add}
}

// button is a form of the page; company is where it leads back to.
func (s *Server) button(text, action string, c Company, more ...books.Value) books.Action {
	values := append([]books.Value{
		{Name: "action", Value: action}, {Name: "company", Value: strconv.Itoa(c.ID)}, {Name: "back", Value: "1"},
	}, more...)
	return books.Action{Text: text, Path: officePath, Values: values}
}

// told is a run with what its journal comes to.
type told struct {
	Run
	Debit        journal.Amount `json:"debit"`
	Transactions int            `json:"transactions"`
}

func (s *Server) told(c Company) []told {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := []told{}
	for _, r := range s.state.Runs {
		if r.Company != c.ID {
			continue
		}
		t := told{Run: r.Run, Transactions: len(divide(c, r.Entries, byCompany))}
		for _, e := range r.Entries {
			t.Debit += max(e.Amount, 0)
		}
		all = append(all, t)
	}
	return all
}

// listRuns gives companies and runs as JSON, for proofs from outside.
func (s *Server) listRuns(w http.ResponseWriter, _ *http.Request) {
	type listed struct {
		Company
		Runs []told `json:"runs"`
	}
	all := []listed{}
	for _, c := range s.Companies() {
		all = append(all, listed{c, s.told(c)})
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	_ = json.NewEncoder(w).Encode(all)
}

// changeOffice does one change of the office with form values, and answers with the
// id of what was changed or made; "back" sends a browser to the page.
func (s *Server) changeOffice(w http.ResponseWriter, r *http.Request) {
	id, err := s.changeBy(r)
	switch {
	case errors.Is(err, ErrNotFound):
		http.Error(w, err.Error(), http.StatusNotFound)
	case errors.Is(err, ErrInvalid):
		http.Error(w, err.Error(), http.StatusBadRequest)
	case errors.Is(err, ErrLocked):
		http.Error(w, err.Error(), http.StatusConflict)
	case err != nil:
		s.options.Log.Error("practice Nmbrs cannot keep its books", "error", err)
		http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
	case r.FormValue("back") != "":
		back := "/"
		if company, err := strconv.Atoi(r.FormValue("company")); err == nil {
			back = "/?company=" + strconv.Itoa(company)
		}
		http.Redirect(w, r, back, http.StatusSeeOther)
	default:
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(map[string]int{"id": id})
	}
}

func (s *Server) changeBy(r *http.Request) (id int, err error) {
	value := func(name string) int {
		text := strings.TrimSpace(r.FormValue(name))
		n, bad := strconv.Atoi(text)
		if bad != nil && text != "" {
			err = ErrInvalid
		}
		return n
	}
	run, company, period, debtor := value("run"), value("company"), Period{value("year"), value("period")}, value("debtor")
	if err != nil {
		return 0, err
	}
	switch r.FormValue("action") {
	case "lock":
		return run, s.LockRun(run)
	case "recalculate":
		return run, s.Recalculate(run)
	case "delete":
		return run, s.DeleteRun(run)
	case "add_run":
		corrects, err := readPeriods(r.FormValue("corrects"))
		if err != nil {
			return 0, err
		}
		return s.AddRun(company, period, corrects...)
	case "add_company":
		return s.AddCompany(debtor, r.FormValue("name"), r.FormValue("tax_period"))
	default:
		return 0, ErrInvalid
	}
}

// readPeriods reads periods as journals write them, with blanks between them.
func readPeriods(text string) ([]Period, error) {
	var all []Period
	for _, word := range strings.Fields(text) {
		before, after, _ := strings.Cut(word, "/")
		number, errNumber := strconv.Atoi(before)
		year, errYear := strconv.Atoi(after)
		if errNumber != nil || errYear != nil {
			return nil, ErrInvalid
		}
		all = append(all, Period{year, number})
	}
	return all, nil
}
