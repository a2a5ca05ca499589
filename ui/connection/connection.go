// Package connection is the page that has the program work with the database that
// all computers of an office share, or with its own file again. [Show] opens it.
//
// It asks for the server and the passphrase of the office; what is done with them is
// the work of the [Keeper].
package connection

import (
	"context"
	"net"
	"net/url"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"loonbrug/data/model"
	"loonbrug/integration/explain"
	"loonbrug/ui/async"
	"loonbrug/ui/dialogs"
	"loonbrug/ui/i18n"
	"loonbrug/ui/widgets"
)

// State is what the program works with.
type State struct {
	Place string // the server and the name of the database; empty is its own file
	Own   bool   // its own file holds something that could be moved
}

// Keeper does what the page offers. What goes wrong is a [*model.Problem] where a
// person can do something about it. Join, Return and Leave close the office and
// open it again.
type Keeper interface {
	Connection(ctx context.Context) (State, error)
	// Test tells whether the database at an address is an office's already.
	Test(ctx context.Context, address model.Secret) (used bool, err error)
	// Unlock tells whether the passphrase is the office's.
	Unlock(ctx context.Context, address, passphrase model.Secret) error
	Join(address, passphrase model.Secret, move bool)
	Return()
	Leave()
}

// Deps is what the page stands on.
type Deps struct {
	Window  fyne.Window
	Runner  *async.Runner
	Keeper  Keeper
	Explain func(*model.Problem) explain.Page
}

const (
	width     = 560
	height    = 480
	guidePage = "shared"
)

// Show finds out what the program works with, and opens the page.
func Show(ctx context.Context, deps Deps) {
	async.Run(ctx, deps.Runner, deps.Keeper.Connection, func(s State, err error) {
		switch {
		case err != nil:
			dialogs.Problem(deps.Window, deps.Explain(model.ProblemOf(err)), nil)
		case s.Place != "":
			showConnected(deps, s)
		default:
			showForm(ctx, deps, s)
		}
	})
}

// showConnected offers the ways back.
func showConnected(deps Deps, s State) {
	var d *dialogs.Dialog
	way := func(title, text, sure, yes string, do func()) fyne.CanvasObject {
		return container.NewVBox(widgets.Heading(title), widgets.Muted(text), container.NewHBox(widgets.NewButton(title, func() {
			dialogs.Confirm(deps.Window, title, sure, yes, func() {
				d.Close()
				do()
			})
		})))
	}
	d = dialogs.Show(deps.Window, dialogs.Spec{
		Title: i18n.T("connection.title"), Width: width, Guide: guidePage,
		Content: container.NewVBox(widgets.Paragraph(i18n.T("connection.at", "place", s.Place)),
			way(i18n.T("connection.return"), i18n.T("connection.return.text"), i18n.T("connection.return.sure"), i18n.T("connection.return.yes"), deps.Keeper.Return),
			way(i18n.T("connection.leave"), i18n.T("connection.leave.text"), i18n.T("connection.leave.sure"), i18n.T("connection.leave.yes"), deps.Keeper.Leave)),
	})
}

// form is where the database is.
type form struct {
	deps                         Deps
	ctx                          context.Context
	dialog                       *dialogs.Dialog
	server, port, database, user *widgets.Entry
	password                     *widgets.Entry
	move                         *widgets.Check
}

