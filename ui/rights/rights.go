// Package rights is the page of who may do what: templates with a right at each
// system, and the users of the computer with their templates. [Show] opens it.
//
// It decides nothing: what it saves, and whether its user may save at all, the
// office says.
package rights

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"

	"loonbrug/data/model"
	"loonbrug/integration/explain"
	"loonbrug/integration/target"
	"loonbrug/ui/allowed"
	"loonbrug/ui/async"
	"loonbrug/ui/dialogs"
	"loonbrug/ui/i18n"
	"loonbrug/ui/widgets"
)

// Office is what the page needs of the office.
type Office interface {
	allowed.Office

	Partners() []target.Description
	Rights(ctx context.Context) (model.Rights, error)
	SaveRights(ctx context.Context, r model.Rights) error
	User() string
}

// Deps is what the page stands on.
type Deps struct {
	Office  Office
	Runner  *async.Runner
	Window  fyne.Window
	Explain func(*model.Problem) explain.Page
	Saved   func() // other rights hold now
}

const (
	width  = 760
	height = 480
)

// known is what is fetched when the page opens.
type known struct {
	rights  model.Rights
	refused *model.Problem // the user may only look
}

// page is what is open.
type page struct {
	deps   Deps
	draft  draft
	locked bool
	list   *fyne.Container
}

// Show fetches the rights and opens the page.
func Show(ctx context.Context, deps Deps) {
	async.Run(ctx, deps.Runner,
		func(ctx context.Context) (now known, err error) {
			if now.rights, err = deps.Office.Rights(ctx); err != nil {
				return now, err
			}
			refusals, err := allowed.Ask(ctx, deps.Office, model.ActManage, "")
			now.refused = refusals.At(model.ActManage, "")
			return now, err
		},
		func(now known, err error) {
			if err != nil {
				dialogs.Problem(deps.Window, deps.Explain(model.ProblemOf(err)), nil)
				return
			}
			p := &page{deps: deps, draft: draftOf(now.rights), locked: now.refused != nil, list: container.NewVBox()}
			p.open(ctx, now.refused)
		})
}

func (p *page) open(ctx context.Context, refused *model.Problem) {
	notice := allowed.NewNotice()
	p.draw()
	d := dialogs.Show(p.deps.Window, dialogs.Spec{
		Title:   i18n.T("menu.rights"),
		Content: container.NewBorder(container.NewVBox(widgets.Muted(i18n.T("rights.about")), notice), nil, nil, nil, container.NewVScroll(widgets.BesideBar(p.list))),
		Confirm: i18n.T("dialog.save"), Width: width, Height: height,
		OnConfirm: func(d *dialogs.Dialog) { p.save(ctx, d) },
	})
	allowed.Guard(refused, p.deps.Explain, notice)
	d.Enable(!p.locked)
}

func (p *page) save(ctx context.Context, d *dialogs.Dialog) {
	r := p.draft.rights()
	d.Busy(i18n.T("dialog.busy"))
	async.Run(ctx, p.deps.Runner,
		func(ctx context.Context) (struct{}, error) { return struct{}{}, p.deps.Office.SaveRights(ctx, r) },
		func(_ struct{}, err error) {
			if err != nil {
				d.Fail(dialogs.ProblemPanel(p.deps.Explain(model.ProblemOf(err)), nil))
				return
			}
			d.Close()
			p.deps.Saved()
		})
}

// draw shows the draft anew, after a template or a user came or went.
func (p *page) draw() {
	p.list.RemoveAll()
	p.list.Add(widgets.Title(i18n.T("rights.templates")))
	var pickers []*widgets.Picker
	for _, t := range p.draft.templates {
		p.list.Add(widgets.Panel(p.template(t, func() {
			for _, picker := range pickers {
				picker.SetChoices(p.draft.choices())
			}
		})))
	}
	p.list.Add(container.NewHBox(p.button(i18n.T("rights.template.add"), p.addTemplate)))
	if len(p.draft.templates) > 0 {
		p.list.Add(widgets.Title(i18n.T("rights.users")))
		for _, m := range p.draft.members {
			row, picker := p.member(m)
			p.list.Add(row)
			pickers = append(pickers, picker)
		}
		p.list.Add(container.NewHBox(p.button(i18n.T("rights.user.add"), p.addMember)))
	}
	widgets.Settle(p.list)
}

