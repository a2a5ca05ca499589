// Package payrollfile reads payroll journals from files. [Reader.Read] finds
// out from the content which format a file has and gives its transactions one
// by one; [Reader.ReadAll] collects them with the file's hash.
//
// A file is taken whole or not at all: the first fault ends the reading with a
// problem that names file, transaction and line. Nothing is guessed about
// money, sides or periods.
package payrollfile

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"loonbrug/data/journal"
	"loonbrug/data/model"
	"loonbrug/integration/source"
)

// Reader reads files of the formats it was made with.
type Reader struct {
	formats []source.Format
	layouts func(context.Context) ([]model.Layout, error) // nil for none
	bare    bool                                          // lines without an account are taken
}

// New makes a reader of these formats, asked in this order. Without any it
// reads all formats of this package.
func New(formats ...source.Format) *Reader {
	if len(formats) == 0 {
		formats = []source.Format{XLSX{}, SIE{}, XAF{}, CSV{}, NmbrsXML{}}
	}
	return &Reader{formats: formats}
}

// Remembering is a reader that also knows the layouts of tables that somebody
// chose before: those of the list whose id is "columns:" and the id of the
// layout. The list is asked for each file anew.
func (r *Reader) Remembering(layouts func(context.Context) ([]model.Layout, error)) *Reader {
	more := *r
	more.layouts = layouts
	return &more
}

// WithoutAccount is a reader that takes lines without a ledger account as they
// are, where a format may have such: transaction XML and tables. Every other
// reader refuses them with "file.no_ledger_account".
func (r *Reader) WithoutAccount() *Reader {
	more := *r
	more.bare = true
	return &more
}

// prepared are the formats with what was added to the reader.
func (r *Reader) prepared(ctx context.Context) ([]source.Format, error) {
	known, err := remembered(ctx, r.layouts)
	if err != nil {
		return nil, err
	}
	all := slices.Clone(r.formats)
	for i, f := range all {
		switch f := f.(type) {
		case NmbrsXML:
			f.WithoutAccount = f.WithoutAccount || r.bare
			all[i] = f
		case CSV:
			f.Layouts, f.WithoutAccount = slices.Concat(f.Layouts, known), f.WithoutAccount || r.bare
			all[i] = f
		case XLSX:
			f.Layouts, f.WithoutAccount = slices.Concat(f.Layouts, known), f.WithoutAccount || r.bare
			all[i] = f
		}
	}
	return all, nil
}

// Read gives the transactions of a file to yield, in the order of the file, and
// reports its format. name is used in problems only, without its folder.
func (r *Reader) Read(ctx context.Context, name string, in io.Reader, yield func(journal.Transaction) error) (format string, err error) {
	return r.ReadHeaded(ctx, name, in, func(source.Header) error { return nil }, yield)
}

// ReadHeaded is [Reader.Read] that gives the file's header to head, before the
// first transaction. Formats without a header never call it.
func (r *Reader) ReadHeaded(ctx context.Context, name string, in io.Reader, head func(source.Header) error, yield func(journal.Transaction) error) (format string, err error) {
	name = filepath.Base(name)
	buffered := bufio.NewReaderSize(in, 64<<10)
	begin, err := buffered.Peek(source.HeadSize)
	if err != nil && !errors.Is(err, io.EOF) {
		return "", fmt.Errorf("read %s: %w", name, err)
	}
	if len(bytes.TrimSpace(begin)) == 0 && len(begin) < source.HeadSize {
		return "", model.NewProblem("file.empty", "file", name)
	}
	f, err := r.formatOf(ctx, begin)
	if err != nil {
		return "", fmt.Errorf("read %s: %w", name, err)
	}
	if f == nil {
		return "", model.NewProblem("file.unknown_format", "file", name)
	}
	if err := readAs(ctx, f, buffered, head, yield); err != nil {
		return f.ID(), named(name, err)
	}
	return f.ID(), nil
}

// formatOf is the first format that recognises a file by its beginning, nil if
// none does.
func (r *Reader) formatOf(ctx context.Context, head []byte) (source.Format, error) {
	formats, err := r.prepared(ctx)
	if err != nil {
		return nil, err
	}
	for _, f := range formats {
		if f.Recognise(head) {
			return f, nil
		}
	}
	return nil, nil
}

func readAs(ctx context.Context, f source.Format, in io.Reader, head func(source.Header) error, yield func(journal.Transaction) error) error {
	if headed, ok := f.(source.Headed); ok {
		return headed.ReadHeaded(ctx, in, head, yield)
	}
	return f.Read(ctx, in, yield)
}

// ReadAll reads a file whole. A journal without transactions is the problem
// "file.no_transactions".
func (r *Reader) ReadAll(ctx context.Context, name string, in io.Reader) (*source.File, error) {
	var raw bytes.Buffer
	j := &journal.Journal{}
	var header source.Header
	format, err := r.ReadHeaded(ctx, name, io.TeeReader(&capped{in: in, name: filepath.Base(name), left: maxFile}, &raw), func(h source.Header) error {
		header = h
		return nil
	}, func(t journal.Transaction) error {
		j.Transactions = append(j.Transactions, t)
		return nil
	})
	if err != nil {
		return nil, err
	}
	if len(j.Transactions) == 0 {
		return nil, model.NewProblem("file.no_transactions", "file", filepath.Base(name))
	}
	sum := sha256.Sum256(raw.Bytes())
	return &source.File{
		Name: filepath.Base(name), Format: format, Header: header,
		Hash: hex.EncodeToString(sum[:]), Raw: raw.Bytes(), Journal: j,
	}, nil
}

// ReadBare is [Reader.ReadAll] of [Reader.WithoutAccount].
func (r *Reader) ReadBare(ctx context.Context, name string, in io.Reader) (*source.File, error) {
	return r.WithoutAccount().ReadAll(ctx, name, in)
}

// named puts the file's name into a problem; the formats do not know it.
func named(name string, err error) error {
	var p *model.Problem
	if !errors.As(err, &p) {
		return fmt.Errorf("read %s: %w", name, err)
	}
	withFile := *p
	withFile.Params = maps.Clone(p.Params)
	if withFile.Params == nil {
		withFile.Params = make(map[string]string)
	}
	withFile.Params["file"] = name
	if value, told := withFile.Params["value"]; told {
		withFile.Params["value"], withFile.Cause = withoutWords(value), innermost(p.Cause)
	}
	return &withFile
}

// withoutWords hides the words of a value that was not understood: a column that
// was taken for another one may hold names of people. Figures, single letters and
// a sheet's own error values (#REF!) stay, to be found again in the file.
func withoutWords(value string) string {
	if strings.HasPrefix(value, "#") {
		return value
	}
	return wordsInValue.ReplaceAllString(value, "•••")
}

var wordsInValue = regexp.MustCompile(`\pL{2,}`)

// innermost is the error at the end of a chain, which does not quote the file.
func innermost(err error) error {
	for next := errors.Unwrap(err); next != nil; next = errors.Unwrap(err) {
		err = next
	}
	return err
}
