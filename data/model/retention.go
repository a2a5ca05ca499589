package model

// Retention is how long something is kept after the end of the book year.
type Retention struct {
	PayloadMonths int `json:"payload_months"` // journals and entries, with their texts and amounts
	RecordYears   int `json:"record_years"`   // receipts and the history
}

// Kept is what is kept of a company.
type Kept struct {
	Company   Company
	Retention Retention
	Runs      int // whose journals and entries are there
	Erased    int // whose time is over
}
