package model

import "time"

// TaskKind says what a person should do or decide.
type TaskKind string

// The kinds of tasks.
const (
	TaskSend     TaskKind = "send"          // a journal is to be sent by hand
	TaskCompany  TaskKind = "which_company" // a file of no known company
	TaskTwin     TaskKind = "twin"          // a run that is perhaps the same as another one
	TaskChanged  TaskKind = "changed"       // a run that differs from its snapshot
	TaskGone     TaskKind = "gone"          // a run that is no longer in its source
	TaskRefused  TaskKind = "refused"       // an entry that was refused
	TaskUnknown  TaskKind = "unknown"       // an entry that only a person can settle
	TaskExpected TaskKind = "expected"      // a run that should have come
)

// Task is something that waits for a person.
type Task struct {
	Kind      TaskKind
	Company   Company // zero for a file of no known company
	Run       Run     // zero where there is none
	MappingID int64   // of the tasks about sending
	Target    string  // likewise
	Parcel    Parcel  // of a file
	Period    string  // of a run that should have come
	Problem   *Problem
	Since     time.Time
}
