package procountor_test

import (
	"maps"
	"net/http"
	"reflect"
	"testing"

	"loonbrug/data/model"
)

// paths answers by path; what is not named is refused for missing rights.
func paths(answers map[string]string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if body, ok := answers[r.URL.Path]; ok {
			say(w, 200, body)
			return
		}
		say(w, 403, `{"errors":[{"status":403,"message":"User rights check failed: Insufficient user rights."}]}`)
	}
}

func rights(receipts, search string) string {
	return `{"role":"x","rights":{"accounting":{"journalReceipts":"` + receipts + `","journalReceiptSearch":"` + search + `"}}}`
}

// lists are what a user with the rights to see them is told.
func lists() map[string]string {
	return map[string]string{
		"/api/coa":         `{"ledgerAccounts":[{"ledgerAccountCode":"5000","name":"Palkat","active":true},{"ledgerAccountCode":"05","name":"x","active":false},{"ledgerAccountCode":"06"}]}`,
		"/api/dimensions":  `[{"id":501,"name":"Kustannuspaikka","items":[{"id":9001,"codeName":"100 Myynti","description":"d"},{"id":9002,"codeName":"200","status":"P"},{"codeName":"300"}]},{"id":502,"name":"Leeg"},{"name":"x"}]`,
		"/api/fiscalyears": `{"fiscalYears":[]}`,
	}
}

func with(answers map[string]string, changes map[string]string) map[string]string {
	maps.Copy(answers, changes)
	return answers
}

func TestConnect(t *testing.T) {
	const company = `{"id":103,"businessIdentifier":{"code":"12345678"},"companyCurrency":"EUR"}`
	all := map[string]string{"/api/company": company, "/api/users/rights": rights("ALL_RIGHTS", "VIEWING_RIGHTS")}
	tests := []struct {
		name    string
		answers map[string]string
		company string
		code    string
	}{
		{"OK", with(lists(), all), "Bakkerij De Halm B.V. (12345678)", ""},
		{"CompanyHidden", with(lists(), map[string]string{"/api/users/rights": rights("ALL_RIGHTS", "ALL_RIGHTS")}), "Bakkerij De Halm B.V.", ""},
		{"ViewingOnly", with(lists(), map[string]string{"/api/company": company, "/api/users/rights": rights("VIEWING_RIGHTS", "ALL_RIGHTS")}), "", "procountor.no_receipt_rights"},
		{"Blind", with(lists(), map[string]string{"/api/company": company, "/api/users/rights": rights("ALL_RIGHTS", "NO_ACCESS")}), "", "procountor.no_search_rights"},
		{"RightsHidden", with(lists(), map[string]string{"/api/company": company}), "", "procountor.no_rights"},
		{"ListsHidden", all, "", "procountor.no_rights"},
		{"Unreadable", map[string]string{"/api/company": "<html>"}, "", "procountor.unreadable_answer"},
		{"UnreadableRights", map[string]string{"/api/users/rights": "<html>"}, "", "procountor.unreadable_answer"},
		{"UnreadableList", with(with(lists(), all), map[string]string{"/api/coa": "{}"}), "", "procountor.unreadable_answer"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, c := start(t, paths(tt.answers))
			identity, err := c.Connect(t.Context(), access("k"), nil)
			if code(model.ProblemOf(err)) != tt.code {
				t.Fatal(err)
			}
			if identity.Company != tt.company {
				t.Errorf("company %q", identity.Company)
			}
		})
	}
}

