package model

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"time"

	"loonbrug/data/journal"
)

// Change is one period of a run whose later journal differs from what is booked.
type Change struct {
	Period     journal.Period
	Journal    int       // number of the later journal
	TakenAt    time.Time // when that was read
	Booked     Entry     // what is in the books now, all bookings of the period together
	Later      Entry     // what the later journal would book instead
	Difference Entry     // what is missing in the books, or too much
	Problems   []*Problem
	Reversible bool // all of it was booked by the program, so it can be reversed
}

// Way is what a person chooses to do about a change.
type Way string

// The ways.
const (
	WayDifference Way = "difference" // book the difference
	WayExchange   Way = "exchange"   // reverse what is booked, then book the later entry
	WayNothing    Way = "nothing"    // leave the books as they are
)

// Reconciliation is what comparing the books of the targets with our own gave.
type Reconciliation struct {
	ID       int64        `json:"id"`
	At       time.Time    `json:"at"`
	From     journal.Date `json:"from"` // posting dates; both belong to it
	To       journal.Date `json:"to"`
	Compared int          `json:"compared"` // deliveries that were compared
	Places   []Place      `json:"places"`
	Findings []Finding    `json:"findings,omitempty"`
	Restored bool         `json:"restored,omitempty"` // made because an older copy of the database was put back
}

// Place is one administration that was compared, or could not be.
type Place struct {
	AccountID      int64    `json:"account"`
	Account        string   `json:"account_name"`
	Target         string   `json:"target"`
	Administration string   `json:"administration"`
	Problem        *Problem `json:"problem,omitempty"` // why it could not be compared
}

// FindingKind is how the books there and ours differ.
type FindingKind string

// The kinds of findings.
const (
	FindingMissing FindingKind = "missing" // booked here, not there
	FindingExtra   FindingKind = "extra"   // there under a key of ours, not booked here
	FindingDouble  FindingKind = "double"  // there more than once under one key
	FindingDiffers FindingKind = "differs" // there with other lines
)

// Finding is one booking that is not the same on both sides.
type Finding struct {
	Kind           FindingKind    `json:"kind"`
	Target         string         `json:"target"`
	Administration string         `json:"administration"`
	Key            string         `json:"key"`
	Numbers        []string       `json:"numbers,omitempty"` // there, or as they were known here
	Company        string         `json:"company,omitempty"`
	DeliveryID     int64          `json:"delivery,omitempty"`
	RunID          int64          `json:"run,omitempty"`
	MappingID      int64          `json:"mapping,omitempty"`
	Period         journal.Period `json:"period"`
	Here           Sum            `json:"here"`
	There          Sum            `json:"there"`
}

// Sum is how many lines a booking has and their gross debits and credits.
type Sum struct {
	Lines  int            `json:"lines"`
	Debit  journal.Amount `json:"debit"`
	Credit journal.Amount `json:"credit"`
}

// SumOf adds up lines.
func SumOf(lines []EntryLine) Sum {
	e := Entry{Lines: lines}
	s := Sum{Lines: len(lines)}
	s.Debit, s.Credit = e.Totals()
	return s
}

// HashLines is the SHA-256, in hex, over the ledger accounts, dimensions and
// amounts of lines in any order. Texts do not count: a target may shorten them.
func HashLines(lines []EntryLine) string {
	rows := make([]string, len(lines))
	for i, l := range lines {
		dimensions := make([]string, len(l.Dimensions))
		for n, d := range l.Dimensions {
			dimensions[n] = fmt.Sprintf("%q=%q", d.Dimension, d.Value)
		}
		slices.Sort(dimensions)
		rows[i] = fmt.Sprintf("%q %v %d\n", l.LedgerAccount, dimensions, int64(l.Amount))
	}
	slices.Sort(rows)
	h := sha256.New()
	for _, row := range rows {
		h.Write([]byte(row))
	}
	return hex.EncodeToString(h.Sum(nil))
}

// Decision is who decided something, and why.
type Decision struct {
	By     string // the operating system's name of the user
	Reason string
}
