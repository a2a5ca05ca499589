package model

import "loonbrug/data/journal"

// Overview is what runs of one currency book together. Amounts are debits.
type Overview struct {
	Currency    string
	Runs        int
	Debit       journal.Amount
	Corrections journal.Amount    // the part of it in periods before the runs' own
	Months      []OverviewSum     // by the period that is booked, newest first
	Centres     []OverviewSum     // by cost centre, largest first; the empty one is none
	Outcomes    []OverviewOutcome // of deliveries, most first
}

// OverviewSum is the debit of one period or of one cost centre, with the runs it
// comes from.
type OverviewSum struct {
	Period      journal.Period
	Centre      string
	Debit       journal.Amount
	Corrections journal.Amount
	Runs        []int64
}

// OverviewOutcome is how many deliveries are in a state, with their runs.
type OverviewOutcome struct {
	State      State
	Deliveries int
	Runs       []int64
}
