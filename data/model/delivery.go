package model

import (
	"time"

	"loonbrug/data/journal"
)

// State is where a delivery, or the logo of a run at a target, stands. The ids
// are stable: they stand in the database, in JSON and in tests.
type State string

// The states. The first group belongs to a logo alone; the second is what a
// delivery can be in.
const (
	StateNotSetUp    State = "not_set_up"   // no mapping, or its account is not authorised
	StateBeforeStart State = "before_start" // earlier than the mapping's start period
	StateBlocked     State = "blocked"      // test company, debtor blocked, no rights
	StateReady       State = "ready"        // a click sends it
	StatePartial     State = "partial"      // some periods booked, some not

	StateQueued        State = "queued"          // waits for the sender; a person may withdraw it
	StateChecking      State = "checking"        // claimed by a sender; a crash puts it back to queued
	StateSending       State = "sending"         // intent is durable; a crash makes it unknown
	StateAccepted      State = "accepted"        // the target took it, proof is not read back yet
	StateBooked        State = "booked"          // read back and equal to the cent
	StateRefused       State = "refused"         // certainly not booked; says why
	StateUnknown       State = "unknown"         // perhaps booked; looked up before anything is sent again
	StateMarked        State = "marked"          // a person says it was booked by hand
	StateNothingToBook State = "nothing_to_book" // no line is left; counts as done
	StateWithdrawn     State = "withdrawn"       // taken back by a person while queued
)

// Final tells whether the sender has nothing more to do for a delivery.
func (s State) Final() bool {
	switch s {
	case StateBooked, StateRefused, StateMarked, StateNothingToBook, StateWithdrawn:
		return true
	}
	return false
}

// Done tells whether nothing is left to be sent for the period.
func (s State) Done() bool {
	return s == StateBooked || s == StateMarked || s == StateNothingToBook
}

// Approval tells whether a booked entry still waits for somebody at the target.
type Approval string

// The approvals.
const (
	ApprovalNone    Approval = "none"    // the target knows none, or it is not needed
	ApprovalWaiting Approval = "waiting" // on hold or unfinished at the target
	ApprovalGiven   Approval = "given"   // released or approved
)

// Kind is what a delivery is for.
type Kind string

// The kinds.
const (
	KindEntry      Kind = ""           // the run's own entry of a period
	KindDifference Kind = "difference" // what a later journal has more or less than what is booked
	KindReversal   Kind = "reversal"   // a booking with all signs turned; the period then counts as not booked
	KindExchange   Kind = "exchange"   // a reversal that the entry of the latest journal follows by itself
)

// Reverses tells whether a booking of this kind takes another one back.
func (k Kind) Reverses() bool { return k == KindReversal || k == KindExchange }

// Delivery is sending one entry, with its outcome. Key is unique over all
// deliveries for ever; a changed content is another revision with another key.
type Delivery struct {
	ID             int64
	RunID          int64
	MappingID      int64
	CompanyID      int64
	AccountID      int64
	Target         string
	Administration string
	Period         journal.Period
	Revision       int
	Key            string
	Reference      string
	State          State
	Approval       Approval
	Number         string            // the target's own number, once it has one
	Evidence       map[string]string // what the target gave to follow it up: document number, ids
	Problem        *Problem
	Person         bool // only a person can settle it
	Fence          int64
	LeaseUntil     time.Time
	NotBefore      time.Time
	SentAt         time.Time // start of the last sending; zero before the first
	Sends          int       // how often it was sent
	Misses         int       // look-ups since the last sending that did not find it
	SweepAt        time.Time // when the target is looked through again once it is over; zero is never
	Sweeps         int       // how often that was done since the last doubt
	EntryHash      string    // SHA-256 of the entry in hex
	Kind           Kind
	Corrects       int64  // the delivery of the same period that it follows and corrects; zero for the first
	Journal        int    // number of the run's journal it was made from: zero the first, then each later one
	By             string // who had it sent: the operating system's name of the user
	CreatedAt      time.Time
	UpdatedAt      time.Time
}

// Attempt is one step of a delivery, kept for ever in the order of its number.
type Attempt struct {
	DeliveryID int64
	Number     int
	At         time.Time
	Fence      int64
	From, To   State
	Event      string
	Problem    *Problem
	Detail     string // for the log page: no secrets, no texts of lines
	By         string // the person who decided it; empty for the program's own steps
	Reason     string // in that person's words
}

// Receipt is proof of a booked entry: the target's number and the lines and
// totals read back from it, which were equal to the cent.
type Receipt struct {
	DeliveryID int64
	Number     string
	Key        string // what it is found by at the target
	User       string // who had it sent
	BookedAt   time.Time
	Approval   Approval
	Lines      int
	Debit      journal.Amount
	Credit     journal.Amount
	EntryHash  string            // SHA-256 of what was sent
	ReadHash   string            // SHA-256 of the lines that were read back, see [HashLines]
	Extra      map[string]string // in the target's words: status, voucher, link
	Head       Entry             // what was sent without its lines: what the booking is read by once the entry is erased
}

// Queued is a delivery about to be stored together with its entry.
type Queued struct {
	Delivery Delivery
	Entry    Entry
	Note     *Attempt // a person's decision, for the history; may be nil
}
