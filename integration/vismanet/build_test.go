package vismanet_test

import (
	"encoding/json"
	"maps"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"loonbrug/data/journal"
	"loonbrug/data/model"
	"loonbrug/integration/target"
)

// The bytes that leave for the sample payroll, checked by eye once.
func TestPost_GoldenRequest(t *testing.T) {
	b := newBundle(t)
	ref := b.reference()
	b.answer("POST /v2/journaltransaction", 201, "", "Location", "https://api.example/v2/journaltransaction/GL000123")
	for _, part := range journal.Split(samplePayroll(t)) {
		t.Run(part.Period.String(), func(t *testing.T) {
			entry, problems := b.target.Build(sampleDraft(part), ref)
			if len(problems) > 0 {
				t.Fatalf("problems: %v", problems)
			}
			if out := b.target.Post(t.Context(), b.access, target.Delivery{Entry: entry}); out.Class != target.Accepted {
				t.Fatalf("outcome %+v", out)
			}
			posts := b.seen("POST")
			got := posts[len(posts)-1]
			if got.contentType != "application/json; charset=utf-8" || got.token != "access-1" {
				t.Errorf("content type %q", got.contentType)
			}
			golden := "testdata/request-" + part.Period.String() + ".json"
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if got.body+"\n" != string(want) {
				t.Errorf("%s differs; got\n%s", golden, got.body)
			}
		})
	}
}

func TestBuild_PureAndDeterministic(t *testing.T) {
	b := newBundle(t)
	ref := b.reference()
	part := journal.Split(samplePayroll(t))[2]
	first, _ := b.target.Build(sampleDraft(part), ref)
	slices.Reverse(part.Transactions[0].Lines)
	second, _ := b.target.Build(sampleDraft(part), ref)
	if !reflect.DeepEqual(first, second) {
		t.Error("the order of lines changes the entry")
	}
}

func TestBuild_Entry(t *testing.T) {
	b := newBundle(t)
	ref := b.reference()
	parts := journal.Split(samplePayroll(t))
	e, problems := b.target.Build(sampleDraft(parts[0]), ref)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	if e.BookPeriod != "202601" || e.Date.String() != "2026-01-31" || e.Extra["hold"] != "true" || e.Currency != "EUR" {
		t.Errorf("entry %+v", e)
	}
	if e.Description != "Lonen maart 2026-01 ["+testKey+"]" || e.Reference != "LR-2026-003" {
		t.Errorf("description %q, reference %q", e.Description, e.Reference)
	}
}

func TestBuild_Hold(t *testing.T) {
	b := newBundle(t)
	ref := b.reference()
	part := journal.Split(samplePayroll(t))[0]
	for name, c := range map[string]struct {
		options map[string]string
		want    string
		approve bool
	}{
		"Default": {nil, "true", false}, "Hold": {map[string]string{"batch": "hold"}, "true", false},
		"Balanced": {map[string]string{"batch": "balanced"}, "false", false}, "Release": {map[string]string{"batch": "release"}, "true", true},
	} {
		d := sampleDraft(part)
		d.Mapping.Options = c.options
		if e, _ := b.target.Build(d, ref); e.Extra["hold"] != c.want || e.Approve != c.approve {
			t.Errorf("%s: hold %q, approve %t", name, e.Extra["hold"], e.Approve)
		}
	}
}

// segment is the value of a segment of a line.
func segment(l model.EntryLine, id string) string {
	for _, d := range l.Dimensions {
		if d.Dimension == id {
			return d.Value
		}
	}
	return "-"
}

