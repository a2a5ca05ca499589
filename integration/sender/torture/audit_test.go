package torture_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"loonbrug/data/journal"
	"loonbrug/data/model"
	"loonbrug/integration/sender"
)

// The invariants. The first ten are checked after every run; the last one after
// every campaign, by [coverage].
const (
	_            = iota
	bookedOnce   // I1: each business key is booked, and approved, at most once at any time
	nothingLost  // I2: at the end booked exactly once, or refused or left to a person, with evidence
	bookedIsTrue // I3: what is called booked stands in the books, equal to the cent
	refusedTrue  // I4: what is called refused or withdrawn does not stand in the books
	intentFirst  // I5: no sending without an earlier durable intent of its own
	oneContent   // I6: no key is used for two contents, no content under two keys
	historyGrows // I7: attempts are only added, tell one story, and the fence never falls
	allEnds      // I8: everything comes to rest within a bounded time
	sumsEqual    // I9: the sums per administration and period are equal on both sides
	databaseOK   // I10: the database is sound
	allReached   // I11: every answer, crash point, pause and edge of the table was reached
)

// finding is a broken invariant.
type finding struct {
	invariant int
	text      string
}

func (f finding) String() string { return fmt.Sprintf("I%d %s", f.invariant, f.text) }

// evidence is what an audit goes by: the ledger's books and what it was asked,
// and what the program says.
type evidence struct {
	books      []booking
	requests   []request
	refused    map[string]int // what the ledger refused, by business
	deliveries []model.Delivery
	entries    map[int64]model.Entry
	receipts   map[int64]model.Receipt
	attempts   map[int64][]model.Attempt
	rewrote    []string
	took       time.Duration
	bound      time.Duration
	damage     error
	now        time.Time
}

// evidence collects what there is to audit.
func (w *world) evidence() evidence {
	ctx := context.Background()
	e := evidence{
		deliveries: w.deliveries(), entries: w.entries, receipts: make(map[int64]model.Receipt), attempts: make(map[int64][]model.Attempt),
		took: time.Since(w.began), bound: bound, damage: w.store.Check(ctx), now: time.Now(),
	}
	for _, id := range w.ids {
		e.attempts[id] = w.history(id)
		r, err := w.store.Receipt(ctx, id)
		if err == nil {
			e.receipts[id] = r
		} else if !errors.Is(err, model.ErrNotFound) {
			e.damage = errors.Join(e.damage, err)
		}
	}
	w.ledger.mu.Lock()
	defer w.ledger.mu.Unlock()
	e.books, e.requests, e.refused = slices.Clone(w.ledger.books), slices.Clone(w.ledger.requests), maps.Clone(w.ledger.refused)
	e.rewrote = w.rewrote
	return e
}

// audit checks the invariants of one run.
func audit(e evidence) (all []finding) {
	found := func(invariant int, format string, args ...any) {
		all = append(all, finding{invariant, fmt.Sprintf(format, args...)})
	}
	e.auditBooks(found)
	e.auditRequests(found)
	for _, d := range e.deliveries {
		e.auditDelivery(d, found)
		e.auditHistory(d, found)
	}
	e.auditSums(found)
	for _, text := range e.rewrote {
		found(historyGrows, "%s", text)
	}
	if e.took > e.bound {
		found(allEnds, "not at rest after %s", e.took)
	}
	if e.damage != nil {
		found(databaseOK, "%v", e.damage)
	}
	return all
}

type report func(invariant int, format string, args ...any)

func (e *evidence) auditBooks(found report) {
	booked, approved := make(map[string]int), make(map[string]int)
	person := make(map[string]bool) // drafts of what is left to a person wait for that
	for _, d := range e.deliveries {
		person[business(e.entries[d.ID])] = d.State == model.StateUnknown && d.Person
	}
	for _, b := range e.books {
		if !b.stands(e.now) || b.Draft && b.Approved.IsZero() && person[b.Business] {
			continue
		}
		booked[b.Business]++
		if !b.Approved.IsZero() && !b.Approved.After(e.now) {
			approved[b.Business]++
		}
	}
	for _, business := range slices.Sorted(maps.Keys(booked)) {
		if n := booked[business]; n > 1 {
			found(bookedOnce, "%s is booked %d times", business, n)
		}
		if n := approved[business]; n > 1 {
			found(bookedOnce, "%s is approved %d times", business, n)
		}
	}
}

func (e *evidence) auditRequests(found report) {
	contents, keys := make(map[string]string), make(map[string]string)
	for i, r := range e.requests {
		if r.Intent == 0 {
			found(intentFirst, "request %d for %s had no durable intent of its own", i+1, r.Business)
		}
		if c, known := contents[r.Key]; known && c != r.Payload {
			found(oneContent, "key %s was used for two contents", r.Key)
		}
		if k, known := keys[r.Business]; known && k != r.Key {
			found(oneContent, "%s was sent under the keys %s and %s", r.Business, k, r.Key)
		}
		contents[r.Key], keys[r.Business] = r.Payload, r.Key
	}
}

