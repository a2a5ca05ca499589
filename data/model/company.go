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
	Rules         CompanyRules
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
	Gone        bool      // no longer in the source; the snapshot stays
	GoneSeen    bool      // a person has acknowledged that it is gone
	Changed     bool      // the source has another content since the snapshot
	ChangedSeen bool      // a person has acknowledged the last change
	CreatedAt   time.Time // when its journal was taken
	LockedAt    time.Time // when the lock was first seen; zero while it is not locked
	Hold        Hold      // why it is held back
	OtherID     int64     // the run that Hold is about
	ErasedAt    time.Time // when its journals and entries were erased; zero while they are kept
}

// FromFile tells whether the run came from a file.
func (r Run) FromFile() bool { return len(r.SourceID) == 64 }

// Snapshot is the journal of a run as it was when it was created. It never
// changes. Hash is the
// SHA-256, in hex, of what the source gave; of that itself Raw keeps no more than
// its totals.
type Snapshot struct {
	RunID   int64
	Hash    string
	Format  string // id of the reader: "nmbrs-xml", "sie4", ...
	TakenAt time.Time
	Asked   string // what the source was asked for, so that the same can be asked again
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
	Period    journal.Period // the run's own
	Since     time.Time      // run at that time or later
	Text      string         // part of description, reference or company name
	Target    string         // sent there once, or of a company that is mapped there
	States    []State        // of a logo: at Target where that is given, else at any
	IDs       []int64        // no others than these
	After     RunPlace       // only runs that come later in the list than this one
	Limit     int
}

// RunPlace is the place of a run in a list that is newest first.
type RunPlace struct {
	RunAt time.Time
	ID    int64 // zero is the beginning of the list
}

// Place is the run's place in a list that is newest first.
func (r Run) Place() RunPlace { return RunPlace{RunAt: r.RunAt, ID: r.ID} }

// Header is what a payroll file says of itself; empty fields are not in it.
type Header struct {
	CompanyNumber string `json:"company_number,omitempty"` // registration number
	CompanyName   string `json:"company_name,omitempty"`
}

// Parcel is a payroll file that waits for a person: no company is known for it, or
// it could not be taken in from a watched folder. The latter stays where it lies;
// its bytes are not kept here.
type Parcel struct {
	ID         int64
	Name       string // base name
	Hash       string // SHA-256 of the bytes in hex
	Layout     string // of its columns; empty for a format that needs none
	ReceivedAt time.Time
	Raw        []byte
	Header     Header   // of one that could not be taken in: the name of the folder that it lay in
	Problem    *Problem // why it could not be taken in; nil for one without a company
}

// Layout is what was chosen for files of a layout: how its columns are read, in
// the reader's own form, and the company that they are of. A company of zero was
// not chosen.
type Layout struct {
	ID        string
	Columns   string
	CompanyID int64
}
