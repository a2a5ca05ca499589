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
	TaskFile     TaskKind = "file"          // a run whose journal only a file holds
	TaskExpected TaskKind = "expected"      // a run that should have come
	TaskUnread   TaskKind = "unread"        // a file of a watched folder that could not be taken in
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

// Acknowledgement is a person having seen that a run changed or is gone.
type Acknowledgement struct {
	RunID int64
	Kind  TaskKind // [TaskChanged] or [TaskGone]
	At    time.Time
	By    string
}

// Twin is what a person says of a run that is perhaps the same as another one.
type Twin string

// The answers.
const (
	TwinAnother  Twin = "another"  // it is a run of its own
	TwinSame     Twin = "same"     // it is the other one once more, and is put aside
	TwinReplaces Twin = "replaces" // it takes the other one's place
)

// Consent is what a person allowed about sending one run, against a rule that
// would keep it back.
type Consent struct {
	FirstOpen   bool // corrections of closed periods go to the first open one
	BeforeStart bool // the run is sent though it is older than the mapping's start
}

// Received is what became of a payroll file that nobody said a company for: a
// run, or a parcel that waits for its company.
type Received struct {
	Run    Run
	Known  bool // the run was there before
	Parcel Parcel
}

// Waits tells whether the company of the file is not known.
func (r Received) Waits() bool { return r.Parcel.ID != 0 }
