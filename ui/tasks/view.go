// Package tasks is the list of what waits for a person, over all companies,
// each with what can be done about it beside it: a run to be sent, a file whose
// company nobody knows, a run that is perhaps the same as another one.
//
// It decides nothing by itself; what a person chooses goes to the office, and
// the list is fetched anew.
package tasks

import (
	"context"
	"errors"
	"maps"
	"path"
	"reflect"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"loonbrug/data/model"
	"loonbrug/integration/explain"
	"loonbrug/ui/allowed"
	"loonbrug/ui/async"
	"loonbrug/ui/dialogs"
	"loonbrug/ui/i18n"
	"loonbrug/ui/theme"
	"loonbrug/ui/widgets"
)

// Office is what the list needs of the office.
type Office interface {
	allowed.Office
	dialogs.CompanySaver

	Tasks(ctx context.Context) ([]model.Task, error)
	Companies(ctx context.Context) ([]model.Company, error)
	Find(ctx context.Context, runID int64) (model.RunRow, error)
	Send(ctx context.Context, runID, mappingID int64) (model.RunTarget, error)
	// Assign says which company a waiting file is of; PutAside lets a waiting file go,
	// or one that could not be taken in.
	Assign(ctx context.Context, parcelID, companyID int64) (model.Run, error)
	PutAside(ctx context.Context, parcelID int64) error
	DecideTwin(ctx context.Context, runID int64, answer model.Twin) error
	// Acknowledge says that a person has seen that a run changed or is gone.
	Acknowledge(ctx context.Context, runID int64, kind model.TaskKind) error
	// FileDone says that a listed run of a company needs a file no longer.
	FileDone(ctx context.Context, companyID int64, sourceID string) error
}

// Deps is what the list stands on.
type Deps struct {
	Office  Office
	Runner  *async.Runner
	Window  func() fyne.Window
	Explain func(*model.Problem) explain.Page

	Open    func(runID, mappingID int64) // shows a run with its details
	Import  func()                       // asks for a payroll file
	Changed func()                       // something that other parts of the window show is different now
}

// Screen is the list in a dialog of its own.
type Screen struct {
	deps    Deps
	ctx     context.Context
	dialog  *dialogs.Dialog
	state   state
	drawn   bool
	loading async.Latest
	list    *fyne.Container
}

// New makes the list; ctx is the life of the window.
func New(ctx context.Context, deps Deps) *Screen {
	return &Screen{deps: deps, ctx: ctx, list: container.NewVBox()}
}

const (
	width  = 760
	height = 440
)

// Show opens the list.
func (s *Screen) Show() {
	s.drawn = false
	s.list.RemoveAll()
	s.dialog = dialogs.Show(s.deps.Window(), dialogs.Spec{
		Title: i18n.T("tasks.title"), Content: container.NewVScroll(widgets.BesideBar(s.list)), Width: width, Height: height,
	})
	s.Load()
}

// Load fetches the tasks and shows them, while the list is open.
func (s *Screen) Load() {
	if s.dialog == nil || s.dialog.Closed() {
		return
	}
	async.Load(s.ctx, s.deps.Runner, &s.loading, s.fetch, func(now state, err error) {
		if err != nil {
			s.fail(err)
			return
		}
		s.show(now)
	})
}

func (s *Screen) fetch(ctx context.Context) (now state, err error) {
	if now.tasks, err = s.deps.Office.Tasks(ctx); err != nil {
		return now, err
	}
	if now.companies, err = s.deps.Office.Companies(ctx); err != nil {
		return now, err
	}
	if now.refused, err = s.refusals(ctx, now.tasks); err != nil {
		return now, err
	}
	now.pairs = make(map[int64]pair)
	for _, t := range now.tasks {
		if t.Kind != model.TaskTwin {
			continue
		}
		var p pair
		if p.held, err = s.deps.Office.Find(ctx, t.Run.ID); err != nil {
			return now, err
		}
		if p.other, err = s.deps.Office.Find(ctx, t.Run.OtherID); err != nil && !errors.Is(err, model.ErrNotFound) {
			return now, err
		}
		now.pairs[t.Run.ID] = p
	}
	return now, nil
}

// refusals are the rights that the tasks need and their user does not have.
func (s *Screen) refusals(ctx context.Context, tasks []model.Task) (allowed.Refusals, error) {
	all, err := allowed.Ask(ctx, s.deps.Office, model.ActWork, "")
	if err != nil {
		return nil, err
	}
	for _, t := range tasks {
		if t.Kind != model.TaskSend {
			continue
		}
		some, err := allowed.Ask(ctx, s.deps.Office, model.ActSend, t.Target)
		if err != nil {
			return nil, err
		}
		maps.Copy(all, some)
	}
	return all, nil
}

