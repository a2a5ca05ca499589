package sender_test

import (
	"context"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"loonbrug/data/model"
	"loonbrug/data/store"
	"loonbrug/integration/sender"
	"loonbrug/integration/target"
)

// fullStore is a database on a disk that is full now and then: claims that find
// nothing go well all the same.
type fullStore struct {
	*store.Store
	full atomic.Bool
}

func (f *fullStore) Apply(ctx context.Context, from, to model.Delivery, a model.Attempt, r *model.Receipt) error {
	if f.full.Load() {
		return model.NewProblem("store.disk_full")
	}
	return f.Store.Apply(ctx, from, to, a, r)
}

// awayStore is a database on a server that nobody reaches now and then.
type awayStore struct {
	*store.Store
	away atomic.Bool
}

func (a *awayStore) FreeLeases(ctx context.Context) error {
	if a.away.Load() {
		return model.NewProblem("store.away").Again()
	}
	return a.Store.FreeLeases(ctx)
}

// TestSender_SaysThatTheDiskIsFull tells of a full disk as soon as a step cannot
// be written, and until one can.
func TestSender_SaysThatTheDiskIsFull(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, 1)
		disk := &fullStore{Store: w.store}
		w.saysAndGoesOn(disk, &disk.full, "store.disk_full")
	})
}

// TestSender_BeginsWithoutItsServer says what keeps it from beginning, and begins by
// itself once that is over.
func TestSender_BeginsWithoutItsServer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, 1)
		server := &awayStore{Store: w.store}
		w.saysAndGoesOn(server, &server.away, "store.away")
	})
}

// saysAndGoesOn begins a sender on a database that fails, and mends it later.
func (w *world) saysAndGoesOn(on sender.Store, fails *atomic.Bool, code string) {
	w.t.Helper()
	fails.Store(true)
	s, err := sender.New(on, target.Registry{w.ledger}, sender.Options{Timing: timing()})
	w.must(err)
	ctx, stop := context.WithCancel(w.t.Context())
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx) }()
	time.Sleep(20 * time.Second)
	if alive, _, fault := s.Status(); !alive || fault == nil || model.ProblemOf(fault).Code != code {
		w.t.Errorf("alive %t, fault %v", alive, fault)
	}
	fails.Store(false)
	time.Sleep(time.Hour)
	if _, _, fault := s.Status(); fault != nil || w.ledger.posts != 1 {
		w.t.Errorf("fault %v, sent %d times", fault, w.ledger.posts)
	}
	stop()
	w.must(<-ended)
	w.check()
	w.end()
}
