package cash

import "loonbrug/integration/practice/books"

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
)

func faults() *books.Faults {
	return books.NewFaults(append(books.CommonFaults(),
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
	)...)
}
