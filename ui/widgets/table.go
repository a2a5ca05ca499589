package widgets

import (
	"cmp"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	base "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"loonbrug/data/model"
	"loonbrug/data/sheet"
	"loonbrug/ui/theme"
)

// Column is one column of a [Table]. Either Text gives what it says, or New
// makes a cell and Show fills it; cells are used again for other rows. Cell is
// what is copied and written to files; without it that is the text, and a column
// that has neither is not written.
type Column[T any] struct {
	ID      string // its width, place in the order and visibility are kept under it
	Title   string
	Width   float32 // zero: shares what the others leave
	End     bool    // aligned at the end, for amounts
	Centre  bool    // title in the middle, for logos
	Text    func(T) string
	New     func() fyne.CanvasObject
	Show    func(T, fyne.CanvasObject)
	Cell    func(T) sheet.Cell
	Compare func(a, b T) int // sorts; nil is a column that cannot be sorted
}

// By compares rows by something of theirs.
func By[T any, V cmp.Ordered](value func(T) V) func(a, b T) int {
	return func(a, b T) int { return cmp.Compare(value(a), value(b)) }
}

// TextColumn is a column of words that can be sorted.
func TextColumn[T any](id, title string, width float32, text func(T) string) Column[T] {
	return Column[T]{ID: id, Title: title, Width: width, Text: text, Compare: By(text)}
}

// written tells whether the column goes into files.
func (c Column[T]) written() bool { return c.Cell != nil || c.Text != nil }

func (c Column[T]) cell(row T) sheet.Cell {
	if c.Cell != nil {
		return c.Cell(row)
	}
	return sheet.Text(c.Text(row))
}

// Table is a header over a list of rows. It draws only what can be seen, so the
// number of rows does not matter.
//
// A click on a title sorts and the edge of a title drags. Arrows, Page Up, Page
// Down, Home and End move through the rows, Enter and Space select; where rows
// can be marked Space marks, with Shift the arrows mark on the way, and Ctrl+A
// marks all. Ctrl+C copies what is marked, or else the row of the moment. A right
// click, Shift+F10, the menu key and the button in the header ask for the menu.
type Table[T any] struct {
	widget.BaseWidget
	OnSelected func(T)
	OnMarked   func()                     // other rows are marked than before
	OnMenu     func(at fyne.Position)     // place on the canvas; nil is no menu
	OnView     func(model.TableView)      // a person sorted, hid or widened something
	OnSort     func(id string, down bool) // sorts elsewhere; the table then keeps the order it is given
	OnCopied   func()                     // rows are on the clipboard now
	OnEnd      func()                     // the last rows are in sight: more may be added
	Decimal    func() string              // decimal sign of what is copied; nil is a point
	Key        func(T) any                // tells rows apart, so that selection and marks outlive new rows

	// AlsoWritten are columns that only files and copies have.
	AlsoWritten []Column[T]

	columns  []Column[T]
	widths   *columnWidths
	given    []T // as they came
	rows     []T // as they are shown
	sorted   string
	down     bool
	at       int // the row that keys act on
	selected any // key of the selected row, nil for none
	marks    *marks
	asked    int // how many rows there were when OnEnd was called last

	list   *List
	header *tableHeader
	empty  *widget.Label
}

// NewTable makes a table; nothing is what it says when it was given no rows. Before
// it was given any, nobody knows whether there are some.
func NewTable[T any](nothing string, columns ...Column[T]) *Table[T] {
	t := &Table[T]{columns: columns, empty: Muted(nothing), asked: -1}
	t.empty.Hide()
	t.widths = newColumnWidths(len(columns), func(i int) float32 { return columns[i].Width })
	t.list = NewList(func() int { return len(t.rows) }, t.create, t.update)
	t.list.keys, t.list.shortcut = t.typed, t.shortcut
	t.list.secondary = t.rightClicked
	t.header = t.newHeader()
	t.ExtendBaseWidget(t)
	return t
}

// AllowMarks puts a box before every row that marks it, and one in the header
// that marks all. It is called before the table is shown, and needs Key.
func (t *Table[T]) AllowMarks() {
	t.marks = newMarks()
	box := Column[T]{
		Width: markWidth,
		New:   func() fyne.CanvasObject { return newMarkBox() },
		Show: func(row T, o fyne.CanvasObject) {
			key := t.Key(row)
			o.(*markBox).show(t.marks.has(key), func() { t.toggle(key) })
		},
	}
	t.columns = append([]Column[T]{box}, t.columns...)
	t.widths = newColumnWidths(len(t.columns), func(i int) float32 { return t.columns[i].Width })
	t.header = t.newHeader()
}

// CreateRenderer stacks header and list.
func (t *Table[T]) CreateRenderer() fyne.WidgetRenderer {
	t.titles()
	ground := newSurface(theme.Card, theme.Outline)
	body := container.NewBorder(container.NewVBox(t.header, widget.NewSeparator()), nil, nil, nil, container.NewStack(t.list, container.NewVBox(Inset(t.empty))))
	return widget.NewSimpleRenderer(container.NewStack(ground, body))
}

