package model

// Setup is what an office changes in one step when it takes a set-up over. What
// has no id yet is new; a mapping belongs to the account and the company that it
// points to, which may be new themselves.
type Setup struct {
	Accounts  []*Account
	Companies []*Company
	Mappings  []SetupMapping
}

// SetupMapping is a mapping whose account and company get their ids in the same
// step.
type SetupMapping struct {
	Mapping
	Account *Account
	Company *Company
}

// SetupKind is what a [SetupChange] is about.
type SetupKind string

// The kinds.
const (
	SetupAccount SetupKind = "account"
	SetupCompany SetupKind = "company"
	SetupMapped  SetupKind = "mapping"
)

// SetupWhat is what becomes of a thing when a set-up is taken over.
type SetupWhat string

// The possibilities.
const (
	SetupAdded   SetupWhat = "added"
	SetupChanged SetupWhat = "changed"
	SetupKept    SetupWhat = "kept" // the set-up that comes does not have it: it stays as it is
)

// SetupChange is one thing that two set-ups do not agree on.
type SetupChange struct {
	Kind   SetupKind     `json:"kind"`
	What   SetupWhat     `json:"what"`
	Key    string        `json:"key"`
	Fields []SetupDetail `json:"fields,omitempty"` // sorted; of what is changed
}

// SetupDetail is one value that changes. Field is its path in the file; an empty
// text is a value that is not there.
type SetupDetail struct {
	Field string `json:"field"`
	From  string `json:"from"`
	To    string `json:"to"`
}
