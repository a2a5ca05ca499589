package procountor_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"loonbrug/integration/practice/books"
	"loonbrug/integration/practice/procountor"
)

func TestATokenIsForOneUserInOneCompany(t *testing.T) {
	now := clock()
	b := start(t, procountor.Options{Clock: func() time.Time { return now }})
	for id, name := range map[int]string{101: "Oulun Leipomo Oy", 102: "Brödbolaget i Malmö AB", 103: "Bakkerij De Halm B.V."} {
		b.signIn(procountor.APIKey(id))
		b.want(b.get("/sessioninfo"), 200, name, fmt.Sprintf(`"companyId":%d`, id))
	}
	now = now.Add(time.Hour)
	b.want(b.get("/sessioninfo"), 401, `{"errors":[{"status":401,"message":"Unauthorized"}]}`)
}

func TestWrongCredentialsGetNoToken(t *testing.T) {
	b := start(t, procountor.Options{})
	for _, pairs := range [][]string{
		{"grant_type", "client_credentials", "api_key", "nonsense"},
		{"grant_type", "client_credentials"},
		{"grant_type", "client_credentials", "api_key", procountor.APIKey(101), "client_secret", "nonsense"},
		{"grant_type", "client_credentials", "api_key", procountor.APIKey(101), "client_id", "nonsense"},
		{"grant_type", "refresh_token", "refresh_token", "nonsense"},
		{"grant_type", "authorization_code", "code", "nonsense"},
	} {
		b.want(b.askToken(formType, pairs...), 401, `{"errors":[{"status":401,"message":"Unauthorized"}]}`)
	}
	b.want(b.askToken(formType+"; charset=utf-8", "grant_type", "client_credentials", "api_key", procountor.APIKey(101)), 400, "errors")
	b.want(b.askToken(formType, "grant_type", "password"), 400, "grant_type")
	b.token = "nonsense"
	b.want(b.get("/coa"), 401)
}

func TestReferenceData(t *testing.T) {
	b := start(t, procountor.Options{})
	b.want(b.get("/company"), 200, `"companyCurrency":"EUR"`, `"country":"NETHERLANDS"`)
	b.want(b.get("/currencies/company"), 200, `"EUR"`)
	b.want(b.get("/users/rights"), 200, `"journalReceipts":"ALL_RIGHTS"`)
	b.want(b.get("/status"), 200, `"status":"OK"`)
	b.want(b.get("/vats/default"), 200, `{"vatStatus":12,"description":"No VAT handling","sales":true,"purchase":true}`)
	b.want(b.get("/coa"), 200, `{"ledgerAccountCode":"0800"`, `{"ledgerAccountCode":"4999","name":"Vervallen","active":false}`)
	b.want(b.get("/dimensions"), 200, `{"id":701,"name":"Kostenplaats","items":[{"id":9201,"codeName":"100"`)
	if a := b.get("/dimensions?name=drager&codeName=B"); strings.Contains(a.body, "9211") || !strings.Contains(a.body, "9212") {
		t.Errorf("filtered dimensions: %s", a.body)
	}
	b.want(b.get("/dimensions/702"), 200, "Kostendrager")
	b.want(b.get("/dimensions/501"), 404, "errors")
	b.want(b.get("/nothing"), 404, "errors")
	var v struct {
		FiscalYears []struct {
			StartDate       string
			IsOpen          bool
			TrackingPeriods []struct{ EndDate, Status string }
		}
	}
	if err := json.Unmarshal([]byte(b.get("/fiscalyears").body), &v); err != nil {
		t.Fatal(err)
	}
	if v.FiscalYears[0].StartDate != "2027-01-01" || v.FiscalYears[2].TrackingPeriods[5].Status != "CLOSED" || v.FiscalYears[1].TrackingPeriods[1].EndDate != "2026-02-28" {
		t.Errorf("fiscal years: %+v", v)
	}
	b.signIn(procountor.APIKey(101))
	b.want(b.get("/dimensions"), 200, `{"id":9003,"codeName":"900 Vanha","status":"P"}`)
	b.want(b.get("/company"), 200, `"brnType":"FI"`)
}