func TestBuild_Subaccounts(t *testing.T) {
	b := newBundle(t)
	ref := b.reference()
	noEmpty := func(ref *model.Reference) { ref.Dimensions[1].Values = ref.Dimensions[1].Values[1:] }
	for name, c := range map[string]struct {
		line     journal.Line
		draft    func(*target.Draft)
		ref      func(*model.Reference)
		one, two string
		problems []string
	}{
		"Expense":             {line: journal.Line{LedgerAccount: "4000", CostCentre: "100", CostUnit: "A1"}, one: "100", two: "A1"},
		"ExpenseWithoutCodes": {line: journal.Line{LedgerAccount: "4000"}, one: "000", two: "00"},
		"ExpenseWithoutUnit":  {line: journal.Line{LedgerAccount: "4000", CostCentre: "200"}, one: "200", two: "00"},
		"Balance":             {line: journal.Line{LedgerAccount: "1700"}, one: "-", two: "-"},
		"BalanceWithCentre":   {line: journal.Line{LedgerAccount: "1700", CostCentre: "100"}, one: "100", two: "00"},
		"DefaultSubaccount":   {line: journal.Line{LedgerAccount: "4800"}, one: "-", two: "-"},
		"UnitLeftOut": {
			line:  journal.Line{LedgerAccount: "4000", CostCentre: "100", CostUnit: "A1"},
			draft: func(d *target.Draft) { d.Mapping.CostUnit.Use = false }, one: "100", two: "00",
		},
		"Translated": {
			line:  journal.Line{LedgerAccount: "4000", CostCentre: "7", CostUnit: "A1"},
			draft: func(d *target.Draft) { d.Mapping.CostCentre.Values = map[string]string{"7": "300"} }, one: "300", two: "A1",
		},
		"EmptyTranslated": {
			line:  journal.Line{LedgerAccount: "4000", CostUnit: "A1"},
			draft: func(d *target.Draft) { d.Mapping.CostCentre.Values = map[string]string{"": "100"} }, one: "100", two: "A1",
		},
		"NoEmptyValue": {
			line: journal.Line{LedgerAccount: "4000", CostCentre: "100"}, ref: noEmpty, one: "100", two: "",
			problems: []string{"vismanet.missing_dimension_value"},
		},
		"Unknown": {
			line: journal.Line{LedgerAccount: "4000", CostCentre: "555", CostUnit: "A1"}, one: "555", two: "A1",
			problems: []string{"vismanet.unknown_dimension_value"},
		},
		"LeadingZeroLost": {
			line: journal.Line{LedgerAccount: "4000", CostCentre: "10", CostUnit: "A1"}, one: "10", two: "A1",
			problems: []string{"vismanet.dimension_value_length"},
		},
		"Inactive": {
			line: journal.Line{LedgerAccount: "4000", CostCentre: "900", CostUnit: "A1"}, one: "900", two: "A1",
			problems: []string{"vismanet.inactive_dimension_value"},
		},
		"NotValidated": {
			line: journal.Line{LedgerAccount: "4000", CostCentre: "555", CostUnit: "A1"},
			ref:  func(ref *model.Reference) { ref.Dimensions[0].Values = nil }, one: "555", two: "A1",
		},
		"RenamedSegment": {
			line:  journal.Line{LedgerAccount: "4000", CostCentre: "100", CostUnit: "A1"},
			draft: func(d *target.Draft) { d.Mapping.CostCentre.Name = "kostenplaats" }, one: "000", two: "A1",
			problems: []string{"vismanet.unknown_dimension"},
		},
		"SameSegmentTwice": {
			line:  journal.Line{LedgerAccount: "4000", CostCentre: "100", CostUnit: "200"},
			draft: func(d *target.Draft) { d.Mapping.CostUnit.Name = "Kostenplaats" }, one: "200", two: "00",
			problems: []string{"vismanet.dimension_twice"},
		},
		"NoSubaccountsAtAll": {
			line: journal.Line{LedgerAccount: "4000"},
			ref:  func(ref *model.Reference) { ref.Dimensions, ref.Extra = nil, nil },
			draft: func(d *target.Draft) {
				d.Mapping.CostCentre.Use, d.Mapping.CostUnit.Use = false, false
			}, one: "-", two: "-",
		},
	} {
		t.Run(name, func(t *testing.T) {
			line := c.line
			line.Amount = 100
			part := journal.Part{Period: journal.Period{Year: 2026, Number: 3}, Transactions: []journal.Transaction{{
				Lines: []journal.Line{line, {LedgerAccount: "1720", Amount: -100}},
			}}}
			d, own := sampleDraft(part), clone(t, ref)
			if c.draft != nil {
				c.draft(&d)
			}
			if c.ref != nil {
				c.ref(own)
			}
			e, problems := b.target.Build(d, own)
			i := slices.IndexFunc(e.Lines, func(l model.EntryLine) bool { return l.LedgerAccount == line.LedgerAccount })
			if one, two := segment(e.Lines[i], "1"), segment(e.Lines[i], "2"); one != c.one || two != c.two {
				t.Errorf("segments %q and %q, want %q and %q", one, two, c.one, c.two)
			}
			if got := codes(problems); !slices.Equal(got, c.problems) {
				t.Errorf("problems %v, want %v", got, c.problems)
			}
		})
	}
}

