package payrollfile

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"

	"loonbrug/data/journal"
	"loonbrug/data/model"
	"loonbrug/integration/source"
)

// Limits of a workbook. Real ones of a million rows stay below them; a file
// made to fill the memory does not.
const (
	maxWorkbook = 128 << 20 // bytes of the file
	maxUnpacked = 1 << 30   // bytes of all its parts together
	maxPacking  = 200       // times that a workbook may grow by unpacking
	maxParts    = 4096
	maxShared   = 128 << 20 // bytes of all texts that cells share
)

// XLSX reads tables in workbooks of Office Open XML: the first sheet whose
// header is recognised. Numbers are taken with the fifteen digits that a
// spreadsheet shows, never rounded to cents; days as numbers or as text;
// formulas by the value that was saved with them.
//
// Layouts, empty rows and rows of totals are as with [CSV].
type XLSX struct {
	Layouts        []Layout
	WithoutAccount bool // take rows without a ledger account as they are
}

// ID is "xlsx".
func (XLSX) ID() string { return "xlsx" }

// Recognise takes every zip file, and the older kind of workbook, so that these
// get a problem of their own.
func (XLSX) Recognise(head []byte) bool { return zipped(head) || oldWorkbook(head) }

func zipped(head []byte) bool { return bytes.HasPrefix(head, []byte("PK\x03\x04")) }

// oldWorkbook knows compound files: workbooks before 2007, and newer ones with
// a password.
func oldWorkbook(head []byte) bool {
	return bytes.HasPrefix(head, []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"))
}

// Read gives the transactions in the order of their first rows, as [CSV.Read]
// does.
func (x XLSX) Read(ctx context.Context, r io.Reader, yield func(journal.Transaction) error) error {
	return x.ReadHeaded(ctx, r, noHeader, yield)
}

// ReadHeaded is [XLSX.Read] that first tells by which layout the table is read.
func (x XLSX) ReadHeaded(ctx context.Context, r io.Reader, tell func(source.Header) error, yield func(journal.Transaction) error) error {
	raw, err := io.ReadAll(io.LimitReader(r, maxWorkbook+1))
	if err != nil {
		return fmt.Errorf("read: %w", err)
	}
	if len(raw) > maxWorkbook {
		return fault("file.too_large", "limit", strconv.Itoa(maxWorkbook>>20))
	}
	if oldWorkbook(raw) {
		return fault("file.old_workbook")
	}
	book, err := openWorkbook(raw)
	if err != nil {
		return err
	}
	place, found, err := book.find(ctx, x.Layouts)
	if err != nil {
		return err
	}
	if err := tell(source.Header{Layout: found.layout.ID}); err != nil {
		return err
	}
	t := newTable(found.layout)
	t.bare, t.loose, t.day1904 = x.WithoutAccount, true, book.from1904
	index := 0
	err = book.rows(ctx, place, func(r row) error {
		index++
		if index <= found.index+1 {
			return nil
		}
		return t.take(r)
	})
	if err != nil {
		return err
	}
	return t.finish(yield)
}

func megabytes(n int) string { return strconv.Itoa(n>>20) + " MB" }

// find looks for the first sheet whose header names all columns that are
// needed, and else tells what the first sheet with any known word lacks.
func (w *workbook) find(ctx context.Context, remembered []Layout) (sheet string, f found, err error) {
	var problem error = fault("file.no_header")
	for _, sheet := range w.sheets {
		rows, err := w.head(ctx, sheet)
		if err != nil {
			return "", f, err
		}
		h, known, _ := findHeader(rows, "", remembered)
		if known < 2 {
			continue
		}
		f := found{h, h.missing(rows), rows}
		if len(f.missed) == 0 {
			return sheet, f, nil
		}
		if p := model.ProblemOf(problem); p.Code == "file.no_header" {
			problem = columnsMissing(f.missed, strconv.Itoa(h.index+1))
		}
	}
	return "", f, problem
}

var errEnough = errors.New("enough rows")

// head are the first rows of a sheet, each as long as its last filled cell.
func (w *workbook) head(ctx context.Context, sheet string) (rows [][]string, err error) {
	err = w.rows(ctx, sheet, func(r row) error {
		var texts []string
		for _, c := range r.cells {
			texts = append(texts, c.text)
		}
		if rows = append(rows, texts); len(rows) == 2*headerRows {
			return errEnough
		}
		return nil
	})
	if errors.Is(err, errEnough) {
		err = nil
	}
	return rows, err
}

// proposeWorkbook is [Propose] for a workbook, with the first rows of its sheet.
func proposeWorkbook(raw []byte) (best found, first [][]string, ok bool) {
	book, err := openWorkbook(raw)
	if err != nil {
		return found{}, nil, false
	}
	known := 0
	for _, sheet := range book.sheets {
		rows, err := book.head(context.Background(), sheet)
		if err != nil {
			return found{}, nil, false
		}
		h, n, recognised := findHeader(rows, "", nil)
		if !recognised {
			h = widest(rows, "")
		}
		if f := (found{h, h.missing(rows), rows}); n > known || !ok && len(h.layout.Header) > 1 {
			best, first, known, ok = f, rows, n, true
		}
	}
	return best, first, ok
}

// openWorkbook opens the zip and proves its sizes before anything is unpacked.
func openWorkbook(raw []byte) (*workbook, error) {
	archive, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		return nil, fault("file.not_a_workbook").Because(err)
	}
	var unpacked uint64
	for _, part := range archive.File {
		// A part that holds more than it declares is refused while it is read.
		if unpacked += min(part.UncompressedSize64, maxUnpacked+1); unpacked > maxUnpacked {
			break
		}
	}
	if unpacked > maxUnpacked || unpacked > uint64(len(raw))*maxPacking || len(archive.File) > maxParts {
		return nil, fault("file.unpacks_too_large", "limit", megabytes(maxUnpacked))
	}
	return newWorkbook(archive)
}