// showForm asks for a database to work with.
func showForm(ctx context.Context, deps Deps, s State) {
	f := &form{
		deps: deps, ctx: ctx, server: widgets.NewEntry(), port: widgets.NewEntry(), database: widgets.NewEntry(),
		user: widgets.NewEntry(), password: widgets.NewSecretEntry(), move: widgets.NewCheck(i18n.T("connection.move"), nil),
	}
	f.port.SetText("5432")
	f.database.SetText("loonbrug")
	f.move.Checked = s.Own
	content := container.NewVBox(
		widgets.Paragraph(i18n.T("connection.own")),
		widgets.Field(i18n.T("connection.server"), i18n.T("connection.server.help"), f.server),
		container.NewGridWithColumns(2,
			widgets.Field(i18n.T("connection.database"), "", f.database), widgets.Field(i18n.T("connection.port"), "", f.port)),
		container.NewGridWithColumns(2,
			widgets.Field(i18n.T("connection.user"), "", f.user), widgets.Field(i18n.T("connection.password"), "", f.password)),
	)
	if s.Own {
		content.Add(container.NewVBox(f.move, widgets.SmallWrapped(i18n.T("connection.move.help"))))
	}
	f.dialog = dialogs.Show(deps.Window, dialogs.Spec{
		Title: i18n.T("connection.title"), Content: container.NewVScroll(widgets.BesideBar(content)),
		Width: width, Height: height, Guide: guidePage, Focus: f.server,
		Extra:     widgets.NewButton(i18n.T("connection.test"), func() { f.test(f.tested) }),
		Confirm:   i18n.T("connection.join"),
		OnConfirm: func(*dialogs.Dialog) { f.test(func(used bool) { f.passphrase(used, "") }) },
	})
}

// address is what the fields say together. A server on another computer must prove
// who it is. One who has a whole address can give it in place of the server.
func (f *form) address() model.Secret {
	server := strings.TrimSpace(f.server.Text)
	if strings.HasPrefix(server, "postgres://") || strings.HasPrefix(server, "postgresql://") {
		return model.Secret(server)
	}
	u := url.URL{
		Scheme: "postgres", User: url.UserPassword(strings.TrimSpace(f.user.Text), f.password.Text),
		Host: net.JoinHostPort(server, strings.TrimSpace(f.port.Text)), Path: "/" + strings.TrimSpace(f.database.Text),
	}
	if ip := net.ParseIP(server); server != "localhost" && (ip == nil || !ip.IsLoopback()) {
		u.RawQuery = "sslmode=verify-full"
	}
	return model.Secret(u.String())
}

// test tries the database and then goes on.
func (f *form) test(then func(used bool)) {
	f.dialog.ClearFailure()
	f.dialog.Busy(i18n.T("connection.testing"))
	address := f.address()
	async.Run(f.ctx, f.deps.Runner,
		func(ctx context.Context) (bool, error) { return f.deps.Keeper.Test(ctx, address) },
		func(used bool, err error) {
			if err != nil {
				f.dialog.Fail(dialogs.ProblemPanel(f.deps.Explain(model.ProblemOf(err)), nil))
				return
			}
			f.dialog.Ready()
			then(used)
		})
}

// tested says what the test found.
func (f *form) tested(used bool) {
	text := i18n.T("connection.test.new")
	if used {
		text = i18n.T("connection.test.used")
	}
	dialogs.Message(f.deps.Window, i18n.T("connection.test"), text)
}

// passphrase asks for the passphrase of the office, which the first computer chooses.
func (f *form) passphrase(used bool, refused string) {
	asking := dialogs.Asking{Text: i18n.T("connection.passphrase.new"), Confirm: i18n.T("connection.join"), Twice: !used, Refused: refused}
	if used {
		asking.Text = i18n.T("connection.passphrase.known")
	}
	dialogs.AskPassphrase(f.deps.Window, asking, func(passphrase model.Secret) {
		switch {
		case passphrase == "":
		case used:
			f.unlock(passphrase)
		default:
			f.join(passphrase)
		}
	})
}

// unlock tries the passphrase of an office before anything is closed.
func (f *form) unlock(passphrase model.Secret) {
	f.dialog.Busy(i18n.T("connection.testing"))
	address := f.address()
	async.Run(f.ctx, f.deps.Runner,
		func(ctx context.Context) (struct{}, error) {
			return struct{}{}, f.deps.Keeper.Unlock(ctx, address, passphrase)
		},
		func(_ struct{}, err error) {
			p := model.ProblemOf(err)
			switch {
			case err == nil:
				f.join(passphrase)
			case p.Code == "secret.wrong_passphrase":
				f.dialog.Ready()
				f.passphrase(true, f.deps.Explain(p).Message)
			default:
				f.dialog.Fail(dialogs.ProblemPanel(f.deps.Explain(p), nil))
			}
		})
}

func (f *form) join(passphrase model.Secret) {
	f.dialog.Close()
	f.deps.Keeper.Join(f.address(), passphrase, f.move.Checked)
}