func codes(problems []*model.Problem) (all []string) {
	for _, p := range problems {
		all = append(all, p.Code)
	}
	return all
}

func clone(t *testing.T, ref *model.Reference) *model.Reference {
	t.Helper()
	text, err := json.Marshal(ref)
	if err != nil {
		t.Fatal(err)
	}
	var own model.Reference
	if err := json.Unmarshal(text, &own); err != nil {
		t.Fatal(err)
	}
	return &own
}

// All that is wrong with an entry is told at once.
func TestBuild_AllProblemsAtOnce(t *testing.T) {
	b := newBundle(t)
	ref := b.reference()
	part := journal.Part{Period: journal.Period{Year: 2025, Number: 12}, Transactions: []journal.Transaction{{Lines: []journal.Line{
		{LedgerAccount: "4000", CostCentre: "555", CostUnit: "C9", Amount: 300},
		{LedgerAccount: "4999", Amount: 100},
		{LedgerAccount: "8888", Amount: 100},
		{LedgerAccount: "1300", Amount: -499},
	}}}}
	d := sampleDraft(part)
	d.Company.Currency = "SEK"
	_, problems := b.target.Build(d, ref)
	got := codes(problems)
	slices.Sort(got)
	want := []string{
		"entry.closed_period", "entry.inactive_ledger_account", "entry.unbalanced",
		"entry.unknown_ledger_account", "entry.unpostable_ledger_account", "entry.wrong_currency",
		"vismanet.unknown_dimension_value", "vismanet.unknown_dimension_value",
	}
	if !slices.Equal(got, want) {
		t.Errorf("problems\n%v, want\n%v", got, want)
	}
}

func TestBuild_NothingToBook(t *testing.T) {
	b := newBundle(t)
	ref := b.reference()
	part := journal.Part{Period: journal.Period{Year: 2031, Number: 3}, Transactions: []journal.Transaction{{Lines: []journal.Line{{LedgerAccount: "4000"}}}}}
	e, problems := b.target.Build(sampleDraft(part), ref)
	if len(e.Lines) != 0 || len(problems) != 0 {
		t.Errorf("%d lines, problems %v", len(e.Lines), problems)
	}
}

func TestBuild_WithoutReferenceIsNotSendable(t *testing.T) {
	b := newBundle(t)
	e, problems := b.target.Build(sampleDraft(journal.Split(samplePayroll(t))[0]), nil)
	if !slices.Equal(codes(problems), []string{"vismanet.no_reference"}) || len(e.Lines) == 0 {
		t.Errorf("problems %v", problems)
	}
}

