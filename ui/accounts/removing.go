package accounts

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

// remove says what hangs on an account, or asks whether it may go.
func (s *Screen) remove(a model.Account) {
	async.Run(s.ctx, s.deps.Runner,
		func(ctx context.Context) (model.AccountUse, error) { return s.deps.Office.AccountUse(ctx, a.ID) },
		func(use model.AccountUse, err error) {
			switch {
			case err != nil:
				s.fail(err)
			case use.Free():
				dialogs.Confirm(s.deps.Window(), i18n.T("account.remove"), i18n.T("account.remove.text", "name", a.Name),
					i18n.T("account.remove"), func() { s.removeNow(a) })
			default:
				s.inUse(a, use)
			}
		})
}

// mostNamed is how many companies are named that book with an account.
const mostNamed = 8

// inUse says what hangs on an account and what to do first.
func (s *Screen) inUse(a model.Account, use model.AccountUse) {
	content := container.NewVBox(widgets.Paragraph(i18n.T("account.in_use", "name", a.Name)))
	if n := len(use.Companies); n > 0 {
		names := use.Companies[:min(n, mostNamed)]
		list := strings.Join(names, "\n")
		if more := n - len(names); more > 0 {
			list += "\n" + i18n.Tn("account.in_use.more", more)
		}
		content.Add(widgets.Tight(widgets.Bold(i18n.Tn("account.in_use.companies", n)), widgets.Paragraph(list)))
	}
	if use.Waiting > 0 {
		content.Add(widgets.Bold(i18n.Tn("account.in_use.waiting", use.Waiting)))
	}
	dialogs.Show(s.deps.Window(), dialogs.Spec{Title: i18n.T("account.remove"), Content: content, Width: 420})
}

func (s *Screen) removeNow(a model.Account) {
	async.Run(s.ctx, s.deps.Runner,
		func(ctx context.Context) (struct{}, error) { return struct{}{}, s.deps.Office.RemoveAccount(ctx, a.ID) },
		func(_ struct{}, err error) {
			if err != nil {
				s.fail(err)
			}
			s.Load()
			s.deps.Changed()
		})
}