func TestReference(t *testing.T) {
	_, c := start(t, paths(with(lists(), map[string]string{
		"/api/company": `{"companyCurrency":"EUR"}`,
		"/api/fiscalyears": `{"fiscalYears":[{"startDate":"2026-01-01","endDate":"2026-12-31","isOpen":true,"trackingPeriods":[` +
			`{"startDate":"2026-02-01","endDate":"2026-02-28","status":"PENDING"},{"startDate":"2026-01-01","endDate":"2026-01-31","status":"CLOSED"},` +
			`{"startDate":"2026-04-01","endDate":"2026-04-30","status":"OPEN"}]},` +
			`{"startDate":"2025-01-01","endDate":"2025-12-31","isOpen":false,"trackingPeriods":[{"startDate":"2025-12-01","endDate":"2025-12-31","status":"OPEN"}]},` +
			`{"startDate":"2024-01-01","endDate":"2024-12-31","isOpen":true}]}`,
		"/api/vats/default": `{"vatInformation":[{"country":"Finland","percentages":[{"vatPercent":25.5,"purchase":true},{"vatPercent":0.00,"purchase":true}]}],` +
			`"vatStatuses":[{"vatStatus":1,"purchase":true},{"vatStatus":12,"purchase":true},{"vatStatus":13,"purchase":true}]}`,
		"/api/users/rights": `{"rights":{"accounting":{"personalJournalReceiptsOnly":true},"user":{"limitedDimensions":true}}}`,
		"/api/status":       `{"status":"DEGRADED"}`,
	})))
	got, err := c.Reference(t.Context(), access("k"), "103")
	if err != nil {
		t.Fatal(err)
	}
	want := &model.Reference{
		FetchedAt: got.FetchedAt, Currency: "EUR", Country: "NETHERLANDS",
		Extra:          map[string]string{"vat_12": "yes", "vat_0": "yes", "own_receipts_only": "yes", "limited_dimensions": "yes", "status": "DEGRADED"},
		LedgerAccounts: []model.LedgerAccount{{Code: "5000", Name: "Palkat", Active: true, Postable: true}, {Code: "05", Name: "x", Postable: true}, {Code: "06", Active: true, Postable: true}},
		Dimensions: []model.Dimension{
			{ID: "501", Name: "Kustannuspaikka", Values: []model.DimensionValue{{ID: "9001", Code: "100 Myynti", Name: "d", Active: true}, {ID: "9002", Code: "200"}}},
			{ID: "502", Name: "Leeg", Values: []model.DimensionValue{}},
		},
		Periods: []model.BookPeriod{
			{ID: "2026-01-01/2026-01-31", First: "2026-01-01", Last: "2026-01-31"},
			{ID: "2026-02-01/2026-02-28", First: "2026-02-01", Last: "2026-02-28", Open: true, Warning: true},
			{ID: "2026-03-01/2026-03-31", First: "2026-03-01", Last: "2026-03-31", Open: true},
			{ID: "2026-04-01/2026-04-30", First: "2026-04-01", Last: "2026-04-30", Open: true},
			{ID: "2026-05-01/2026-12-31", First: "2026-05-01", Last: "2026-12-31", Open: true},
			{ID: "2025-01-01/2025-11-30", First: "2025-01-01", Last: "2025-11-30"},
			{ID: "2025-12-01/2025-12-31", First: "2025-12-01", Last: "2025-12-31"},
			{ID: "2024-01-01/2024-12-31", First: "2024-01-01", Last: "2024-12-31", Open: true},
		},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got\n%+v\nwant\n%+v", got, want)
	}
	if _, err := c.Reference(t.Context(), access("k"), "101"); code(model.ProblemOf(err)) != "procountor.other_company" {
		t.Errorf("another company: %v", err)
	}
}

// What a user may not see is not checked against; only the lists are needed.
func TestReference_LittleToSee(t *testing.T) {
	for name, tt := range map[string]struct {
		changes  map[string]string
		currency string
		extra    map[string]string
		code     string
	}{
		"Hidden":       {nil, "", map[string]string{}, ""},
		"CurrencyOnly": {map[string]string{"/api/currencies/company": `{"companyCurrency":"SEK"}`}, "SEK", map[string]string{}, ""},
		"NoVatKnown":   {map[string]string{"/api/vats/default": `{}`}, "", map[string]string{}, ""},
		"NoVatInUse": {
			map[string]string{"/api/vats/default": `{"vatInformation":[{"percentages":[{"vatPercent":0,"purchase":false},{"vatPercent":24,"purchase":true}]}],"vatStatuses":[{"vatStatus":12,"purchase":false}]}`},
			"",
			map[string]string{"vat_12": "no", "vat_0": "no"},
			"",
		},
		"StatusUnreadable": {map[string]string{"/api/status": `<html>`}, "", map[string]string{}, ""},
		"AllIsWell":        {map[string]string{"/api/status": `{"status":"OK"}`}, "", map[string]string{}, ""},
		"VatUnreadable":    {map[string]string{"/api/vats/default": `<html>`}, "", nil, "procountor.unreadable_answer"},
		"NoList":           {map[string]string{"/api/dimensions": `null`}, "", nil, "procountor.unreadable_answer"},
		"NoYears":          {map[string]string{"/api/fiscalyears": `{}`}, "", nil, "procountor.unreadable_answer"},
		"NoDate":           {map[string]string{"/api/fiscalyears": `{"fiscalYears":[{"startDate":"1.1.2026","endDate":"2026-12-31"}]}`}, "", nil, "procountor.unreadable_answer"},
	} {
		t.Run(name, func(t *testing.T) {
			_, c := start(t, paths(with(lists(), tt.changes)))
			ref, err := c.Reference(t.Context(), access("k"), "103")
			if got := code(model.ProblemOf(err)); got != tt.code {
				t.Fatal(err)
			}
			if err == nil && (ref.Currency != tt.currency || !maps.Equal(ref.Extra, tt.extra)) {
				t.Errorf("%s, %v", ref.Currency, ref.Extra)
			}
		})
	}
}
