package export

import (
	"loonbrug/data/model"
	"loonbrug/ui/i18n"
)

// describe is a run with its corrections.
func describe(r model.RunRow) string {
	if r.Corrections == 0 {
		return r.Run.Description
	}
	return i18n.T("export.described", "description", r.Run.Description, "corrections", i18n.Tn("export.corrections", r.Corrections))
}

// flagged is the second line of a run: what sets it apart from others, else its
// corrections. There is no room for both.
func flagged(r model.RunRow) string {
	var flag string
	switch {
	case r.Run.Hold == model.HoldReplaced:
		flag = i18n.T("run.flag.replaced")
	case r.Run.Gone:
		flag = i18n.T("run.flag.gone")
	case r.Run.Changed:
		flag = i18n.T("run.flag.changed")
	case r.Run.Hold == model.HoldSame:
		flag = i18n.T("run.flag.same")
	default:
		return describe(r)
	}
	return i18n.T("export.described", "description", flag, "corrections", r.Run.Description)
}

// origin says where a run came from and whether it can still change there.
func origin(r model.RunRow) string {
	if r.Run.FromFile() {
		return i18n.T("run.source.file")
	}
	locked := i18n.T("run.open")
	if r.Run.Locked {
		locked = i18n.T("run.locked")
	}
	return i18n.T("run.source.system", "source", r.Company.Source, "locked", locked)
}

// flagProblems explain what happened to a run in its source since its journal
// was kept.
func flagProblems(r model.RunRow) (all []*model.Problem) {
	if r.Run.Gone {
		all = append(all, model.NewProblem("run.gone", "run", r.Run.Description, "company", r.Company.Name))
	}
	if r.Run.Changed {
		all = append(all, model.NewProblem("run.changed", "run", r.Run.Description, "company", r.Company.Name))
	}
	return all
}
