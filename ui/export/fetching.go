package export

import (
	"context"
	"errors"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	base "fyne.io/fyne/v2/theme"

	"loonbrug/data/model"
	"loonbrug/ui/allowed"
	"loonbrug/ui/async"
	"loonbrug/ui/i18n"
	"loonbrug/ui/widgets"
)

// headButtons are those above the runs.
func (s *Screen) headButtons() fyne.CanvasObject {
	s.tasks = widgets.NewButton("", s.deps.ShowTasks)
	s.ShowTasks(0)
	row := container.NewHBox(s.tasks)
	if len(s.deps.Office.Partners()) > len(s.targets) {
		s.asking = widgets.NewIconButton(i18n.T("export.fetch"), base.ViewRefreshIcon(), s.Fetch)
		row.Add(s.asking)
	}
	row.Add(widgets.NewQuietButton(i18n.T("compare.open"), s.Compare))
	s.taking = widgets.NewMainButton(i18n.T("export.import"), s.Import)
	row.Add(s.taking)
	return row
}

// askRights disables what takes payroll in where the user has no right to.
func (s *Screen) askRights() {
	async.Load(s.ctx, s.deps.Runner, &s.permitting,
		func(ctx context.Context) (allowed.Refusals, error) {
			return allowed.Ask(ctx, s.deps.Office, model.ActWork, "")
		},
		func(refusals allowed.Refusals, err error) {
			if err != nil {
				s.fail(err)
				return
			}
			refused := refusals.At(model.ActWork, "")
			allowed.Guard(refused, s.deps.Explain, s.notice, s.taking)
			if s.asking != nil && s.shut != (refused != nil) {
				allowed.Guard(refused, s.deps.Explain, s.notice, s.asking)
			}
			s.shut = refused != nil
		})
}

// ShowTasks says how many tasks there are.
func (s *Screen) ShowTasks(n int) {
	text := i18n.T("tasks.title")
	if n > 0 {
		text = i18n.Tn("tasks.button", n)
	}
	if s.tasks.Text != text {
		s.tasks.SetText(text)
	}
}

// Fetch asks every payroll system for what is new, one after the other, and says
// which one it is waiting for.
func (s *Screen) Fetch() {
	if s.asking == nil || s.asking.Disabled() {
		return
	}
	s.asking.Disable()
	async.Run(s.ctx, s.deps.Runner, s.deps.Office.PayrollAccounts, func(accounts []model.Account, err error) {
		s.fetchNext(accounts, 0, err)
	})
}

// fetchNext asks one account and then the next; what failed is told at the end.
func (s *Screen) fetchNext(accounts []model.Account, i int, failed error) {
	if i == len(accounts) {
		if !s.shut {
			s.asking.Enable()
		}
		s.rest(i18n.T("export.hint.idle"))
		s.Load()
		s.deps.Changed()
		if failed != nil {
			s.fail(failed)
		}
		return
	}
	s.rest(i18n.T("export.fetching", "name", accounts[i].Name, "n", i+1, "all", len(accounts)))
	async.Run(s.ctx, s.deps.Runner,
		func(ctx context.Context) (struct{}, error) {
			return struct{}{}, s.deps.Office.Fetch(ctx, accounts[i].ID)
		},
		func(_ struct{}, err error) { s.fetchNext(accounts, i+1, errors.Join(failed, err)) })
}

// rest is what the line below the runs says while no logo is pointed at.
func (s *Screen) rest(text string) {
	s.resting = text
	s.hint.SetText(text)
}
