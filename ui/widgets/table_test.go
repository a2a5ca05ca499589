package widgets_test

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"loonbrug/data/journal"
	"loonbrug/data/model"
	"loonbrug/data/sheet"
	"loonbrug/ui/uitest"
	"loonbrug/ui/widgets"
)

// pay is a row of the tables below.
type pay struct {
	id     int
	name   string
	amount journal.Amount
}

func payroll(n int) []pay {
	rows := make([]pay, n)
	for i := range rows {
		rows[i] = pay{id: i + 1, name: fmt.Sprintf("Bedrijf %c%d", 'A'+(n-i)%26, i+1), amount: journal.Amount((i * 7919) % 1000)}
	}
	return rows
}

func payTable() *widgets.Table[pay] {
	t := widgets.NewTable("Leeg",
		widgets.Column[pay]{ID: "id", Title: "Nummer", Width: 120, Text: func(p pay) string { return fmt.Sprint(p.id) }, Compare: func(a, b pay) int { return cmp.Compare(a.id, b.id) }},
		widgets.Column[pay]{ID: "name", Title: "Naam", Text: func(p pay) string { return p.name }, Compare: func(a, b pay) int { return cmp.Compare(a.name, b.name) }},
		widgets.Column[pay]{
			ID: "amount", Title: "Bedrag", Width: 120, End: true, Text: func(p pay) string { return p.amount.String() },
			Cell: func(p pay) sheet.Cell { return sheet.Amount(p.amount) }, Compare: func(a, b pay) int { return cmp.Compare(a.amount, b.amount) },
		},
	)
	t.Key = func(p pay) any { return p.id }
	return t
}

func ids(rows []pay) (all []int) {
	for _, p := range rows {
		all = append(all, p.id)
	}
	return all
}

func TestTable_ATitleSortsAndTurnsRound(t *testing.T) {
	begin(t)
	table := payTable()
	var kept []model.TableView
	table.OnView = func(v model.TableView) { kept = append(kept, v) }
	w := window(t, table)
	table.SetRows([]pay{{1, "B", 30}, {2, "C", 10}, {3, "A", 20}})
	uitest.Tap(t, w, "Naam")
	if got := ids(table.Rows()); !slices.Equal(got, []int{3, 1, 2}) {
		t.Errorf("by name: %v", got)
	}
	uitest.Tap(t, w, "Bedrag")
	uitest.Tap(t, w, "Bedrag")
	if got := ids(table.Rows()); !slices.Equal(got, []int{1, 3, 2}) {
		t.Errorf("by amount, largest first: %v", got)
	}
	want := []model.TableView{{Sort: "name"}, {Sort: "amount"}, {Sort: "amount", Down: true}}
	if !reflect.DeepEqual(kept, want) {
		t.Errorf("kept %+v", kept)
	}
	again := payTable()
	again.SetView(kept[2])
	again.SetRows([]pay{{1, "B", 30}, {2, "C", 10}, {3, "A", 20}})
	if got := ids(again.Rows()); !slices.Equal(got, []int{1, 3, 2}) {
		t.Errorf("a kept view gives %v", got)
	}
	again.ResetView()
	if got := ids(again.Rows()); !slices.Equal(got, []int{1, 2, 3}) {
		t.Errorf("reset gives %v", got)
	}
}

func TestTable_SortsElsewhereWhenSomebodyElseDoes(t *testing.T) {
	begin(t)
	table := payTable()
	asked := ""
	table.OnSort = func(id string, down bool) { asked = fmt.Sprint(id, down) }
	w := window(t, table)
	table.SetRows(payroll(3))
	uitest.Tap(t, w, "Naam")
	if got := ids(table.Rows()); asked != "namefalse" || !slices.Equal(got, []int{1, 2, 3}) {
		t.Errorf("asked %q, rows %v", asked, got)
	}
}

func TestTable_KeysMoveSelectAndAsk(t *testing.T) {
	begin(t)
	table := payTable()
	var chosen []int
	table.OnSelected = func(p pay) { chosen = append(chosen, p.id) }
	menus := 0
	table.OnMenu = func(fyne.Position) { menus++ }
	w := window(t, table)
	table.SetRows(payroll(500))
	uitest.Tap(t, w, "Bedrijf G1")
	press := func(keys ...fyne.KeyName) {
		for _, key := range keys {
			uitest.Press(w, key)
		}
	}
	press(fyne.KeyEnd, fyne.KeyReturn, fyne.KeyUp, fyne.KeySpace, fyne.KeyHome, fyne.KeyDown, fyne.KeyEnter, fyne.KeyPageDown, fyne.KeyPageUp, fyne.KeyPageUp, fyne.KeyReturn)
	if want := []int{1, 500, 499, 2, 1}; !slices.Equal(chosen, want) {
		t.Errorf("chosen %v, want %v", chosen, want)
	}
	press(fyne.KeyEnd, fyne.KeyDown)
	if !uitest.Shows(w, "Bedrijf B500") {
		t.Error("the last row is not in sight after End")
	}
	press(fyne.KeyF10, desktop.KeyMenu)
	focused := w.Canvas().Focused().(fyne.Shortcutable)
	focused.TypedShortcut(&desktop.CustomShortcut{KeyName: fyne.KeyF10, Modifier: fyne.KeyModifierShift})
	test.TapSecondary(w.Canvas().Focused().(fyne.SecondaryTappable))
	if menus != 4 {
		t.Errorf("the menu was asked for %d times", menus)
	}
}

