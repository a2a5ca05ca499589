package model

import "time"

// PauseKind is why deliveries that are due are not taken.
type PauseKind string

// The kinds of pauses. The first two are of all accounts together.
const (
	PausePerson  PauseKind = "person"  // a person has stopped the sender
	PauseOffline PauseKind = "offline" // no accounting system can be reached
	PauseAccount PauseKind = "account" // the account's system asked to wait, or cannot be reached
)

// Pause keeps deliveries from being taken until a time. It is stored, so that it
// outlives the program and other programs can show it.
type Pause struct {
	Kind      PauseKind
	AccountID int64 // zero is all accounts
	Since     time.Time
	Until     time.Time // zero is until it is ended
	Tries     int       // failures in a row
	Problem   *Problem  // what was seen; nil where a person paused
}

// Holds tells whether the pause lasts at a time.
func (p Pause) Holds(at time.Time) bool { return p.Until.IsZero() || p.Until.After(at) }
