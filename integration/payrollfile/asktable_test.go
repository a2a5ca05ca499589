package payrollfile_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"loonbrug/integration/payrollfile"
)

// A table of strange words is shown with its first rows; once a person named its
// columns, it can be read with the layout that is remembered.
func TestTable_NamedByAPerson(t *testing.T) {
	const file = "Wat;Waar;Wanneer;Hoeveel\n4000;100;2026-03;12,50\n1720;;2026-03;-12,50\n"
	r := payrollfile.New()
	table, ok := r.Table([]byte(file))
	if !ok || table.ID != payrollfile.LayoutID(table.Header) || table.Separator != ";" || !slices.Equal(table.Header, []string{"Wat", "Waar", "Wanneer", "Hoeveel"}) {
		t.Fatalf("%+v, %t", table, ok)
	}
	if len(table.Rows) != 2 || table.Rows[1][3] != "-12,50" || len(table.Roles) != len(payrollfile.Roles()) {
		t.Errorf("rows %q, roles %q", table.Rows, table.Roles)
	}
	if missing := r.Missing(table); !slices.Equal(missing, []string{"ledger_account", "period", "amount"}) {
		t.Errorf("missing %q", missing)
	}
	table.Columns = map[string]int{"ledger_account": 0, "cost_centre": 1, "period": 2, "amount": 3}
	if missing := r.Missing(table); len(missing) != 0 {
		t.Errorf("missing %q", missing)
	}
	text, err := r.Layout(table)
	if err != nil {
		t.Fatal(err)
	}
	var layout payrollfile.Layout
	if err := json.Unmarshal([]byte(text), &layout); err != nil {
		t.Fatal(err)
	}
	got, err := payrollfile.New(payrollfile.CSV{Layouts: []payrollfile.Layout{layout}}).ReadAll(t.Context(), "f.csv", bytes.NewReader([]byte(file)))
	if err != nil || len(got.Journal.Transactions) != 1 || got.Journal.Transactions[0].Lines[0].CostCentre != "100" {
		t.Errorf("%+v, %v", got, err)
	}
}

// A column of period numbers lacks its year, as reading it would say.
func TestTable_PeriodWithoutYear(t *testing.T) {
	r := payrollfile.New()
	table, ok := r.Table([]byte("a;b;c;d\n4000;3;1,50;2026\n"))
	if !ok {
		t.Fatal("no table")
	}
	table.Columns = map[string]int{"ledger_account": 0, "period": 1, "amount": 2}
	if missing := r.Missing(table); !slices.Equal(missing, []string{"year"}) {
		t.Errorf("missing %q", missing)
	}
}

func TestTable_OfEachKind(t *testing.T) {
	for name, want := range map[string]bool{"nl-2026-03-twk.csv": true, "excelize.xlsx": true, "nl-2026-03-twk.xml": false} {
		content, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			t.Fatal(err)
		}
		table, ok := payrollfile.New().Table(content)
		if ok != want || ok && (len(payrollfile.New().Missing(table)) != 0 || len(table.Rows) == 0) {
			t.Errorf("%s: %+v, %t", name, table, ok)
		}
	}
}
