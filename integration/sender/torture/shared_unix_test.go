//go:build unix

package torture_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"loonbrug/data/store/postgrestest"
)

// TestShared sends with several real processes on one PostgreSQL database. They
// are killed, and stopped and continued, at random, and the server crashes and
// starts again in the middle.
func TestShared(t *testing.T) {
	t.Parallel()
	for _, senders := range []int{2, 5} {
		t.Run(fmt.Sprint(senders), func(t *testing.T) { shareOne(t, senders) })
	}
}

func shareOne(t *testing.T, senders int) {
	random := rand.New(rand.NewPCG(uint64(senders), 3))
	var s shape
	for i := range 20 + 6**kills {
		s = append(s, modes()[i%3])
	}
	w := emptyWorld(t, postgrestest.New(t))
	w.shared = true
	w.open()
	defer w.close()
	w.must(fill(context.Background(), w.store, s))
	w.learn()
	address := w.onTheWire()
	l := &life{seed: uint64(senders)}
	var calm atomic.Bool // the network holds again once the killing is over
	w.ledger.answer = func(business string, nth int) answer {
		if n := l.draw(business, nth); !calm.Load() && nth < 4 && n%100 < 50 {
			return wireAnswers()[n/100%uint64(len(wireAnswers()))]
		}
		return answerOK
	}
	alive := make([]*process, senders)
	for i := range alive {
		alive[i] = w.spawn(address)
	}
	killed, stopped := 0, 0
	for ; killed < *kills; killed++ {
		if killed == *kills/2 {
			postgrestest.Restart(t)
		}
		time.Sleep(time.Duration(20+random.IntN(400)) * time.Millisecond)
		i := random.IntN(senders)
		if random.IntN(3) == 0 {
			_ = alive[i].Process.Signal(syscall.SIGSTOP)
			time.Sleep(time.Duration(200+random.IntN(4000)) * time.Millisecond)
			_ = alive[i].Process.Signal(syscall.SIGCONT)
			time.Sleep(time.Duration(random.IntN(200)) * time.Millisecond)
			stopped++
		}
		alive[i].kill()
		alive[i] = w.spawn(address)
	}
	calm.Store(true)
	w.untilAllRests(address)
	for _, p := range alive {
		p.end()
	}
	broken := audit(w.evidence())
	if len(broken) > 0 {
		t.Errorf("%d senders: %v", senders, broken)
	}
	figure(t, fmt.Sprintf("senders on one PostgreSQL: %d, of which killed", senders), killed)
	figure(t, "  stopped and continued", stopped)
	figure(t, "  deliveries, requests, broken invariants", []int{len(w.ids), len(w.ledger.requests), len(broken)})
}
