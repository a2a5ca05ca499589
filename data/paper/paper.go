// Package paper writes a document of names, values and a table as a PDF on A4:
// [Document.PDF]. The letters are embedded, so that å, ä, ö and € look the same
// everywhere.
//
// It knows no language and no bookkeeping: every text comes from outside. The
// same document always gives the same bytes.
package paper

import (
	"fmt"
	"io"
	"strings"
	"time"

	"codeberg.org/go-pdf/fpdf"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"
)

// Document is what stands on the paper, from top to bottom.
type Document struct {
	Title    string
	About    string // a line below the title
	Author   string
	Created  time.Time
	Language string // BCP 47, for readers that speak
	Across   bool   // the long side of the page is at the top
	Parts    []Part
	Foot     string // at the end of every page, before its number
}

// Part is a heading with facts and perhaps a table below it.
type Part struct {
	Title  string
	Facts  []Fact
	Titles []Column
	Rows   [][]string
	Total  []string // the last row, in strong letters; none where there is no total
}

// Fact is a name and its value.
type Fact struct{ Name, Value string }

// Column is a column of a table. Share is its part of the width of the page.
type Column struct {
	Title string
	Share float64
	End   bool // aligned at the end, for amounts
	Whole bool // a text that does not fit goes on below; otherwise it is cut with an ellipsis
}

// The measures of the page in millimetres.
const (
	margin   = 18
	textSize = 9.5 // points
	line     = 5.2
	nameWide = 48
	letters  = "go"
)

// PDF writes the document.
func (d Document) PDF(w io.Writer) error {
	orientation := fpdf.OrientationPortrait
	if d.Across {
		orientation = fpdf.OrientationLandscape
	}
	p := fpdf.New(orientation, "mm", "A4", "")
	p.AddUTF8FontFromBytes(letters, "", goregular.TTF)
	p.AddUTF8FontFromBytes(letters, "B", gobold.TTF)
	p.SetCatalogSort(true)
	p.SetCreationDate(d.Created)
	p.SetModificationDate(d.Created)
	p.SetTitle(d.Title, true)
	p.SetAuthor(d.Author, true)
	p.SetLang(d.Language)
	p.SetMargins(margin, margin, margin)
	p.SetAutoPageBreak(true, margin)
	p.SetFooterFunc(func() {
		p.SetY(-margin + 4)
		p.SetFont(letters, "", textSize-2)
		p.CellFormat(0, line, fmt.Sprintf("%s · %d", d.Foot, p.PageNo()), "", 0, "C", false, 0, "")
	})
	p.AddPage()
	p.SetFont(letters, "B", textSize+7)
	p.MultiCell(0, line+3, d.Title, "", "L", false)
	p.SetFont(letters, "", textSize)
	p.MultiCell(0, line, d.About, "", "L", false)
	for _, part := range d.Parts {
		writePart(p, part)
	}
	if err := p.Output(w); err != nil {
		return fmt.Errorf("write document %s: %w", d.Title, err)
	}
	return nil
}

func writePart(p *fpdf.Fpdf, part Part) {
	p.Ln(line)
	p.SetFont(letters, "B", textSize+2)
	p.MultiCell(0, line+1.5, part.Title, "", "L", false)
	for _, f := range part.Facts {
		p.SetFont(letters, "", textSize)
		p.SetTextColor(90, 90, 90)
		p.CellFormat(nameWide, line, f.Name, "", 0, "L", false, 0, "")
		p.SetTextColor(0, 0, 0)
		p.MultiCell(0, line, f.Value, "", "L", false)
	}
	if len(part.Titles) == 0 {
		return
	}
	p.Ln(line / 2)
	heads := make([]string, len(part.Titles))
	for i, c := range part.Titles {
		heads[i] = c.Title
	}
	writeRow(p, part.Titles, heads, "B", "B")
	for _, row := range part.Rows {
		writeRow(p, part.Titles, row, "", "")
	}
	if len(part.Total) > 0 {
		writeRow(p, part.Titles, part.Total, "B", "T")
	}
}

// writeRow writes the cells of a row, which is as high as the highest of them and
// goes on at the top of the next page where it must.
func writeRow(p *fpdf.Fpdf, columns []Column, cells []string, style, border string) {
	width, height := p.GetPageSize()
	p.SetFont(letters, style, textSize-1)
	lines := make([][]string, len(columns))
	high := 1
	for i, c := range columns {
		lines[i] = inLines(p, c, cells[i], c.Share*(width-2*margin)-2)
		high = max(high, len(lines[i]))
	}
	for n := range high {
		if p.GetY()+line > height-margin {
			p.AddPage() // keeps the letters
		}
		edge := border
		if border == "B" && n < high-1 || border == "T" && n > 0 {
			edge = ""
		}
		for i, c := range columns {
			text, align := "", "L"
			if n < len(lines[i]) {
				text = lines[i][n]
			}
			if c.End {
				align = "R"
			}
			p.CellFormat(c.Share*(width-2*margin), line, text, edge, 0, align, false, 0, "")
		}
		p.Ln(line)
	}
}

// inLines are the lines of a cell.
func inLines(p *fpdf.Fpdf, c Column, text string, width float64) []string {
	if !c.Whole {
		return []string{fitting(p, text, width)}
	}
	var all []string
	for _, word := range strings.Fields(text) {
		if last := len(all) - 1; last >= 0 && p.GetStringWidth(all[last]+" "+word) <= width {
			all[last] += " " + word
			continue
		}
		for p.GetStringWidth(word) > width {
			head := cut(p, word, "", width)
			all, word = append(all, head), word[len(head):]
		}
		all = append(all, word)
	}
	return all
}

func fitting(p *fpdf.Fpdf, text string, width float64) string {
	if p.GetStringWidth(text) <= width {
		return text
	}
	return cut(p, text, "…", width) + "…"
}

// cut is as much of a text as fits before an end, and at least one letter.
func cut(p *fpdf.Fpdf, text, end string, width float64) string {
	runes := []rune(text)
	for len(runes) > 1 && p.GetStringWidth(string(runes)+end) > width {
		runes = runes[:len(runes)-1]
	}
	return string(runes)
}
