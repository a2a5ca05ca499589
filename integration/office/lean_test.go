package office_test

import (
	"bytes"
	"strings"
	"testing"
)

const perPerson = `Period;Account;Debit;Credit;Description
2026-03;4000;10.00;;Loon P. Jansen
2026-03;4000;20.00;;Loon K. de Wit
2026-03;4999;5.00;;Pensioen
2026-03;4999;5.00;;Pensioen
2026-03;1700;;40.00;Netto
`

// TestImport_KeepsNoNames: a text that may be of a person is not kept, the file
// itself is not, and a text that lines of an account share is.
func TestImport_KeepsNoNames(t *testing.T) {
	b := newBureau(t)
	run, _, err := b.Import(t.Context(), b.mapping.CompanyID, "loon.csv", strings.NewReader(perPerson))
	b.must(err)
	snap, err := b.store.Snapshot(t.Context(), run.ID)
	b.must(err)
	var texts []string
	for _, l := range snap.Journal.Transactions[0].Lines {
		texts = append(texts, l.Text)
	}
	// The reference data of the office name an account by its code.
	if got := strings.Join(texts, "|"); got != "4000|4000|Pensioen|Pensioen|1700" {
		t.Errorf("texts: %s", got)
	}
	if bytes.Contains(snap.Raw, []byte("Jansen")) || !bytes.Contains(snap.Raw, []byte(`"ledger_account":"4000","debit":"30.00"`)) {
		t.Errorf("kept of the file: %s", snap.Raw)
	}
	if _, known, err := b.Import(t.Context(), b.mapping.CompanyID, "weer.csv", strings.NewReader(perPerson)); !known || err != nil {
		t.Errorf("the same file again: %t, %v", known, err)
	}
}
