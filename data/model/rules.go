package model

// PostingDate says which day a company's entries are booked on.
type PostingDate string

// The posting dates. Whatever is chosen, the day lies inside the period: a day
// outside it gives way to the period's last day.
const (
	PostLastDay     PostingDate = "last_day"     // of the period; also what an empty text means
	PostPayrollDate PostingDate = "payroll_date" // that the payroll gave the transaction
	PostRunDate     PostingDate = "run_date"     // the day the run was made
)

// SendMode says who sends a company's journals.
type SendMode string

// The modes.
const (
	SendOff       SendMode = "off"       // nobody is reminded; also what an empty text means
	SendManual    SendMode = "manual"    // a task appears
	SendAutomatic SendMode = "automatic" // the program sends by itself
)

// SendAfter is what sending follows.
type SendAfter string

// What sending can follow.
const (
	AfterLocked  SendAfter = "locked"  // the run was locked; also what an empty text means
	AfterCreated SendAfter = "created" // its journal was created
)

// Workflow is when a company's journals are sent: so many whole days after the
// run was locked or its journal created.
type Workflow struct {
	Send  SendMode  `json:"send,omitempty"`
	After SendAfter `json:"after,omitempty"`
	Days  int       `json:"days,omitempty"`
	// Expected reminds when a period has ended for so many days without a run;
	// zero never does.
	Expected int `json:"expected,omitempty"`
}

// CompanyRules are what an office decided for a company.
type CompanyRules struct {
	PostingDate PostingDate `json:"posting_date,omitempty"`
	Workflow    Workflow    `json:"workflow,omitzero"`
}

// Corrections says where corrections of earlier periods are booked.
type Corrections string

// Where corrections are booked.
const (
	CorrectOriginal Corrections = "original" // in the period they belong to; also what an empty text means
	CorrectRun      Corrections = "run"      // in the run's own period, with the original one in the text
)

// Closed says what is done when a correction's own period is closed at the
// target.
type Closed string

// What is done about a closed period.
const (
	ClosedStop  Closed = "stop"       // nothing is sent and the problem says why; also what an empty text means
	ClosedAsk   Closed = "ask"        // a person chooses for each run
	ClosedFirst Closed = "first_open" // booked in the first open period, with the original one in the text
)

// MappingRules are what an office decided for a mapping. Patterns are those of
// [loonbrug/data/journal.ParsePattern].
type MappingRules struct {
	Corrections   Corrections `json:"corrections,omitempty"`
	Closed        Closed      `json:"closed,omitempty"`
	Balance       string      `json:"balance,omitempty"`        // accounts whose lines carry no dimensions
	Profit        string      `json:"profit,omitempty"`         // accounts whose lines must carry them
	CostCentre    string      `json:"cost_centre,omitempty"`    // for such a line without one
	CostUnit      string      `json:"cost_unit,omitempty"`      // likewise
	LedgerAccount string      `json:"ledger_account,omitempty"` // for a line without one; empty refuses it
}

// Hold is why a run may not be sent though everything else would let it.
type Hold string

// The holds.
const (
	HoldNone     Hold = ""
	HoldSame     Hold = "same"     // perhaps the same as another run; a person decides
	HoldReplaced Hold = "replaced" // another run took its place
)