func TestAReceiptIsStoredUnfinishedAndReadBack(t *testing.T) {
	b := start(t, procountor.Options{Clock: clock})
	id := b.post(receipt(set("status", "APPROVED"), set("accountantsNotes", "2 regels"), set("vatProcessing", "NETHERLANDS"), set("unheardOf", 1)))
	a := b.get("/ledgerreceipts/" + id)
	b.want(a, 200, `"id":880001`, `"invoiceId":990001`, `"invoiceNumber":5001`, `"status":"UNFINISHED"`, `"version":"2026-03-01T10:15:22"`,
		`"accountingValue":3200.00`, `"accountingValue":-3200.00`, `"dimensionItemValues":[{"dimensionId":701,"itemId":9201,"value":2000.00}`,
		`"accountantsNotes":"2 regels"`, `"attachments":[]`)
	if strings.Contains(a.body, "unheardOf") {
		t.Errorf("an unknown member was kept: %s", a.body)
	}
	b.want(b.get("/ledgerreceipts/1"), 404)
	second := b.post(receipt())
	if a := b.get("/ledgerreceipts/" + id + "," + second + ",1"); a.status != 200 || !strings.HasPrefix(a.body, "[") || strings.Count(a.body, `"type"`) != 2 {
		t.Errorf("several: %s", a.body)
	}
	b.signIn(procountor.APIKey(101))
	b.want(b.get("/ledgerreceipts/"+id), 404)
	j := b.server.Journals()
	debit, credit := j[0].Totals()
	if debit != 320000 || credit != 320000 || j[0].Key() != "LBABCDEFGHIJ" || j[0].Lines[0].Dimensions[2] != "A1" || books.CountByKey(j)["LBABCDEFGHIJ"] != 2 {
		t.Errorf("journals: %+v", j)
	}
}

func TestEveryRowOfTheTableOfChecks(t *testing.T) {
	b := start(t, procountor.Options{})
	const dimensions = "DIMENSION_OR_DIMENSION_ITEM_IDENTIFIERS_DOES_NOT_MATCH_THOSE_STORED_IN_DATABASE"
	tests := []struct {
		name           string
		edit           func(map[string]any)
		field, message string
	}{
		{"missing", set("name", nil), "name", "Value of the 'name' cannot be blank."},
		{"null", func(r map[string]any) { r["receiptDate"] = nil }, "receiptDate", "Value of the 'receiptDate' cannot be blank."},
		{"blank", set("name", "  "), "name", "Value of the 'name' cannot be blank."},
		{"missing in row", setRow("account", nil), "transactions[0].account", "Value of the 'account' cannot be blank."},
		{"blank in row", setRow("account", ""), "transactions[0].account", "Value of the 'account' cannot be blank."},
		{"no rows", set("transactions", []any{}), "transactions", "Value of the 'transactions' cannot be blank."},
		{"type", set("type", "SALARY"), "type", "Value of the 'type' field is invalid: SALARY"},
		{"unknown word", set("vatType", "BOTH"), "vatType", "Value of the 'vatType' field is invalid: BOTH"},
		{"empty word", set("depreciation", ""), "depreciation", "Value of the 'depreciation' field is invalid: "},
		{"empty country", set("vatProcessing", ""), "vatProcessing", "Value of the 'vatProcessing' field is invalid: "},
		{"not a date", set("receiptDate", "28-02-2026"), "receiptDate", "Value of the 'receiptDate' field is invalid: 28-02-2026"},
		{"text for a number", setRow("accountingValue", "3200,00"), "transactions[0].accountingValue", "Value of the 'accountingValue' field is invalid: 3200,00"},
		{"long name", set("name", strings.Repeat("x", 81)), "name", "SANDBOX_TOO_LONG"},
		{"long notes", set("accountantsNotes", strings.Repeat("x", 256)), "accountantsNotes", "SANDBOX_TOO_LONG"},
		{"long description", setRow("description", strings.Repeat("x", 256)), "transactions[0].description", "SANDBOX_TOO_LONG"},
		{"long invoice notes", set("invoiceNotes", strings.Repeat("x", 10001)), "invoiceNotes", "SANDBOX_TOO_LONG"},
		{"closed", set("receiptDate", "2025-06-30"), "receiptDate", "CLOSED_FISCAL_PERIOD"},
		{"no year", set("receiptDate", "2028-01-01"), "receiptDate", "SANDBOX_NO_FISCAL_YEAR"},
		{"unknown account", setRow("account", "9999"), "transactions[0].account", "ERROR_LEDGERACCOUNT_VATPERCENTAGE_COMBINATION"},
		{"percentage", setRow("vatPercent", 21), "transactions[0].account", "ERROR_LEDGERACCOUNT_VATPERCENTAGE_COMBINATION"},
		{"inactive account", setRow("account", "4999"), "transactions[0].account", "SANDBOX_ACCOUNT_INACTIVE"},
		{"status not enabled", set("vatStatus", 1), "vatStatus", "ERROR_VATSTATUS_VATPERC"},
		{"status unknown", set("vatStatus", 99), "vatStatus", "ERROR_VATSTATUS_VATPERC"},
		{"status and percentage", setRow("vatPercent", 21), "transactions[0].vatStatus", "ERROR_VATSTATUS_VATPERC"},
		{"row status", setRow("vatStatus", 1), "transactions[0].vatStatus", "ERROR_VATSTATUS_VATPERC"},
		{"unknown item", setRow("dimensionItemValues", []any{dim(701, 9001, "3200")}), "transactions[0].dimensionItemValues", dimensions},
		{"unknown dimension", setRow("dimensionItemValues", []any{dim(501, 9201, "3200")}), "transactions[0].dimensionItemValues", dimensions},
		{"pair twice", setRow("dimensionItemValues", []any{dim(701, 9201, "3000"), dim(701, 9201, "200")}), "transactions[0].dimensionItemValues", "SANDBOX_DIMENSION_VALUES"},
		{"sum", setRow("dimensionItemValues", []any{dim(701, 9201, "3199.99")}), "transactions[0].dimensionItemValues", "SANDBOX_DIMENSION_VALUES"},
		{"three decimals", setRow("dimensionItemValues", []any{dim(701, 9201, "3200.001")}), "transactions[0].dimensionItemValues", "SANDBOX_DIMENSION_VALUES"},
		{"characters of the name", set("name", "Łódź"), "name", "SANDBOX_CHARSET"},
		{"characters of a row", setRow("description", "зарплата"), "transactions[0].description", "SANDBOX_CHARSET"},
		{"order of dates", func(r map[string]any) { r["periodStartDate"], r["periodEndDate"] = "2026-02-28", "2026-02-01" }, "periodStartDate", "Value of the 'periodStartDate' field is invalid: 2026-02-28"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			a := b.do("POST", "/ledgerreceipts", receipt(test.edit))
			b.want(a, 400)
			var v struct {
				Errors []struct{ Field, Message string }
			}
			if err := json.Unmarshal([]byte(a.body), &v); err != nil {
				t.Fatal(err)
			}
			for _, e := range v.Errors {
				if e.Field == test.field && e.Message == test.message {
					return
				}
			}
			t.Errorf("no %s: %s in %s", test.field, test.message, a.body)
		})
	}
	b.booked(0)
}

