package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"loonbrug/data/model"
)

// Verify checks that the history is whole: that every row follows from the one
// before it, the first one from what was cut off at the end of its time, that none
// is missing at the end, that every step and receipt is as
// the history tells, and that none is there that it does not tell of. What does
// not hold is in the verification, first break first; an error means that it
// could not be checked.
func (s *Store) Verify(ctx context.Context) (model.Verification, error) {
	v := verifier{
		steps: make(map[stepKey]string), known: make(map[int64]knownSteps),
		receipts: make(map[int64]receiptTold), removed: make(map[int64]bool),
	}
	err := s.together(ctx, "verify the history", func(c conn) error {
		return errors.Join(v.chain(c, s), v.attempts(c), v.proofs(c, s))
	})
	slices.SortStableFunc(v.found.Breaches, func(a, b model.Breach) int {
		if (a.Number == 0) != (b.Number == 0) {
			return cmp.Compare(b.Number, a.Number)
		}
		return cmp.Compare(a.Number, b.Number)
	})
	return v.found, err
}

type stepKey struct {
	delivery int64
	number   int
}

// knownSteps are the steps that one row tells of together: those up to a number.
type knownSteps struct {
	row    int64
	upTo   int
	digest string
}

type receiptTold struct {
	row    int64
	digest string
}

// verifier holds what the rows tell while the rest is compared with it.
type verifier struct {
	found    model.Verification
	rows     map[stepKey]int64 // of the history
	steps    map[stepKey]string
	known    map[int64]knownSteps
	receipts map[int64]receiptTold
	removed  map[int64]bool // deliveries of which nothing is kept any longer
}

func (v *verifier) breach(kind model.BreachKind, row, delivery int64, part int) {
	v.found.Breaches = append(v.found.Breaches, model.Breach{Kind: kind, Number: row, Delivery: delivery, Part: part})
}

// chain walks along the rows and ends at the head.
func (v *verifier) chain(c conn, s *Store) error {
	v.rows = make(map[stepKey]int64)
	at, err := cutAt(c)
	if err != nil {
		return err
	}
	v.found.Cut = at.number
	err = c.each(func(scan func(...any) error) error {
		var r historyRow
		if err := scan(historyFields(&r)...); err != nil {
			return err
		}
		if v.found.Rows++; v.found.Rows == 1 {
			v.found.Begun = r.At
		}
		if r.Number != at.number+1 {
			v.breach(model.BreachRowMissing, at.number+1, 0, 0)
		} else if r.Hash != r.chained(at.hash) {
			v.breach(model.BreachRowChanged, r.Number, 0, 0)
		}
		v.note(&r)
		// Going on from what the row itself says finds later breaches one by one.
		at = link{r.Number, r.Hash}
		return nil
	}, `SELECT `+historyColumns+` FROM history ORDER BY number`)
	if err != nil {
		return err
	}
	maps.DeleteFunc(v.steps, func(key stepKey, _ string) bool { return v.removed[key.delivery] })
	maps.DeleteFunc(v.known, func(delivery int64, _ knownSteps) bool { return v.removed[delivery] })
	maps.DeleteFunc(v.receipts, func(delivery int64, _ receiptTold) bool { return v.removed[delivery] })
	var sealed []byte
	var head link
	found, err := c.maybe([]any{&head.number, &head.hash, &sealed}, `SELECT number, hash, sealed FROM history_head WHERE id = 1`)
	if err == nil && (!found || head != at || !s.sealedHead(head, sealed)) {
		v.breach(model.BreachEndMissing, at.number+1, 0, 0)
	}
	return err
}

// note keeps what a row tells of steps and receipts.
func (v *verifier) note(r *historyRow) {
	switch r.Kind {
	case model.EventSealLost:
		v.breach(model.BreachSealLost, r.Number, 0, 0)
	case model.EventDeliveryStep:
		key := stepKey{r.Subject, r.Part}
		v.steps[key], v.rows[key] = r.step, r.Number
	case model.EventDeliveryKnown:
		v.known[r.Subject] = knownSteps{r.Number, r.Part, r.step}
	case model.EventDeliveryRemoved:
		v.removed[r.Subject] = true
	}
	if r.receipt != "" {
		v.receipts[r.Subject] = receiptTold{r.Number, r.receipt}
	}
}

// attempts compares every step with the row that tells of it.
func (v *verifier) attempts(c conn) error {
	together := make(map[int64]digest)
	last := make(map[int64]int)
	err := c.each(func(scan func(...any) error) error {
		var a attemptRow
		if err := scan(attemptFields(&a)...); err != nil {
			return err
		}
		v.found.Attempts++
		if k, is := v.known[a.DeliveryID]; is && a.Number <= k.upTo {
			if _, begun := together[a.DeliveryID]; !begun {
				together[a.DeliveryID] = newDigest()
			}
			a.into(together[a.DeliveryID])
			last[a.DeliveryID] = a.Number
			return nil
		}
		key := stepKey{a.DeliveryID, a.Number}
		told, is := v.steps[key]
		switch {
		case !is:
			v.breach(model.BreachAttemptUntold, 0, a.DeliveryID, a.Number)
		case told != a.digest():
			v.breach(model.BreachAttemptChanged, v.rows[key], a.DeliveryID, a.Number)
		}
		delete(v.steps, key)
		return nil
	}, `SELECT `+attemptColumns+` FROM attempt ORDER BY delivery_id, number`)
	for key := range v.steps {
		v.breach(model.BreachAttemptMissing, v.rows[key], key.delivery, key.number)
	}
	for delivery, k := range v.known {
		switch d, any := together[delivery]; {
		case !any || last[delivery] < k.upTo:
			v.breach(model.BreachAttemptMissing, k.row, delivery, k.upTo)
		case d.hex() != k.digest:
			v.breach(model.BreachAttemptChanged, k.row, delivery, k.upTo)
		}
	}
	return err
}

// proofs compares every receipt with the last row that tells of it and with the
// delivery that it proves.
func (v *verifier) proofs(c conn, s *Store) error {
	err := c.each(func(scan func(...any) error) error {
		var r receiptRow
		var sent string
		if err := scan(append(receiptFields(&r), &sent)...); err != nil {
			return err
		}
		v.found.Receipts++
		told, is := v.receipts[r.DeliveryID]
		switch {
		case !is:
			v.breach(model.BreachReceiptUntold, 0, r.DeliveryID, 0)
		case told.digest != r.digest():
			v.breach(model.BreachReceiptChanged, told.row, r.DeliveryID, 0)
		case !s.proves(r, sent):
			v.breach(model.BreachReceiptDiffers, told.row, r.DeliveryID, 0)
		}
		delete(v.receipts, r.DeliveryID)
		return nil
	}, `
		SELECT r.delivery_id, r.number, r.booked_at, r.approval, r.entry_hash, r.proof, d.entry_hash
		FROM receipt r JOIN delivery d ON d.id = r.delivery_id ORDER BY r.delivery_id`)
	for delivery, told := range v.receipts {
		v.breach(model.BreachReceiptMissing, told.row, delivery, 0)
	}
	if err != nil {
		return fmt.Errorf("receipts: %w", err)
	}
	return nil
}

// proves tells whether a receipt is about the entry that was sent and balances.
// One that cannot be opened, because the key was lost, is taken by its digest.
func (s *Store) proves(r receiptRow, sent string) bool {
	var p proof
	if err := s.openJSON(proofCell(r.DeliveryID), r.sealed, &p); err != nil {
		return true
	}
	return (r.EntryHash == "" || r.EntryHash == sent) && p.Debit == p.Credit
}
