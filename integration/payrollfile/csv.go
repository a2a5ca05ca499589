package payrollfile

import (
	"bufio"
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"loonbrug/data/journal"
	"loonbrug/data/model"
	"loonbrug/integration/source"
)

// CSV reads tables of text: a header and a row per line of the journal, with
// any of four separators, in UTF-8, UTF-16 with its mark or Windows-1252.
//
// A remembered layout is used for a file with its header; every other file is
// read by the layout that its header proposes, and refused with the names of
// the missing columns when that is not complete. Empty rows and rows of totals
// (no ledger account, and "Totaal" or the like in a cell) are passed over.
type CSV struct {
	Layouts        []Layout
	WithoutAccount bool // take rows without a ledger account as they are
}

// headSize is how much of a table is looked at for its header and separator.
const headSize = 16 << 10

// ID is "csv".
func (CSV) ID() string { return "csv" }

// Recognise takes a text with a row in which at least two columns are
// recognised, or with the header of a remembered layout.
func (c CSV) Recognise(head []byte) bool {
	_, known := findText(decodeHead(head), c.Layouts)
	return known >= 2
}

// Propose proposes a layout for a table by the beginning of its bytes (a
// workbook needs all of them) and tells which roles it misses. A table whose
// header holds no known word gets a layout without columns, to be filled by
// hand. ok is false for what is no table.
func Propose(head []byte) (layout Layout, missing []Role, ok bool) {
	if zipped(head) {
		f, _, ok := proposeWorkbook(head)
		return f.layout, f.missed, ok
	}
	found, known := findText(decodeHead(head), nil)
	if known == 0 && len(found.layout.Header) < 2 {
		return Layout{}, nil, false
	}
	return found.layout, found.missed, true
}

// found is a header with what it misses, and the first rows of its table.
type found struct {
	header
	missed []Role
	rows   [][]string
}

// findText finds separator and header at the start of a text: those by which
// most columns are recognised.
func findText(head string, remembered []Layout) (best found, known int) {
	if strings.HasPrefix(strings.TrimSpace(head), "<") {
		return best, 0
	}
	for _, separator := range []string{";", ",", "\t", "|"} {
		if !strings.Contains(head, separator) {
			continue
		}
		rows := headRows(head, separator)
		h, n, ok := findHeader(rows, separator, remembered)
		switch {
		case ok && n > known:
			best, known = found{h, h.missing(rows), rows}, n
		case known == 0:
			if h := widest(rows, separator); len(h.layout.Header) > max(1, len(best.layout.Header)) {
				best = found{h, h.missing(rows), rows}
			}
		}
	}
	return best, known
}

// headRows are the first rows of a text by a separator, up to the first one
// that is not well formed.
func headRows(head, separator string) (rows [][]string) {
	r := newCSV(strings.NewReader(head), separator)
	for len(rows) < 2*headerRows {
		cells, err := r.Read()
		if err != nil {
			return rows
		}
		rows = append(rows, cells)
	}
	return rows
}

func newCSV(in io.Reader, separator string) *csv.Reader {
	r := csv.NewReader(in)
	r.Comma, _ = utf8.DecodeRuneInString(separator)
	r.FieldsPerRecord = -1
	return r
}

// decodeHead is the beginning of a text in whole lines. A text in two encodings
// is refused later, where its row is known.
func decodeHead(head []byte) string {
	if end := bytes.LastIndexAny(head, "\r\n"); end >= 0 && len(head) >= source.HeadSize && !utf16(head) {
		head = head[:end+1]
	}
	if plain := bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")); ascii(plain) {
		if bytes.IndexByte(plain, '\r') >= 0 {
			plain = oneLineEnd(bytes.Clone(plain))
		}
		return string(plain)
	}
	text, err := io.ReadAll(textReader(bytes.NewReader(head)))
	if err != nil {
		text = oneLineEnd(bytes.ToValidUTF8(head, nil))
	}
	return string(text)
}

// Read gives the transactions in the order of their first rows, each of them
// complete: rows of equal period and entry, wherever they stand in the file.
// All rows are read before the first transaction is given.
func (c CSV) Read(ctx context.Context, r io.Reader, yield func(journal.Transaction) error) error {
	return c.ReadHeaded(ctx, r, noHeader, yield)
}

// noHeader is for callers that do not ask for one.
func noHeader(source.Header) error { return nil }

// ReadHeaded is [CSV.Read] that first tells by which layout the file is read.
func (c CSV) ReadHeaded(ctx context.Context, r io.Reader, tell func(source.Header) error, yield func(journal.Transaction) error) error {
	buffered := bufio.NewReaderSize(r, headSize)
	head, err := buffered.Peek(headSize)
	if err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("read: %w", err)
	}
	found, err := c.find(decodeHead(head))
	if err != nil {
		return err
	}
	if err := tell(source.Header{Layout: found.layout.ID}); err != nil {
		return err
	}
	guarded := &guard{in: textReader(buffered)}
	rows := newCSV(guarded, found.layout.Separator)
	rows.ReuseRecord = true
	t := newTable(found.layout)
	t.bare = c.WithoutAccount
	var cells []cell
	line := 0
	for index := 0; ctx.Err() == nil; index++ {
		guarded.allow(maxToken)
		record, err := rows.Read()
		if errors.Is(err, io.EOF) {
			return t.finish(yield)
		}
		if err != nil {
			return brokenRow(err, line)
		}
		line, _ = rows.FieldPos(0)
		if index <= found.index {
			continue
		}
		cells = cells[:0]
		for _, text := range record {
			cells = append(cells, cell{text: text})
		}
		if err := t.take(row{line, cells}); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// find is the layout of a file that is to be read.
func (c CSV) find(head string) (found, error) {
	f, known := findText(head, c.Layouts)
	if known == 0 {
		return f, fault("file.unknown_format")
	}
	if len(f.missed) > 0 {
		return f, columnsMissing(f.missed, strconv.Itoa(f.index+1))
	}
	return f, nil
}

// brokenRow turns an error of reading the row behind a line into a problem.
func brokenRow(err error, line int) error {
	var broken *csv.ParseError
	var problem *model.Problem
	switch {
	case errors.As(err, &problem):
		return problem
	case errors.Is(err, errTokenTooLong):
		return fault("file.field_too_long", "limit", strconv.Itoa(maxToken), "row", strconv.Itoa(line+1)).Because(err)
	case errors.As(err, &broken):
		return fault("file.bad_quotes", "row", strconv.Itoa(broken.StartLine)).Because(err)
	}
	return fmt.Errorf("read: %w", err)
}
