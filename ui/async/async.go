// Package async owns every goroutine of the screens and every hand-over to
// Fyne's own goroutine. Screens call [Run] for work that ends in something to
// show, [Load] for the same where only the newest answer counts, and [Watch]
// for a signal that comes again and again, [Beat] for the clock.
//
// It refuses to let a fault of a worker end the program: a panic is logged and
// becomes the error that apply is given.
package async

import (
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"
	"time"

	"fyne.io/fyne/v2"
)

// Runner starts work away from the screen and shows its result on it.
type Runner struct {
	start func(func())
	show  func(func())
	beat  func(ctx context.Context, every time.Duration, tick func())
	log   *slog.Logger
}

// New is the runner of the program: work gets a goroutine of its own, results
// are shown on Fyne's.
func New(log *slog.Logger) *Runner {
	return With(log, func(work func()) { go work() }, fyne.Do)
}

// With is a runner that starts and shows by other means, such as one after the
// other in a test.
func With(log *slog.Logger, start, show func(func())) *Runner {
	r := &Runner{start: start, show: show, log: log}
	r.beat = func(ctx context.Context, every time.Duration, tick func()) {
		start(func() {
			for pause(ctx, every) {
				tick()
			}
		})
	}
	return r
}

// Beating replaces the clock of [Beat], for a test that has its own.
func (r *Runner) Beating(beat func(ctx context.Context, every time.Duration, tick func())) *Runner {
	r.beat = beat
	return r
}

// Beat calls apply on the screen's goroutine again and again until ctx ends.
func Beat(ctx context.Context, r *Runner, every time.Duration, apply func()) {
	r.beat(ctx, every, func() {
		r.show(func() {
			if ctx.Err() == nil {
				apply()
			}
		})
	})
}

// Run does work away from the screen and hands what it gave to apply, on the
// screen's goroutine. apply is always called, also when ctx has ended.
func Run[T any](ctx context.Context, r *Runner, work func(context.Context) (T, error), apply func(T, error)) {
	r.start(func() {
		value, err := guard(ctx, r.log, work)
		r.show(func() { apply(value, err) })
	})
}

// Latest numbers the loads of one place on the screen. Its zero value is ready;
// it belongs to the screen's goroutine.
type Latest struct{ generation uint64 }

// Load is [Run] for a place on the screen where only the newest answer counts:
// an answer that another Load or [Latest.Forget] overtook is dropped.
func Load[T any](ctx context.Context, r *Runner, l *Latest, work func(context.Context) (T, error), apply func(T, error)) {
	l.generation++
	mine := l.generation
	Run(ctx, r, work, func(value T, err error) {
		if l.generation == mine {
			apply(value, err)
		}
	})
}

// Forget drops the answer of a load that is still under way.
func (l *Latest) Forget() { l.generation++ }

// Watch calls apply on the screen's goroutine after signals, at most once per
// settle, until ctx ends or signals is closed. Signals that come while it waits
// are one.
func Watch(ctx context.Context, r *Runner, signals <-chan struct{}, settle time.Duration, apply func()) {
	r.start(func() {
		for {
			select {
			case <-ctx.Done():
				return
			case _, open := <-signals:
				if !open {
					return
				}
			}
			if !pause(ctx, settle) {
				return
			}
			drain(signals)
			r.show(apply)
		}
	})
}

// pause waits for d; it is false when ctx ended first.
func pause(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}

// drain takes the signals that gathered. A closed channel stays for the caller
// to notice.
func drain(signals <-chan struct{}) {
	for {
		select {
		case _, open := <-signals:
			if !open {
				return
			}
		default:
			return
		}
	}
}

func guard[T any](ctx context.Context, log *slog.Logger, work func(context.Context) (T, error)) (value T, err error) {
	defer func() {
		if fault := recover(); fault != nil {
			log.Error("work for the screen failed", "fault", fault, "stack", string(debug.Stack()))
			err = fmt.Errorf("internal fault: %v", fault)
		}
	}()
	return work(ctx)
}
