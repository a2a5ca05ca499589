package visma_test

import (
	"encoding/base64"
	"net/http"
	"strings"
	"testing"

	"loonbrug/integration/practice/visma"
)

type batch struct {
	Module, BatchNumber, Status, TransactionDate, PostPeriod, FinancialPeriod string
	Ledger, CurrencyID, Description, Branch, TimeStamp                        string
	Hold                                                                      bool
	DebitTotal, DebitTotalInCurrency, CreditTotalInCurrency                   float64
	ControlTotalInCurrency                                                    float64
	JournalTransactionLines                                                   []struct {
		LineNumber                                  int
		AccountNumber, Description, ReferenceNumber string
		TransactionDescription                      string
		DebitAmountInCurrency                       float64
		CreditAmountInCurrency                      float64
		Subaccount                                  struct {
			SubaccountNumber string
			Segments         []struct{ SegmentDescription, SegmentValue string }
		}
		Attachments []struct {
			Name     string
			Revision int
		}
	}
	Attachments []struct {
		Name     string
		Revision int
	}
	Metadata struct{ TotalCount, MaxPageSize int }
}

func (b *bench) read(number string) batch {
	b.Helper()
	return into[batch](b, b.get("/v2/journaltransaction/"+number))
}

func TestCreate_AnswersWithHeadersAlone(t *testing.T) {
	b := open(t)
	r := b.book("Lonen 2026-03 LBAAAAAAAAAA")
	if len(r.body) != 0 || r.location() != b.http.URL+"/v2/journaltransaction/GL000123" || r.header.Get("ETag") == "" {
		t.Errorf("body %q, Location %q, ETag %q", r.body, r.location(), r.header.Get("ETag"))
	}
	if next := b.book("Nog een"); next.number() != "GL000124" {
		t.Errorf("second number %s", next.number())
	}
}

func TestCreate_ReadsBackAsSent(t *testing.T) {
	b := open(t)
	r := b.book("Lonen 2026-03 LBAAAAAAAAAA")
	got := b.read(r.number())
	if got.Module != "ModuleGL" || got.Status != "Hold" || !got.Hold || got.FinancialPeriod != "202603" || got.PostPeriod != "032026" ||
		got.TransactionDate != "2026-03-31T00:00:00" || got.Ledger != "1" || got.Branch != "1" || got.CurrencyID != "EUR" || got.Description != "Lonen 2026-03 LBAAAAAAAAAA" {
		t.Errorf("head: %+v", got)
	}
	if got.DebitTotalInCurrency != 12345.67 || got.CreditTotalInCurrency != 12345.67 || len(got.JournalTransactionLines) != 2 {
		t.Errorf("totals: %+v", got)
	}
	first, second := got.JournalTransactionLines[0], got.JournalTransactionLines[1]
	if first.LineNumber != 1 || first.AccountNumber != "4000" || first.DebitAmountInCurrency != 12345.67 || first.ReferenceNumber != "2026-03-12" || first.Subaccount.SubaccountNumber != "100A1" {
		t.Errorf("first line: %+v", first)
	}
	if second.Subaccount.SubaccountNumber != "00000" || second.CreditAmountInCurrency != 12345.67 {
		t.Errorf("balance sheet line without segments: %+v", second)
	}
	if `"`+got.TimeStamp+`"` != r.header.Get("ETag") {
		t.Errorf("timeStamp %s, ETag %s", got.TimeStamp, r.header.Get("ETag"))
	}
	coded := "b64(" + base64.RawURLEncoding.EncodeToString([]byte(r.number())) + ")"
	if same := b.read(coded); same.BatchNumber != r.number() {
		t.Errorf("number in base64url: %+v", same)
	}
}

