// Package help is the page about the couplings: which systems the program books
// in and fetches payroll from, how far each is, and what a person must know of
// it beforehand. [About] is the part about one system, to be put beside the
// place where it is needed.
package help

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	base "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"loonbrug/ui/dialogs"
	"loonbrug/ui/i18n"
	"loonbrug/ui/widgets"
)

// State is how far a coupling is, by its stable id.
type State string

// The states.
const (
	Available    State = "available"     // books in the real system
	PracticeOnly State = "practice_only" // works in the practice office alone
	Planned      State = "planned"       // is not there yet
)

// Coupling is one system. A planned one has no logo.
type Coupling struct {
	ID, Name, Logo string
	State          State
	Books          func() // shows the books of the practice system; nil where there is none
}

// About is what a person must know of a system: what it takes, the steps, and
// what goes wrong most. It is nil for a system that nothing is written about.
func About(id string) fyne.CanvasObject {
	if !i18n.Has("help.need." + id) {
		return nil
	}
	return container.NewVBox(
		widgets.Bold(i18n.T("help.need")), widgets.Paragraph(i18n.T("help.need."+id)),
		widgets.Bold(i18n.T("help.steps")), widgets.Paragraph(i18n.T("help.steps."+id)),
		widgets.Bold(i18n.T("help.errors")), widgets.Paragraph(i18n.T("help.errors."+id)),
	)
}

const (
	width  = 600
	height = 440
	logo   = 32
)

// Show opens the page. start leads to the path of the first start and may be nil.
func Show(window fyne.Window, couplings []Coupling, start func()) *dialogs.Dialog {
	content := container.NewVBox(widgets.Paragraph(i18n.T("help.text")))
	for _, c := range couplings {
		content.Add(card(c, func() { widgets.Settle(content) }))
	}
	content.Add(widgets.Title(i18n.T("help.keys")))
	content.Add(widgets.Paragraph(i18n.T("help.keys.text")))
	var d *dialogs.Dialog
	spec := dialogs.Spec{
		Title: i18n.T("help.title"), Content: container.NewVScroll(widgets.BesideBar(content)), Width: width, Height: height, Guide: "start",
	}
	if start != nil {
		spec.Extra = widgets.NewQuietButton(i18n.T("help.start"), func() { d.Close(); start() })
	}
	d = dialogs.Show(window, spec)
	return d
}

// card is one coupling, its state said in words and in a sign.
func card(c Coupling, resized func()) fyne.CanvasObject {
	sign := map[State]fyne.Resource{Available: base.ConfirmIcon(), PracticeOnly: base.InfoIcon(), Planned: base.HistoryIcon()}[c.State]
	state := container.NewHBox(widget.NewIcon(sign), widgets.Name(i18n.T("help.state."+string(c.State))))
	var left fyne.CanvasObject
	if c.Logo != "" {
		p := widgets.NewPicture(logo)
		p.Set(c.Logo, widgets.LookColour)
		left = widgets.Middle(p)
	}
	body := container.NewVBox(container.NewBorder(nil, nil, left, widgets.Middle(state), widgets.Middle(widgets.Bold(c.Name))))
	if c.Books != nil {
		body.Add(container.NewHBox(widgets.NewQuietButton(i18n.T("help.books"), c.Books)))
	}
	if about := About(c.ID); about != nil {
		body.Add(widgets.NewFold(i18n.T("start.help"), about, resized))
	}
	return widgets.Panel(body)
}