// SetRows replaces all rows. The selected row and the marked ones stay so where
// Key finds them again.
func (t *Table[T]) SetRows(rows []T) {
	t.given, t.asked = rows, -1
	t.arrange()
	if t.marks != nil && t.marks.keep(t.keys()) {
		t.marked()
	}
}

// AddRows puts more rows after the others.
func (t *Table[T]) AddRows(rows []T) {
	t.given = slices.Concat(t.given, rows)
	t.arrange()
}

// arrange sorts and draws all rows again.
func (t *Table[T]) arrange() {
	t.rows = t.given
	if c, ok := t.column(t.sorted); ok && c.Compare != nil && t.OnSort == nil {
		t.rows = slices.Clone(t.given)
		slices.SortStableFunc(t.rows, func(a, b T) int {
			if t.down {
				return c.Compare(b, a)
			}
			return c.Compare(a, b)
		})
	}
	t.at = min(t.at, max(0, len(t.rows)-1))
	t.empty.Hidden = len(t.rows) > 0
	t.empty.Refresh()
	t.list.Refresh()
}

// Refresh draws all rows again.
func (t *Table[T]) Refresh() {
	t.list.Refresh()
	t.BaseWidget.Refresh()
}

// Rows are the rows as they are shown.
func (t *Table[T]) Rows() []T { return t.rows }

// Select selects a row by its place; a place that does not exist selects none.
// The row comes into sight.
func (t *Table[T]) Select(i int) {
	if i < 0 || i >= len(t.rows) {
		t.selected = nil
		t.list.Refresh()
		return
	}
	if key := t.key(i); t.selected != key || t.at != i {
		t.selected = key
		t.goTo(i)
		if t.OnSelected != nil {
			t.OnSelected(t.rows[i])
		}
	}
}

// SelectKey selects the row that Key gives this key, or none.
func (t *Table[T]) SelectKey(key any) {
	t.Select(slices.IndexFunc(t.rows, func(row T) bool { return t.Key(row) == key }))
}

// key tells a row from others; without Key that is its place.
func (t *Table[T]) key(i int) any {
	if t.Key == nil {
		return i
	}
	return t.Key(t.rows[i])
}

func (t *Table[T]) keys() []any {
	keys := make([]any, len(t.rows))
	for i := range t.rows {
		keys[i] = t.key(i)
	}
	return keys
}

// column finds a column by its id.
func (t *Table[T]) column(id string) (c Column[T], ok bool) {
	i := slices.IndexFunc(t.columns, func(c Column[T]) bool { return c.ID == id && id != "" })
	if i < 0 {
		return c, false
	}
	return t.columns[i], true
}

// goTo moves the row that keys act on.
func (t *Table[T]) goTo(i int) {
	if len(t.rows) == 0 {
		return
	}
	t.at = min(max(0, i), len(t.rows)-1)
	t.list.Highlight(t.at)
}

// tapped is a click on a row.
func (t *Table[T]) tapped(i int) {
	if i >= len(t.rows) {
		return
	}
	if canvas := fyne.CurrentApp().Driver().CanvasForObject(t.list); canvas != nil {
		canvas.Focus(t.list)
	}
	switch held := heldKeys(); {
	case t.marks != nil && held&fyne.KeyModifierShift != 0:
		t.markTo(i)
		t.goTo(i)
	case t.marks != nil && held&fyne.KeyModifierShortcutDefault != 0:
		t.goTo(i)
		t.toggle(t.key(i))
	default:
		t.Select(i)
	}
}

func (t *Table[T]) create() fyne.CanvasObject {
	cells := make([]fyne.CanvasObject, len(t.columns))
	for i, c := range t.columns {
		if c.New != nil {
			cells[i] = c.New()
			continue
		}
		l := Line("")
		if c.End {
			l.Alignment = fyne.TextAlignTrailing
		}
		cells[i] = l
	}
	return newTableRow(container.New(t.widths, cells...), t.tapped)
}

// pitch is from the top of one row to that of the next. It is worked out when it
// is asked for, and not with every row: a list makes its rows anew at each jump.
func (t *Table[T]) pitch() float32 { return t.create().MinSize().Height + base.Padding() }

func (t *Table[T]) update(i widget.ListItemID, o fyne.CanvasObject) {
	if i >= len(t.rows) {
		return
	}
	row := o.(*tableRow)
	row.index = i
	row.choose(t.selected != nil && t.selected == t.key(i))
	row.follow(t.widths)
	for n, cell := range row.cells.Objects {
		c := t.columns[n]
		switch {
		case t.widths.hidden[n]:
			cell.Hide()
		case c.New != nil:
			c.Show(t.rows[i], cell)
		default:
			// A list asks for its rows twice at each jump, and setting a text that is
			// there already costs as much as another one.
			if l, text := cell.(*widget.Label), c.Text(t.rows[i]); l.Text != text {
				l.SetText(text)
			}
			cell.Show()
		}
	}
	if t.OnEnd != nil && i == len(t.rows)-1 && t.asked != len(t.rows) {
		t.asked = len(t.rows)
		t.OnEnd()
	}
}