// standing are the bookings of a business.
func (e *evidence) standing(business string) (all []booking) {
	for _, b := range e.books {
		if b.Business == business && b.stands(e.now) {
			all = append(all, b)
		}
	}
	return all
}

func (e *evidence) auditDelivery(d model.Delivery, found report) {
	entry := e.entries[d.ID]
	name := business(entry)
	books := e.standing(name)
	switch {
	case d.State == model.StateBooked:
		if len(books) == 0 {
			found(bookedIsTrue, "%s is called booked and does not stand in the books", name)
		} else if books[0].Lines[0].Amount != entry.Lines[0].Amount || len(books[0].Lines) != len(entry.Lines) {
			found(bookedIsTrue, "%s is called booked and stands there with another content", name)
		}
		debit, credit := entry.Totals()
		if r, ok := e.receipts[d.ID]; !ok || r.Debit != debit || r.Credit != credit || r.Lines != len(entry.Lines) || r.EntryHash != d.EntryHash {
			found(bookedIsTrue, "%s has the receipt %+v", name, r)
		}
	case d.State == model.StateRefused || d.State == model.StateWithdrawn:
		if slices.ContainsFunc(books, func(b booking) bool { return !b.Foreign }) {
			found(refusedTrue, "%s is called %s and stands in the books", name, d.State)
		}
		if d.State == model.StateRefused && d.Problem == nil {
			found(nothingLost, "%s is refused and does not say why", name)
		}
	case d.State == model.StateUnknown && d.Person && d.Problem != nil:
	case e.took > e.bound:
		found(allEnds, "%s is still %s", name, d.State)
	default:
		found(nothingLost, "%s rests in state %s, person %t, problem %v", name, d.State, d.Person, d.Problem)
	}
}

func (e *evidence) auditHistory(d model.Delivery, found report) {
	state, fence := model.StateQueued, int64(0)
	for i, a := range e.attempts[d.ID] {
		if a.Number != i+1 || a.From != state || a.Fence < fence {
			found(historyGrows, "delivery %d: attempt %d tells %s to %s under fence %d after %s under %d", d.ID, a.Number, a.From, a.To, a.Fence, state, fence)
		}
		// Whoever begins with a delivery has claimed it, which raises the fence.
		if a.Event == string(sender.EventClaimed) && a.Fence <= fence {
			found(historyGrows, "delivery %d: attempt %d claims under fence %d, as before", d.ID, a.Number, a.Fence)
		}
		state, fence = a.To, a.Fence
	}
	if state != d.State || fence > d.Fence {
		found(historyGrows, "delivery %d is %s under fence %d, its attempts end in %s under %d", d.ID, d.State, d.Fence, state, fence)
	}
}

// auditSums compares what the receipts add up to with the books, for every
// administration and period of which nothing was left to a person.
func (e *evidence) auditSums(found report) {
	ours, theirs, open := make(map[string]journal.Amount), make(map[string]journal.Amount), make(map[string]bool)
	for _, d := range e.deliveries {
		g := group(e.entries[d.ID])
		if d.State == model.StateBooked {
			ours[g] += e.receipts[d.ID].Debit
		}
		open[g] = open[g] || !d.State.Final()
	}
	for _, b := range e.books {
		if !b.stands(e.now) || b.Foreign {
			continue
		}
		for _, l := range b.Lines {
			theirs[b.Group] += max(l.Amount, 0)
		}
	}
	groups := maps.Clone(ours)
	maps.Copy(groups, theirs)
	for _, g := range slices.Sorted(maps.Keys(groups)) {
		if !open[g] && ours[g] != theirs[g] {
			found(sumsEqual, "%s: %s here, %s in the books", g, ours[g], theirs[g])
		}
	}
}

// coverage counts what a campaign reached.
type coverage map[string]int

func (c coverage) reach(what string) { c[what]++ }

// together is reach for what several goroutines reach at once.
func (c coverage) together() func(what string) {
	var mu sync.Mutex
	return func(what string) {
		mu.Lock()
		defer mu.Unlock()
		c.reach(what)
	}
}

// missing are the things of a list that were never reached.
func (c coverage) missing(all []string) (never []finding) {
	for _, what := range all {
		if c[what] == 0 {
			never = append(never, finding{allReached, "never reached: " + what})
		}
	}
	return never
}

// edges reads the table of states: every step that a delivery can take.
func edges(table string) (all []string) {
	for line := range strings.Lines(table) {
		left, right, ok := strings.Cut(strings.TrimSpace(line), "--> ")
		if !ok {
			continue
		}
		from, event, _ := strings.Cut(left, "--")
		for to := range strings.SplitSeq(right, " | ") {
			to, _, _ = strings.Cut(to, " ")
			edge := "edge " + strings.TrimSpace(from) + " " + event + " " + to
			if !slices.Contains(all, edge) {
				all = append(all, edge)
			}
		}
	}
	return all
}