func TestAllThatIsWrongIsSaidAtOnce(t *testing.T) {
	b := start(t, procountor.Options{})
	a := b.do("POST", "/ledgerreceipts", receipt(set("name", strings.Repeat("x", 81)), set("vatType", nil), set("receiptDate", "2025-01-31"),
		setRow("account", "9999"), setRow("dimensionItemValues", []any{dim(1, 2, "1")})))
	b.want(a, 400, "SANDBOX_TOO_LONG", "'vatType' cannot be blank", "CLOSED_FISCAL_PERIOD", "ERROR_LEDGERACCOUNT", "DIMENSION_OR", "SANDBOX_DIMENSION_VALUES")
	b.want(b.do("POST", "/ledgerreceipts", `{"type":`), 400, "SANDBOX_MALFORMED_JSON")
	b.want(b.do("POST", "/ledgerreceipts", `[]`), 400, "errors")
	b.want(b.do("POST", "/ledgerreceipts", ""), 400, "errors")
	b.booked(0)
}

func TestTheEuroSignAndNordicLettersAreTaken(t *testing.T) {
	b := start(t, procountor.Options{})
	b.post(receipt(set("name", "Löner € Åbo – ÄÖ"), set("periodStartDate", "2026-02-01"), func(r map[string]any) { r["partnerCode"] = nil }))
}

func TestTheContentTypeMayHaveACharset(t *testing.T) {
	b := start(t, procountor.Options{})
	for contentType, status := range map[string]int{"application/json; charset=UTF-8": 200, "application/json": 200, "text/plain": 400, "": 400} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, b.url+"/api/ledgerreceipts", strings.NewReader(receipt()))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer "+b.token)
		r.Header.Set("Content-Type", contentType)
		response, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		text, _ := io.ReadAll(response.Body)
		_ = response.Body.Close()
		if response.StatusCode != status {
			t.Errorf("%q: %d %s", contentType, response.StatusCode, text)
		}
	}
}

