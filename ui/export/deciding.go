package export

import (
	"slices"

	"loonbrug/data/model"
	"loonbrug/ui/dialogs"
	"loonbrug/ui/i18n"
)

// bookInOpen books corrections of closed periods in the first open one, after
// asking.
func (s *Screen) bookInOpen(d detail) {
	dialogs.Confirm(s.deps.Window(), i18n.T("action.book_in_open"), i18n.T("decide.open.text"), i18n.T("action.book_in_open"), func() {
		s.sendBy(d.row, d.logo, model.Consent{FirstOpen: true})
	})
}

// sendOld sends one run from before the start of its mapping, after asking. A
// correction of it that needs a decision of its own is asked for with it.
func (s *Screen) sendOld(d detail) {
	by := model.Consent{BeforeStart: true, FirstOpen: slices.ContainsFunc(d.check.faults, func(f fault) bool { return f.problem.Action == model.ActionBookInOpen })}
	text := i18n.T("decide.old.text", "target", s.description(d.logo.Target).Name)
	if by.FirstOpen {
		text += "\n\n" + i18n.T("decide.open.text")
	}
	dialogs.Confirm(s.deps.Window(), i18n.T("action.send_old"), text, i18n.T("action.send_old"), func() { s.sendBy(d.row, d.logo, by) })
}
