package export

import (
	"strings"

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

// flagged is the second line of a run: what sets it apart from others first.
func flagged(r model.RunRow) string {
	var parts []string
	switch {
	case r.Run.Gone:
		parts = append(parts, i18n.T("run.flag.gone"))
	case r.Run.Changed:
		parts = append(parts, i18n.T("run.flag.changed"))
	}
	switch r.Run.Hold {
	case model.HoldSame:
		parts = append(parts, i18n.T("run.flag.same"))
	case model.HoldReplaced:
		parts = append(parts, i18n.T("run.flag.replaced"))
	}
	return strings.Join(append(parts, describe(r)), " · ")
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
