package cash_test

import (
	"encoding/json"
	"net/url"
	"strings"
	"sync"
	"testing"

	"loonbrug/integration/practice/books"
	"loonbrug/integration/practice/cash"
)

func TestOnlyTheBareKeyOpens(t *testing.T) {
	b := start(t, cash.Options{})
	for key, status := range map[string]int{
		"": 401, "nonsense": 401, "Bearer " + cash.KeyAll: 401, cash.KeyAll: 200, cash.KeyReader: 200, cash.KeyUnlinked: 403,
	} {
		b.key = key
		if a := b.get("/administrations"); a.status != status {
			t.Errorf("key %q: status %d, want %d", key, a.status, status)
		}
	}
	b.key = cash.KeyUnlinked
	b.want(b.post(record(), counter()), 403, "1002 Unauthorized Access")
	b.booked(0)
}

func TestAdministrationsComeInBothShapes(t *testing.T) {
	b := start(t, cash.Options{})
	b.want(b.get("/administrations"), 200, `"Dir":{`, `"Relnm":"100200"`,
		`{"Code":"halm","Name":"Bakkerij De Halm B.V.","ReadOnly":"N"}`, `{"Code":"arch","Name":"Archief 2019","ReadOnly":"J"}`)
	b.server.Faults().Set(cash.FaultDirList, 1)
	b.want(b.get("/administrations"), 200, `"Dir":[{`)
}

func TestMasterDataWithAndWithoutSuffixAndSlash(t *testing.T) {
	b := start(t, cash.Options{})
	for _, path := range []string{"/get/index/0201?admin=halm", "/get/index/0201T?admin=halm", "/get/index/0201/?admin=halm", "/get/index/201T/?admin=halm"} {
		found := false
		for _, r := range b.rows(path, "R0201") {
			found = found || r["F0201"] == "4000" && r["F0203"] == "Bruto lonen"
		}
		if !found {
			t.Errorf("%s has no ledger account 4000", path)
		}
	}
	if rows := b.rows("/get/index/0901?admin=trns", "R0901"); len(rows) != 3 {
		t.Errorf("daybooks: %v", rows)
	}
	if rows := b.rows("/get/index/0911T?admin=halm", "R0911"); rows[0]["F0911"] != "100" || rows[3]["F0208"] != "J" {
		t.Errorf("cost centres: %v", rows)
	}
	if rows := b.rows("/get/index/0101?admin=halm", "R0101"); rows[0]["F0101"] != "000100" {
		t.Errorf("relations: %v", rows)
	}
	b.want(b.get("/get/index/0201?admin=none"), 400, "[praktijk]")
	b.want(b.get("/get/index/0201"), 400, "[praktijk]")
	b.want(b.get("/get/index/9999?admin=halm"), 400, "[praktijk]")
	b.want(b.get("/nothing"), 404, "error")
}

func TestRowsComeInThreeShapes(t *testing.T) {
	b := start(t, cash.Options{})
	b.server.Faults().Set(cash.FaultRowsObject, 1)
	b.want(b.get("/get/index/0901?admin=halm"), 200, `{"R0901":{"0":{"F0901":"BANK"`, `"2":{`)
	b.server.Faults().Set(cash.FaultRowsBare, 1)
	if a := b.get("/get/index/0901?admin=halm"); !strings.HasPrefix(a.body, `[{"F0901":"BANK"`) {
		t.Errorf("not a bare list: %s", a.body)
	}
	b.want(b.get("/get/index/0901?admin=halm"), 200, `{"R0901":[`)
}

