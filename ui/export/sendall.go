package export

import (
	"context"
	"errors"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"loonbrug/data/model"
	"loonbrug/data/sheet"
	"loonbrug/ui/async"
	"loonbrug/ui/dialogs"
	"loonbrug/ui/i18n"
	"loonbrug/ui/tables"
	"loonbrug/ui/theme"
	"loonbrug/ui/widgets"
)

// sendingAll is sending many runs: first a dry run that sends nothing, then, when
// a person says so, the ones that are ready. Leaving the dialog stops it; what is
// in the queue by then stays there.
type sendingAll struct {
	screen *Screen
	ctx    context.Context
	stop   context.CancelFunc
	dialog *dialogs.Dialog
	table  *widgets.Table[model.Trial]
	about  *widget.Label
	trials []model.Trial
	queued int
	failed error
}

const (
	trialWidth  = 860
	trialHeight = 400
)

// sendMany begins with the marked runs, or else with all that the list is about
// and that have something to send.
func (s *Screen) sendMany() {
	a := &sendingAll{screen: s, about: widgets.Muted(i18n.T("sendall.finding"))}
	a.ctx, a.stop = context.WithCancel(s.ctx)
	a.table = widgets.NewTable("", a.columns()...)
	a.table.Key = func(t model.Trial) any { return [2]int64{t.Row.Run.ID, t.Target.MappingID} }
	tables.Dress(s.ctx, a.table, tables.Deps{Keeper: s.deps.Office, Desk: s.desk, Name: "sendall", Title: i18n.T("sendall.title")})
	a.dialog = dialogs.Show(s.deps.Window(), dialogs.Spec{
		Title: i18n.T("sendall.title"), Content: container.NewBorder(a.about, nil, nil, nil, a.table),
		Confirm: i18n.T("sendall.send"), Width: trialWidth, Height: trialHeight,
		OnConfirm: func(*dialogs.Dialog) { a.send(0) },
		OnCancel:  a.leave,
	})
	a.dialog.Busy(i18n.T("sendall.finding"))
	if marked := s.table.Marked(); len(marked) > 0 {
		a.try(idsOf(marked))
		return
	}
	filter := s.filter.chosen()
	if len(filter.States) == 0 {
		filter.States = []model.State{model.StateReady, model.StatePartial, model.StateRefused}
	}
	async.Run(a.ctx, s.deps.Runner,
		func(ctx context.Context) ([]model.RunRow, error) { return s.deps.Office.Runs(ctx, filter) },
		func(rows []model.RunRow, err error) {
			if err != nil {
				a.fail(err)
				return
			}
			a.try(idsOf(rows))
		})
}

func idsOf(rows []model.RunRow) []int64 {
	ids := make([]int64, len(rows))
	for i, r := range rows {
		ids[i] = r.Run.ID
	}
	return ids
}

// try asks what sending would do, run after run, and says how far it is.
func (a *sendingAll) try(ids []int64) {
	total := len(ids)
	var next func(left []int64)
	next = func(left []int64) {
		if len(left) == 0 {
			a.show()
			return
		}
		a.dialog.Busy(i18n.T("sendall.checking", "n", total-len(left)+1, "of", total))
		async.Run(a.ctx, a.screen.deps.Runner,
			func(ctx context.Context) ([]model.Trial, error) { return a.screen.deps.Office.Trial(ctx, left[0]) },
			func(trials []model.Trial, err error) {
				switch {
				case a.dialog.Closed():
				case err != nil:
					a.fail(err)
				default:
					a.trials = append(a.trials, trials...)
					next(left[1:])
				}
			})
	}
	next(ids)
}

// show lists what the dry run gave.
func (a *sendingAll) show() {
	ready := a.with(model.TrialReady)
	a.about.SetText(i18n.T("sendall.about", "ready", len(ready), "blocked", len(a.with(model.TrialBlocked)),
		"way", len(a.with(model.TrialUnderWay)), "booked", len(a.with(model.TrialBooked))))
	if len(a.trials) == 0 {
		a.about.SetText(i18n.T("sendall.none"))
	}
	a.table.SetRows(a.trials)
	a.dialog.Ready()
	a.dialog.Enable(len(ready) > 0)
}

func (a *sendingAll) with(outcome model.TrialOutcome) (some []model.Trial) {
	for _, t := range a.trials {
		if t.Outcome == outcome {
			some = append(some, t)
		}
	}
	return some
}

