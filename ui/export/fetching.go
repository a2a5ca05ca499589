package export

import (
	"context"
	"errors"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	base "fyne.io/fyne/v2/theme"

	"loonbrug/data/model"
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
	row.Add(widgets.NewMainButton(i18n.T("export.import"), s.Import))
	return row
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
		s.asking.Enable()
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
