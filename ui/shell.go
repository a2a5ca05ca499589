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
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	base "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"loonbrug/data/model"
	"loonbrug/integration/explain"
	"loonbrug/ui/about"
	"loonbrug/ui/accounts"
	"loonbrug/ui/administrations"
	"loonbrug/ui/async"
	"loonbrug/ui/care"
	"loonbrug/ui/dialogs"
	"loonbrug/ui/export"
	"loonbrug/ui/guide"
	"loonbrug/ui/i18n"
	"loonbrug/ui/settings"
	"loonbrug/ui/tasks"
	"loonbrug/ui/widgets"
)

// Office is what the window needs of the office.
type Office interface {
	accounts.Office
	administrations.Office
	export.Office
	tasks.Office

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
	Care       care.Keeper
	Errors     func(language string) []explain.Page // everything that the program explains
	About      about.Info
	OnLanguage func(code string) // remembers the language; may be nil
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
	waiting         []model.Task
	tabs            *container.AppTabs
	known           []model.Account
	sender          model.SenderStatus
	alarms          []alarm
	banner          *fyne.Container
	frame           *fyne.Container // banner, tabs and status
	status          *statusBar
	root            *fyne.Container
	guide           *guide.Guide
	newer           string             // version that can be had; empty is none
	clock           context.CancelFunc // stops what counts down; nil when nothing does

	books                               bookState
	loading, asking, comparing, listing async.Latest
}

// New makes the content of the window; ctx is the life of the window.
func New(ctx context.Context, deps Deps) *Shell {
	s := &Shell{deps: deps, ctx: ctx, signIns: make(accounts.SignIns), root: container.NewStack()}
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
		top.Add(widgets.PracticeLine(i18n.T("practice.banner")))
	}
	top.Add(s.banner)
	// The buttons stand beside the tabs, on the same line.
	body := container.NewStack(s.tabs, container.NewVBox(container.NewBorder(nil, nil, nil, s.menus())))
	s.frame = container.NewBorder(top, s.status.content, nil, nil, body)
	s.root.Objects = []fyne.CanvasObject{s.frame}
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
		if err == nil {
			s.sender = now
			s.status.show(now, s.deps.Now())
			s.wind()
			s.showBanner()
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

// menus are the language, the settings and the program's own page.
func (s *Shell) menus() fyne.CanvasObject {
	var language *widgets.Button
	language = widgets.NewIconButton(languageName(), base.MenuDropDownIcon(), func() { s.showLanguages(language) })
	language.IconPlacement = widget.ButtonIconTrailingText
	language.Importance = widget.LowImportance
	info := widgets.NewIconButton(i18n.T("menu.about"), base.InfoIcon(), func() { about.Show(s.window, s.deps.About) })
	info.Importance = widget.LowImportance
	row := container.NewHBox(language)
	if s.deps.Settings != nil {
		change := widgets.NewIconButton(i18n.T("menu.settings"), base.SettingsIcon(), s.showSettings)
		change.Importance = widget.LowImportance
		row.Add(change)
	}
	if s.deps.Care != nil {
		care := widgets.NewIconButton(i18n.T("menu.care"), base.StorageIcon(), s.showCare)
		care.Importance = widget.LowImportance
		row.Add(care)
	}
	help := widgets.NewIconButton(i18n.T("menu.guide"), base.HelpIcon(), func() { s.openGuide("") })
	help.Importance = widget.LowImportance
	row.Add(help)
	row.Add(info)
	return row
}

// showSettings opens the settings; another language shows at once.
func (s *Shell) showSettings() {
	settings.Show(s.ctx, settings.Deps{
		Window: s.window, Runner: s.deps.Runner, Keeper: s.deps.Settings, Explain: s.explain,
		Language: func(code string) {
			if code != i18n.Language() {
				s.SetLanguage(code)
			}
		},
	})
}

func languageName() string {
	for _, l := range i18n.Languages() {
		if l.Code == i18n.Language() {
			return l.Name
		}
	}
	return i18n.Language()
}

func (s *Shell) showLanguages(below fyne.CanvasObject) {
	menu := fyne.NewMenu("")
	for _, l := range i18n.Languages() {
		item := fyne.NewMenuItem(l.Name, func() { s.SetLanguage(l.Code) })
		item.Checked = l.Code == i18n.Language()
		menu.Items = append(menu.Items, item)
	}
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(below).AddXY(0, below.Size().Height)
	widget.ShowPopUpMenuAtPosition(menu, s.window.Canvas(), at)
}

// SetLanguage shows the window in another language at once.
func (s *Shell) SetLanguage(code string) {
	if err := i18n.SetLanguage(code); err != nil {
		return
	}
	s.build()
	s.Reload()
	if s.deps.OnLanguage != nil {
		s.deps.OnLanguage(code)
	}
}
