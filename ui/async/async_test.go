package async_test

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"loonbrug/ui/async"
)

// queue starts nothing by itself: the test decides what runs when.
type queue struct{ jobs []func() }

func (q *queue) runner() *async.Runner {
	return async.With(slog.New(slog.DiscardHandler), func(job func()) { q.jobs = append(q.jobs, job) }, func(f func()) { f() })
}

func TestRun(t *testing.T) {
	t.Run("GivesTheAnswer", func(t *testing.T) {
		q := &queue{}
		got := 0
		async.Run(t.Context(), q.runner(), func(context.Context) (int, error) { return 7, nil }, func(n int, err error) {
			if err != nil {
				t.Errorf("err = %v", err)
			}
			got = n
		})
		if got != 0 {
			t.Fatal("work ran on the caller's goroutine")
		}
		q.jobs[0]()
		if got != 7 {
			t.Fatalf("got %d", got)
		}
	})
	t.Run("TurnsAPanicIntoAnError", func(t *testing.T) {
		q := &queue{}
		var got error
		async.Run(t.Context(), q.runner(), func(context.Context) (int, error) { panic("broken") }, func(_ int, err error) { got = err })
		q.jobs[0]()
		if got == nil || !strings.Contains(got.Error(), "broken") {
			t.Fatalf("err = %v", got)
		}
	})
	t.Run("AppliesAfterCancel", func(t *testing.T) {
		q := &queue{}
		ctx, cancel := context.WithCancel(t.Context())
		var got error
		async.Run(ctx, q.runner(), func(ctx context.Context) (int, error) { return 0, ctx.Err() }, func(_ int, err error) { got = err })
		cancel()
		q.jobs[0]()
		if !errors.Is(got, context.Canceled) {
			t.Fatalf("err = %v", got)
		}
	})
}

func TestLoad_DropsWhatWasOvertaken(t *testing.T) {
	q := &queue{}
	r := q.runner()
	var latest async.Latest
	var shown []string
	load := func(name string) {
		async.Load(t.Context(), r, &latest, func(context.Context) (string, error) { return name, nil }, func(s string, _ error) { shown = append(shown, s) })
	}
	load("old")
	load("new")
	q.jobs[1]()
	q.jobs[0]()
	load("forgotten")
	latest.Forget()
	q.jobs[2]()
	if strings.Join(shown, ",") != "new" {
		t.Fatalf("shown %v", shown)
	}
}

func TestWatch_GathersSignals(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		var shows atomic.Int32
		r := async.With(slog.New(slog.DiscardHandler), func(work func()) { go work() }, func(f func()) { f() })
		signals := make(chan struct{}, 10)
		async.Watch(ctx, r, signals, 200*time.Millisecond, func() { shows.Add(1) })
		for range 5 {
			signals <- struct{}{}
		}
		time.Sleep(199 * time.Millisecond)
		synctest.Wait()
		if shows.Load() != 0 {
			t.Fatalf("shown %d times before it settled", shows.Load())
		}
		time.Sleep(2 * time.Millisecond)
		synctest.Wait()
		if shows.Load() != 1 {
			t.Fatalf("shown %d times for one burst", shows.Load())
		}
		signals <- struct{}{}
		time.Sleep(time.Second)
		synctest.Wait()
		if shows.Load() != 2 {
			t.Fatalf("shown %d times", shows.Load())
		}
		close(signals)
		synctest.Wait()
	})
}

// A beat goes on every second and ends with its context, also for a beat that is
// on its way to the screen.
func TestBeat(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		var beats atomic.Int32
		r := async.With(slog.New(slog.DiscardHandler), func(work func()) { go work() }, func(f func()) { f() })
		async.Beat(ctx, r, time.Second, func() { beats.Add(1) })
		time.Sleep(3500 * time.Millisecond)
		synctest.Wait()
		if beats.Load() != 3 {
			t.Errorf("%d beats in three and a half seconds", beats.Load())
		}
		cancel()
		time.Sleep(10 * time.Second)
		synctest.Wait()
		if beats.Load() != 3 {
			t.Errorf("%d beats after the end", beats.Load())
		}
	})
}
