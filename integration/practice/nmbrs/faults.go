package nmbrs

import (
	"net/http"
	"slices"
	"strconv"

	"loonbrug/integration/practice/books"
)

// The bad days of this system alone; the common ones are in package books.
const (
	FaultTimeout     = "timeout"
	FaultUnavailable = "unavailable"
	FaultHTMLError   = "html_error"
	FaultDrop        = "drop"
	FaultInOK        = "fault_in_200"
	FaultNoCode      = "no_code"
	FaultBlocked     = "blocked"
	FaultEmpty       = "empty"
	FaultAbsent      = "absent"
	FaultCDATA       = "cdata"
	FaultUTF16       = "utf16"
	FaultDateTime    = "date_time"
	FaultNoAccount   = "no_account"
	FaultOffByCent   = "off_by_cent"
)

// FaultCode is the bad day on which calls answer with a code of Nmbrs.
func FaultCode(code int) string { return "code_" + strconv.Itoa(code) }

// titles are the codes with their titles. They are those of Nmbrs' own list
// (support.nmbrs.com 360013526891); the wording of the titles is partly the practice
// office's.
func titles() map[int]string {
	return map[int]string{
		1001: "Invalid Authentication",
		1002: "Unauthorized access to this operation",
		1003: "Unauthorized access",
		1004: "Disabled, no valid subscription",
		1006: "Login security failure",
		2004: "Unauthorized company id",
		2006: "Invalid period for the period type of the company",
		2009: "Unauthorized debtor id",
		2013: "Not possible on a free trial",
		2030: "Invalid set of values",
		2043: "Invalid domain",
		2046: "Not found",
		9999: "Unknown error",
	}
}

func faultTitle(code int) string { return titles()[code] }

// scripted are the codes that can be set as a bad day.
func scripted() []int { return []int{1001, 1002, 1003, 1004, 1006, 2004, 2006, 2013, 2043, 2046, 9999} }

// badDay answers a call on a bad day of this system; false is that there is none.
func (s *Server) badDay(w http.ResponseWriter, r *http.Request, a *asked) bool {
	on := func(id string) bool { return s.on(id, a.operation) }
	switch {
	case on(FaultTimeout):
		<-r.Context().Done() // the client, or the server, has had enough
		panic(http.ErrAbortHandler)
	case on(FaultDrop):
		panic(http.ErrAbortHandler)
	case on(FaultUnavailable):
		http.Error(w, http.StatusText(http.StatusServiceUnavailable), http.StatusServiceUnavailable)
		return true
	case on(FaultHTMLError):
		books.ServeHTML(w, http.StatusInternalServerError)
		return true
	case on(FaultNoCode):
		writeFault(w, http.StatusInternalServerError, a.version, false, unable+"Invalid combination email/password")
		return true
	}
	for _, code := range scripted() {
		if on(FaultCode(code)) {
			s.writeCode(w, a.version, faultCode(code))
			return true
		}
	}
	return false
}

// on takes a bad day for a call; one for journals alone leaves other calls be.
func (s *Server) on(id string, o operation) bool {
	if o.isJournal() {
		return s.faults.TakeBooking(id)
	}
	return s.faults.Take(id)
}

func faults() *books.Faults {
	common := books.CommonFaults()
	common = slices.DeleteFunc(common, func(f books.Fault) bool {
		return f.ID == books.FaultErrorBefore || f.ID == books.FaultErrorAfter || f.ID == books.FaultDropBefore || f.ID == books.FaultDropAfter
	})
	all := append(common,
		books.Fault{ID: FaultTimeout, Text: "No answer comes at all; the connection stays open."},
		books.Fault{ID: FaultDrop, Text: "The connection drops without an answer."},
		books.Fault{ID: FaultUnavailable, Text: "The service is not available (503)."},
		books.Fault{ID: FaultHTMLError, Text: "A web page with status 500 comes instead of an answer."},
		books.Fault{ID: FaultInOK, Text: "The next fault comes with status 200."},
		books.Fault{ID: FaultNoCode, Text: "A fault without a code: e-mail address and password do not fit."},
		books.Fault{ID: FaultBlocked, Text: "The debtor Oude Molen Groep is blocked: calls about its companies answer 1003."},
		books.Fault{ID: FaultEmpty, Text: "Journals have no transactions."},
		books.Fault{ID: FaultAbsent, Text: "The answer has no result element."},
		books.Fault{ID: FaultCDATA, Text: "Journals come as CDATA instead of escaped."},
		books.Fault{ID: FaultUTF16, Text: "Journals begin with an XML declaration that says utf-16."},
		books.Fault{ID: FaultDateTime, Text: "Dates in journals come as date and time."},
		books.Fault{ID: FaultNoAccount, Text: "The first line of a journal has no ledger account."},
		books.Fault{ID: FaultOffByCent, Text: "Journals are one cent out of balance."},
	)
	for _, code := range scripted() {
		all = append(all, books.Fault{ID: FaultCode(code), Text: "Calls answer " + faultCode(code).Error() + "."})
	}
	return books.NewFaults(all...)
}