func TestCreate_Refusals(t *testing.T) {
	good := []string{row("4000", "debit", "10.00", sub("100", "A1")), row("1720", "credit", "10.00")}
	on := func(first string) string {
		return body(`"hold":{"value":false},`+march, first, row("1720", "credit", "10.00"))
	}
	debit := func(account string) string { return on(row(account, "debit", "10.00", sub("100", "A1"))) }
	at := func(date, period string) string {
		return body(`"transactionDate":{"value":"`+date+`"},"financialPeriod":{"value":"`+period+`"}`, good...)
	}
	cases := map[string]struct{ sent, text string }{
		"unknown account":       {debit("4711"), "'4711' cannot be found in the system."},
		"no account":            {on(`{"debitAmountInCurrency":{"value":10}}`), "cannot be empty"},
		"inactive account":      {debit("4999"), "Account is inactive."},
		"control account":       {debit("1300"), "does not allow manual entry"},
		"net income":            {debit("0990"), "Cannot post transactions directly to Year to Date Net Income."},
		"denominated":           {debit("1110"), "Denominated GL Account currency is different from transaction currency."},
		"unknown cost centre":   {on(row("4000", "debit", "10.00", sub("777", "A1"))), "Kostenplaats of Subaccount do not exist."},
		"shortened cost centre": {on(row("4000", "debit", "10.00", sub("10", "A1"))), "Kostenplaats of Subaccount do not exist."},
		"unknown cost unit":     {on(row("4000", "debit", "10.00", sub("100", "Z9"))), "Kostendrager of Subaccount do not exist."},
		"inactive value":        {on(row("4000", "debit", "10.00", sub("900", "A1"))), "Subaccount 900A1 is inactive."},
		"missing segment":       {on(row("4000", "debit", "10.00", sub("100"))), "'Kostendrager' cannot be empty."},
		"missing segments":      {on(row("4000", "debit", "10.00")), "'Kostenplaats' cannot be empty."},
		"unknown segment":       {on(row("4000", "debit", "10.00", sub("100", "A1", "X"))), "'3' cannot be found in the system."},
		"closed period":         {at("2025-06-30T00:00:00", "202506"), "The 06-2025 financial period is closed."},
		"missing period":        {at("2028-01-31T00:00:00", "202801"), "Financial Period for 01-2028 not found."},
		"date outside":          {at("2026-04-01T00:00:00", "202603"), "The date is outside the range of the selected financial period."},
		"zoned midnight":        {at("2026-03-01T00:00:00+01:00", "202603"), "The date is outside the range"},
		"period format":         {at("2026-03-31T00:00:00", "2026-03"), "Invalid Year or Period format."},
		"out of balance":        {body(`"hold":{"value":false},`+march, good[0], row("1720", "credit", "9.99")), "Batch is out of balance, please review."},
		"control total":         {body(`"hold":{"value":false},"controlTotalInCurrency":{"value":11},`+march, good...), "Batch is out of balance, please review."},
		"one line":              {body(march, good[0]), "at least two lines"},
		"both sides":            {on(row("4000", "debit", "10.00", sub("100", "A1"), `"creditAmountInCurrency":{"value":1}`)), "either a debit or a credit"},
		"three decimals":        {on(row("4000", "debit", "10.005", sub("100", "A1"))), "not an amount of two decimals"},
		"long reference":        {on(row("4000", "debit", "10.00", sub("100", "A1"), `"referenceNumber":{"value":"1234567890123456"}`)), "exceeds the field 'RefNbr' length"},
		"long text":             {on(row("4000", "debit", "10.00", sub("100", "A1"), `"transactionDescription":{"value":"`+strings.Repeat("ö", 257)+`"}`)), "exceeds the field 'TranDesc' length"},
		"unknown branch":        {body(`"branch":{"value":"9"},`+march, good...), "'9' cannot be found in the system."},
		"inactive branch":       {body(`"branch":{"value":"2"},`+march, good...), "Branch is inactive."},
		"unknown ledger":        {body(`"ledger":{"value":"7"},`+march, good...), "'7' cannot be found in the system."},
		"budget ledger":         {body(`"ledger":{"value":"2"},`+march, good...), "'2' cannot be found in the system."},
		"unknown currency":      {body(march+`,"currencyId":{"value":"XXX"}`, good...), "'XXX' cannot be found in the system."},
		"currency without rate": {body(march+`,"currencyId":{"value":"SEK"}`, good...), "currency rate is not defined"},
		"project":               {on(row("4000", "debit", "10.00", sub("100", "A1"), `"project":{"value":"P1"}`)), "'P1' cannot be found in the system."},
		"update of no line":     {on(`{"operation":"Update","lineNumber":{"value":1}}`), "'1' cannot be found in the system."},
		"number taken":          {body(`"overrideNumberSeries":{"value":true},"batchNumber":{"value":"no/good"},`+march, good...), "cannot be used as a number"},
	}
	b := open(t)
	for name, c := range cases {
		r := b.do(http.MethodPost, "/v2/journaltransaction", c.sent)
		if r.status != http.StatusBadRequest || !strings.Contains(r.message(), c.text) || !strings.HasPrefix(r.message(), "VismaId: ") || !strings.Contains(r.message(), ". Error creating document. Error: ") {
			t.Errorf("%s: %d %s", name, r.status, r.body)
		}
	}
	if all := b.server.Journals(); len(all) != 0 {
		t.Errorf("refused batches were booked: %+v", all)
	}
}

