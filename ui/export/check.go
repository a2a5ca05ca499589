package export

import (
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"loonbrug/data/journal"
	"loonbrug/data/model"
	"loonbrug/ui/dialogs"
	"loonbrug/ui/i18n"
	"loonbrug/ui/widgets"
)

// checked is what the check before sending gave, for the periods that are still
// to be sent.
type checked struct {
	faults    []fault
	fetchedAt time.Time // of the reference data; zero when nothing was checked
	stale     bool      // they could not be fetched again
}

// fault is one thing that keeps a period from being sent.
type fault struct {
	period  journal.Period
	problem *model.Problem
}

func checkOf(newest map[journal.Period]model.Delivery, p parts) checked {
	var c checked
	for _, preview := range p.previews {
		if d, sent := newest[preview.Entry.Period]; sent && d.State.Done() {
			continue
		}
		if c.fetchedAt.IsZero() || !preview.FetchedAt.IsZero() && preview.FetchedAt.Before(c.fetchedAt) {
			c.fetchedAt, c.stale = preview.FetchedAt, preview.Stale
		}
		for _, problem := range preview.Problems {
			c.faults = append(c.faults, fault{preview.Entry.Period, problem})
		}
	}
	return c
}

// has tells whether the check gave a problem.
func (c checked) has(p *model.Problem) bool {
	return p != nil && slices.ContainsFunc(c.faults, func(f fault) bool { return f.problem.Error() == p.Error() })
}

// linesOf are the lines of an entry that a problem stands on, as it names them.
func linesOf(p *model.Problem) string {
	if lines := p.Params["lines"]; lines != "" {
		return lines
	}
	return p.Params["line"]
}

// standsOn tells whether a problem stands on a line of an entry, counted from
// one.
func standsOn(p *model.Problem, line string) bool {
	return slices.Contains(strings.Split(linesOf(p), ", "), line)
}

// checkSection shows all that keeps the run from being sent, line by line, with
// the age of what it was checked with.
func (s *Screen) checkSection(d detail) fyne.CanvasObject {
	all := container.NewVBox()
	if len(d.check.faults) > 0 {
		title := widgets.Title(i18n.Tn("check.title", len(d.check.faults)))
		title.Wrapping = fyne.TextWrapWord
		all.Add(title)
	}
	var period journal.Period
	for _, f := range d.check.faults {
		if f.period != period && len(d.periods) > 1 {
			all.Add(widgets.Bold(i18n.FormatPeriod(f.period)))
		}
		period = f.period
		all.Add(s.faultPanel(d, f))
	}
	if !d.check.fetchedAt.IsZero() {
		all.Add(s.ageLine(d))
	}
	return all
}

// faultPanel is one problem: whole when it is the only one, else in short, with
// the rest behind its button.
func (s *Screen) faultPanel(d detail, f fault) fyne.CanvasObject {
	page := s.deps.Explain(f.problem)
	page.Booked = truth(d.logo)
	do := s.act(d, f.problem)
	if len(d.check.faults) == 1 {
		return widgets.Panel(dialogs.BarredPanel(page, do, s.why(d, f.problem)))
	}
	words := widgets.Tight(widgets.Wrong(page.Message))
	if lines := linesOf(f.problem); lines != "" {
		words.Add(widgets.SmallWrapped(i18n.T("check.lines", "lines", lines)))
	}
	why := widgets.NewQuietButton(i18n.T("problem.why"), func() { dialogs.BarredProblem(s.deps.Window(), page, do, s.why(d, f.problem)) })
	return widgets.Panel(container.NewVBox(words, container.NewHBox(why)))
}

// ageLine says when the reference data were fetched, with the button that
// fetches them again.
func (s *Screen) ageLine(d detail) fyne.CanvasObject {
	line := widgets.SmallWrapped("")
	at, stale, name := d.check.fetchedAt, d.check.stale, s.description(d.logo.Target).Name
	s.follow(line, false, func(now time.Time) string {
		if stale {
			return i18n.T("check.stale", "target", name, "age", age(now.Sub(at)))
		}
		return i18n.T("check.fetched", "target", name, "age", age(now.Sub(at)))
	})
	refresh := widgets.NewQuietButton(i18n.T("action.refresh"), func() { s.refreshReference(d.logo) })
	return container.NewVBox(line, container.NewHBox(refresh))
}

// truth is one sentence about what is and is not in the books of a run at a
// target. It says no more than what is certain.
func truth(rt model.RunTarget) string {
	in := func(states ...model.State) bool {
		return len(inState(rt, states...)) > 0 || slices.Contains(states, rt.State)
	}
	switch {
	case in(model.StateUnknown, model.StateSending):
		return i18n.T("booked.unknown")
	case in(model.StateAccepted):
		return i18n.T("booked.accepted")
	case rt.State.Done():
		return i18n.T("booked.all")
	case rt.Booked > 0:
		return i18n.T("booked.part", "booked", rt.Booked, "periods", rt.Periods)
	}
	return i18n.T("booked.nothing")
}

// age writes how long ago something was, in whole minutes, hours or days.
func age(d time.Duration) string {
	switch {
	case d < time.Minute:
		return i18n.T("age.now")
	case d < time.Hour:
		return i18n.Tn("age.minutes", int(d/time.Minute))
	case d < 24*time.Hour:
		return i18n.Tn("age.hours", int(d/time.Hour))
	}
	return i18n.Tn("age.days", int(d/(24*time.Hour)))
}
