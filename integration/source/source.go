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

// HeadSize is how many bytes of a file [Format.Recognise] is shown.
const HeadSize = 4096

// File is what a payroll file holds.
type File struct {
	Name    string // base name
	Format  string // id of the format it was read as
	Hash    string // SHA-256 of the bytes in hex
	Raw     []byte
	Journal *journal.Journal
}
