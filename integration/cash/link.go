package cash

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"loonbrug/data/model"
	"loonbrug/integration/target"
)

// link carries records between the program and CASH, for one account.
type link interface {
	// administrations lists what the account may see, and whose it is.
	administrations(ctx context.Context) (*directory, error)

	// export runs an export command and gives its records.
	export(ctx context.Context, administration, command, params string) ([]row, error)

	// post imports records 301, once.
	post(ctx context.Context, administration string, lines []mutation) target.Outcome

	// settled asks what became of an import that was pending.
	settled(ctx context.Context, id string) (target.Outcome, error)
}

// nextDocument asks for the next free document number, which CASH does not
// reserve.
func nextDocument(ctx context.Context, l link, administration, year, daybook string) (string, error) {
	rows, err := l.export(ctx, administration, "8504", year+"|"+daybook)
	if err != nil {
		return "", err
	}
	number := ""
	if len(rows) == 1 {
		number = rows[0].get("Z0303")
	}
	document, err := readDocument(number)
	if err != nil {
		return "", model.NewProblem("cash.no_document_number", "daybook", daybook).Again().Because(err)
	}
	return document, nil
}

// bookingsOf reads the documents in the entry's period and its neighbours: which
// of CASH's two period fields moves a posting is not published.
func bookingsOf(ctx context.Context, l link, e *model.Entry) ([]*booking, error) {
	before, after := calendarOf(e.Extra).around(e.Date)
	return bookingsBetween(ctx, l, e, before, after)
}

// bookingsBetween reads the bookings of a range of periods.
func bookingsBetween(ctx context.Context, l link, e *model.Entry, first, last string) ([]*booking, error) {
	rows, err := l.export(ctx, e.Administration, "301T", first+"|"+last)
	if err != nil {
		return nil, err
	}
	list, err := readBookings(rows, fieldsOf(e), calendarOf(e.Extra))
	if err != nil {
		return nil, model.NewProblem("cash.unreadable_answer", "status", fmt.Sprint(http.StatusOK), "type", "301").Again().Because(err)
	}
	return list, nil
}

// refused is what a refusal of lines means for the sending: the document that
// exists may be ours, which only a look-up can tell.
func (f *fault) refused() target.Outcome {
	if f.aboutDocument() {
		return target.Outcome{Class: target.Ambiguous, Problem: f.problem()}
	}
	return target.Outcome{Class: target.Rejected, Problem: f.problem()}
}

// throttled is the outcome of one request too many.
func throttled(asked time.Duration) target.Outcome {
	return target.Outcome{Class: target.Deferred, Problem: tooMany(), RetryAfter: max(time.Minute, asked)}
}
