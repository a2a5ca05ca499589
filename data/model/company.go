package model

import (
	"time"

	"loonbrug/data/journal"
)

// Company is a payroll company as its source knows it. Source and SourceID
// together name it for ever; Number and Name may change.
type Company struct {
	ID            int64
	Source        string // source and its domain, such as "file" or "nmbrs:voorbeeld"
	SourceID      string // the company's own id in that source
	Number        string
	Name          string
	Debtor        string // name of the debtor that owns the company; may be empty
	Country       string // ISO 3166 two letters: NL, SE, FI
	Currency      string // ISO 4217: EUR, SEK
	FourWeekly    bool   // thirteen periods of four weeks instead of twelve months
	TestCompany   bool   // never sent anywhere
	DebtorBlocked bool   // never sent while the debtor is blocked
}

// Run is one payroll run of a company. Reference is the same in all entries of
// the run: at most 13 characters of A-Z, 0-9 and hyphen.
type Run struct {
	ID          int64
	CompanyID   int64
	SourceID    string // the run's own id in its source; for a file the hash of its bytes
	Year        int
	Number      int
	First, Last journal.Period
	Description string
	Reference   string
	RunAt       time.Time
	Locked      bool
	Gone        bool // no longer in the source; the snapshot stays
	Changed     bool // the source has another content since the snapshot
}

// Snapshot is the journal of a run as it was when it was created. It never
// changes. Raw is what the source gave, Hash the SHA-256 of Raw in hex.
type Snapshot struct {
	RunID   int64
	Hash    string
	Format  string // id of the reader: "nmbrs-xml", "sie4", ...
	TakenAt time.Time
	Raw     []byte
	Journal *journal.Journal
	Content string // SHA-256 over the sorted content, the same for the same journal in another file

	// Number is zero for the journal that the run was created with, and counts
	// the later ones, which are kept beside it.
	Number int
}

// RunFilter chooses runs; zero fields do not restrict. Runs come newest first,
// by the time they were run and then by id.
type RunFilter struct {
	CompanyID int64
	Year      int
	Text      string // part of description, reference or company name
	Limit     int
	Offset    int
}
