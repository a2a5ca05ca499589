package export

import (
	"time"

	"fyne.io/fyne/v2/widget"

	"loonbrug/data/model"
	"loonbrug/ui/i18n"
	"loonbrug/ui/widgets"
)

// moving is a label of the details whose text changes with the time alone.
type moving struct {
	label    *widget.Label
	text     func(now time.Time) string
	counting bool // changes every second
}

// follow writes a label now and whenever [Screen.Tick] is called.
func (s *Screen) follow(label *widget.Label, counting bool, text func(time.Time) string) {
	label.SetText(text(s.deps.Now()))
	s.moving = append(s.moving, moving{label, text, counting})
}

// Tick writes the labels whose text is another one now, and nothing else.
func (s *Screen) Tick() {
	now := s.deps.Now()
	for _, m := range s.moving {
		if text := m.text(now); text != m.label.Text {
			m.label.SetText(text)
		}
	}
}

// Counting tells whether the details count down to something, so that
// [Screen.Tick] is wanted every second.
func (s *Screen) Counting() bool {
	if s.shown == nil || !s.shown.next.After(s.deps.Now()) {
		return false
	}
	for _, m := range s.moving {
		if m.counting {
			return true
		}
	}
	return false
}

// nextTry is when the first delivery that waits for its next try is due; zero
// when none waits.
func nextTry(rt model.RunTarget, now time.Time) (at time.Time) {
	for _, d := range rt.Deliveries {
		if d.State.Final() || d.Person || !d.NotBefore.After(now) {
			continue
		}
		if at.IsZero() || d.NotBefore.Before(at) {
			at = d.NotBefore
		}
	}
	return at
}

// countdown is the line that counts down to the next try and names its time.
func (s *Screen) countdown(at time.Time) *widget.Label {
	label := widgets.Muted("")
	s.follow(label, true, func(now time.Time) string {
		if !at.After(now) {
			return i18n.T("export.next_try.now")
		}
		return i18n.T("export.next_try", "at", i18n.FormatClock(at), "in", i18n.FormatCountdown(at.Sub(now)))
	})
	return label
}