func TestAnImportIsBookedAndReadBack(t *testing.T) {
	b := start(t, cash.Options{Clock: clock})
	a := b.post(record(), counter())
	b.want(a, 201)
	if strings.TrimSpace(a.body) != "null" {
		t.Errorf("body %q", a.body)
	}
	for _, path := range []string{"/get/index/301T?admin=halm&params=2601|2601", "/get/index/0301T/?admin=halm&params=" + url.QueryEscape("2512|2602")} {
		rows := b.rows(path, "R0301")
		if len(rows) != 2 {
			t.Fatalf("%s: %v", path, rows)
		}
		want := map[string]string{
			"F0901": "SAL", "F0302": "31-01-2026", "F0301": "2601", "F0303": "000101", "F0201": "4000",
			"F0911": "100", "F0306": "Bruto lonen", "F0307": "2500,00", "F0711": "LBABCDEFGHIJ",
		}
		for field, value := range want {
			if rows[0][field] != value {
				t.Errorf("%s: %s is %q, want %q", path, field, rows[0][field], value)
			}
		}
		if rows[1]["F0307"] != "-2500,00" {
			t.Errorf("credit line: %v", rows[1])
		}
	}
	for _, path := range []string{"/get/index/301T?admin=halm&params=2602|2602", "/get/index/301T?admin=trns&params=2601|2601"} {
		if rows := b.rows(path, "R0301"); len(rows) != 0 {
			t.Errorf("%s: %v", path, rows)
		}
	}
	j := b.server.Journals()[0]
	debit, credit := j.Totals()
	if j.Key() != "LBABCDEFGHIJ" || j.Number != "SAL/26/000101" || j.Date != "2026-01-31" || debit != 250000 || credit != 250000 {
		t.Errorf("journal: %+v", j)
	}
}

func TestTheNextNumberIsNotReserved(t *testing.T) {
	b := start(t, cash.Options{})
	next := "/get/index/8504?admin=halm&params=26|SAL"
	b.want(b.get(next), 200, `{"R8504":{"Z0303":"000001"}}`)
	b.want(b.get(next), 200, `"000001"`)
	b.want(b.post(record(), counter()), 201)
	b.want(b.get(next), 200, `"000102"`)
	b.want(b.get("/get/index/8504?admin=halm&params=25|SAL"), 200, `"000001"`)
	b.want(b.get("/get/index/8504?admin=halm&params=26|MEMO"), 200, `"000001"`)
	b.want(b.get("/get/index/8504?admin=halm&params=26|NONE"), 400, "Ongeldige waarde 0901=NONE")
	b.want(b.get("/get/index/8504?admin=halm&params=26"), 400)
}

func TestOnlyTheLastRowOfARecordIsKept(t *testing.T) {
	first, last := `{"F0901":"SAL","F0302":"260131","F0303":"7","F0201":"4000","F0307":"1,00"}`, `{"F0901":"SAL","F0302":"260131","F0303":"7","F0201":"4010","F0307":"2,00"}`
	for name, cash1 := range map[string]string{
		"list":     `{"R301":[` + first + `,` + last + `]}`,
		"numbered": `{"R0301":{"9":` + first + `,"10":` + last + `}}`,
		"single":   `{"R0301":` + last + `}`,
	} {
		b := start(t, cash.Options{})
		b.want(b.post(cash1), 201)
		if lines := b.server.Journals()[0].Lines; len(lines) != 1 || lines[0].Account != "4010" {
			t.Errorf("%s: %+v", name, lines)
		}
	}
	b := start(t, cash.Options{})
	b.want(b.do("POST", "/api/4.0/import", `{"admin":"halm","content":{"cash":{"R301":[`+first+`,`+last+`]}}}`), 201)
	if lines := b.server.Journals()[0].Lines; len(lines) != 1 || lines[0].Account != "4010" {
		t.Errorf("no list around the elements: %+v", lines)
	}
}