func TestCreate_Malformed(t *testing.T) {
	b := open(t)
	for name, sent := range map[string]string{
		"cut off":           `{"hold":{"value":true}`,
		"two documents":     wages("a") + wages("b"),
		"nothing":           ``,
		"missing wrapper":   body(march+`,"description":"Lonen"`, row("4000", "debit", "1", sub("100", "A1")), row("1720", "credit", "1")),
		"wrapped operation": body(march, `{"operation":{"value":"Insert"},"accountNumber":{"value":"1720"}}`, row("1720", "credit", "1")),
		"wrapped segments":  body(march, `{"accountNumber":{"value":"4000"},"subaccount":{"value":[]}}`, row("1720", "credit", "1")),
		"amount as text":    body(march, row("1700", "debit", `"10,00"`), row("1720", "credit", "10.00")),
		"wrong date":        body(`"transactionDate":{"value":"31-03-2026"}`, row("1700", "debit", "1"), row("1720", "credit", "1")),
		"wrong operation":   body(march, `{"operation":"Add","accountNumber":{"value":"1720"}}`, row("1720", "credit", "1")),
	} {
		if r := b.do(http.MethodPost, "/v2/journaltransaction", sent); r.status != http.StatusBadRequest || !strings.Contains(r.message(), "The request is invalid.") {
			t.Errorf("%s: %d %s", name, r.status, r.body)
		}
	}
	if r := b.do(http.MethodPost, "/v2/journaltransaction", wages("a"), "Content-Type", "text/plain"); r.status != http.StatusBadRequest {
		t.Errorf("plain text: %d", r.status)
	}
}

