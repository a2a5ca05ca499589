package start

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	base "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"loonbrug/data/model"
	"loonbrug/integration/target"
	"loonbrug/ui/dialogs"
	"loonbrug/ui/i18n"
	"loonbrug/ui/widgets"
)

// show draws the list of steps and the one the person is at.
func (s *Screen) show() {
	s.steps.RemoveAll()
	s.steps.Add(widgets.Title(i18n.T("start.title")))
	for i, step := range Steps() {
		s.steps.Add(s.stepButton(i+1, step))
	}
	s.steps.Add(layout.NewSpacer())
	later := widgets.NewQuietButton(i18n.T("start.later"), s.leave)
	later.Alignment = widget.ButtonAlignLeading
	s.steps.Add(later)
	at := s.state.Step
	head := container.NewVBox(widgets.Title(i18n.T("start.step."+string(at))), widgets.Paragraph(i18n.T("start.text."+string(at))))
	body := container.NewVScroll(widgets.BesideBar(s.body(at)))
	s.step.Objects = []fyne.CanvasObject{container.NewBorder(head, s.foot(at), nil, nil, body)}
	widgets.Settle(s.steps)
	widgets.Settle(s.step)
}

// stepButton leads to a step; a tick says that nothing is left to do there.
func (s *Screen) stepButton(n int, step Step) fyne.CanvasObject {
	text := i18n.T("start.numbered", "n", n, "step", i18n.T("start.step."+string(step)))
	b := widgets.NewIconButton(text, base.RadioButtonIcon(), func() { s.turn(step) })
	if s.facts.done(step, s.state.Step) {
		b.Icon = base.ConfirmIcon()
	}
	b.Alignment, b.Importance = widget.ButtonAlignLeading, widget.LowImportance
	if step == s.state.Step {
		b.Importance = widget.MediumImportance
	}
	return b
}

// foot is the buttons that lead on and back.
func (s *Screen) foot(at Step) fyne.CanvasObject {
	row := container.NewHBox()
	if at != StepLanguage {
		row.Add(widgets.NewButton(i18n.T("start.back"), func() { s.turn(before(at)) }))
	}
	row.Add(layout.NewSpacer())
	switch {
	case at == StepOffice: // the choice itself leads on
	case at == StepMapping && s.facts.done(StepMapping, at):
		row.Add(widgets.NewMainButton(i18n.T("start.finish"), s.finish))
	case at == StepMapping:
		row.Add(widgets.NewButton(i18n.T("start.finish"), s.finish))
	default:
		on := widgets.NewButton(i18n.T("start.next"), func() { s.turn(next(at)) })
		if s.facts.done(at, at) || at == StepLanguage {
			on.Importance = widget.HighImportance
		}
		row.Add(on)
	}
	return row
}

func (s *Screen) body(at Step) fyne.CanvasObject {
	switch at {
	case StepOffice:
		return s.offices()
	case StepPayroll:
		return s.payroll()
	case StepAccount:
		return s.accounts()
	case StepMapping:
		return s.mapping()
	}
	return s.languages()
}

func (s *Screen) languages() fyne.CanvasObject {
	row := container.NewVBox()
	for _, l := range i18n.Languages() {
		b := widgets.NewIconButton(l.Name, base.RadioButtonIcon(), func() { s.deps.Language(l.Code) })
		b.Alignment, b.Importance = widget.ButtonAlignLeading, widget.LowImportance
		if l.Code == i18n.Language() {
			b.Icon, b.Importance = base.RadioButtonCheckedIcon(), widget.MediumImportance
		}
		row.Add(b)
	}
	return row
}

// offices is the choice between practice and the real one.
func (s *Screen) offices() fyne.CanvasObject {
	choice := func(practice bool, title, text, action string) fyne.CanvasObject {
		b := widgets.NewButton(action, func() {
			if practice == s.deps.Practice {
				s.turn(next(StepOffice))
				return
			}
			s.deps.Choose(practice)
		})
		if practice {
			b.Importance = widget.HighImportance
		}
		return widgets.Panel(container.NewVBox(widgets.Bold(title), widgets.Paragraph(text), container.NewHBox(b)))
	}
	return container.NewVBox(
		choice(true, i18n.T("start.practice"), i18n.T("start.practice.text"), i18n.T("start.practice.choose")),
		choice(false, i18n.T("start.real"), i18n.T("start.real.text"), i18n.T("start.real.choose")),
	)
}

