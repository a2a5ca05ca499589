package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"loonbrug/data/model"
)

// Claim takes a delivery that is due, raises its fence and sets its lease. One that
// is over and due to be looked up again comes first: nobody may approve a draft too
// many before it is found, and there are few. Among the others, among
// the accounts and companies that have one, the turn is at the one that was
// served longest ago; within it, at the delivery that has been due longest. It
// looks at one delivery of each, and at none of an account that has one under a
// lease or is paused, so that its cost does not grow with what waits.
//
// A claim proves nothing about the target: the former owner may have sent the
// entry a moment ago. It proves that the former owner can write nothing any
// more.
func (s *Store) Claim(ctx context.Context, claim model.Claim) (d model.Delivery, ok bool, err error) {
	err = s.write(ctx, "claim a delivery", func(c conn) error {
		d, ok, err = s.claim(c, claim)
		return err
	})
	if err != nil || !ok {
		return model.Delivery{}, false, err
	}
	return d, true, nil
}

func (s *Store) claim(c conn, claim model.Claim) (d model.Delivery, ok bool, err error) {
	// Whoever may run this at the same time on another engine appends
	// FOR UPDATE OF d SKIP LOCKED. The row is read after it was written and not
	// returned by that: SQLite would build a table for what is returned.
	var id int64
	ok, err = c.maybe([]any{&id}, `
		SELECT t.id FROM delivery t
		WHERE `+swept+` AND sweep_at <= $1 AND `+free+`
		ORDER BY sweep_at, id LIMIT 1`, millis(claim.Now))
	if err == nil && !ok {
		ok, err = c.maybe([]any{&id}, `
		SELECT d.id
		FROM turn t JOIN delivery d ON d.id = (
			SELECT w.id FROM delivery w
			WHERE w.account_id = t.account_id AND w.company_id = t.company_id
				AND `+waits+` AND w.person = 0 AND w.not_before <= $1
			ORDER BY w.not_before, w.id LIMIT 1)
		WHERE `+free+`
		ORDER BY t.served, d.not_before, d.id LIMIT 1`, millis(claim.Now))
	}
	if err != nil || !ok {
		return d, false, err
	}
	err = c.later(`UPDATE delivery SET fence = fence + 1, lease_until = $2 WHERE id = $1`, id, millis(claim.Now.Add(claim.Lease)))
	if err != nil {
		return d, false, err
	}
	var row deliveryRow
	if err := c.one(deliveryFields(&row), `SELECT `+deliveryColumns+` FROM delivery WHERE id = $1`, id); err != nil {
		return d, false, err
	}
	err = c.later(`
		UPDATE turn SET served = (SELECT MAX(served) + 1 FROM turn)
		WHERE account_id = $1 AND company_id = $2`, row.AccountID, row.CompanyID)
	d = s.openDelivery(row)
	if err != nil || claim.Begin == nil {
		return d, err == nil, err
	}
	begun, a, err := claim.Begin(d)
	if err != nil || a == nil {
		return d, err == nil, err
	}
	return begun, true, s.apply(c, d, begun, *a, nil)
}

// free is true of a row t whose account has nothing under a lease and is not paused
// at the time $1.
const free = `NOT EXISTS (
			SELECT 1 FROM delivery l
			WHERE l.account_id = t.account_id AND ` + leased + ` AND l.lease_until > $1)
		AND NOT EXISTS (
			SELECT 1 FROM pause p
			WHERE p.account_id IN (0, t.account_id) AND (p.until_at = 0 OR p.until_at > $1))`

// NextDue is when the next delivery can be claimed: the earliest not-before, or
// time to be looked up again, of each account, or the end of the lease or pause that its account is under if
// that is later. It may lie in the past. ok is false when nothing waits for the
// sender, or only the end of a pause that has no time.
func (s *Store) NextDue(ctx context.Context) (at time.Time, ok bool, err error) {
	err = s.read(ctx, "next due", func(c conn) (err error) {
		at, ok, err = c.nextDue()
		return err
	})
	return at, ok, err
}