func TestFieldsAreChecked(t *testing.T) {
	b := start(t, cash.Options{PerMinute: -1})
	tests := []struct{ field, value, message string }{
		{"F0901", "", "Ongeldige waarde 0901="},
		{"F0302", "", "Ongeldige waarde 0302="},
		{"F0303", "", "Ongeldige waarde 0303="},
		{"F0201", "", "Ongeldige waarde 0201="},
		{"F0307", "", "Ongeldige waarde 0307="},
		{"F0901", "NONE", "Ongeldige waarde 0901=NONE"},
		{"F0201", "9999", "Ongeldige waarde 0201=9999"},
		{"F0201", "04000", "Ongeldige waarde 0201=04000"},
		{"F0911", "999", "Ongeldige waarde 0911=999"},
		{"F0911", "1000", "Ongeldige waarde 0911=1000"},
		{"F0101", "42", "Ongeldige waarde 0101=42"},
		{"F0302", "260231", "Ongeldige waarde 0302=260231"},
		{"F0302", "2026-01-31", "Ongeldige waarde 0302=2026-01-31"},
		{"F0301", "2613", "Ongeldige waarde 0301=2613"},
		{"F0310", "26", "Ongeldige waarde 0310=26"},
		{"F0303", "1234567", "Ongeldige waarde 0303=1234567"},
		{"F0303", "12a", "Ongeldige waarde 0303=12a"},
		{"F0306", strings.Repeat("x", 26), "Ongeldige waarde 0306="},
		{"F0306", "a|b", "Ongeldige waarde 0306=a|b"},
		{"F0711", strings.Repeat("X", 14), "Ongeldige waarde 0711="},
		{"F0307", "2500.00", "Ongeldige waarde 0307=2500.00"},
		{"F0307", "2.500,00", "Ongeldige waarde 0307=2.500,00"},
		{"F0307", "+1,00", "Ongeldige waarde 0307="},
		{"F0307", "1,234", "Ongeldige waarde 0307=1,234"},
		{"F0307", "10000000000,00", "Ongeldige waarde 0307="},
	}
	for _, test := range tests {
		a := b.post(counter(), record(test.field, test.value))
		b.want(a, 400, `"error":"Error import"`, test.message, `"line":2`, `"source":"0301|`)
	}
	b.booked(0)
	b.want(b.post(record("F0201", "9999", "F0911", "999")), 400, "0201=9999", "0911=999")
	b.want(b.post(`{"R2220":[{"F2220":"1"}]}`), 400, "[praktijk]")
	b.want(b.do("POST", "/api/4.0/import", `<html>`), 400, "[praktijk]")
	b.want(b.post(), 400, "[praktijk]")
	b.want(b.postTo("none", record()), 400, "[praktijk]")
	b.want(b.postTo("arch", record(), counter()), 403, "[praktijk]")
	b.booked(0)
}

func TestAmountsWithAndWithoutComma(t *testing.T) {
	b := start(t, cash.Options{})
	b.want(b.post(
		record("F0307", "1264,50"), record("F0307", "-0,05"), record("F0307", "12345"), record("F0307", "-5"), record("F0307", "0,5"),
	), 201)
	var got []string
	for _, r := range b.rows("/get/index/301T?admin=halm&params=2601|2601", "R0301") {
		got = append(got, r["F0307"])
	}
	if text := strings.Join(got, " "); text != "1264,50 -0,05 123,45 -0,05 0,50" {
		t.Errorf("amounts %s", text)
	}
}

func TestAJSONNumberAndAShortFieldNameAreRead(t *testing.T) {
	b := start(t, cash.Options{})
	b.want(b.post(`{"R301":[{"F901":"sal","F302":260131,"F303":7,"F201":"4000","F307":250000,"F0911":null,"F0306":""}]}`), 201)
	r := b.rows("/get/index/301T?admin=halm", "R0301")[0]
	if r["F0901"] != "SAL" || r["F0303"] != "000007" || r["F0307"] != "2500,00" || r["F0301"] != "2601" {
		t.Errorf("row %v", r)
	}
}

func TestASubLedgerAccountNeedsRelationAndInvoice(t *testing.T) {
	b := start(t, cash.Options{})
	b.want(b.post(record("F0201", "1300", "F0911", "")), 400, "[praktijk]", "1300")
	b.want(b.post(record("F0201", "1300", "F0911", "", "F0101", "100", "F0309", "17")), 201)
	if r := b.rows("/get/index/301T?admin=halm", "R0301")[0]; r["F0101"] != "000100" || r["F0309"] != "000017" {
		t.Errorf("row %v", r)
	}
}

func TestADocumentIsBookedOnce(t *testing.T) {
	b := start(t, cash.Options{})
	b.want(b.post(record(), counter()), 201)
	b.want(b.post(record("F0303", "101"), counter("F0303", "101")), 400, "[praktijk] Boekstuk 000101 bestaat al")
	b.server.Faults().Set(cash.FaultDuplicateText, 1)
	b.want(b.post(record(), counter()), 400, "Ongeldige waarde 0303=000101")
	b.booked(1)
	b.want(b.post(record("F0901", "MEMO"), counter("F0901", "MEMO")), 201)
	b.want(b.post(record("F0302", "270131", "F0301", "2701"), counter("F0302", "270131", "F0301", "2701")), 201)
	b.want(b.postTo("trns", record(), counter()), 201)
	b.booked(4)
	if n := books.CountByKey(b.server.Journals())["LBABCDEFGHIJ"]; n != 4 {
		t.Errorf("key counted %d times", n)
	}
}

