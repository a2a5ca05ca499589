package ui

import (
	"fyne.io/fyne/v2"

	"loonbrug/data/model"
	"loonbrug/ui/care"
	"loonbrug/ui/dialogs"
)

// guided is the window with its guide, which dialogs over it open at their page.
type guided struct {
	fyne.Window
	open func(page string)
}

// OpenGuide implements [dialogs.Guided].
func (g guided) OpenGuide(page string) { g.open(page) }

// openGuide shows the guide at a page; without one, at the page about what the
// window shows.
func (s *Shell) openGuide(page string) {
	if page == "" {
		page = []string{"accounts", "mapping", "sending"}[s.tabs.SelectedIndex()]
	}
	s.guide.Open(page)
}

// showCare opens the page for looking after the program.
func (s *Shell) showCare() {
	care.Show(s.ctx, care.Deps{Window: s.window, Runner: s.deps.Runner, Keeper: s.deps.Care, Explain: s.explain, Changed: s.Reload})
}

// Announce tells quietly that a newer version can be had.
func (s *Shell) Announce(version string) {
	s.newer = version
	s.showBanner()
}

// openDownload shows the page that a newer version is got from.
func (s *Shell) openDownload() {
	if err := s.deps.Care.OpenDownload(); err != nil {
		dialogs.Problem(s.window, s.explain(model.ProblemOf(err)), nil)
	}
}
