// Package care is the page for looking after the program: backup and restore,
// the set-up as a file, the logs, and newer versions. [Show] opens it, and
// [ShowCrash] tells of a run that crashed.
//
// It asks people where and which; everything else is the work of the [Keeper].
package care

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"loonbrug/data/model"
	"loonbrug/integration/explain"
	"loonbrug/ui/async"
	"loonbrug/ui/dialogs"
	"loonbrug/ui/i18n"
	"loonbrug/ui/widgets"
)

// Keeper does what the page offers. What goes wrong is a [*model.Problem] where a
// person can do something about it.
type Keeper interface {
	// AsksPassphrase tells whether a backup needs a passphrase for its key.
	AsksPassphrase() bool
	Backup(ctx context.Context, path string, passphrase model.Secret) error
	// Restore lays a backup ready. Problems secret.passphrase_needed and
	// secret.wrong_passphrase: it wants one, or another.
	Restore(ctx context.Context, path string, passphrase model.Secret) error
	// Reopen closes the office and opens it again with what lies ready.
	Reopen()

	Setup(ctx context.Context) ([]byte, error)
	CompareSetup(ctx context.Context, file []byte) ([]model.SetupChange, error)
	ImportSetup(ctx context.Context, file []byte) error

	Logs(ctx context.Context, path string) error
	OpenFolder() error

	// Updates are where newer versions are asked for, empty for nowhere, and
	// whether the program asks by itself.
	Updates(ctx context.Context) (address string, on bool, err error)
	SaveUpdates(ctx context.Context, address string, on bool) error
	// Newer is the newest version; empty when it is this one.
	Newer(ctx context.Context) (version string, err error)
	OpenDownload() error
}

// Deps is what the page stands on.
type Deps struct {
	Window  fyne.Window
	Runner  *async.Runner
	Keeper  Keeper
	Explain func(*model.Problem) explain.Page
	Changed func() // after something of the office changed
}

const (
	width  = 600
	height = 440
)

// page is the open page.
type page struct {
	ctx    context.Context
	deps   Deps
	dialog *dialogs.Dialog
}

// Show opens the page.
func Show(ctx context.Context, deps Deps) { open(ctx, deps) }

func open(ctx context.Context, deps Deps) *page {
	p := &page{ctx: ctx, deps: deps}
	content := container.NewVBox(
		p.section(i18n.T("care.backup"), i18n.T("care.backup.text"),
			widgets.NewButton(i18n.T("care.backup.make"), p.backup), widgets.NewButton(i18n.T("care.backup.restore"), p.restore)),
		p.section(i18n.T("care.setup"), i18n.T("care.setup.text"),
			widgets.NewButton(i18n.T("care.setup.save"), p.saveSetup), widgets.NewButton(i18n.T("care.setup.read"), p.readSetup)),
		p.section(i18n.T("care.logs"), i18n.T("care.logs.text"),
			widgets.NewButton(i18n.T("care.logs.save"), p.saveLogs), widgets.NewButton(i18n.T("care.folder"), func() { p.open(p.deps.Keeper.OpenFolder) })),
		p.section(i18n.T("care.updates"), i18n.T("care.updates.text"),
			widgets.NewButton(i18n.T("care.updates.open"), p.showUpdates)),
	)
	p.dialog = dialogs.Show(deps.Window, dialogs.Spec{
		Title: i18n.T("menu.care"), Content: container.NewVScroll(widgets.BesideBar(content)),
		Width: width, Height: height, Guide: "backup",
	})
	return p
}

// section is a heading, what it is for, and its buttons.
func (p *page) section(title, about string, buttons ...fyne.CanvasObject) fyne.CanvasObject {
	return container.NewVBox(widgets.Heading(title), widgets.Muted(about), container.NewHBox(buttons...))
}

// fail shows what went wrong.
func (p *page) fail(err error) {
	dialogs.Problem(p.deps.Window, p.deps.Explain(model.ProblemOf(err)), nil)
}

// work does something away from the screen, while a dialog says so, and then
// says what came of it.
func (p *page) work(title string, do func(context.Context) error, then func()) {
	p.workOr(title, do, then, p.fail)
}

// workOr is work with an own answer to what went wrong.
func (p *page) workOr(title string, do func(context.Context) error, then func(), otherwise func(error)) {
	d := dialogs.Show(p.deps.Window, dialogs.Spec{Title: title, Content: widgets.Paragraph(i18n.T("dialog.busy")), Width: 420})
	async.Run(p.ctx, p.deps.Runner,
		func(ctx context.Context) (struct{}, error) { return struct{}{}, do(ctx) },
		func(_ struct{}, err error) {
			d.Close()
			if err != nil {
				otherwise(err)
				return
			}
			then()
		})
}

// open opens something outside the window. What opens it may stay until that is
// closed, so the screen does not wait.
func (p *page) open(what func() error) {
	async.Run(p.ctx, p.deps.Runner, func(context.Context) (struct{}, error) { return struct{}{}, what() },
		func(_ struct{}, err error) {
			if err != nil {
				p.fail(err)
			}
		})
}

// saveLogs asks where the packed logs go.
func (p *page) saveLogs() {
	p.askWhere(i18n.T("care.logs"), "loonbrug-logs.zip", func(path string) {
		p.work(i18n.T("care.logs"), func(ctx context.Context) error { return p.deps.Keeper.Logs(ctx, path) }, func() { p.saved(path) })
	})
}

// saved says where something was saved.
func (p *page) saved(path string) {
	dialogs.Message(p.deps.Window, i18n.T("menu.care"), i18n.T("export.file.saved", "file", path))
}

// ShowCrash tells that the program crashed the last time, with what it said then.
// closed is called when the person has seen it.
func ShowCrash(window fyne.Window, report string, openFolder func(), closed func()) *dialogs.Dialog {
	said := widgets.NewEntry()
	said.MultiLine = true
	said.SetText(report)
	said.Wrapping = fyne.TextWrapBreak
	copied := widgets.NewQuietButton(i18n.T("problem.copy"), func() { fyne.CurrentApp().Clipboard().SetContent(report) })
	folder := widgets.NewQuietButton(i18n.T("care.folder"), openFolder)
	return dialogs.Show(window, dialogs.Spec{
		Title: i18n.T("care.crash"),
		Content: container.NewBorder(container.NewVBox(widgets.Paragraph(i18n.T("care.crash.text")), container.NewHBox(copied, folder)),
			nil, nil, nil, widgets.NewFold(i18n.T("problem.detail"), widgets.Fixed(said, 0, 200), nil)),
		Width: width, OnCancel: closed,
	})
}