// row puts buttons beside each other. Those that need a right are disabled where
// the user does not have it, with the reason below.
func (s *Screen) row(refused *model.Problem, need []*widgets.Button, others ...fyne.CanvasObject) fyne.CanvasObject {
	row, notice := container.NewHBox(), allowed.NewNotice()
	for _, b := range need {
		row.Add(b)
		allowed.Guard(refused, s.deps.Explain, notice, b)
	}
	for _, o := range others {
		row.Add(o)
	}
	return container.NewVBox(row, notice)
}

func (s *Screen) show(now state) {
	if s.drawn && reflect.DeepEqual(now, s.state) {
		return // drawing again would take the focus and what was picked away
	}
	s.state, s.drawn = now, true
	s.list.RemoveAll()
	if len(now.tasks) == 0 {
		s.list.Add(widgets.Muted(i18n.T("tasks.none")))
	}
	for _, t := range now.tasks {
		s.list.Add(widgets.Panel(s.task(t)))
	}
	widgets.Settle(s.list)
}

// task is one task with what can be done about it.
func (s *Screen) task(t model.Task) fyne.CanvasObject {
	icon, colour := "person", theme.Still
	if Urgent(t) {
		icon, colour = "bang", theme.Bad
	}
	page := s.deps.Explain(t.Problem)
	words := widgets.Tight(widgets.Bold(page.Message), widgets.SmallWrapped(i18n.T("tasks.since", "kind", i18n.T("tasks.kind."+string(t.Kind)), "since", t.Since)))
	body := container.NewVBox(words)
	if t.Kind == model.TaskUnread {
		body.Add(unread(t, page))
	}
	if p, ok := s.state.pairs[t.Run.ID]; ok && t.Kind == model.TaskTwin {
		body.Add(compare(p))
	}
	body.Add(s.buttons(t, page))
	return container.NewBorder(nil, nil, container.NewVBox(widget.NewIcon(widgets.Icon(icon, colour))), nil, body)
}

// buttons are what a person can do about a task.
func (s *Screen) buttons(t model.Task, page explain.Page) fyne.CanvasObject {
	noWork := s.state.refused.At(model.ActWork, "")
	why := widgets.NewQuietButton(i18n.T("problem.why"), func() { dialogs.Problem(s.deps.Window(), page, nil) })
	switch t.Kind {
	case model.TaskSend:
		send := widgets.NewMainButton(i18n.T("action.send"), func() {
			s.do(func(ctx context.Context) error {
				_, err := s.deps.Office.Send(ctx, t.Run.ID, t.MappingID)
				return err
			})
		})
		return s.row(s.state.refused.At(model.ActSend, t.Target), []*widgets.Button{send}, s.opener(t), why)
	case model.TaskCompany:
		return s.whichCompany(t, why)
	case model.TaskTwin:
		return s.row(noWork, []*widgets.Button{s.twin(t, model.TwinAnother), s.twin(t, model.TwinSame), s.twin(t, model.TwinReplaces)}, why)
	case model.TaskChanged, model.TaskGone:
		seen := widgets.NewButton(i18n.T("tasks.seen"), func() {
			s.do(func(ctx context.Context) error { return s.deps.Office.Acknowledge(ctx, t.Run.ID, t.Kind) })
		})
		return s.row(noWork, []*widgets.Button{seen}, s.opener(t), why)
	case model.TaskExpected:
		return s.row(noWork, []*widgets.Button{s.importer()}, why)
	case model.TaskFile:
		done := widgets.NewButton(i18n.T("tasks.file.done"), func() {
			s.do(func(ctx context.Context) error { return s.deps.Office.FileDone(ctx, t.Company.ID, t.Run.SourceID) })
		})
		return s.row(noWork, []*widgets.Button{s.importer(), done}, why)
	case model.TaskUnread:
		done := widgets.NewButton(i18n.T("tasks.file.done"), s.putAside(t))
		return s.row(noWork, []*widgets.Button{s.importer(), done}, why)
	}
	return container.NewHBox(s.opener(t), why)
}

// opener shows the run of a task.
func (s *Screen) opener(t model.Task) fyne.CanvasObject {
	return widgets.NewButton(i18n.T("tasks.open"), func() {
		s.dialog.Close()
		s.deps.Open(t.Run.ID, t.MappingID)
	})
}

