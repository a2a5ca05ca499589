package office_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"loonbrug/data/model"
	"loonbrug/integration/office"
	"loonbrug/integration/payrollfile"
)

const bareTable = "Periode;Grootboek;Bedrag;Omschrijving\n2026-03;4000;10,00;loon\n2026-03;;-4,00;zonder\n2026-03;1700;-6,00;netto\n"

// A line without a ledger account is refused with its place, until the company
// of the file has an account for such lines; that of another company helps
// nobody.
func TestTake_WithoutAccount(t *testing.T) {
	b := newBureau(t)
	other := model.Company{Source: "payroll:x", SourceID: "2", Number: "13", Name: "Halm Transport", Currency: "EUR"}
	b.must(b.SaveCompany(t.Context(), &other))
	bareXML := transactions(transaction(3, 2026, line("4000", "", "10.00", "debit"), line("", "", "4.00", "credit"), line("1700", "", "6.00", "credit")))
	take := func(company int64, text string) *model.Problem {
		_, _, err := b.Take(t.Context(), office.Incoming{CompanyID: company, Name: "maart", Content: strings.NewReader(text)})
		return model.ProblemOf(err)
	}
	receive := func(folder string) (bool, *model.Problem) {
		_, ok, err := b.Receive(t.Context(), folder, office.Incoming{Name: "maart", Content: strings.NewReader(bareTable)})
		return ok, model.ProblemOf(err)
	}
	refused := func(what string, p *model.Problem) {
		t.Helper()
		if p == nil || p.Code != "file.no_ledger_account" || p.Params["file"] != "maart" || p.Params["row"] == "" {
			t.Errorf("%s: %v", what, p)
		}
	}
	refused("table", take(b.mapping.CompanyID, bareTable))
	refused("XML", take(b.mapping.CompanyID, bareXML))
	_, p := receive("")
	refused("of no known company", p)
	if parcels, err := b.store.Inbox(t.Context()); err != nil || len(parcels) > 0 {
		t.Error("it waits all the same", err)
	}
	b.mapping.Rules.LedgerAccount = "4999"
	b.must(b.store.SaveMapping(t.Context(), &b.mapping))
	refused("another company's table", take(other.ID, bareTable))
	refused("another company's XML", take(other.ID, bareXML))
	_, p = receive("Halm Transport")
	refused("another company's folder", p)
	if rows := b.rows(); len(rows) > 0 {
		t.Fatalf("%d runs of refused files", len(rows))
	}
	if ok, p := receive("De Halm"); !ok || p != nil {
		t.Fatal(ok, p)
	}
	if p := take(b.mapping.CompanyID, bareXML); p != nil {
		t.Fatal(p)
	}
	for _, row := range b.rows() {
		preview := b.preview(row.Run.ID)[0]
		accounts := ""
		for _, l := range preview.Entry.Lines {
			accounts += l.LedgerAccount + " " + l.Amount.String() + " "
		}
		if accounts != "1700 -6.00 4000 10.00 4999 -4.00 " || len(preview.Problems) > 0 {
			t.Errorf("%s, %v", accounts, preview.Problems)
		}
	}
}

// The company that was chosen for a layout, and what its columns were said to
// mean, hold for the next file of it.
func TestReceive_Layout(t *testing.T) {
	b := newBureau(t)
	b.must(b.store.SaveCompany(t.Context(), &model.Company{Source: "payroll:x", SourceID: "2", Number: "13", Name: "Halm Transport", Currency: "EUR"}))
	receive := func(header, month string) (ok bool, err error) {
		text := header + "\n2026-" + month + ";4000;10,00\n2026-" + month + ";1700;-10,00\n"
		_, ok, err = b.Receive(t.Context(), "", office.Incoming{Name: month, Content: strings.NewReader(text)})
		return ok, err
	}
	const known, strange = "Periode;Grootboek;Bedrag", "Wanneer;Waar;Wat"
	if ok, err := receive(strange, "01"); ok || model.ProblemOf(err).Code != "file.unknown_format" {
		t.Fatal(ok, err)
	}
	layout, _, _ := payrollfile.Propose([]byte(strange + "\n"))
	layout.Columns = map[payrollfile.Role]int{payrollfile.Period: 0, payrollfile.LedgerAccount: 1, payrollfile.Amount: 2}
	columns, err := json.Marshal(layout)
	b.must(err)
	b.must(b.store.SaveLayout(t.Context(), model.Layout{ID: "columns:" + layout.ID, Columns: string(bytes.TrimSpace(columns))}))
	b.must(b.store.SaveLayout(t.Context(), model.Layout{ID: "columns:broken", Columns: "{"}))
	for _, header := range []string{known, strange} {
		if ok, err := receive(header, "01"); ok || err != nil {
			t.Fatal(header, ok, err)
		}
		parcels, err := b.store.Inbox(t.Context())
		if err != nil || len(parcels) != 1 || !strings.HasPrefix(parcels[0].Layout, "layout:") {
			t.Fatal(parcels, err)
		}
		if _, err := b.Assign(t.Context(), parcels[0].ID, b.mapping.CompanyID); err != nil {
			t.Fatal(err)
		}
		if ok, err := receive(header, "02"); !ok || err != nil {
			t.Error(header, ok, err)
		}
	}
	for _, row := range b.rows() {
		if row.Company.ID != b.mapping.CompanyID {
			t.Errorf("%s is of %s", row.Run.Description, row.Company.Name)
		}
	}
}
