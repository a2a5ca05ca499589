package procountor_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"pgregory.net/rapid"

	"loonbrug/data/journal"
	"loonbrug/data/model"
	"loonbrug/integration/target"
)

func reference() *model.Reference {
	ref := &model.Reference{
		Currency: "EUR", Country: "NETHERLANDS", Extra: map[string]string{"vat_12": "yes"},
		Dimensions: []model.Dimension{
			{ID: "501", Name: "Kostenplaats", Values: []model.DimensionValue{
				{ID: "9001", Code: "100", Active: true},
				{ID: "9002", Code: "200 Bakkerij", Active: true},
				{ID: "9003", Code: "300", Active: true},
				{ID: "9009", Code: "900"},
				{ID: "9010", Code: "700 a", Active: true},
				{ID: "9011", Code: "700 b", Active: true},
				{ID: "9012", Code: "300 oud", Active: true},
			}},
			{ID: "502", Name: "Kostendrager", Values: []model.DimensionValue{{ID: "9101", Code: "A1", Active: true}, {ID: "9102", Code: "B2", Active: true}}},
		},
		Periods: []model.BookPeriod{{ID: "p1", First: "2025-01-01", Last: "2025-12-31"}, {ID: "p2", First: "2026-01-01", Last: "2026-12-31", Open: true}},
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
		_, c := start(t, func(w http.ResponseWriter, r *http.Request) {
			body, _ = io.ReadAll(r.Body)
			say(w, 200, stored)
		})
		entry, problems := c.Build(draft(part), reference())
		if len(problems) > 0 {
			t.Fatalf("%s: %v", part.Period, problems)
		}
		c.Post(t.Context(), access("k"), target.Delivery{Entry: entry})
		body = bytes.ReplaceAll(body, []byte(`{"transactionType"`), []byte("\n"+`{"transactionType"`))
		file := filepath.Join("testdata", "receipt-"+part.Period.String()+".json")
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

func builder(t *testing.T) func(target.Draft, *model.Reference) (model.Entry, []*model.Problem) {
	t.Helper()
	return at("http://127.0.0.1", nil).Build
}

func TestBuild_Entry(t *testing.T) {
	build := builder(t)
	dates := []string{"2026-01-31", "2026-02-28", "2026-03-31"}
	for i, part := range journal.Split(sample(t)) {
		d := draft(part)
		e, _ := build(d, reference())
		want := "R12-2026-03 " + d.Key + " " + part.Period.String() + " Salarissen maart 2026"
		if e.Date.String() != dates[i] || e.Description != want || e.Extra["vat_processing"] != "NETHERLANDS" {
			t.Errorf("%s: date %s, name %q, %v", part.Period, e.Date, e.Description, e.Extra)
		}
		again, _ := build(d, reference())
		if !reflect.DeepEqual(e, again) {
			t.Errorf("%s: building again gives another entry", part.Period)
		}
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
	ok := journal.Line{LedgerAccount: "4000", CostCentre: "100", CostUnit: "A1"}
	centre := func(code string) journal.Line { return journal.Line{LedgerAccount: "4000", CostCentre: code} }
	tests := []struct {
		name   string
		line   journal.Line
		change func(*target.Draft, *model.Reference)
		want   []string
	}{
		{"None", ok, nil, nil},
		{"ByID", ok, func(d *target.Draft, _ *model.Reference) {
			d.Mapping.CostCentre.Dimension, d.Mapping.CostCentre.Name = "501", "renamed since"
		}, nil},
		{"NotChosen", ok, func(d *target.Draft, _ *model.Reference) { d.Mapping.CostCentre.Name = "" }, []string{"procountor.no_dimension"}},
		{"UnknownDimension", ok, func(d *target.Draft, _ *model.Reference) { d.Mapping.CostUnit.Name = "kostendrager" }, []string{"procountor.unknown_dimension"}},
		{"SameDimension", centre("100"), func(d *target.Draft, _ *model.Reference) { d.Mapping.CostUnit.Name = "Kostenplaats" }, []string{"procountor.same_dimension"}},
		{"CodeName", centre("200"), nil, nil},
		{"ExactGoesFirst", centre("300"), nil, nil},
		{"Unknown", centre("20"), nil, []string{"procountor.unknown_item"}},
		{"Passive", centre("900"), nil, []string{"procountor.passive_item"}},
		{"Ambiguous", centre("700"), nil, []string{"procountor.ambiguous_item"}},
		{"Mapped", centre("7"), func(d *target.Draft, _ *model.Reference) {
			d.Mapping.CostCentre.Values = map[string]string{"7": "700 b"}
		}, nil},
		{"LeftOut", centre("7"), func(d *target.Draft, _ *model.Reference) { d.Mapping.CostCentre.Values = map[string]string{"7": ""} }, nil},
		{"NotUsed", centre("7"), func(d *target.Draft, _ *model.Reference) { d.Mapping.CostCentre.Use = false }, nil},
		{"Currency", ok, func(d *target.Draft, _ *model.Reference) { d.Company.Currency = "SEK" }, []string{"entry.wrong_currency"}},
		{"CurrencyHidden", ok, func(d *target.Draft, r *model.Reference) { r.Currency = "" }, nil},
		{"Closed", ok, func(d *target.Draft, _ *model.Reference) { d.Part.Period.Year = 2025 }, []string{"entry.closed_period"}},
		{"NoYear", ok, func(d *target.Draft, _ *model.Reference) { d.Part.Period.Year = 2030 }, []string{"entry.no_period"}},
		{"Account", journal.Line{LedgerAccount: "9"}, nil, []string{"entry.unknown_ledger_account"}},
		{"Vat", ok, func(_ *target.Draft, r *model.Reference) { r.Extra["vat_12"] = "no" }, []string{"procountor.no_vat_status"}},
		{"AllAtOnce", journal.Line{LedgerAccount: "9", CostCentre: "x", CostUnit: "y"}, func(d *target.Draft, r *model.Reference) {
			d.Part.Transactions[0].Lines[0].Amount++
			r.Extra["vat_12"] = "no"
		}, []string{"entry.unbalanced", "entry.unknown_ledger_account", "procountor.unknown_item", "procountor.unknown_item", "procountor.no_vat_status"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d, ref := draft(one(tt.line)), reference()
			if tt.change != nil {
				tt.change(&d, ref)
			}
			e, problems := builder(t)(d, ref)
			if got := codes(problems); !slices.Equal(got, tt.want) {
				t.Errorf("got %v, want %v", got, tt.want)
			}
			if len(problems) == 0 && tt.line.CostCentre == "300" && e.Lines[1].Dimensions[0].Value != "9003" {
				t.Errorf("item %v", e.Lines[1].Dimensions)
			}
		})
	}
}

func TestBuild_WithoutReference(t *testing.T) {
	e, problems := builder(t)(draft(one(journal.Line{LedgerAccount: "x"})), nil)
	if len(problems) != 0 || len(e.Lines) != 2 {
		t.Errorf("got %v", problems)
	}
	_, problems = builder(t)(draft(one(journal.Line{LedgerAccount: "x", CostCentre: "100"})), nil)
	if !slices.Contains(codes(problems), "procountor.no_reference") {
		t.Errorf("an entry whose items are not known has %v", problems)
	}
}

func TestBuild_Notices(t *testing.T) {
	ref := reference()
	ref.Periods[1].Warning = true
	p := one(journal.Line{LedgerAccount: "4000", Text: "Ľoon " + strings.Repeat("a", 300)})
	e, problems := builder(t)(draft(p), ref)
	if len(problems) != 0 || !slices.Equal(codes(e.Notices), []string{"procountor.text_changed", "procountor.text_cut", "procountor.period_closing"}) {
		t.Errorf("got %v, %v", problems, codes(e.Notices))
	}
	if got := e.Lines[1].Text; !strings.HasPrefix(got, "Loon aaa") || len(got) != 255 || e.Notices[0].Params["lines"] != "2" {
		t.Errorf("text %q, %v", got, e.Notices[0])
	}
}

// sentReceipt is a receipt as it left, as far as texts go.
type sentReceipt struct {
	Name         string `json:"name"`
	Transactions []struct {
		Description string `json:"description"`
	} `json:"transactions"`
}

// Whatever the payroll writes, the request that leaves has texts that are short
// enough and in the characters that Procountor takes, is UTF-8, and has the key
// whole as a word of its name. The OpenAPI document watches over it.
func TestPost_AnyText(t *testing.T) {
	var got sentReceipt
	_, c := start(t, func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		got = sentReceipt{}
		if err != nil || !utf8.Valid(body) || json.Unmarshal(body, &got) != nil {
			t.Errorf("body %q, %v", body, err)
		}
		say(w, 200, stored)
	})
	words := rapid.OneOf(rapid.String(), rapid.StringN(0, 400, -1), rapid.SampledFrom([]string{
		strings.Repeat("é", 300), strings.Repeat("a ", 200), "給与", "Ŕok Łódź \x00\u2028", "\xff\xfe", "e\u0301", "#LBAAAAAAAAAA <&>\"", "",
	}))
	rapid.Check(t, func(t *rapid.T) {
		d := draft(one(journal.Line{LedgerAccount: "4000", Text: words.Draw(t, "text")}))
		d.Run.Description, d.Run.Reference = words.Draw(t, "description"), words.Draw(t, "reference")
		e, problems := c.Build(d, reference())
		if len(problems) > 0 {
			t.Fatal(problems)
		}
		o := c.Post(context.Background(), access("k"), target.Delivery{Entry: e})
		if o.Class != target.Accepted {
			t.Fatalf("%+v", o)
		}
		if utf8.RuneCountInString(got.Name) > 80 || !slices.Contains(strings.Fields(got.Name), d.Key) {
			t.Fatalf("name %q", got.Name)
		}
		texts := []string{got.Name}
		for _, row := range got.Transactions {
			if utf8.RuneCountInString(row.Description) > 255 {
				t.Fatalf("description of %d", utf8.RuneCountInString(row.Description))
			}
			texts = append(texts, row.Description)
		}
		for _, text := range texts {
			for _, r := range text {
				if _, ok := charmap.Windows1252.EncodeRune(r); !ok || r < ' ' {
					t.Fatalf("%q has %U", text, r)
				}
			}
		}
	})
}

// Whatever is grouped and translated, an entry adds up to its journal.
func TestBuild_KeepsTotals(t *testing.T) {
	code := rapid.SampledFrom([]string{"", "100", "200", "300", "x"})
	rapid.Check(t, func(t *rapid.T) {
		var lines []journal.Line
		var sum journal.Amount
		for range rapid.IntRange(1, 30).Draw(t, "lines") {
			l := journal.Line{
				LedgerAccount: rapid.SampledFrom([]string{"4000", "4010", "1700"}).Draw(t, "account"),
				CostCentre:    code.Draw(t, "centre"), CostUnit: code.Draw(t, "unit"),
				Amount: journal.Amount(rapid.Int64Range(-1_000_000, 1_000_000).Draw(t, "amount")),
			}
			sum += l.Amount
			lines = append(lines, l)
		}
		lines = append(lines, journal.Line{LedgerAccount: "1720", Amount: -sum})
		p := journal.Period{Year: 2026, Number: 3}
		d := draft(journal.Part{Period: p, Transactions: []journal.Transaction{{Period: p, Lines: lines}}})
		d.Mapping.CostCentre.Use, d.Mapping.CostUnit.Use = rapid.Bool().Draw(t, "centres"), rapid.Bool().Draw(t, "units")
		d.Mapping.CostCentre.Values = map[string]string{"x": code.Draw(t, "to")}
		e, problems := at("http://127.0.0.1", nil).Build(d, reference())
		debit, credit, err := journal.Totals(lines)
		if err != nil {
			t.Fatal(err)
		}
		gotDebit, gotCredit := e.Totals()
		if gotDebit != debit || gotCredit != credit {
			t.Fatalf("journal %s/%s, entry %s/%s", debit, credit, gotDebit, gotCredit)
		}
		if slices.Contains(codes(problems), "entry.unbalanced") {
			t.Fatal(problems)
		}
		for _, l := range e.Lines {
			if len(l.Dimensions) > 0 && !d.Mapping.CostCentre.Use && !d.Mapping.CostUnit.Use {
				t.Fatalf("dimensions that are not used: %v", l.Dimensions)
			}
		}
	})
}

func TestDescribe(t *testing.T) {
	d := at("http://127.0.0.1/x", nil).Describe()
	if d.ID != "procountor" || d.Sent != target.SentShaded || !d.OneAdministration || d.Download || d.NoDownload == "" ||
		!d.CostCentre.Named || !d.CostUnit.Named || d.Limits.LineText != 255 {
		t.Errorf("got %+v", d)
	}
}
