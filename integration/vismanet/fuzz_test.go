package vismanet

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"loonbrug/data/journal"
	"loonbrug/integration/httpx"
)

// Every answer parser must give a value that can be trusted or an error; the
// laws below are what the rest of the package relies on.

func FuzzParseRefusal(f *testing.F) {
	for _, seed := range []string{
		`{"message":"VismaId: 1-2. Error creating document. Error: Account is inactive."}`, `{"message":"VismaId:"}`,
		`{"ExceptionMessage":"No license","ExceptionFaultCode":"12027","ExceptionMessageID":"12027_x"}`, `<html>`, `plain`, ``, `"text"`, `[1]`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		r := parseRefusal(text)
		for _, s := range []string{r.message, r.fault, r.visma} {
			if strings.ContainsAny(s, "\r\n\x00") || len([]rune(s)) > longestDetail {
				t.Errorf("not fit to show: %q", s)
			}
		}
		if name, _ := byWords(r.message); name == "" {
			t.Error("no name")
		}
	})
}

func FuzzParseOrganization(f *testing.F) {
	f.Add([]byte(`[{"organizationCd":"1","name":"Halm","baseCurrency":{"id":"EUR"}}]`))
	f.Add([]byte(`[{"name":"Halm","baseCurrency":"EUR","currency":null,"defaultCountry":5}]`))
	f.Add([]byte(`[]`))
	f.Fuzz(func(t *testing.T, text []byte) {
		o, err := parseOrganization(text)
		if err == nil && (o.name == "" || o.code == "") {
			t.Errorf("a company without name or code: %+v", o)
		}
	})
}

func FuzzParseSegments(f *testing.F) {
	f.Add([]byte(`{"segments":[{"segmentId":1,"description":"K","length":3,"validate":true,"segmentValues":[{"valueId":"000","active":true}]}]}`))
	f.Add([]byte(`{"segments":[{"segmentId":1,"validate":false}]}`))
	f.Add([]byte(`{}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		dimensions, err := parseSegments(text)
		if err != nil {
			return
		}
		if dimensions == nil {
			t.Error("a nil list means that the target gives none")
		}
		for _, d := range dimensions {
			if v := empty(d); v != "" && fault(d, v) != "" {
				t.Errorf("the empty value %q is %s", v, fault(d, v))
			}
		}
	})
}

func FuzzParsePeriods(f *testing.F) {
	f.Add([]byte(`[{"year":2026,"period":"01","startDate":"2026-01-01T00:00:00","endDate":"2026-01-31T00:00:00","active":true}]`))
	f.Add([]byte(`[{"year":2026,"period":"202601","startDate":"2026-01-01","endDate":"2026-02-01"},{"year":2026,"period":"2","startDate":"2026-02-01","endDate":"2026-03-01"}]`))
	f.Fuzz(func(t *testing.T, text []byte) {
		periods, err := parsePeriods(text)
		if err != nil {
			return
		}
		for i, p := range periods {
			if len(p.ID) != 6 {
				t.Errorf("period %q", p.ID)
			}
			if i > 0 && periods[i-1].Last >= p.First && periods[i-1].First < p.First {
				t.Errorf("%+v runs into %+v", periods[i-1], p)
			}
		}
	})
}

func FuzzParseBatch(f *testing.F) {
	f.Add([]byte(`{"batchNumber":"GL1","status":"Hold","debitTotalInCurrency":12345.67,"journalTransactionLines":[{"lineNumber":1,"debitAmountInCurrency":12345.67,"creditAmountInCurrency":0.0}]}`))
	f.Add([]byte(`{"batchNumber":"GL1","journalTransactionLines":[{"debitAmount":1,"creditAmount":null}]}`))
	f.Add([]byte(`{"batchNumber":"GL1","journalTransactionLines":[{"debitAmount":1e3}]}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		b, err := parseBatch(text, "GL1")
		if err == nil && (b.Number != "GL1" || b.Status == statusVoided || b.Evidence[evidenceBatch] != "GL1") {
			t.Errorf("booked %+v", b)
		}
	})
}

func FuzzJoinPages(f *testing.F) {
	f.Add([]byte(`[{"batchNumber":"GL1","metadata":{"totalCount":3},"journalTransactionLines":[{"lineNumber":1},{"lineNumber":2}]}]`),
		[]byte(`[{"batchNumber":"GL1","metadata":{"totalCount":3},"journalTransactionLines":[{"lineNumber":3}]}]`))
	f.Fuzz(func(t *testing.T, one, two []byte) {
		var j joined
		for _, text := range [][]byte{one, two, []byte("[]")} {
			var page []readBatch
			if json.Unmarshal(text, &page) != nil {
				return
			}
			done, err := j.add(page)
			if err != nil {
				return
			}
			if done && j.lines < j.total {
				t.Errorf("done with %d of %d lines", j.lines, j.total)
			}
			if done {
				return
			}
		}
		t.Error("a page that brings nothing new ends the list")
	})
}

func FuzzBatchNumber(f *testing.F) {
	for _, seed := range []string{
		"https://api.example/v2/journaltransaction/GL000123", "/API/controller/api/v2/journaltransaction/GL1/", "b64(", "/journaltransaction/b64(R0wx)", "%",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, location string) {
		number := batchNumber(location)
		if number == "" {
			return
		}
		if strings.ContainsAny(number, "\r\n\x00") {
			t.Errorf("number %q", number)
		}
		if again := batchNumber("https://api.example" + batchPath(number)); again != number {
			t.Errorf("%q comes back as %q", number, again)
		}
	})
}

