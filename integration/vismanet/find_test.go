package vismanet_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"loonbrug/data/model"
	"loonbrug/integration/target"
)

// row is a batch as the list shows it, with one line for each number given.
func row(number, status, description string, total int, lines ...int) string {
	var texts []string
	for _, n := range lines {
		side := `"debitAmountInCurrency":668.98,"creditAmountInCurrency":0.0`
		if n%2 == 0 {
			side = `"debitAmountInCurrency":0.0,"creditAmountInCurrency":668.98`
		}
		texts = append(texts, fmt.Sprintf(`{"lineNumber":%d,"accountNumber":"4000",%s,"transactionDescription":"Bruto lonen",
		 "subaccount":{"subaccountNumber":"100A1","segments":[{"segmentId":1,"segmentValue":"100"},{"segmentId":2,"segmentValue":"A1"}]}}`, n, side))
	}
	return fmt.Sprintf(`{"module":"ModuleGL","batchNumber":%q,"status":%q,"hold":true,"description":%q,"currencyId":"EUR",
	 "debitTotalInCurrency":668.98,"creditTotalInCurrency":668.98,"journalTransactionLines":[%s],"metadata":{"totalCount":%d,"maxPageSize":500}}`,
		number, status, description, strings.Join(texts, ","), total)
}

// listed serves the pages of the list, and nothing beyond them.
func (b *bundle) listed(pages ...string) {
	b.api.HandleFunc("GET /v2/journaltransaction", func(w http.ResponseWriter, r *http.Request) {
		n := 0
		if _, err := fmt.Sscan(r.URL.Query().Get("pageNumber"), &n); err != nil || n < 1 {
			b.t.Errorf("page %q", r.URL.Query().Get("pageNumber"))
			return
		}
		if n > len(pages) {
			write(b.t, w, "[]")
			return
		}
		write(b.t, w, "["+pages[n-1]+"]")
	})
}

const ours = "Lonen maart 2026-01 [" + testKey + "]"

func TestFind(t *testing.T) {
	for name, c := range map[string]struct {
		pages []string
		want  string // numbers
	}{
		"Empty":         {nil, ""},
		"Ours":          {[]string{row("GL1", "Hold", "huur", 3, 1) + "," + row("GL2", "Hold", ours, 3, 1, 2)}, "GL2"},
		"Contains":      {[]string{row("GL1", "Hold", "x "+testKey+" y", 2, 1, 2)}, ""},
		"LongerKey":     {[]string{row("GL1", "Hold", "["+testKey+"2]", 2, 1, 2)}, ""},
		"OtherCase":     {[]string{row("GL1", "Hold", "["+strings.ToLower(testKey)+"]", 2, 1, 2)}, ""},
		"WrittenAround": {[]string{row("GL1", "Posted", "[gezien] "+ours+" akkoord", 2, 1, 2)}, "GL1"},
		"Voided":        {[]string{row("GL1", "Voided", ours, 2, 1, 2)}, ""},
		"VoidedAndNew":  {[]string{row("GL1", "Voided", ours, 4, 1, 2) + "," + row("GL2", "Hold", ours, 4, 1, 2)}, "GL2"},
		"Twice":         {[]string{row("GL1", "Hold", ours, 4, 1, 2) + "," + row("GL2", "Hold", ours, 4, 1, 2)}, "GL1 GL2"},
		"SplitBatch":    {[]string{row("GL1", "Hold", ours, 4, 1, 2, 3), row("GL1", "Hold", ours, 4, 4)}, "GL1"},
		"SecondPage":    {[]string{row("GL1", "Hold", "huur", 4, 1, 2), row("GL2", "Hold", ours, 4, 1, 2)}, "GL2"},
		"NoCount":       {[]string{row("GL1", "Hold", "huur", 0, 1, 2), row("GL2", "Hold", ours, 0, 1, 2)}, "GL2"},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBundle(t)
			d := b.sampleDelivery()
			b.listed(c.pages...)
			found, err := b.target.Find(t.Context(), b.access, d)
			if err != nil {
				t.Fatal(err)
			}
			var numbers []string
			for _, f := range found {
				numbers = append(numbers, f.Number)
			}
			if got := strings.Join(numbers, " "); got != c.want {
				t.Errorf("found %q, want %q", got, c.want)
			}
		})
	}
}

