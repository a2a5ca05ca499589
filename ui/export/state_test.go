package export

import (
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strconv"
	"testing"

	"loonbrug/data/model"
	"loonbrug/integration/target"
	"loonbrug/resources"
	"loonbrug/ui/i18n"
	"loonbrug/ui/widgets"
)

// statesOf reads the states out of the model's source, so that a new one cannot
// be forgotten here.
func statesOf(t *testing.T) []model.State {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "../../data/model/delivery.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var states []model.State
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok || len(spec.Values) != 1 {
			return true
		}
		if kind, ok := spec.Type.(*ast.Ident); !ok || kind.Name != "State" {
			return true
		}
		text, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
		if err != nil {
			t.Fatal(err)
		}
		states = append(states, model.State(text))
		return true
	})
	if len(states) < 15 {
		t.Fatalf("only %d states found", len(states))
	}
	return states
}

func TestAppearances_EveryStateSaysItselfWithoutColour(t *testing.T) {
	d := target.Description{ID: "cash", Name: "CASH", Logo: "cash"}
	for _, lang := range i18n.Languages() {
		if err := i18n.SetLanguage(lang.Code); err != nil {
			t.Fatal(err)
		}
		labels := make(map[string]model.State)
		for _, state := range statesOf(t) {
			a, ok := appearances()[state]
			if !ok || a.click == "" || a.look == "" || a.tone == "" {
				t.Errorf("%s has no full row in the table", state)
				continue
			}
			f := faceOf(d, model.Run{}, model.RunTarget{State: state, Booked: 1, Periods: 3})
			if f.Label == "" || f.Hint == "" {
				t.Errorf("%s/%s has no text", lang.Code, state)
			}
			if other, twice := labels[f.Label]; twice {
				t.Errorf("%s: %s and %s are both called %q", lang.Code, other, state, f.Label)
			}
			labels[f.Label] = state
			plain := state == model.StateReady || state == model.StateWithdrawn
			if (f.Badge == "" && f.Count == "") != plain {
				t.Errorf("%s: badge %q, count %q", state, f.Badge, f.Count)
			}
			for _, icon := range []string{f.Badge, f.Second, stateIcon(state)} {
				if icon == "" {
					continue
				}
				if _, _, err := resources.Icon(icon); err != nil {
					t.Errorf("%s: %v", state, err)
				}
			}
		}
	}
}

func TestFaceOf(t *testing.T) {
	d := target.Description{ID: "cash", Name: "CASH", Logo: "cash"}
	cases := []struct {
		name   string
		run    model.Run
		rt     model.RunTarget
		second string
		look   widgets.Look
		count  string
	}{
		{"Booked", model.Run{}, model.RunTarget{State: model.StateBooked}, "", widgets.LookSent, ""},
		{"BookedButWaiting", model.Run{}, model.RunTarget{State: model.StateBooked, Approval: model.ApprovalWaiting}, "person", widgets.LookSent, ""},
		{"UnknownForAPerson", model.Run{}, model.RunTarget{State: model.StateUnknown, Person: true}, "person", widgets.LookColour, ""},
		{"Changed", model.Run{Changed: true}, model.RunTarget{State: model.StateBooked}, "triangle", widgets.LookSent, ""},
		{"Gone", model.Run{Gone: true}, model.RunTarget{State: model.StateReady}, "triangle", widgets.LookColour, ""},
		{"Partial", model.Run{}, model.RunTarget{State: model.StatePartial, Booked: 2, Periods: 3}, "", widgets.LookHalf, "2/3"},
		{"NeverHeardOf", model.Run{}, model.RunTarget{State: "new_state"}, "", widgets.LookColour, ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			f := faceOf(d, c.run, c.rt)
			if f.Second != c.second || f.Look != c.look || f.Count != c.count {
				t.Fatalf("face %+v", f)
			}
		})
	}
}

func TestClickOf(t *testing.T) {
	want := map[model.State]click{
		model.StateReady:       clickSend,
		model.StateWithdrawn:   clickSend,
		model.StateBooked:      clickDetails,
		model.StateRefused:     clickDetails,
		model.StatePartial:     clickPeriods,
		model.StateUnknown:     clickLook,
		model.StateAccepted:    clickLook,
		model.StateBlocked:     clickDetails,
		model.StateBeforeStart: clickDetails,
		model.StateNotSetUp:    clickMapping,
	}
	for state, click := range want {
		if got := clickOf(model.RunTarget{State: state}); got != click {
			t.Errorf("%s: a click does %s", state, got)
		}
	}
	if got := clickOf(model.RunTarget{State: model.StateNotSetUp, MappingID: 7}); got != clickAccount {
		t.Errorf("mapped but not signed in: a click does %s", got)
	}
	// What may already be booked is never sent by one click.
	for _, state := range statesOf(t) {
		sends := clickOf(model.RunTarget{State: state}) == clickSend
		if sends && !slices.Contains([]model.State{model.StateReady, model.StateWithdrawn}, state) {
			t.Errorf("a click on %s sends", state)
		}
	}
}

func TestDone(t *testing.T) {
	rt := func(s model.State) model.RunTarget { return model.RunTarget{State: s} }
	if done(model.RunRow{}) {
		t.Error("a run without targets is not done")
	}
	if !done(model.RunRow{Targets: []model.RunTarget{rt(model.StateBooked), rt(model.StateMarked), rt(model.StateNothingToBook)}}) {
		t.Error("booked, marked and nothing to book are done")
	}
	if done(model.RunRow{Targets: []model.RunTarget{rt(model.StateBooked), rt(model.StateReady)}}) {
		t.Error("one target is still to be sent")
	}
}
