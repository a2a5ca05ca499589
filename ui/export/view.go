// Package export is the screen of payroll runs: one row a run, one logo a
// mapped target. A click on a logo does what its state asks for; beside the
// rows stand the details of the chosen run at the chosen target.
//
// The states, their looks and their clicks stand in one table (state.go); what
// is shown is worked out without Fyne (model.go). The screen decides nothing
// about sending: it asks the office and shows what came of it.
package export

import (
	"context"
	"fmt"
	"io"
	"slices"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"loonbrug/data/journal"
	"loonbrug/data/model"
	"loonbrug/data/sheet"
	"loonbrug/integration/explain"
	"loonbrug/integration/source"
	"loonbrug/integration/target"
	"loonbrug/ui/allowed"
	"loonbrug/ui/async"
	"loonbrug/ui/dialogs"
	"loonbrug/ui/i18n"
	"loonbrug/ui/tables"
	"loonbrug/ui/widgets"
)

// Office is what this screen needs of the office.
type Office interface {
	allowed.Office

	Corrector
	tables.Keeper
	Targets() []target.Description
	Partners() []target.Description // payroll systems before the targets
	Companies(ctx context.Context) ([]model.Company, error)
	SaveCompany(ctx context.Context, c *model.Company) error
	BlockDebtor(ctx context.Context, debtor string, on bool) error
	Mappings(ctx context.Context) ([]model.Mapping, error)
	Reference(ctx context.Context, accountID int64, administration string, fresh bool) (*model.Reference, error)
	Runs(ctx context.Context, f model.RunFilter) ([]model.RunRow, error)
	// RunPeriods are the periods that there are runs of, newest first.
	RunPeriods(ctx context.Context) ([]journal.Period, error)
	// Trial says what sending a run would do at each target; it sends nothing.
	Trial(ctx context.Context, runID int64) ([]model.Trial, error)
	// Overview is what runs book together, by currency.
	Overview(ctx context.Context, f model.RunFilter) ([]model.Overview, error)
	// TakeIn takes in a file whose company nobody said; Assign says it later.
	TakeIn(ctx context.Context, name string, content io.Reader) (model.Received, error)
	Assign(ctx context.Context, parcelID, companyID int64) (model.Run, error)
	// Columns are what can be told of the columns of a table from its header;
	// SaveColumns remembers what a person made of them.
	Columns(content []byte) (t source.Table, ok bool)
	MissingColumns(t source.Table) []string
	SaveColumns(ctx context.Context, t source.Table) error
	// PayrollAccounts can be asked for runs with Fetch.
	PayrollAccounts(ctx context.Context) ([]model.Account, error)
	Fetch(ctx context.Context, accountID int64) error
	Preview(ctx context.Context, runID, mappingID int64) ([]model.Preview, error)
	Send(ctx context.Context, runID, mappingID int64) (model.RunTarget, error)
	// SendDecided sends against a rule that would keep the run back.
	SendDecided(ctx context.Context, runID, mappingID int64, by model.Consent) (model.RunTarget, error)
	Withdraw(ctx context.Context, deliveryID int64) error
	LookAgain(ctx context.Context, deliveryID int64) error
	SendAgain(ctx context.Context, deliveryID int64) error
	// SettleBooked takes a person's word that a delivery is booked.
	SettleBooked(ctx context.Context, deliveryID int64, number, reason string) error
	Receipt(ctx context.Context, deliveryID int64) (model.Receipt, error)
	Entry(ctx context.Context, deliveryID int64) (model.Entry, error)
	Attempts(ctx context.Context, deliveryID int64) ([]model.Attempt, error)
	// File is what was sent for a delivery, at targets that take files.
	File(ctx context.Context, deliveryID int64) (name string, content []byte, err error)
}

