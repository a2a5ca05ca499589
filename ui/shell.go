// Package ui is the window: red lines about what needs a person, the three
// tabs, and the status of the sender. [New] makes it, [Shell.Attach] puts it
// into a window.
//
// It follows the office by itself: whatever changes there is shown within a
// fraction of a second. It holds no rules about sending, keeps nothing, and
// never opens an address or a file by itself.
package ui

import (
	"context"
	"maps"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"loonbrug/data/model"
	"loonbrug/integration/explain"
	"loonbrug/ui/about"
	"loonbrug/ui/accounts"
	"loonbrug/ui/administrations"
	"loonbrug/ui/allowed"
	"loonbrug/ui/async"
	"loonbrug/ui/care"
	"loonbrug/ui/connection"
	"loonbrug/ui/dialogs"
	"loonbrug/ui/export"
	"loonbrug/ui/guide"
	"loonbrug/ui/help"
	"loonbrug/ui/i18n"
	"loonbrug/ui/settings"
	"loonbrug/ui/start"
	"loonbrug/ui/tasks"
	"loonbrug/ui/widgets"
)

// Office is what the window needs of the office.
type Office interface {
	accounts.Office
	administrations.Office
	export.Office
	tasks.Office
	oversightOffice

	// Status is how the sender stands.
	Status(ctx context.Context) (model.SenderStatus, error)
	// Restored is when it was noticed that an older copy of the database was put
	// back; zero when none was or somebody has seen it.
	Restored(ctx context.Context) (time.Time, error)
	SeenRestored(ctx context.Context) error
	// Pause stops sending until Continue, also after a restart.
	Pause(ctx context.Context) error
	Continue(ctx context.Context) error
	// Subscribe gives a signal after every change, until the function is called.
	Subscribe() (<-chan struct{}, func())
}

// Deps is what the window stands on.
type Deps struct {
	Office     Office
	Runner     *async.Runner
	Explain    func(language string, p *model.Problem) explain.Page
	Practice   bool // stand-ins instead of the real systems: says so on every screen
	Settings   settings.Keeper
	Tray       bool // this desktop has a tray
	Care       care.Keeper
	Connection connection.Keeper                    // nil where there is no database to share
	Errors     func(language string) []explain.Page // everything that the program explains
	About      about.Info
	Couplings  []help.Coupling
	Start      start.Keeper          // how far the path of the first start is
	StartAt    start.State           // as it was kept when the window was made
	Walk       bool                  // the path goes on at once
	Choose     func(practice bool)   // opens the practice office or the real one
	OnLanguage func(code string)     // remembers the language; may be nil
	OnSettings func(settings.Values) // shows another theme and size; may be nil
	OnSummary  func(Summary)         // is told what the window says in short; may be nil
	Quit       func()                // ends the program; may be nil
	Now        func() time.Time
}

// settle is how long signals of the office are gathered before they are shown.
const settle = 200 * time.Millisecond

// Shell is the window's content.
type Shell struct {
	deps    Deps
	ctx     context.Context
	window  fyne.Window
	signIns accounts.SignIns

	accounts        *accounts.Screen
	administrations *administrations.Screen
	export          *export.Screen
	tasks           *tasks.Screen
	start           *start.Screen
	waiting         []model.Task
	tabs            *container.AppTabs
	known           []model.Account
	sender          model.SenderStatus
	alarms          []alarm
	told            Summary
	banner          *fyne.Container
	frame           *fyne.Container // banner, tabs and status
	desk            *fyne.Container // the tabs, or the path of the first start in their place
	tabsAndMenus    []fyne.CanvasObject
	status          *statusBar
	root            *fyne.Container
	fading          context.CancelFunc // stops the wait after which the toast goes
	guide           *guide.Guide
	newer           string             // version that can be had; empty is none
	clock           context.CancelFunc // stops what counts down; nil when nothing does

	books   bookState
	refused allowed.Refusals // what the user may not do

	loading, asking, comparing, listing, permitting async.Latest
}

