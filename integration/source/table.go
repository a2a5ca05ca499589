package source

// Table is a table of which a person may have to say what its columns mean.
// Roles are those of its reader, as plain texts.
type Table struct {
	ID        string         // of its layout: the same header gives the same id
	Header    []string       // the words over the columns
	Rows      [][]string     // the first rows below them
	Roles     []string       // what a column can mean, in the order of asking
	Columns   map[string]int // column by role, counted from zero
	Separator string         // one character; empty for a workbook
}

// Tables is a reader of files that can be told what the columns of a table mean.
type Tables interface {
	// Table proposes the columns of a file from its header; ok is false for
	// what is no table.
	Table(content []byte) (t Table, ok bool)
	// Missing are the roles without which the table cannot be read.
	Missing(t Table) []string
	// Layout is the table's columns in the reader's own form, to be remembered.
	Layout(t Table) (string, error)
}

// ColumnsID is the id that the columns of a layout are remembered under.
func ColumnsID(layout string) string { return "columns:" + layout }
