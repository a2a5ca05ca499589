package cash_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"loonbrug/data/journal"
	"loonbrug/data/model"
	"loonbrug/integration/target"
)

func reference() *model.Reference {
	ref := &model.Reference{
		Currency: "EUR",
		Daybooks: []model.Daybook{{Code: "SAL", Name: "Salarissen"}},
		Dimensions: []model.Dimension{{ID: "0911", Values: []model.DimensionValue{
			{Code: "100", Active: true}, {Code: "200", Active: true}, {Code: "300", Active: true}, {Code: "900"},
		}}},
	}
	for _, code := range []string{"1700", "1710", "1720", "1730", "4000", "4010", "4050", "4060", "4070"} {
		ref.LedgerAccounts = append(ref.LedgerAccounts, model.LedgerAccount{Code: code, Active: true, Postable: true})
	}
	return ref
}

// The requests for the sample payroll. A change of the bytes on the wire must
// be meant: LOONBRUG_UPDATE=1 writes the files anew.
func TestBuild_GoldenRequests(t *testing.T) {
	parts := journal.Split(sample(t))
	if len(parts) != 3 {
		t.Fatalf("%d periods", len(parts))
	}
	for _, part := range parts {
		var body []byte
		c := serve(t, func(w http.ResponseWriter, r *http.Request) {
			body, _ = io.ReadAll(r.Body)
			w.WriteHeader(http.StatusCreated)
		})
		entry, problems := c.Build(draft(part), reference())
		if len(problems) > 0 {
			t.Fatalf("%s: %v", part.Period, problems)
		}
		c.Post(t.Context(), access("k"), target.Delivery{Entry: entry, Evidence: map[string]string{"document": "000101"}})
		body = bytes.ReplaceAll(body, []byte(`{"R301"`), []byte("\n"+`{"R301"`))
		file := filepath.Join("testdata", "import-"+part.Period.String()+".json")
		if os.Getenv("LOONBRUG_UPDATE") != "" {
			if err := os.WriteFile(file, body, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(body, want) {
			t.Errorf("%s differs:\n%s", file, body)
		}
	}
}

func TestBuild_Entry(t *testing.T) {
	c := at("http://127.0.0.1")
	parts := journal.Split(sample(t))
	dates := []string{"2026-01-31", "2026-02-28", "2026-03-31"}
	for i, part := range parts {
		e, _ := c.Build(draft(part), reference())
		if e.Date.String() != dates[i] || e.BookPeriod != fmt.Sprintf("26%02d", i+1) || e.Extra["daybook"] != "SAL" {
			t.Errorf("%s: date %s, period %s, %v", part.Period, e.Date, e.BookPeriod, e.Extra)
		}
		again, _ := c.Build(draft(part), reference())
		if !reflect.DeepEqual(e, again) {
			t.Errorf("%s: building again gives another entry", part.Period)
		}
	}
}

func TestBuild_Notices(t *testing.T) {
	c := at("http://127.0.0.1")
	d := draft(journal.Split(sample(t))[2])
	e, _ := c.Build(d, reference())
	var codes []string
	for _, n := range e.Notices {
		codes = append(codes, n.Code)
	}
	if !slices.Equal(codes, []string{"cash.cost_unit_left_out", "cash.text_cut"}) {
		t.Errorf("notices %v", codes)
	}
	for _, l := range e.Lines {
		if len([]rune(l.Text)) > 25 {
			t.Errorf("text %q", l.Text)
		}
	}
	d.Mapping.CostUnit.Use = false
	e, _ = c.Build(d, reference())
	if len(e.Notices) != 1 {
		t.Errorf("notices %v", e.Notices)
	}
}

// one is a part with a balanced pair of lines.
func one(l journal.Line) journal.Part {
	march := journal.Period{Year: 2026, Number: 3}
	l.Amount = 100
	return journal.Part{Period: march, Transactions: []journal.Transaction{{
		Period: march, Lines: []journal.Line{l, {LedgerAccount: "1700", Amount: -100}},
	}}}
}

func TestBuild_Problems(t *testing.T) {
	ok := journal.Line{LedgerAccount: "4000", CostCentre: "100"}
	tests := []struct {
		name   string
		line   journal.Line
		change func(*target.Draft, *model.Reference)
		want   []string
	}{
		{"None", ok, nil, nil},
		{"NoDaybook", ok, func(d *target.Draft, _ *model.Reference) { d.Mapping.Options = nil }, []string{"cash.no_daybook"}},
		{"UnknownDaybook", ok, func(d *target.Draft, _ *model.Reference) { d.Mapping.Options["daybook"] = "XXX" }, []string{"cash.unknown_daybook"}},
		{"ReadOnly", ok, func(d *target.Draft, _ *model.Reference) { d.Mapping.Administration.ReadOnly = true }, []string{"cash.read_only"}},
		{"CostUnitRule", ok, func(d *target.Draft, _ *model.Reference) { d.Mapping.Options["cost_unit"] = "x" }, []string{"cash.unknown_cost_unit_rule"}},
		{"Currency", ok, func(d *target.Draft, _ *model.Reference) { d.Company.Currency = "SEK" }, []string{"entry.wrong_currency"}},
		{"UnknownAccount", journal.Line{LedgerAccount: "4999"}, nil, []string{"entry.unknown_ledger_account"}},
		{"LongAccount", journal.Line{LedgerAccount: "4000000"}, nil, []string{"entry.unknown_ledger_account", "cash.ledger_account_length"}},
		{"LongCostCentre", journal.Line{LedgerAccount: "4000", CostCentre: "1000"}, nil, []string{"cash.cost_centre_too_long"}},
		{"UnknownCostCentre", journal.Line{LedgerAccount: "4000", CostCentre: "400"}, nil, []string{"cash.unknown_cost_centre"}},
		{"BlockedCostCentre", journal.Line{LedgerAccount: "4000", CostCentre: "900"}, nil, []string{"cash.blocked_cost_centre"}},
		{"CostCentreNotUsed", journal.Line{LedgerAccount: "4000", CostCentre: "1000"}, func(d *target.Draft, _ *model.Reference) { d.Mapping.CostCentre.Use = false }, nil},
		{"CostCentreMapped", journal.Line{LedgerAccount: "4000", CostCentre: "1000"}, func(d *target.Draft, _ *model.Reference) {
			d.Mapping.CostCentre.Values = map[string]string{"1000": "100"}
		}, nil},
		{"CostCentreLeftEmpty", journal.Line{LedgerAccount: "4000", CostCentre: "1000"}, func(d *target.Draft, _ *model.Reference) {
			d.Mapping.CostCentre.Values = map[string]string{"1000": ""}
		}, nil},
		{"Unbalanced", ok, func(d *target.Draft, _ *model.Reference) { d.Part.Transactions[0].Lines[0].Amount++ }, []string{"entry.unbalanced"}},
		{"AllAtOnce", journal.Line{LedgerAccount: "9", CostCentre: "400"}, func(d *target.Draft, _ *model.Reference) {
			d.Mapping.Options = nil
			d.Part.Transactions[0].Lines[0].Amount++
		}, []string{"cash.no_daybook", "entry.unbalanced", "entry.unknown_ledger_account", "cash.unknown_cost_centre"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d, ref := draft(one(tt.line)), reference()
			if tt.change != nil {
				tt.change(&d, ref)
			}
			_, problems := at("http://127.0.0.1").Build(d, ref)
			var codes []string
			for _, p := range problems {
				codes = append(codes, p.Code)
			}
			if !slices.Equal(codes, tt.want) {
				t.Errorf("got %v, want %v", codes, tt.want)
			}
		})
	}
}

// Without a reference only the form is checked.
func TestBuild_WithoutReference(t *testing.T) {
	c := at("http://127.0.0.1")
	if _, problems := c.Build(draft(one(journal.Line{LedgerAccount: "4999", CostCentre: "400"})), nil); len(problems) != 0 {
		t.Errorf("got %v", problems)
	}
	if _, problems := c.Build(draft(one(journal.Line{LedgerAccount: "4999", CostCentre: "4000"})), nil); len(problems) != 1 {
		t.Errorf("got %v", problems)
	}
}

func TestBuild_NothingToBook(t *testing.T) {
	part := one(journal.Line{LedgerAccount: "4000"})
	part.Transactions[0].Lines = []journal.Line{{LedgerAccount: "4000"}}
	d := draft(part)
	d.Mapping.Options = nil
	if e, problems := at("http://127.0.0.1").Build(d, reference()); len(e.Lines) != 0 || len(problems) != 0 {
		t.Errorf("got %v, %v", e.Lines, problems)
	}
}

// Codes in small letters become what CASH stores; texts lose what would break
// its record form and are cut between characters.
func TestBuild_Texts(t *testing.T) {
	tests := map[string]string{
		"Bruto|lonen\tmaart\n":              "Bruto/lonen maart",
		"0201=4000 lonen":                   "0201 4000 lonen",
		"0201 = 4000":                       "0201 = 4000",
		"Löner för tjänstemän på årsbasis":  "Löner för tjänstemän på å",
		"Pensioenpremie werkgever en meer ": "Pensioenpremie werkgever",
		"\x00\u200bstil":                    "\u200bstil",
	}
	for text, want := range tests {
		e, _ := at("http://127.0.0.1").Build(draft(one(journal.Line{LedgerAccount: "40a", CostCentre: "b1", Text: text})), nil)
		line := e.Lines[len(e.Lines)-1]
		if line.Text != want || line.LedgerAccount != "40A" || line.Dimensions[0].Value != "B1" {
			t.Errorf("%q gives %+v", text, line)
		}
	}
}

// Whatever is grouped and translated, an entry adds up to its journal.
func TestBuild_KeepsTotals(t *testing.T) {
	codes := rapid.SampledFrom([]string{"", "100", "200", "1000", "x"})
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 30).Draw(t, "lines")
		var lines []journal.Line
		var sum journal.Amount
		for range n {
			l := journal.Line{
				LedgerAccount: rapid.SampledFrom([]string{"4000", "4010", "1700"}).Draw(t, "account"),
				CostCentre:    codes.Draw(t, "centre"), CostUnit: codes.Draw(t, "unit"),
				Amount: journal.Amount(rapid.Int64Range(-1_000_000, 1_000_000).Draw(t, "amount")),
				Text:   rapid.StringN(0, 40, -1).Draw(t, "text"),
			}
			sum += l.Amount
			lines = append(lines, l)
		}
		lines = append(lines, journal.Line{LedgerAccount: "1720", Amount: -sum})
		p := journal.Period{Year: 2026, Number: 3}
		d := draft(journal.Part{Period: p, Transactions: []journal.Transaction{{Period: p, Lines: lines, Date: journal.Date{Year: 2026, Month: time.March, Day: 25}}}})
		d.Mapping.CostCentre = model.DimensionRule{Use: rapid.Bool().Draw(t, "use"), Values: map[string]string{"1000": codes.Draw(t, "to")}}
		e, problems := at("http://127.0.0.1").Build(d, nil)
		debit, credit, err := journal.Totals(lines)
		if err != nil {
			t.Fatal(err)
		}
		gotDebit, gotCredit := e.Totals()
		if gotDebit != debit || gotCredit != credit {
			t.Fatalf("journal %s/%s, entry %s/%s", debit, credit, gotDebit, gotCredit)
		}
		for _, p := range problems {
			if p.Code == "entry.unbalanced" {
				t.Fatal(p)
			}
		}
		for _, l := range e.Lines {
			if len([]rune(l.Text)) > 25 || strings.ContainsAny(l.Text, "|\n\t") {
				t.Fatalf("text %q", l.Text)
			}
		}
	})
}

func TestDescribe(t *testing.T) {
	d := at("http://127.0.0.1/x").Describe()
	if d.ID != "cash" || d.Sent != target.SentGreen || d.SignIn != target.SignInCredentials || !d.PersonDecides || !d.Download || d.Limits.LineText != 25 {
		t.Errorf("got %+v", d)
	}
	i := slices.IndexFunc(d.AccountFields, func(f target.Field) bool { return f.ID == "address" })
	if i < 0 || d.AccountFields[i].Default != "http://127.0.0.1/x" {
		t.Errorf("the address is %+v", d.AccountFields)
	}
}
