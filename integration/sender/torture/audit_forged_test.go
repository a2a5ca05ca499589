package torture_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"loonbrug/data/journal"
	"loonbrug/data/model"
	"loonbrug/integration/sender"
)

// sound is evidence of one entry that was sent and booked as it should be.
func sound() evidence {
	entry := model.Entry{
		Administration: "a", Key: "K1", Period: journal.Period{Year: 2026, Number: 1},
		Lines: []model.EntryLine{{LedgerAccount: "4000", Amount: 100}, {LedgerAccount: "1700", Amount: -100}},
	}
	attempts := []model.Attempt{
		{Number: 1, Fence: 1, From: model.StateQueued, To: model.StateChecking, Event: string(sender.EventClaimed)},
		{Number: 2, Fence: 1, From: model.StateChecking, To: model.StateSending, Event: string(sender.EventIntent)},
		{Number: 3, Fence: 1, From: model.StateSending, To: model.StateAccepted, Event: string(sender.EventAccepted)},
		{Number: 4, Fence: 1, From: model.StateAccepted, To: model.StateBooked, Event: string(sender.EventProved)},
	}
	return evidence{
		books:      []booking{{Business: business(entry), Group: group(entry), Key: "K1", Lines: slices.Clone(entry.Lines), Approved: epoch}},
		requests:   []request{{Business: business(entry), Key: "K1", Payload: payload(entry), Intent: 2}},
		deliveries: []model.Delivery{{ID: 1, State: model.StateBooked, Fence: 1, EntryHash: "h"}},
		entries:    map[int64]model.Entry{1: entry},
		receipts:   map[int64]model.Receipt{1: {Debit: 100, Credit: 100, Lines: 2, EntryHash: "h"}},
		attempts:   map[int64][]model.Attempt{1: attempts},
		took:       time.Hour, bound: bound, now: epoch.Add(time.Hour),
	}
}

// TestAudit_EveryInvariantCanFail breaks each invariant once and sees it caught.
func TestAudit_EveryInvariantCanFail(t *testing.T) {
	if all := audit(sound()); len(all) > 0 {
		t.Fatalf("sound evidence: %v", all)
	}
	for name, c := range map[string]struct {
		invariant int
		forge     func(e *evidence)
	}{
		"booked twice under two keys": {bookedOnce, func(e *evidence) {
			b := e.books[0]
			b.Key, b.Approved = "K2", time.Time{}
			e.books = append(e.books, b)
		}},
		"a draft too many is left": {bookedOnce, func(e *evidence) {
			e.books[0].Draft = true
			b := e.books[0]
			b.Approved = time.Time{}
			e.books = append(e.books, b)
		}},
		"approved twice": {bookedOnce, func(e *evidence) { e.books = append(e.books, e.books[0]) }},
		"left lying":     {nothingLost, func(e *evidence) { e.deliveries[0].State = model.StateQueued }},
		"refused without a reason": {nothingLost, func(e *evidence) {
			e.deliveries[0].State, e.books = model.StateRefused, nil
		}},
		"booked nowhere":   {bookedIsTrue, func(e *evidence) { e.books = nil }},
		"booked otherwise": {bookedIsTrue, func(e *evidence) { e.books[0].Lines[0].Amount++ }},
		"without receipt":  {bookedIsTrue, func(e *evidence) { e.receipts = nil }},
		"refused, yet there": {refusedTrue, func(e *evidence) {
			e.deliveries[0].State, e.deliveries[0].Problem = model.StateRefused, model.NewProblem("x")
		}},
		"withdrawn, yet there": {refusedTrue, func(e *evidence) { e.deliveries[0].State = model.StateWithdrawn }},
		"no intent":            {intentFirst, func(e *evidence) { e.requests[0].Intent = 0 }},
		"two contents": {oneContent, func(e *evidence) {
			r := e.requests[0]
			r.Payload = "other"
			e.requests = append(e.requests, r)
		}},
		"two keys": {oneContent, func(e *evidence) {
			r := e.requests[0]
			r.Key = "K2"
			e.requests = append(e.requests, r)
		}},
		"fence falls":   {historyGrows, func(e *evidence) { e.attempts[1][2].Fence = 0 }},
		"gap":           {historyGrows, func(e *evidence) { e.attempts[1] = slices.Delete(e.attempts[1], 1, 2) }},
		"rewritten":     {historyGrows, func(e *evidence) { e.rewrote = []string{"delivery 1 lost attempts"} }},
		"never at rest": {allEnds, func(e *evidence) { e.took = e.bound + time.Hour }},
		"sums differ": {sumsEqual, func(e *evidence) {
			b := e.books[0]
			b.Business = "nobody's"
			e.books = append(e.books, b)
		}},
		"damaged": {databaseOK, func(e *evidence) { e.damage = errors.New("page 3 is torn") }},
	} {
		t.Run(name, func(t *testing.T) {
			e := sound()
			c.forge(&e)
			all := audit(e)
			if !slices.ContainsFunc(all, func(f finding) bool { return f.invariant == c.invariant }) {
				t.Errorf("not caught as I%d: %v", c.invariant, all)
			}
		})
	}
	never := coverage{"edge a x b": 1}.missing(edges("  a --x--> b | c (person)\n"))
	if len(never) != 1 || never[0].String() != "I11 never reached: edge a x c" {
		t.Errorf("not caught as I%d: %v", allReached, never)
	}
}
