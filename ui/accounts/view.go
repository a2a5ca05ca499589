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
	"fyne.io/fyne/v2/widget"

	"loonbrug/data/model"
	"loonbrug/integration/explain"
	"loonbrug/integration/target"
	"loonbrug/ui/allowed"
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
	// AccountUse is what hangs on an account and keeps it from being removed.
	AccountUse(ctx context.Context, id int64) (model.AccountUse, error)
	RemoveAccount(ctx context.Context, id int64) error
	Authorise(ctx context.Context, accountID int64) error
	// CheckAccount asks the target what the account may do, without a sign-in page.
	CheckAccount(ctx context.Context, accountID int64) error
	ConfirmCompany(ctx context.Context, accountID int64) error
	SignInAddress(accountID int64) string
	allowed.Office
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

// SignIns are the sign-ins and checks that are under way, by account. They
// outlive a screen that is built anew in another language.
type SignIns map[int64]*UnderWay

// UnderWay is a sign-in, or a check of the rights, that can be stopped.
type UnderWay struct {
	Stop  context.CancelFunc
	Check bool // of the rights, without a sign-in page
}

// Screen is the screen.
type Screen struct {
	deps     Deps
	ctx      context.Context
	accounts []model.Account
	refused  allowed.Refusals
	shown    []group
	add      *widgets.Button
	notice   *widget.Label // why there can be no new account
	loading  async.Latest
	cards    *fyne.Container
	content  fyne.CanvasObject
}

// New makes the screen; ctx is the life of the window.
func New(ctx context.Context, deps Deps) *Screen {
	s := &Screen{deps: deps, ctx: ctx, cards: container.NewVBox()}
	s.add = widgets.NewMainButton(i18n.T("account.new"), func() { s.NewAccount("") })
	s.notice = allowed.NewNotice()
	head := container.NewBorder(nil, nil, widgets.Heading(i18n.T("account.title")), widgets.Middle(s.add))
	s.content = container.NewBorder(container.NewVBox(head, s.notice), nil, nil, nil, container.NewVScroll(widgets.BesideBar(s.cards)))
	return s
}

// Content is what the screen shows.
func (s *Screen) Content() fyne.CanvasObject { return s.content }

// Load fetches the accounts and then shows them.
func (s *Screen) Load() {
	async.Load(s.ctx, s.deps.Runner, &s.loading, s.fetch, func(now fetched, err error) {
		if err != nil {
			s.fail(err)
			return
		}
		s.accounts, s.refused = now.accounts, now.refused
		allowed.Guard(s.refused.Everywhere(model.ActWrite, s.systems()...), s.deps.Explain, s.notice, s.add)
		s.show()
	})
}

// fetched is what the screen shows.
type fetched struct {
	accounts []model.Account
	refused  allowed.Refusals
}

func (s *Screen) fetch(ctx context.Context) (now fetched, err error) {
	if now.accounts, err = s.deps.Office.Accounts(ctx); err != nil {
		return now, err
	}
	now.refused, err = allowed.Ask(ctx, s.deps.Office, model.ActWrite, s.systems()...)
	return now, err
}

// systems are the ids of all systems that an account can be at.
func (s *Screen) systems() (ids []string) {
	for _, d := range s.deps.Office.Partners() {
		ids = append(ids, d.ID)
	}
	return ids
}

func (s *Screen) show() {
	groups := groupsOf(s.deps.Office.Partners(), s.accounts, s.deps.SignIns, s.refused)
	if len(groups) > 0 && reflect.DeepEqual(groups, s.shown) {
		return // drawing again would take the focus away
	}
	s.shown = groups
	s.cards.RemoveAll()
	if len(groups) == 0 {
		s.cards.Add(widgets.Muted(i18n.T("account.empty")))
	}
	s.draw(groups)
	widgets.Settle(s.cards)
}

// remedy is what the button of an account's problem does.
func (s *Screen) remedy(id int64, action model.Action) func() {
	switch action {
	case model.ActionSignIn:
		return func() { s.signInAnew(id) }
	case model.ActionCheckAgain, model.ActionSendAgain, model.ActionRefresh:
		return func() { s.Check(id) }
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
//
// Where the secrets that a person types are gone it asks for them first.
func (s *Screen) SignIn(id int64) {
	if c, ok := s.cardOf(id); ok && lost(c.account) && c.typed() {
		s.Change(c.account)
		return
	}
	s.authorise(id)
}

// signInAnew is what helps after a sign-in that failed: the same secrets again
// would not, so that the form asks for them where a person types them.
func (s *Screen) signInAnew(id int64) {
	if c, ok := s.cardOf(id); ok && c.typed() {
		s.Change(c.account)
		return
	}
	s.authorise(id)
}

func (s *Screen) authorise(id int64) { s.begin(id, false, s.deps.Office.Authorise) }

func (s *Screen) cardOf(id int64) (card, bool) {
	for _, g := range groupsOf(s.deps.Office.Partners(), s.accounts, s.deps.SignIns, s.refused) {
		if i := slices.IndexFunc(g.cards, func(c card) bool { return c.account.ID == id }); i >= 0 {
			return g.cards[i], true
		}
	}
	return card{}, false
}

// Check asks what an account may do; it shows that it is under way like
// [Screen.SignIn].
func (s *Screen) Check(id int64) {
	s.begin(id, true, s.deps.Office.CheckAccount)
}

func (s *Screen) begin(id int64, check bool, work func(context.Context, int64) error) {
	if s.deps.SignIns[id] != nil {
		return
	}
	ctx, cancel := context.WithCancel(s.ctx)
	s.deps.SignIns[id] = &UnderWay{Stop: cancel, Check: check}
	s.show()
	async.Run(ctx, s.deps.Runner,
		func(ctx context.Context) (struct{}, error) { return struct{}{}, work(ctx, id) },
		func(_ struct{}, err error) {
			cancel()
			delete(s.deps.SignIns, id)
			if err != nil && !errors.Is(err, context.Canceled) {
				page := s.deps.Explain(model.ProblemOf(err))
				dialogs.Problem(s.deps.Window(), page, s.remedy(id, page.Action))
			}
			if !check {
				s.deps.Window().RequestFocus()
			}
			s.Load()
			s.deps.Changed()
		})
}

func (s *Screen) cancel(id int64) {
	if now := s.deps.SignIns[id]; now != nil {
		now.Stop()
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
	widgets.Say(s.deps.Window().Canvas(), i18n.T("account.copy.done"))
}

func (s *Screen) fail(err error) {
	dialogs.Problem(s.deps.Window(), s.deps.Explain(model.ProblemOf(err)), nil)
}
