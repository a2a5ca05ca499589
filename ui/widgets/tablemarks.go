package widgets

// marks are the rows that a person marked, by their keys.
type marks struct {
	set    map[any]bool
	anchor int // where marking with Shift began
}

func newMarks() *marks { return &marks{set: make(map[any]bool)} }

func (m *marks) has(key any) bool { return m.set[key] }

// keep forgets the marks of rows that are gone and tells whether there were any.
func (m *marks) keep(keys []any) (lost bool) {
	before := len(m.set)
	if before == 0 {
		return false
	}
	kept := make(map[any]bool, before)
	for _, key := range keys {
		if m.set[key] {
			kept[key] = true
		}
	}
	m.set = kept
	return len(kept) < before
}

// Marked are the marked rows in the order they are shown.
func (t *Table[T]) Marked() (rows []T) {
	if t.marks == nil {
		return nil
	}
	for i := range t.rows {
		if t.marks.has(t.key(i)) {
			rows = append(rows, t.rows[i])
		}
	}
	return rows
}

// MarkNone takes all marks away.
func (t *Table[T]) MarkNone() { t.markAll(false) }

func (t *Table[T]) toggle(key any) {
	if t.marks.has(key) {
		delete(t.marks.set, key)
	} else {
		t.marks.set[key] = true
	}
	t.marks.anchor = t.at
	t.marked()
}

// markTo marks the rows from where marking began up to and with a row.
func (t *Table[T]) markTo(i int) {
	from := min(t.marks.anchor, len(t.rows)-1)
	if len(t.marks.set) == 0 {
		from = t.at
		t.marks.anchor = from
	}
	for n := min(from, i); n <= max(from, i); n++ {
		t.marks.set[t.key(n)] = true
	}
	t.marked()
}

func (t *Table[T]) markAll(on bool) {
	clear(t.marks.set)
	if on {
		for _, key := range t.keys() {
			t.marks.set[key] = true
		}
	}
	t.marked()
}

// marked draws the marks and tells of them.
func (t *Table[T]) marked() {
	t.redraw()
	if t.OnMarked != nil {
		t.OnMarked()
	}
}
