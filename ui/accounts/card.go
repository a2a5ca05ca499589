package accounts

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"loonbrug/integration/target"
	"loonbrug/ui/allowed"
	"loonbrug/ui/dialogs"
	"loonbrug/ui/i18n"
	"loonbrug/ui/widgets"
)

const (
	cardColumns = 2
	cardLogo    = 64
)

// draw puts the groups below each other; two groups of one account each share a
// row.
func (s *Screen) draw(groups []group) {
	for i := 0; i < len(groups); i++ {
		g := groups[i]
		if i+1 < len(groups) && len(g.cards) == 1 && len(groups[i+1].cards) == 1 {
			s.cards.Add(container.NewGridWithColumns(cardColumns, s.group(g, 1), s.group(groups[i+1], 1)))
			i++
			continue
		}
		s.cards.Add(s.group(g, cardColumns))
	}
}

// group is the accounts of one system below its name.
func (s *Screen) group(g group, columns int) fyne.CanvasObject {
	title := g.target.Name
	if len(g.cards) > 1 {
		title = i18n.Tn("account.group", len(g.cards), "target", g.target.Name)
	}
	lines := container.NewVBox(widgets.Title(title))
	// A grid a row: one tall card does not stretch all others.
	for len(g.cards) > 0 {
		row := container.NewGridWithColumns(columns)
		for _, c := range g.cards[:min(columns, len(g.cards))] {
			row.Add(container.NewPadded(s.card(c)))
		}
		lines.Add(row)
		g.cards = g.cards[min(columns, len(g.cards)):]
	}
	return lines
}

func (s *Screen) card(c card) fyne.CanvasObject {
	logo := widgets.NewLogo(cardLogo, func() { s.tapped(c) })
	logo.SetFace(c.face())
	state := widgets.Muted(c.word())
	if c.ailing() {
		state = widgets.Wrong(state.Text)
	}
	lines := []fyne.CanvasObject{widgets.Bold(c.account.Name), state}
	if c.account.Identity != "" && !c.busy() {
		lines = append(lines, widgets.Muted(c.account.Identity))
	}
	if !c.account.CheckedAt.IsZero() && !c.busy() {
		lines = append(lines, widgets.Small(i18n.T("account.checked", "checked", c.account.CheckedAt)))
	}
	words := container.NewVBox(widgets.Tight(lines...))
	if c.account.Problem != nil && !c.busy() {
		page := s.deps.Explain(c.account.Problem)
		words.Add(widgets.Paragraph(page.Message))
		words.Add(container.NewHBox(widgets.NewQuietButton(i18n.T("problem.why"), func() {
			dialogs.BarredProblem(s.deps.Window(), page, s.remedy(c.account.ID, page.Action), allowed.Why(s.deps.Explain, c.refused))
		})))
	}
	return widgets.Panel(container.NewBorder(nil, s.buttons(c), container.NewVBox(logo), nil, words))
}

// buttons are, while something is under way, what stops it; else what mends the
// account, in front, and all that can be done with it.
func (s *Screen) buttons(c card) fyne.CanvasObject {
	id := c.account.ID
	if c.busy() {
		row := container.NewHBox(widgets.NewButton(i18n.T("account.cancel"), func() { s.cancel(id) }))
		if c.signing && c.target.SignsIn(c.account.Settings) == target.SignInBrowser {
			row.Add(widgets.NewQuietButton(i18n.T("account.copy"), func() { s.copyAddress(id) }))
		}
		return row
	}
	row := container.NewHBox()
	mend := c.mend()
	if mend != mendNothing {
		row.Add(widgets.NewMainButton(i18n.T("account.mend."+string(mend)), func() { s.mend(c) }))
	}
	if c.account.Authorised() && (mend == mendNothing || mend == mendCheck) {
		row.Add(widgets.NewQuietButton(i18n.T("account.sign_in_again"), func() { s.SignIn(id) }))
	}
	if c.account.Authorised() && (mend == mendNothing || mend == mendSignIn) {
		row.Add(widgets.NewQuietButton(i18n.T("account.check"), func() { s.Check(id) }))
	}
	row.Add(widgets.NewQuietButton(i18n.T("account.change"), func() { s.Change(c.account) }))
	row.Add(widgets.NewQuietButton(i18n.T("account.remove"), func() { s.remove(c.account) }))
	notice := allowed.NewNotice()
	var controls []allowed.Control
	for _, o := range row.Objects {
		controls = append(controls, o.(*widgets.Button))
	}
	allowed.Guard(c.refused, s.deps.Explain, notice, controls...)
	return container.NewVBox(notice, row)
}

// mend does what helps first.
func (s *Screen) mend(c card) {
	switch c.mend() {
	case mendFirst, mendSignIn:
		s.SignIn(c.account.ID)
	case mendCompany:
		s.confirm(c.account.ID)
	case mendChange:
		s.Change(c.account)
	case mendCheck:
		s.Check(c.account.ID)
	}
}

// tapped is a click on the logo: it mends the account, or signs in again.
func (s *Screen) tapped(c card) {
	switch {
	case c.busy(), c.refused != nil: // what stands beside the buttons says why
	case c.mend() == mendNothing:
		s.SignIn(c.account.ID)
	default:
		s.mend(c)
	}
}