func TestCreate_Accepts(t *testing.T) {
	b := open(t)
	good := []string{row("4000", "debit", "10", sub("100", "A1")), row("1720", "credit", "10")}
	for name, c := range map[string]struct {
		sent  string
		check func(batch) bool
	}{
		"unbalanced on hold": {body(`"hold":{"value":true},`+march, good[0], row("1720", "credit", "9")), func(g batch) bool { return g.Status == "Hold" && g.CreditTotalInCurrency == 9 }},
		"balanced":           {body(`"hold":{"value":false},`+march, good...), func(g batch) bool { return g.Status == "Balanced" && !g.Hold }},
		"hold not said":      {body(march, good...), func(g batch) bool { return g.Status == "Hold" }},
		"period from post":   {body(`"transactionDate":{"value":"2026-02-28T00:00:00"},"postPeriod":{"value":"022026"}`, good...), func(g batch) bool { return g.FinancialPeriod == "202602" }},
		"period from date":   {body(`"transactionDate":{"value":"2026-01-31T00:00:00"}`, good...), func(g batch) bool { return g.FinancialPeriod == "202601" }},
		"nothing but lines":  {body("", good...), func(g batch) bool { return g.TransactionDate == "2026-04-02T00:00:00" && g.CurrencyID == "EUR" }},
		"nulls":              {body(`"ledger":null,"branch":{"value":null},`+march, good...), func(g batch) bool { return g.Ledger == "1" }},
		"other side zero":    {body(march, row("1700", "debit", "1.5e1", `"creditAmountInCurrency":{"value":0}`), good[1]), func(g batch) bool { return g.DebitTotalInCurrency == 15 }},
		"control total":      {body(`"hold":{"value":false},"controlTotalInCurrency":{"value":10.00},`+march, good...), func(g batch) bool { return g.ControlTotalInCurrency == 10 }},
		"foreign currency": {body(march+`,"currencyId":{"value":"SEK"},"exchangeRate":{"value":0.0885}`, good...), func(g batch) bool {
			return g.CurrencyID == "SEK" && g.DebitTotalInCurrency == 10 && g.DebitTotal == 0.89
		}},
		"own number":       {body(`"overrideNumberSeries":{"value":true},"batchNumber":{"value":"LB2026"},`+march, good...), func(g batch) bool { return g.BatchNumber == "LB2026" }},
		"number not taken": {body(`"batchNumber":{"value":"LB2026"},`+march, good...), func(g batch) bool { return strings.HasPrefix(g.BatchNumber, "GL") }},
	} {
		r := b.do(http.MethodPost, "/v2/journaltransaction", c.sent)
		if r.status != http.StatusCreated {
			t.Errorf("%s: %d %s", name, r.status, r.body)
			continue
		}
		if got := b.read(r.number()); !c.check(got) {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

func TestCreate_SwedishCompany(t *testing.T) {
	companies := visma.Office()
	companies[0].Currency, companies[0].Country = "SEK", "SE"
	b := start(t, func(o *visma.Options) { o.Companies = companies })
	b.token = b.refreshed(b.authorized(visma.Bookkeeper, visma.DeHalm)).Access
	r := b.do(http.MethodPost, "/v2/journaltransaction", body("", row("1700", "debit", "10"), row("1720", "credit", "10")))
	if got := b.read(r.number()); got.CurrencyID != "SEK" {
		t.Errorf("currency of the company: %+v", got)
	}
}

func TestPut(t *testing.T) {
	b := open(t)
	made := b.book("Lonen")
	path := "/v2/journaltransaction/" + made.number()
	change := `{"hold":{"value":false},"description":{"value":"Lonen, verbeterd"},"journalTransactionLines":[{"operation":"Update","lineNumber":{"value":2},"creditAmountInCurrency":{"value":12000.67}},` + row("1700", "credit", "345") + `]}`
	r := b.do(http.MethodPut, path, change, "If-Match", made.header.Get("ETag"))
	if r.status != http.StatusNoContent || len(r.body) != 0 || r.header.Get("ETag") == made.header.Get("ETag") {
		t.Fatalf("put: %d %s", r.status, r.body)
	}
	got := b.read(made.number())
	if got.Status != "Balanced" || got.Description != "Lonen, verbeterd" || len(got.JournalTransactionLines) != 3 || got.CreditTotalInCurrency != 12345.67 {
		t.Errorf("after put: %+v", got)
	}
	if r := b.do(http.MethodPut, path, change, "If-Match", made.header.Get("ETag")); r.status != http.StatusPreconditionFailed {
		t.Errorf("stale put: %d", r.status)
	}
	if r := b.do(http.MethodPut, path, `{"journalTransactionLines":[{"operation":"Delete","lineNumber":{"value":3}}]}`); r.status != http.StatusBadRequest || !strings.Contains(r.message(), "out of balance") {
		t.Errorf("unbalancing put: %d %s", r.status, r.body)
	}
	if after := b.read(made.number()); len(after.JournalTransactionLines) != 3 {
		t.Error("a refused put changed the batch")
	}
	if r := b.do(http.MethodPut, path, `{"transactionDate":{"value":"2026-04-30T00:00:00"}}`); r.status != http.StatusNoContent || b.read(made.number()).FinancialPeriod != "202604" {
		t.Errorf("moving to another period: %d %s", r.status, r.body)
	}
	if r := b.do(http.MethodPut, "/v2/journaltransaction/GL999999", change); r.status != http.StatusNotFound {
		t.Errorf("put of nothing: %d", r.status)
	}
}

func TestRelease(t *testing.T) {
	b := open(t)
	made := b.book("Lonen")
	path := "/v2/journaltransaction/" + made.number()
	if r := b.do(http.MethodPost, path+"/action/release", ""); r.status != http.StatusBadRequest || !strings.Contains(r.message(), "Batch Status invalid for processing.") {
		t.Errorf("release of a batch on hold: %d %s", r.status, r.body)
	}
	lifted := b.do(http.MethodPut, path, `{"hold":{"value":false}}`)
	if r := b.do(http.MethodPost, path+"/action/release", "", "If-Match", made.header.Get("ETag")); r.status != http.StatusPreconditionFailed {
		t.Errorf("stale release: %d", r.status)
	}
	r := b.do(http.MethodPost, path+"/action/release", "", "If-Match", lifted.header.Get("ETag"))
	if r.status != http.StatusOK || b.read(made.number()).Status != "Posted" {
		t.Errorf("release: %d %s", r.status, r.body)
	}
	if r := b.do(http.MethodPost, path+"/action/release", ""); r.status != http.StatusBadRequest {
		t.Errorf("second release: %d", r.status)
	}
	if r := b.do(http.MethodPut, path, `{"hold":{"value":true}}`); r.status != http.StatusBadRequest {
		t.Errorf("put of a posted batch: %d", r.status)
	}
	if r := b.do(http.MethodPost, "/v2/journaltransaction/GL999999/action/release", ""); r.status != http.StatusNotFound {
		t.Errorf("release of nothing: %d", r.status)
	}
	if err := b.server.SetCompany(visma.DeHalm, func(c *visma.Company) { c.PostOnRelease = false }); err != nil {
		t.Fatal(err)
	}
	second := b.do(http.MethodPost, "/v2/journaltransaction", body(`"hold":{"value":false},`+march, row("1700", "debit", "1"), row("1720", "credit", "1")))
	b.do(http.MethodPost, "/v2/journaltransaction/"+second.number()+"/action/release", "")
	if got := b.read(second.number()).Status; got != "Unposted" {
		t.Errorf("release without posting: %s", got)
	}
}

func TestAttachments(t *testing.T) {
	b := open(t)
	number := b.book("Lonen").number()
	form := "--x\r\nContent-Disposition: form-data; name=\"anything\"; filename=\"journaal.xml\"\r\nContent-Type: application/xml\r\n\r\n<x/>\r\n--x--\r\n"
	root := "/v2/journaltransaction/module/GL/" + number
	for _, path := range []string{root + "/attachment", root + "/attachment", root + "/1/attachment"} {
		if r := b.do(http.MethodPost, path, form, "Content-Type", "multipart/form-data; boundary=x"); r.status != http.StatusCreated {
			t.Errorf("%s: %d %s", path, r.status, r.body)
		}
	}
	got := b.read(number)
	if len(got.Attachments) != 1 || got.Attachments[0].Revision != 2 || len(got.JournalTransactionLines[0].Attachments) != 1 {
		t.Errorf("attachments: %+v", got)
	}
	if r := b.do(http.MethodPost, root+"/attachment", "--x--\r\n", "Content-Type", "multipart/form-data; boundary=x"); r.status != http.StatusBadRequest {
		t.Errorf("no file: %d", r.status)
	}
	for _, path := range []string{"/v2/journaltransaction/module/AP/" + number + "/attachment", root + "/9/attachment"} {
		if r := b.do(http.MethodPost, path, form, "Content-Type", "multipart/form-data; boundary=x"); r.status != http.StatusNotFound {
			t.Errorf("%s: %d", path, r.status)
		}
	}
}
