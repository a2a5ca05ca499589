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
// starts again in the middle. The clock of the first computer is ten minutes ahead,
// that of the second ten minutes behind, and the network between the first and the
// database is cut now and then.
func TestShared(t *testing.T) {
	t.Parallel()
	for _, senders := range []int{2, 5} {
		t.Run(fmt.Sprint(senders), func(t *testing.T) { shareOne(t, senders, onLoopback(t)) })
	}
}

// routes are the ways to a database.
type routes struct {
	place   string // as most reach it
	first   string // as the first computer does
	cut     func(on bool)
	restart func() // of the server, as after a crash
}

// onLoopback are the routes of one computer, with a silent cable.
func onLoopback(t *testing.T) routes {
	place := postgrestest.New(t)
	cable := postgrestest.NewCable(t, place)
	return routes{place, cable.Address, cable.Cut, func() { postgrestest.Restart(t) }}
}

func shareOne(t *testing.T, senders int, net routes) {
	random := rand.New(rand.NewPCG(uint64(senders), 3))
	var s shape
	for i := range 20 + 6**kills {
		s = append(s, modes()[i%3])
	}
	w := emptyWorld(t, net.place)
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
	computers := [][]string{{"TORTURE_CLOCK=10m", "TORTURE_DATABASE=" + net.first}, {"TORTURE_CLOCK=-10m"}}
	alive := make([]*process, senders)
	begin := func(i int) {
		var computer []string
		if i < len(computers) {
			computer = computers[i]
		}
		alive[i] = w.spawn(address, computer...)
	}
	for i := range alive {
		begin(i)
	}
	killed, stopped, cut := 0, 0, 0
	for ; killed < *kills; killed++ {
		if killed == *kills/2 {
			net.restart()
		}
		time.Sleep(time.Duration(20+random.IntN(400)) * time.Millisecond)
		if random.IntN(4) == 0 {
			net.cut(true)
			time.Sleep(time.Duration(200+random.IntN(4000)) * time.Millisecond)
			net.cut(false)
			cut++
		}
		i := random.IntN(senders)
		if random.IntN(3) == 0 {
			_ = alive[i].Process.Signal(syscall.SIGSTOP)
			time.Sleep(time.Duration(200+random.IntN(4000)) * time.Millisecond)
			_ = alive[i].Process.Signal(syscall.SIGCONT)
			time.Sleep(time.Duration(random.IntN(200)) * time.Millisecond)
			stopped++
		}
		alive[i].kill()
		begin(i)
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
	figure(t, "  cut off from the database, with the clock 10 min ahead", cut)
	figure(t, "  deliveries, requests, broken invariants", []int{len(w.ids), len(w.ledger.requests), len(broken)})
}
