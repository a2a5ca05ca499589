package cash

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"

	"loonbrug/data/model"
	"loonbrug/integration/httpx"
	"loonbrug/integration/target"
)

// Find implements [target.Target]. A document is the entry's when one of its
// lines carries the key exactly; where CASH exports no key, when it stands under
// the daybook and document number of the sending with exactly its content.
func (t *Target) Find(ctx context.Context, a target.Access, d target.Delivery) ([]target.Booked, error) {
	r, err := t.open(ctx, a)
	if err != nil {
		return nil, err
	}
	bookings, err := r.bookings(ctx, &d.Entry)
	if err != nil {
		return nil, err
	}
	var found []target.Booked
	for _, b := range bookings {
		if d.Entry.Key != "" && b.keys[d.Entry.Key] {
			found = append(found, b.booked())
		}
	}
	document := d.Evidence[evidenceDocument]
	if len(found) > 0 || document == "" {
		return found, nil
	}
	b := under(bookings, d.Entry.Extra[optionDaybook], document, d.Entry.Date.Year)
	if b != nil && b.couldBe(&d.Entry) {
		found = append(found, b.booked())
	}
	return found, nil
}

// ReadBack implements [target.Target]: all lines under the daybook and document
// number of the sending.
func (t *Target) ReadBack(ctx context.Context, a target.Access, d target.Delivery) (target.Booked, target.Outcome) {
	r, err := t.open(ctx, a)
	if err != nil {
		return failed(err)
	}
	o := target.Outcome{Class: target.Accepted}
	if id := d.Evidence[evidenceTransaction]; id != "" {
		if o, err = r.settled(ctx, id); err != nil {
			return failed(err)
		}
	}
	bookings, err := r.bookings(ctx, &d.Entry)
	if err != nil {
		return failed(err)
	}
	b := under(bookings, d.Entry.Extra[optionDaybook], d.Evidence[evidenceDocument], d.Entry.Date.Year)
	if b == nil {
		return target.Booked{}, o
	}
	// Whatever is said of the import, the books have something.
	return b.booked(), target.Outcome{Class: target.Accepted, Number: b.number()}
}

// settled asks what became of a pending import. A transaction that CASH no
// longer knows says nothing; the books do.
func (r *rest) settled(ctx context.Context, id string) (target.Outcome, error) {
	answer, err := r.transaction(ctx, id)
	if err != nil {
		return target.Outcome{}, err
	}
	var state importState
	if answer.OK() && json.Unmarshal(answer.Body, &state) == nil {
		switch {
		case state.pending():
			return target.Outcome{Class: target.Pending, Problem: stillPending()}, nil
		case state.success():
			return target.Outcome{Class: target.Accepted}, nil
		}
	}
	const transactionUnknown = 902
	f, ours := readFault(answer.Body)
	switch {
	case answer.Status == http.StatusNotFound || (ours && f.code == transactionUnknown):
		return target.Outcome{Class: target.Pending, Problem: stillPending()}, nil
	case ours && answer.OK():
		return target.Outcome{Class: target.Rejected, Problem: f.problem()}, nil
	}
	if p := faultOf(answer); p != nil {
		return target.Outcome{}, p
	}
	return target.Outcome{}, unreadable(answer)
}

// failed is a reading that did not succeed: nothing is known, and nothing has
// changed.
func failed(err error) (target.Booked, target.Outcome) {
	p := httpx.ProblemOf(err)
	return target.Booked{}, target.Outcome{Class: target.Ambiguous, Problem: p, SignIn: p.Action == model.ActionSignIn}
}

// bookings reads the documents in the entry's period and its neighbours: which
// of CASH's two period fields moves a posting is not published.
func (r *rest) bookings(ctx context.Context, e *model.Entry) ([]*booking, error) {
	first := e.Date.Time().AddDate(0, 0, 1-e.Date.Day)
	params := period(first.AddDate(0, -1, 0)) + "|" + period(first.AddDate(0, 1, 0))
	rows, err := r.export(ctx, e.Administration, "301T", params)
	if err != nil {
		return nil, err
	}
	list, err := readBookings(rows, fieldsOf(e))
	if err != nil {
		return nil, model.NewProblem("cash.unreadable_answer", "status", fmt.Sprint(http.StatusOK), "type", "301").Again().Because(err)
	}
	return list, nil
}

// under finds the booking of a daybook, document and year; nil is none.
func under(list []*booking, daybook, document string, year int) *booking {
	for _, b := range list {
		if document != "" && b.is(daybook, padDocument(document), year) {
			return b
		}
	}
	return nil
}

// couldBe is the second proof, for a booking under the entry's own number: CASH
// gave no key with any line, and the content is exactly the entry's.
func (b *booking) couldBe(e *model.Entry) bool {
	keyless := len(b.keys) == 1 && b.keys[""]
	return keyless && b.sameContent(e)
}

// booked is the booking as the sender compares it.
func (b *booking) booked() target.Booked {
	return target.Booked{
		Number:   b.number(),
		Approval: model.ApprovalNone,
		Evidence: map[string]string{evidenceDocument: b.document},
		Lines:    b.lines,
	}
}
