package ui

import (
	"slices"

	"loonbrug/ui/i18n"
)

// Summary is what the window says in short, for a tray.
type Summary struct {
	Status  string // how the sender stands
	Paused  bool   // a person holds it
	Working int    // deliveries on their way now
	Duties  []Duty // what needs a person, the worst first
}

// Duty is one line of the red area. Do shows in the window what it is about.
type Duty struct {
	Text string
	Do   func()
}

func (a Summary) says(b Summary) bool {
	return a.Status == b.Status && a.Paused == b.Paused && a.Working == b.Working &&
		slices.EqualFunc(a.Duties, b.Duties, func(x, y Duty) bool { return x.Text == y.Text })
}

// tell passes on what the window says in short, when it is something else. What
// is counted down is left out: a tray is not written to every second.
func (s *Shell) tell() {
	if s.deps.OnSummary == nil || !s.status.shown {
		return
	}
	now := Summary{Status: i18n.T("status.idle"), Paused: s.status.paused, Working: s.sender.Working}
	switch waiting := s.sender.Working + s.sender.Waiting; {
	case !s.sender.Alive:
		now.Status = i18n.T("status.stopped")
	case now.Paused:
		now.Status = i18n.Tn("status.paused", s.sender.Waiting)
	case waiting > 0:
		now.Status = i18n.Tn("status.waiting", waiting)
	}
	for _, a := range s.alarms {
		if !a.quiet {
			now.Duties = append(now.Duties, Duty{Text: a.text, Do: func() { s.show(a) }})
		}
	}
	if !now.says(s.told) {
		s.told = now
		s.deps.OnSummary(now)
	}
}

// show shows what a line is about: the page of its problem where it has one.
func (s *Shell) show(a alarm) {
	switch {
	case s.covered():
	case a.problem != nil:
		s.explainAlarm(a)
	case a.duty == dutySignIn:
		s.tabs.SelectIndex(tabAccounts)
	default:
		s.attend(a)
	}
}

// Hold stops the sender, or lets it go on.
func (s *Shell) Hold(pause bool) { s.hold(pause) }

// Told is what the window last said in short.
func (s *Shell) Told() Summary { return s.told }

// Walking tells whether the path of the first start is open.
func (s *Shell) Walking() bool { return s.start.IsOpen() }
