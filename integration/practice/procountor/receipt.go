package procountor

import (
	"encoding/json"
	"errors"
	"math/big"
	"strings"

	"loonbrug/data/journal"
)

// receipt is a ledger receipt on the wire.
type receipt struct {
	ID                     int        `json:"id,omitempty"`
	Type                   string     `json:"type"`
	Status                 string     `json:"status,omitempty"`
	Name                   string     `json:"name"`
	ReceiptDate            string     `json:"receiptDate"`
	VatType                string     `json:"vatType"`
	VatStatus              int        `json:"vatStatus"`
	VatProcessing          *string    `json:"vatProcessing,omitempty"`
	VatDate                string     `json:"vatDate,omitempty"`
	InvoiceID              int        `json:"invoiceId,omitempty"`
	InvoiceNumber          int        `json:"invoiceNumber,omitempty"`
	InvoiceNotes           string     `json:"invoiceNotes,omitempty"`
	AccountantsNotes       string     `json:"accountantsNotes,omitempty"`
	TransactionDescription string     `json:"transactionDescription,omitempty"`
	ReceiptValidity        string     `json:"receiptValidity,omitempty"`
	Depreciation           string     `json:"depreciation,omitempty"`
	PeriodStartDate        string     `json:"periodStartDate,omitempty"`
	PeriodEndDate          string     `json:"periodEndDate,omitempty"`
	PartnerID              int        `json:"partnerId,omitempty"`
	PartnerCode            string     `json:"partnerCode,omitempty"`
	Version                string     `json:"version,omitempty"`
	Transactions           []row      `json:"transactions"`
	Attachments            []struct{} `json:"attachments"`
}

// row is a transaction of a receipt on the wire.
type row struct {
	ID                  int              `json:"id,omitempty"`
	TransactionType     string           `json:"transactionType"`
	Account             string           `json:"account"`
	AccountingValue     number           `json:"accountingValue"`
	VatPercent          number           `json:"vatPercent"`
	VatType             string           `json:"vatType,omitempty"`
	VatStatus           int              `json:"vatStatus,omitempty"`
	VatDeductionPercent *number          `json:"vatDeductionPercent,omitempty"`
	Description         string           `json:"description,omitempty"`
	BalanceCode         string           `json:"balanceCode,omitempty"`
	PartnerID           int              `json:"partnerId,omitempty"`
	StartDate           string           `json:"startDate,omitempty"`
	EndDate             string           `json:"endDate,omitempty"`
	Dimensions          []dimensionValue `json:"dimensionItemValues,omitempty"`
}

type dimensionValue struct {
	DimensionID int    `json:"dimensionId"`
	ItemID      int    `json:"itemId"`
	Value       number `json:"value"`
}

// The kinds of rows and the states of receipts.
const (
	entry          = "ENTRY"
	reconciliation = "RECONCILIATION_ENTRY"

	unfinished  = "UNFINISHED"
	approved    = "APPROVED"
	invalidated = "INVALIDATED"
)

// sum adds up the rows.
func (r receipt) sum() journal.Amount {
	var sum journal.Amount
	for _, t := range r.Transactions {
		sum += t.AccountingValue.cents
	}
	return sum
}

// number is a decimal number on the wire, read in cents. It never passes a
// float.
type number struct {
	cents journal.Amount
	exact bool // no more than two decimals came
}

var errNumber = errors.New("not a number this system takes")

// UnmarshalJSON rounds to two decimals, halves away from zero.
func (n *number) UnmarshalJSON(raw []byte) error {
	text := string(raw)
	if _, exponent, ok := strings.Cut(strings.ToLower(text), "e"); len(text) > 40 || ok && len(exponent) > 3 {
		return errNumber
	}
	value, ok := new(big.Rat).SetString(text)
	if !ok {
		return errNumber
	}
	value.Mul(value, big.NewRat(100, 1))
	n.exact = value.IsInt()
	half := big.NewRat(int64(value.Sign()), 2)
	value.Add(value, half)
	whole := new(big.Int).Quo(value.Num(), value.Denom())
	if !whole.IsInt64() {
		return errNumber
	}
	n.cents = journal.Amount(whole.Int64())
	return nil
}

// MarshalJSON writes a number with two decimals.
func (n number) MarshalJSON() ([]byte, error) { return []byte(n.cents.String()), nil }

// readReceipt reads a body that may not be in order; what does not fit is told
// by the check against the document.
func readReceipt(body []byte) (receipt, error) {
	r := receipt{Attachments: []struct{}{}}
	err := json.Unmarshal(body, &r)
	r.Attachments = []struct{}{}
	return r, err
}