// button is one that changes the draft.
func (p *page) button(label string, do func()) *widgets.Button {
	b := widgets.NewButton(label, func() { do(); p.draw() })
	if p.locked {
		b.Disable()
	}
	return b
}

// lock disables controls where the user may only look.
func (p *page) lock(controls ...allowed.Control) {
	for _, c := range controls {
		if p.locked {
			c.Disable()
		}
	}
}

// template is the panel of one template; renamed is called for every letter.
func (p *page) template(t *template, renamed func()) fyne.CanvasObject {
	name := widgets.NewEntry()
	name.SetText(t.Name)
	name.OnChanged = func(text string) { t.Name = text; renamed() }
	at := container.New(layout.NewFormLayout())
	for _, d := range p.deps.Office.Partners() {
		right := widgets.NewPicker(i18n.T("picker.choose"), i18n.T("picker.nothing"), nil)
		right.SetName(d.Name)
		right.SetOptions(rightChoices())
		right.Choose(string(t.at(d.ID)))
		right.OnChanged = func(id string) { t.Targets[d.ID] = model.Right(id) }
		at.Add(widgets.Name(d.Name))
		at.Add(right)
		p.lock(right)
	}
	send := widgets.NewCheck(i18n.T("rights.send"), func(on bool) { t.Send = on })
	send.Checked = t.Send
	manage := widgets.NewCheck(i18n.T("rights.manage"), func(on bool) { t.Manage = on })
	manage.Checked = t.Manage
	p.lock(name, send, manage)
	remove := p.button(i18n.T("rights.remove"), func() { p.draft.remove(t) })
	return container.NewVBox(widgets.Field(i18n.T("rights.template"), "", container.NewBorder(nil, nil, nil, remove, name)), at, send, manage)
}

// member is the row of one user, and the picker of its template.
func (p *page) member(m *member) (fyne.CanvasObject, *widgets.Picker) {
	user := widgets.NewEntry()
	user.SetText(m.user)
	user.SetPlaceHolder(i18n.T("rights.user"))
	user.OnChanged = func(text string) { m.user = text }
	picker := widgets.NewPicker(i18n.T("rights.choose"), i18n.T("picker.nothing"), nil)
	picker.SetName(i18n.T("rights.choose"))
	picker.SetOptions(p.draft.choices())
	picker.Choose(p.draft.id(m.template))
	m.template = p.draft.byID(picker.Chosen()) // an only template is chosen by itself
	picker.OnChanged = func(id string) { m.template = p.draft.byID(id) }
	p.lock(user, picker)
	remove := p.button(i18n.T("rights.remove"), func() { p.draft.dismiss(m) })
	return container.NewBorder(nil, nil, nil, remove, container.NewGridWithColumns(2, user, picker)), picker
}

func rightChoices() (all []widgets.Option) {
	for _, r := range []model.Right{model.RightNone, model.RightRead, model.RightWrite} {
		all = append(all, widgets.Option{ID: string(r), Label: i18n.T("rights.right." + string(r))})
	}
	return all
}

// addTemplate adds one; the first may do everything and is the user's own, so that
// nobody shuts the office in.
func (p *page) addTemplate() {
	t := p.draft.add(i18n.T("rights.template.new"))
	if len(p.draft.templates) > 1 {
		return
	}
	t.Name, t.Send, t.Manage = i18n.T("rights.template.first"), true, true
	for _, d := range p.deps.Office.Partners() {
		t.Targets[d.ID] = model.RightWrite
	}
	p.draft.members = append(p.draft.members, &member{user: p.deps.Office.User(), template: t})
}

func (p *page) addMember() { p.draft.members = append(p.draft.members, &member{}) }
