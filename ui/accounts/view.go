// Package accounts is the screen of the office's accesses to its accounting
// systems: a card an account, grey until it is authorised, in colour by itself
// once a sign-in lands.
//
// Forms are drawn from what a target says of itself; the screen knows no
// target. Secrets go from the form to the office and are never shown again.
package accounts

import (
	"context"
	"errors"
	"reflect"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"loonbrug/data/model"
	"loonbrug/integration/explain"
	"loonbrug/integration/target"
	"loonbrug/ui/async"
	"loonbrug/ui/dialogs"
	"loonbrug/ui/i18n"
	"loonbrug/ui/widgets"
)

// Office is what this screen needs of the office.
type Office interface {
	Partners() []target.Description // payroll systems before the targets
	Targets() []target.Description
	Accounts(ctx context.Context) ([]model.Account, error)
	NewAccount(ctx context.Context, targetID, name string, settings map[string]string, secrets model.Credentials) (model.Account, error)
	ChangeAccount(ctx context.Context, a model.Account, secrets model.Credentials) error
	RemoveAccount(ctx context.Context, id int64) error
	Authorise(ctx context.Context, accountID int64) error
	ConfirmCompany(ctx context.Context, accountID int64) error
	SignInAddress(accountID int64) string
}

// Deps is what the screen stands on.
type Deps struct {
	Office  Office
	Runner  *async.Runner
	Window  func() fyne.Window
	Explain func(*model.Problem) explain.Page
	Changed func() // something that other parts of the window show is different now
	SignIns SignIns
}

// SignIns are the sign-ins that are under way, each with what stops it. They
// outlive a screen that is built anew in another language.
type SignIns map[int64]context.CancelFunc

// Screen is the screen.
type Screen struct {
	deps     Deps
	ctx      context.Context
	accounts []model.Account
	shown    []group
	loading  async.Latest
	cards    *fyne.Container
	content  fyne.CanvasObject
}

// New makes the screen; ctx is the life of the window.
func New(ctx context.Context, deps Deps) *Screen {
	s := &Screen{deps: deps, ctx: ctx, cards: container.NewVBox()}
	add := widgets.NewMainButton(i18n.T("account.new"), func() { s.NewAccount("") })
	head := container.NewBorder(nil, nil, widgets.Heading(i18n.T("account.title")), widgets.Middle(add))
	s.content = container.NewBorder(head, nil, nil, nil, container.NewVScroll(s.cards))
	return s
}

// Content is what the screen shows.
func (s *Screen) Content() fyne.CanvasObject { return s.content }

// Load fetches the accounts and then shows them.
func (s *Screen) Load() {
	async.Load(s.ctx, s.deps.Runner, &s.loading, s.deps.Office.Accounts, func(accounts []model.Account, err error) {
		if err != nil {
			s.fail(err)
			return
		}
		s.accounts = accounts
		s.show()
	})
}

func (s *Screen) show() {
	signing := make(map[int64]bool)
	for id := range s.deps.SignIns {
		signing[id] = true
	}
	groups := groupsOf(s.deps.Office.Partners(), s.accounts, signing)
	if len(groups) > 0 && reflect.DeepEqual(groups, s.shown) {
		return // drawing again would take the focus away
	}
	s.shown = groups
	s.cards.RemoveAll()
	if len(groups) == 0 {
		s.cards.Add(widgets.Muted(i18n.T("account.empty")))
	}
	// A grid a row: one tall card does not stretch all others.
	row := container.NewGridWithColumns(cardColumns)
	flush := func() {
		if len(row.Objects) > 0 {
			s.cards.Add(row)
			row = container.NewGridWithColumns(cardColumns)
		}
	}
	targets := s.deps.Office.Targets()
	payroll := isPayroll(groups, targets)
	for i, g := range groups {
		if payroll[i] && i == 0 {
			s.cards.Add(widgets.Title(i18n.T("account.group.payroll")))
		}
		if i > 0 && payroll[i-1] && !payroll[i] {
			flush()
			s.cards.Add(widgets.Title(i18n.T("account.group.books")))
		}
		for _, c := range g.cards {
			if len(row.Objects) == cardColumns {
				flush()
			}
			row.Add(container.NewPadded(s.card(c)))
		}
	}
	flush()
	widgets.Settle(s.cards)
}

const (
	cardColumns = 2
	cardLogo    = 64
)

func (s *Screen) card(c card) fyne.CanvasObject {
	logo := widgets.NewLogo(cardLogo, func() { s.tapped(c) })
	logo.SetFace(c.face())
	words := container.NewVBox(widgets.Tight(widgets.Small(c.target.Name), widgets.Bold(c.account.Name), widgets.Muted(s.about(c))))
	if c.account.Problem != nil && !c.signing {
		page := s.deps.Explain(c.account.Problem)
		words.Add(widgets.Paragraph(page.Message))
		words.Add(container.NewHBox(widgets.NewQuietButton(i18n.T("problem.why"), func() {
			dialogs.Problem(s.deps.Window(), page, s.remedy(c.account.ID, page.Action))
		})))
	}
	body := container.NewBorder(nil, s.buttons(c), container.NewVBox(logo), nil, words)
	return widgets.Panel(body)
}

