package sheet_test

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"loonbrug/data/journal"
	"loonbrug/data/sheet"
)

func sample() sheet.Table {
	return sheet.Table{
		Name:   "Loonruns: 2026/03",
		Titles: []string{"Bedrijf", "Code", "Bedrag", "Aantal", "Dag"},
		Rows: [][]sheet.Cell{
			{sheet.Text("Ångström & Söner <Äö>"), sheet.Text("0040"), sheet.Amount(-123456), sheet.Count(3), sheet.Day(journal.Date{Year: 2026, Month: 3, Day: 31})},
			{sheet.Text(`=HYPERLINK("http://x")`), sheet.Text("-5,00"), sheet.Amount(5), sheet.Count(0), sheet.Cell{}},
			{sheet.Text("two\nlines;"), sheet.Text("@sum\x00"), sheet.Amount(journal.MaxAmount), sheet.Count(-1), sheet.DayOf(time.Time{})},
		},
	}
}

func TestTable_CSV(t *testing.T) {
	var out bytes.Buffer
	if err := sample().CSV(&out, sheet.Style{Separator: ';', Decimal: ","}); err != nil {
		t.Fatal(err)
	}
	want := "\ufeffBedrijf;Code;Bedrag;Aantal;Dag\r\n" +
		"Ångström & Söner <Äö>;0040;-1234,56;3;2026-03-31\r\n" +
		`"'=HYPERLINK(""http://x"")";-5,00;0,05;0;` + "\r\n" +
		"\"two\r\nlines;\";'@sum\x00;9999999999,99;-1;\r\n"
	if got := out.String(); got != want {
		t.Errorf("got\n%q, want\n%q", got, want)
	}
}

func TestHarmless(t *testing.T) {
	for text, want := range map[string]string{
		"":      "",
		"4075":  "4075",
		"-5":    "-5",
		"+31,5": "+31,5",
		"-1.50": "-1.50",
		"--1":   "'--1",
		"-":     "'-",
		"-.5":   "'-.5",
		"+1+2":  "'+1+2",
		"=1":    "'=1",
		"@a":    "'@a",
		"\t=1":  "'\t=1",
		"\r=1":  "'\r=1",
		"＝1":    "'＝1",
		"a=1":   "a=1",
		"1.2.3": "1.2.3",
		"-1,2,": "'-1,2,",
	} {
		if got := sheet.Harmless(text); got != want {
			t.Errorf("%q becomes %q, want %q", text, got, want)
		}
	}
}

func TestTable_Lines(t *testing.T) {
	want := "Ångström & Söner <Äö>\t0040\t-1234,56\t3\t2026-03-31\n" +
		"'=HYPERLINK(\"http://x\")\t-5,00\t0,05\t0\t\n" +
		"two lines;\t'@sum\x00\t9999999999,99\t-1\t"
	if got := sample().Lines(","); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// written reads a workbook back: the cells of its rows as type, style and value.
func written(t *testing.T, book []byte) (name string, rows [][][3]string) {
	t.Helper()
	pack, err := zip.NewReader(bytes.NewReader(book), int64(len(book)))
	if err != nil {
		t.Fatal(err)
	}
	read := func(part string, into any) {
		f, err := pack.Open(part)
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(f)
		if err != nil {
			t.Fatal(err)
		}
		if err := xml.Unmarshal(data, into); err != nil {
			t.Fatalf("%s: %v", part, err)
		}
	}
	for _, part := range []string{"[Content_Types].xml", "_rels/.rels", "xl/_rels/workbook.xml.rels", "xl/styles.xml"} {
		read(part, &struct{}{})
	}
	var names struct {
		Sheets []struct {
			Name string `xml:"name,attr"`
		} `xml:"sheets>sheet"`
	}
	read("xl/workbook.xml", &names)
	var cells struct {
		Rows []struct {
			Cells []struct {
				Place  string `xml:"r,attr"`
				Type   string `xml:"t,attr"`
				Style  string `xml:"s,attr"`
				Value  string `xml:"v"`
				Inline string `xml:"is>t"`
				Letter string `xml:"f"`
			} `xml:"c"`
		} `xml:"sheetData>row"`
	}
	read("xl/worksheets/sheet1.xml", &cells)
	for _, r := range cells.Rows {
		var row [][3]string
		for _, c := range r.Cells {
			if c.Letter != "" {
				t.Errorf("%s holds the formula %q", c.Place, c.Letter)
			}
			row = append(row, [3]string{c.Type, c.Style, c.Value + c.Inline})
		}
		rows = append(rows, row)
	}
	return names.Sheets[0].Name, rows
}

func TestTable_XLSX(t *testing.T) {
	var out bytes.Buffer
	if err := sample().XLSX(&out); err != nil {
		t.Fatal(err)
	}
	name, rows := written(t, out.Bytes())
	if name != "Loonruns  2026 03" {
		t.Errorf("sheet is called %q", name)
	}
	if len(rows) != 4 {
		t.Fatalf("%d rows", len(rows))
	}
	for i, want := range [][3]string{
		{"inlineStr", "0", "Ångström & Söner <Äö>"},
		{"inlineStr", "0", "0040"},
		{"", "2", "-1234.56"},
		{"", "3", "3"},
		{"", "4", "46112"}, // 31 March 2026
	} {
		if rows[1][i] != want {
			t.Errorf("cell %d is %v, want %v", i, rows[1][i], want)
		}
	}
	if got := rows[2][0]; got != [3]string{"inlineStr", "0", `=HYPERLINK("http://x")`} {
		t.Errorf("a formula became %v", got)
	}
	if got := rows[0][0]; got != [3]string{"inlineStr", "1", "Bedrijf"} {
		t.Errorf("the title is %v", got)
	}
	if got := rows[3][0][2]; got != "two\nlines;" {
		t.Errorf("lines became %q", got)
	}
}

func TestTable_XLSXWithManyColumns(t *testing.T) {
	wide := sheet.Table{Titles: make([]string, 703)}
	var out bytes.Buffer
	if err := wide.XLSX(&out); err != nil {
		t.Fatal(err)
	}
	pack, err := zip.NewReader(bytes.NewReader(out.Bytes()), int64(out.Len()))
	if err != nil {
		t.Fatal(err)
	}
	f, err := pack.Open("xl/worksheets/sheet1.xml")
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	for _, place := range []string{`"A1"`, `"Z1"`, `"AA1"`, `"ZZ1"`, `"AAA1"`} {
		if !strings.Contains(string(text), "r="+place) {
			t.Errorf("no cell %s", place)
		}
	}
}

func TestTable_TooLong(t *testing.T) {
	long := sheet.Table{Rows: make([][]sheet.Cell, 1<<20)}
	if err := long.XLSX(io.Discard); !errors.Is(err, sheet.ErrTooLong) {
		t.Errorf("got %v", err)
	}
}

// broken refuses to be written to.
type broken struct{}

var errBroken = errors.New("broken")

func (broken) Write([]byte) (int, error) { return 0, errBroken }

func TestTable_AFaultOfTheFileIsTold(t *testing.T) {
	if err := sample().XLSX(broken{}); !errors.Is(err, errBroken) {
		t.Errorf("XLSX: %v", err)
	}
	if err := sample().CSV(broken{}, sheet.Style{Separator: ','}); !errors.Is(err, errBroken) {
		t.Errorf("CSV: %v", err)
	}
}
