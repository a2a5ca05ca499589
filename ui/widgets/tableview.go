package widgets

import (
	"maps"
	"slices"

	"fyne.io/fyne/v2"

	"loonbrug/data/model"
	"loonbrug/data/sheet"
)

// ColumnState is a column as the view has it now.
type ColumnState struct {
	ID, Title string
	Hidden    bool
	Sortable  bool
	Sorted    bool
	Down      bool // sorted from the end
	Alone     bool // the only one that is shown
}

// Columns are the columns that a person can change.
func (t *Table[T]) Columns() (all []ColumnState) {
	shown := 0
	for i, c := range t.columns {
		if c.ID == "" {
			continue
		}
		sorted := c.ID == t.sorted
		all = append(all, ColumnState{
			ID: c.ID, Title: c.Title, Hidden: t.widths.hidden[i],
			Sortable: c.Compare != nil, Sorted: sorted, Down: sorted && t.down,
		})
		if !t.widths.hidden[i] {
			shown++
		}
	}
	for i := range all {
		all[i].Alone = shown == 1 && !all[i].Hidden
	}
	return all
}

// SortBy sorts by a column; a second time turns the order round.
func (t *Table[T]) SortBy(id string) {
	t.down = t.sorted == id && !t.down
	t.sorted = id
	t.resort()
	t.changed()
}

// resort orders the rows, or lets somebody else do so.
func (t *Table[T]) resort() {
	t.titles()
	t.header.Refresh()
	if t.OnSort != nil {
		t.OnSort(t.sorted, t.down)
		return
	}
	t.arrange()
}

// ShowColumn shows or hides a column; the last one stays.
func (t *Table[T]) ShowColumn(id string, on bool) {
	for _, c := range t.Columns() {
		if c.ID == id && c.Alone && !on {
			return
		}
	}
	if i := t.place(id); i >= 0 {
		t.widths.hidden[i] = !on
		t.widths.version++
		t.redraw()
		t.changed()
	}
}

// Widen makes a column wider or, with less than nothing, narrower.
func (t *Table[T]) Widen(id string, by float32) {
	if i := t.place(id); i >= 0 {
		t.widths.drag(i, by, t.header.Size().Width)
		t.redraw()
		t.changed()
	}
}

// ResetView shows all columns as they were made, in the order the rows came in.
func (t *Table[T]) ResetView() {
	t.widths.reset()
	t.sorted, t.down = "", false
	t.redraw()
	t.resort()
	t.changed()
}

// View is how the table looks now, to be kept.
func (t *Table[T]) View() model.TableView {
	v := model.TableView{Sort: t.sorted, Down: t.down}
	for i, c := range t.columns {
		if w := t.widths.set[i]; w > 0 {
			if v.Widths == nil {
				v.Widths = make(map[string]float32)
			}
			v.Widths[c.ID] = w
		}
		if t.widths.hidden[i] {
			v.Hidden = append(v.Hidden, c.ID)
		}
	}
	return v
}

// SetView makes the table look as it was kept. What it says of columns that are
// not there is left out.
func (t *Table[T]) SetView(v model.TableView) {
	if old := t.View(); old.Sort == v.Sort && old.Down == v.Down && maps.Equal(old.Widths, v.Widths) && slices.Equal(old.Hidden, v.Hidden) {
		return
	}
	t.widths.reset()
	for i, c := range t.columns {
		if c.ID != "" {
			t.widths.set[i] = max(0, v.Widths[c.ID])
			t.widths.hidden[i] = slices.Contains(v.Hidden, c.ID)
		}
	}
	if !slices.ContainsFunc(t.Columns(), func(c ColumnState) bool { return !c.Hidden }) {
		clear(t.widths.hidden)
	}
	t.sorted, t.down = "", false
	if c, ok := t.column(v.Sort); ok && c.Compare != nil {
		t.sorted, t.down = v.Sort, v.Down
	}
	t.redraw()
	t.resort()
}

func (t *Table[T]) place(id string) int {
	return slices.IndexFunc(t.columns, func(c Column[T]) bool { return c.ID == id && id != "" })
}

// changed tells that a person changed the view.
func (t *Table[T]) changed() {
	if t.OnView != nil {
		t.OnView(t.View())
	}
}

// Sheet is the table as it is shown, to be written to a file: columns that are
// shown and hold more than a picture, rows in their order, and only the marked
// ones where any are.
func (t *Table[T]) Sheet(name string) sheet.Table {
	rows := t.Marked()
	if len(rows) == 0 {
		rows = t.rows
	}
	return t.sheetOf(name, rows)
}

func (t *Table[T]) sheetOf(name string, rows []T) sheet.Table {
	s := sheet.Table{Name: name, Rows: make([][]sheet.Cell, len(rows))}
	for i, c := range t.columns {
		if t.widths.hidden[i] || !c.written() {
			continue
		}
		s.Titles = append(s.Titles, c.Title)
		for n, row := range rows {
			s.Rows[n] = append(s.Rows[n], c.cell(row))
		}
	}
	for _, c := range t.AlsoWritten {
		s.Titles = append(s.Titles, c.Title)
		for n, row := range rows {
			s.Rows[n] = append(s.Rows[n], c.cell(row))
		}
	}
	return s
}

// CopyTo copies what [Table.Copied] gives.
func (t *Table[T]) CopyTo(clipboard fyne.Clipboard) {
	text := t.Copied()
	if text == "" {
		return
	}
	clipboard.SetContent(text)
	if t.OnCopied != nil {
		t.OnCopied()
	}
}

// Copied is the text that copying gives: the marked rows, or else the row of the
// moment.
func (t *Table[T]) Copied() string {
	rows := t.Marked()
	if len(rows) == 0 && t.at < len(t.rows) {
		rows = t.rows[t.at : t.at+1]
	}
	decimal := "."
	if t.Decimal != nil {
		decimal = t.Decimal()
	}
	return t.sheetOf("", rows).Lines(decimal)
}