// New makes the content of the window; ctx is the life of the window.
func New(ctx context.Context, deps Deps) *Shell {
	s := &Shell{deps: deps, ctx: ctx, signIns: make(accounts.SignIns), root: container.NewStack(), desk: container.NewStack()}
	s.guide = guide.New(deps.Errors)
	s.build()
	return s
}

// Content is what the window shows.
func (s *Shell) Content() fyne.CanvasObject { return s.root }

// Attach puts the content into a window, listens to its keys and drops, loads
// everything, and follows the office until ctx ends.
func (s *Shell) Attach(window fyne.Window) {
	s.window = guided{window, s.openGuide}
	window.SetContent(s.root)
	window.SetOnDropped(func(_ fyne.Position, files []fyne.URI) { s.Drop(files) })
	s.addKeys(window.Canvas())
	if s.deps.Walk {
		s.start.Open()
	}
	s.Reload()
	changes, stop := s.deps.Office.Subscribe()
	context.AfterFunc(s.ctx, stop)
	async.Watch(s.ctx, s.deps.Runner, changes, settle, s.Reload)
}

// Drop takes files that were dropped on the window, unless a dialog lies over
// it.
func (s *Shell) Drop(files []fyne.URI) {
	if s.covered() {
		return
	}
	s.tabs.SelectIndex(tabExport)
	s.export.Drop(files)
}

// The tabs in their order.
const (
	tabAccounts = iota
	tabAdministrations
	tabExport
)

// build makes all screens anew, in the language of the moment.
func (s *Shell) build() {
	selected := tabExport
	if s.tabs != nil {
		selected = s.tabs.SelectedIndex()
	}
	s.buildScreens()
	s.tabs = container.NewAppTabs(
		container.NewTabItem(i18n.T("tab.accounts"), widgets.Inset(s.accounts.Content())),
		container.NewTabItem(i18n.T("tab.administrations"), widgets.Inset(s.administrations.Content())),
		container.NewTabItem(i18n.T("tab.export"), widgets.Inset(s.export.Content())),
	)
	s.tabs.SelectIndex(selected)
	s.tabs.OnSelected = func(*container.TabItem) { s.tick() }
	s.banner = container.NewVBox()
	s.status = newStatusBar(s.hold)
	top := container.NewVBox()
	if s.deps.Practice {
		top.Add(widgets.PracticeLine(i18n.T("practice.banner"), i18n.T("practice.leave"), func() { s.deps.Choose(false) }))
	}
	top.Add(s.banner)
	// The buttons stand beside the tabs, on the same line.
	s.tabsAndMenus = []fyne.CanvasObject{s.tabs, container.NewVBox(container.NewBorder(nil, nil, nil, s.menus()))}
	s.desk.Objects = s.tabsAndMenus
	s.frame = container.NewBorder(top, s.status.content, nil, nil, s.desk)
	s.root.Objects = []fyne.CanvasObject{s.frame, s.newToast()}
	s.root.Refresh()
}

func (s *Shell) buildScreens() {
	window := func() fyne.Window { return s.window }
	s.accounts = accounts.New(s.ctx, accounts.Deps{
		Office: s.deps.Office, Runner: s.deps.Runner, Window: window, Explain: s.explain, Changed: s.Reload, SignIns: s.signIns,
	})
	s.administrations = administrations.New(s.ctx, administrations.Deps{
		Office: s.deps.Office, Runner: s.deps.Runner, Window: window, Explain: s.explain, Changed: s.Reload,
		NewAccount: func(targetID string) { s.tabs.SelectIndex(tabAccounts); s.accounts.NewAccount(targetID) },
	})
	s.export = export.New(s.ctx, export.Deps{
		Office: s.deps.Office, Runner: s.deps.Runner, Window: window, Explain: s.explain, Changed: s.Reload,
		OpenMapping: s.OpenMapping, Now: s.deps.Now, Shown: s.wind,
		SignIn: s.openAccount, ChangeAccount: s.changeAccount, ShowTasks: s.showTasks,
	})
	s.tasks = tasks.New(s.ctx, tasks.Deps{
		Office: s.deps.Office, Runner: s.deps.Runner, Window: window, Explain: s.explain, Changed: s.Reload,
		Open: s.openRun, Import: s.importFile,
	})
	s.start = s.newPath(window)
}