// about is who the account is, where it stands and when that was seen.
func (s *Screen) about(c card) string {
	text := c.state()
	if c.account.Authorised() && !c.signing {
		text = i18n.T("account.identity", "identity", c.account.Identity, "checked", c.account.CheckedAt)
	}
	return text
}

func (s *Screen) buttons(c card) fyne.CanvasObject {
	if c.signing {
		stop := widgets.NewButton(i18n.T("account.cancel"), func() { s.cancel(c.account.ID) })
		if c.target.SignsIn(c.account.Settings) != target.SignInBrowser {
			return container.NewHBox(stop)
		}
		return container.NewHBox(stop, widgets.NewQuietButton(i18n.T("account.copy"), func() { s.copyAddress(c.account.ID) }))
	}
	sign := widgets.NewMainButton(i18n.T("account.sign_in"), func() { s.SignIn(c.account.ID) })
	if c.account.Authorised() {
		sign = widgets.NewQuietButton(i18n.T("account.sign_in_again"), func() { s.SignIn(c.account.ID) })
	}
	return container.NewHBox(sign,
		widgets.NewQuietButton(i18n.T("account.change"), func() { s.Change(c.account) }),
		widgets.NewQuietButton(i18n.T("account.remove"), func() { s.remove(c.account) }))
}

// tapped is a click on the logo: it authorises, or signs in again.
func (s *Screen) tapped(c card) {
	if !c.signing {
		s.SignIn(c.account.ID)
	}
}

// remedy is what the button of an account's problem does.
func (s *Screen) remedy(id int64, action model.Action) func() {
	switch action {
	case model.ActionSignIn, model.ActionCheckAgain, model.ActionSendAgain, model.ActionRefresh:
		return func() { s.SignIn(id) }
	case model.ActionOpenAccount:
		return func() {
			if i := slices.IndexFunc(s.accounts, func(a model.Account) bool { return a.ID == id }); i >= 0 {
				s.Change(s.accounts[i])
			}
		}
	case model.ActionConfirmCompany:
		return func() { s.confirm(id) }
	}
	return nil
}

// confirm takes the company that an account is signed in to for the right one.
func (s *Screen) confirm(id int64) {
	async.Run(s.ctx, s.deps.Runner,
		func(ctx context.Context) (struct{}, error) {
			return struct{}{}, s.deps.Office.ConfirmCompany(ctx, id)
		},
		func(_ struct{}, err error) {
			if err != nil {
				s.fail(err)
			}
			s.Load()
			s.deps.Changed()
		})
}

// SignIn authorises an account; it shows that it is under way until it lands,
// is refused, or is stopped.
func (s *Screen) SignIn(id int64) {
	if s.deps.SignIns[id] != nil {
		return
	}
	ctx, cancel := context.WithCancel(s.ctx)
	s.deps.SignIns[id] = cancel
	s.show()
	async.Run(ctx, s.deps.Runner,
		func(ctx context.Context) (struct{}, error) { return struct{}{}, s.deps.Office.Authorise(ctx, id) },
		func(_ struct{}, err error) {
			cancel()
			delete(s.deps.SignIns, id)
			if err != nil && !errors.Is(err, context.Canceled) {
				page := s.deps.Explain(model.ProblemOf(err))
				dialogs.Problem(s.deps.Window(), page, s.remedy(id, page.Action))
			}
			s.deps.Window().RequestFocus()
			s.Load()
			s.deps.Changed()
		})
}

func (s *Screen) cancel(id int64) {
	if stop := s.deps.SignIns[id]; stop != nil {
		stop()
	}
}

// copyAddress is for a computer whose browser does not open by itself.
func (s *Screen) copyAddress(id int64) {
	address := s.deps.Office.SignInAddress(id)
	if address == "" {
		dialogs.Message(s.deps.Window(), i18n.T("account.copy"), i18n.T("account.copy.none"))
		return
	}
	fyne.CurrentApp().Clipboard().SetContent(address)
	dialogs.Message(s.deps.Window(), i18n.T("account.copy"), i18n.T("account.copy.done"))
}

func (s *Screen) remove(a model.Account) {
	dialogs.Confirm(s.deps.Window(), i18n.T("account.remove"), i18n.T("account.remove.text", "name", a.Name), i18n.T("account.remove"), func() {
		async.Run(s.ctx, s.deps.Runner,
			func(ctx context.Context) (struct{}, error) {
				return struct{}{}, s.deps.Office.RemoveAccount(ctx, a.ID)
			},
			func(_ struct{}, err error) {
				if err != nil {
					s.fail(err)
				}
				s.Load()
				s.deps.Changed()
			})
	})
}

func (s *Screen) fail(err error) {
	dialogs.Problem(s.deps.Window(), s.deps.Explain(model.ProblemOf(err)), nil)
}