// payroll is where runs can come from.
func (s *Screen) payroll() fyne.CanvasObject {
	content := container.NewVBox()
	if s.facts.done(StepPayroll, StepPayroll) {
		content.Add(s.doneLine(i18n.T("start.payroll.done")))
	}
	for _, d := range s.deps.Office.Partners() {
		if s.isTarget(d) {
			continue
		}
		content.Add(s.system(d, widgets.NewButton(i18n.T("start.account.new"), func() { s.deps.NewAccount(d.ID) })))
	}
	file := widgets.NewButton(i18n.T("start.payroll.file.choose"), s.deps.Import)
	content.Add(widgets.Panel(container.NewVBox(widgets.Bold(i18n.T("start.payroll.file")), widgets.Paragraph(i18n.T("start.payroll.file.text")), container.NewHBox(file))))
	return content
}

// accounts is a panel for each accounting system.
func (s *Screen) accounts() fyne.CanvasObject {
	content := container.NewVBox()
	waiting, waits := s.facts.waiting()
	if s.facts.done(StepAccount, StepAccount) {
		content.Add(s.doneLine(i18n.T("start.account.done")))
	}
	for _, d := range s.deps.Office.Targets() {
		if waits && waiting.Target == d.ID {
			// What waits for the person stands first.
			content.Objects = append([]fyne.CanvasObject{s.system(d, s.signIn(waiting))}, content.Objects...)
			if s.deps.Signing(waiting.ID) != nil && d.SignsIn(waiting.Settings) == target.SignInBrowser {
				content.Objects = append([]fyne.CanvasObject{widgets.Bold(i18n.T("account.word.browser"))}, content.Objects...)
			}
			continue
		}
		content.Add(s.system(d, widgets.NewButton(i18n.T("start.account.new"), func() { s.deps.NewAccount(d.ID) })))
	}
	return content
}

// signIn is the button that signs an account in or, while that is under way, the
// one that stops it.
func (s *Screen) signIn(a model.Account) fyne.CanvasObject {
	if stop := s.deps.Signing(a.ID); stop != nil {
		return widgets.NewButton(i18n.T("account.cancel"), stop)
	}
	return widgets.NewMainButton(i18n.T("start.account.sign_in", "name", a.Name), func() {
		s.deps.SignIn(a.ID)
		s.show()
	})
}

// system is a panel of one system: its logo, its button, and its help.
func (s *Screen) system(d target.Description, button fyne.CanvasObject) fyne.CanvasObject {
	logo := widgets.NewPicture(systemLogo)
	logo.Set(d.Logo, widgets.LookColour)
	body := container.NewVBox(container.NewBorder(nil, nil, widgets.Middle(logo), widgets.Middle(button), widgets.Middle(widgets.Bold(d.Name))))
	if help := s.deps.Help(d.ID); help != nil {
		body.Add(widgets.NewFold(i18n.T("start.help"), help, func() { widgets.Settle(s.step) }))
	}
	return widgets.Panel(body)
}

const systemLogo = 32

func (s *Screen) mapping() fyne.CanvasObject {
	content := container.NewVBox()
	if s.facts.done(StepMapping, StepMapping) {
		content.Add(s.doneLine(i18n.T("start.mapping.done")))
	}
	c, ok := s.facts.unmapped()
	if !ok {
		if len(s.facts.companies) == 0 {
			content.Add(widgets.Muted(i18n.T("start.mapping.none")))
		}
		return content
	}
	b := widgets.NewButton(i18n.T("start.mapping.make", "company", dialogs.CompanyName(c)), func() { s.deps.Map(c.ID) })
	if !s.facts.done(StepMapping, StepMapping) {
		b.Importance = widget.HighImportance
	}
	content.Add(container.NewHBox(b))
	return content
}

// doneLine says that a step is done, with a tick beside it.
func (s *Screen) doneLine(text string) fyne.CanvasObject {
	return container.NewBorder(nil, nil, widgets.Middle(widget.NewIcon(base.ConfirmIcon())), nil, widgets.Bold(text))
}

func (s *Screen) isTarget(d target.Description) bool {
	for _, t := range s.deps.Office.Targets() {
		if t.ID == d.ID {
			return true
		}
	}
	return false
}
