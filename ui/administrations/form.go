package administrations

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"loonbrug/data/model"
	"loonbrug/integration/target"
	"loonbrug/ui/async"
	"loonbrug/ui/dialogs"
	"loonbrug/ui/i18n"
	"loonbrug/ui/widgets"
)

// editor is the dialog of one mapping. Each answer fetches what the next
// question chooses from.
type editor struct {
	screen  *Screen
	dialog  *dialogs.Dialog
	draft   draft
	start   startOf
	field   string // gets the focus once it is there; empty is none
	targets []target.Description

	administrations []model.Administration
	asking, reading async.Latest

	company        dialogs.Companies
	account        *widgets.Picker
	administration *widgets.Picker
	scroll         *container.Scroll
	where          *fyne.Container // the administration's question, once there is a choice
	questions      *fyne.Container
	rules          *fyne.Container // what the target asks, once the administration is known
	options        *widgets.Fields // the target's own fields among the rules
	advanced       *fyne.Container // the fold of those that are put away; nil without any
	tables         []*codeTable
	booking        *bookingRules
	note           *widgets.Waiting
	proposed       *widget.Label // which answers are proposals
	guess          proposals
	stop           context.CancelFunc // of what is being fetched
}

const (
	formWidth  = 520
	formHeight = 430
)

func (s *Screen) edit(m model.Mapping, field string) {
	m.Options = maps.Clone(m.Options)
	m.CostCentre.Values, m.CostUnit.Values = maps.Clone(m.CostCentre.Values), maps.Clone(m.CostUnit.Values)
	if m.Options == nil {
		m.Options = make(map[string]string)
	}
	e := &editor{screen: s, draft: draft{mapping: m}, start: newStart(m), field: field, targets: s.deps.Office.Targets(), stop: func() {}}
	e.note, e.proposed = widgets.NewWaiting(), widgets.Muted("")
	e.where, e.rules = container.NewVBox(), container.NewVBox()
	e.questions = container.NewVBox(e.proposed, e.companyQuestion(), e.accountQuestion(), e.where, e.note.Content, e.rules)
	e.scroll = container.NewVScroll(widgets.Inset(e.questions))
	spec := dialogs.Spec{
		Title:   i18n.T("mapping.new"),
		Content: widgets.Scrolling(e.scroll),
		Confirm: i18n.T("dialog.save"),
		Focus:   e.company.Picker,
		Width:   formWidth, Height: formHeight, Guide: "mapping",
		OnConfirm: e.save,
		OnCancel:  func() { e.stop() },
	}
	if m.ID != 0 {
		spec.Title = i18n.T("mapping.change.title")
		spec.Focus = e.account
		spec.Extra = container.NewHBox(widgets.NewQuietButton(i18n.T("mapping.remove"), e.remove), widgets.NewQuietButton(i18n.T("copy.open"), e.copy))
	}
	e.dialog = dialogs.Show(s.deps.Window(), spec)
	e.begin()
}

func (e *editor) companyQuestion() fyne.CanvasObject {
	e.company = dialogs.CompanyPicker(e.screen.state.companies, e.companyChosen)
	if e.draft.mapping.ID != 0 {
		e.company.Picker.Disable()
	}
	return widgets.Field(i18n.T("mapping.company"), "", e.company.Picker)
}

func (e *editor) accountQuestion() fyne.CanvasObject {
	e.account = widgets.NewPicker(i18n.T("mapping.pick_account"), i18n.T("picker.nothing"), nil)
	return widgets.Field(i18n.T("mapping.account"), "", e.account)
}

// begin fills in what is known and starts the chain of questions. The pickers
// are told apart from the person's answers by being filled before they report.
func (e *editor) begin() {
	m := e.draft.mapping
	if m.CompanyID != 0 {
		e.company.Choose(m.CompanyID)
	}
	e.draft.mapping.CompanyID = e.company.Company()
	accounts := usable(e.screen.state.accounts, e.targets)
	if current := accountOf(e.screen.state.accounts, m.AccountID); current.ID != 0 && !current.Authorised() {
		accounts = append(accounts, current)
	}
	e.account.OnChanged = e.accountChosen
	e.account.SetOptions(accountOptions(e.targets, accounts))
	if m.AccountID != 0 {
		e.account.Choose(strconv.FormatInt(m.AccountID, 10))
	}
	e.proposeAccount()
	e.check()
}

// proposeAccount chooses the likely account of a new mapping while a person has
// chosen none.
func (e *editor) proposeAccount() {
	if e.draft.mapping.ID != 0 || e.account.Chosen() != "" && e.account.Chosen() != e.guess.account {
		return
	}
	id := guessAccount(e.companyOf(), usable(e.screen.state.accounts, e.targets), e.screen.state)
	if id == "" && e.guess.account == "" {
		return
	}
	e.guess.account = id
	e.account.Choose(id)
}

func (e *editor) companyChosen(id int64) {
	e.draft.mapping.CompanyID = id
	before := e.draft.mapping.Administration.Code
	e.proposeAccount()
	if a := e.administration; a != nil && (a.Chosen() == "" || a.Chosen() == e.guess.administration) {
		e.proposeAdministration()
	}
	if code := e.draft.mapping.Administration.Code; code != "" && code == before && e.draft.reference != nil {
		e.administrationChosen(code) // another company has other codes
	}
	e.check()
}

func (e *editor) companyOf() model.Company {
	i := slices.IndexFunc(e.screen.state.companies, func(c model.Company) bool { return c.ID == e.draft.mapping.CompanyID })
	if i < 0 {
		return model.Company{}
	}
	return e.screen.state.companies[i]
}

