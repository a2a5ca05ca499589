package dialogs_test

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"loonbrug/data/model"
	"loonbrug/integration/explain"
	"loonbrug/ui/dialogs"
	"loonbrug/ui/i18n"
	"loonbrug/ui/theme"
	"loonbrug/ui/uitest"
	"loonbrug/ui/widgets"
)

func window(t *testing.T) fyne.Window {
	t.Helper()
	test.NewTempApp(t).Settings().SetTheme(theme.New(theme.Light))
	w := test.NewTempWindow(t, widget.NewLabel("venster"))
	w.Resize(fyne.NewSize(800, 600))
	return w
}

func TestShow_KeysAndFocus(t *testing.T) {
	for _, c := range []struct {
		name      string
		focus     func() fyne.Focusable
		confirmed int
	}{
		{"MainButton", func() fyne.Focusable { return nil }, 1},
		{"Entry", func() fyne.Focusable { return widgets.NewEntry() }, 1},
		{"Check", func() fyne.Focusable { return widgets.NewCheck("aan", nil) }, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := window(t)
			content := container.NewVBox()
			focus := c.focus()
			if focus != nil {
				content.Add(focus.(fyne.CanvasObject))
			}
			confirmed, left := 0, 0
			open := func() *dialogs.Dialog {
				return dialogs.Show(w, dialogs.Spec{
					Title: "Vraag", Content: content, Confirm: "Ja", Focus: focus,
					OnConfirm: func(d *dialogs.Dialog) { confirmed++; d.Close() },
					OnCancel:  func() { left++ },
				})
			}
			before := 0
			w.Canvas().SetOnTypedKey(func(*fyne.KeyEvent) { before++ })
			open()
			if w.Canvas().Focused() == nil {
				t.Fatal("nothing has the focus")
			}
			uitest.Press(w, fyne.KeyReturn)
			d := open()
			uitest.Press(w, fyne.KeyEscape)
			if confirmed != c.confirmed || left != 1 || !d.Closed() {
				t.Errorf("confirmed %d, left %d", confirmed, left)
			}
			uitest.Press(w, fyne.KeyF5)
			if before != 1 {
				t.Error("the window's keys did not come back")
			}
		})
	}
}

func TestDialog_BusyHoldsTheMainButton(t *testing.T) {
	w := window(t)
	confirmed := 0
	d := dialogs.Show(w, dialogs.Spec{Title: "Vraag", Content: container.NewVBox(), Confirm: "Ja", OnConfirm: func(d *dialogs.Dialog) { confirmed++; d.Busy("bezig") }})
	uitest.Press(w, fyne.KeyReturn)
	uitest.Press(w, fyne.KeyReturn)
	if confirmed != 1 {
		t.Fatalf("confirmed %d times", confirmed)
	}
	uitest.MustShow(t, w, "bezig")
	d.Fail(dialogs.ProblemPanel(explain.Page{Message: "het ging mis"}, nil))
	uitest.MustShow(t, w, "het ging mis")
	uitest.Tap(t, w, "Ja")
	if confirmed != 2 {
		t.Error("after a failure it can be tried again")
	}
}

func TestProblem(t *testing.T) {
	w := window(t)
	done := false
	page := explain.Page{Message: "Periode dicht", Cause: "De periode is afgesloten.", Solution: "Open haar.", Detail: "GL201000", Action: model.ActionRefresh}
	d := dialogs.Problem(w, page, func() { done = true })
	for _, text := range []string{"Periode dicht", "De periode is afgesloten.", "Open haar."} {
		uitest.MustShow(t, w, text)
	}
	if uitest.Shows(w, "GL201000") {
		t.Error("the target's own words are behind a fold")
	}
	uitest.Tap(t, w, dialogs.ActionLabel(page))
	if !done || !d.Closed() {
		t.Error("the button did not act")
	}
	if got := dialogs.Details(page); !strings.Contains(got, "GL201000") || !strings.Contains(got, "Periode dicht") {
		t.Errorf("details %q", got)
	}
}

// Where no language can have been chosen yet, it can be beside the passphrase; the
// dialog makes room for the one in that language, and nothing is answered.
func TestPassphrase_Language(t *testing.T) {
	w := window(t)
	for _, first := range []bool{true, false} {
		chosen := ""
		d := dialogs.Passphrase(w, first, "", func(code string) { chosen = code }, func(model.Secret) { t.Error("it was answered") })
		picker, ok := uitest.Find(uitest.Roots(w), func(p *widgets.Picker) bool { return p.Chosen() == i18n.Language() })
		if !ok {
			t.Fatal("no language can be chosen")
		}
		picker.Choose("fi")
		if chosen != "fi" || !d.Closed() {
			t.Errorf("chosen %q, closed %t", chosen, d.Closed())
		}
	}
	dialogs.AskPassphrase(w, dialogs.Asking{}, func(model.Secret) {})
	if _, ok := uitest.Find(uitest.Roots(w), func(*widgets.Picker) bool { return true }); ok {
		t.Error("a language is asked for in an open office")
	}
}

// A passphrase that was refused says so where the next one is typed.
func TestPassphrase(t *testing.T) {
	w := window(t)
	var got []model.Secret
	done := func(p model.Secret) { got = append(got, p) }
	dialogs.Passphrase(w, false, "De wachtwoordzin klopt niet.", nil, done)
	uitest.MustShow(t, w, "De wachtwoordzin klopt niet.")
	uitest.Press(w, fyne.KeyReturn)
	if len(got) != 0 || uitest.Shows(w, "De wachtwoordzin klopt niet.") {
		t.Fatalf("an empty one was taken: %d", len(got))
	}
	uitest.Type(t, w, "goed")
	uitest.Press(w, fyne.KeyReturn)
	dialogs.Passphrase(w, false, "", nil, done)
	uitest.Press(w, fyne.KeyEscape)
	if len(got) != 2 || got[0].Reveal() != "goed" || got[1] != "" {
		t.Errorf("%d answers", len(got))
	}
}

// wrapped is a window as a screen may have it, which cannot be compared.
type wrapped struct {
	fyne.Window
	open func()
}

// TestProblem_Once: what is on the screen already is not laid over itself, and can be
// shown again once it was closed.
func TestProblem_Once(t *testing.T) {
	w := window(t)
	page := explain.Page{Code: "store.away", Message: "The database does not answer."}
	first := dialogs.Problem(w, page, nil)
	if second := dialogs.Problem(wrapped{w, nil}, page, nil); second != first {
		t.Error("shown twice")
	}
	if other := dialogs.Problem(w, explain.Page{Code: "net.offline", Message: "No network."}, nil); other == first {
		t.Error("another problem was not shown")
	}
	first.Close()
	if again := dialogs.Problem(w, page, nil); again == first {
		t.Error("not shown again")
	}
}
