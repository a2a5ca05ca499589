package model

import "loonbrug/data/journal"

// Mapping links a company to an administration at a target, with the rules of
// booking there. Options hold the target's own fields by the ids of its
// description, such as "daybook" or "branch".
type Mapping struct {
	ID             int64
	CompanyID      int64
	AccountID      int64
	Target         string
	Administration Administration
	CostCentre     DimensionRule
	CostUnit       DimensionRule
	Options        map[string]string
	Start          journal.Period // runs before it are not sent; zero means no limit
	Rules          MappingRules
}

// DimensionRule says what becomes of a payroll dimension. Use false leaves it
// out. Dimension is the id of the target's dimension, Name its name as the
// target writes it. Values translates payroll codes; a code that is not in it is
// sent as it is.
type DimensionRule struct {
	Use       bool              `json:"use"`
	Dimension string            `json:"dimension,omitempty"`
	Name      string            `json:"name,omitempty"`
	Values    map[string]string `json:"values,omitempty"`
}

// Entry is one balanced booking for one target, made from the part of a journal
// that belongs to one period. It holds everything that is sent, so that the
// same entry always makes the same bytes.
type Entry struct {
	Target         string            `json:"target"`
	Administration string            `json:"administration"`
	Key            string            `json:"key"`
	Reference      string            `json:"reference"`
	Period         journal.Period    `json:"period"` // the payroll's
	Date           journal.Date      `json:"date"`   // posting date
	BookPeriod     string            `json:"book_period,omitempty"`
	Currency       string            `json:"currency"`
	Description    string            `json:"description"`
	Lines          []EntryLine       `json:"lines"`
	Approve        bool              `json:"approve,omitempty"` // approved at the target too, once proved
	Extra          map[string]string `json:"extra,omitempty"`   // what only the target's own package reads

	// Notices are what a person should know of a freshly built entry though it
	// keeps nothing from being sent, such as a text that was cut. They are
	// neither stored nor part of what is sent.
	Notices []*Problem `json:"-"`
}

// EntryLine is one line of an entry; codes are the target's.
type EntryLine struct {
	LedgerAccount string          `json:"ledger_account"`
	Dimensions    []DimensionCode `json:"dimensions,omitempty"`
	Amount        journal.Amount  `json:"amount"` // debit positive, credit negative
	Text          string          `json:"text"`
}

// DimensionCode is the value of one dimension on a line, as it is sent, with
// the payroll's code it stands for.
type DimensionCode struct {
	Dimension string `json:"dimension"`
	Value     string `json:"value"`
	Code      string `json:"code"`
}

// Totals are the gross debits and credits of the entry in cents.
func (e *Entry) Totals() (debit, credit journal.Amount) {
	for _, l := range e.Lines {
		if l.Amount >= 0 {
			debit += l.Amount
		} else {
			credit -= l.Amount
		}
	}
	return debit, credit
}
