package payrollfile

import (
	"archive/zip"
	"context"
	"encoding/xml"
	"errors"
	"io"
	"path"
	"strconv"
	"strings"
)

// workbook is an open workbook: its sheets by the names of their parts, and the
// texts that cells share.
//
// Source: ECMA-376 part 1, 18.2 to 18.4 (workbook, worksheets, shared strings).
type workbook struct {
	archive  *zip.Reader
	sheets   []string
	shared   []string
	from1904 bool
}

func newWorkbook(archive *zip.Reader) (*workbook, error) {
	w := &workbook{archive: archive}
	main := "xl/workbook.xml"
	if err := w.relations("_rels/.rels", "", func(kind, target, _ string) {
		if kind == "officeDocument" {
			main = target
		}
	}); err != nil {
		return nil, err
	}
	folder, base := path.Split(main)
	sheets, strings := make(map[string]string), ""
	var hidden []string
	if err := w.relations(folder+"_rels/"+base+".rels", folder, func(kind, target, id string) {
		switch kind {
		case "worksheet":
			sheets[id] = target
		case "sharedStrings":
			strings = target
		}
	}); err != nil {
		return nil, err
	}
	err := w.walk(main, func(d *xml.Decoder, e xml.StartElement) error {
		switch e.Name.Local {
		case "workbookPr":
			w.from1904 = attribute(e, "date1904") == "1" || attribute(e, "date1904") == "true"
		case "sheet":
			target, ok := sheets[attribute(e, "id")]
			switch state := attribute(e, "state"); {
			case !ok:
			case state == "hidden" || state == "veryHidden":
				hidden = append(hidden, target)
			default:
				w.sheets = append(w.sheets, target)
			}
		}
		return nil
	})
	w.sheets = append(w.sheets, hidden...) // what nobody sees is meant last
	if err == nil && strings != "" {
		err = w.readShared(strings)
	}
	return w, err
}

// relations tells what a part points to: the last word of the kind, the target
// as a name in the zip, and the id.
func (w *workbook) relations(name, folder string, tell func(kind, target, id string)) error {
	return w.walk(name, func(_ *xml.Decoder, e xml.StartElement) error {
		if e.Name.Local != "Relationship" {
			return nil
		}
		target := attribute(e, "Target")
		if rooted, ok := strings.CutPrefix(target, "/"); ok {
			target = rooted
		} else {
			target = path.Join(folder, target)
		}
		tell(path.Base(attribute(e, "Type")), target, attribute(e, "Id"))
		return nil
	})
}

// attribute finds one by its name in any namespace.
func attribute(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if strings.EqualFold(a.Name.Local, name) {
			return a.Value
		}
	}
	return ""
}

// walk goes through the elements of a part. What is not there or not XML makes
// the file no workbook.
func (w *workbook) walk(name string, visit func(*xml.Decoder, xml.StartElement) error) error {
	part, err := w.archive.Open(name)
	if err != nil {
		return fault("file.not_a_workbook").Because(err)
	}
	defer part.Close()
	limited := &guard{in: part}
	d := xml.NewDecoder(limited)
	for {
		limited.allow(maxToken)
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fault("file.not_a_workbook").Because(err)
		}
		switch e := token.(type) {
		case xml.Directive:
			return fault("file.dtd")
		case xml.StartElement:
			if err := visit(d, e); err != nil {
				return err
			}
			limited.allow(maxToken)
		}
	}
}

// readShared reads the texts that cells point to by number.
func (w *workbook) readShared(name string) error {
	size := 0
	return w.walk(name, func(d *xml.Decoder, e xml.StartElement) error {
		if e.Name.Local != "si" {
			return nil
		}
		text, err := richText(d, false)
		if err != nil {
			return err
		}
		if size += len(text) + 16; size > maxShared {
			return fault("file.unpacks_too_large", "limit", megabytes(maxShared))
		}
		w.shared = append(w.shared, text)
		return nil
	})
}

