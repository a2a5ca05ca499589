package widgets_test

import (
	"fmt"
	"slices"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"loonbrug/ui/theme"
	"loonbrug/ui/uitest"
	"loonbrug/ui/widgets"
)

// begin comes before the first widget of a test: widgets take their colours
// from the application's theme.
func begin(t *testing.T) {
	t.Helper()
	test.NewTempApp(t).Settings().SetTheme(theme.New(theme.Light))
}

func window(t *testing.T, content fyne.CanvasObject) fyne.Window {
	t.Helper()
	w := test.NewTempWindow(t, content)
	w.Resize(fyne.NewSize(800, 600))
	return w
}

func options(n int) []widgets.Option {
	all := make([]widgets.Option, n)
	for i := range all {
		all[i] = widgets.Option{ID: fmt.Sprint(i), Label: fmt.Sprintf("%d Bedrijf %c", i, 'A'+i%26)}
	}
	return all
}

func TestPicker_ChoosesByTypingAndEnter(t *testing.T) {
	begin(t)
	var told []string
	p := widgets.NewPicker("Kies …", "Niets", func(id string) { told = append(told, id) })
	p.SetOptions(options(40))
	w := window(t, container.NewVBox(p))
	uitest.MustShow(t, w, "Kies …")
	w.Canvas().Focus(p)
	uitest.Press(w, fyne.KeyReturn)
	uitest.Type(t, w, "bedrijf c")
	uitest.Press(w, fyne.KeyDown)
	uitest.Press(w, fyne.KeyReturn)
	if p.Chosen() != "28" || !slices.Equal(told, []string{"28"}) {
		t.Fatalf("chosen %q, told %v", p.Chosen(), told)
	}
	if w.Canvas().Focused() != p {
		t.Error("the focus did not come back")
	}
	uitest.MustShow(t, w, "28 Bedrijf C")
}

func TestPicker_AClickOnTheFirstOptionChoosesIt(t *testing.T) {
	begin(t)
	p := widgets.NewPicker("Kies …", "Niets", nil)
	p.SetOptions(options(3))
	w := window(t, container.NewVBox(p))
	uitest.Tap(t, w, "Kies …")
	uitest.Tap(t, w, "0 Bedrijf A")
	if p.Chosen() != "0" {
		t.Fatalf("chosen %q", p.Chosen())
	}
}

func TestPicker_EscChangesNothing(t *testing.T) {
	begin(t)
	p := widgets.NewPicker("Kies …", "Niets", nil)
	p.SetOptions(options(3))
	w := window(t, container.NewVBox(p))
	uitest.Tap(t, w, "Kies …")
	uitest.Type(t, w, "x")
	uitest.MustShow(t, w, "Niets")
	uitest.Press(w, fyne.KeyReturn)
	uitest.Press(w, fyne.KeyEscape)
	if p.Chosen() != "" || w.Canvas().Overlays().Top() != nil {
		t.Fatalf("chosen %q", p.Chosen())
	}
}

func TestPicker_SetOptions(t *testing.T) {
	begin(t)
	told := 0
	p := widgets.NewPicker("Kies …", "Niets", func(string) { told++ })
	p.SetOptions(options(1))
	if p.Chosen() != "0" || told != 1 {
		t.Errorf("an only option is chosen: %q, told %d times", p.Chosen(), told)
	}
	p.SetOptions(options(5))
	if p.Chosen() != "0" || told != 1 {
		t.Errorf("a choice that is still there stays: %q", p.Chosen())
	}
	p.SetOptions(options(5)[1:])
	if p.Chosen() != "" {
		t.Errorf("a choice that is gone is none: %q", p.Chosen())
	}
}

func TestLogo_KeysAndHint(t *testing.T) {
	begin(t)
	taps, hint := 0, ""
	l := widgets.NewLogo(40, func() { taps++ })
	l.OnHint = func(s string) { hint = s }
	l.SetFace(widgets.Face{Logo: "cash", Look: widgets.LookColour, Badge: "tick", Label: "Geboekt", Hint: "CASH: geboekt"})
	w := window(t, container.NewCenter(l))
	test.Tap(l)
	w.Canvas().Focus(l)
	uitest.Press(w, fyne.KeySpace)
	uitest.Press(w, fyne.KeyReturn)
	if taps != 3 {
		t.Errorf("tapped %d times", taps)
	}
	if hint != "CASH: geboekt" || l.AccessibilityLabel() != hint {
		t.Errorf("hint %q", hint)
	}
	w.Canvas().Unfocus()
	if hint != "" {
		t.Errorf("hint %q stays", hint)
	}
	uitest.MustShow(t, w, "Geboekt")
}

