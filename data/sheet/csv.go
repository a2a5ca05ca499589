package sheet

import (
	"encoding/csv"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// Style is how the spreadsheet programs of a country read text.
type Style struct {
	Separator rune   // between cells
	Decimal   string // in amounts
}

// byteOrderMark tells spreadsheet programs that the text is UTF-8.
const byteOrderMark = "\ufeff"

// CSV writes the table as text, its titles first.
func (t Table) CSV(w io.Writer, style Style) error {
	if _, err := io.WriteString(w, byteOrderMark); err != nil {
		return fmt.Errorf("write table %s: %w", t.Name, err)
	}
	out := csv.NewWriter(w)
	out.Comma, out.UseCRLF = style.Separator, true
	if err := out.Write(t.Titles); err != nil {
		return fmt.Errorf("write table %s: %w", t.Name, err)
	}
	for i := range t.Rows {
		if err := out.Write(t.fields(i, style.Decimal)); err != nil {
			return fmt.Errorf("write row %d of table %s: %w", i+1, t.Name, err)
		}
	}
	out.Flush()
	if err := out.Error(); err != nil {
		return fmt.Errorf("write table %s: %w", t.Name, err)
	}
	return nil
}

// Lines are the rows as text to paste: cells between tabs, without titles.
func (t Table) Lines(decimal string) string {
	clean := strings.NewReplacer("\t", " ", "\r", " ", "\n", " ")
	lines := make([]string, len(t.Rows))
	for i := range t.Rows {
		cells := t.fields(i, decimal)
		for n, cell := range cells {
			cells[n] = clean.Replace(cell)
		}
		lines[i] = strings.Join(cells, "\t")
	}
	return strings.Join(lines, "\n")
}

func (t Table) fields(row int, decimal string) []string {
	cells := make([]string, len(t.Rows[row]))
	for i, c := range t.Rows[row] {
		cells[i] = c.plain(decimal)
		if c.kind == kindText {
			cells[i] = Harmless(cells[i])
		}
	}
	return cells
}

// Harmless puts an apostrophe before a text that a spreadsheet program would take
// for a formula, unless it is a plain number. The signs are those of OWASP's page
// on CSV injection, with their wide forms.
func Harmless(text string) string {
	first, _ := utf8.DecodeRuneInString(text)
	if !strings.ContainsRune("=+-@\t\r\n＝＋－＠", first) || text == "" || isNumber(text) {
		return text
	}
	return "'" + text
}

// isNumber tells whether a text is a sign before digits with at most one decimal
// sign among them.
func isNumber(text string) bool {
	digits := strings.TrimLeft(text, "+-")
	if len(text)-len(digits) > 1 || digits == "" {
		return false
	}
	whole, fraction, _ := strings.Cut(strings.Replace(digits, ",", ".", 1), ".")
	return strings.Trim(whole+fraction, "0123456789") == "" && whole != ""
}