// OpenMapping shows a mapping at a field, which may be empty, or the questions
// for a new one of a company.
func (s *Shell) OpenMapping(companyID, mappingID int64, field string) {
	s.tabs.SelectIndex(tabAdministrations)
	s.administrations.Open(companyID, mappingID, field)
}

// changeAccount shows the form of an account.
func (s *Shell) changeAccount(id int64) {
	s.tabs.SelectIndex(tabAccounts)
	for _, a := range s.known {
		if a.ID == id {
			s.accounts.Change(a)
		}
	}
}

// openAccount shows an account and signs it in.
func (s *Shell) openAccount(id int64) {
	s.tabs.SelectIndex(tabAccounts)
	s.accounts.SignIn(id)
}

// showTasks lists what waits for a person.
func (s *Shell) showTasks() { s.tasks.Show() }

// openRun shows a run with its details.
func (s *Shell) openRun(runID, mappingID int64) {
	s.tabs.SelectIndex(tabExport)
	s.export.Open(runID, mappingID)
}

// importFile asks for a payroll file.
func (s *Shell) importFile() {
	s.tabs.SelectIndex(tabExport)
	s.export.Import()
}

// explain is the page of a problem, whose fields have their labels.
func (s *Shell) explain(p *model.Problem) explain.Page {
	return s.deps.Explain(i18n.Language(), dialogs.NameField(s.deps.Office.Partners(), p))
}

// Reload fetches everything that the window shows and shows it.
func (s *Shell) Reload() {
	s.accounts.Load()
	s.administrations.Load()
	s.export.Load()
	s.tasks.Load()
	s.start.Load(s.showBanner)
	async.Load(s.ctx, s.deps.Runner, &s.listing, s.deps.Office.Tasks, func(list []model.Task, err error) {
		if err == nil {
			s.waiting = list
			s.export.ShowTasks(len(list))
			s.showBanner()
		}
	})
	async.Load(s.ctx, s.deps.Runner, &s.loading, s.deps.Office.Accounts, func(list []model.Account, err error) {
		if err == nil {
			s.known = list
			s.showBanner()
		}
	})
	async.Load(s.ctx, s.deps.Runner, &s.asking, s.deps.Office.Status, func(now model.SenderStatus, err error) {
		if err != nil {
			s.sender.Problem = model.ProblemOf(err) // until it can be asked for again
			s.showBanner()
			return
		}
		s.sender = now
		s.status.show(now, s.deps.Now())
		s.wind()
		s.showBanner()
	})
	async.Load(s.ctx, s.deps.Runner, &s.permitting, func(ctx context.Context) (allowed.Refusals, error) {
		refused, err := allowed.Ask(ctx, s.deps.Office, model.ActSend, "")
		if err != nil {
			return nil, err
		}
		var systems []string
		for _, d := range s.deps.Office.Partners() {
			systems = append(systems, d.ID)
		}
		noWrite, err := allowed.Ask(ctx, s.deps.Office, model.ActWrite, systems...)
		maps.Copy(refused, noWrite)
		return refused, err
	}, func(refused allowed.Refusals, err error) {
		if err == nil {
			s.refused = refused
			s.showBanner()
			allowed.Guard(refused.At(model.ActSend, ""), s.explain, s.status.notice, s.status.hold)
		}
	})
	async.Load(s.ctx, s.deps.Runner, &s.comparing, s.askBooks, func(now bookState, err error) {
		if err == nil {
			s.books = now
			s.showBanner()
		}
	})
}

// hold stops the sender, or lets it go on.
func (s *Shell) hold(pause bool) {
	do := s.deps.Office.Continue
	if pause {
		do = s.deps.Office.Pause
	}
	async.Run(s.ctx, s.deps.Runner,
		func(ctx context.Context) (struct{}, error) { return struct{}{}, do(ctx) },
		func(_ struct{}, err error) {
			if err != nil {
				dialogs.Problem(s.window, s.explain(model.ProblemOf(err)), nil)
			}
			s.Reload()
		})
}
