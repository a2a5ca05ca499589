package cash

import (
	"context"

	"loonbrug/data/model"
	"loonbrug/integration/httpx"
	"loonbrug/integration/target"
)

// Find implements [target.Target]. A document is the entry's when one of its
// lines carries the key exactly; where CASH exports no key, when it stands under
// the daybook and document number of the sending with exactly its content.
func (t *Target) Find(ctx context.Context, a target.Access, d target.Delivery) ([]target.Booked, error) {
	l, err := t.open(ctx, a)
	if err != nil {
		return nil, err
	}
	bookings, err := bookingsOf(ctx, l, &d.Entry)
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
	b := under(bookings, d.Entry.Extra[optionDaybook], document, bookYear(&d.Entry))
	if b != nil && b.couldBe(&d.Entry) {
		found = append(found, b.booked())
	}
	return found, nil
}

// ReadBack implements [target.Target]: all lines under the daybook and document
// number of the sending.
func (t *Target) ReadBack(ctx context.Context, a target.Access, d target.Delivery) (target.Booked, target.Outcome) {
	l, err := t.open(ctx, a)
	if err != nil {
		return failed(err)
	}
	o := target.Outcome{Class: target.Accepted}
	if id := d.Evidence[evidenceTransaction]; id != "" {
		if o, err = l.settled(ctx, id); err != nil {
			return failed(err)
		}
	}
	bookings, err := bookingsOf(ctx, l, &d.Entry)
	if err != nil {
		return failed(err)
	}
	b := under(bookings, d.Entry.Extra[optionDaybook], d.Evidence[evidenceDocument], bookYear(&d.Entry))
	if b == nil {
		return target.Booked{}, o
	}
	// Whatever is said of the import, the books have something.
	return b.booked(), target.Outcome{Class: target.Accepted, Number: b.number()}
}

// failed is a reading that did not succeed: nothing is known, and nothing has
// changed.
func failed(err error) (target.Booked, target.Outcome) {
	p := httpx.ProblemOf(err)
	return target.Booked{}, target.Outcome{Class: target.Ambiguous, Problem: p, SignIn: p.Action == model.ActionSignIn}
}

// under finds the booking of a daybook, document and book year; nil is none.
func under(list []*booking, daybook, document, year string) *booking {
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
	return b.keyless() && b.sameContent(e)
}

// keyless tells whether CASH gave no key with any line.
func (b *booking) keyless() bool { return len(b.keys) == 1 && b.keys[""] }

// booked is the booking as the sender compares it.
func (b *booking) booked() target.Booked {
	return target.Booked{
		Number:   b.number(),
		Approval: model.ApprovalNone,
		Evidence: map[string]string{evidenceDocument: b.document},
		Lines:    b.lines,
	}
}
