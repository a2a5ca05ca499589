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
}

// Passphrase asks for the passphrase that the key of the data folder lies under,
// where the computer has no key store. first asks for a new one, twice; refused
// says why the one before would not do, empty at first. done gets it once;
// nothing when the person leaves.
func Passphrase(window fyne.Window, first bool, refused string, done func(model.Secret)) *Dialog {
	a := Asking{Text: i18n.T("passphrase.text"), Confirm: i18n.T("passphrase.open"), Twice: first, Refused: refused}
	if first {
		a.Text = i18n.T("passphrase.text_first")
	}
	return AskPassphrase(window, a, done)
}

// AskPassphrase asks for any passphrase. done gets it once; nothing when the
// person leaves.
func AskPassphrase(window fyne.Window, a Asking, done func(model.Secret)) *Dialog {
	entry, again := widgets.NewSecretEntry(), widgets.NewSecretEntry()
	fields := container.NewVBox(widgets.Field(i18n.T("passphrase.field"), "", entry))
	if a.Twice {
		fields.Add(widgets.Field(i18n.T("passphrase.again"), "", again))
	}
	trouble := widgets.Paragraph(a.Refused)
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
	return Show(window, Spec{
		Title: i18n.T("passphrase.title"), Content: container.NewVBox(widgets.Paragraph(a.Text), fields, trouble),
		Confirm: a.Confirm, Focus: entry, Width: 480,
		OnConfirm: confirm, OnCancel: func() { done("") },
	})
}
