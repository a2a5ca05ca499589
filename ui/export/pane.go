package export

import (
	"reflect"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"loonbrug/data/model"
	"loonbrug/ui/allowed"
	"loonbrug/ui/dialogs"
	"loonbrug/ui/i18n"
	"loonbrug/ui/widgets"
)

func (s *Screen) showNoDetail() {
	s.shown, s.moving = nil, nil
	s.pane.Objects = []fyne.CanvasObject{widgets.Muted(i18n.T("export.choose"))}
	s.pane.Refresh()
}

// showDetail fills the pane beside the rows.
func (s *Screen) showDetail(d detail) {
	if s.shown != nil && reflect.DeepEqual(d, *s.shown) {
		s.Tick()
		return // drawing again would close folds and take the focus away
	}
	another := s.shown == nil || selectionOf(s.shown.row, s.shown.logo) != selectionOf(d.row, d.logo)
	s.shown, s.moving = &d, nil
	sections := []fyne.CanvasObject{s.detailHead(d)}
	if len(d.row.Targets) > 1 {
		sections = append(sections, s.targetButtons(d))
	}
	sections = append(sections, s.stateSection(d))
	for _, p := range flagProblems(d.row) {
		sections = append(sections, widgets.Panel(dialogs.ProblemPanel(s.deps.Explain(p), nil)))
	}
	for _, p := range d.problems {
		page := s.deps.Explain(p)
		page.Booked = truth(d.logo)
		sections = append(sections, widgets.Panel(dialogs.BarredPanel(page, s.act(d, p), s.why(d, p))))
	}
	if len(d.check.faults) > 0 || !d.check.fetchedAt.IsZero() {
		sections = append(sections, s.checkSection(d))
	}
	for _, n := range d.notices {
		sections = append(sections, widgets.SmallWrapped(s.deps.Explain(n).Message))
	}
	if len(d.periods) > 0 {
		sections = append(sections, s.periodSection(d), s.fileSection(d))
	}
	sections = append(sections, s.undoSection(d))
	if len(d.receipts) > 0 {
		sections = append(sections, widgets.Title(i18n.T("receipt.title")), s.receiptSection(d))
	}
	if len(d.attempts) > 0 {
		sections = append(sections, widgets.NewFold(i18n.T("export.history"), s.historySection(d), nil))
	}
	s.pane.Objects = sections
	widgets.Settle(s.pane)
	s.scroll.Refresh()
	if another {
		s.scroll.ScrollToTop()
	}
	s.deps.Shown()
}

func (s *Screen) detailHead(d detail) fyne.CanvasObject {
	name := widgets.Title(d.row.Company.Name)
	name.Wrapping = fyne.TextWrapWord
	return widgets.Tight(name, widgets.Muted(i18n.T("export.detail.run",
		"description", describe(d.row), "period", d.row.Run.Last, "reference", d.row.Run.Reference)),
		widgets.SmallWrapped(origin(d.row)))
}

// targetButtons choose among the targets of the run.
func (s *Screen) targetButtons(d detail) fyne.CanvasObject {
	row := container.NewGridWithColumns(min(len(d.row.Targets), 3))
	for _, rt := range d.row.Targets {
		b := widgets.NewButton(s.description(rt.Target).Name, func() { s.choose(d.row, rt) })
		if selectionOf(d.row, rt) == selectionOf(d.row, d.logo) {
			b.Importance = widget.HighImportance
		}
		row.Add(b)
	}
	return row
}

// stateSection says in words where the run stands, with the button that moves
// it on.
func (s *Screen) stateSection(d detail) fyne.CanvasObject {
	face := s.face(d.row, d.logo)
	label := face.Label
	face.Label = ""
	logo := widgets.NewLogo(logoSize+8, nil)
	logo.OnTapped = func() { s.clicked(d.row, d.logo) }
	logo.OnHint = s.showHint
	logo.SetFace(face)
	words := widgets.Tight(widgets.Bold(label), widgets.Muted(strings.TrimSpace(stateSentence(d.logo))))
	body := container.NewVBox(words)
	if d.logo.Target != "" {
		body = container.NewVBox(container.NewBorder(nil, nil, container.NewVBox(logo), nil, words))
	}
	if !d.next.IsZero() {
		words.Add(s.countdown(d.next))
	}
	if what := remedyOf(d.row.Run, d.logo); what != remedyNone && !d.sending {
		cure := widgets.NewMainButton(i18n.T("action."+string(what)), func() { s.cure(d, what) })
		if what.sends() {
			barred(d.noSend, cure)
		}
		body.Add(cure)
	}
	if len(undecided(d.logo)) > 0 {
		for _, b := range append(s.settleButtons(d), widgets.NewButton(i18n.T("export.send_again"), func() { s.sendAgain(d) })) {
			body.Add(barred(d.noSend, b))
		}
	}
	if d.logo.MappingID != 0 {
		notice := allowed.NewNotice()
		allowed.Tell(s.deps.Explain, notice, d.noSend)
		body.Add(notice)
	}
	return body
}

// barred disables a button where there is a refusal; the section of the state says
// why.
func barred(refused *model.Problem, b *widgets.Button) *widgets.Button {
	if refused != nil {
		b.Disable()
	}
	return b
}

func stateSentence(rt model.RunTarget) string {
	if refusedApproval(rt) {
		return i18n.T("approval.hint.refused")
	}
	if rt.State == model.StateBooked && rt.Approval == model.ApprovalWaiting {
		return i18n.T("approval.hint.waiting")
	}
	return i18n.T("state.hint." + string(rt.State))
}

