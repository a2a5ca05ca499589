// Package administrations is the screen of the mappings: which company books in
// which administration, and how. Companies without a mapping stand among them,
// with the button that makes one.
//
// What can be fetched is a list to choose from, and what has one answer is not
// asked. Forms are drawn from what a target says of itself.
package administrations

import (
	"context"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	base "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"loonbrug/data/journal"
	"loonbrug/data/model"
	"loonbrug/data/sheet"
	"loonbrug/integration/explain"
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
	tables.Keeper

	Targets() []target.Description
	Accounts(ctx context.Context) ([]model.Account, error)
	Administrations(ctx context.Context, accountID int64) ([]model.Administration, error)
	Reference(ctx context.Context, accountID int64, administration string, fresh bool) (*model.Reference, error)
	PayrollCodes(ctx context.Context, companyID int64) ([]model.CodePair, error)
	Companies(ctx context.Context) ([]model.Company, error)
	SaveCompany(ctx context.Context, c *model.Company) error
	BlockDebtor(ctx context.Context, debtor string, on bool) error
	// FirstPeriod is the start to propose for a mapping of a company.
	FirstPeriod(ctx context.Context, companyID int64) (journal.Period, error)
	Mappings(ctx context.Context) ([]model.Mapping, error)
	SaveMapping(ctx context.Context, m *model.Mapping) error
	RemoveMapping(ctx context.Context, id int64) error
}

// Deps is what the screen stands on.
type Deps struct {
	Office     Office
	Runner     *async.Runner
	Window     func() fyne.Window
	Explain    func(*model.Problem) explain.Page
	NewAccount func(targetID string) // of any target where that is empty
	Changed    func()                // something that other parts of the window show is different now
}

// Screen is the screen.
type Screen struct {
	deps    Deps
	ctx     context.Context
	state   state
	sources dialogs.Sources // of companies that look alike
	loaded  bool
	loading async.Latest
	wanted  func() // opened once the first load is there
	table   *widgets.Table[row]
	search  *widgets.Entry
	none    *widget.Label     // said when the search finds nothing
	head    []*widgets.Button // a new company, a new mapping
	notices []*widget.Label   // why there can be none
	content fyne.CanvasObject
}

// New makes the screen; ctx is the life of the window.
func New(ctx context.Context, deps Deps) *Screen {
	s := &Screen{deps: deps, ctx: ctx}
	s.table = widgets.NewTable(i18n.T("mapping.empty"), s.columns()...)
	s.table.Key = func(r row) any { return [2]int64{r.company.ID, r.mapping.ID} }
	tables.Dress(ctx, s.table, tables.Deps{Keeper: deps.Office, Desk: s.desk, Name: "mappings", Title: i18n.T("mapping.title")})
	add := widgets.NewMainButton(i18n.T("mapping.new"), func() { s.NewMapping(0) })
	company := widgets.NewButton(i18n.T("company.new"), s.newCompany)
	s.head, s.notices = []*widgets.Button{company, add}, []*widget.Label{allowed.NewNotice(), allowed.NewNotice()}
	head := container.NewBorder(nil, nil, widgets.Heading(i18n.T("mapping.title")), widgets.Middle(container.NewHBox(company, add)))
	s.search = widgets.NewEntry()
	s.search.SetPlaceHolder(i18n.T("mapping.search"))
	s.search.OnChanged = func(string) { s.show() }
	s.none = widgets.Muted(i18n.T("mapping.search.nothing"))
	s.none.Hide()
	s.content = container.NewBorder(container.NewVBox(head, s.notices[0], s.notices[1], s.search, s.none), nil, nil, nil, s.table)
	return s
}

// show shows the rows that the search asks for.
func (s *Screen) show() {
	all := rowsOf(s.deps.Office.Targets(), s.state)
	found := matching(all, s.search.Text)
	s.none.Hidden = len(found) > 0 || len(all) == 0
	s.none.Refresh()
	s.table.SetRows(found)
}

