package export

import (
	"bytes"
	"context"
	"io"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/storage"

	"loonbrug/data/model"
	"loonbrug/integration/source"
	"loonbrug/ui/async"
	"loonbrug/ui/dialogs"
	"loonbrug/ui/i18n"
	"loonbrug/ui/widgets"
)

// given is a payroll file that a person gave to the window.
type given struct {
	name string
	open func() (io.ReadCloser, error) // away from the screen
}

// taken is what came of a file.
type taken struct {
	file     given
	content  []byte
	received model.Received
	table    source.Table // whose columns are to be named
	isTable  bool
	err      error
}

// largest is the most bytes of a file that are read; the readers refuse less.
const largest = 1 << 31

// Import asks for a payroll file.
func (s *Screen) Import() {
	open := dialog.NewFileOpen(func(file fyne.URIReadCloser, err error) {
		if err != nil {
			s.fail(err)
			return
		}
		if file != nil {
			s.takeIn(given{file.URI().Name(), func() (io.ReadCloser, error) { return file, nil }})
		}
	}, s.deps.Window())
	open.SetTitleText(i18n.T("export.import.title"))
	open.SetConfirmText(i18n.T("export.import.choose"))
	dialogs.ShowFiles(open)
}

// Drop takes files that were dropped on the window.
func (s *Screen) Drop(uris []fyne.URI) {
	files := make([]given, len(uris))
	for i, uri := range uris {
		files[i] = given{uri.Name(), func() (io.ReadCloser, error) { return storage.Reader(uri) }}
	}
	s.takeIn(files...)
}

// takeIn reads files one after the other and tells what came of them.
func (s *Screen) takeIn(files ...given) {
	async.Run(s.ctx, s.deps.Runner,
		func(ctx context.Context) ([]taken, error) {
			all := make([]taken, len(files))
			for i, f := range files {
				all[i] = s.takeOne(ctx, f)
			}
			return all, nil
		},
		func(all []taken, err error) {
			switch {
			case err != nil:
				s.fail(err)
			case len(all) == 1:
				s.tell(all[0])
			case len(all) > 1:
				s.tellAll(all)
			}
		})
}

// takeOne runs away from the screen.
func (s *Screen) takeOne(ctx context.Context, f given) taken {
	t := taken{file: f}
	if t.content, t.err = readWhole(f); t.err != nil {
		return t
	}
	t.received, t.err = s.deps.Office.TakeIn(ctx, f.name, bytes.NewReader(t.content))
	switch p := model.ProblemOf(t.err); {
	case t.err == nil:
	case p.Code == "file.columns_missing" || p.Code == "file.no_header" || p.Code == "file.unknown_format":
		t.table, t.isTable = s.deps.Office.Columns(t.content)
	}
	return t
}

// inMemory is a file that was read before.
func inMemory(t taken) given {
	return given{t.file.name, func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(t.content)), nil }}
}

func readWhole(f given) ([]byte, error) {
	file, err := f.open()
	if err != nil {
		return nil, model.NewProblem("file.cannot_open", "file", f.name).Because(err)
	}
	defer func() { _ = file.Close() }()
	content, err := io.ReadAll(io.LimitReader(file, largest))
	if err != nil { // a folder, or a disk that went away
		return nil, model.NewProblem("file.cannot_open", "file", f.name).Because(err)
	}
	return content, nil
}

// tell shows what came of one file, or asks what it lacks.
func (s *Screen) tell(t taken) {
	name := t.file.name
	switch {
	case t.isTable:
		s.askColumns(t)
		return
	case t.err != nil:
		s.fail(t.err)
		return
	case t.received.Waits():
		s.askCompany(t.received.Parcel)
	default:
		s.show(t.received.Run)
	}
	s.deps.Changed()
	if t.received.Known {
		dialogs.Message(s.deps.Window(), i18n.T("export.import.known.title"), i18n.T("export.import.known", "file", name))
	}
}

// show chooses a run that was taken in.
func (s *Screen) show(r model.Run) {
	s.chosen = selection{run: r.ID}
	s.Load()
}

// tellAll lists what came of several files.
func (s *Screen) tellAll(all []taken) {
	lines := container.NewVBox()
	for _, t := range all {
		text := i18n.T("import.taken", "reference", t.received.Run.Reference)
		switch {
		case t.err != nil:
			text = s.deps.Explain(model.ProblemOf(t.err)).Message
		case t.received.Waits():
			text = i18n.T("import.waits")
		case t.received.Known:
			text = i18n.T("import.known")
		}
		row := container.NewVBox(widgets.Tight(widgets.Bold(t.file.name), widgets.Muted(text)))
		if t.isTable {
			row.Add(container.NewHBox(widgets.NewButton(i18n.T("columns.name"), func() { s.askColumns(t) })))
		}
		lines.Add(row)
	}
	s.Load()
	s.deps.Changed()
	var d *dialogs.Dialog
	tasks := widgets.NewQuietButton(i18n.T("tasks.title"), func() {
		d.Close()
		s.deps.ShowTasks()
	})
	d = dialogs.Show(s.deps.Window(), dialogs.Spec{
		Title: i18n.T("export.import.title"), Content: container.NewVScroll(widgets.BesideBar(lines)), Extra: tasks, Width: 520, Height: 300,
	})
}

// askCompany asks which company a file is of, and proposes none: it would be that
// of the file before. A person who leaves the question finds it among the tasks.
func (s *Screen) askCompany(p model.Parcel) {
	async.Run(s.ctx, s.deps.Runner, s.deps.Office.Companies, func(companies []model.Company, err error) {
		if err != nil {
			s.fail(err)
			return
		}
		s.pickCompany(companies, p)
	})
}

func (s *Screen) pickCompany(companies []model.Company, p model.Parcel) {
	var d *dialogs.Dialog
	picker := dialogs.CompanyPicker(companies, func(id int64) {
		if d != nil {
			d.Enable(id != 0)
		}
	})
	fresh := widgets.NewQuietButton(i18n.T("company.new"), func() {
		d.Close()
		desk := dialogs.CompanyDesk{Window: s.deps.Window(), Runner: s.deps.Runner, Saver: s.deps.Office, Explain: s.deps.Explain}
		dialogs.NewCompany(s.ctx, desk, func(c model.Company) { s.assign(p, c.ID) })
	})
	d = dialogs.Show(s.deps.Window(), dialogs.Spec{
		Title: i18n.T("export.import.title"),
		Content: container.NewVBox(widgets.Muted(i18n.T("export.import.company", "file", p.Name)), picker.Picker,
			widgets.SmallWrapped(i18n.T("export.import.remembered")), container.NewHBox(fresh)),
		Confirm: i18n.T("export.import.read"),
		Cancel:  i18n.T("export.import.later"),
		Focus:   picker.Picker,
		Width:   440,
		OnConfirm: func(d *dialogs.Dialog) {
			d.Close()
			s.assign(p, picker.Company())
		},
	})
	d.Enable(picker.Company() != 0)
}

// assign makes a run of a waiting file.
func (s *Screen) assign(p model.Parcel, company int64) {
	async.Run(s.ctx, s.deps.Runner,
		func(ctx context.Context) (model.Run, error) { return s.deps.Office.Assign(ctx, p.ID, company) },
		func(run model.Run, err error) {
			if err != nil {
				s.fail(err)
				return
			}
			s.show(run)
			s.deps.Changed()
		})
}
