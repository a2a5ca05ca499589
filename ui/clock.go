package ui

import (
	"context"
	"time"

	"loonbrug/ui/async"
	"loonbrug/ui/widgets"
)

// wind lets the clock run while something that can be seen counts down. It
// stops by itself.
func (s *Shell) wind() {
	if s.clock != nil || !s.counting() {
		return
	}
	ctx, stop := context.WithCancel(s.ctx)
	s.clock = stop
	async.Beat(ctx, s.deps.Runner, time.Second, s.tick)
}

// counting tells whether the status or the screen before the person counts
// down.
func (s *Shell) counting() bool {
	return counting(s.sender, s.deps.Now()) || s.tabs.SelectedIndex() == tabExport && s.export.Counting()
}

// tick writes what goes with the time: a few labels, and nothing else is drawn.
func (s *Shell) tick() {
	if s.status.shown {
		s.status.show(s.sender, s.deps.Now())
	}
	if s.tabs.SelectedIndex() == tabExport {
		s.export.Tick()
	}
	switch {
	case s.counting():
		s.wind()
	case s.clock != nil:
		s.clock()
		s.clock = nil
	}
}

// toastTime is how long the toast stays: enough to read the name of a file.
const toastTime = 6 * time.Second

// newToast makes the toast of the window, which goes by itself after a while.
func (s *Shell) newToast() *widgets.Toast {
	toast := widgets.NewToast()
	toast.OnShown = func() {
		if s.fading != nil {
			s.fading()
		}
		ctx, stop := context.WithCancel(s.ctx)
		s.fading = stop
		async.Beat(ctx, s.deps.Runner, toastTime, func() {
			stop()
			toast.Hide()
		})
	}
	return toast
}
