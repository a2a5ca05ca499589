package sheet

import (
	"archive/zip"
	"bufio"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strconv"
	"time"

	"loonbrug/data/journal"
)

// ErrTooLong means that a sheet cannot hold so many rows.
var ErrTooLong = errors.New("too many rows for a sheet")

// longest is how many rows a sheet of Excel has (ECMA-376 leaves it open; the
// limit is the program's own).
const longest = 1 << 20

// The parts of a workbook that are the same in every file (ECMA-376, parts 1 and
// 2). Styles: 0 text, 1 title, 2 amount with two decimals, 3 whole number, 4 date
// as the computer writes it.
const (
	contentTypes = xml.Header + `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/><Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/></Types>`
	rootRels     = xml.Header + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`
	bookRels     = xml.Header + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>`
	styles       = xml.Header + `<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="5"><xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/><xf numFmtId="49" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/><xf numFmtId="4" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/><xf numFmtId="1" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/><xf numFmtId="14" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs></styleSheet>`
	sheetHead    = xml.Header + `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><sheetFormatPr defaultRowHeight="15"/><cols><col min="1" max="%d" width="18" customWidth="1"/></cols><sheetData>`
	sheetFoot    = `</sheetData></worksheet>`
)

// XLSX writes the table as a workbook. Texts are written as texts, whatever they
// begin with. [ErrTooLong]: it has more rows than a sheet.
func (t Table) XLSX(w io.Writer) error {
	if len(t.Rows) >= longest {
		return fmt.Errorf("table %s: %w", t.Name, ErrTooLong)
	}
	pack := zip.NewWriter(w)
	for _, part := range []struct {
		name  string
		write func(*bufio.Writer)
	}{
		{"[Content_Types].xml", fixed(contentTypes)},
		{"_rels/.rels", fixed(rootRels)},
		{"xl/workbook.xml", t.writeBook},
		{"xl/_rels/workbook.xml.rels", fixed(bookRels)},
		{"xl/styles.xml", fixed(styles)},
		{"xl/worksheets/sheet1.xml", t.writeSheet},
	} {
		file, err := pack.Create(part.name)
		if err != nil {
			return fmt.Errorf("write %s of table %s: %w", part.name, t.Name, err)
		}
		out := bufio.NewWriter(file)
		part.write(out)
		if err := out.Flush(); err != nil {
			return fmt.Errorf("write %s of table %s: %w", part.name, t.Name, err)
		}
	}
	if err := pack.Close(); err != nil {
		return fmt.Errorf("write table %s: %w", t.Name, err)
	}
	return nil
}

// Faults of the writers below stay in the buffer and come out when it is flushed.

func fixed(text string) func(*bufio.Writer) {
	return func(out *bufio.Writer) { _, _ = out.WriteString(text) }
}

func (t Table) writeBook(out *bufio.Writer) {
	_, _ = out.WriteString(xml.Header + `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="`)
	_ = xml.EscapeText(out, []byte(sheetName(t.Name)))
	_, _ = out.WriteString(`" sheetId="1" r:id="rId1"/></sheets></workbook>`)
}

// sheetName is a name that Excel takes: not empty, at most 31 letters, none of
// the signs that it refuses.
func sheetName(name string) string {
	letters := []rune(string(bytes.Map(func(r rune) rune {
		if bytes.ContainsRune([]byte(`[]:*?/\'`), r) {
			return ' '
		}
		return r
	}, []byte(name))))
	if len(letters) == 0 {
		return "1"
	}
	return string(letters[:min(len(letters), 31)])
}

func (t Table) writeSheet(out *bufio.Writer) {
	_, _ = fmt.Fprintf(out, sheetHead, max(1, len(t.Titles)))
	titles := make([]Cell, len(t.Titles))
	for i, title := range t.Titles {
		titles[i] = Text(title)
	}
	writeRow(out, 1, titles, 1)
	for i, row := range t.Rows {
		writeRow(out, i+2, row, 0)
	}
	_, _ = out.WriteString(sheetFoot)
}

// writeRow writes a row by its number; texts get a style.
func writeRow(out *bufio.Writer, number int, cells []Cell, style int) {
	_, _ = fmt.Fprintf(out, `<row r="%d">`, number)
	for i, c := range cells {
		place := columnName(i) + strconv.Itoa(number)
		switch c.kind {
		case kindAmount:
			_, _ = fmt.Fprintf(out, `<c r="%s" s="2"><v>%s</v></c>`, place, c.plain("."))
		case kindCount:
			_, _ = fmt.Fprintf(out, `<c r="%s" s="3"><v>%d</v></c>`, place, c.number)
		case kindDay:
			_, _ = fmt.Fprintf(out, `<c r="%s" s="4"><v>%d</v></c>`, place, serial(c.day))
		default:
			_, _ = fmt.Fprintf(out, `<c r="%s" s="%d" t="inlineStr"><is><t xml:space="preserve">`, place, style)
			_ = xml.EscapeText(out, []byte(c.text))
			_, _ = out.WriteString(`</t></is></c>`)
		}
	}
	_, _ = out.WriteString(`</row>`)
}

// columnName is A for zero, Z for 25, AA for 26.
func columnName(i int) string {
	name := string(rune('A' + i%26))
	if i >= 26 {
		return columnName(i/26-1) + name
	}
	return name
}

// serial is a day as Excel counts them; day 1 is 1 January 1900 and there is a
// 29 February 1900 among them that never was.
func serial(d journal.Date) int {
	day := time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC)
	return int(day.Sub(time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)) / (24 * time.Hour))
}