// Content is what the screen shows.
func (s *Screen) Content() fyne.CanvasObject { return s.content }

// Load fetches companies, accounts and mappings and then shows them.
func (s *Screen) Load() {
	async.Load(s.ctx, s.deps.Runner, &s.loading, s.fetch, func(now state, err error) {
		if err != nil {
			s.fail(err)
			return
		}
		s.state, s.sources, s.loaded = now, dialogs.SourcesOf(now.companies), true
		s.guard()
		s.show()
		if open := s.wanted; open != nil {
			s.wanted = nil
			open()
		}
	})
}

func (s *Screen) fetch(ctx context.Context) (now state, err error) {
	if now.companies, err = s.deps.Office.Companies(ctx); err != nil {
		return now, err
	}
	if now.accounts, err = s.deps.Office.Accounts(ctx); err != nil {
		return now, err
	}
	if now.mappings, err = s.deps.Office.Mappings(ctx); err != nil {
		return now, err
	}
	if now.work, err = allowed.Ask(ctx, s.deps.Office, model.ActWork, ""); err != nil {
		return now, err
	}
	now.write, err = allowed.Ask(ctx, s.deps.Office, model.ActWrite, idsOf(s.deps.Office.Targets())...)
	return now, err
}

// guard disables what the user has no right to.
func (s *Screen) guard() {
	allowed.Guard(s.state.work.At(model.ActWork, ""), s.deps.Explain, s.notices[0], s.head[0])
	targets := idsOf(s.deps.Office.Targets())
	allowed.Guard(s.state.write.Everywhere(model.ActWrite, targets...), s.deps.Explain, s.notices[1], s.head[1])
	var refused []*model.Problem
	for _, id := range targets {
		refused = append(refused, s.state.write.At(model.ActWrite, id))
	}
	allowed.Tell(s.deps.Explain, s.notices[1], refused...)
}

const (
	targetWidth = 170
	buttonWidth = 130
	smallLogo   = 28
)

func (s *Screen) columns() []widgets.Column[row] {
	return []widgets.Column[row]{
		{
			ID: "company", Title: i18n.T("mapping.column.company"),
			Cell:    func(r row) sheet.Cell { return sheet.Text(dialogs.CompanyName(r.company)) },
			Compare: func(a, b row) int { return i18n.Compare(a.company.Name, b.company.Name) },
			New: func() fyne.CanvasObject {
				change := widgets.NewIconButton("", base.DocumentCreateIcon(), nil)
				change.Importance = widget.LowImportance
				return container.NewBorder(nil, nil, nil, widgets.Middle(change), widgets.TwoLines())
			},
			Show: func(r row, o fyne.CanvasObject) {
				// A border puts its centre first.
				cell := o.(*fyne.Container).Objects
				widgets.SetTwoLines(cell[0], r.company.Name, s.sources.Beside(companyLine(r.company), r.company), false)
				change := cell[1].(*fyne.Container).Objects[1].(*widgets.Button)
				change.OnTapped = func() { s.changeCompany(r.company) }
				change.Enable()
				if s.state.work.At(model.ActWork, "") != nil {
					change.Disable()
				}
			},
		},
		{
			ID: "target", Title: i18n.T("mapping.column.target"), Width: targetWidth,
			Cell:    func(r row) sheet.Cell { return sheet.Text(r.system()) },
			Compare: func(a, b row) int { return i18n.Compare(a.system(), b.system()) },
			New: func() fyne.CanvasObject {
				return container.NewBorder(nil, nil, widgets.NewPicture(smallLogo), nil, widgets.TwoLines())
			},
			Show: showTarget,
		},
		{
			ID: "administration", Title: i18n.T("mapping.column.administration"),
			Cell:    func(r row) sheet.Cell { return sheet.Text(administrationName(r.mapping.Administration)) },
			Compare: func(a, b row) int { return i18n.Compare(a.mapping.Administration.Name, b.mapping.Administration.Name) },
			New:     func() fyne.CanvasObject { return widgets.TwoLines() },
			Show:    showAdministration,
		},
		{
			Width: buttonWidth,
			New:   func() fyne.CanvasObject { return widgets.NewButton("", nil) },
			Show: func(r row, o fyne.CanvasObject) {
				b := o.(*widgets.Button)
				b.Enable()
				if r.refused != nil {
					b.Disable()
				}
				if r.mapped() {
					b.SetText(i18n.T("mapping.change"))
					b.OnTapped = func() { s.openMapping(r.company.ID, r.mapping.ID, "") }
					return
				}
				b.SetText(i18n.T("mapping.add"))
				b.OnTapped = func() { s.NewMapping(r.company.ID) }
			},
		},
	}
}

