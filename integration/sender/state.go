package sender

import (
	"fmt"
	"time"

	"loonbrug/data/model"
	"loonbrug/integration/target"
)

// Event is what happens to a delivery.
type Event string

// The events. Those of an outcome carry the class of [target.Outcome].
const (
	EventClaimed    Event = "claimed"     // a sender took it
	EventNotChecked Event = "not_checked" // the look-up before sending failed
	EventFound      Event = "found"       // the target has exactly this entry under the key
	EventDiffers    Event = "differs"     // the target has another content, or several, under the key
	EventImpossible Event = "impossible"  // what must stand in the intent cannot be had
	EventIntent     Event = "intent"      // durable before the first byte leaves
	EventAccepted   Event = "accepted"
	EventPending    Event = "pending"
	EventNotSent    Event = "not_sent"
	EventDeferred   Event = "deferred"
	EventRejected   Event = "rejected"
	EventAmbiguous  Event = "ambiguous"
	EventLeaseOver  Event = "lease_over" // its sender died between intent and outcome
	EventMissed     Event = "missed"     // a look-up after the settle window did not find it
	EventNotLooked  Event = "not_looked" // that look-up failed
	EventProved     Event = "proved"     // read back and equal to the cent
	EventNotRead    Event = "not_read"   // reading back failed
	EventGone       Event = "gone"       // the target no longer has what it accepted
	EventUnapproved Event = "unapproved" // it is there and equal, but approving it failed for the moment
	EventWithdrawn  Event = "withdrawn"  // by a person
	EventBarred     Event = "barred"     // the company was marked as one that is never sent
	EventLookAgain  Event = "look_again" // by a person
	EventSendAgain  Event = "send_again" // by a person who says it is not booked

	EventTakenBack Event = "taken_back" // by a person: it was marked as sent by hand and is not
	EventGivenUp   Event = "given_up"   // by a person: what was booked is no longer there
	EventVoided    Event = "voided"     // by a person: made invalid at the target, and read back so
	EventKept      Event = "kept"       // by a person: a later journal changes nothing about it
	EventSettled   Event = "settled"    // by a person who says it is booked, and under which number

	// Of a delivery that is over and was in doubt before; see sweep.go.
	EventOrphan    Event = "orphan"    // a draft too many is about to be made invalid
	EventDiscarded Event = "discarded" // it was, and was read back so
	EventSwept     Event = "swept"     // what can be put right is
	EventNotSwept  Event = "not_swept" // the look, or making invalid, failed for the moment
	EventSweepNow  Event = "sweep_now" // the comparison of the books found something
)

// happening is an event with what is known of it.
type happening struct {
	event    Event
	at       time.Time
	outcome  target.Outcome // of the outcome events
	booked   target.Booked  // of found and proved
	evidence map[string]string
	problem  *model.Problem
	after    time.Duration // wait before the next step, where the event sets it
	by       string        // the person, and
	reason   string        // why, of the events by a person
	journal  int           // of kept: the number of the run's journal
	drafts   bool          // the target's bookings are drafts first: one too many can be put right
	several  bool          // of found: there are others under the key
}

// missesNeeded are the look-ups without a hit after which a sending counts as
// not arrived; mostSends are the sendings with unknown outcome after which only
// a person decides.
const (
	missesNeeded = 2
	mostSends    = 3
)

// waits before a step that failed is tried again; the last one repeats.
var (
	backoff = [...]time.Duration{time.Second, 5 * time.Second, 30 * time.Second, 2 * time.Minute, 10 * time.Minute}
	polls   = [...]time.Duration{time.Second, 3 * time.Second, 3 * time.Second, 3 * time.Second, 3 * time.Second, time.Minute, 5 * time.Minute, 15 * time.Minute}
)

func wait(list []time.Duration, n int) time.Duration { return list[min(n, len(list)-1)] }

// rule is one row of the table: from these states, on this event, by this
// change. The change sets the next state and whatever goes with it.
type rule struct {
	from   []model.State
	change func(d *model.Delivery, h happening, t Timing, personDecides bool)
}