func TestFind_JoinsALineSplitOverPages(t *testing.T) {
	b := newBundle(t)
	d := b.sampleDelivery()
	b.listed(row("GL1", "Hold", ours, 4, 1, 2, 3), row("GL1", "Hold", ours, 4, 3, 4))
	found, err := b.target.Find(t.Context(), b.access, d)
	if err != nil || len(found) != 1 || len(found[0].Lines) != 4 {
		t.Fatalf("found %+v, %v", found, err)
	}
}

// Asked for: the period, and once it was sent what changed since.
func TestFind_Queries(t *testing.T) {
	b := newBundle(t)
	d := b.sampleDelivery()
	d.SentAt = time.Date(2026, time.April, 2, 8, 0, 0, 0, time.UTC)
	b.listed(row("GL7", "Hold", ours, 2, 1, 2))
	found, err := b.target.Find(t.Context(), b.access, d)
	if err != nil || len(found) != 1 {
		t.Fatalf("found %d, %v: the same batch in both lists is one", len(found), err)
	}
	var queries []string
	for _, r := range b.seen("GET") {
		if r.path == "/v2/journaltransaction" {
			queries = append(queries, r.query)
		}
	}
	want := []string{
		"module=GL&pageNumber=1&pageSize=500&periodId=202601",
		"lastModifiedDateTime=2026-04-01T08%3A00%3A00&module=GL&pageNumber=1&pageSize=500",
	}
	if strings.Join(queries, " ") != strings.Join(want, " ") {
		t.Errorf("queries\n%v", queries)
	}
}

// A look-up that is not whole proves nothing, so it is an error and no miss.
func TestFind_Fails(t *testing.T) {
	for name, c := range map[string]struct {
		pages  []string
		status int
		code   string
		action model.Action
	}{
		"Short":      {pages: []string{row("GL1", "Hold", "huur", 5, 1, 2)}, code: "vismanet.incomplete"},
		"SamePage":   {pages: []string{row("GL1", "Hold", "huur", 5, 1, 2), row("GL1", "Hold", "huur", 5, 1, 2)}, code: "vismanet.incomplete"},
		"Grew":       {pages: []string{row("GL1", "Hold", "huur", 3, 1, 2), row("GL2", "Hold", "huur", 4, 1)}, code: "vismanet.list_changed"},
		"NotJSON":    {pages: []string{`{"batchNumber":`}, code: "vismanet.unreadable"},
		"NoNumber":   {pages: []string{`{"batchNumber":"","metadata":{"totalCount":1}}`}, code: "vismanet.unreadable"},
		"BadAmount":  {pages: []string{strings.Replace(row("GL1", "Hold", ours, 1, 1), `Currency":668.98,"creditAmount`, `Currency":668.981,"creditAmount`, 1)}, code: "vismanet.unreadable"},
		"Down":       {status: 503, code: "vismanet.server"},
		"NoRights":   {status: 403, code: "vismanet.no_rights"},
		"Limited":    {status: 429, code: "vismanet.rate_limited"},
		"NotAllowed": {status: 401, code: "vismanet.unauthorised", action: model.ActionSignIn},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBundle(t)
			d := b.sampleDelivery()
			if c.status != 0 {
				b.answer("GET /v2/journaltransaction", c.status, "")
			} else {
				b.listed(c.pages...)
			}
			found, err := b.target.Find(t.Context(), b.access, d)
			wantProblem(t, err, c.code, c.action)
			if found != nil {
				t.Errorf("found %v", found)
			}
		})
	}
}