// Deps is what the screen stands on.
type Deps struct {
	Office  Office
	Runner  *async.Runner
	Window  func() fyne.Window
	Explain func(*model.Problem) explain.Page

	OpenMapping   func(companyID, mappingID int64, field string) // at a field, or at none
	SignIn        func(accountID int64)
	ChangeAccount func(accountID int64)
	ShowTasks     func()

	Changed func() // something that other parts of the window show is different now
	Shown   func() // other details are shown, that may count down
	Now     func() time.Time
}

// Screen is the screen.
type Screen struct {
	deps    Deps
	ctx     context.Context
	targets []target.Description

	rows      []model.RunRow  // as many as were scrolled to
	more      bool            // there are more of them
	sources   dialogs.Sources // of companies that look alike
	gathering bool            // all of them are being fetched
	slots     []slot
	chosen    selection
	shown     *detail // what the pane shows now
	moving    []moving
	sending   map[selection]bool

	loading, detailing, choosing, permitting async.Latest

	content *fyne.Container
	filter  *filterBar
	left    *fyne.Container
	count   *widget.Label
	many    *widgets.Button
	table   *widgets.Table[model.RunRow]
	hint    *widget.Label
	resting string          // what the hint says while no logo is pointed at
	halt    *widgets.Button // stops fetching all rows
	tasks   *widgets.Button
	asking  *widgets.Button // nil where no payroll system can be asked
	taking  *widgets.Button // a file in
	notice  *widget.Label   // why no payroll can be taken in
	shut    bool            // the user has no right to take payroll in
	pane    *fyne.Container
	scroll  *container.Scroll
}

// New makes the screen; ctx is the life of the window.
func New(ctx context.Context, deps Deps) *Screen {
	s := &Screen{deps: deps, ctx: ctx, targets: deps.Office.Targets(), sending: make(map[selection]bool)}
	s.resting = i18n.T("export.hint.idle")
	s.hint = widgets.Small(s.resting)
	s.halt = widgets.NewQuietButton(i18n.T("dialog.stop"), func() { s.gather(false) })
	s.halt.Hide()
	s.pane = container.NewVBox()
	s.scroll = container.NewVScroll(widgets.BesideBar(s.pane))
	s.left = container.NewStack()
	s.filter = s.newFilterBar()
	s.notice = allowed.NewNotice()
	s.buildTable()
	s.showNoDetail()

	head := container.NewBorder(nil, nil, widgets.Heading(i18n.T("export.title")), widgets.Middle(s.headButtons()))
	list := container.NewBorder(s.listBar(), nil, nil, nil, s.left)
	top := container.NewVBox(head, s.notice, s.filter.content)
	foot := container.NewBorder(nil, nil, nil, s.halt, s.hint)
	s.content = container.NewBorder(top, foot, nil, nil, widgets.Beside(tableShare, list, widgets.Panel(widgets.Scrolling(s.scroll))))
	return s
}

// Content is what the screen shows.
func (s *Screen) Content() fyne.CanvasObject { return s.content }

// listBar stands above the rows: how many there are, and what can be done with
// many of them.
func (s *Screen) listBar() fyne.CanvasObject {
	s.count = widgets.Small("")
	s.many = widgets.NewButton("", s.sendMany)
	s.tellMarked()
	return container.NewBorder(nil, nil, nil, container.NewHBox(widgets.NewQuietButton(i18n.T("overview.open"), s.showOverview), s.many), widgets.Middle(s.count))
}

// tellMarked says on the button how many runs it is about.
func (s *Screen) tellMarked() {
	text := i18n.T("sendall.open")
	if n := len(s.table.Marked()); n > 0 {
		text = i18n.Tn("sendall.open.marked", n)
	}
	if s.many.Text != text {
		s.many.SetText(text)
	}
}

// add puts a page of runs after the others.
func (s *Screen) add(rows []model.RunRow) {
	if all := slices.Concat(s.rows, rows); !slices.Equal(slotsOf(s.targets, all), s.slots) {
		s.apply(all)
		return
	}
	s.rows = slices.Concat(s.rows, rows)
	s.table.AddRows(rows)
	s.tellCount()
}