func TestHandOn_KeysNobodyUsesReachTheCanvas(t *testing.T) {
	begin(t)
	var got []fyne.KeyName
	controls := []interface {
		fyne.CanvasObject
		fyne.Focusable
	}{
		widgets.NewButton("knop", nil), widgets.NewEntry(), widgets.NewSecretEntry(), widgets.NewCheck("vakje", nil),
		widgets.NewPicker("kies", "niets", nil), widgets.NewLogo(30, nil),
		widgets.NewList(func() int { return 1 }, func() fyne.CanvasObject { return widget.NewLabel("") }, func(int, fyne.CanvasObject) {}),
	}
	box := container.NewVBox()
	for _, c := range controls {
		box.Add(c)
	}
	w := window(t, box)
	w.Canvas().SetOnTypedKey(func(k *fyne.KeyEvent) { got = append(got, k.Name) })
	for _, c := range controls {
		got = nil
		w.Canvas().Focus(c)
		uitest.Press(w, fyne.KeyEscape)
		uitest.Press(w, fyne.KeyF5)
		if !slices.Equal(got, []fyne.KeyName{fyne.KeyEscape, fyne.KeyF5}) {
			t.Errorf("%T keeps keys: %v came through", c, got)
		}
	}
}

func TestTable(t *testing.T) {
	begin(t)
	table := widgets.NewTable("Leeg",
		widgets.Column[int]{Title: "Getal", Width: 90, Text: func(n int) string { return fmt.Sprint("rij ", n) }},
		widgets.Column[int]{Title: "Cel", New: func() fyne.CanvasObject { return widgets.TwoLines() }, Show: func(n int, o fyne.CanvasObject) {
			widgets.SetTwoLines(o, fmt.Sprint("boven ", n), "", n == 2)
		}},
	)
	selected := 0
	table.OnSelected = func(n int) { selected = n }
	w := window(t, table)
	if uitest.Shows(w, "Leeg") {
		t.Error("a table that was given nothing yet says it is empty")
	}
	table.SetRows(nil)
	uitest.MustShow(t, w, "Leeg")
	table.SetRows([]int{1, 2, 3})
	for _, text := range []string{"Getal", "rij 1", "boven 3"} {
		uitest.MustShow(t, w, text)
	}
	if uitest.Shows(w, "Leeg") {
		t.Error("a table with rows says it is empty")
	}
	uitest.Tap(t, w, "rij 2")
	if selected != 2 {
		t.Errorf("selected %d", selected)
	}
	// The list may ask for a row that is gone; it must not be drawn.
	table.SetRows([]int{1})
	table.Select(7)
	if len(table.Rows()) != 1 {
		t.Error("rows")
	}
}

func TestMatching(t *testing.T) {
	all := []widgets.Option{{ID: "1", Label: "12 Bakkerij De Halm"}, {ID: "2", Label: "13 Halm Transport"}, {ID: "3", Label: "Brödbolaget"}}
	for text, want := range map[string]int{"": 3, "halm": 2, "HALM 13": 1, "bröd": 1, "x": 0} {
		if got := widgets.Matching(all, text); len(got) != want {
			t.Errorf("%q finds %d", text, len(got))
		}
	}
}

// A field that gets the focus by key is in sight, in a dialog too.
func TestEntry_InSight(t *testing.T) {
	begin(t)
	fields := container.NewVBox()
	var all []fyne.Focusable
	for range 10 {
		e, p := widgets.NewEntry(), widgets.NewPicker("kies", "", nil)
		all = append(all, e, p)
		fields.Add(widgets.Field("naam", "", e))
		fields.Add(widgets.Field("keuze", "", p))
	}
	scroll := container.NewVScroll(widgets.Inset(fields))
	w := test.NewTempWindow(t, widget.NewLabel(""))
	w.Resize(fyne.NewSize(400, 400))
	d := dialog.NewCustomWithoutButtons("", scroll, w)
	d.Resize(fyne.NewSize(300, 200))
	d.Show()
	defer widgets.Opened(scroll)()
	driver := fyne.CurrentApp().Driver()
	for _, field := range append(slices.Clone(all), all[0]) {
		w.Canvas().Focus(field)
		o := field.(fyne.CanvasObject)
		top := driver.AbsolutePositionForObject(o).Y - driver.AbsolutePositionForObject(scroll).Y
		if half := o.Size().Height / 2; top < -half || top+half > scroll.Size().Height {
			t.Errorf("a field stands at %v of %v", top, scroll.Size().Height)
		}
	}
}

// The wheel turns a form also while the pointer is over one of its text fields.
func TestScrolling(t *testing.T) {
	begin(t)
	fields := container.NewVBox()
	for range 30 {
		fields.Add(widgets.NewEntry())
	}
	scroll := container.NewVScroll(fields)
	w := window(t, widgets.Scrolling(scroll))
	test.Scroll(w.Canvas(), fyne.CurrentApp().Driver().AbsolutePositionForObject(fields.Objects[2]).AddXY(20, 15), 0, -50)
	if scroll.Offset.Y != 50 {
		t.Errorf("it is at %v", scroll.Offset)
	}
}
