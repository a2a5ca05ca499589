package payrollfile

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"

	"loonbrug/integration/source"
)

// shownRows is how many rows of values a person is shown below a header.
const shownRows = 5

// headBytes is how much of a text its header and first rows are looked for in.
const headBytes = 64 << 10

var _ source.Tables = (*Reader)(nil)

// Table implements [source.Tables] with what [Propose] proposes.
func (r *Reader) Table(content []byte) (source.Table, bool) {
	f, rows, ok := proposal(content)
	if !ok {
		return source.Table{}, false
	}
	t := source.Table{ID: f.layout.ID, Header: f.layout.Header, Separator: f.layout.Separator, Columns: make(map[string]int)}
	for _, role := range Roles() {
		t.Roles = append(t.Roles, string(role))
		if i, ok := f.layout.Columns[role]; ok {
			t.Columns[string(role)] = i
		}
	}
	rows = rows[min(f.index+1, len(rows)):]
	t.Rows = rows[:min(shownRows, len(rows))]
	return t, true
}

// proposal is [Propose] with the place of the header among the first rows.
func proposal(content []byte) (f found, rows [][]string, ok bool) {
	if zipped(content) {
		return proposeWorkbook(content)
	}
	content = content[:min(headBytes, len(content))]
	if bytes.IndexByte(content, 0) >= 0 && !utf16(content) {
		return found{}, nil, false // a picture, or what else no person can read
	}
	head := decodeHead(content)
	f, known := findText(head, nil)
	if known == 0 && len(f.layout.Header) < 2 {
		return found{}, nil, false
	}
	return f, headRows(head, f.layout.Separator), true
}

// Missing implements [source.Tables].
func (r *Reader) Missing(t source.Table) (missing []string) {
	h := header{index: -1, layout: layoutOf(t)}
	for _, role := range h.missing(t.Rows) {
		missing = append(missing, string(role))
	}
	return missing
}

// Layout implements [source.Tables]: a [Layout] as JSON.
func (r *Reader) Layout(t source.Table) (string, error) {
	l := layoutOf(t)
	data, err := json.Marshal(&l)
	if err != nil {
		return "", fmt.Errorf("layout %s: %w", t.ID, err)
	}
	return string(data), nil
}

// layoutOf is the layout of a table that a person saw.
func layoutOf(t source.Table) Layout {
	l := Layout{ID: t.ID, Header: t.Header, Separator: t.Separator, Columns: make(map[Role]int)}
	for role, i := range maps.All(t.Columns) {
		l.Columns[Role(role)] = i
	}
	return l
}
