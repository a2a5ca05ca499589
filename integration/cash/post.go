package cash

import (
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"strconv"
	"strings"
	"time"

	"loonbrug/data/model"
	"loonbrug/integration/httpx"
	"loonbrug/integration/target"
)

// What is kept of a sending.
const (
	evidenceDocument    = "document"    // six digits
	evidenceTransaction = "transaction" // of an import that was pending
)

// Prepare implements [target.Target]: it asks for the next document number. A
// number from an earlier sending is kept unless another document has taken it
// since; CASH refuses a second document under one number, so the earlier
// sending can then no longer arrive.
func (t *Target) Prepare(ctx context.Context, a target.Access, d target.Delivery) (map[string]string, error) {
	l, err := t.open(ctx, a)
	if err != nil {
		return nil, err
	}
	evidence := maps.Clone(d.Evidence)
	if evidence == nil {
		evidence = make(map[string]string)
	}
	daybook, year := d.Entry.Extra[optionDaybook], bookYear(&d.Entry)
	if document := evidence[evidenceDocument]; document != "" {
		// A number is given once in a book year, so that one taken in any of its
		// periods is not free.
		first, last := calendarOf(d.Entry.Extra).year(d.Entry.Date)
		bookings, err := bookingsBetween(ctx, l, &d.Entry, first, last)
		if err != nil {
			return nil, err
		}
		if b := under(bookings, daybook, document, year); b == nil || b.keys[d.Entry.Key] || b.couldBe(&d.Entry) {
			return evidence, nil
		}
	}
	document, err := nextDocument(ctx, l, d.Entry.Administration, year, daybook)
	if err != nil {
		return nil, err
	}
	evidence[evidenceDocument] = document
	return evidence, nil
}

// Post implements [target.Target]. Whether CASH keeps the good lines of an import
// when one of them is refused is not published, so nothing is called refused
// before the books were looked at.
func (t *Target) Post(ctx context.Context, a target.Access, d target.Delivery) target.Outcome {
	l, err := t.open(ctx, a)
	if err != nil {
		p := model.ProblemOf(err)
		return target.Outcome{Class: target.NotSent, Problem: p, SignIn: p.Action == model.ActionSignIn}
	}
	document, err := readDocument(d.Evidence[evidenceDocument])
	if err != nil {
		return target.Outcome{Class: target.NotSent, Problem: model.NewProblem("cash.no_document_number", "daybook", d.Entry.Extra[optionDaybook]).Because(err)}
	}
	o := l.post(ctx, d.Entry.Administration, mutations(&d.Entry, document))
	switch {
	case o.Class == target.Accepted:
		o.Number = d.Entry.Extra[optionDaybook] + " " + document
	case o.Class == target.Rejected && strings.HasPrefix(o.Problem.Code, "cash.refused"):
		return refusedWholly(ctx, l, &d.Entry, document, o)
	}
	return o
}

// refusedWholly looks for what CASH may have booked of an entry with records
// that it refused. Only when there is nothing was the entry refused.
func refusedWholly(ctx context.Context, l link, e *model.Entry, document string, o target.Outcome) target.Outcome {
	message := o.Problem.Params["message"]
	bookings, err := bookingsOf(ctx, l, e)
	if err != nil {
		o.Class, o.Problem = target.Ambiguous, model.NewProblem("cash.not_looked_up", "message", message).With(model.ActionCheckAgain).Because(err)
		return o
	}
	b := under(bookings, e.Extra[optionDaybook], document, bookYear(e))
	if b == nil || !b.keys[e.Key] && !b.keyless() {
		return o
	}
	o.Class, o.Number = target.Ambiguous, b.number()
	o.Problem = model.NewProblem("cash.partly_booked", "message", message, "number", b.number(),
		"booked", strconv.Itoa(len(b.lines)), "lines", strconv.Itoa(len(e.Lines))).With(model.ActionCheckAgain)
	return o
}

// classify says what the answer to an import means.
func classify(a *httpx.Answer, now time.Time) target.Outcome {
	f, ours := readFault(a.Body)
	switch {
	case a.Status == http.StatusAccepted:
		return pending(a)
	case a.Status == http.StatusOK || a.Status == http.StatusCreated:
		return processed(a)
	case ours && f.code == notLinked && a.Status < http.StatusInternalServerError:
		return target.Outcome{Class: target.Rejected, Problem: f.problem()}
	case a.Status == http.StatusUnauthorized || a.Status == http.StatusForbidden:
		return target.Outcome{Class: target.Deferred, Problem: faultOf(a), SignIn: true}
	case a.Status == http.StatusTooManyRequests:
		return throttled(a.RetryAfter(now))
	case a.Status == http.StatusRequestTimeout:
		return target.Outcome{Class: target.Ambiguous, Problem: unreadable(a)}
	case a.Status >= 400 && a.Status < 500 && ours:
		return f.refused()
	case a.Status == http.StatusNotFound:
		return target.Outcome{Class: target.Rejected, Problem: faultOf(a)}
	case a.Status >= http.StatusInternalServerError:
		return target.Outcome{Class: target.Ambiguous, Problem: unavailable(a)}
	}
	// A redirect, or a refusal that CASH did not write.
	return target.Outcome{Class: target.Ambiguous, Problem: unreadable(a)}
}

// importState is what CASH says of an import.
type importState struct {
	Status      text `json:"status"`
	Transaction text `json:"transaction"`
}

// processed reads the answer that usually has no content.
func processed(a *httpx.Answer) target.Outcome {
	if empty(a.Body) {
		return target.Outcome{Class: target.Accepted}
	}
	var state importState
	if json.Unmarshal(a.Body, &state) != nil {
		return target.Outcome{Class: target.Ambiguous, Problem: unreadable(a)}
	}
	if state.pending() {
		return pending(a)
	}
	if f, ours := readFault(a.Body); ours && !state.success() {
		return target.Outcome{Class: target.Ambiguous, Problem: contradiction(a, f)}
	}
	return target.Outcome{Class: target.Accepted}
}

// contradiction is an error under a status of success. What a refusal says,
// that nothing was booked, would be more than is known; CASH's words are kept.
func contradiction(a *httpx.Answer, f fault) *model.Problem {
	said := f.problem()
	if f.aboutDocument() {
		return said // its explanation is about the doubt itself
	}
	p := unreadable(a).Because(said)
	p.Params["message"] = said.Params["message"]
	return p
}

// pending reads the answer to an import that CASH keeps for later. Without the
// id of a transaction nobody could ask after it.
func pending(a *httpx.Answer) target.Outcome {
	var state importState
	if json.Unmarshal(a.Body, &state) != nil || state.Transaction == "" {
		return target.Outcome{Class: target.Ambiguous, Problem: stillPending()}
	}
	return target.Outcome{
		Class:    target.Pending,
		Problem:  stillPending(),
		Evidence: map[string]string{evidenceTransaction: string(state.Transaction)},
	}
}

func (s importState) pending() bool { return strings.EqualFold(string(s.Status), "pending") }

func (s importState) success() bool { return strings.EqualFold(string(s.Status), "success") }

// stillPending is the message that the manual of CASH's coupling explains by
// missing rights of the account.
func stillPending() *model.Problem {
	return model.NewProblem("cash.pending").With(model.ActionCheckAgain)
}
