package sender_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"loonbrug/data/model"
	"loonbrug/integration/target"
)

// behaviour is what the ledger does with one sending.
type behaviour string

const (
	ok           behaviour = "ok"            // books and says so
	dropAfter    behaviour = "drop_after"    // books, the answer is lost
	dropBefore   behaviour = "drop_before"   // does not book, the answer is lost
	late         behaviour = "late"          // the answer is lost, books a while later
	refuse       behaviour = "refuse"        // looks at it and will not book it
	throttle     behaviour = "throttle"      // come back later
	notSent      behaviour = "not_sent"      // no byte arrived
	pend         behaviour = "pend"          // takes it, books it a while later
	killedBefore behaviour = "killed_before" // the program dies before the request leaves
	killedAfter  behaviour = "killed_after"  // the program dies while the answer comes back
	killedLate   behaviour = "killed_late"   // the program dies, the ledger books a while later
)

func behaviours() []behaviour {
	return []behaviour{ok, dropAfter, dropBefore, late, refuse, throttle, notSent, pend, killedBefore, killedAfter, killedLate}
}

// ledger is an accounting system in memory that counts its bookings by key: it
// is the oracle of the tests. What it does with each sending comes from script;
// afterwards it books.
type ledger struct {
	target.Target // what no test calls
	personDecides bool
	lateness      time.Duration
	approvals     []target.Outcome // bookings wait for approval; what each asking gives
	asked         int              // how often approval was asked
	approved      bool
	busy          []time.Duration // what each look-up is asked to wait; zero answers it
	looks         []time.Time     // when it was looked up
	kill          func()          // ends the program that is sending

	mu        sync.Mutex
	script    []behaviour
	booked    map[string][]time.Time // when each key was or will be booked
	refusals  map[string]int
	posts     int
	durable   func(key string) model.State // what the database says at this moment
	unwritten []string                     // keys whose intent was not durable when they were sent
}

func (l *ledger) Describe() target.Description {
	return target.Description{ID: "ledger", Name: "Ledger", PersonDecides: l.personDecides}
}

func (l *ledger) Prepare(context.Context, target.Access, target.Delivery) (map[string]string, error) {
	return map[string]string{"document": "1"}, nil
}

func (l *ledger) next() behaviour {
	if len(l.script) == 0 {
		return ok
	}
	b := l.script[0]
	l.script = l.script[1:]
	return b
}

func (l *ledger) Post(ctx context.Context, _ target.Access, d target.Delivery) target.Outcome {
	key := d.Entry.Key
	if l.durable(key) != model.StateSending {
		l.unwritten = append(l.unwritten, key)
	}
	l.mu.Lock()
	l.posts++
	b, now := l.next(), time.Now()
	book := func(at time.Time) { l.booked[key] = append(l.booked[key], at) }
	var o target.Outcome
	switch b {
	case ok:
		book(now)
		o = target.Outcome{Class: target.Accepted, Number: "1"}
	case dropAfter:
		book(now)
		o = target.Outcome{Class: target.Ambiguous}
	case dropBefore:
		o = target.Outcome{Class: target.Ambiguous}
	case late:
		book(now.Add(l.lateness))
		o = target.Outcome{Class: target.Ambiguous}
	case refuse:
		l.refusals[key]++
		o = target.Outcome{Class: target.Rejected, Problem: model.NewProblem("ledger.refused")}
	case throttle:
		o = target.Outcome{Class: target.Deferred, RetryAfter: 7 * time.Second}
	case notSent:
		o = target.Outcome{Class: target.NotSent}
	case pend:
		book(now.Add(l.lateness))
		o = target.Outcome{Class: target.Pending, Evidence: map[string]string{"transaction": "t"}}
	case killedBefore, killedAfter, killedLate:
		if b == killedAfter {
			book(now)
		}
		if b == killedLate {
			book(now.Add(l.lateness))
		}
		l.kill() // what this program learns now it cannot write down any more
		o = target.Outcome{Class: target.Accepted, Number: "1"}
	}
	l.mu.Unlock()
	return o
}

func (l *ledger) Find(_ context.Context, _ target.Access, d target.Delivery) ([]target.Booked, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.looks = append(l.looks, time.Now())
	if n := len(l.looks); n <= len(l.busy) && l.busy[n-1] > 0 {
		return nil, &target.Later{Err: model.NewProblem("ledger.busy").Again(), After: l.busy[n-1]}
	}
	var found []target.Booked
	for i, at := range l.booked[d.Entry.Key] {
		if !at.After(time.Now()) {
			found = append(found, target.Booked{Number: fmt.Sprint(i + 1), Lines: d.Entry.Lines, Approval: l.approval()})
		}
	}
	return found, nil
}

func (l *ledger) approval() model.Approval {
	switch {
	case l.approved:
		return model.ApprovalGiven
	case l.approvals != nil:
		return model.ApprovalWaiting
	}
	return model.ApprovalNone
}

func (l *ledger) Approve(context.Context, target.Access, target.Delivery) target.Outcome {
	l.mu.Lock()
	defer l.mu.Unlock()
	o := l.approvals[min(l.asked, len(l.approvals)-1)]
	l.asked++
	l.approved = l.approved || o.Class == target.Accepted
	return o
}

func (l *ledger) ReadBack(ctx context.Context, a target.Access, d target.Delivery) (target.Booked, target.Outcome) {
	found, err := l.Find(ctx, a, d)
	switch {
	case err != nil:
		return target.Booked{}, target.Outcome{Class: target.Ambiguous, Problem: model.ProblemOf(err)}
	case len(found) == 0 && d.Evidence["transaction"] != "":
		return target.Booked{}, target.Outcome{Class: target.Pending}
	case len(found) == 0:
		return target.Booked{}, target.Outcome{Class: target.Accepted}
	}
	return found[0], target.Outcome{Class: target.Accepted}
}

var errStopped = errors.New("stopped")