func TestAnUnbalancedDocumentIsBookedUnlessStrict(t *testing.T) {
	b := start(t, cash.Options{})
	b.server.Faults().Set(cash.FaultStrict, 1)
	b.want(b.post(record(), counter("F0307", "-2499,99")), 400, "[praktijk]", "0,01")
	b.booked(0)
	b.want(b.post(record(), counter("F0307", "-2499,99")), 201)
	b.booked(1)
}

func TestAReaderWaitsForEver(t *testing.T) {
	b := start(t, cash.Options{PerMinute: -1})
	b.key = cash.KeyReader
	a := b.post(record(), counter())
	b.want(a, 202, `"status":"Pending"`)
	id := transaction(t, a)
	for range 20 {
		b.want(b.get("/transaction/"+id), 200, `{"status":"Pending"}`)
	}
	b.booked(0)
	b.server.Faults().Set(cash.FaultRightsGranted, 1)
	b.want(b.get("/transaction/"+id), 200, `{"status":"Success"}`)
	b.booked(1)
	b.want(b.get("/transaction/none"), 404, "902")
}

func TestAWaitingImportIsBookedAfterSomeQuestions(t *testing.T) {
	b := start(t, cash.Options{PendingPolls: 2})
	b.server.Faults().Set(cash.FaultPending, 2)
	good := transaction(t, b.post(record(), counter()))
	bad := transaction(t, b.post(record("F0201", "9999")))
	for _, id := range []string{good, bad, good, bad} {
		b.want(b.get("/transaction/"+id), 200, `{"status":"Pending"}`)
	}
	b.booked(0)
	b.want(b.get("/transaction/"+good), 200, `{"status":"Success"}`)
	b.want(b.get("/transaction/"+good), 200, `{"status":"Success"}`)
	b.want(b.get("/transaction/"+bad), 200, `"error":"Error import"`, "Ongeldige waarde 0201=9999")
	b.booked(1)
	b.server.Faults().Set(cash.FaultPendingForever, 1)
	lost := transaction(t, b.post(record("F0303", "102")))
	for range 9 {
		b.want(b.get("/transaction/"+lost), 200, `{"status":"Pending"}`)
	}
	b.booked(1)
}

func transaction(t *testing.T, a answer) string {
	t.Helper()
	var v struct{ Transaction string }
	if err := json.Unmarshal([]byte(a.body), &v); err != nil || a.status != 202 || len(v.Transaction) != 13 {
		t.Fatalf("not pending: %d %s", a.status, a.body)
	}
	return v.Transaction
}

func (b *bench) postAs(key string, elements ...string) answer {
	b.t.Helper()
	b.key = key
	return b.post(elements...)
}

func TestOfManyAtOnceOneIsBooked(t *testing.T) {
	b := start(t, cash.Options{})
	var all sync.WaitGroup
	var mu sync.Mutex
	statuses := make(map[int]int)
	for range 20 {
		all.Go(func() {
			a := b.post(record(), counter())
			mu.Lock()
			defer mu.Unlock()
			statuses[a.status]++
		})
	}
	all.Wait()
	if statuses[201] != 1 || statuses[400] != 19 {
		t.Errorf("statuses %v", statuses)
	}
	b.booked(1)
}

func TestPageAndControl(t *testing.T) {
	b := start(t, cash.Options{})
	b.want(b.post(record("F0306", "<b>tekst</b>"), counter()), 201)
	b.want(b.do("GET", "/", ""), 200, "SAL/26/000101", "2500.00", "Bruto lonen", "&lt;b&gt;tekst", "Salarissen", "pending_forever")
	b.want(b.do("GET", "/?admin=trns", ""), 200, "Halm Transport B.V.")
	b.want(b.do("GET", "/journals", ""), 200, `"text":"LBABCDEFGHIJ"`, `"amount":"2500.00"`)
	b.want(b.do("POST", "/control?fault=strict&times=1", ""), 200, `"id":"strict"`)
	b.want(b.post(record("F0303", "2")), 400)
	b.want(b.do("POST", "/control?fault=nonsense", ""), 404)
	b.want(b.do("GET", "/control", ""), 200, `"id":"drop_after"`)
}
