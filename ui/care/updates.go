package care

import (
	"context"
	"strings"

	"fyne.io/fyne/v2/container"

	"loonbrug/data/model"
	"loonbrug/ui/async"
	"loonbrug/ui/dialogs"
	"loonbrug/ui/i18n"
	"loonbrug/ui/widgets"
)

// asked is where newer versions are asked for.
type asked struct {
	address string
	on      bool
}

// showUpdates fetches the settings of newer versions and shows them.
func (p *page) showUpdates() {
	async.Run(p.ctx, p.deps.Runner,
		func(ctx context.Context) (a asked, err error) {
			a.address, a.on, err = p.deps.Keeper.Updates(ctx)
			return a, err
		},
		func(a asked, err error) {
			if err != nil {
				p.fail(err)
				return
			}
			p.editUpdates(a)
		})
}

func (p *page) editUpdates(a asked) {
	address := widgets.NewEntry()
	address.SetText(a.address)
	address.SetPlaceHolder("https://")
	ask := widgets.NewCheck(i18n.T("care.updates.ask"), nil)
	ask.SetChecked(a.on)
	var d *dialogs.Dialog
	// now saves first, so that what is asked is what the person sees.
	now := widgets.NewQuietButton(i18n.T("care.updates.now"), func() {
		p.saveUpdates(d, asked{strings.TrimSpace(address.Text), ask.Checked}, p.askNow)
	})
	d = dialogs.Show(p.deps.Window, dialogs.Spec{
		Title: i18n.T("care.updates"),
		Content: container.NewVBox(
			widgets.Field(i18n.T("care.updates.address"), i18n.T("care.updates.address.help"), address), ask,
		),
		Confirm: i18n.T("dialog.save"), Extra: now, Focus: address, Width: width,
		OnConfirm: func(d *dialogs.Dialog) {
			p.saveUpdates(d, asked{strings.TrimSpace(address.Text), ask.Checked}, func() {})
		},
	})
}

func (p *page) saveUpdates(d *dialogs.Dialog, a asked, then func()) {
	d.Busy(i18n.T("dialog.busy"))
	async.Run(p.ctx, p.deps.Runner,
		func(ctx context.Context) (struct{}, error) {
			return struct{}{}, p.deps.Keeper.SaveUpdates(ctx, a.address, a.on)
		},
		func(_ struct{}, err error) {
			if err != nil {
				d.Fail(dialogs.ProblemPanel(p.deps.Explain(model.ProblemOf(err)), nil))
				return
			}
			d.Close()
			then()
		})
}

// askNow asks for a newer version at once.
func (p *page) askNow() {
	var version string
	p.work(i18n.T("care.updates"), func(ctx context.Context) (err error) {
		version, err = p.deps.Keeper.Newer(ctx)
		return err
	}, func() {
		if version == "" {
			dialogs.Message(p.deps.Window, i18n.T("care.updates"), i18n.T("care.updates.none"))
			return
		}
		dialogs.Confirm(p.deps.Window, i18n.T("care.updates"), i18n.T("care.updates.newer", "version", version), i18n.T("care.updates.download"), func() {
			p.open(p.deps.Keeper.OpenDownload)
		})
	})
}
