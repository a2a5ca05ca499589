//go:build unix

package torture_test

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"loonbrug/data/model"
	"loonbrug/data/store"
	"loonbrug/data/store/storetest"
	"loonbrug/integration/sender"
)

var kills = flag.Int("kills", 10, "times that a real process is killed")

// TestMain lets the binary of the tests be the sender's own process too.
func TestMain(m *testing.M) {
	if address := os.Getenv("TORTURE_ADDRESS"); address != "" {
		if err := child(os.Getenv("TORTURE_DATABASE"), address); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(storetest.Main(m))
}

// child sends from a database until it is interrupted. It says on its standard
// error what keeps it from working.
func child(place, address string) error {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	var opts []store.Option
	if wrong, err := time.ParseDuration(os.Getenv("TORTURE_CLOCK")); err == nil {
		opts = append(opts, store.WithClock(func() time.Time { return time.Now().Add(wrong) }))
	}
	db, err := storetest.Open(ctx, place, sealer(), opts...)
	if err != nil {
		return err
	}
	workers := 4
	if os.Getenv("TORTURE_WORKERS") == "1" {
		workers = 1
	}
	s, err := sender.New(db, wires(address, db.Now), sender.Options{Timing: wireTiming(), Workers: workers, Now: db.Now, Log: quiet()})
	if err != nil {
		return err
	}
	changes, end := s.Subscribe()
	defer end()
	go func() {
		for range changes {
			if _, _, fault := s.Status(); fault != nil {
				fmt.Fprintln(os.Stderr, "fault:", model.ProblemOf(fault).Code)
			}
		}
	}()
	go db.Listen(ctx, s.Hear)
	if err := s.Run(ctx); err != nil {
		return err
	}
	return db.Close()
}

// process is a running child.
type process struct {
	*exec.Cmd
	w    *world
	said string // file that holds what it says
}

func (w *world) spawn(address string, env ...string) *process {
	w.t.Helper()
	self, err := os.Executable()
	w.must(err)
	said, err := os.CreateTemp(w.t.TempDir(), "said-")
	w.must(err)
	p := &process{exec.Command(self), w, said.Name()}
	p.Stderr = said
	p.Env = append(append(os.Environ(), "TORTURE_ADDRESS="+address, "TORTURE_DATABASE="+w.place), env...)
	w.must(p.Start())
	w.must(said.Close())
	return p
}

// end interrupts a child and waits for it.
func (p *process) end() {
	_ = p.Process.Signal(syscall.SIGTERM)
	_ = p.Wait()
}

func (p *process) kill() {
	_ = p.Process.Kill()
	_ = p.Wait()
}

// TestKills sends with real processes that are killed, and stopped and
// continued, at random and at the moment when a request has arrived.
func TestKills(t *testing.T) {
	t.Parallel()
	const seed = 5
	random := rand.New(rand.NewPCG(seed, 3))
	var s shape
	for i := range 20 + 6**kills {
		s = append(s, modes()[i%3])
	}
	w, address := onTheWire(t, newTemplate(t, s))
	defer w.close()
	arrived := make(chan struct{}, 1)
	l := &life{seed: seed}
	var calm atomic.Bool // the network holds again once the killing is over
	w.ledger.answer = func(business string, nth int) answer {
		select {
		case arrived <- struct{}{}:
		default:
		}
		if n := l.draw(business, nth); !calm.Load() && nth < 4 && n%100 < 50 {
			return wireAnswers()[n/100%uint64(len(wireAnswers()))]
		}
		return answerOK
	}
	killed, stopped, atRequest := 0, 0, 0
	for killed < *kills {
		p := w.spawn(address)
		wait := time.Duration(20+random.IntN(400)) * time.Millisecond
		if random.IntN(2) == 0 {
			select {
			case <-arrived:
			default:
			}
			select {
			case <-arrived:
				atRequest++
				wait = time.Duration(random.IntN(3000)) * time.Microsecond
			case <-time.After(time.Second):
			}
		}
		time.Sleep(wait)
		if random.IntN(5) == 0 {
			_ = p.Process.Signal(syscall.SIGSTOP)
			time.Sleep(time.Duration(200+random.IntN(4000)) * time.Millisecond)
			_ = p.Process.Signal(syscall.SIGCONT)
			time.Sleep(time.Duration(random.IntN(200)) * time.Millisecond)
			stopped++
		}
		p.kill()
		killed++
	}
	calm.Store(true)
	w.untilAllRests(address)
	broken := audit(w.evidence())
	if len(broken) > 0 {
		t.Errorf("kills, seed %d: %v", seed, broken)
	}
	figure(t, "processes killed (of these when a request had just arrived)", []int{killed, atRequest})
	figure(t, "  stopped and continued", stopped)
	figure(t, "  deliveries, requests, broken invariants", []int{len(w.ids), len(w.ledger.requests), len(broken)})
}

// untilAllRests lets a child live until everything rests; a person decides where
// it asks for one.
func (w *world) untilAllRests(address string) {
	w.t.Helper()
	over := time.Now().Add(20 * time.Minute)
	for time.Now().Before(over) {
		p := w.spawn(address)
		for !w.awaitRest(5*time.Second) && time.Now().Before(over) {
			if _, waiting := w.resting(); len(waiting) > 0 {
				w.decideNow(waiting)
			}
		}
		p.end()
		if rest, waiting := w.resting(); rest && len(waiting) == 0 {
			return
		}
	}
	w.t.Errorf("I%d not at rest", allEnds)
}

// decideNow is a person who looks into the books when nothing can be on its way
// any more.
func (w *world) decideNow(waiting []model.Delivery) {
	s, err := sender.New(w.store, wires("", time.Now), sender.Options{Timing: wireTiming(), Log: quiet()})
	w.must(err)
	for _, d := range waiting {
		if w.ledger.stand(business(w.entries[d.ID])) {
			err = s.LookAgain(context.Background(), d.ID)
		} else {
			err = s.SendAgain(context.Background(), d.ID, sender.Decision{})
		}
		w.acceptable(err)
	}
}

// words is all that a child has said.
func (p *process) words() string {
	text, err := os.ReadFile(p.said)
	p.w.must(err)
	return string(text)
}

// says tells whether a child named a problem.
func (p *process) says(code string) bool { return strings.Contains(p.words(), code) }
