package visma

import (
	"net/http"
	"strings"
	"time"

	"loonbrug/integration/practice/books"
	"loonbrug/integration/practice/visma/connect"
)

// The faults of Visma.net beside the common ones of books and those of connect.
const (
	FaultLate            = "late"
	FaultUnavailable     = "unavailable"
	FaultNoLicence       = "no_licence"
	FaultWrongCompany    = "wrong_company"
	FaultForbidden       = "forbidden"
	FaultClosedPeriod    = "closed_period"
	FaultInactivePeriod  = "inactive_period"
	FaultOldLocation     = "old_location"
	FaultNoLocation      = "no_location"
	FaultEmptyError      = "empty_error"
	FaultTextError       = "text_error"
	FaultCollectiveError = "collective_error"
	FaultAccessRights    = "access_rights"
	FaultTooLarge        = "too_large"
	FaultSplitPages      = "split_pages"
	FaultOtherPeriods    = "other_periods"

	FaultWithdrawn        = "withdrawn"
	FaultReleaseLater     = "release_later"
	FaultReleaseNever     = "release_never"
	FaultReleaseRefused   = "release_refused"
	FaultBackgroundFailed = "background_failed"
	FaultBackgroundStuck  = "background_stuck"
	FaultBackgroundGone   = "background_gone"
)

// splitPageSize is how many lines a page holds while pages are split.
const splitPageSize = 3

func faults() []books.Fault {
	return append(books.CommonFaults(), []books.Fault{
		{ID: FaultLate, Text: "What was asked for is done only after a while, even when the client has gone."},
		{ID: FaultUnavailable, Text: "Service unavailable (503); nothing is done."},
		{ID: FaultNoLicence, Text: "No licence for this company (12027)."},
		{ID: FaultWrongCompany, Text: "Company missing or not open to the user (12002)."},
		{ID: FaultForbidden, Text: "The user lacks the right (403)."},
		{ID: FaultClosedPeriod, Text: "The period of the next booking is closed."},
		{ID: FaultInactivePeriod, Text: "The period of the next booking is inactive."},
		{ID: FaultOldLocation, Text: "Location of a new batch in the path form of the old host."},
		{ID: FaultNoLocation, Text: "No Location with a new batch."},
		{ID: FaultEmptyError, Text: "A booking is refused with an empty body (400)."},
		{ID: FaultTextError, Text: "A booking is refused in plain text (400)."},
		{ID: FaultCollectiveError, Text: "A booking is refused with the collective message (400)."},
		{ID: FaultAccessRights, Text: "A booking is refused for lack of access rights (400)."},
		{ID: FaultTooLarge, Text: "A booking is too large (413)."},
		{ID: FaultSplitPages, Text: "Listings come in pages of three lines, so that batches are split."},
		{ID: FaultOtherPeriods, Text: "Periods in the other possible form: 202601 for 01, end date exclusive."},
		{ID: FaultWithdrawn, Text: "The access is withdrawn: the token of this call and its refresh tokens end (401); signing in anew helps."},
		{ID: FaultReleaseLater, Text: "Release is answered at once; the batch is posted a while later."},
		{ID: FaultReleaseNever, Text: "Release is answered, but the batch is never posted."},
		{ID: FaultReleaseRefused, Text: "Release is refused (400)."},
		{ID: FaultBackgroundFailed, Text: "A call in the background fails there (500); nothing is done."},
		{ID: FaultBackgroundStuck, Text: "A call in the background is done, but shows as started until its outcome is gone."},
		{ID: FaultBackgroundGone, Text: "The outcome of a call in the background is gone (410)."},
		{ID: connect.FaultRevoked, Text: "The refresh token is refused (invalid_grant)."},
		{ID: connect.FaultInvalidTenant, Text: "Tokens are refused: role API User missing (invalid_tenant)."},
		{ID: connect.FaultTokenError, Text: "The token endpoint is down (503)."},
		{ID: connect.FaultTokenLost, Text: "Tokens are given out, but the connection drops before the answer."},
	}...)
}

// changesLedger tells whether a request changes the general ledger.
func changesLedger(r *http.Request) bool {
	return r.Method != http.MethodGet && r.Method != http.MethodHead && isJournal(r.URL.Path)
}

func isJournal(path string) bool {
	const root = "/v2/journaltransaction"
	return strings.HasPrefix(path, root)
}

// take takes a fault for a request, with those set for bookings alone.
func (s *Server) take(r *http.Request, id string) bool {
	hit := changesLedger(r) && s.faults.TakeBooking(id) || !changesLedger(r) && s.faults.Take(id)
	if hit {
		s.opt.Log.Info("practice fault", "fault", id, "method", r.Method, "path", r.URL.Path)
	}
	return hit
}

// misbehave answers in place of the API when a fault of the general kind is on.
func (s *Server) misbehave(c *call) (answer, bool) {
	r := c.r
	switch {
	case s.take(r, FaultUnavailable):
		return answer{status: http.StatusServiceUnavailable, text: "The service is unavailable."}, true
	case s.take(r, FaultNoLicence):
		return gatewayError(http.StatusBadRequest, "12027", "No license for this company."), true
	case s.take(r, FaultWrongCompany):
		return gatewayError(http.StatusBadRequest, "12002", "Invalid parameter exception: ipp-company-id"), true
	case s.take(r, FaultWithdrawn):
		if err := s.connect.Withdraw(c.access); err != nil {
			return broken(), true
		}
		return unauthorized(), true
	case s.take(r, FaultForbidden):
		return answer{status: http.StatusForbidden}, true
	}
	if !changesLedger(r) {
		return answer{}, false
	}
	switch {
	case s.take(r, FaultEmptyError):
		return answer{status: http.StatusBadRequest}, true
	case s.take(r, FaultTextError):
		return answer{status: http.StatusBadRequest, text: "Error creating document."}, true
	case s.take(r, FaultCollectiveError):
		return refused(creating, "Inserting 'GL Batch' record raised at least one error. Please review the errors."), true
	case s.take(r, FaultAccessRights):
		return refused(creating, "Please verify whether you have proper access rights to this object."), true
	case s.take(r, FaultTooLarge):
		return answer{status: http.StatusRequestEntityTooLarge}, true
	}
	return answer{}, false
}

// late holds a request back before anything is done, and does it even when the
// client has given up: the latest booking a sender must reckon with.
func (s *Server) late(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if s.take(r, FaultLate) {
			<-time.After(s.opt.Delay)
		}
		next.ServeHTTP(w, r)
	})
}