func (e *editor) accountChosen(text string) {
	id, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		id = 0
	}
	if e.draft.mapping.AccountID != id {
		e.draft.mapping.Administration = model.Administration{}
	}
	e.draft.mapping.AccountID = id
	account := accountOf(e.screen.state.accounts, id)
	e.draft.mapping.Target = account.Target
	e.draft.target = e.description(account.Target)
	e.draft.reference = nil
	e.reading.Forget()
	e.where.RemoveAll()
	e.clearRules()
	e.administration, e.guess.administration = nil, ""
	if id != 0 {
		e.fetchAdministrations(id)
	}
	e.check()
}

func (e *editor) description(id string) target.Description {
	i := slices.IndexFunc(e.targets, func(d target.Description) bool { return d.ID == id })
	if i < 0 {
		return target.Description{}
	}
	return e.targets[i]
}

// askAdministration shows the list, with the likely answer chosen.
func (e *editor) askAdministration(list []model.Administration) {
	e.administrations = list
	before := e.draft.mapping.Administration.Code
	e.administration = widgets.NewPicker(i18n.T("mapping.pick_administration"), i18n.T("picker.nothing"), e.administrationChosen)
	e.where.Objects = []fyne.CanvasObject{widgets.Field(i18n.T("mapping.administration"), "", e.administration)}
	e.where.Refresh()
	options := administrationOptions(list)
	if len(options) == 0 {
		e.note.Say(i18n.T("mapping.no_administration"), "", nil)
	}
	e.administration.SetOptions(options)
	if before != "" {
		e.administration.Choose(before)
	} else {
		e.proposeAdministration()
	}
	e.check()
}

// proposeAdministration chooses the likely administration of the company; one
// that was proposed for another company goes.
func (e *editor) proposeAdministration() {
	code := guess(e.companyOf(), e.administrations)
	if code == "" && e.guess.administration == "" {
		return
	}
	e.guess.administration = code
	e.administration.Choose(code)
}

func (e *editor) administrationChosen(code string) {
	i := slices.IndexFunc(e.administrations, func(a model.Administration) bool { return a.Code == code })
	e.draft.reference = nil
	e.clearRules()
	if i < 0 {
		e.draft.mapping.Administration = model.Administration{}
		e.check()
		return
	}
	e.draft.mapping.Administration = e.administrations[i]
	e.fetchOffer(false)
	e.check()
}

// clearRules takes away what the target asks.
func (e *editor) clearRules() {
	e.rules.RemoveAll()
	e.tables, e.options, e.advanced, e.booking = nil, nil, nil, nil
}

// show gives the focus to a field of the form and opens what it is put away in.
// A dimension whose codes are translated shows its table.
func (e *editor) show(field string) {
	if field == dialogs.FieldAdministration && e.administration != nil {
		e.screen.deps.Window().Canvas().Focus(e.administration)
		return
	}
	for _, t := range e.tables {
		if field == t.which.field() && t.fold.Visible() {
			widgets.OpenFold(t.fold)
			return
		}
	}
	if e.options != nil {
		dialogs.Focus(e.screen.deps.Window(), e.options, e.advanced, field)
	}
}

// opened makes room for a fold that was opened or closed, and brings what was
// opened into sight.
func (e *editor) opened(fold *fyne.Container) {
	e.check()
	if !widgets.IsFoldOpen(fold) {
		return
	}
	e.scroll.Refresh() // only then does it know how long its content is
	driver := fyne.CurrentApp().Driver()
	from := driver.AbsolutePositionForObject(e.questions).Y
	e.scroll.ScrollToOffset(fyne.NewPos(0, driver.AbsolutePositionForObject(fold).Y-from))
}

// check lays the questions out and lets the mapping be saved or not.
func (e *editor) check() {
	if e.dialog == nil {
		return
	}
	e.tellProposals()
	good := true
	for _, t := range e.tables {
		good = t.follow() && good
	}
	good = (e.booking == nil || e.booking.good()) && good
	widgets.Settle(e.questions)
	_, startOK := e.startPeriod()
	e.dialog.Enable(e.draft.complete() && startOK && good)
}

// tellProposals says which answers nobody gave yet.
func (e *editor) tellProposals() {
	names := e.guess.named(e.draft.mapping, e.draft.target, func(f target.Field) string { return dialogs.FieldLabel(e.draft.target.ID, f) })
	e.proposed.Hidden = len(names) == 0
	e.proposed.SetText(i18n.T("mapping.proposed", "what", strings.Join(names, ", ")))
}

func (e *editor) save(d *dialogs.Dialog) {
	m := e.draft.mapping
	m.Start, _ = e.startPeriod()
	d.Busy(i18n.T("dialog.busy"))
	async.Run(e.screen.ctx, e.screen.deps.Runner,
		func(ctx context.Context) (struct{}, error) {
			return struct{}{}, e.screen.deps.Office.SaveMapping(ctx, &m)
		},
		func(_ struct{}, err error) { e.finish(d, err) })
}

func (e *editor) remove() {
	e.dialog.Close()
	s, m := e.screen, e.draft.mapping
	dialogs.Confirm(s.deps.Window(), i18n.T("mapping.remove"), i18n.T("mapping.remove.text", "company", e.companyOf().Name), i18n.T("mapping.remove"), func() {
		async.Run(s.ctx, s.deps.Runner,
			func(ctx context.Context) (struct{}, error) {
				return struct{}{}, s.deps.Office.RemoveMapping(ctx, m.ID)
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

func (e *editor) finish(d *dialogs.Dialog, err error) {
	if err != nil {
		e.trouble(err)
		return
	}
	d.Close()
	e.screen.Load()
	e.screen.deps.Changed()
}