func TestAnUnbalancedReceiptIsTakenUnlessRefused(t *testing.T) {
	b := start(t, procountor.Options{})
	unbalanced := receipt(func(r map[string]any) { r["transactions"] = []any{row("4000", "10.01"), row("1720", "-10")} })
	b.server.Faults().Set(procountor.FaultUnbalanced, 1)
	b.want(b.do("POST", "/ledgerreceipts", unbalanced), 400, `{"status":400,"message":"SANDBOX_UNBALANCED"}`)
	id := b.post(unbalanced)
	b.want(b.do("PUT", "/ledgerreceipts/"+id+"/approve", ""), 403, "SANDBOX_UNBALANCED")
	b.want(b.do("POST", "/ledgerreceipts?createReconciliation=true", unbalanced), 200,
		`"transactionType":"RECONCILIATION_ENTRY","account":"4990","accountingValue":-0.01`)
}

func TestValuesAreRounded(t *testing.T) {
	b := start(t, procountor.Options{})
	a := b.do("POST", "/ledgerreceipts", receipt(func(r map[string]any) {
		r["transactions"] = []any{row("4000", "1.005"), row("1720", "-1.005"), row("4010", "1e3"), row("1730", "-1000.0")}
	}))
	b.want(a, 200, `"accountingValue":1.01`, `"accountingValue":-1.01`, `"accountingValue":1000.00`)
	b.want(b.do("POST", "/ledgerreceipts", receipt(setRow("accountingValue", json.Number("1e9999")))), 400)
}

func TestAUserWithoutRightsMaySeeButNotWrite(t *testing.T) {
	b := start(t, procountor.Options{})
	id := b.post(receipt())
	b.signIn(procountor.KeyNoRights)
	b.want(b.get("/users/rights"), 200, `"journalReceipts":"VIEWING_RIGHTS"`)
	b.want(b.get("/ledgerreceipts/"+id), 200)
	const denied = `{"errors":[{"status":403,"message":"User rights check failed: Insufficient user rights."}]}`
	b.want(b.do("POST", "/ledgerreceipts", receipt()), 403, denied)
	b.want(b.do("PUT", "/ledgerreceipts/"+id+"/approve", ""), 403, denied)
	b.booked(1)
}

func TestReceiptsMoveBetweenStates(t *testing.T) {
	b := start(t, procountor.Options{})
	id := b.post(receipt())
	to := func(step string) answer { return b.do("PUT", "/ledgerreceipts/"+id+"/"+step, "") }
	b.want(to("unfinished"), 403)
	b.want(to("approve"), 200, "message")
	b.want(b.get("/ledgerreceipts/"+id), 200, `"status":"APPROVED"`)
	b.want(to("approve"), 403)
	b.want(to("invalidate"), 403)
	b.want(to("unfinished"), 200)
	b.server.Faults().Set(procountor.FaultClosedPeriod, 1)
	b.want(to("invalidate"), 403, "CLOSED_FISCAL_PERIOD")
	b.want(to("invalidate"), 200)
	b.want(to("unfinished"), 403)
	b.want(b.do("PUT", "/ledgerreceipts/1/approve", ""), 404)
	if n := books.CountByKey(b.server.Journals()); n["LBABCDEFGHIJ"] != 0 {
		t.Errorf("an invalidated receipt counts: %v", n)
	}
}