func TestBuild_DescriptionKeepsTheKeyWhole(t *testing.T) {
	b := newBundle(t)
	ref := b.reference()
	d := sampleDraft(journal.Split(samplePayroll(t))[0])
	d.Run.Description = strings.Repeat("å[", 300) + "\n"
	e, _ := b.target.Build(d, ref)
	if n := len([]rune(e.Description)); n > 200 || !strings.HasSuffix(e.Description, " ["+testKey+"]") || strings.Count(e.Description, "[") != 1 {
		t.Errorf("description of %d: %q", n, e.Description)
	}
}

// Whatever the payroll books, the entry's totals and its request's are the
// payroll's to the cent.
func TestBuild_TotalsProperty(t *testing.T) {
	b := newBundle(t)
	ref := b.reference()
	b.answer("POST /v2/journaltransaction", 201, "", "Location", "/v2/journaltransaction/GL1")
	rapid.Check(t, func(t *rapid.T) {
		var lines []journal.Line
		sum := map[string]journal.Amount{}
		total := journal.Amount(0)
		for range rapid.IntRange(0, 30).Draw(t, "lines") {
			l := journal.Line{
				LedgerAccount: rapid.SampledFrom([]string{"4000", "4010", "1700", "4800"}).Draw(t, "account"),
				CostCentre:    rapid.SampledFrom([]string{"", "100", "200"}).Draw(t, "centre"),
				CostUnit:      rapid.SampledFrom([]string{"", "A1", "B2"}).Draw(t, "unit"),
				Amount:        journal.Amount(rapid.Int64Range(-1e9, 1e9).Draw(t, "amount")),
			}
			lines = append(lines, l)
			sum[l.LedgerAccount] += l.Amount
			total += l.Amount
		}
		lines = append(lines, journal.Line{LedgerAccount: "1720", Amount: -total})
		sum["1720"] -= total
		maps.DeleteFunc(sum, func(_ string, a journal.Amount) bool { return a == 0 })
		part := journal.Part{Period: journal.Period{Year: 2026, Number: 3}, Transactions: []journal.Transaction{{Lines: lines}}}
		e, problems := b.target.Build(sampleDraft(part), ref)
		if len(problems) > 0 {
			t.Fatalf("problems %v", problems)
		}
		if len(e.Lines) == 0 {
			return
		}
		b.target.Post(b.t.Context(), b.access, target.Delivery{Entry: e})
		posts := b.seen("POST")
		got, debit, credit := sums(t, posts[len(posts)-1].body)
		if debit != credit || !maps.Equal(got, sum) {
			t.Errorf("debit %d, credit %d, sums %v, want %v", debit, credit, got, sum)
		}
	})
}

// sums adds up a request as its receiver would, account by account.
func sums(t *rapid.T, body string) (byAccount map[string]journal.Amount, debit, credit journal.Amount) {
	var raw struct {
		Lines []struct {
			Account struct{ Value string }      `json:"accountNumber"`
			Debit   struct{ Value json.Number } `json:"debitAmountInCurrency"`
			Credit  struct{ Value json.Number } `json:"creditAmountInCurrency"`
		} `json:"journalTransactionLines"`
	}
	if err := json.Unmarshal([]byte(body), &raw); err != nil {
		t.Fatal(err)
	}
	byAccount = map[string]journal.Amount{}
	for _, l := range raw.Lines {
		if (l.Debit.Value == "") == (l.Credit.Value == "") {
			t.Fatalf("a line has both sides or none: %+v", l)
		}
		text, sign := l.Debit.Value.String(), journal.Amount(1)
		if text == "" {
			text, sign = l.Credit.Value.String(), -1
		}
		amount, err := journal.ParseAmount(text)
		if err != nil || amount <= 0 {
			t.Fatalf("amount %q: %v", text, err)
		}
		if sign > 0 {
			debit += amount
		} else {
			credit += amount
		}
		byAccount[l.Account.Value] += sign * amount
	}
	maps.DeleteFunc(byAccount, func(_ string, a journal.Amount) bool { return a == 0 })
	return byAccount, debit, credit
}