// richText is the text up to the end of the element: all of it in a plain one,
// else that of its runs; how it is pronounced is left out.
func richText(d *xml.Decoder, plain bool) (string, error) {
	var b strings.Builder
	inText := plain
	for depth := 1; depth > 0; {
		token, err := d.Token()
		if err != nil {
			return "", fault("file.not_a_workbook").Because(err)
		}
		switch t := token.(type) {
		case xml.StartElement:
			if t.Name.Local == "rPh" {
				if err := d.Skip(); err != nil {
					return "", fault("file.not_a_workbook").Because(err)
				}
				continue
			}
			depth++
			inText = t.Name.Local == "t"
		case xml.EndElement:
			depth--
			inText = false
		case xml.CharData:
			if inText {
				b.Write(t)
			}
		}
	}
	return b.String(), nil
}

// rows gives the rows of a sheet that have cells, with their numbers. The cells
// are the caller's until visit returns.
func (w *workbook) rows(ctx context.Context, sheet string, visit func(row) error) error {
	now := row{}
	started := false
	flush := func() error {
		if !started {
			return nil
		}
		return visit(now)
	}
	err := w.walk(sheet, func(d *xml.Decoder, e xml.StartElement) error {
		switch e.Name.Local {
		case "row":
			if err := flush(); err != nil {
				return err
			}
			started = true
			if n, err := strconv.Atoi(attribute(e, "r")); err == nil {
				now.number = n
			} else {
				now.number++
			}
			now.cells = now.cells[:0]
			return ctx.Err()
		case "c":
			return w.cell(d, e, &now)
		}
		return nil
	})
	if err != nil {
		return err
	}
	return flush()
}

// maxSheetColumns is how many columns a table in a workbook may have.
const maxSheetColumns = 256

// cell reads one cell into its place in the row. Cells far to the right of any
// table are left out.
func (w *workbook) cell(d *xml.Decoder, e xml.StartElement, r *row) error {
	column := columnOf(attribute(e, "r"), len(r.cells))
	kind := attribute(e, "t")
	text, err := cellText(d)
	if err != nil || column >= maxSheetColumns {
		return err
	}
	for len(r.cells) <= column {
		r.cells = append(r.cells, cell{})
	}
	c := &r.cells[column]
	switch kind {
	case "s":
		i, err := strconv.Atoi(strings.TrimSpace(text))
		if err != nil || i < 0 || i >= len(w.shared) {
			return fault("file.not_a_workbook", "row", strconv.Itoa(r.number))
		}
		c.text = w.shared[i]
	case "", "n":
		c.text, c.number = shownNumber(strings.TrimSpace(text))
	default:
		c.text = text
	}
	return nil
}

// cellText is the value of a cell, or its text where it stands in the cell; the
// formula is left out.
func cellText(d *xml.Decoder) (string, error) {
	var b strings.Builder
	for {
		token, err := d.Token()
		if err != nil {
			return "", fault("file.not_a_workbook").Because(err)
		}
		switch t := token.(type) {
		case xml.EndElement:
			return b.String(), nil
		case xml.StartElement:
			switch t.Name.Local {
			case "v", "is":
				text, err := richText(d, t.Name.Local == "v")
				if err != nil {
					return "", err
				}
				b.WriteString(text)
			default:
				if err := d.Skip(); err != nil {
					return "", fault("file.not_a_workbook").Because(err)
				}
			}
		}
	}
}

// columnOf is the column of a reference such as "B5", counted from zero; next
// where the cell has none.
func columnOf(reference string, next int) int {
	column := 0
	for i := range min(len(reference), 4) {
		c := reference[i]
		if c < 'A' || c > 'Z' {
			break
		}
		column = column*26 + int(c-'A') + 1
	}
	if column == 0 {
		return next
	}
	return column - 1
}

// shownNumber is a number with the fifteen digits that spreadsheets work with,
// as the shortest decimal: what follows is the noise of binary fractions, as in
// 12771.280000000001.
//
// Source: Microsoft, "Excel specifications and limits" (number precision).
func shownNumber(s string) (text string, ok bool) {
	if s == "" || len(s) <= 15 && digits(s) == len(s) {
		return s, s != ""
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return s, false
	}
	shown, err := strconv.ParseFloat(strconv.FormatFloat(f, 'g', 15, 64), 64)
	if err != nil {
		return s, false
	}
	return strconv.FormatFloat(shown, 'f', -1, 64), true
}
