package export

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"loonbrug/data/journal"
	"loonbrug/data/model"
	"loonbrug/ui/async"
	"loonbrug/ui/dialogs"
	"loonbrug/ui/i18n"
	"loonbrug/ui/widgets"
)

// comparing is the dialog of the comparison of both books.
type comparing struct {
	screen   *Screen
	dialog   *dialogs.Dialog
	list     *fyne.Container
	from, to *widgets.DateEntry
	now      *widgets.Button
}

// Compare shows the last comparison of both books, and makes a new one on
// demand: of the last months, or between two days.
func (s *Screen) Compare() {
	c := &comparing{screen: s, list: container.NewVBox()}
	c.now = widgets.NewMainButton(i18n.T("compare.now"), c.compare)
	today := i18n.FormatDate(journal.DateOf(s.deps.Now()))
	c.from, c.to = widgets.NewDateEntry(today, i18n.ParseDate, c.check), widgets.NewDateEntry(today, i18n.ParseDate, c.check)
	days := container.NewGridWithColumns(2,
		widgets.Field(i18n.T("compare.from"), "", c.from.Entry), widgets.Field(i18n.T("compare.to"), "", c.to.Entry))
	c.dialog = dialogs.Show(s.deps.Window(), dialogs.Spec{
		Title:   i18n.T("compare.title"),
		Content: container.NewBorder(container.NewVBox(days, widgets.SmallWrapped(i18n.T("compare.days"))), nil, nil, nil, container.NewVScroll(widgets.BesideBar(c.list))),
		Extra:   c.now, Width: 720, Height: 420,
	})
	runCompare(s, s.deps.Office.Reconciliation, func(r model.Reconciliation, err error) {
		if err == nil {
			c.show(r)
		}
	})
}

// days are those between which is compared; ok is false while they say nothing
// that can be compared. Both zero are the last months.
func (c *comparing) days() (from, to journal.Date, ok bool) {
	from, first := c.from.Date()
	to, last := c.to.Date()
	return from, to, first && last && from.IsZero() == to.IsZero() && from.Compare(to) <= 0
}

func (c *comparing) check() {
	if _, _, ok := c.days(); ok {
		c.now.Enable()
	} else {
		c.now.Disable()
	}
}

func (c *comparing) compare() {
	from, to, ok := c.days()
	if !ok {
		return
	}
	office := c.screen.deps.Office
	ask := office.Reconcile
	if !from.IsZero() {
		ask = func(ctx context.Context) (model.Reconciliation, error) { return office.ReconcileBetween(ctx, from, to) }
	}
	c.now.Disable()
	c.dialog.Busy(i18n.T("compare.busy"))
	runCompare(c.screen, ask, func(r model.Reconciliation, err error) {
		c.check()
		if err != nil {
			c.dialog.Fail(dialogs.ProblemPanel(c.screen.deps.Explain(model.ProblemOf(err)), nil))
			return
		}
		c.dialog.Ready()
		c.show(r)
		c.screen.deps.Changed()
	})
}

func (c *comparing) show(r model.Reconciliation) {
	c.list.RemoveAll()
	c.screen.fillComparison(c.list, r)
	c.list.Refresh()
}

// fillComparison writes what a comparison found.
func (s *Screen) fillComparison(list *fyne.Container, r model.Reconciliation) {
	if r.At.IsZero() {
		list.Add(widgets.Paragraph(i18n.T("compare.never")))
		return
	}
	list.Add(widgets.Muted(i18n.T("compare.about", "at", r.At, "from", r.From, "to", r.To, "n", r.Compared)))
	if r.Restored {
		list.Add(widgets.Paragraph(i18n.T("compare.restored")))
	}
	for _, p := range r.Places {
		name := joined(s.description(p.Target).Name, p.Account, p.Administration)
		if p.Problem != nil {
			list.Add(widgets.Panel(container.NewVBox(widgets.Bold(name), widgets.Wrong(s.deps.Explain(p.Problem).Message))))
		}
	}
	if len(r.Findings) == 0 {
		list.Add(widgets.Paragraph(i18n.T("compare.same")))
	}
	for _, f := range r.Findings {
		list.Add(s.findingPanel(f))
	}
}

func (s *Screen) findingPanel(f model.Finding) fyne.CanvasObject {
	where := joined(s.description(f.Target).Name, f.Administration, f.Key)
	if f.Company != "" {
		where = joined(f.Company, i18n.FormatPeriod(f.Period), where)
	}
	body := container.NewVBox(widgets.Bold(findingText(f)), widgets.SmallWrapped(where))
	if f.Kind == model.FindingDiffers || f.Kind == model.FindingDouble {
		body.Add(widgets.SmallWrapped(i18n.T("compare.sums", "here", f.Here.Debit, "there", f.There.Debit)))
	}
	row := container.NewHBox()
	if f.DeliveryID != 0 {
		row.Add(widgets.NewQuietButton(i18n.T("banner.show"), func() {
			s.chosen = selection{run: f.RunID, mapping: f.MappingID, target: f.Target}
			s.Load()
		}))
	}
	if f.Kind == model.FindingMissing {
		row.Add(widgets.NewQuietButton(i18n.T("undo.anew"), func() { s.sendAnew(f.DeliveryID, strings.Join(f.Numbers, ", ")) }))
	}
	body.Add(row)
	return widgets.Panel(body)
}

// joined puts names behind each other.
func joined(names ...string) string { return strings.Join(names, " · ") }

func findingText(f model.Finding) string {
	numbers := strings.Join(f.Numbers, ", ")
	switch f.Kind {
	case model.FindingMissing:
		return i18n.T("compare.missing", "number", numbers)
	case model.FindingExtra:
		return i18n.T("compare.extra", "number", numbers)
	case model.FindingDouble:
		return i18n.T("compare.double", "number", numbers)
	}
	return i18n.T("compare.differs", "number", numbers)
}

// runCompare asks the office away from the screen and shows the answer on it.
func runCompare(s *Screen, ask func(context.Context) (model.Reconciliation, error), show func(model.Reconciliation, error)) {
	async.Run(s.ctx, s.deps.Runner, ask, show)
}
