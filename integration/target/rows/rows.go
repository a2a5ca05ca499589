// Package rows checks the error catalogue of a target, row by row, from its
// tests: [Check] lets every row happen and looks whether the right problem comes
// out with the right action, and whether a person is told the truth about what
// was booked.
//
// A catalogue is a plain table, so that a row that is missing shows. A row that
// cannot happen in the program says why instead. The package books nothing and
// explains nothing itself.
package rows

import (
	"encoding/json"
	"io/fs"
	"slices"
	"testing"

	"loonbrug/data/model"
	"loonbrug/integration/explain"
	"loonbrug/integration/target"
)

// Row is one row of a vendor's error catalogue.
type Row struct {
	Name   string // the vendor's code or sign, and the situation
	Absent string // why it cannot happen; nothing else is set then

	Happen func(t *testing.T) Seen
	Code   string // of the problem; empty when the program gets by without one
	Action model.Action
	Class  target.Class // empty where nothing was sent yet: sign-in, check, reading
	SignIn bool
	Booked string // the sentence about what was booked, by its name in the explanations; empty is none
}

// Seen is what came of a row.
type Seen struct {
	Problem *model.Problem
	Outcome target.Outcome // of a sending; its problem counts when Problem is nil
}

// Of is what an error of a question shows.
func Of(err error) Seen { return Seen{Problem: model.ProblemOf(err)} }

// Sent is what a sending shows.
func Sent(o target.Outcome) Seen { return Seen{Outcome: o} }

// One picks the problem with a code from those of a check; nil is none.
func One(problems []*model.Problem, code string) Seen {
	if i := slices.IndexFunc(problems, func(p *model.Problem) bool { return p.Code == code }); i >= 0 {
		return Seen{Problem: problems[i]}
	}
	return Seen{}
}

// Check lets every row happen. texts are the files of the explanations.
func Check(t *testing.T, texts fs.FS, catalogue []Row) {
	t.Helper()
	explained, err := explain.New(texts)
	if err != nil {
		t.Fatal(err)
	}
	sentences := bookedSentences(t, texts)
	names := make(map[string]bool)
	for _, row := range catalogue {
		if names[row.Name] {
			t.Errorf("%s stands in the catalogue twice", row.Name)
		}
		names[row.Name] = true
		if (row.Absent == "") == (row.Happen == nil) {
			t.Errorf("%s must either happen or say why it cannot", row.Name)
		}
		if row.Happen == nil {
			continue
		}
		t.Run(row.Name, func(t *testing.T) {
			seen := row.Happen(t)
			row.compare(t, seen)
			if p := seen.problem(); p != nil {
				row.read(t, explained, sentences, p)
			}
		})
	}
}

func (s Seen) problem() *model.Problem {
	if s.Problem != nil {
		return s.Problem
	}
	return s.Outcome.Problem
}

// compare holds what came out against the row.
func (r Row) compare(t *testing.T, seen Seen) {
	t.Helper()
	p := seen.problem()
	if p == nil {
		p = &model.Problem{}
	}
	if p.Code != r.Code || p.Action != r.Action {
		t.Errorf("problem %v with action %q, want %s with %q", p, p.Action, r.Code, r.Action)
	}
	if o := seen.Outcome; o.Class != r.Class || o.SignIn != r.SignIn {
		t.Errorf("class %q, sign in %t; want %q, %t", o.Class, o.SignIn, r.Class, r.SignIn)
	}
}

// read holds the page of the problem against the row, and the row against the
// truth: only what is certain may be said.
func (r Row) read(t *testing.T, explained *explain.Catalogue, sentences map[string]string, p *model.Problem) {
	t.Helper()
	if _, known := explained.Codes()[p.Code]; !known {
		t.Errorf("%s is not explained", p.Code)
	}
	page := explained.Page("en", p)
	if page.Booked != sentences[r.Booked] {
		t.Errorf("booked: %q, want %q", page.Booked, sentences[r.Booked])
	}
	if !slices.Contains(truths(r.Class), r.Booked) {
		t.Errorf("%q is not the truth after a sending that is %q", r.Booked, r.Class)
	}
}

// truths are the sentences that may be said after an outcome. Saying nothing is
// never wrong: the state of the delivery says it then.
func truths(c target.Class) []string {
	switch c {
	case target.NotSent, target.Deferred, target.Rejected:
		return []string{"", "nothing", "not_sent", "kept"}
	case target.Pending, target.Ambiguous:
		return []string{"", "check"}
	case target.Accepted:
		return []string{"", "check", "there"}
	}
	return []string{"", "nothing", "not_sent", "kept", "check", "there"}
}

func bookedSentences(t *testing.T, texts fs.FS) map[string]string {
	t.Helper()
	data, err := fs.ReadFile(texts, "en.json")
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Booked map[string]string `json:"booked"`
	}
	if err := json.Unmarshal(data, &file); err != nil || len(file.Booked) == 0 {
		t.Fatalf("sentences %v, %v", file.Booked, err)
	}
	return file.Booked
}