func TestReadBack(t *testing.T) {
	for status, approval := range map[string]model.Approval{
		"Hold": model.ApprovalWaiting, "Balanced": model.ApprovalWaiting, "Unposted": model.ApprovalGiven, "Posted": model.ApprovalGiven,
		"Released": model.ApprovalGiven, "Completed": model.ApprovalGiven, "Scheduled": model.ApprovalWaiting, "Unheard": model.ApprovalWaiting,
	} {
		t.Run(status, func(t *testing.T) {
			b := newBundle(t)
			d := b.sampleDelivery()
			d.Evidence = map[string]string{"batch": "GL000123"}
			b.answer("GET /v2/journaltransaction/GL000123", 200, row("GL000123", status, ours, 2, 1, 2))
			booked, out := b.target.ReadBack(t.Context(), b.access, d)
			if out.Class != target.Accepted || booked.Number != "GL000123" || booked.Status != status || booked.Approval != approval {
				t.Fatalf("booked %+v, outcome %+v", booked, out)
			}
			e := model.Entry{Lines: booked.Lines}
			if debit, credit := e.Totals(); debit != 668_98 || credit != 668_98 || len(booked.Lines) != 2 {
				t.Errorf("%d lines, debit %s, credit %s", len(booked.Lines), debit, credit)
			}
			if l := booked.Lines[1]; l.Amount != -668_98 || segment(l, "1") != "100" || segment(l, "2") != "A1" || l.Text != "Bruto lonen" {
				t.Errorf("line %+v", l)
			}
		})
	}
}

func TestReadBack_ByKeyWhenTheNumberIsMissing(t *testing.T) {
	for name, c := range map[string]struct {
		list  string
		class target.Class
		code  string
	}{
		"Found":  {row("GL9", "Hold", ours, 2, 1, 2), target.Accepted, ""},
		"NotYet": {"", target.Pending, "vismanet.not_listed"},
		"Twice":  {row("GL9", "Hold", ours, 4, 1, 2) + "," + row("GL10", "Hold", ours, 4, 1, 2), target.Ambiguous, "vismanet.found_twice"},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBundle(t)
			d := b.sampleDelivery()
			b.listed(c.list)
			b.answer("GET /v2/journaltransaction/GL9", 200, row("GL9", "Hold", ours, 2, 1, 2))
			booked, out := b.target.ReadBack(t.Context(), b.access, d)
			if out.Class != c.class || (c.code == "") != (out.Problem == nil) || out.Problem != nil && out.Problem.Code != c.code {
				t.Errorf("outcome %+v", out)
			}
			if c.class == target.Accepted && (booked.Number != "GL9" || out.Evidence["batch"] != "GL9") {
				t.Errorf("booked %+v", booked)
			}
		})
	}
}

// A batch that is gone was read for good; everything else that fails is worth
// asking again.
func TestReadBack_Fails(t *testing.T) {
	for name, c := range map[string]struct {
		status int
		body   string
		class  target.Class
		code   string
	}{
		"Deleted":     {404, "", target.Accepted, "vismanet.not_found"},
		"Voided":      {200, row("GL1", "Voided", ours, 2, 1, 2), target.Accepted, "vismanet.voided"},
		"AnotherOne":  {200, row("GL2", "Hold", ours, 2, 1, 2), target.Ambiguous, "vismanet.unreadable"},
		"LineMissing": {200, row("GL1", "Hold", ours, 2, 1), target.Ambiguous, "vismanet.incomplete"},
		"CutOff":      {200, `{"batchNumber":"GL1","journ`, target.Ambiguous, "vismanet.unreadable"},
		"Page":        {200, `<html>`, target.Ambiguous, "vismanet.unreadable"},
		"Down":        {500, ``, target.Ambiguous, "vismanet.server"},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBundle(t)
			d := b.sampleDelivery()
			d.Evidence = map[string]string{"batch": "GL1"}
			b.answer("GET /v2/journaltransaction/GL1", c.status, c.body)
			booked, out := b.target.ReadBack(t.Context(), b.access, d)
			if out.Class != c.class || out.Problem.Code != c.code || len(booked.Lines) != 0 {
				t.Errorf("outcome %+v", out)
			}
		})
	}
}

