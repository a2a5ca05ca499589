package procountor

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"loonbrug/data/journal"
	"loonbrug/data/model"
)

// The fixed values of a payroll receipt, by Procountor's OpenAPI document.
const (
	typeJournal      = "JOURNAL"
	statusUnfinished = "UNFINISHED"
	statusApproved   = "APPROVED"
	statusInvalid    = "INVALIDATED"
	statusDeleted    = "DELETED"
	entryRow         = "ENTRY"
	vatPurchase      = "PURCHASE"
	vatNone          = 12 // "No VAT handling"
)

// newReceipt is a ledger receipt as it is sent. Members without a value are
// left out: Procountor refuses an empty text where it expects a choice.
type newReceipt struct {
	Type          string   `json:"type"`
	Status        string   `json:"status"`
	Name          string   `json:"name"`
	ReceiptDate   string   `json:"receiptDate"`
	VatType       string   `json:"vatType"`
	VatStatus     int      `json:"vatStatus"`
	VatProcessing string   `json:"vatProcessing,omitempty"`
	Transactions  []newRow `json:"transactions"`
}

type newRow struct {
	TransactionType string           `json:"transactionType"`
	Account         string           `json:"account"`
	AccountingValue decimal          `json:"accountingValue"`
	VatPercent      int              `json:"vatPercent"`
	VatType         string           `json:"vatType"`
	VatStatus       int              `json:"vatStatus"`
	Description     string           `json:"description,omitempty"`
	Dimensions      []dimensionValue `json:"dimensionItemValues,omitempty"`
}

// dimensionValue puts an amount of a row on an item of a dimension.
type dimensionValue struct {
	DimensionID json.Number `json:"dimensionId"`
	ItemID      json.Number `json:"itemId"`
	Value       decimal     `json:"value"`
}

// receipt is a ledger receipt as Procountor gives it.
type receipt struct {
	ID            json.Number `json:"id"`
	InvoiceID     json.Number `json:"invoiceId"`
	InvoiceNumber json.Number `json:"invoiceNumber"`
	Status        string      `json:"status"`
	Version       string      `json:"version"`
	Transactions  []struct {
		Account     string           `json:"account"`
		Value       *decimal         `json:"accountingValue"`
		VatPercent  json.Number      `json:"vatPercent"`
		Description string           `json:"description"`
		Dimensions  []dimensionValue `json:"dimensionItemValues"`
	} `json:"transactions"`
}

// sessionInfo is the answer to "who am I".
type sessionInfo struct {
	CompanyID json.Number `json:"companyId"`
	Name      string      `json:"name"`
	Country   string      `json:"country"`
	UserName  string      `json:"userName"`
}

// What an answer lacks that cannot be read.
var (
	errNoReceipt = errors.New("no ledger receipt in the answer")
	errNoList    = errors.New("no list of ledger receipts in the answer")
)

// readReceipt reads one receipt with its rows.
func readReceipt(body []byte) (*receipt, error) {
	var r receipt
	if err := json.Unmarshal(body, &r); err != nil {
		return nil, err
	}
	if r.ID == "" || r.ID == "0" {
		return nil, errNoReceipt
	}
	for _, row := range r.Transactions {
		if row.Value == nil {
			return nil, errNoReceipt
		}
	}
	return &r, nil
}

// lines are the rows in the form of an entry. A row that came to carry VAT,
// which Procountor books on top, is followed by a line that nobody sent, so that
// the receipt does not pass for equal.
func (r *receipt) lines() []model.EntryLine {
	lines := make([]model.EntryLine, 0, len(r.Transactions))
	for _, row := range r.Transactions {
		line := model.EntryLine{LedgerAccount: row.Account, Amount: journal.Amount(*row.Value), Text: row.Description}
		for _, d := range row.Dimensions {
			line.Dimensions = append(line.Dimensions, model.DimensionCode{Dimension: d.DimensionID.String(), Value: d.ItemID.String()})
		}
		lines = append(lines, line)
		if percent, err := row.VatPercent.Float64(); err == nil && percent != 0 {
			lines = append(lines, model.EntryLine{LedgerAccount: row.Account, Text: "VAT " + row.VatPercent.String() + " %"})
		}
	}
	return lines
}

// evidence is what the receipt can be read again by. The version is an opaque
// text of Procountor's.
func (r *receipt) evidence() map[string]string {
	e := map[string]string{evidenceID: r.ID.String()}
	if r.InvoiceID != "" {
		e[evidenceInvoice] = r.InvoiceID.String()
	}
	if r.Version != "" {
		e[evidenceVersion] = r.Version
	}
	return e
}

// decimal is an amount as a JSON number of two decimals.
type decimal journal.Amount

// MarshalJSON implements json.Marshaler.
func (d decimal) MarshalJSON() ([]byte, error) { return []byte(journal.Amount(d).String()), nil }

// UnmarshalJSON implements json.Unmarshaler. It takes any form of number that
// is a whole number of cents and refuses everything else; there is no rounding.
func (d *decimal) UnmarshalJSON(data []byte) error {
	plain, err := withoutExponent(string(data))
	if err != nil {
		return err
	}
	amount, err := journal.ParseAmount(plain)
	*d = decimal(amount)
	return err
}

// withoutExponent writes 1.5E+3 as 1500.
func withoutExponent(s string) (string, error) {
	mantissa, exponent, ok := strings.Cut(strings.ToUpper(s), "E")
	if !ok {
		return s, nil
	}
	const most = 20 // beyond any amount
	shift, err := strconv.Atoi(exponent)
	if err != nil || shift > most || shift < -most {
		return "", fmt.Errorf("%w: %q", journal.ErrNotAnAmount, s)
	}
	digits, negative := strings.CutPrefix(mantissa, "-")
	whole, fraction, _ := strings.Cut(digits, ".")
	digits = strings.Repeat("0", most) + whole + fraction + strings.Repeat("0", most)
	point := most + len(whole) + shift
	plain := strings.TrimLeft(digits[:point], "0")
	if plain == "" {
		plain = "0"
	}
	if negative {
		plain = "-" + plain
	}
	return plain + "." + digits[point:] + "0", nil
}