// An amount that is read is the number to the cent.
func FuzzAmountOf(f *testing.F) {
	for _, seed := range []string{"12345.67", "0.0", "-3.5", "1", "1e2", "0.005", "99999999999999.99", ".5", "5."} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var n json.Number
		if json.Unmarshal([]byte(text), &n) != nil {
			return
		}
		a, err := amountOf(n)
		if err != nil || n == "" {
			return
		}
		back, err := amountOf(json.Number(a.String()))
		if err != nil || back != a {
			t.Errorf("%s reads as %s, and that as %s", n, a, back)
		}
		if b, err := journal.ParseAmount(n.String()); err == nil && b != a {
			t.Errorf("%s reads as %s, want %s", n, a, b)
		}
	})
}

// The key is found where it was written, and nowhere else.
func FuzzKeyIn(f *testing.F) {
	f.Add("Lonen", "LB4F7K2Q9XWB")
	f.Add("[[", "]")
	f.Fuzz(func(t *testing.T, text, key string) {
		if key == "" || strings.ContainsAny(key, "[] ") || plain(key) != key || len(key) > 20 {
			return
		}
		d := describe(text, journal.Period{Year: 2026, Number: 1}, key)
		if !keyIn(d, key) || keyIn(d, key+"X") || keyIn(d, key[1:]) {
			t.Errorf("description %q, key %q", d, key)
		}
		if len([]rune(d)) > longestDescription {
			t.Errorf("description of %d", len([]rune(d)))
		}
	})
}

func FuzzParseLedgers(f *testing.F) {
	f.Add([]byte(`[{"number":"1","description":"Actueel","balanceType":"Actual","currencyId":"EUR"},{"number":"2","balanceType":"Budget"}]`))
	f.Add([]byte(`[]`))
	f.Fuzz(func(t *testing.T, text []byte) {
		ledgers, err := parseLedgers(text)
		if err == nil && ledgers == nil {
			t.Error("a nil list means that the target gives none")
		}
		for _, l := range ledgers {
			if l.Code == "" {
				t.Error("a ledger without a number")
			}
		}
	})
}

func FuzzParseBranches(f *testing.F) {
	f.Add([]byte(`[{"number":"1","name":"Hoofd","isActive":true},{"number":"2","isActive":false},{"number":"3"}]`))
	f.Fuzz(func(t *testing.T, text []byte) {
		branches, err := parseBranches(text)
		if err == nil && branches == nil {
			t.Error("a nil list means that the target gives none")
		}
		for _, b := range branches {
			if b.Code == "" {
				t.Error("a branch without a number")
			}
		}
	})
}

// The id of a background call becomes part of an address.
func FuzzParseTaken(f *testing.F) {
	f.Add([]byte(`{"id":"0f8c-77","stateLocation":"https://api.example/v1/background/0f8c-77"}`))
	f.Add([]byte(`{"stateLocation":"https://api.example/v1/background/0f8c-77/"}`))
	f.Add([]byte(`{"id":"../organization"}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		if id := parseTaken(text); strings.ContainsAny(id, "/?#%\r\n\x00 ") || id == "." || id == ".." {
			t.Errorf("id %q", id)
		}
	})
}

func FuzzParseJob(f *testing.F) {
	f.Add([]byte(`{"id":"1","status":"Finished","statusCode":201,"responseHeaders":{"Location":"https://api.example/v2/journaltransaction/GL1"}}`))
	f.Add([]byte(`{"status":"Failed","statusCode":400,"errorMessage":"Account is inactive."}`))
	f.Add([]byte(`{"status":"Started"}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		if j, err := parseJob(text); err == nil && j.failed && !j.over {
			t.Errorf("failed, but not over: %+v", j)
		}
	})
}

func FuzzParseRelease(f *testing.F) {
	f.Add([]byte(`{"actionId":"1","actionResult":"Completed","errorInfo":null}`))
	f.Add([]byte(`{"errorInfo":"One or more documents could not be released."}`))
	f.Add([]byte(`{"errorInfo":{"a":[1]}}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		if said := parseRelease(text); strings.ContainsAny(said, "\r\n\x00") || len([]rune(said)) > longestDetail {
			t.Errorf("not fit to show: %q", said)
		}
	})
}

// No answer makes the program wait for ever, or not at all after a 429.
func FuzzPatience(f *testing.F) {
	f.Add("42", "90", "500")
	f.Add("Thu, 02 Apr 2026 09:05:00 GMT", "", "")
	f.Add("-1", "99999999999", "-")
	now := time.Date(2026, time.April, 2, 9, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, after, reset, limit string) {
		answer := &httpx.Answer{Status: http.StatusTooManyRequests, Header: http.Header{
			"Retry-After": {after}, "X-Ratelimit-Reset": {reset}, "X-Ratelimit-Limit": {limit},
		}}
		if wait := patience(answer, now); wait <= 0 || wait > longestPatience {
			t.Errorf("waits %s", wait)
		}
		until, err := time.Parse(time.RFC3339, limited(answer, now).Params["until"])
		if err != nil || until.Before(now) || until.After(now.Add(longestPatience)) {
			t.Errorf("until %s, %v", until, err)
		}
	})
}

// The chart that is made of the accounts is what was read, page by page.
func FuzzParseAccounts(f *testing.F) {
	f.Add([]byte(`[{"accountCD":"4000","type":"Expense","active":true,"useDefaultSub":false,"allowManualEntry":true,"metadata":{"totalCount":2}}]`))
	f.Add([]byte(`[{"accountCD":"1700"}]`))
	f.Fuzz(func(t *testing.T, text []byte) {
		page, err := parseAccounts(text)
		if err != nil {
			return
		}
		ledger, extra := chart(page, true)
		if len(ledger) != len(page) || len(strings.Split(extra[extraSubaccount], "\n")) > len(page)+1 {
			t.Errorf("%d accounts of %d, needing %q", len(ledger), len(page), extra[extraSubaccount])
		}
	})
}