func TestReadBack_CodesNumbersThatMeanSomethingInAnAddress(t *testing.T) {
	b := newBundle(t)
	d := b.sampleDelivery()
	d.Evidence = map[string]string{"batch": "GL/123"}
	b.answer("GET /v2/journaltransaction/b64(R0wvMTIz)", 200, row("GL/123", "Hold", ours, 2, 1, 2))
	if booked, out := b.target.ReadBack(t.Context(), b.access, d); out.Class != target.Accepted || booked.Number != "GL/123" {
		t.Errorf("outcome %+v", out)
	}
}

func TestReference(t *testing.T) {
	b := newBundle(t)
	ref := b.reference()
	if ref.Currency != "EUR" || ref.Country != "NL" || !ref.FetchedAt.Equal(testNow) {
		t.Errorf("reference %+v", ref)
	}
	if len(ref.LedgerAccounts) != 12 || ref.LedgerAccounts[10].Postable || ref.LedgerAccounts[9].Active {
		t.Errorf("chart %+v", ref.LedgerAccounts)
	}
	if ref.Extra["subaccount"] != "4000\n4010\n4050\n4060\n4070\n4999" {
		t.Errorf("accounts with subaccount %q", ref.Extra["subaccount"])
	}
	if d := ref.Dimensions[0]; d.ID != "1" || d.Name != "Kostenplaats" || d.Length != 3 || len(d.Values) != 5 || d.Values[4].Active {
		t.Errorf("dimension %+v", d)
	}
	want := model.BookPeriod{ID: "202512", First: "2025-12-01", Last: "2025-12-31"}
	if len(ref.Periods) != 4 || ref.Periods[0] != want || !ref.Periods[1].Open {
		t.Errorf("periods %+v", ref.Periods)
	}
}

// Whatever form the periods take, every day of the year lies in its own.
func TestReference_PeriodForms(t *testing.T) {
	for name, text := range map[string]string{
		"Inclusive":  `[{"year":2026,"period":"01","startDate":"2026-01-01","endDate":"2026-01-31","active":true},{"year":2026,"period":"02","startDate":"2026-02-01","endDate":"2026-02-28","active":true}]`,
		"Exclusive":  `[{"year":2026,"period":"202602","startDate":"2026-02-01T00:00:00","endDate":"2026-03-01T00:00:00","active":true},{"year":2026,"period":"202601","startDate":"2026-01-01T00:00:00","endDate":"2026-02-01T00:00:00","active":true}]`,
		"Adjustment": `[{"year":2026,"period":"1","startDate":"2026-01-01","endDate":"2026-02-01","active":true},{"year":2026,"period":"2","startDate":"2026-02-01","endDate":"2026-03-01","active":true},{"year":2026,"period":"13","startDate":"2026-03-01","endDate":"2026-03-01","active":true}]`,
	} {
		t.Run(name, func(t *testing.T) {
			b := newBundle(t)
			b.answer("GET /v1/organization", 200, organizationJSON)
			b.answer("GET /v1/account", 200, accountsJSON())
			b.answer("GET /v1/dimension/SUBACCOUNT", 404, "")
			b.answer("GET /v1/financialPeriod", 200, text)
			ref, err := b.target.Reference(t.Context(), b.access, company)
			if err != nil {
				t.Fatal(err)
			}
			want := []model.BookPeriod{
				{ID: "202601", First: "2026-01-01", Last: "2026-01-31", Open: true},
				{ID: "202602", First: "2026-02-01", Last: "2026-02-28", Open: true},
			}
			if len(ref.Periods) != 2 || ref.Periods[0] != want[0] || ref.Periods[1] != want[1] {
				t.Errorf("periods %+v", ref.Periods)
			}
			if ref.Dimensions == nil || len(ref.Dimensions) != 0 || ref.Extra["subaccount"] != "" {
				t.Errorf("dimensions %+v", ref.Dimensions)
			}
		})
	}
}

