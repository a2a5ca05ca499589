package export

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"loonbrug/data/model"
	"loonbrug/ui/async"
	"loonbrug/ui/dialogs"
	"loonbrug/ui/i18n"
	"loonbrug/ui/widgets"
)

// evidenceOf are the steps of a delivery that tell what became of it: when it was
// sent and what was found when it was looked up.
func evidenceOf(d detail, deliveryID int64) []model.Attempt {
	var all []model.Attempt
	for _, line := range d.attempts {
		if line.attempt.DeliveryID != deliveryID {
			continue
		}
		switch line.attempt.Event {
		case "intent", "ambiguous", "lease_over", "missed", "not_looked", "differs", "gone":
			all = append(all, line.attempt)
		}
	}
	return all
}

// evidence says each step in a line.
func (s *Screen) evidence(d detail, deliveryID int64) fyne.CanvasObject {
	lines := container.NewVBox()
	for _, a := range evidenceOf(d, deliveryID) {
		text := i18n.T("evidence."+a.Event, "at", a.At)
		if a.Problem != nil && a.Event == "differs" {
			text += " " + s.deps.Explain(a.Problem).Message
		}
		lines.Add(widgets.Paragraph(text))
	}
	return lines
}

// settleButtons offer, for each delivery that only a person can settle, to say
// that it is booked.
func (s *Screen) settleButtons(d detail) []*widgets.Button {
	var buttons []*widgets.Button
	for _, delivery := range undecided(d.logo) {
		label := i18n.T("export.settle.period", "period", delivery.Period)
		buttons = append(buttons, widgets.NewButton(label, func() { s.settle(d, delivery) }))
	}
	return buttons
}

// settle shows what is known of a delivery and asks for the number under which it
// is booked, and how the person knows.
func (s *Screen) settle(d detail, delivery model.Delivery) {
	number, reason := widgets.NewEntry(), widgets.NewEntry()
	text := i18n.T("export.settle.text", "target", s.description(d.logo.Target).Name, "key", delivery.Key)
	var box *dialogs.Dialog
	given := func(string) {
		box.Enable(strings.TrimSpace(number.Text) != "" && strings.TrimSpace(reason.Text) != "")
	}
	number.OnChanged, reason.OnChanged = given, given
	box = dialogs.Show(s.deps.Window(), dialogs.Spec{
		Title: i18n.T("export.settle.title"), Confirm: i18n.T("export.settle.confirm"), Focus: number, Width: 520,
		Content: container.NewVBox(
			s.evidence(d, delivery.ID), widgets.Paragraph(text),
			widgets.Field(i18n.T("export.settle.number"), "", number),
			widgets.Field(i18n.T("export.settle.reason"), "", reason),
		),
		OnConfirm: func(box *dialogs.Dialog) { s.settleNow(box, delivery.ID, number.Text, reason.Text) },
	})
	box.Enable(false)
}

func (s *Screen) settleNow(box *dialogs.Dialog, id int64, number, reason string) {
	box.Busy(i18n.T("dialog.busy"))
	async.Run(s.ctx, s.deps.Runner,
		func(ctx context.Context) (struct{}, error) {
			return struct{}{}, s.deps.Office.SettleBooked(ctx, id, number, reason)
		},
		func(_ struct{}, err error) {
			if err != nil {
				box.Fail(dialogs.ProblemPanel(s.deps.Explain(model.ProblemOf(err)), nil))
				return
			}
			box.Close()
			s.Load()
			s.deps.Changed()
		})
}
