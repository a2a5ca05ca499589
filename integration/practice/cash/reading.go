package cash

import (
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

func (s *Server) administrations(w http.ResponseWriter, _ *http.Request) {
	type adm struct{ Code, Name, ReadOnly string }
	var all []adm
	for _, a := range s.office {
		readOnly := "N"
		if a.readOnly {
			readOnly = "J"
		}
		all = append(all, adm{a.code, a.name, readOnly})
	}
	dir := map[string]any{"Name": "Halm Groep", "Relnm": Relation, "Adms": map[string]any{"Adm": all}}
	if s.faults.Take(FaultDirList) {
		reply(w, http.StatusOK, map[string]any{"Dir": []any{dir}})
		return
	}
	reply(w, http.StatusOK, map[string]any{"Dir": dir})
}

var recordName = regexp.MustCompile(`^(\d{3,4})T?$`)

// index answers with the rows of a record.
func (s *Server) index(w http.ResponseWriter, r *http.Request) {
	a, ok := s.administration(w, r.URL.Query().Get("admin"))
	if !ok {
		return
	}
	match := recordName.FindStringSubmatch(r.PathValue("record"))
	if match == nil {
		unknownRecord(w, r.PathValue("record"))
		return
	}
	record, params := match[1], strings.Split(r.URL.Query().Get("params"), "|")
	if len(record) == 3 {
		record = "0" + record
	}
	switch record {
	case "0201":
		s.rows(w, record, a.accountRows())
	case "0901":
		s.rows(w, record, a.daybookRows())
	case "0911":
		s.rows(w, record, a.costCentreRows())
	case "0101":
		s.rows(w, record, a.relationRows())
	case "0301":
		s.mutations(w, a, params)
	case "8504":
		s.nextDocument(w, a, params)
	default:
		unknownRecord(w, r.PathValue("record"))
	}
}

func unknownRecord(w http.ResponseWriter, record string) {
	refuse(w, http.StatusBadRequest, "Error export", "[praktijk] Record "+strconv.Quote(record)+" wordt hier niet geleverd")
}

// rows answers in one of the shapes that were seen: a list below the record's
// name, an object with numbered keys, a bare list.
func (s *Server) rows(w http.ResponseWriter, record string, rows []map[string]string) {
	if rows == nil {
		rows = []map[string]string{}
	}
	switch {
	case s.faults.Take(FaultRowsBare):
		reply(w, http.StatusOK, rows)
	case s.faults.Take(FaultRowsObject):
		numbered := make(map[string]any, len(rows))
		for i, r := range rows {
			numbered[strconv.Itoa(i)] = r
		}
		reply(w, http.StatusOK, map[string]any{"R" + record: numbered})
	default:
		reply(w, http.StatusOK, map[string]any{"R" + record: rows})
	}
}

func (a administration) accountRows() (rows []map[string]string) {
	for _, x := range a.accounts {
		rows = append(rows, map[string]string{"F0201": x.number, "F0202": strings.ToUpper(x.name), "F0203": x.name})
	}
	return rows
}

func (a administration) daybookRows() (rows []map[string]string) {
	for _, x := range a.daybooks {
		rows = append(rows, map[string]string{"F0901": x.code, "F0902": x.name, "F0903": x.kind})
	}
	return rows
}

func (a administration) costCentreRows() (rows []map[string]string) {
	for _, x := range a.costCentres {
		r := map[string]string{"F0911": x.code, "F0912": x.name}
		if x.blocked {
			r["F0208"] = "J"
		}
		rows = append(rows, r)
	}
	return rows
}

func (a administration) relationRows() (rows []map[string]string) {
	for _, x := range a.relations {
		rows = append(rows, map[string]string{"F0101": x.number, "F0102": strings.ToUpper(x.name), "F0103": x.name})
	}
	return rows
}

var period = regexp.MustCompile(`^\d{4}$`)

// mutations answers with what is booked from one period to another, or with all.
func (s *Server) mutations(w http.ResponseWriter, a administration, params []string) {
	from, to := "0000", "9999"
	switch {
	case len(params) == 1 && params[0] == "":
	case len(params) == 2 && period.MatchString(params[0]) && period.MatchString(params[1]):
		from, to = params[0], params[1]
	default:
		refuse(w, http.StatusBadRequest, "Error export", "Ongeldige waarde 0301="+strings.Join(params, "|"))
		return
	}
	s.mu.Lock()
	var rows []map[string]string
	for _, d := range s.state.Documents {
		for _, l := range d.Lines {
			if p := l.period(); d.Administration == a.code && from <= p && p <= to {
				rows = append(rows, l.export())
			}
		}
	}
	s.mu.Unlock()
	s.rows(w, "0301", rows)
}

// export writes a line as CASH gives it back.
func (l line) export() map[string]string {
	r := make(map[string]string, len(l.Fields)+1)
	for field, value := range l.Fields {
		r["F"+field] = value
	}
	r["F"+fieldPeriod] = l.period()
	r["F"+fieldDate] = wireDate(l.Fields[fieldDate])
	return r
}

// nextDocument gives the next free document number and does not reserve it.
func (s *Server) nextDocument(w http.ResponseWriter, a administration, params []string) {
	if len(params) != 2 || len(params[0]) != 2 || !digits6.MatchString(params[0]) {
		refuse(w, http.StatusBadRequest, "Error export", "Ongeldige waarde 8504="+strings.Join(params, "|"))
		return
	}
	daybook := strings.ToUpper(params[1])
	if !a.hasDaybook(daybook) {
		refuse(w, http.StatusBadRequest, "Error export", "Ongeldige waarde 0901="+params[1])
		return
	}
	s.mu.Lock()
	number := s.next(a.code, params[0], daybook)
	s.mu.Unlock()
	reply(w, http.StatusOK, map[string]any{"R8504": map[string]string{"Z0303": number}})
}

// waiting counts the imports that wait in an administration.
func (s *Server) waiting(code string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for _, t := range s.state.Transactions {
		if t.Administration == code && !t.Done {
			n++
		}
	}
	return n
}

// has finds an administration by its code, or gives the first.
func (s *Server) has(code string) administration {
	i := slices.IndexFunc(s.office, func(a administration) bool { return a.code == code })
	return s.office[max(0, i)]
}
