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

	FaultForbidden        = "forbidden"
	FaultCompanyForbidden = "company_forbidden"
	FaultApproveForbidden = "approve_forbidden"
	FaultWrongState       = "wrong_state"
	FaultPeriodsPending   = "periods_pending"
	FaultPeriodsLeftOut   = "periods_left_out"
	FaultYearClosed       = "year_closed"
	FaultYearMissing      = "year_missing"
	FaultNoVAT12          = "no_vat_12"
	FaultTokenError       = "token_error"
	FaultRefreshLapsed    = "refresh_lapsed"
	FaultSignedOut        = "signed_out"
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
		books.Fault{ID: FaultForbidden, Text: "The user lacks the rights for a call (403)."},
		books.Fault{ID: FaultCompanyForbidden, Text: "The user lacks the right to the company's information (403)."},
		books.Fault{ID: FaultApproveForbidden, Text: "The user may not approve receipts (403)."},
		books.Fault{ID: FaultWrongState, Text: "Approving, reopening or invalidating is refused for the state of the receipt (403)."},
		books.Fault{ID: FaultPeriodsPending, Text: "Open tracking periods are PENDING."},
		books.Fault{ID: FaultPeriodsLeftOut, Text: "Fiscal years come without their tracking periods."},
		books.Fault{ID: FaultYearClosed, Text: "All fiscal years are closed."},
		books.Fault{ID: FaultYearMissing, Text: "The fiscal years end with 2025."},
		books.Fault{ID: FaultNoVAT12, Text: "VAT status 12 is not enabled."},
		books.Fault{ID: FaultTokenError, Text: "The token call fails with a web page (503)."},
		books.Fault{ID: FaultRefreshLapsed, Text: "A refresh token has reached its end: it is refused now and later (401)."},
		books.Fault{ID: FaultSignedOut, Text: "The sign-ins to the company of a call end: its tokens and refresh tokens are refused (401); signing in anew helps."},
	)
	for _, c := range office() {
		all = append(all, books.Fault{ID: FaultRevoked(c.id), Text: "The access to " + c.name + " is revoked."})
	}
	return books.NewFaults(all...)
}
