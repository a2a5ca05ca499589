package ui

import (
	"fyne.io/fyne/v2"

	"loonbrug/ui/help"
	"loonbrug/ui/i18n"
	"loonbrug/ui/start"
)

// newPath makes the path of the first start, whose steps lead to the dialogs of
// the tabs.
func (s *Shell) newPath(window func() fyne.Window) *start.Screen {
	return start.New(s.ctx, start.Deps{
		Office: s.deps.Office, Keeper: s.deps.Start, Runner: s.deps.Runner, Window: window, Explain: s.explain, Practice: s.deps.Practice,
		Language: s.SetLanguage, Choose: s.deps.Choose,
		NewAccount: s.accounts.NewAccount, SignIn: s.accounts.SignIn, Import: s.export.Import,
		Signing:  s.stopSigning,
		Map:      func(companyID int64) { s.administrations.Open(companyID, 0, "") },
		Shown:    func(bool) { s.showDesk() },
		Finished: func() { s.tabs.SelectIndex(tabExport) },
		Help:     help.About,
	}, s.deps.StartAt)
}

// stopSigning stops the sign-in of an account; it is nil while none is under way.
func (s *Shell) stopSigning(account int64) func() {
	if u := s.signIns[account]; u != nil {
		return u.Stop
	}
	return nil
}

// showDesk shows the path of the first start while it is open, else the tabs.
func (s *Shell) showDesk() {
	s.desk.Objects = s.tabsAndMenus
	if s.start.IsOpen() {
		s.desk.Objects = []fyne.CanvasObject{s.start.Content()}
	}
	s.desk.Refresh()
	s.showBanner()
}

// pathLines is the quiet line of a path that was left before its end.
func (s *Shell) pathLines() []alarm {
	done, of, left := s.start.Left()
	if !left {
		return nil
	}
	return []alarm{{text: i18n.T("banner.start", "done", done, "all", of), action: i18n.T("banner.start.continue"), duty: dutyStart, quiet: true}}
}
