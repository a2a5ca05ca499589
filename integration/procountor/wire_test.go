package procountor

import (
	"encoding/json"
	"slices"
	"testing"
	"time"

	"golang.org/x/text/encoding/charmap"
	"pgregory.net/rapid"

	"loonbrug/data/journal"
	"loonbrug/data/model"
)

func TestDecimal(t *testing.T) {
	good := map[string]journal.Amount{
		"0": 0, "1": 100, "-1.5": -150, "3200.00": 320000, "3200.000": 320000, "1.5E+3": 150000, "1.5e3": 150000,
		"12345E-2": 12345, "-5E-2": -5, "0E+5": 0, "100E-2": 100,
	}
	for s, want := range good {
		var d decimal
		if err := json.Unmarshal([]byte(s), &d); err != nil || journal.Amount(d) != want {
			t.Errorf("%s gives %s, %v", s, journal.Amount(d), err)
		}
	}
	for _, s := range []string{`"1"`, "1.555", "1E-3", "1E99", "1E9999999999", "true", "99999999999999", "{}", "1E12"} {
		var d decimal
		if err := json.Unmarshal([]byte(s), &d); err == nil {
			t.Errorf("%s gives %s", s, journal.Amount(d))
		}
	}
}

func TestDecimal_RoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := decimal(rapid.Int64Range(-int64(journal.MaxAmount), int64(journal.MaxAmount)).Draw(t, "amount"))
		data, err := json.Marshal(want)
		if err != nil {
			t.Fatal(err)
		}
		var got decimal
		if err := json.Unmarshal(data, &got); err != nil || got != want {
			t.Fatalf("%s gives %v, %v", data, got, err)
		}
	})
}

func TestPlain(t *testing.T) {
	tests := []struct {
		in, want string
		changed  bool
	}{
		{"Löner för tjänstemän – €", "Löner för tjänstemän – €", false},
		{"Ennakonpida\u0308tys", "Ennakonpidätys", false}, // combined, as typed on some systems
		{"Ŕok  Łódź\tĐ\n", "Rok Lódz D", true},
		{"Привет", "??????", true},
		{"１２", "12", true},
		{"ﬁn", "fin", true},
		{"a\u0081b", "a b", false},
		{"٣", "?", true},
	}
	for _, tt := range tests {
		if got, changed := plain(tt.in); got != tt.want || changed != tt.changed {
			t.Errorf("%q gives %q, %t", tt.in, got, changed)
		}
	}
}

func TestFault(t *testing.T) {
	for field, want := range map[string]int{
		"transactions[0].account": 1, "transactions[12].dimensionItemValues[3].value": 13, "name": 0, "": 0,
		"transactions[x].account": 0, "transactions[-1]": 0, "transactions[99999999999999]": 0, "transactions[1": 0,
	} {
		if got := (fault{Field: field}).line(); got != want {
			t.Errorf("%s is line %d", field, got)
		}
	}
}

// No answer makes a parser fall over.
func FuzzAnswers(f *testing.F) {
	for _, seed := range []string{
		`{"id":1,"invoiceId":2,"invoiceNumber":3,"status":"UNFINISHED","version":"v","transactions":[{"account":"4000","accountingValue":1.5E+3,"dimensionItemValues":[{"dimensionId":1,"itemId":2,"value":-0.5}]}]}`,
		`{"results":[{"id":1,"status":"UNFINISHED","name":"R LB"}],"meta":{"resultCount":1}}`,
		`{"errors":[{"status":400,"field":"transactions[2].account","message":"ERROR"}]}`,
		`{"access_token":"t","expires_in":3600}`, `{"error":"x","error_description":"y"}`, `[]`, `null`, `<html>`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		if r, err := readReceipt(body); err == nil {
			if b := r.booked(); len(b.Lines) != len(r.Transactions) || b.Evidence[evidenceID] == "" {
				t.Errorf("booked %+v", b)
			}
		}
		if hits, err := readHits(body); err == nil {
			for _, h := range hits {
				if h.ID == "" {
					t.Error("a hit without id")
				}
			}
		}
		if faults := readFaults(body); len(faults) > 0 && problem(faults, nil).Code == "" {
			t.Error("a fault without a code")
		}
		if token, life, ok := readToken(body); ok && (token == "" || life <= 0) {
			t.Errorf("a token of life %s", life)
		}
	})
}

// No answer about the company makes a parser fall over, and what is taken can be
// worked with: periods have days, dimensions and items have ids.
func FuzzReference(f *testing.F) {
	for _, seed := range []string{
		`{"ledgerAccounts":[{"ledgerAccountCode":"5000","name":"Palkat","active":true}]}`,
		`[{"id":501,"name":"Kustannuspaikka","items":[{"id":9001,"codeName":"100 Myynti","status":"P"}]}]`,
		`{"fiscalYears":[{"startDate":"2026-01-01","endDate":"2026-12-31","isOpen":true,"trackingPeriods":[{"startDate":"2026-02-01","endDate":"2026-02-28","status":"PENDING"}]}]}`,
		`{"vatInformation":[{"percentages":[{"vatPercent":0,"purchase":true}]}],"vatStatuses":[{"vatStatus":12,"purchase":true}]}`,
		`{"rights":{"accounting":{"journalReceipts":"ALL_RIGHTS","personalJournalReceiptsOnly":true},"user":{"limitedDimensions":true}}}`,
		`{"companyId":101,"name":"Oy","country":"FINLAND","userName":"API"}`, `{"status":"DEGRADED"}`, `{"companyCurrency":"EUR"}`, `[]`, `null`, `<html>`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		fresh := func() *model.Reference { return &model.Reference{Extra: make(map[string]string)} }
		if ref := fresh(); readChart(body, ref) == nil && ref.LedgerAccounts == nil {
			t.Error("no chart")
		}
		if ref := fresh(); readDimensions(body, ref) == nil {
			for _, d := range ref.Dimensions {
				if d.ID == "" || slices.ContainsFunc(d.Values, func(v model.DimensionValue) bool { return v.ID == "" }) {
					t.Errorf("dimension %+v", d)
				}
			}
		}
		if ref := fresh(); readPeriods(body, ref) == nil {
			for _, p := range ref.Periods {
				if len(p.First) != len(time.DateOnly) || len(p.Last) != len(time.DateOnly) {
					t.Errorf("period %+v", p)
				}
			}
		}
		ref := fresh()
		_ = readVat(body, ref)
		_ = readStatus(body, ref)
		if r, err := readRights(body); err == nil {
			r.note(ref)
			_ = r.problem()
		}
		if info, err := readSession(body); err == nil && info.CompanyID == "" {
			t.Error("a session of no company")
		}
	})
}

func FuzzPlain(f *testing.F) {
	for _, seed := range []string{"Löner", "Ŕ\t", "\xff", "ﬁ", "Привет"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		text, _ := plain(s)
		for _, r := range text {
			if _, ok := charmap.Windows1252.EncodeRune(r); !ok || r < ' ' {
				t.Errorf("%q gives %q", s, text)
			}
		}
		if again, changed := plain(text); again != text || changed {
			t.Errorf("%q is not plain: %q", text, again)
		}
	})
}