func (s *Screen) tellCount() {
	text := i18n.Tn("export.count", len(s.rows))
	if s.more {
		text = i18n.T("export.count.more", "n", len(s.rows))
	}
	s.count.SetText(text)
}

func (s *Screen) apply(rows []model.RunRow) {
	s.rows = rows
	if slots := slotsOf(s.targets, rows); !slices.Equal(slots, s.slots) {
		s.slots = slots
		s.buildTable()
	}
	s.table.SetRows(rows)
	s.tellCount()
	if _, _, ok := s.chosen.find(rows); ok {
		s.loadDetail()
	} else {
		s.showNoDetail()
	}
}

const (
	logoSize    = 36
	logoColumn  = 86
	amountWidth = 121 // eight digits with their currency
	tableShare  = 0.675
)

func (s *Screen) buildTable() {
	columns := []widgets.Column[model.RunRow]{
		{
			ID: "company", Title: i18n.T("export.column.company"),
			New: func() fyne.CanvasObject { return widgets.TwoLines() },
			Show: func(r model.RunRow, o fyne.CanvasObject) {
				widgets.SetTwoLines(o, s.sources.Beside(r.Company.Name, r.Company), flagged(r), done(r))
			},
			Cell:    func(r model.RunRow) sheet.Cell { return sheet.Text(s.sources.Beside(r.Company.Name, r.Company)) },
			Compare: widgets.By(func(r model.RunRow) string { return r.Company.Name }),
		},
		{
			ID: "period", Title: i18n.T("export.column.period"), Width: amountWidth, End: true,
			New: func() fyne.CanvasObject { return widgets.TwoLinesEnd() },
			Show: func(r model.RunRow, o fyne.CanvasObject) {
				widgets.SetTwoLines(o, i18n.FormatPeriod(r.Run.Last), i18n.FormatAmount(r.Debit)+" "+r.Company.Currency, done(r))
			},
			Cell:    func(r model.RunRow) sheet.Cell { return sheet.Text(i18n.FormatPeriod(r.Run.Last)) },
			Compare: func(a, b model.RunRow) int { return a.Run.Last.Compare(b.Run.Last) },
		},
	}
	for _, slot := range s.slots {
		columns = append(columns, s.logoColumn(slot))
	}
	s.table = widgets.NewTable(i18n.T("export.empty"), columns...)
	s.table.Key = func(r model.RunRow) any { return r.Run.ID }
	s.table.AlsoWritten = writtenColumns()
	s.table.AllowMarks()
	s.table.OnMarked = s.tellMarked
	s.table.OnEnd = s.loadMore
	tables.Dress(s.ctx, s.table, tables.Deps{Keeper: s.deps.Office, Desk: s.desk, Name: "runs", Title: i18n.T("export.title"), All: s.loadAll})
	s.table.OnSelected = func(r model.RunRow) {
		if r.Run.ID != s.chosen.run {
			s.choose(r, firstTarget(r))
		}
	}
	s.left.Objects = []fyne.CanvasObject{s.table}
	s.left.Refresh()
}

func firstTarget(r model.RunRow) model.RunTarget {
	if len(r.Targets) == 0 {
		return model.RunTarget{}
	}
	return r.Targets[0]
}

