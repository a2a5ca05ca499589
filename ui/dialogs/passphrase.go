package dialogs

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"loonbrug/data/model"
	"loonbrug/ui/i18n"
	"loonbrug/ui/widgets"
)

// Asking is a question for a passphrase.
type Asking struct {
	Text    string // what it is for
	Confirm string // label of the main button
	Twice   bool   // a new one is chosen
	Refused string // why the one before would not do; empty at first

	// Language, when not nil, lets the person choose a language: the dialog closes,
	// and whoever asked asks again in that one.
	Language func(code string)
}

// Passphrase asks for the passphrase that the key of the data folder lies under,
// where the computer has no key store, before there is a window to choose a
// language in. first asks for a new one, twice; refused says why the one before
// would not do, empty at first. done gets it once; nothing when the person leaves.
func Passphrase(window fyne.Window, first bool, refused string, language func(code string), done func(model.Secret)) *Dialog {
	a := Asking{Text: i18n.T("passphrase.text"), Confirm: i18n.T("passphrase.open"), Twice: first, Refused: refused, Language: language}
	if first {
		a.Text = i18n.T("passphrase.text_first")
	}
	return AskPassphrase(window, a, done)
}

// AskPassphrase asks for any passphrase. done gets it once; nothing when the
// person leaves.
func AskPassphrase(window fyne.Window, a Asking, done func(model.Secret)) *Dialog {
	entry, again := widgets.NewSecretEntry(), widgets.NewSecretEntry()
	var d *Dialog
	content := container.NewVBox()
	if a.Language != nil {
		content.Add(widgets.Field(i18n.T("settings.language"), "", languages(func(code string) {
			d.Close()
			a.Language(code)
		})))
	}
	content.Add(widgets.Paragraph(a.Text))
	content.Add(widgets.Field(i18n.T("passphrase.field"), "", entry))
	if a.Twice {
		content.Add(widgets.Field(i18n.T("passphrase.again"), "", again))
	}
	trouble := widgets.Paragraph(a.Refused)
	content.Add(trouble)
	confirm := func(d *Dialog) {
		switch {
		case entry.Text == "":
			trouble.SetText(i18n.T("passphrase.empty"))
		case a.Twice && entry.Text != again.Text:
			trouble.SetText(i18n.T("passphrase.differs"))
		default:
			d.Close()
			done(model.Secret(entry.Text))
		}
	}
	d = Show(window, Spec{
		Title: i18n.T("passphrase.title"), Content: content,
		Confirm: a.Confirm, Focus: entry, Width: 480,
		OnConfirm: confirm, OnCancel: func() { done("") },
	})
	return d
}

// languages chooses a language of the program.
func languages(chosen func(code string)) *widgets.Picker {
	var all []widgets.Option
	for _, l := range i18n.Languages() {
		all = append(all, widgets.Option{ID: l.Code, Label: l.Name})
	}
	p := widgets.NewPicker("", "", nil)
	p.SetChoices(all)
	p.Choose(i18n.Language())
	p.OnChanged = chosen
	return p
}
