package tasks

import (
	"slices"

	"loonbrug/data/model"
	"loonbrug/ui/allowed"
	"loonbrug/ui/i18n"
)

// pair is a run that is held back, beside the one it is perhaps the same as.
type pair struct{ held, other model.RunRow }

// state is everything that the list shows.
type state struct {
	tasks     []model.Task
	companies []model.Company
	pairs     map[int64]pair // by the held run
	refused   allowed.Refusals
}

// Urgent tells whether something is wrong, rather than only left to a person.
func Urgent(t model.Task) bool {
	switch t.Kind {
	case model.TaskSend, model.TaskCompany, model.TaskTwin, model.TaskFile:
		return false
	}
	return true
}

// AnyUrgent tells whether something is wrong in a list.
func AnyUrgent(list []model.Task) bool { return slices.ContainsFunc(list, Urgent) }

// source is where a run came from.
func source(r model.RunRow) string {
	if r.Run.FromFile() {
		return i18n.T("run.source.file")
	}
	return r.Company.Source
}

// periods are those that a run has entries for.
func periods(r model.RunRow) string {
	if r.Run.First == r.Run.Last {
		return i18n.FormatPeriod(r.Run.Last)
	}
	return i18n.FormatPeriod(r.Run.First) + " – " + i18n.FormatPeriod(r.Run.Last)
}