// send queues the nth run that is ready, and then the next.
func (a *sendingAll) send(n int) {
	ready := a.with(model.TrialReady)
	if n == len(ready) {
		a.end()
		return
	}
	a.dialog.Busy(i18n.T("sendall.sending", "n", n+1, "of", len(ready)))
	t := ready[n]
	async.Run(a.ctx, a.screen.deps.Runner,
		func(ctx context.Context) (model.RunTarget, error) {
			return a.screen.deps.Office.Send(ctx, t.Row.Run.ID, t.Target.MappingID)
		},
		func(_ model.RunTarget, err error) {
			if a.dialog.Closed() {
				return
			}
			if err != nil {
				a.failed = errors.Join(a.failed, err)
			} else {
				a.queued++
			}
			a.send(n + 1)
		})
}

// end closes the dialog and tells what came of it.
func (a *sendingAll) end() {
	a.dialog.Close()
	a.leave()
	if a.failed != nil {
		a.screen.fail(a.failed)
		return
	}
	a.screen.rest(i18n.Tn("sendall.queued", a.queued))
}

func (a *sendingAll) leave() {
	a.stop()
	a.screen.table.MarkNone()
	a.screen.Load()
	a.screen.deps.Changed()
}

func (a *sendingAll) fail(err error) {
	if !a.dialog.Closed() {
		a.dialog.Fail(dialogs.ProblemPanel(a.screen.deps.Explain(model.ProblemOf(err)), nil))
		a.dialog.Enable(false)
	}
}

// columns are those of the dry run.
func (a *sendingAll) columns() []widgets.Column[model.Trial] {
	s := a.screen
	return []widgets.Column[model.Trial]{
		{
			ID: "outcome", Title: i18n.T("sendall.outcome"), Width: 120,
			New: func() fyne.CanvasObject {
				return container.NewBorder(nil, nil, widget.NewIcon(nil), nil, widgets.Line(""))
			},
			Show: func(t model.Trial, o fyne.CanvasObject) {
				// A border puts its centre first.
				cell := o.(*fyne.Container).Objects
				cell[0].(*widget.Label).SetText(outcomeText(t))
				icon, tone := outcomeIcon(t.Outcome)
				cell[1].(*widget.Icon).SetResource(widgets.Icon(icon, tone))
			},
			Cell:    func(t model.Trial) sheet.Cell { return sheet.Text(outcomeText(t)) },
			Compare: widgets.By(func(t model.Trial) string { return outcomeText(t) }),
		},
		{
			ID: "company", Title: i18n.T("export.column.company"),
			New: func() fyne.CanvasObject { return widgets.TwoLines() },
			Show: func(t model.Trial, o fyne.CanvasObject) {
				widgets.SetTwoLines(o, t.Row.Company.Name, t.Row.Run.Description, false)
			},
			Cell:    func(t model.Trial) sheet.Cell { return sheet.Text(joined(t.Row.Company.Name, t.Row.Run.Description)) },
			Compare: widgets.By(func(t model.Trial) string { return t.Row.Company.Name }),
		},
		widgets.TextColumn("period", i18n.T("export.column.period"), 84, func(t model.Trial) string { return i18n.FormatPeriod(t.Row.Run.Last) }),
		widgets.TextColumn("target", i18n.T("filter.target.name"), 96, func(t model.Trial) string { return s.description(t.Target.Target).Name }),
		{
			ID: "amount", Title: i18n.T("export.column.amount"), Width: 140, End: true,
			Text: func(t model.Trial) string {
				if t.Outcome != model.TrialReady && t.Debit == 0 {
					return ""
				}
				return i18n.FormatAmount(t.Debit) + " " + t.Row.Company.Currency
			},
			Cell:    func(t model.Trial) sheet.Cell { return sheet.Amount(t.Debit) },
			Compare: widgets.By(func(t model.Trial) int64 { return int64(t.Debit) }),
		},
		widgets.TextColumn("why", i18n.T("sendall.why"), 0, func(t model.Trial) string {
			if t.Problem == nil {
				return ""
			}
			return s.deps.Explain(t.Problem).Message
		}),
	}
}

func outcomeText(t model.Trial) string { return i18n.T("sendall.outcome." + string(t.Outcome)) }

// outcomeIcon says the outcome without words and without colour alone.
func outcomeIcon(o model.TrialOutcome) (icon string, tone fyne.ThemeColorName) {
	switch o {
	case model.TrialReady:
		return "plus", theme.Good
	case model.TrialBlocked:
		return "bang", theme.Bad
	case model.TrialUnderWay:
		return "clock", theme.Busy
	}
	return "tick", theme.Good
}