func companyLine(c model.Company) string {
	if c.TestCompany {
		return i18n.T("company.line.test", "number", c.Number)
	}
	return i18n.T("company.line", "number", c.Number, "currency", c.Currency)
}

func showTarget(r row, o fyne.CanvasObject) {
	// A border puts its centre first.
	cell := o.(*fyne.Container).Objects
	picture := cell[1].(*widgets.Picture)
	look := widgets.LookGrey
	if r.account.Authorised() {
		look = widgets.LookColour
	}
	picture.Set(r.target.Logo, look)
	name := r.account.Name
	if name == r.target.Name {
		name = ""
	}
	widgets.SetTwoLines(cell[0], r.target.Name, name, false)
}

func showAdministration(r row, o fyne.CanvasObject) {
	if !r.mapped() {
		widgets.SetTwoLines(o, i18n.T("mapping.none"), i18n.T("mapping.none.help"), true)
		return
	}
	widgets.SetTwoLines(o, administrationName(r.mapping.Administration), r.rules(), false)
}

// Open opens a mapping by its id at a field, which may be empty, or a new one for
// the company.
func (s *Screen) Open(companyID, mappingID int64, field string) {
	if !s.loaded {
		s.wanted = func() { s.openMapping(companyID, mappingID, field) }
		return
	}
	s.openMapping(companyID, mappingID, field)
}

func (s *Screen) openMapping(companyID, mappingID int64, field string) {
	i := slices.IndexFunc(s.state.mappings, func(m model.Mapping) bool { return m.ID == mappingID })
	if i < 0 {
		s.NewMapping(companyID)
		return
	}
	s.edit(s.state.mappings[i], field)
}

// NewMapping asks for a new mapping, for a company when one is given.
func (s *Screen) NewMapping(companyID int64) {
	if len(usable(s.state.accounts, s.deps.Office.Targets())) == 0 {
		dialogs.Confirm(s.deps.Window(), i18n.T("mapping.no_account.title"), i18n.T("mapping.no_account"), i18n.T("account.new"), func() { s.deps.NewAccount("") })
		return
	}
	s.edit(model.Mapping{CompanyID: companyID}, "")
}

func (s *Screen) newCompany() {
	dialogs.NewCompany(s.ctx, s.companyDesk(), func(c model.Company) {
		s.wanted = func() { s.NewMapping(c.ID) }
		s.Load()
		s.deps.Changed()
	})
}

func (s *Screen) changeCompany(c model.Company) {
	dialogs.ChangeCompany(s.ctx, s.companyDesk(), c, func(model.Company) {
		s.Load()
		s.deps.Changed()
	})
}

func (s *Screen) companyDesk() dialogs.CompanyDesk {
	return dialogs.CompanyDesk{Window: s.deps.Window(), Runner: s.deps.Runner, Saver: s.deps.Office, Explain: s.deps.Explain}
}

func (s *Screen) desk() dialogs.Desk {
	return dialogs.Desk{Window: s.deps.Window(), Runner: s.deps.Runner, Explain: s.deps.Explain}
}

func (s *Screen) fail(err error) {
	dialogs.Problem(s.deps.Window(), s.deps.Explain(model.ProblemOf(err)), nil)
}
