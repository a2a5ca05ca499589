package visma

import (
	"encoding/json"
	"time"

	"loonbrug/data/journal"
)

// This file holds the bodies of the API, member for member as the OpenAPI
// document names them. Reads are plain; writes wrap every scalar.

// money is an amount as a JSON number with two decimals.
type money journal.Amount

func (m money) MarshalJSON() ([]byte, error) { return []byte(journal.Amount(m).String()), nil }

const (
	dayForm  = "2006-01-02T15:04:05"
	timeForm = "2006-01-02T15:04:05.000"
)

func atTime(t time.Time) string { return t.UTC().Format(timeForm) }

// wrapped is a scalar of a write.
type wrapped[T any] struct {
	Value *T `json:"value"`
}

// set copies the value to v when there is one.
func set[T any](w *wrapped[T], v *T) {
	if w != nil && w.Value != nil {
		*v = *w.Value
	}
}

// value is the value, or nothing.
func value[T any](w *wrapped[T]) T {
	var v T
	set(w, &v)
	return v
}

type journalUpdate struct {
	BatchNumber    *wrapped[string]      `json:"batchNumber"`
	Hold           *wrapped[bool]        `json:"hold"`
	Date           *wrapped[string]      `json:"transactionDate"`
	PostPeriod     *wrapped[string]      `json:"postPeriod"`
	Period         *wrapped[string]      `json:"financialPeriod"`
	Ledger         *wrapped[string]      `json:"ledger"`
	Currency       *wrapped[string]      `json:"currencyId"`
	Rate           *wrapped[json.Number] `json:"exchangeRate"`
	AutoReversing  *wrapped[bool]        `json:"autoReversing"`
	Description    *wrapped[string]      `json:"description"`
	Control        *wrapped[json.Number] `json:"controlTotalInCurrency"`
	Code           *wrapped[string]      `json:"transactionCode"`
	Branch         *wrapped[string]      `json:"branch"`
	OverrideNumber *wrapped[bool]        `json:"overrideNumberSeries"`
	Lines          []lineUpdate          `json:"journalTransactionLines"`
}

type lineUpdate struct {
	Operation  string                `json:"operation"`
	Number     *wrapped[int]         `json:"lineNumber"`
	Account    *wrapped[string]      `json:"accountNumber"`
	Subaccount []segmentUpdate       `json:"subaccount"`
	Project    *wrapped[string]      `json:"project"`
	Task       *wrapped[string]      `json:"projectTask"`
	Reference  *wrapped[string]      `json:"referenceNumber"`
	Text       *wrapped[string]      `json:"transactionDescription"`
	Debit      *wrapped[json.Number] `json:"debitAmountInCurrency"`
	Credit     *wrapped[json.Number] `json:"creditAmountInCurrency"`
	Branch     *wrapped[string]      `json:"branch"`
	Note       *wrapped[string]      `json:"note"`
}

type segmentUpdate struct {
	Segment int    `json:"segmentId"`
	Value   string `json:"segmentValue"`
}

type metadata struct {
	Total int `json:"totalCount"`
	Max   int `json:"maxPageSize"`
}

type journalDTO struct {
	Module            string          `json:"module"`
	BatchNumber       string          `json:"batchNumber"`
	Status            string          `json:"status"`
	Hold              bool            `json:"hold"`
	Date              string          `json:"transactionDate"`
	PostPeriod        string          `json:"postPeriod"`
	Period            string          `json:"financialPeriod"`
	Ledger            string          `json:"ledger"`
	LedgerDescription string          `json:"ledgerDescription"`
	Currency          string          `json:"currencyId"`
	Rate              json.Number     `json:"exchangeRate"`
	AutoReversing     bool            `json:"autoReversing"`
	ReversingEntry    bool            `json:"reversingEntry"`
	Description       string          `json:"description"`
	Debit             money           `json:"debitTotal"`
	DebitInCurrency   money           `json:"debitTotalInCurrency"`
	Credit            money           `json:"creditTotal"`
	CreditInCurrency  money           `json:"creditTotalInCurrency"`
	Control           money           `json:"controlTotal"`
	ControlInCurrency money           `json:"controlTotalInCurrency"`
	Modified          string          `json:"lastModifiedDateTime"`
	Code              string          `json:"transactionCode,omitempty"`
	Branch            string          `json:"branch"`
	TimeStamp         string          `json:"timeStamp"`
	Lines             []lineDTO       `json:"journalTransactionLines"`
	Attachments       []attachmentDTO `json:"attachments,omitempty"`
	Metadata          *metadata       `json:"metadata,omitempty"`
}

type lineDTO struct {
	Number           int             `json:"lineNumber"`
	Account          string          `json:"accountNumber"`
	Description      string          `json:"description"`
	Subaccount       subaccountDTO   `json:"subaccount"`
	Reference        string          `json:"referenceNumber"`
	Debit            money           `json:"debitAmount"`
	DebitInCurrency  money           `json:"debitAmountInCurrency"`
	Credit           money           `json:"creditAmount"`
	CreditInCurrency money           `json:"creditAmountInCurrency"`
	Text             string          `json:"transactionDescription"`
	Branch           string          `json:"branch"`
	Module           string          `json:"module"`
	Note             string          `json:"note,omitempty"`
	Attachments      []attachmentDTO `json:"attachments,omitempty"`
}

type attachmentDTO struct {
	Name     string `json:"name"`
	ID       string `json:"id"`
	Revision int    `json:"revision"`
}

type subaccountDTO struct {
	Number      string       `json:"subaccountNumber"`
	ID          int          `json:"subaccountId"`
	Description string       `json:"description"`
	Active      bool         `json:"active"`
	Segments    []segmentDTO `json:"segments"`
	Metadata    *metadata    `json:"metadata,omitempty"`
}

type segmentDTO struct {
	ID               int    `json:"segmentId"`
	Description      string `json:"segmentDescription"`
	Value            string `json:"segmentValue"`
	ValueDescription string `json:"segmentValueDescription"`
}