func (c conn) nextDue() (at time.Time, ok bool, err error) {
	earliest := func(scan func(...any) error) error {
		var first, leaseUntil, pauseUntil sql.NullInt64
		var stopped int64
		if err := scan(&first, &leaseUntil, &pauseUntil, &stopped); err != nil {
			return err
		}
		if !first.Valid || stopped > 0 {
			return nil
		}
		due := time.UnixMilli(max(first.Int64, leaseUntil.Int64, pauseUntil.Int64)).UTC()
		if !ok || due.Before(at) {
			at, ok = due, true
		}
		return nil
	}
	const held = `
			(SELECT MAX(l.lease_until) FROM delivery l WHERE l.account_id = t.account_id AND ` + leased + `),
			(SELECT MAX(p.until_at) FROM pause p WHERE p.account_id IN (0, t.account_id)),
			(SELECT COUNT(*) FROM pause p WHERE p.account_id IN (0, t.account_id) AND p.until_at = 0)`
	// From one company that something waits for to the next by the index, however
	// many have nothing.
	const next = `FROM delivery w WHERE ` + waits + ` AND w.person = 0`
	err = c.each(earliest, `
		WITH RECURSIVE t (account_id, company_id) AS (
			SELECT * FROM (SELECT w.account_id, w.company_id `+next+` ORDER BY w.account_id, w.company_id LIMIT 1) first
			UNION ALL
			SELECT
				(SELECT w.account_id `+next+` AND (w.account_id, w.company_id) > (t.account_id, t.company_id) ORDER BY w.account_id, w.company_id LIMIT 1),
				(SELECT w.company_id `+next+` AND (w.account_id, w.company_id) > (t.account_id, t.company_id) ORDER BY w.account_id, w.company_id LIMIT 1)
			FROM t WHERE t.account_id IS NOT NULL
		)
		SELECT
			(SELECT MIN(w.not_before) `+next+` AND w.account_id = t.account_id AND w.company_id = t.company_id),`+held+`
		FROM t WHERE t.account_id IS NOT NULL`)
	if err == nil {
		err = c.each(earliest, `
		SELECT t.sweep_at,`+held+`
		FROM (SELECT account_id, MIN(sweep_at) AS sweep_at FROM delivery WHERE `+swept+` GROUP BY account_id) t`)
	}
	return at, ok, err
}

// Apply replaces what a delivery is by to, if it still has the id, fence and
// state of from; otherwise it is [model.ErrLeaseLost] and nothing was written.
// What the delivery is for, its key, its entry and its fence never change this way. The
// attempt is appended under the next number, with the states and the fence of
// the two deliveries; a receipt, when there is one, takes the place of an
// earlier one. An intent to send for a company that must not be sent is refused
// with problem "send.test_company" or "send.debtor_blocked".
func (s *Store) Apply(ctx context.Context, from, to model.Delivery, a model.Attempt, r *model.Receipt) error {
	return s.write(ctx, fmt.Sprintf("apply to delivery %d", from.ID), func(c conn) error {
		return s.apply(c, from, to, a, r)
	})
}

// ApplyAndClaim is [Store.Apply] and then [Store.Claim] in one transaction: what
// is over frees its account for the next.
func (s *Store) ApplyAndClaim(ctx context.Context, from, to model.Delivery, a model.Attempt, r *model.Receipt, claim model.Claim) (d model.Delivery, ok bool, err error) {
	err = s.write(ctx, fmt.Sprintf("apply to delivery %d and claim", from.ID), func(c conn) error {
		if err := s.apply(c, from, to, a, r); err != nil {
			return err
		}
		d, ok, err = s.claim(c, claim)
		return err
	})
	if err != nil || !ok {
		return model.Delivery{}, false, err
	}
	return d, true, nil
}

