package export

import (
	"context"
	"io"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"loonbrug/data/journal"
	"loonbrug/data/model"
	"loonbrug/ui/allowed"
	"loonbrug/ui/async"
	"loonbrug/ui/dialogs"
	"loonbrug/ui/i18n"
	"loonbrug/ui/widgets"
)

// Corrector is what this screen needs of the office to undo and correct.
type Corrector interface {
	MarkByHand(ctx context.Context, runID, mappingID int64, periods []journal.Period, reason string) (model.RunTarget, error)
	TakeBack(ctx context.Context, deliveryID int64, reason string) error
	SendAnew(ctx context.Context, deliveryID int64, reason string) error
	Reverse(ctx context.Context, runID, mappingID int64, p journal.Period, reason string) (model.RunTarget, error)
	Changes(ctx context.Context, runID, mappingID int64) ([]model.Change, error)
	Correct(ctx context.Context, runID, mappingID int64, ways map[journal.Period]model.Way, reason string) (model.RunTarget, error)

	// ReviseByFile keeps the journal of a file as a later one of the run.
	ReviseByFile(ctx context.Context, runID int64, name string, content io.Reader) (added bool, err error)

	Reconcile(ctx context.Context) (model.Reconciliation, error)
	// ReconcileBetween is Reconcile for posting dates between two days, both with it.
	ReconcileBetween(ctx context.Context, from, to journal.Date) (model.Reconciliation, error)
	Reconciliation(ctx context.Context) (model.Reconciliation, error)
}

// codeGone is the problem of a booking that is no longer at its target.
const codeGone = "delivery.gone"

// undoSection offers what can be undone or corrected about a run at a target,
// and shows what was decided before.
func (s *Screen) undoSection(d detail) fyne.CanvasObject {
	section := container.NewVBox()
	for _, c := range d.changes {
		section.Add(s.changePanel(d, c))
	}
	for _, o := range d.logo.Deliveries {
		switch {
		case o.State == model.StateMarked:
			section.Add(s.markedPanel(d, o))
		case o.State == model.StateUnknown && o.Person && o.Problem != nil && o.Problem.Code == codeGone:
			section.Add(container.NewHBox(barred(d.noSend, widgets.NewButton(i18n.T("undo.anew"), func() { s.sendAnew(o.ID, o.Number) }))))
		case o.Kind != model.KindEntry || o.Corrects != 0:
			section.Add(widgets.SmallWrapped(corrects(d, o)))
		}
	}
	if len(unsent(d)) > 0 && d.logo.MappingID != 0 {
		section.Add(container.NewHBox(barred(d.noSend, widgets.NewQuietButton(i18n.T("undo.mark"), func() { s.mark(d) }))))
	}
	if in := booked(d); len(in) > 0 {
		section.Add(container.NewHBox(barred(d.noSend, widgets.NewQuietButton(i18n.T("undo.reverse"), func() { s.reverse(d, in) }))))
		section.Add(container.NewHBox(barred(d.noWork, widgets.NewQuietButton(i18n.T("change.file"), func() { s.chooseLater(d.row.Run.ID) }))))
		notice := allowed.NewNotice()
		allowed.Tell(s.deps.Explain, notice, d.noWork)
		section.Add(notice)
	}
	return section
}

// unsent are the periods that could be marked as booked by hand.
func unsent(d detail) (missing []journal.Period) {
	done := make(map[journal.Period]bool)
	for _, o := range d.logo.Deliveries {
		open := o.State == model.StateRefused || o.State == model.StateWithdrawn || o.State == model.StateBooked && o.Kind.Reverses()
		done[o.Period] = !open
	}
	for _, line := range d.periods {
		if !done[line.period] {
			missing = append(missing, line.period)
		}
	}
	if len(d.periods) == 0 && d.logo.Booked < d.logo.Periods && len(d.logo.Deliveries) == 0 {
		missing = append(missing, d.row.Run.Last)
	}
	return missing
}

// booked are the periods whose booking can be taken back.
func booked(d detail) (in []journal.Period) {
	for _, o := range d.logo.Deliveries {
		if o.State == model.StateBooked && !o.Kind.Reverses() {
			in = append(in, o.Period)
		}
	}
	return in
}

// markedPanel says who booked a period by hand and why, with the way back.
func (s *Screen) markedPanel(d detail, o model.Delivery) fyne.CanvasObject {
	var by, reason string
	for _, a := range d.attempts { // newest first
		if a.attempt.DeliveryID == o.ID && a.attempt.To == model.StateMarked && a.attempt.From != model.StateMarked {
			by, reason = a.attempt.By, a.attempt.Reason
			break
		}
	}
	words := widgets.Tight(widgets.Paragraph(i18n.T("undo.marked", "period", o.Period, "by", by)), widgets.SmallWrapped(reason))
	back := widgets.NewButton(i18n.T("undo.take_back"), func() {
		s.decide(i18n.T("undo.take_back"), i18n.T("undo.take_back.text", "period", o.Period), nil, func(ctx context.Context, reason string, _ journal.Period) error {
			return s.deps.Office.TakeBack(ctx, o.ID, reason)
		})
	})
	return widgets.Panel(container.NewVBox(words, container.NewHBox(barred(d.noSend, back))))
}