// rules is the whole life of a delivery. Nothing else decides what becomes of
// one; the database only compares and sets.
func rules() map[Event]rule {
	const (
		queued, checking, sending = model.StateQueued, model.StateChecking, model.StateSending
		accepted, unknown         = model.StateAccepted, model.StateUnknown
	)
	over := from(model.StateBooked, model.StateRefused, model.StateWithdrawn)
	return map[Event]rule{
		EventClaimed:    {from(queued, checking), toChecking},
		EventNotChecked: {from(checking), backToQueue},
		EventFound:      {from(checking, unknown), toAccepted},
		EventDiffers:    {from(checking, unknown, accepted), toPerson},
		EventImpossible: {from(checking), toRefused},
		EventIntent:     {from(checking), toSending},
		EventAccepted:   {from(sending), toAcceptedByOutcome},
		EventPending:    {from(sending, accepted), stillPending},
		EventNotSent:    {from(sending), notSent},
		EventDeferred:   {from(sending), notSent},
		EventRejected:   {from(sending, accepted), rejected},
		EventAmbiguous:  {from(sending), toUnknown},
		EventLeaseOver:  {from(sending), toUnknown},
		EventMissed:     {from(unknown), missed},
		EventNotLooked:  {from(unknown), lookLater},
		EventProved:     {from(accepted), toBooked},
		EventNotRead:    {from(accepted), readLater},
		EventGone:       {from(accepted), toPerson},
		EventUnapproved: {from(accepted), readLater},
		EventWithdrawn:  {from(queued), toWithdrawn},
		EventBarred:     {from(checking), toWithdrawn},
		EventLookAgain:  {from(unknown, accepted), lookNow},
		EventSendAgain:  {from(unknown), sendAgain},
		EventTakenBack:  {from(model.StateMarked), toWithdrawn},
		EventGivenUp:    {from(model.StateBooked, unknown), toWithdrawn},
		EventVoided:     {from(model.StateBooked), toWithdrawn},
		EventKept:       {from(model.StateBooked, model.StateMarked, model.StateNothingToBook), toKept},
		EventSettled:    {from(unknown), toMarked},
		EventOrphan:     {over, stays},
		EventDiscarded:  {over, stays},
		EventSwept:      {over, toSwept},
		EventNotSwept:   {over, sweepLater},
		EventSweepNow:   {over, sweepNow},
	}
}

func from(states ...model.State) []model.State { return states }

// ErrNotAllowed says that an event cannot happen to a delivery in its state.
type ErrNotAllowed struct {
	Event Event
	State model.State
}

func (e *ErrNotAllowed) Error() string {
	return fmt.Sprintf("event %s cannot happen to a delivery that is %s", e.Event, e.State)
}

// next is what becomes of a delivery. It is pure.
func next(d model.Delivery, h happening, t Timing, personDecides bool) (model.Delivery, error) {
	r, ok := rules()[h.event]
	if ok {
		for _, s := range r.from {
			if s == d.State {
				r.change(&d, h, t, personDecides)
				d.UpdatedAt = h.at
				return d, nil
			}
		}
	}
	return d, &ErrNotAllowed{Event: h.event, State: d.State}
}

// rest puts the delivery down in a state, to be taken up again at a time.
func rest(d *model.Delivery, s model.State, notBefore time.Time) {
	d.State = s
	d.NotBefore = notBefore
	d.LeaseUntil = time.Time{}
}

func toChecking(d *model.Delivery, _ happening, _ Timing, _ bool) {
	d.State = model.StateChecking
	d.Problem = nil
}

// backToQueue waits for the target to be reachable; nothing was sent.
func backToQueue(d *model.Delivery, h happening, _ Timing, _ bool) {
	d.Misses++
	d.Problem = h.problem
	rest(d, model.StateQueued, h.at.Add(max(h.after, wait(backoff[:], d.Misses-1))))
}

func toSending(d *model.Delivery, h happening, _ Timing, _ bool) {
	d.State = model.StateSending
	d.SentAt = h.at
	d.Sends++
	d.Misses = 0
	d.Evidence = merged(d.Evidence, h.evidence)
}

func toAcceptedByOutcome(d *model.Delivery, h happening, _ Timing, _ bool) {
	d.State = model.StateAccepted
	d.Number = h.outcome.Number
	d.Evidence = merged(d.Evidence, h.outcome.Evidence)
	d.Misses, d.Problem = 0, nil
	d.NotBefore = h.at
}

func toAccepted(d *model.Delivery, h happening, _ Timing, _ bool) {
	d.State = model.StateAccepted
	d.Number = h.booked.Number
	d.Evidence = merged(d.Evidence, h.booked.Evidence)
	d.Misses, d.Problem, d.Person = 0, nil, false
	d.NotBefore = h.at
	if h.several {
		sweepSoon(d, h, 0)
	}
}

// stillPending asks again, quickly first and then ever more slowly, for as long
// as the target has not decided.
func stillPending(d *model.Delivery, h happening, _ Timing, _ bool) {
	if d.State == model.StateSending {
		d.Misses = 0
	}
	d.Number = firstOf(h.outcome.Number, d.Number)
	d.Evidence = merged(d.Evidence, h.outcome.Evidence)
	d.Problem = h.outcome.Problem
	rest(d, model.StateAccepted, h.at.Add(max(h.outcome.RetryAfter, wait(polls[:], d.Misses))))
	d.Misses++
}

// notSent queues again: certainly nothing arrived, so the sending does not
// count.
func notSent(d *model.Delivery, h happening, _ Timing, _ bool) {
	d.Sends--
	d.Misses++
	d.Evidence = merged(d.Evidence, h.outcome.Evidence)
	d.Problem = h.outcome.Problem
	rest(d, model.StateQueued, h.at.Add(max(h.outcome.RetryAfter, wait(backoff[:], d.Misses-1))))
}

