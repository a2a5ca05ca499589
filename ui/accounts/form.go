package accounts

import (
	"context"
	"maps"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"loonbrug/data/model"
	"loonbrug/integration/target"
	"loonbrug/ui/async"
	"loonbrug/ui/dialogs"
	"loonbrug/ui/i18n"
	"loonbrug/ui/widgets"
)

// NewAccount asks for a new account, at a target when one is given, and signs
// it in at once.
func (s *Screen) NewAccount(targetID string) {
	targets := s.deps.Office.Partners()
	var d *dialogs.Dialog
	var editor *formEditor
	fields := container.NewVBox()
	changed := func() {
		if d != nil {
			d.Enable(editor != nil && len(editor.form().missing()) == 0)
		}
	}
	options := make([]widgets.Option, len(targets))
	for i, t := range targets {
		options[i] = widgets.Option{ID: t.ID, Label: t.Name}
	}
	page := "accounts"
	picker := widgets.NewPicker(i18n.T("account.pick_target"), i18n.T("picker.nothing"), func(id string) {
		i := slices.IndexFunc(targets, func(t target.Description) bool { return t.ID == id })
		editor = nil
		fields.RemoveAll()
		if i >= 0 {
			editor = newFormEditor(targets[i], model.Account{Name: proposeName(targets[i], s.accounts)}, changed)
			fields.Add(editor.content)
			widgets.Settle(fields)
			page = id
			if d != nil {
				d.SetGuide(page)
			}
		}
		changed()
	})
	picker.SetOptions(options)
	if targetID != "" {
		picker.Choose(targetID)
	}
	d = dialogs.Show(s.deps.Window(), dialogs.Spec{
		Title:   i18n.T("account.new"),
		Content: widgets.Scrolling(container.NewVScroll(widgets.Inset(container.NewVBox(widgets.Field(i18n.T("account.target"), "", picker), fields)))),
		Confirm: i18n.T("account.save"),
		Focus:   picker,
		Width:   formWidth, Height: formHeight, Guide: page,
		OnConfirm: func(d *dialogs.Dialog) { s.create(d, editor.form()) },
	})
	changed()
}

const (
	formWidth  = 480
	formHeight = 400
)

// create keeps the account and then signs it in.
func (s *Screen) create(d *dialogs.Dialog, f form) {
	settings, secrets := f.parted()
	d.Busy(i18n.T("dialog.busy"))
	async.Run(s.ctx, s.deps.Runner,
		func(ctx context.Context) (model.Account, error) {
			return s.deps.Office.NewAccount(ctx, f.target.ID, f.name, settings, secrets)
		},
		func(a model.Account, err error) {
			if err != nil {
				d.Fail(dialogs.ProblemPanel(s.deps.Explain(model.ProblemOf(err)), nil))
				return
			}
			d.Close()
			s.accounts = append(s.accounts, a)
			s.deps.Changed()
			s.authorise(a.ID)
		})
}

// Change asks for another name or other data of an account. Secrets that are
// left empty stay, unless they can no longer be opened.
func (s *Screen) Change(a model.Account) {
	targets := s.deps.Office.Partners()
	i := slices.IndexFunc(targets, func(t target.Description) bool { return t.ID == a.Target })
	if i < 0 {
		return
	}
	var d *dialogs.Dialog
	var editor *formEditor
	editor = newFormEditor(targets[i], a, func() {
		if d != nil {
			d.Enable(len(editor.form().missing()) == 0)
		}
	})
	d = dialogs.Show(s.deps.Window(), dialogs.Spec{
		Title:   i18n.T("account.change.title", "name", a.Name),
		Content: widgets.Scrolling(container.NewVScroll(widgets.Inset(editor.content))),
		Confirm: i18n.T("dialog.save"),
		Focus:   editor.name,
		Width:   formWidth, Height: formHeight, Guide: a.Target,
		OnConfirm: func(d *dialogs.Dialog) { s.change(d, a, editor.form()) },
	})
}

func (s *Screen) change(d *dialogs.Dialog, a model.Account, f form) {
	settings, secrets := f.parted()
	other := !maps.Equal(settings, a.Settings) || len(secrets) > 0
	a.Name, a.Settings = f.name, settings
	d.Busy(i18n.T("dialog.busy"))
	async.Run(s.ctx, s.deps.Runner,
		func(ctx context.Context) (struct{}, error) {
			return struct{}{}, s.deps.Office.ChangeAccount(ctx, a, secrets)
		},
		func(_ struct{}, err error) {
			if err != nil {
				d.Fail(dialogs.ProblemPanel(s.deps.Explain(model.ProblemOf(err)), nil))
				return
			}
			d.Close()
			s.Load()
			s.deps.Changed()
			if other {
				s.authorise(a.ID)
			}
		})
}

// formEditor is the fields of an account on the screen.
type formEditor struct {
	target   target.Description
	existing bool
	name     *widgets.Entry
	values   *widgets.Fields
	content  fyne.CanvasObject
}

func newFormEditor(d target.Description, a model.Account, changed func()) *formEditor {
	e := &formEditor{target: d, existing: a.ID != 0 && !lost(a), name: widgets.NewEntry()}
	e.name.SetText(a.Name)
	e.name.OnChanged = func(string) { changed() }
	e.values = dialogs.Fields(d.ID, d.AccountFields, a.Settings, e.existing, changed)
	content := container.NewVBox(widgets.Field(i18n.T("account.name"), i18n.T("account.name.help"), e.name))
	if d.AccountNote != "" {
		content.Add(widgets.Muted(i18n.T(d.AccountNote)))
	}
	content.Add(e.values.Content)
	if e.values.Folded != nil {
		content.Add(widgets.NewFold(i18n.T("account.advanced"), e.values.Folded, nil))
	}
	e.content = content
	return e
}

func (e *formEditor) form() form {
	return form{target: e.target, name: e.name.Text, values: e.values.Values(), existing: e.existing}
}
