package procountor_test

import (
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

func TestConnect(t *testing.T) {
	const company = `{"id":103,"businessIdentifier":{"code":"12345678"},"companyCurrency":"EUR"}`
	tests := []struct {
		name    string
		answers map[string]string
		company string
		code    string
	}{
		{"OK", map[string]string{"/api/company": company, "/api/users/rights": rights("ALL_RIGHTS", "VIEWING_RIGHTS")}, "Bakkerij De Halm B.V. (12345678)", ""},
		{"CompanyHidden", map[string]string{"/api/users/rights": rights("ALL_RIGHTS", "ALL_RIGHTS")}, "Bakkerij De Halm B.V.", ""},
		{"ViewingOnly", map[string]string{"/api/company": company, "/api/users/rights": rights("VIEWING_RIGHTS", "ALL_RIGHTS")}, "", "procountor.no_receipt_rights"},
		{"Blind", map[string]string{"/api/company": company, "/api/users/rights": rights("ALL_RIGHTS", "NO_ACCESS")}, "", "procountor.no_search_rights"},
		{"RightsHidden", map[string]string{"/api/company": company}, "", "procountor.no_rights"},
		{"Unreadable", map[string]string{"/api/company": "<html>"}, "", "procountor.unreadable_answer"},
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
	_, c := start(t, paths(map[string]string{
		"/api/company": `{"companyCurrency":"EUR"}`,
		"/api/coa":     `{"ledgerAccounts":[{"ledgerAccountCode":"5000","name":"Palkat","active":true},{"ledgerAccountCode":"05","name":"x","active":false}]}`,
		"/api/dimensions": `[{"id":501,"name":"Kustannuspaikka","items":[{"id":9001,"codeName":"100 Myynti","description":"d"},` +
			`{"id":9002,"codeName":"200","status":"P"}]},{"id":502,"name":"Leeg"}]`,
		"/api/fiscalyears": `{"fiscalYears":[{"startDate":"2026-01-01","endDate":"2026-12-31","isOpen":true,"trackingPeriods":[` +
			`{"startDate":"2026-01-01","endDate":"2026-01-31","status":"CLOSED"},{"startDate":"2026-02-01","endDate":"2026-02-28","status":"PENDING"},` +
			`{"startDate":"2026-03-01","endDate":"2026-03-31","status":"OPEN"}]},` +
			`{"startDate":"2025-01-01","endDate":"2025-12-31","isOpen":false,"trackingPeriods":[{"startDate":"2025-12-01","endDate":"2025-12-31","status":"OPEN"}]},` +
			`{"startDate":"2024-01-01","endDate":"2024-12-31","isOpen":true}]}`,
		"/api/vats/default": `{"vatStatuses":[{"vatStatus":1,"purchase":true},{"vatStatus":12,"purchase":true}]}`,
	}))
	got, err := c.Reference(t.Context(), access("k"), "103")
	if err != nil {
		t.Fatal(err)
	}
	want := &model.Reference{
		FetchedAt: got.FetchedAt, Currency: "EUR", Country: "NETHERLANDS", Extra: map[string]string{"vat_12": "yes"},
		LedgerAccounts: []model.LedgerAccount{{Code: "5000", Name: "Palkat", Active: true, Postable: true}, {Code: "05", Name: "x", Postable: true}},
		Dimensions: []model.Dimension{
			{ID: "501", Name: "Kustannuspaikka", Values: []model.DimensionValue{{ID: "9001", Code: "100 Myynti", Name: "d", Active: true}, {ID: "9002", Code: "200"}}},
			{ID: "502", Name: "Leeg", Values: []model.DimensionValue{}},
		},
		Periods: []model.BookPeriod{
			{ID: "2026-01-01/2026-01-31", First: "2026-01-01", Last: "2026-01-31"},
			{ID: "2026-02-01/2026-02-28", First: "2026-02-01", Last: "2026-02-28", Open: true, Warning: true},
			{ID: "2026-03-01/2026-03-31", First: "2026-03-01", Last: "2026-03-31", Open: true},
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