func (s *Screen) logoColumn(at slot) widgets.Column[model.RunRow] {
	return widgets.Column[model.RunRow]{
		ID:    fmt.Sprintf("logo.%s.%d", at.target, at.nth),
		Title: s.description(at.target).Name,
		Cell: func(r model.RunRow) sheet.Cell {
			if rt, ok := at.at(r); ok {
				return sheet.Text(i18n.T("state.short." + string(rt.State)))
			}
			return sheet.Cell{}
		},
		Width:  logoColumn,
		Centre: true,
		New: func() fyne.CanvasObject {
			l := widgets.NewLogo(logoSize, nil)
			l.SetFace(widgets.Face{Label: " "}) // rows are as high as a logo with its label
			l.OnHint = s.showHint
			return l
		},
		Show: func(r model.RunRow, o fyne.CanvasObject) {
			logo := o.(*widgets.Logo)
			rt, ok := at.at(r)
			if !ok && len(r.Targets) == 0 && at == s.slots[0] {
				rt, ok = model.RunTarget{Target: at.target, State: model.StateNotSetUp}, true
			}
			if !ok {
				logo.Hide()
				return
			}
			logo.SetFace(s.face(r, rt))
			logo.OnTapped = func() { s.clicked(r, rt) }
			logo.Show()
		},
	}
}

// face is the logo as it stands, or as it will be once an answer comes.
func (s *Screen) face(r model.RunRow, rt model.RunTarget) widgets.Face {
	if s.sending[selectionOf(r, rt)] {
		rt.State = model.StateChecking
	}
	return faceOf(s.description(rt.Target), r.Run, rt)
}

func selectionOf(r model.RunRow, rt model.RunTarget) selection {
	return selection{run: r.Run.ID, mapping: rt.MappingID, target: rt.Target}
}

func (s *Screen) description(id string) target.Description {
	i := slices.IndexFunc(s.targets, func(d target.Description) bool { return d.ID == id })
	if i < 0 {
		return target.Description{ID: id, Name: id}
	}
	return s.targets[i]
}

func (s *Screen) showHint(text string) {
	if text == "" {
		text = s.resting
	}
	s.hint.SetText(text)
}

// clicked does what the state of a logo asks for.
func (s *Screen) clicked(r model.RunRow, rt model.RunTarget) {
	if s.sending[selectionOf(r, rt)] {
		return
	}
	s.selectRow(r)
	switch clickOf(rt) {
	case clickSend:
		s.send(r, rt)
	case clickMapping:
		s.deps.OpenMapping(r.Company.ID, 0, "")
	case clickAccount:
		s.deps.SignIn(rt.AccountID)
	case clickLook:
		s.choose(r, rt)
		s.lookAgain(rt)
	default:
		s.choose(r, rt)
	}
}

func (s *Screen) selectRow(r model.RunRow) {
	s.chosen.run = r.Run.ID
	s.table.SelectKey(r.Run.ID)
}

func (s *Screen) send(r model.RunRow, rt model.RunTarget) { s.sendBy(r, rt, model.Consent{}) }

func (s *Screen) sendBy(r model.RunRow, rt model.RunTarget, by model.Consent) {
	key := selectionOf(r, rt)
	s.sending[key] = true
	s.chosen = key
	s.table.Refresh()
	s.loadDetail()
	async.Run(s.ctx, s.deps.Runner,
		func(ctx context.Context) (model.RunTarget, error) {
			if by != (model.Consent{}) {
				return s.deps.Office.SendDecided(ctx, r.Run.ID, rt.MappingID, by)
			}
			return s.deps.Office.Send(ctx, r.Run.ID, rt.MappingID)
		},
		func(now model.RunTarget, err error) {
			delete(s.sending, key)
			if err != nil {
				s.table.Refresh()
				s.fail(err)
				return
			}
			s.replace(key, now)
			s.deps.Changed()
		})
}

// replace shows the new state of one logo before the next load does.
func (s *Screen) replace(key selection, now model.RunTarget) {
	for i := range s.rows {
		if s.rows[i].Run.ID != key.run {
			continue
		}
		for n := range s.rows[i].Targets {
			if selectionOf(s.rows[i], s.rows[i].Targets[n]) == key {
				targets := slices.Clone(s.rows[i].Targets)
				targets[n] = now
				s.rows[i].Targets = targets
			}
		}
	}
	s.apply(s.rows)
}

func (s *Screen) fail(err error) {
	problem := model.ProblemOf(err)
	dialogs.Problem(s.deps.Window(), s.deps.Explain(problem), nil)
}
