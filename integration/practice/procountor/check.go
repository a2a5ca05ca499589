package procountor

import (
	"fmt"
	"strings"

	"golang.org/x/text/encoding/charmap"

	"loonbrug/data/journal"
)

// Codes of Procountor that are known from other vendors' help pages, and ours.
const (
	codeClosed     = "CLOSED_FISCAL_PERIOD"
	codeAccount    = "ERROR_LEDGERACCOUNT_VATPERCENTAGE_COMBINATION"
	codeVAT        = "ERROR_VATSTATUS_VATPERC"
	codeDimension  = "DIMENSION_OR_DIMENSION_ITEM_IDENTIFIERS_DOES_NOT_MATCH_THOSE_STORED_IN_DATABASE"
	codeNoYear     = "SANDBOX_NO_FISCAL_YEAR"
	codeInactive   = "SANDBOX_ACCOUNT_INACTIVE"
	codeValues     = "SANDBOX_DIMENSION_VALUES"
	codeUnbalanced = "SANDBOX_UNBALANCED"
	codeCharset    = "SANDBOX_CHARSET"
	codeVersion    = "SANDBOX_VERSION"
	codeState      = "SANDBOX_WRONG_STATE"
)

// switches are the bad days that make a receipt stricter.
type switches struct {
	closed, unbalanced, passive bool
	years                       []fiscalYear
	statuses                    []vatStatus
}

func (s *Server) switches() switches {
	return switches{
		closed:     s.faults.TakeBooking(FaultClosedPeriod),
		unbalanced: s.faults.TakeBooking(FaultUnbalanced),
		passive:    s.faults.TakeBooking(FaultPassiveItem),
		years:      fiscalYearsOn(s.faults.TakeBooking),
		statuses:   vatStatusesOn(s.faults.TakeBooking),
	}
}

// check says everything that is wrong with a receipt beyond its shape.
func (c company) check(r receipt, on switches) []violation {
	all := r.checkHeader(on)
	kinds := make(map[string]int)
	for i, t := range r.Transactions {
		at := fmt.Sprintf("transactions[%d]", i)
		kinds[t.TransactionType]++
		if t.TransactionType != entry && (kinds[t.TransactionType] > 1 || t.VatStatus != 0) {
			all = append(all, invalid(at+".transactionType", t.TransactionType))
		}
		all = append(all, c.checkRow(at, t)...)
		all = append(all, checkVAT(at, r, t, on)...)
		all = append(all, c.checkDimensions(at, t, on)...)
	}
	if on.unbalanced && r.sum() != 0 {
		all = append(all, bad("", codeUnbalanced))
	}
	return all
}

func (r receipt) checkHeader(on switches) []violation {
	var all []violation
	if strings.TrimSpace(r.Name) == "" {
		all = append(all, blank("name"))
	}
	if r.Type != "JOURNAL" {
		all = append(all, invalid("type", r.Type))
	}
	if r.VatProcessing != nil && strings.Trim(*r.VatProcessing, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_") != "" || r.VatProcessing != nil && *r.VatProcessing == "" {
		all = append(all, invalid("vatProcessing", *r.VatProcessing))
	}
	if r.PeriodStartDate != "" && r.PeriodEndDate != "" && r.PeriodStartDate > r.PeriodEndDate {
		all = append(all, invalid("periodStartDate", r.PeriodStartDate))
	}
	if !on.enabled(r.VatStatus, r.VatType) {
		all = append(all, bad("vatStatus", codeVAT))
	}
	for _, text := range []struct{ field, value string }{
		{"name", r.Name},
		{"accountantsNotes", r.AccountantsNotes},
		{"transactionDescription", r.TransactionDescription},
		{"invoiceNotes", r.InvoiceNotes},
	} {
		all = append(all, checkText(text.field, text.value)...)
	}
	return append(all, checkDate(r.ReceiptDate, on)...)
}

func checkDate(date string, on switches) []violation {
	state := stateOf(on.years, date)
	switch {
	case date == "": // told as missing
		return nil
	case state == "":
		return []violation{bad("receiptDate", codeNoYear)}
	case on.closed || state == periodClosed:
		return []violation{bad("receiptDate", codeClosed)}
	}
	return nil
}

// checkText refuses what is outside Windows-1252.
func checkText(field, value string) []violation {
	for _, r := range value {
		if _, ok := charmap.Windows1252.EncodeRune(r); !ok {
			return []violation{bad(field, codeCharset)}
		}
	}
	return nil
}

func (c company) checkRow(at string, t row) []violation {
	all := checkText(at+".description", t.Description)
	all = append(all, checkText(at+".balanceCode", t.BalanceCode)...)
	a, ok := c.account(t.Account)
	switch {
	case t.Account == "": // told as missing
	case !ok || t.VatPercent.cents != 0:
		all = append(all, bad(at+".account", codeAccount))
	case a.inactive:
		all = append(all, bad(at+".account", codeInactive))
	}
	if t.StartDate != "" && t.EndDate != "" && t.StartDate > t.EndDate {
		all = append(all, invalid(at+".startDate", t.StartDate))
	}
	return all
}

// checkVAT checks a row's own VAT status, or the header's, against the row.
func checkVAT(at string, r receipt, t row, on switches) []violation {
	status, kind := r.VatStatus, r.VatType
	if t.VatStatus != 0 {
		status = t.VatStatus
	}
	if t.VatType != "" {
		kind = t.VatType
	}
	overridden := t.VatStatus != 0 || t.VatType != ""
	if overridden && !on.enabled(status, kind) || status == noVAT && t.VatPercent.cents != 0 {
		return []violation{bad(at+".vatStatus", codeVAT)}
	}
	return nil
}

// enabled tells whether a VAT status may be used with a VAT type. A type that is
// missing or unknown is told elsewhere.
func (on switches) enabled(status int, kind string) bool {
	for _, v := range on.statuses {
		if v.Status == status {
			return kind == "SALES" && v.Sales || kind == "PURCHASE" && v.Purchase || kind != "SALES" && kind != "PURCHASE"
		}
	}
	return false
}

// checkDimensions checks that each item is there and that the values of each
// dimension add up to the row.
func (c company) checkDimensions(at string, t row, on switches) []violation {
	field := at + ".dimensionItemValues"
	var all []violation
	pairs := make(map[[2]int]bool)
	sums := make(map[int]journal.Amount)
	wrong := false
	for _, d := range t.Dimensions {
		found, ok := c.item(d.DimensionID, d.ItemID)
		if !ok || found.Status == "P" || on.passive {
			all = append(all, bad(field, codeDimension))
		}
		pair := [2]int{d.DimensionID, d.ItemID}
		wrong = wrong || pairs[pair] || !d.Value.exact
		pairs[pair] = true
		sums[d.DimensionID] += d.Value.cents
	}
	for _, sum := range sums {
		wrong = wrong || sum != t.AccountingValue.cents
	}
	if wrong {
		all = append(all, bad(field, codeValues))
	}
	return all
}