// importer asks for a payroll file.
func (s *Screen) importer() *widgets.Button {
	return widgets.NewButton(i18n.T("export.import"), func() {
		s.dialog.Close()
		s.deps.Import()
	})
}

// twin answers whether a run is the same as another one.
func (s *Screen) twin(t model.Task, answer model.Twin) *widgets.Button {
	return widgets.NewButton(i18n.T("tasks.twin."+string(answer)), func() {
		s.do(func(ctx context.Context) error { return s.deps.Office.DecideTwin(ctx, t.Run.ID, answer) })
	})
}

// whichCompany asks for the company of a file.
func (s *Screen) whichCompany(t model.Task, why fyne.CanvasObject) fyne.CanvasObject {
	take := widgets.NewMainButton(i18n.T("tasks.company.take"), nil)
	take.Disable()
	noWork := s.state.refused.At(model.ActWork, "")
	picker := dialogs.CompanyPicker(s.state.companies, func(id int64) {
		if id != 0 && noWork == nil {
			take.Enable()
		}
	})
	if picker.Company() != 0 && noWork == nil {
		take.Enable()
	}
	assign := func(company int64) {
		s.do(func(ctx context.Context) error {
			_, err := s.deps.Office.Assign(ctx, t.Parcel.ID, company)
			return err
		})
	}
	take.OnTapped = func() { assign(picker.Company()) }
	fresh := widgets.NewQuietButton(i18n.T("company.new"), func() {
		desk := dialogs.CompanyDesk{Window: s.deps.Window(), Runner: s.deps.Runner, Saver: s.deps.Office, Explain: s.deps.Explain}
		dialogs.NewCompany(s.ctx, desk, func(c model.Company) { assign(c.ID) })
	})
	aside := widgets.NewQuietButton(i18n.T("tasks.company.aside"), s.putAside(t))
	return container.NewVBox(container.NewBorder(nil, nil, nil, take, picker.Picker), s.row(noWork, []*widgets.Button{fresh, aside}, why))
}

// putAside lets the file of a task go.
func (s *Screen) putAside(t model.Task) func() {
	return func() {
		s.do(func(ctx context.Context) error { return s.deps.Office.PutAside(ctx, t.Parcel.ID) })
	}
}

// unread says which file could not be taken in, why, and what helps.
func unread(t model.Task, page explain.Page) fyne.CanvasObject {
	file := i18n.T("tasks.unread.file", "file", path.Join(t.Parcel.Header.CompanyName, t.Parcel.Name))
	return container.NewVBox(widgets.SmallWrapped(file), widgets.SmallWrapped(page.Cause), widgets.SmallWrapped(page.Solution))
}

// do does what a person chose and fetches the list anew.
func (s *Screen) do(work func(context.Context) error) {
	async.Run(s.ctx, s.deps.Runner,
		func(ctx context.Context) (struct{}, error) { return struct{}{}, work(ctx) },
		func(_ struct{}, err error) {
			if err != nil {
				s.fail(err)
			}
			s.Load()
			s.deps.Changed()
		})
}

func (s *Screen) fail(err error) {
	dialogs.Problem(s.deps.Window(), s.deps.Explain(model.ProblemOf(err)), nil)
}

// compare puts two runs side by side, line by line.
func compare(p pair) fyne.CanvasObject {
	columns := [3]*fyne.Container{widgets.Tight(), widgets.Tight(), widgets.Tight()}
	add := func(name string, of func(model.RunRow) string) {
		columns[0].Add(widgets.Name(name))
		columns[1].Add(widgets.Line(of(p.held)))
		columns[2].Add(widgets.Line(of(p.other)))
	}
	add(i18n.T("tasks.twin.run"), func(r model.RunRow) string { return r.Run.Description })
	add(i18n.T("mapping.company"), func(r model.RunRow) string { return r.Company.Name })
	add(i18n.T("tasks.twin.periods"), periods)
	add(i18n.T("tasks.twin.total"), func(r model.RunRow) string { return i18n.FormatAmount(r.Debit) + " " + r.Company.Currency })
	add(i18n.T("tasks.twin.source"), source)
	add(i18n.T("tasks.twin.taken"), func(r model.RunRow) string { return i18n.FormatTime(r.Run.CreatedAt) })
	return container.NewGridWithColumns(len(columns), columns[0], columns[1], columns[2])
}
