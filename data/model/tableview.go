package model

// TableView is how a person likes to see a table: what was dragged, hidden and
// sorted. Columns are named by their ids; what is not named is as the table was
// made.
type TableView struct {
	Widths map[string]float32 `json:"widths,omitempty"` // in the window's own units
	Hidden []string           `json:"hidden,omitempty"`
	Sort   string             `json:"sort,omitempty"`
	Down   bool               `json:"down,omitempty"` // from the end
}
