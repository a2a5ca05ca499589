package procountor

import (
	"strconv"

	"loonbrug/integration/practice/books"
)

// The bad days of this system alone; the common ones are in package books.
const (
	FaultHTML500      = "html_500"
	FaultClosedPeriod = "closed_period"
	FaultUnbalanced   = "unbalanced_refused"
	FaultPassiveItem  = "passive_item"
	FaultStaleVersion = "stale_version"
	FaultDegraded     = "degraded"
)

// FaultRevoked is the bad day on which the access to a company is revoked.
func FaultRevoked(company int) string { return "revoked_" + strconv.Itoa(company) }

func faults() *books.Faults {
	all := append(books.CommonFaults(),
		books.Fault{ID: FaultHTML500, Text: "What was asked for is done, but a web page with status 500 comes back."},
		books.Fault{ID: FaultClosedPeriod, Text: "Receipt dates count as closed."},
		books.Fault{ID: FaultUnbalanced, Text: "Receipts that do not balance are refused."},
		books.Fault{ID: FaultPassiveItem, Text: "Dimension items count as passive."},
		books.Fault{ID: FaultStaleVersion, Text: "A change is refused because somebody changed the receipt meanwhile."},
		books.Fault{ID: FaultDegraded, Text: "The status of the system is DEGRADED."},
	)
	for _, c := range office() {
		all = append(all, books.Fault{ID: FaultRevoked(c.id), Text: "The access to " + c.name + " is revoked."})
	}
	return books.NewFaults(all...)
}