func TestTable_MarksManyAndCopiesThem(t *testing.T) {
	begin(t)
	table := payTable()
	table.AllowMarks()
	told := 0
	table.OnMarked = func() { told++ }
	w := window(t, table)
	table.SetRows([]pay{{1, "=B", 3050}, {2, "C", -10}, {3, "A", 20}})
	uitest.Tap(t, w, "C")
	uitest.Press(w, fyne.KeySpace)
	uitest.Press(w, fyne.KeyHome)
	uitest.Press(w, fyne.KeySpace)
	if got := ids(table.Marked()); !slices.Equal(got, []int{1, 2}) {
		t.Fatalf("marked %v", got)
	}
	clipboard := fyne.CurrentApp().Clipboard()
	w.Canvas().Focused().(fyne.Shortcutable).TypedShortcut(&fyne.ShortcutCopy{Clipboard: clipboard})
	if got, want := clipboard.Content(), "1\t'=B\t30.50\n2\tC\t-0.10"; got != want {
		t.Errorf("copied %q, want %q", got, want)
	}
	if s := table.Sheet("x"); len(s.Rows) != 2 || !slices.Equal(s.Titles, []string{"Nummer", "Naam", "Bedrag"}) {
		t.Errorf("sheet %+v", s)
	}
	// Marks follow their rows, and end with them.
	table.SetRows([]pay{{3, "A", 20}, {2, "C", -10}})
	if got := ids(table.Marked()); !slices.Equal(got, []int{2}) {
		t.Errorf("after other rows %v", got)
	}
	w.Canvas().Focused().(fyne.Shortcutable).TypedShortcut(&fyne.ShortcutSelectAll{})
	if got := ids(table.Marked()); !slices.Equal(got, []int{3, 2}) {
		t.Errorf("all: %v", got)
	}
	table.MarkNone()
	if len(table.Marked()) != 0 || told != 5 {
		t.Errorf("none: %v, told %d times", table.Marked(), told)
	}
}

func TestTable_CopiesTheRowOfTheMoment(t *testing.T) {
	begin(t)
	table := payTable()
	table.Decimal = func() string { return "," }
	window(t, table)
	if table.Copied() != "" {
		t.Error("an empty table copies something")
	}
	table.SetRows(payroll(2))
	table.Select(1)
	table.ShowColumn("name", false)
	if got := table.Copied(); got != "2\t9,19" {
		t.Errorf("copied %q", got)
	}
}

func TestTable_HidesWidensAndKeeps(t *testing.T) {
	begin(t)
	table := payTable()
	w := window(t, table)
	table.SetRows(payroll(3))
	before := w.Canvas().Content().MinSize()
	table.Widen("id", 400)
	if now := w.Canvas().Content().MinSize(); now != before {
		t.Errorf("a wider column makes the window need %v instead of %v", now, before)
	}
	table.ShowColumn("name", false)
	if uitest.Shows(w, "Naam") || uitest.Shows(w, "Bedrijf") {
		t.Error("a hidden column shows")
	}
	table.ShowColumn("amount", false)
	table.ShowColumn("id", false)
	v := table.View()
	if want := (model.TableView{Widths: map[string]float32{"id": 520}, Hidden: []string{"name", "amount"}}); !reflect.DeepEqual(v, want) {
		t.Errorf("view %+v, want %+v: the last column stays", v, want)
	}
	table.ResetView()
	uitest.MustShow(t, w, "Naam")
	table.SetView(model.TableView{Hidden: []string{"id", "name", "amount", "gone"}, Sort: "gone"})
	uitest.MustShow(t, w, "Naam")
}

func TestTable_AsksForMoreAtItsEnd(t *testing.T) {
	begin(t)
	table := payTable()
	all := payroll(600)
	asked := 0
	table.OnEnd = func() { asked++ }
	w := window(t, table)
	table.SetRows(all[:200])
	if asked != 0 {
		t.Fatal("asked before the end was in sight")
	}
	uitest.Tap(t, w, "1")
	uitest.Press(w, fyne.KeyEnd)
	uitest.Press(w, fyne.KeyUp)
	if asked != 1 {
		t.Fatalf("asked %d times", asked)
	}
	table.AddRows(all[200:400])
	uitest.Press(w, fyne.KeyEnd)
	if asked != 2 || len(table.Rows()) != 400 {
		t.Errorf("asked %d times, %d rows", asked, len(table.Rows()))
	}
}
