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
	record, rows, why := s.records(a, r.PathValue("record"), strings.Split(r.URL.Query().Get("params"), "|"))
	switch {
	case why != "":
		refuse(w, http.StatusBadRequest, "Error export", why)
	case record == "8504":
		reply(w, http.StatusOK, map[string]any{"R8504": rows[0]})
	default:
		s.rows(w, record, rows)
	}
}

// records does an export command: the number of the record with all its digits
// and its rows, or why there are none.
func (s *Server) records(a administration, command string, params []string) (record string, rows []map[string]string, why string) {
	match := recordName.FindStringSubmatch(command)
	if match == nil {
		return "", nil, unknownRecord(command)
	}
	record = match[1]
	if len(record) == 3 {
		record = "0" + record
	}
	switch record {
	case "0201":
		rows = a.accountRows()
	case "0901":
		rows = a.daybookRows()
	case "0911":
		rows = a.costCentreRows()
	case "0101":
		rows = a.relationRows()
	case "0301":
		rows, why = s.mutations(a, params)
	case "8504":
		rows, why = s.nextDocument(a, params)
	default:
		why = unknownRecord(command)
	}
	return record, rows, why
}

func unknownRecord(command string) string {
	return "[praktijk] Record " + strconv.Quote(command) + " wordt hier niet geleverd"
}

// rows answers in one of the shapes that were seen: a list below the record's
// name, an object with numbered keys, a bare list.
func (s *Server) rows(w http.ResponseWriter, record string, rows []map[string]string) {
	if rows == nil {
		rows = []map[string]string{}
	}
	if s.faults.Take(FaultRowsEmpty) {
		rows = rows[:0]
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
func (s *Server) mutations(a administration, params []string) (rows []map[string]string, why string) {
	from, to := "0000", "9999"
	switch {
	case len(params) == 1 && params[0] == "":
	case len(params) == 2 && period.MatchString(params[0]) && period.MatchString(params[1]):
		from, to = params[0], params[1]
	default:
		return nil, "Ongeldige waarde 0301=" + strings.Join(params, "|")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, d := range s.state.Documents {
		for _, l := range d.Lines {
			if p := l.period(); d.Administration == a.code && from <= p && p <= to {
				rows = append(rows, l.export())
			}
		}
	}
	return rows, ""
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
func (s *Server) nextDocument(a administration, params []string) (rows []map[string]string, why string) {
	if len(params) != 2 || len(params[0]) != 2 || !digits6.MatchString(params[0]) {
		return nil, "Ongeldige waarde 8504=" + strings.Join(params, "|")
	}
	daybook := strings.ToUpper(params[1])
	if !a.hasDaybook(daybook) {
		return nil, "Ongeldige waarde 0901=" + params[1]
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return []map[string]string{{"Z0303": s.next(a.code, params[0], daybook)}}, ""
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
