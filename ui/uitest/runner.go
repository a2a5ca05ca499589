package uitest

import (
	"context"
	"log/slog"
	"time"

	"loonbrug/data/model"
	"loonbrug/integration/explain"
	"loonbrug/ui/async"
)

// Queue is a runner that does work when the test says so, on the test's own
// goroutine. A queue that is not held does it at once.
type Queue struct {
	hold  bool
	jobs  []func()
	beats []beat
}

// beat is something that goes with the clock.
type beat struct {
	ctx  context.Context
	tick func()
}

// Runner gives the runner to hand to a screen.
func (q *Queue) Runner() *async.Runner {
	return async.With(slog.New(slog.DiscardHandler), q.start, func(show func()) { show() }).Beating(
		func(ctx context.Context, _ time.Duration, tick func()) { q.beats = append(q.beats, beat{ctx, tick}) })
}

// Tick lets the clock beat once for all that goes with it, and tells how many
// there were.
func (q *Queue) Tick() (beats int) {
	for _, b := range q.beats {
		if b.ctx.Err() == nil {
			beats++
			b.tick()
		}
	}
	return beats
}

func (q *Queue) start(job func()) {
	if q.hold {
		q.jobs = append(q.jobs, job)
		return
	}
	job()
}

// Hold lets work wait, as a browser sign-in does.
func (q *Queue) Hold() { q.hold = true }

// Release does the work that waits, in its order, and holds no more.
func (q *Queue) Release() {
	q.hold = false
	jobs := q.jobs
	q.jobs = nil
	for _, job := range jobs {
		job()
	}
}

// Explain is a page for any problem, with texts of a usual length.
func Explain(_ string, p *model.Problem) explain.Page {
	detail := p.Params["detail"]
	if field := p.Params["field"]; field != "" {
		detail += "veld " + field
	}
	return explain.Page{
		Message:  "[" + p.Code + "] CASH kent grootboekrekening 4075 niet in deze administratie.",
		Cause:    "De loonadministratie boekt op een rekening die in het rekeningschema ontbreekt of is geblokkeerd.",
		Solution: "Maak de rekening aan in CASH, of wijzig de rekening in de loonadministratie, en verstuur opnieuw.",
		Detail:   detail,
		Action:   p.Action,
		Code:     p.Code,
	}
}

// Drop forgets the work that waits and holds no more: what never ends by
// itself has no place on a test's only goroutine.
func (q *Queue) Drop() { q.hold, q.jobs = false, nil }