func TestAChangeNeedsTheLatestVersion(t *testing.T) {
	b := start(t, procountor.Options{Clock: clock})
	a := b.do("POST", "/ledgerreceipts", receipt())
	version := member(t, a, "version")
	path := "/ledgerreceipts/880001"
	b.want(b.do("PUT", path, receipt()), 400, "SANDBOX_VERSION")
	b.want(b.do("PUT", path, receipt(set("version", "2020-01-01T00:00:00"))), 400, "SANDBOX_VERSION")
	b.server.Faults().Set(procountor.FaultStaleVersion, 1)
	b.want(b.do("PUT", path, receipt(set("version", version))), 400, "SANDBOX_VERSION")
	changed := b.do("PUT", path, receipt(set("version", version), set("name", "anders")))
	b.want(changed, 200, `"name":"anders"`, `"id":880001`, `"invoiceNumber":5001`)
	if member(t, changed, "version") == version {
		t.Error("the version stayed the same within a second")
	}
	b.want(b.do("PUT", path, receipt(set("version", version))), 400, "SANDBOX_VERSION")
	b.want(b.do("PUT", path, receipt(set("name", nil))), 400, "cannot be blank")
	b.want(b.do("PUT", "/ledgerreceipts/1", receipt(set("version", version))), 404)
	b.want(b.do("PUT", path+"/transactions/1/dimensions", `{"dimensionItemValues":[{"dimensionId":701,"itemId":9203,"value":3200}]}`), 200, `"itemId":9203`)
	b.want(b.do("PUT", path+"/transactions/1/dimensions", `{"dimensionItemValues":[{"dimensionId":701,"itemId":9203,"value":1}]}`), 400, "SANDBOX_DIMENSION_VALUES")
	b.want(b.do("PUT", path+"/transactions/9/dimensions", `{"dimensionItemValues":[]}`), 404)
	b.want(b.do("PUT", path+"/approve", ""), 200)
	b.want(b.do("PUT", path, receipt(set("version", member(t, b.get(path), "version")))), 400, "SANDBOX_WRONG_STATE")
}

func TestTheSearchHasPages(t *testing.T) {
	now := clock()
	b := start(t, procountor.Options{Clock: func() time.Time { return now }})
	for i := range 5 {
		now = now.Add(time.Minute)
		b.post(receipt(set("name", fmt.Sprintf("run %d", i)), set("receiptDate", fmt.Sprintf("2026-0%d-28", i+1))))
	}
	b.want(b.do("PUT", "/ledgerreceipts/880002/approve", ""), 200)
	tests := []struct{ query, ids string }{
		{"", "5 4 3 2 1"},
		{"types=JOURNAL&orderById=ASC", "1 2 3 4 5"},
		{"types=SALARY,SALES_INVOICE", ""},
		{"startDate=2026-02-28&endDate=2026-03-28&orderById=ASC", "2 3"},
		{"status=APPROVED", "2"},
		{"size=2&page=0&orderById=ASC", "1 2"},
		{"size=2&page=2&orderById=ASC", "5"},
		{"size=2&page=3&orderById=ASC", ""},
		{"orderById=ASC&previousId=880003", "4 5"},
		{"orderByDate=ASC", "1 2 3 4 5"},
		{"orderByVersion=ASC", "1 3 4 5 2"},
		{"orderByCreated=DESC&createdStartDate=2026-03-01T10:19:22&createdEndDate=2026-03-01T10:19:22", "4"},
		{"versionStartDate=2026-03-01T10:20:00Z&orderById=ASC", "2 5"},
	}
	for _, test := range tests {
		a := b.get("/ledgerreceipts?" + test.query)
		b.want(a, 200)
		var v struct {
			Results []struct{ ID int }
			Meta    struct{ PageNumber, PageSize, ResultCount, TotalCount int }
		}
		if err := json.Unmarshal([]byte(a.body), &v); err != nil {
			t.Fatal(err)
		}
		var ids []string
		for _, r := range v.Results {
			ids = append(ids, fmt.Sprint(r.ID-880000))
		}
		if strings.Join(ids, " ") != test.ids || v.Meta.ResultCount != len(ids) || v.Meta.PageSize == 0 {
			t.Errorf("%s: %v, want %s (%+v)", test.query, ids, test.ids, v.Meta)
		}
	}
	for _, query := range []string{"size=201", "size=0", "page=-1", "types=NONSENSE", "startDate=28-02-2026", "orderById=UP"} {
		b.want(b.get("/ledgerreceipts?"+query), 400, "errors")
	}
	b.signIn(procountor.APIKey(101))
	b.want(b.get("/ledgerreceipts"), 200, `"results":[]`)
}

func TestVersionedAddressesAreTheSame(t *testing.T) {
	b := start(t, procountor.Options{})
	base := b.url
	for _, prefix := range []string{"/latest", "/supported", "/v2604"} {
		b.url = base + prefix
		b.signIn(procountor.APIKey(101))
		b.want(b.get("/dimensions/501"), 200)
	}
}

func TestManyAtOnceGetTheirOwnNumbers(t *testing.T) {
	b := start(t, procountor.Options{})
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() { b.do("POST", "/ledgerreceipts", receipt()) })
	}
	all.Wait()
	b.booked(20)
	seen := make(map[string]bool)
	for _, j := range b.server.Journals() {
		seen[j.Number] = true
	}
	if len(seen) != 20 {
		t.Errorf("numbers %v", seen)
	}
}
