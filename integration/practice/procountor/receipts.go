package procountor

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
)

// noRights is what Procountor says to a user without the rights.
const noRights = "User rights check failed: Insufficient user rights."

// mayWrite answers 403 to a user without the right to write receipts.
func (s *Server) mayWrite(w http.ResponseWriter, c call) bool {
	if !c.user.writes {
		forbid(w, noRights)
	}
	return c.user.writes
}

// accept reads the receipt of a call, or answers with all that is wrong with it.
func (s *Server) accept(w http.ResponseWriter, c call) (receipt, bool) {
	if extra := s.contract.unknownMembers("LedgerReceipt", c.body); extra != nil {
		s.options.Log.Warn("practice Procountor ignores unknown members", "members", extra)
	}
	all := c.wrong
	r, err := readReceipt(c.body)
	if err == nil {
		all = append(all, c.company.check(r, s.switches())...)
	} else if len(all) == 0 {
		all = append(all, bad("", "SANDBOX_MALFORMED_JSON"))
	}
	if len(all) > 0 {
		s.refuse(w, c.Request, all)
		return receipt{}, false
	}
	if c.URL.Query().Get("createReconciliation") == "true" {
		r = c.company.reconcile(r)
	}
	return r, true
}

// reconcile adds the difference of a receipt that does not balance as a row.
func (c company) reconcile(r receipt) receipt {
	if sum := r.sum(); sum != 0 {
		r.Transactions = append(r.Transactions, row{
			TransactionType: reconciliation, Account: c.reconciliation, AccountingValue: number{cents: -sum, exact: true},
		})
	}
	return r
}

func (s *Server) create(w http.ResponseWriter, c call) {
	if !s.mayWrite(w, c) {
		return
	}
	r, ok := s.accept(w, c)
	if !ok {
		return
	}
	s.mu.Lock()
	r, err := s.add(c.company.id, r)
	s.mu.Unlock()
	if err != nil {
		s.broken(w, err)
		return
	}
	s.options.Log.Info("practice Procountor booked", "company", c.company.id, "receipt", r.ID, "rows", len(r.Transactions))
	reply(w, http.StatusOK, r)
}

// read answers with one receipt, or with a list when several ids are asked for.
func (s *Server) read(w http.ResponseWriter, c call) {
	ids := strings.Split(c.PathValue("ids"), ",")
	var found []receipt
	s.mu.Lock()
	for _, id := range ids {
		if i := s.find(c.company.id, id); i >= 0 {
			found = append(found, s.state.Receipts[i].Receipt)
		}
	}
	s.mu.Unlock()
	switch {
	case len(found) == 0 || len(ids) > 200:
		refuseStatus(w, http.StatusNotFound)
	case len(ids) == 1:
		reply(w, http.StatusOK, found[0])
	default:
		reply(w, http.StatusOK, found)
	}
}

// change replaces a receipt that is unfinished, when the version is the latest.
func (s *Server) change(w http.ResponseWriter, c call) {
	if !s.mayWrite(w, c) {
		return
	}
	s.mu.Lock()
	i := s.find(c.company.id, c.PathValue("id"))
	s.mu.Unlock()
	if i < 0 {
		refuseStatus(w, http.StatusNotFound)
		return
	}
	r, ok := s.accept(w, c)
	if !ok {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	old := s.state.Receipts[i].Receipt
	switch {
	case s.faults.TakeBooking(FaultStaleVersion) || r.Version != old.Version:
		s.refuse(w, c.Request, []violation{bad("version", codeVersion)})
		return
	case old.Status != unfinished:
		s.refuse(w, c.Request, []violation{bad("status", codeState)})
		return
	}
	r.ID, r.InvoiceID, r.InvoiceNumber, r.Status = old.ID, old.InvoiceID, old.InvoiceNumber, old.Status
	r.numberRows()
	r, err := s.replace(i, r)
	s.answerReceipt(w, r, err)
}

// changeDimensions replaces the dimensions of one row.
func (s *Server) changeDimensions(w http.ResponseWriter, c call) {
	if !s.mayWrite(w, c) {
		return
	}
	if len(c.wrong) > 0 {
		s.refuse(w, c.Request, c.wrong)
		return
	}
	var body struct {
		Dimensions []dimensionValue `json:"dimensionItemValues"`
	}
	if err := json.Unmarshal(c.body, &body); err != nil {
		s.refuse(w, c.Request, []violation{bad("", "SANDBOX_MALFORMED_JSON")})
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	i := s.find(c.company.id, c.PathValue("id"))
	n, err := strconv.Atoi(c.PathValue("row"))
	if i < 0 || err != nil || n < 1 || n > len(s.state.Receipts[i].Receipt.Transactions) {
		refuseStatus(w, http.StatusNotFound)
		return
	}
	r := s.state.Receipts[i].Receipt
	r.Transactions = append([]row{}, r.Transactions...)
	r.Transactions[n-1].Dimensions = body.Dimensions
	if r.Status != unfinished {
		forbid(w, codeState)
		return
	}
	if wrong := c.company.checkDimensions("transactions["+strconv.Itoa(n-1)+"]", r.Transactions[n-1], s.switches()); wrong != nil {
		s.refuse(w, c.Request, wrong)
		return
	}
	r, err = s.replace(i, r)
	s.answerReceipt(w, r, err)
}

func (s *Server) answerReceipt(w http.ResponseWriter, r receipt, err error) {
	if err != nil {
		s.broken(w, err)
		return
	}
	reply(w, http.StatusOK, r)
}

func (s *Server) approve(w http.ResponseWriter, c call)    { s.move(w, c, unfinished, approved) }
func (s *Server) reopen(w http.ResponseWriter, c call)     { s.move(w, c, approved, unfinished) }
func (s *Server) invalidate(w http.ResponseWriter, c call) { s.move(w, c, unfinished, invalidated) }

// move leads a receipt from one state to another. The period must be open, and
// what is approved must balance.
func (s *Server) move(w http.ResponseWriter, c call, from, to string) {
	if !s.mayWrite(w, c) {
		return
	}
	if len(c.wrong) > 0 {
		s.refuse(w, c.Request, c.wrong)
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	i := s.find(c.company.id, c.PathValue("id"))
	if i < 0 {
		refuseStatus(w, http.StatusNotFound)
		return
	}
	r := s.state.Receipts[i].Receipt
	switch {
	case to == approved && s.faults.TakeBooking(FaultApproveForbidden):
		forbid(w, noRights)
		return
	case r.Status != from || s.faults.TakeBooking(FaultWrongState):
		forbid(w, codeState)
		return
	case checkDate(r.ReceiptDate, s.switches()) != nil:
		forbid(w, codeClosed)
		return
	case to == approved && r.sum() != 0:
		forbid(w, codeUnbalanced)
		return
	}
	r.Status = to
	if _, err := s.replace(i, r); err != nil {
		s.broken(w, err)
		return
	}
	s.options.Log.Info("practice Procountor moved a receipt", "company", c.company.id, "receipt", r.ID, "status", to)
	reply(w, http.StatusOK, map[string]string{"message": "Receipt " + strconv.Itoa(r.ID) + " is " + to + "."})
}

// broken answers that the books could not be written.
func (s *Server) broken(w http.ResponseWriter, err error) {
	s.options.Log.Error("practice Procountor cannot keep its books", "error", err)
	refuseStatus(w, http.StatusInternalServerError)
}
