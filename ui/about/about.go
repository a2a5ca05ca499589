// Package about is the page that says what the program is: its version, where
// it keeps things, and whose work it stands on.
package about

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"loonbrug/ui/dialogs"
	"loonbrug/ui/i18n"
	"loonbrug/ui/widgets"
)

// Info is what the page says.
type Info struct {
	Name     string // of the program
	Version  string
	Folders  []Folder
	Licences []Licence
}

// Licence is the licence of a work that is built into the program.
type Licence struct{ Work, Text string }

// Folder is a place where the program keeps something. Kind is the stable id
// of its name: "data", "log".
type Folder struct {
	Kind string
	Path string
}

// Show opens the page.
func Show(window fyne.Window, info Info) *dialogs.Dialog {
	places := container.New(layout.NewFormLayout(), widgets.Name(i18n.T("about.version")), widgets.Paragraph(info.Version))
	for _, f := range info.Folders {
		path := widgets.Paragraph(f.Path)
		path.Wrapping = fyne.TextWrapBreak
		places.Add(widgets.Name(i18n.T("about.folder." + f.Kind)))
		places.Add(path)
	}
	licences := container.NewVBox(widgets.Muted(i18n.T("about.licences.text")))
	for _, l := range info.Licences {
		work := widgets.NewQuietButton(l.Work, func() { showLicence(window, l) })
		work.Alignment = widget.ButtonAlignLeading
		licences.Add(work)
	}
	content := container.NewVBox(
		widgets.Muted(i18n.T("about.text")),
		places,
		widgets.NewFold(i18n.T("about.licences"), licences, nil),
	)
	return dialogs.Show(window, dialogs.Spec{
		Title:   i18n.T("about.title", "name", info.Name),
		Content: container.NewVScroll(content),
		Width:   560, Height: 320,
	})
}

func showLicence(window fyne.Window, l Licence) {
	dialogs.Show(window, dialogs.Spec{
		Title: l.Work, Content: container.NewVScroll(widgets.BesideBar(widgets.Paragraph(l.Text))), Width: 620, Height: 420,
	})
}
