package care

import (
	"context"
	"os"
	"path/filepath"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"loonbrug/data/model"
	"loonbrug/ui/async"
	"loonbrug/ui/dialogs"
	"loonbrug/ui/i18n"
	"loonbrug/ui/widgets"
)

// saveSetup asks where the set-up goes.
func (p *page) saveSetup() {
	p.askWhere(i18n.T("care.setup"), "loonbrug-setup.json", func(path string) {
		p.work(i18n.T("care.setup"), func(ctx context.Context) error {
			file, err := p.deps.Keeper.Setup(ctx)
			if err != nil {
				return err
			}
			if err := os.WriteFile(path, file, 0o600); err != nil {
				return model.NewProblem("store.read_only", "path", path).Because(err)
			}
			return nil
		}, func() { p.saved(path) })
	})
}

// compared is a set-up file with what it would change.
type compared struct {
	file    []byte
	changes []model.SetupChange
}

// readSetup asks for a set-up file and shows what it would change.
func (p *page) readSetup() {
	p.askWhich(i18n.T("care.setup.read"), ".json", func(path string) {
		async.Run(p.ctx, p.deps.Runner,
			func(ctx context.Context) (c compared, err error) {
				if c.file, err = os.ReadFile(path); err != nil {
					return c, model.NewProblem("setup.cannot_open", "file", filepath.Base(path)).Because(err)
				}
				c.changes, err = p.deps.Keeper.CompareSetup(ctx, c.file)
				return c, err
			},
			func(c compared, err error) {
				if err != nil {
					p.fail(err)
					return
				}
				p.offer(c)
			})
	})
}

// offer shows the changes, and takes them over when the person says so.
func (p *page) offer(c compared) {
	spec := dialogs.Spec{Title: i18n.T("care.setup.read"), Width: width, Height: height}
	list := container.NewVBox()
	taken := false
	for _, change := range c.changes {
		list.Add(changeLine(change))
		taken = taken || change.What != model.SetupKept
	}
	if !taken {
		list.Add(widgets.Paragraph(i18n.T("care.setup.same")))
	} else {
		spec.Confirm = i18n.T("care.setup.take")
		spec.OnConfirm = func(d *dialogs.Dialog) { p.takeOver(d, c.file) }
	}
	spec.Content = container.NewVScroll(widgets.BesideBar(list))
	dialogs.Show(p.deps.Window, spec)
}

// changeLine is one thing with the values that change.
func changeLine(c model.SetupChange) fyne.CanvasObject {
	line := container.NewVBox(widgets.Bold(i18n.T("care.setup.what."+string(c.What)) + " · " + i18n.T("care.setup.kind."+string(c.Kind)) + " · " + c.Key))
	var values []string
	for _, f := range c.Fields {
		values = append(values, i18n.T("care.setup.value", "field", f.Field, "from", f.From, "to", f.To))
	}
	if len(values) > 0 {
		line.Add(widgets.SmallWrapped(strings.Join(values, "\n")))
	}
	return line
}

func (p *page) takeOver(d *dialogs.Dialog, file []byte) {
	d.Busy(i18n.T("dialog.busy"))
	async.Run(p.ctx, p.deps.Runner,
		func(ctx context.Context) (struct{}, error) { return struct{}{}, p.deps.Keeper.ImportSetup(ctx, file) },
		func(_ struct{}, err error) {
			if err != nil {
				d.Fail(dialogs.ProblemPanel(p.deps.Explain(model.ProblemOf(err)), nil))
				return
			}
			d.Close()
			p.deps.Changed()
			dialogs.Message(p.deps.Window, i18n.T("care.setup"), i18n.T("care.setup.taken"))
		})
}