// A chart that comes in pieces is read to its end, or not at all.
func TestReference_ChartInPieces(t *testing.T) {
	one := `[{"accountCD":"1000","type":"Asset","active":true,"metadata":{"totalCount":2}}]`
	two := `[{"accountCD":"2000","type":"Asset","active":true,"metadata":{"totalCount":2}}]`
	for name, second := range map[string]string{"Whole": two, "Repeats": one, "Ends": "[]"} {
		t.Run(name, func(t *testing.T) {
			b := newBundle(t)
			b.answer("GET /v1/organization", 200, `[{"name":"Halm","baseCurrency":"EUR"}]`)
			b.answer("GET /v1/dimension/SUBACCOUNT", 404, "")
			b.answer("GET /v1/financialPeriod", 200, periodsJSON)
			b.api.HandleFunc("GET /v1/account", func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Query().Get("skipRecords") == "1" {
					write(t, w, second)
					return
				}
				write(t, w, one)
			})
			ref, err := b.target.Reference(t.Context(), b.access, company)
			if name != "Whole" {
				wantProblem(t, err, "vismanet.incomplete", model.ActionNone)
				return
			}
			if err != nil || len(ref.LedgerAccounts) != 2 {
				t.Fatalf("%+v, %v", ref, err)
			}
		})
	}
}

func TestReference_CurrencyOfTheLedger(t *testing.T) {
	b := newBundle(t)
	b.answer("GET /v1/organization", 200, `[{"name":"Brödbolaget"}]`)
	b.answer("GET /v1/account", 200, "[]")
	b.answer("GET /v1/dimension/SUBACCOUNT", 404, "")
	b.answer("GET /v1/financialPeriod", 200, "[]")
	b.answer("GET /v1/ledger", 200, `[{"number":"2","balanceType":"Budget","currencyId":"EUR"},{"number":"1","balanceType":"Actual","currencyId":"SEK"}]`)
	ref, err := b.target.Reference(t.Context(), b.access, company)
	if err != nil || ref.Currency != "SEK" {
		t.Fatalf("%+v, %v", ref, err)
	}
}

func TestAdministrations(t *testing.T) {
	b := newBundle(t)
	b.withReference()
	got, err := b.target.Administrations(t.Context(), b.access)
	if err != nil || len(got) != 1 || got[0] != (model.Administration{Code: company, Name: "Bakkerij De Halm B.V."}) {
		t.Errorf("%+v, %v", got, err)
	}
}

// The token of one company must not read or book for another.
func TestOtherCompanyIsRefusedEverywhere(t *testing.T) {
	b := newBundle(t)
	d := b.sampleDelivery()
	d.Entry.Administration = "tenant-other"
	_, err := b.target.Reference(t.Context(), b.access, "tenant-other")
	wantProblem(t, err, "vismanet.other_company", model.ActionSignIn)
	_, err = b.target.Find(t.Context(), b.access, d)
	wantProblem(t, err, "vismanet.other_company", model.ActionSignIn)
	d.Evidence = map[string]string{"batch": "GL1"}
	if _, out := b.target.ReadBack(t.Context(), b.access, d); out.Class != target.Ambiguous || !out.SignIn {
		t.Errorf("outcome %+v", out)
	}
}

func TestAddresses(t *testing.T) {
	for address, ok := range map[string]bool{
		"https://api.example/": true, "http://127.0.0.1:1": true, "http://localhost": true,
		"http://api.example": false, "ftp://api.example": false, "api.example": false, "https://u:p@api.example": false, "https://api.example?x": false,
	} {
		b := newBundle(t)
		d := b.sampleDelivery()
		b.access.Account.Settings = map[string]string{"api": address}
		_, err := b.target.Prepare(t.Context(), b.access, d)
		if ok != (err == nil) {
			t.Errorf("%s: %v", address, err)
		}
		if !ok {
			wantProblem(t, err, "vismanet.bad_address", model.ActionOpenAccount)
		}
	}
}
