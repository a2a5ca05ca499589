package export

import "loonbrug/ui/overview"

// showOverview opens the plots; a bar leads back to the runs behind it.
func (s *Screen) showOverview() {
	overview.Show(s.ctx, overview.Deps{
		Office: s.deps.Office, Runner: s.deps.Runner, Window: s.deps.Window(), Explain: s.deps.Explain, Runs: s.showOnly,
	})
}
