package model

// Retention is how long something is kept after the end of the book year.
type Retention struct {
	PayloadMonths int `json:"payload_months"` // journals and entries, with their texts and amounts
	RecordYears   int `json:"record_years"`   // receipts and the history
}

// Books are what is kept together for one length of time: what was sent of a
// company to one administration. Without a target they are what was sent nowhere.
type Books struct {
	CompanyID      int64
	Target         string
	Administration string // its code
}

// Kept is what is kept of books.
type Kept struct {
	Books     Books
	Company   Company
	Name      string // of the administration, where there still is a mapping to it
	Retention Retention
	Runs      int // whose journals and entries are there
	Erased    int // whose time is over
}
