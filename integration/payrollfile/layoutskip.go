package payrollfile

import "strings"

// skip tells of a row that books nothing: an empty one, a remark, a row of
// totals, and the header once more, as on every page of a list.
//
//   - A remark has no ledger account and no money.
//   - A row of totals has no ledger account, and says so in a cell, or has
//     nothing but equal debit and credit: together these are on no line of a
//     journal.
func (t *table) skip(r row) bool {
	c := t.columns
	account := t.text(r, c.ledgerAccount)
	if account != "" && !isTotal(account) {
		return account == strings.TrimSpace(t.layout.Header[c.ledgerAccount]) && t.repeatsHeader(r)
	}
	filled := 0
	for _, cell := range r.cells {
		if isTotal(cell.text) {
			return true
		}
		if strings.TrimSpace(cell.text) != "" {
			filled++
		}
	}
	debit, credit, amount := t.text(r, c.debit), t.text(r, c.credit), t.text(r, c.amount)
	if debit == "" && credit == "" && amount == "" {
		return account == ""
	}
	return account == "" && filled == 2 && debit != "" && debit == credit
}

func (t *table) repeatsHeader(r row) bool {
	for i, name := range t.layout.Header {
		if t.text(r, i) != strings.TrimSpace(name) {
			return false
		}
	}
	return true
}