// rejected believes the target only when no earlier sending may have arrived:
// a duplicate that is refused can be our own booking. What the target says of
// this sending, that nothing was booked, is then not the truth about the entry.
func rejected(d *model.Delivery, h happening, t Timing, personDecides bool) {
	if d.State == model.StateSending && d.Sends > 1 {
		h.outcome.Problem = unknownSince(d.SentAt)
		toUnknown(d, h, t, personDecides)
		return
	}
	d.Problem = h.outcome.Problem
	rest(d, model.StateRefused, time.Time{})
}

func toRefused(d *model.Delivery, h happening, _ Timing, _ bool) {
	d.Problem = h.problem
	rest(d, model.StateRefused, time.Time{})
}

func toUnknown(d *model.Delivery, h happening, t Timing, _ bool) {
	d.Problem = h.outcome.Problem
	d.Evidence = merged(d.Evidence, h.outcome.Evidence)
	d.Misses = 0
	sweepSoon(d, h, t.Sweep)
	rest(d, model.StateUnknown, settled(d, h.at, t))
}

// settled is when a look-up that finds nothing counts: a while after the sending,
// or after now where a clock that was set back makes the sending seem to lie
// ahead.
func settled(d *model.Delivery, now time.Time, t Timing) time.Time {
	window := t.Lease + t.Settle
	return now.Add(min(d.SentAt.Add(window).Sub(now), window))
}

// missed counts a look-up that found nothing. Enough of them mean that it did
// not arrive, and it is sent again under the same key, unless only a person may
// say so.
func missed(d *model.Delivery, h happening, t Timing, personDecides bool) {
	d.Misses++
	switch {
	case d.Misses < missesNeeded:
		rest(d, model.StateUnknown, h.at.Add(t.Settle/2))
	case personDecides || d.Sends >= mostSends:
		d.Person = true
		d.Problem = h.problem
		rest(d, model.StateUnknown, time.Time{})
	default:
		rest(d, model.StateQueued, h.at)
	}
}

// lookLater leaves to a person what was a person's already: only a click had it
// looked up once more, and that must not take the choice away.
func lookLater(d *model.Delivery, h happening, t Timing, _ bool) {
	d.Problem = h.problem
	if d.Misses >= missesNeeded {
		d.Person = true
		rest(d, model.StateUnknown, time.Time{})
		return
	}
	rest(d, model.StateUnknown, h.at.Add(max(h.after, t.Settle/2)))
}

// toPerson is for what the target has, or no longer has: earlier misses say
// nothing any more.
func toPerson(d *model.Delivery, h happening, _ Timing, _ bool) {
	d.Person = true
	d.Misses = 0
	d.Problem = h.problem
	rest(d, model.StateUnknown, time.Time{})
}

func toBooked(d *model.Delivery, h happening, _ Timing, _ bool) {
	d.Number = firstOf(h.booked.Number, d.Number)
	d.Evidence = merged(d.Evidence, h.booked.Evidence)
	d.Approval = h.booked.Approval
	d.Problem = h.problem // of an approval that the target would not give
	rest(d, model.StateBooked, time.Time{})
}

func readLater(d *model.Delivery, h happening, _ Timing, _ bool) {
	d.Problem = h.problem
	rest(d, model.StateAccepted, h.at.Add(max(h.after, wait(backoff[:], d.Misses))))
	d.Misses++
}

func toKept(d *model.Delivery, h happening, _ Timing, _ bool) { d.Journal = h.journal }

func toWithdrawn(d *model.Delivery, h happening, _ Timing, _ bool) {
	d.Person = false
	d.Problem = h.problem
	rest(d, model.StateWithdrawn, time.Time{})
}

// lookNow is a person's wish; it never shortens the settle window. Misses that
// have left the delivery to a person stay counted: one more look-up that does not
// find it leaves it to the person again.
func lookNow(d *model.Delivery, h happening, t Timing, _ bool) {
	if !d.Person {
		d.Misses = 0
	}
	d.Person = false
	at := h.at
	if later := settled(d, h.at, t); d.State == model.StateUnknown && !d.SentAt.IsZero() && later.After(at) {
		at = later
	}
	rest(d, d.State, at)
}

func sendAgain(d *model.Delivery, h happening, _ Timing, _ bool) {
	d.Person = false
	d.Problem = nil
	d.Misses = 0
	rest(d, model.StateQueued, h.at)
}

func toMarked(d *model.Delivery, h happening, _ Timing, _ bool) {
	d.Person = false
	d.Problem = nil
	d.Number = h.booked.Number
	rest(d, model.StateMarked, time.Time{})
}

func merged(old, added map[string]string) map[string]string {
	if len(added) == 0 {
		return old
	}
	all := make(map[string]string, len(old)+len(added))
	for k, v := range old {
		all[k] = v
	}
	for k, v := range added {
		all[k] = v
	}
	return all
}

func firstOf(a, b string) string {
	if a != "" {
		return a
	}
	return b
}
