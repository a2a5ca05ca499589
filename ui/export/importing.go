package export

import (
	"context"
	"fmt"
	"io"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/storage"

	"loonbrug/data/model"
	"loonbrug/ui/async"
	"loonbrug/ui/dialogs"
	"loonbrug/ui/i18n"
	"loonbrug/ui/widgets"
)

// opener opens a payroll file away from the screen.
type opener func() (io.ReadCloser, error)

func (s *Screen) chooseFile() {
	open := dialog.NewFileOpen(func(file fyne.URIReadCloser, err error) {
		if err != nil {
			s.fail(err)
			return
		}
		if file != nil {
			s.importFile(file.URI().Name(), func() (io.ReadCloser, error) { return file, nil })
		}
	}, s.deps.Window())
	open.SetConfirmText(i18n.T("export.import.choose"))
	showFileDialog(open)
}

// Drop takes files that were dropped on the window.
func (s *Screen) Drop(files []fyne.URI) {
	for _, uri := range files {
		s.importFile(uri.Name(), func() (io.ReadCloser, error) { return storage.Reader(uri) })
	}
}

// importFile asks which company a file belongs to, unless there is only one.
func (s *Screen) importFile(name string, open opener) {
	async.Run(s.ctx, s.deps.Runner, s.deps.Office.Companies, func(companies []model.Company, err error) {
		switch {
		case err != nil:
			s.fail(err)
		case len(companies) == 1:
			s.readFile(companies[0].ID, name, open)
		default:
			s.askCompany(companies, name, open)
		}
	})
}

func (s *Screen) askCompany(companies []model.Company, name string, open opener) {
	var d *dialogs.Dialog
	picker := dialogs.CompanyPicker(companies, func(id int64) {
		if d != nil {
			d.Enable(id != 0)
		}
	})
	if row, _, ok := s.chosen.find(s.rows); ok {
		picker.Choose(row.Company.ID)
	}
	fresh := widgets.NewQuietButton(i18n.T("company.new"), func() {
		d.Close()
		desk := dialogs.CompanyDesk{Window: s.deps.Window(), Runner: s.deps.Runner, Saver: s.deps.Office, Explain: s.deps.Explain}
		dialogs.NewCompany(s.ctx, desk, func(c model.Company) { s.readFile(c.ID, name, open) })
	})
	d = dialogs.Show(s.deps.Window(), dialogs.Spec{
		Title:   i18n.T("export.import.title"),
		Content: container.NewVBox(widgets.Muted(i18n.T("export.import.company", "file", name)), picker.Picker, container.NewHBox(fresh)),
		Confirm: i18n.T("export.import.read"),
		Focus:   picker.Picker,
		Width:   440,
		OnConfirm: func(d *dialogs.Dialog) {
			d.Close()
			s.readFile(picker.Company(), name, open)
		},
	})
	d.Enable(picker.Company() != 0)
}

// imported is what came of reading a file.
type imported struct {
	run   model.Run
	known bool
}

func (s *Screen) readFile(companyID int64, name string, open opener) {
	async.Run(s.ctx, s.deps.Runner,
		func(ctx context.Context) (result imported, err error) {
			file, err := open()
			if err != nil {
				return imported{}, fmt.Errorf("open %s: %w", name, err)
			}
			defer func() { _ = file.Close() }()
			result.run, result.known, err = s.deps.Office.Import(ctx, companyID, name, file)
			return result, err
		},
		func(result imported, err error) {
			if err != nil {
				s.fail(err)
				return
			}
			s.chosen = selection{run: result.run.ID}
			s.Load()
			s.deps.Changed()
			if result.known {
				dialogs.Message(s.deps.Window(), i18n.T("export.import.known.title"), i18n.T("export.import.known", "file", name))
			}
		})
}
