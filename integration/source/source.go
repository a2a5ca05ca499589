// Package source is what every source of payroll journals must offer: readers
// of files here, and connected payroll systems beside them.
package source

import (
	"context"
	"io"

	"loonbrug/data/journal"
)

// Format reads payroll files of one kind.
type Format interface {
	// ID is the stable name of the format, such as "nmbrs-xml".
	ID() string
	// Recognise looks at the first bytes of a file, never at its name.
	Recognise(head []byte) bool
	// Read gives the transactions one by one, in the order of the file, each of
	// them complete and balanced. It stops at the first error of yield. A fault
	// of the file is a [*model.Problem] that names transaction and line.
	Read(ctx context.Context, r io.Reader, yield func(journal.Transaction) error) error
}

// Headed is a format whose files say where they come from.
type Headed interface {
	Format
	// ReadHeaded is Read that also gives the header to head: once, before the
	// first transaction, or at the end of a file that has none. It stops at an
	// error of head.
	ReadHeaded(ctx context.Context, r io.Reader, head func(Header) error, yield func(journal.Transaction) error) error
}

// Header is what a file says of itself. What it does not say is empty; nothing
// is filled in from the name of the file or from its lines.
type Header struct {
	CompanyNumber string       // organisation number, else tax number, as written
	CompanyName   string       // name of the company
	Country       string       // ISO 3166 alpha-2
	YearStart     journal.Date // first day of the book year
	YearEnd       journal.Date // last day of the book year
	Programme     string       // program that made the file, with its version
	Layout        string       // recognises the columns of a table; empty where fields have names
}

// HeadSize is how many bytes of a file [Format.Recognise] is shown.
const HeadSize = 4096

// File is what a payroll file holds.
type File struct {
	Name    string // base name
	Format  string // id of the format it was read as
	Header  Header // empty for a format without one
	Hash    string // SHA-256 of the bytes in hex
	Raw     []byte
	Journal *journal.Journal
}
