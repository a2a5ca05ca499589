package cash

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"loonbrug/data/journal"
)

const largestBody = 16 << 20

func (s *Server) postImport(w http.ResponseWriter, r *http.Request) {
	var body importBody
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, largestBody)).Decode(&body); err != nil {
		refuse(w, http.StatusBadRequest, "Error import", errShape.Error())
		return
	}
	a, ok := s.administration(w, body.Admin)
	if !ok {
		return
	}
	if a.readOnly {
		refuse(w, http.StatusForbidden, "Error import", "[praktijk] Administratie "+a.code+" is alleen te lezen")
		return
	}
	rows, err := readRows(body.Content.Cash)
	if err != nil {
		refuse(w, http.StatusBadRequest, "Error import", err.Error())
		return
	}
	if why := s.mustWait(r.Header.Get("Authorization")); why != "" {
		s.answerPending(w, transaction{Administration: a.code, Rows: rows, Hold: why, User: userName(r.Header.Get("Authorization"))})
		return
	}
	s.mu.Lock()
	refused, err := s.book(a, rows)
	s.mu.Unlock()
	switch {
	case err != nil:
		s.broken(w, err)
	case refused != nil:
		reply(w, http.StatusBadRequest, importRefusal(refused))
	default:
		reply(w, http.StatusCreated, nil)
	}
}

// mustWait tells why an import is to wait, if it is.
func (s *Server) mustWait(key string) hold {
	switch {
	case !s.users[key].imports:
		return holdRights
	case s.faults.TakeBooking(FaultPendingForever):
		return holdForever
	case s.faults.TakeBooking(FaultPending):
		return holdPolls
	}
	return ""
}

// answerPending keeps an import that waits, and gives its id.
func (s *Server) answerPending(w http.ResponseWriter, t transaction) {
	s.mu.Lock()
	defer s.mu.Unlock()
	before := s.copyState()
	id := s.enrol(&t)
	if err := s.keep(before); err != nil {
		s.broken(w, err)
		return
	}
	s.options.Log.Info("practice CASH keeps an import waiting", "transaction", id, "why", t.Hold)
	reply(w, http.StatusAccepted, map[string]string{"status": "Pending", "transaction": id})
}

// enrol gives a transaction its id of thirteen letters and digits.
func (s *Server) enrol(t *transaction) string {
	t.Created = s.options.Clock().Format(time.DateTime)
	s.state.Serial++
	id := fmt.Sprintf("prakt%08d", s.state.Serial)
	if s.state.Transactions == nil {
		s.state.Transactions = make(map[string]transaction)
	}
	s.state.Transactions[id] = *t
	return id
}

func (s *Server) getTransaction(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	id := r.PathValue("id")
	t, ok := s.state.Transactions[id]
	if !ok {
		refuse(w, http.StatusNotFound, "902", "[praktijk] 902 Transactie "+id+" bestaat niet")
		return
	}
	if !t.Done {
		var err error
		if t, err = s.ask(id, t); err != nil {
			s.broken(w, err)
			return
		}
	}
	switch {
	case !t.Done:
		reply(w, http.StatusOK, map[string]string{"status": "Pending"})
	case t.Errors != nil:
		reply(w, http.StatusOK, importRefusal(t.Errors))
	default:
		reply(w, http.StatusOK, map[string]string{"status": "Success"})
	}
}

// ask counts a question about an import that waits, and books it when its time
// has come.
func (s *Server) ask(id string, t transaction) (transaction, error) {
	before := s.copyState()
	t.Polls++
	due := t.Hold == holdPolls && t.Polls > s.options.PendingPolls ||
		t.Hold == holdRights && s.faults.Take(FaultRightsGranted)
	if due {
		a := s.office[slices.IndexFunc(s.office, func(a administration) bool { return a.code == t.Administration })]
		t.Errors = s.enter(a, t.Rows)
		t.Done, t.Rows = true, nil
	}
	s.state.Transactions[id] = t
	return t, s.keep(before)
}

// book enters rows and saves the books. It gives what was refused; nil is that
// all was booked.
func (s *Server) book(a administration, rows []row) ([]importError, error) {
	before := s.copyState()
	refused := s.enter(a, rows)
	return refused, s.keep(before)
}

// enter checks rows and puts them into the books: all or nothing, or on a bad
// day line by line.
func (s *Server) enter(a administration, rows []row) []importError {
	on := switches{
		strict:        s.faults.TakeBooking(FaultStrict),
		closed:        s.faults.TakeBooking(FaultClosedPeriod),
		blocked:       s.faults.TakeBooking(FaultBlocked),
		costCentre:    s.faults.TakeBooking(FaultCostCentre),
		duplicateText: s.faults.TakeBooking(FaultDuplicateText),
		perLine:       s.faults.TakeBooking(FaultPerLine),
	}
	var refused []importError
	var documents []document
	for _, r := range rows {
		l, errs := a.check(r, on)
		if errs == nil {
			documents, errs = s.add(documents, a, r, l, on)
		}
		refused = append(refused, errs...)
	}
	if on.strict {
		refused = append(refused, unbalanced(documents, rows)...)
	}
	if refused != nil && !on.perLine {
		return refused
	}
	now := s.options.Clock()
	for _, d := range documents {
		d.Booked = now
		s.state.Documents = append(s.state.Documents, d)
		s.options.Log.Info("practice CASH booked", "administration", a.code, "daybook", d.Daybook, "year", d.Year, "document", d.Number, "lines", len(d.Lines))
	}
	return refused
}

// add puts a line into its document. A document that was there before this
// import takes no more lines.
func (s *Server) add(documents []document, a administration, r row, l line, on switches) ([]document, []importError) {
	year, daybook, number := l.period()[:2], l.Fields[fieldDaybook], l.Fields[fieldDocument]
	same := func(d document) bool { return d.same(a.code, year, daybook, number) }
	if slices.ContainsFunc(s.state.Documents, same) {
		message := "[praktijk] Boekstuk " + number + " bestaat al in dagboek " + daybook + " van boekjaar " + year
		if on.duplicateText {
			message = "Ongeldige waarde 0303=" + r.Fields[fieldDocument]
		}
		return documents, []importError{{Message: message, Line: r.Line, Source: r.source()}}
	}
	i := slices.IndexFunc(documents, same)
	if i < 0 {
		i = len(documents)
		documents = append(documents, document{Administration: a.code, Year: year, Daybook: daybook, Number: number})
	}
	documents[i].Lines = append(documents[i].Lines, l)
	return documents, nil
}

// unbalanced refuses every document whose lines do not add up to zero.
func unbalanced(documents []document, rows []row) []importError {
	var refused []importError
	for _, d := range documents {
		var sum journal.Amount
		for _, l := range d.Lines {
			sum += l.Amount
		}
		if sum != 0 {
			last := rows[len(rows)-1]
			message := "[praktijk] Boekstuk " + d.Number + " is niet in evenwicht: " + strings.Replace(sum.String(), ".", ",", 1)
			refused = append(refused, importError{Message: message, Line: last.Line, Source: last.source()})
		}
	}
	return refused
}

func importRefusal(errs []importError) refusal {
	return refusal{"Error import", map[string]any{"errors": map[string]any{"error": errs}}}
}

// broken answers that the books could not be written.
func (s *Server) broken(w http.ResponseWriter, err error) {
	s.options.Log.Error("practice CASH cannot keep its books", "error", err)
	refuseStatus(w, http.StatusInternalServerError)
}
