package care

import (
	"context"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/storage"

	"loonbrug/data/model"
	"loonbrug/ui/dialogs"
	"loonbrug/ui/i18n"
)

// askWhere asks where a file of that name goes.
func (p *page) askWhere(title, name string, then func(path string)) {
	ask := dialog.NewFileSave(func(to fyne.URIWriteCloser, err error) {
		if err != nil {
			p.fail(err)
			return
		}
		if to == nil {
			return
		}
		path := to.URI().Path()
		if err := to.Close(); err != nil { // what writes it brings it into place whole
			p.fail(err)
			return
		}
		then(path)
	}, p.deps.Window)
	ask.SetTitleText(title)
	ask.SetFileName(name)
	show(ask)
}

// askWhich asks for a file with that ending.
func (p *page) askWhich(title, ending string, then func(path string)) {
	ask := dialog.NewFileOpen(func(from fyne.URIReadCloser, err error) {
		if err != nil {
			p.fail(err)
			return
		}
		if from == nil {
			return
		}
		path := from.URI().Path()
		if err := from.Close(); err != nil {
			p.fail(err)
			return
		}
		then(path)
	}, p.deps.Window)
	ask.SetTitleText(title)
	ask.SetFilter(storage.NewExtensionFileFilter([]string{ending}))
	show(ask)
}

// show shows a dialog of Fyne's for files at a size to work in, which it takes
// only once it is shown.
func show(d *dialog.FileDialog) {
	d.Show()
	d.Resize(fyne.NewSize(860, 560))
}

// backup asks where the backup goes and, where its key must be locked, for a
// passphrase.
func (p *page) backup() {
	name := "loonbrug-" + time.Now().Format(time.DateOnly) + ".zip"
	p.askWhere(i18n.T("care.backup.make"), name, func(path string) {
		if !p.deps.Keeper.AsksPassphrase() {
			p.writeBackup(path, "")
			return
		}
		dialogs.AskPassphrase(p.deps.Window, dialogs.Asking{
			Text: i18n.T("care.backup.passphrase"), Confirm: i18n.T("care.backup.make"), Twice: true,
		}, func(passphrase model.Secret) {
			if passphrase != "" {
				p.writeBackup(path, passphrase)
			}
		})
	})
}

func (p *page) writeBackup(path string, passphrase model.Secret) {
	p.work(i18n.T("care.backup"), func(ctx context.Context) error { return p.deps.Keeper.Backup(ctx, path, passphrase) }, func() { p.saved(path) })
}

// restore asks which backup, and whether the person is sure.
func (p *page) restore() {
	p.askWhich(i18n.T("care.backup.restore"), ".zip", func(path string) {
		dialogs.Confirm(p.deps.Window, i18n.T("care.backup.restore"), i18n.T("care.backup.sure"), i18n.T("care.backup.replace"),
			func() { p.layReady(path, "") })
	})
}

// layReady lays the backup ready and opens the office anew; a passphrase is asked
// for only when the backup needs one.
func (p *page) layReady(path string, passphrase model.Secret) {
	p.workOr(i18n.T("care.backup.restore"),
		func(ctx context.Context) error { return p.deps.Keeper.Restore(ctx, path, passphrase) },
		func() {
			p.dialog.Close()
			p.deps.Keeper.Reopen()
		},
		func(err error) {
			problem := model.ProblemOf(err)
			var refused string
			switch problem.Code {
			case "secret.wrong_passphrase":
				refused = p.deps.Explain(problem).Message
			case "secret.passphrase_needed":
			default:
				p.fail(err)
				return
			}
			dialogs.AskPassphrase(p.deps.Window, dialogs.Asking{
				Text: i18n.T("care.backup.unlock"), Confirm: i18n.T("care.backup.replace"), Refused: refused,
			}, func(given model.Secret) {
				if given != "" {
					p.layReady(path, given)
				}
			})
		})
}
