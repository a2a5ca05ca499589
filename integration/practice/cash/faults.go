package cash

import (
	"strconv"

	"loonbrug/integration/practice/books"
)

// The bad days of this system alone; the common ones are in package books.
const (
	FaultPending        = "pending"
	FaultPendingForever = "pending_forever"
	FaultRightsGranted  = "rights_granted"
	FaultPerLine        = "per_line"
	FaultStrict         = "strict"
	FaultClosedPeriod   = "closed_period"
	FaultBlocked        = "blocked"
	FaultCostCentre     = "cost_centre_demanded"
	FaultDuplicateText  = "refuse_duplicate_text"
	FaultDirList        = "dir_list"
	FaultRowsObject     = "rows_object"
	FaultRowsBare       = "rows_bare"
	FaultRowsEmpty      = "rows_empty"
)

// FaultCode is the bad day on which calls answer with a code of CASH. Over REST
// only 1002 is known; the others are of SOAP.
func FaultCode(code int) string { return "code_" + strconv.Itoa(code) }

// answerCode is a code that an answer of CASH may have, with the operation that has
// it; an empty one is any.
type answerCode struct {
	code            int
	operation, text string
}

// answerCodes are those that public clients know of the general part of CASH.
func answerCodes() []answerCode {
	return []answerCode{
		{codeLogin, "", "login error"},
		{codeFile, "", "file handling error"},
		{4, "", "token not issued"},
		{5, "", "token invalid"},
		{6, "", "token corrupted"},
		{7, "", "service not recognised"},
		{codeExport, "export", "export failed"},
		{codeImport, "import", "import failed"},
		{901, "import", "import transaction failure"},
		{codeNoSuchID, "getTransaction", "transaction does not exist"},
		{codeNoBooks, "import", "import into empty administration"},
		{codeUnlinked, "", "1002 Unauthorized Access"},
	}
}

// codeOfTheDay is the code that a call must answer with, or zero. Nothing is booked
// then.
func (s *Server) codeOfTheDay(operation string) (int, string) {
	for _, c := range answerCodes() {
		if c.operation != "" && c.operation != operation {
			continue
		}
		if operation == "import" && s.faults.TakeBooking(FaultCode(c.code)) || operation != "import" && s.faults.Take(FaultCode(c.code)) {
			return c.code, c.text
		}
	}
	return 0, ""
}

func faults() *books.Faults {
	all := append(books.CommonFaults(),
		books.Fault{ID: FaultPending, Text: "Imports wait (202) and are booked after some questions about them."},
		books.Fault{ID: FaultPendingForever, Text: "Imports wait (202) and are never booked."},
		books.Fault{ID: FaultRightsGranted, Text: "The reader may import now: its waiting imports are booked when asked about."},
		books.Fault{ID: FaultPerLine, Text: "Good lines of an import are booked, the others are refused."},
		books.Fault{ID: FaultStrict, Text: "Documents that do not balance are refused."},
		books.Fault{ID: FaultClosedPeriod, Text: "The periods of an import count as closed."},
		books.Fault{ID: FaultBlocked, Text: "Ledger account 4999 and cost centre 900 are blocked."},
		books.Fault{ID: FaultCostCentre, Text: "Ledger accounts from 4000 on need a cost centre."},
		books.Fault{ID: FaultDuplicateText, Text: "A known document number is refused as a plain wrong value."},
		books.Fault{ID: FaultDirList, Text: "The list of administrations comes in its other shape, Dir as a list."},
		books.Fault{ID: FaultRowsObject, Text: "Rows come as an object with numbered keys."},
		books.Fault{ID: FaultRowsBare, Text: "Rows come as a bare list."},
		books.Fault{ID: FaultRowsEmpty, Text: "There are no rows."},
	)
	for _, c := range answerCodes() {
		all = append(all, books.Fault{ID: FaultCode(c.code), Text: "Answers have the code " + strconv.Itoa(c.code) + " (" + c.text + "); nothing is done."})
	}
	return books.NewFaults(all...)
}
