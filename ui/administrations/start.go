package administrations

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"loonbrug/data/journal"
	"loonbrug/data/model"
	"loonbrug/ui/i18n"
	"loonbrug/ui/widgets"
)

// startOf is the start of a mapping while it is being filled in.
type startOf struct {
	text    string
	before  string // as it was kept
	place   string // target and administration that were kept; empty for a new mapping
	touched bool   // a person wrote it
	moved   bool   // the mapping is for another place than was kept
}

func newStart(m model.Mapping) startOf {
	var s startOf
	if m.Start != (journal.Period{}) {
		s.text = m.Start.String()
	}
	s.before = s.text
	if m.ID != 0 {
		s.place = place(m)
	}
	return s
}

// place is where a mapping books.
func place(m model.Mapping) string { return m.Target + "/" + m.Administration.Code }

// propose fills in the start of a mapping that is new, or that moves: what was
// booked elsewhere is not booked again. What a person wrote stays.
func (s *startOf) propose(first journal.Period, m model.Mapping) {
	s.moved = s.place != "" && place(m) != s.place
	switch {
	case s.touched:
	case s.place != "" && !s.moved:
		s.text = s.before
	case first != (journal.Period{}):
		s.text = first.String()
	default:
		s.text = ""
	}
}

// askStart asks for the first period to be sent. It is in sight where it was
// proposed, and put away where it was kept.
func (e *editor) askStart() fyne.CanvasObject {
	start := widgets.NewEntry()
	start.SetText(e.start.text)
	start.SetPlaceHolder(i18n.T("mapping.start.example"))
	start.OnChanged = func(text string) {
		e.start.text, e.start.touched = text, true
		e.check()
	}
	field := widgets.Field(i18n.T("mapping.start"), i18n.T("mapping.start.help"), start)
	if e.start.moved {
		field = container.NewVBox(widgets.Bold(i18n.T("mapping.start.moved")), field)
	}
	if e.start.moved || e.start.place == "" && e.start.text != "" {
		return field
	}
	var fold *fyne.Container
	fold = widgets.NewFold(i18n.T("mapping.start"), field, func() { e.opened(fold) })
	return fold
}

// startPeriod reads the start period; none is fine.
func (e *editor) startPeriod() (journal.Period, bool) {
	if strings.TrimSpace(e.start.text) == "" {
		return journal.Period{}, true
	}
	p, err := journal.ParsePeriod(e.start.text)
	return p, err == nil
}