func (s *Store) apply(c conn, from, to model.Delivery, a model.Attempt, r *model.Receipt) error {
	if to.Fence != from.Fence {
		return fmt.Errorf("apply to delivery %d: only a claim changes the fence", from.ID)
	}
	if to.State == model.StateSending {
		if err := barred(c, from); err != nil {
			return err
		}
	}
	if err := s.updateDelivery(c, from, to); err != nil {
		return err
	}
	a.DeliveryID, a.From, a.To, a.Fence = from.ID, from.State, to.State, to.Fence
	return s.appendAttempt(c, a, r)
}

// barred refuses an intent for a company that must not be sent: a person may
// have marked it since the delivery was queued. Problems send.test_company and
// send.debtor_blocked.
func barred(c conn, d model.Delivery) error {
	var name, debtor string
	var test, blocked bool
	err := c.one([]any{&name, &debtor, flag{&test}, flag{&blocked}},
		`SELECT name, debtor, test_company, debtor_blocked FROM company WHERE id = $1`, d.CompanyID)
	switch {
	case err != nil:
		return err
	case test:
		return model.NewProblem("send.test_company", "company", name)
	case blocked:
		return model.NewProblem("send.debtor_blocked", "debtor", debtor)
	}
	return nil
}

func (s *Store) updateDelivery(c conn, from, to model.Delivery) error {
	code, sealed, err := s.sealProblem(problemCell(from.ID), to.Problem)
	if err != nil {
		return err
	}
	// The fence is not written, not even the same: that would fire its guard, for
	// which SQLite builds a table each time.
	changed, err := c.exec(`
		UPDATE delivery SET state = $4, approval = $5, number = $6, evidence = $7, problem_code = $8, problem = $9,
			person = $10, lease_until = $11, not_before = $12, sent_at = $13, sends = $14,
			misses = $15, updated_at = $16, journal_number = $17, sweep_at = $18, sweeps = $19
		WHERE id = $1 AND fence = $2 AND state = $3`,
		from.ID, from.Fence, from.State, to.State, to.Approval, to.Number, document{&to.Evidence}, code, sealed,
		flag{&to.Person}, instant{&to.LeaseUntil}, instant{&to.NotBefore}, instant{&to.SentAt}, to.Sends,
		to.Misses, instant{&to.UpdatedAt}, to.Journal, instant{&to.SweepAt}, to.Sweeps)
	switch {
	case isDuplicate(err):
		return deliveryProblem("delivery.exists", to).Because(err)
	case err != nil:
		return err
	case changed == 0:
		return model.ErrLeaseLost
	}
	return nil
}

// FreeLeases ends all leases at once, where there is one sender only: whoever had
// them is dead. In a database that several share they end by their time.
func (s *Store) FreeLeases(ctx context.Context) error {
	if s.engine.several() {
		return nil
	}
	return s.write(ctx, "free leases", func(c conn) error {
		_, err := c.exec(`UPDATE delivery SET lease_until = 0 WHERE ` + leased)
		return err
	})
}

// BringBack counts the waits and leases of deliveries anew from now that were
// last written at a later time than now and slack: then the clock was set back
// since, and they would wait for as long as that.
func (s *Store) BringBack(ctx context.Context, now time.Time, slack time.Duration) (moved int64, err error) {
	err = s.write(ctx, "bring waiting deliveries back", func(c conn) (err error) {
		moved, err = c.exec(`
			UPDATE delivery SET not_before = not_before - (updated_at - $1),
				sweep_at = CASE WHEN sweep_at > 0 THEN sweep_at - (updated_at - $1) ELSE 0 END,
				lease_until = CASE WHEN lease_until > 0 THEN lease_until - (updated_at - $1) ELSE 0 END, updated_at = $1
			WHERE `+waits+` AND person = 0 AND updated_at > $2`, millis(now), millis(now.Add(slack)))
		if err != nil {
			return err
		}
		again, err := c.exec(`
			UPDATE delivery SET sweep_at = sweep_at - (updated_at - $1), lease_until = 0, updated_at = $1
			WHERE `+swept+` AND updated_at > $2`, millis(now), millis(now.Add(slack)))
		moved += again
		return err
	})
	return moved, err
}