// corrects says what a delivery follows and what it is for.
func corrects(d detail, o model.Delivery) string {
	number := ""
	for _, e := range slices.Concat(d.logo.Earlier, d.logo.Deliveries) {
		if e.ID == o.Corrects {
			number = strings.TrimSpace(e.Number + " " + e.Key)
		}
	}
	switch o.Kind {
	case model.KindDifference:
		return i18n.T("undo.follows.difference", "period", o.Period, "number", number)
	case model.KindReversal, model.KindExchange:
		return i18n.T("undo.follows.reversal", "period", o.Period, "number", number)
	}
	return i18n.T("undo.follows.entry", "period", o.Period, "number", number)
}

func (s *Screen) mark(d detail) {
	s.decide(i18n.T("undo.mark"), i18n.T("undo.mark.text", "target", s.description(d.logo.Target).Name), unsent(d), func(ctx context.Context, reason string, p journal.Period) error {
		var periods []journal.Period
		if p != (journal.Period{}) {
			periods = []journal.Period{p}
		}
		_, err := s.deps.Office.MarkByHand(ctx, d.row.Run.ID, d.logo.MappingID, periods, reason)
		return err
	})
}

func (s *Screen) reverse(d detail, in []journal.Period) {
	s.decide(i18n.T("undo.reverse"), i18n.T("undo.reverse.text", "target", s.description(d.logo.Target).Name), in, func(ctx context.Context, reason string, p journal.Period) error {
		periods := in
		if p != (journal.Period{}) {
			periods = []journal.Period{p}
		}
		for _, p := range periods {
			if _, err := s.deps.Office.Reverse(ctx, d.row.Run.ID, d.logo.MappingID, p, reason); err != nil {
				return err
			}
		}
		return nil
	})
}

// sendAnew sends a booking again that is no longer at its target.
func (s *Screen) sendAnew(id int64, number string) {
	s.decide(i18n.T("undo.anew"), i18n.T("undo.anew.text", "number", number), nil, func(ctx context.Context, reason string, _ journal.Period) error {
		return s.deps.Office.SendAnew(ctx, id, reason)
	})
}

// decide asks for the reason of a decision, and for the period where there are
// several; the zero period is all of them. A decision without a reason cannot be
// confirmed.
func (s *Screen) decide(title, text string, periods []journal.Period, do func(context.Context, string, journal.Period) error) {
	var d *dialogs.Dialog
	reason := widgets.NewEntry()
	reason.OnChanged = func(text string) { d.Enable(strings.TrimSpace(text) != "") }
	content := container.NewVBox(widgets.Paragraph(text))
	var chosen journal.Period
	if len(periods) > 1 {
		picker := widgets.NewPicker(i18n.T("undo.all"), i18n.T("undo.all"), func(id string) { chosen, _ = journal.ParsePeriod(id) })
		options := []widgets.Option{{ID: "", Label: i18n.T("undo.all")}}
		for _, p := range periods {
			options = append(options, widgets.Option{ID: p.String(), Label: i18n.FormatPeriod(p)})
		}
		picker.SetOptions(options)
		content.Add(widgets.Field(i18n.T("receipt.period"), "", picker))
	}
	content.Add(widgets.Field(i18n.T("undo.reason"), i18n.T("undo.reason.help"), reason))
	d = dialogs.Show(s.deps.Window(), dialogs.Spec{
		Title: title, Content: content, Confirm: title, Focus: reason, Width: 460,
		OnConfirm: func(d *dialogs.Dialog) {
			d.Busy(i18n.T("dialog.busy"))
			s.decided(d, func(ctx context.Context) error { return do(ctx, reason.Text, chosen) })
		},
	})
	d.Enable(false)
}

// decided does what was decided and closes the dialog, or shows in it why not.
func (s *Screen) decided(d *dialogs.Dialog, do func(context.Context) error) {
	async.Run(s.ctx, s.deps.Runner,
		func(ctx context.Context) (struct{}, error) { return struct{}{}, do(ctx) },
		func(_ struct{}, err error) {
			if err != nil {
				d.Fail(dialogs.ProblemPanel(s.deps.Explain(model.ProblemOf(err)), nil))
				return
			}
			d.Close()
			s.Load()
			s.deps.Changed()
		})
}
