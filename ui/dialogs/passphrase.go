package dialogs

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"loonbrug/data/model"
	"loonbrug/ui/i18n"
	"loonbrug/ui/widgets"
)

// Passphrase asks for the passphrase that the key of the data folder lies under,
// where the computer has no key store. first asks for a new one, twice; refused
// says why the one before would not do, empty at first. done gets it once;
// nothing when the person leaves.
func Passphrase(window fyne.Window, first bool, refused string, done func(model.Secret)) *Dialog {
	entry := widgets.NewSecretEntry()
	again := widgets.NewSecretEntry()
	text := i18n.T("passphrase.text")
	fields := container.NewVBox(widgets.Field(i18n.T("passphrase.field"), "", entry))
	if first {
		text = i18n.T("passphrase.text_first")
		fields.Add(widgets.Field(i18n.T("passphrase.again"), "", again))
	}
	trouble := widgets.Paragraph(refused)
	confirm := func(d *Dialog) {
		switch {
		case entry.Text == "":
			trouble.SetText(i18n.T("passphrase.empty"))
		case first && entry.Text != again.Text:
			trouble.SetText(i18n.T("passphrase.differs"))
		default:
			d.Close()
			done(model.Secret(entry.Text))
		}
	}
	return Show(window, Spec{
		Title: i18n.T("passphrase.title"), Content: container.NewVBox(widgets.Paragraph(text), fields, trouble),
		Confirm: i18n.T("passphrase.open"), Focus: entry, Width: 480,
		OnConfirm: confirm, OnCancel: func() { done("") },
	})
}