// periodSection is the strip of periods: what is booked where, and what is
// still to come.
func (s *Screen) periodSection(d detail) fyne.CanvasObject {
	rows := container.NewVBox(widgets.Title(i18n.T("export.periods")))
	for _, line := range d.periods {
		rows.Add(s.periodRow(d, line))
	}
	return rows
}

func (s *Screen) periodRow(d detail, line periodLine) fyne.CanvasObject {
	name := widgets.Line(i18n.FormatPeriod(line.period))
	name.TextStyle.Bold = true
	left := widgets.Tight(name, widgets.Small(i18n.T("state.short."+string(line.state))))
	if line.entry.BookPeriod != "" {
		left.Add(widgets.SmallWrapped(i18n.T("export.period.book", "period", line.entry.BookPeriod)))
	}
	if line.correction {
		left.Add(widgets.SmallWrapped(i18n.T("export.period.correction")))
	}
	if text := ownText(line.own, s.description(d.logo.Target).Name); text != "" {
		left.Add(widgets.SmallWrapped(text))
	}
	right := container.NewHBox()
	if line.known {
		amount := widget.NewLabel(i18n.FormatAmount(line.debit))
		amount.Alignment = fyne.TextAlignTrailing
		proof := widgets.Tight(amount)
		if line.number != "" {
			number := widgets.Small(line.number)
			number.Truncation, number.Alignment = fyne.TextTruncateOff, fyne.TextAlignTrailing
			proof.Add(number)
		}
		right.Add(widgets.Middle(proof))
		right.Add(widgets.Middle(widgets.NewButton(i18n.T("export.lines"), func() { s.showLines(d, line) })))
	}
	icon := widget.NewIcon(widgets.Icon(stateIcon(line.state), stateTone(line.state).Colour()))
	return container.NewBorder(nil, nil, widgets.Middle(icon), right, left)
}

// ownText says whether the period is open at the target; nothing where that is
// not known.
func ownText(own model.BookPeriod, target string) string {
	switch {
	case own.ID == "":
		return ""
	case !own.Open:
		return i18n.T("export.period.closed", "target", target)
	case own.Warning:
		return i18n.T("export.period.closing", "target", target)
	}
	return i18n.T("export.period.open", "target", target)
}

// stateIcon is the badge of a period; a period that is ready has a plain dot's
// place, so that the rows stay aligned.
func stateIcon(state model.State) string {
	switch badge := appearances()[state].badge; {
	case badge != "":
		return badge
	case state == model.StateReady || state == model.StateWithdrawn:
		return "plus"
	}
	return "question"
}

func stateTone(state model.State) widgets.Tone { return appearances()[state].tone }

func (s *Screen) receiptSection(d detail) fyne.CanvasObject {
	all := container.NewVBox()
	for _, r := range d.receipts {
		form := container.New(layout.NewFormLayout())
		add := func(name, value string) {
			if value != "" {
				form.Add(widgets.Name(name))
				form.Add(widgets.Paragraph(value))
			}
		}
		add(i18n.T("receipt.number"), r.receipt.Number)
		add(i18n.T("receipt.period"), i18n.FormatPeriod(r.period))
		add(i18n.T("receipt.at"), i18n.FormatTime(r.receipt.BookedAt))
		add(i18n.T("receipt.user"), r.receipt.User)
		add(i18n.T("receipt.key"), r.receipt.Key)
		add(i18n.T("receipt.hash"), short(r.receipt.EntryHash))
		if r.receipt.ReadHash != "" {
			add(i18n.T("receipt.read"), i18n.T("receipt.read.same", "hash", short(r.receipt.ReadHash)))
		}
		add(i18n.T("receipt.lines"), strconv.Itoa(r.receipt.Lines))
		add(i18n.T("receipt.debit"), i18n.FormatAmount(r.receipt.Debit))
		add(i18n.T("receipt.credit"), i18n.FormatAmount(r.receipt.Credit))
		if r.receipt.Approval != model.ApprovalNone && r.receipt.Approval != "" {
			add(i18n.T("receipt.approval"), i18n.T("approval."+string(r.receipt.Approval)))
		}
		body := container.NewVBox(widgets.Dense(form))
		if r.receipt.Approval == model.ApprovalWaiting {
			body.Add(widgets.SmallWrapped(i18n.T("receipt.approval.there", "target", s.description(d.logo.Target).Name)))
		}
		body.Add(s.receiptButton(d, r))
		all.Add(widgets.Panel(body))
	}
	return all
}

// historySection is every step, each with the page of the problem it met.
func (s *Screen) historySection(d detail) fyne.CanvasObject {
	all := container.NewVBox()
	for _, a := range d.attempts {
		text := i18n.T("export.attempt",
			"at", a.attempt.At, "period", a.period,
			"from", i18n.T("state.short."+string(a.attempt.From)), "to", i18n.T("state.short."+string(a.attempt.To)))
		switch event := a.attempt.Event; event {
		case "orphan", "discarded", "swept", "not_swept", "sweep_now":
			text += "\n" + i18n.T("history."+event)
		}
		if a.attempt.Detail != "" {
			text += "\n" + a.attempt.Detail
		}
		if a.attempt.Reason != "" {
			text += "\n" + i18n.T("export.attempt.by", "by", a.attempt.By, "reason", a.attempt.Reason)
		}
		all.Add(widgets.Paragraph(text))
		if p := a.attempt.Problem; p != nil {
			why := widgets.NewQuietButton(i18n.T("problem.why"), func() { dialogs.Problem(s.deps.Window(), s.deps.Explain(p), nil) })
			all.Add(container.NewBorder(nil, nil, nil, widgets.Middle(why), widgets.SmallWrapped(s.deps.Explain(p).Message)))
		}
	}
	return all
}

// short is the beginning of a hash: enough to tell two apart.
func short(hash string) string { return hash[:min(len(hash), 16)] }
