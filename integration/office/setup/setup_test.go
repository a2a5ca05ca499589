package setup_test

import (
	"bytes"
	"strings"
	"testing"

	"loonbrug/data/model"
	"loonbrug/integration/office/setup"
)

func office() setup.File {
	return setup.File{
		Accounts: []setup.Account{{System: "procountor", Name: "B"}, {System: "cash", Name: "A", Settings: map[string]string{"generation": "rest"}}},
		Companies: []setup.Company{{Source: "file", SourceID: "halm", Name: "De Halm", Rules: model.CompanyRules{
			Workflow: model.Workflow{Send: model.SendAutomatic, Days: 2},
		}}},
		Mappings: []setup.Mapping{{
			Source: "file", SourceID: "halm", System: "cash", Administration: model.Administration{Code: "1012", Name: "Halm"}, Account: "A",
			Options: map[string]string{"daybook": "SAL"}, Start: "2026-01", Rules: model.MappingRules{Closed: model.ClosedAsk},
		}},
	}
}

func written(t *testing.T, f setup.File) string {
	t.Helper()
	var out bytes.Buffer
	if err := setup.Write(&out, f); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// TestWrite_TheSame: the same set-up is the same bytes, whatever its order was.
func TestWrite_TheSame(t *testing.T) {
	text := written(t, office())
	back, err := setup.Read(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	if again := written(t, back); again != text {
		t.Errorf("%s\n%s", text, again)
	}
	if changes := setup.Compare(office(), back); len(changes) != 0 {
		t.Errorf("%v", changes)
	}
	if strings.Index(text, `"A"`) > strings.Index(text, `"B"`) {
		t.Error("not sorted")
	}
}

func TestCompare(t *testing.T) {
	then := office()
	then.Accounts = append(then.Accounts[1:], setup.Account{System: "vismanet", Name: "C"})
	then.Companies[0].Rules.Workflow.Days = 3
	then.Mappings[0].Options = map[string]string{"daybook": "LOON"}
	then.Mappings[0].Start = ""
	var lines []string
	for _, c := range setup.Compare(office(), then) {
		line := string(c.What) + " " + string(c.Kind) + " " + c.Key
		for _, f := range c.Fields {
			line += " | " + f.Field + ": " + f.From + " to " + f.To
		}
		lines = append(lines, line)
	}
	want := `kept account procountor · B
added account vismanet · C
changed company file · halm | rules.workflow.days: 2 to 3
changed mapping file · halm → cash · 1012 | options.daybook: SAL to LOON | start: 2026-01 to `
	if got := strings.Join(lines, "\n"); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestRead_Refuses(t *testing.T) {
	good := written(t, office())
	for name, c := range map[string]struct{ text, code string }{
		"Nothing":   {"", "setup.not_one"},
		"OtherJSON": {`{"a":1}`, "setup.not_one"},
		"Unknown":   {strings.Replace(good, `"loonbrug_setup": 1,`, `"loonbrug_setup": 1, "x": 2,`, 1), "setup.not_one"},
		"More":      {good + good, "setup.not_one"},
		"Cut":       {good[:len(good)-10], "setup.not_one"},
		"Newer":     {strings.Replace(good, `"loonbrug_setup": 1`, `"loonbrug_setup": 2`, 1), "setup.newer"},
		"Twice":     {strings.Replace(good, `"system": "procountor",`+"\n"+`      "name": "B"`, `"system": "cash",`+"\n"+`      "name": "A"`, 1), "setup.twice"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := setup.Read(strings.NewReader(c.text))
			if p := model.ProblemOf(err); p == nil || p.Code != c.code {
				t.Errorf("got %v, want %s", err, c.code)
			}
		})
	}
}
