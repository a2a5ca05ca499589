package model

import "loonbrug/data/journal"

// TrialOutcome is what sending a run at a target would come to. The ids are
// stable: texts are found by them.
type TrialOutcome string

// The outcomes.
const (
	TrialReady    TrialOutcome = "ready"     // would be sent
	TrialBlocked  TrialOutcome = "blocked"   // Problem says why nothing would be sent
	TrialUnderWay TrialOutcome = "under_way" // was sent, or waits to be, and has no outcome yet
	TrialBooked   TrialOutcome = "booked"    // nothing is left to be sent
)

// Trial is what sending would do for one run at one target.
type Trial struct {
	Row     RunRow
	Target  RunTarget
	Outcome TrialOutcome
	Problem *Problem
	Periods int            // that are still to be sent
	Debit   journal.Amount // of them
}
