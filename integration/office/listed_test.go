package office_test

import (
	"slices"
	"strings"
	"testing"

	"loonbrug/data/journal"
	"loonbrug/data/model"
	"loonbrug/integration/office"
)

// A run that is listed without its journal is a task once, until its file comes
// or a person is done with it.
func TestListedRuns(t *testing.T) {
	b := newBureau(t)
	ctx := t.Context()
	needed := model.NewProblem("source.file_needed", "run", "x", "company", "De Halm")
	for i, id := range []string{"r1", "r2"} {
		b.add(id, i+1, march(3), "")
		b.payroll.fail[id] = needed
		b.payroll.runs[i].Description = "Maart " + id
		b.payroll.runs[i].First, b.payroll.runs[i].Last = journal.Period{}, journal.Period{}
	}
	waiting := func() (all []string) {
		t.Helper()
		b.must(b.Fetch(ctx, b.payID))
		tasks, err := b.Tasks(ctx)
		b.must(err)
		for _, task := range tasks {
			if task.Kind == model.TaskFile {
				all = append(all, task.Run.SourceID+" "+task.Problem.Params["run"])
			}
		}
		return all
	}
	for range 2 {
		if got := waiting(); !slices.Equal(got, []string{"r1 Maart r1", "r2 Maart r2"}) {
			t.Fatal(got)
		}
	}
	if rows := b.rows(); len(rows) != 0 {
		t.Errorf("runs without a journal: %+v", rows)
	}
	company := b.mapping.CompanyID
	b.must(b.FileDone(ctx, company, "r2"))
	if got := waiting(); !slices.Equal(got, []string{"r1 Maart r1"}) {
		t.Error(got)
	}
	_, _, err := b.Take(ctx, office.Incoming{CompanyID: company, Name: "loon.xml", Description: "maart R1", Content: strings.NewReader(transactions(balanced(3, 2026)))})
	b.must(err)
	if got := waiting(); len(got) != 0 {
		t.Error(got)
	}
}

// Of a file whose last line is wrong nothing is taken in.
func TestTake_NothingHalf(t *testing.T) {
	b := newBureau(t)
	bad := transactions(balanced(3, 2026), strings.Replace(balanced(4, 2026), "<debitcredit>credit", "<debitcredit>neither", 1))
	for _, name := range []string{"loon.xml", "again.xml"} {
		_, _, err := b.Take(t.Context(), office.Incoming{CompanyID: b.mapping.CompanyID, Name: name, Content: strings.NewReader(bad)})
		if p := model.ProblemOf(err); p == nil || p.Code != "file.bad_side" || p.Params["file"] != name || p.Params["row"] == "" || p.Params["field"] != "debitcredit" {
			t.Errorf("%v", err)
		}
	}
	tasks, err := b.Tasks(t.Context())
	b.must(err)
	if rows := b.rows(); len(rows) != 0 || len(tasks) != 0 {
		t.Errorf("%+v, %+v", rows, tasks)
	}
}
