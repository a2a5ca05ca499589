package model

import (
	"context"
	"time"
)

// EventKind is what a row of the history tells of.
type EventKind string

// The kinds of events. Each is about one subject, which the text before the
// point names.
const (
	EventHistoryBegun EventKind = "history.begun" // the first row; what was there before it is in delivery.known
	EventHistoryCut   EventKind = "history.cut"   // the rows up to Subject were taken away at the end of their time
	EventSealLost     EventKind = "history.seal"  // the seal of the last row did not open when this row was written

	EventAccountAdded    EventKind = "account.added"
	EventAccountChanged  EventKind = "account.changed"
	EventAccountSignedIn EventKind = "account.signed_in"
	EventAccountExpired  EventKind = "account.expired" // it must sign in again
	EventAccountRemoved  EventKind = "account.removed"

	EventMappingAdded   EventKind = "mapping.added"
	EventMappingChanged EventKind = "mapping.changed"
	EventMappingRemoved EventKind = "mapping.removed"

	EventCompanyAdded   EventKind = "company.added"
	EventCompanyChanged EventKind = "company.changed"

	EventRunCreated EventKind = "run.created" // with its journal
	EventRunRevised EventKind = "run.revised" // a later journal was kept; Part is its number
	EventRunHeld    EventKind = "run.held"    // held back, or no longer
	EventRunErased  EventKind = "run.erased"  // its journals and entries were erased at the end of their time
	EventRunRemoved EventKind = "run.removed" // nothing is kept of it any longer
	EventRunSeen    EventKind = "run.seen"    // a person has seen that it changed or is gone

	EventDeliveryKnown  EventKind = "delivery.known" // it was there when the history began
	EventDeliveryQueued EventKind = "delivery.queued"
	EventDeliveryStep   EventKind = "delivery.step" // Part is the number of the attempt

	EventDeliveryRemoved EventKind = "delivery.removed" // with its steps and its receipt, at the end of their time

	EventSettingChanged EventKind = "setting.changed"
	EventSendingPaused  EventKind = "sending.paused"
	EventSendingGoesOn  EventKind = "sending.continued"
	EventRightsChanged  EventKind = "rights.changed"
)

// Event is one row of the history: what happened to what, when, and by whom.
// A step of a delivery tells no more than its number here; the attempt of that
// number tells the rest.
type Event struct {
	Number  int64 // from 1, without a gap
	At      time.Time
	By      string // the operating system's name of the user; empty is the program by itself
	Kind    EventKind
	Subject int64 // id of the account, mapping, company, run or delivery; zero for what has none
	Part    int
	Name    string        // what the subject was called then
	Changes []FieldChange // in order of field
	Hash    string        // SHA-256, in hex, of this row and the hash of the one before; set when it is read

	Attempt *Attempt // of delivery.step, when it is read
}

// FieldChange is one thing that an event changed. Both values are texts for
// people and auditors; a secret is never one.
type FieldChange struct {
	Field string `json:"field"`
	Old   string `json:"old,omitempty"`
	New   string `json:"new,omitempty"`
}

// HistoryFilter chooses events; zero fields do not restrict. Events come newest
// first.
type HistoryFilter struct {
	Before int64     // number below it
	Since  time.Time // at that time or later
	Limit  int
}

// BreachKind is how the history or what it tells of is not as it was written.
type BreachKind string

// The breaches.
const (
	BreachRowChanged     BreachKind = "row_changed"     // a row does not follow from the one before it
	BreachRowMissing     BreachKind = "row_missing"     // a row is gone
	BreachEndMissing     BreachKind = "end_missing"     // the last rows are gone, or the seal of the last one
	BreachSealLost       BreachKind = "seal_lost"       // the seal did not open when this row was written: rows before it may be gone
	BreachAttemptChanged BreachKind = "attempt_changed" // the step that a row tells of
	BreachAttemptMissing BreachKind = "attempt_missing"
	BreachAttemptUntold  BreachKind = "attempt_untold" // a step that no row tells of
	BreachReceiptChanged BreachKind = "receipt_changed"
	BreachReceiptMissing BreachKind = "receipt_missing"
	BreachReceiptUntold  BreachKind = "receipt_untold"
	BreachReceiptDiffers BreachKind = "receipt_differs" // it is not about what the delivery sent
)

// Breach is one place where the history does not hold.
type Breach struct {
	Kind     BreachKind `json:"kind"`
	Number   int64      `json:"row,omitempty"`      // of the history
	Delivery int64      `json:"delivery,omitempty"` // whose step or receipt it is
	Part     int        `json:"part,omitempty"`     // number of the step
}

// Verification is what checking the history gave.
type Verification struct {
	Rows     int64     `json:"rows"`
	Cut      int64     `json:"cut,omitempty"` // rows that were taken away before at the end of their time
	Begun    time.Time `json:"begun"`         // of the first row that is there
	Attempts int       `json:"attempts"`
	Receipts int       `json:"receipts"`
	Breaches []Breach  `json:"breaches"` // in order of row; those without a row last
}

type unattended struct{}

// Unattended marks work that the program does by itself: the history names no
// person for it, and no person's rights are asked for.
func Unattended(ctx context.Context) context.Context {
	return context.WithValue(ctx, unattended{}, true)
}

// IsUnattended tells whether the program works by itself.
func IsUnattended(ctx context.Context) bool { return ctx.Value(unattended{}) != nil }
