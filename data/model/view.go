package model

import (
	"time"

	"loonbrug/data/journal"
)

// RunTarget is the logo of one run at one mapped target, with everything a
// click needs.
type RunTarget struct {
	Target     string
	AccountID  int64
	MappingID  int64 // zero when there is no mapping
	State      State
	Approval   Approval
	Booked     int // periods done
	Periods    int // periods of the journal
	Person     bool
	Problem    *Problem   // the first problem, if any
	Deliveries []Delivery // the one that counts of each period
	Earlier    []Delivery // those that were booked or decided before them, newest first
}

// RunRow is one run on the Export screen.
type RunRow struct {
	Run         Run
	Company     Company
	Corrections int // periods before the run's own
	Debit       journal.Amount
	Targets     []RunTarget
}

// Preview is what would be sent for one period of a run.
type Preview struct {
	Entry    Entry
	Problems []*Problem

	// Own is the target's period that the entry belongs to by its payroll period,
	// also where it is booked in a later one; without an id where the target tells
	// of no periods.
	Own BookPeriod

	// FetchedAt is when the reference data were asked for that it was checked
	// with; zero without any. Stale ones are older than they should be, and serve
	// because the target could not be asked again.
	FetchedAt time.Time
	Stale     bool
}
