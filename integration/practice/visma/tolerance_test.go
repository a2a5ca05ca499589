package visma_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"strings"
	"testing"
)

// Real servers of this kind take all of these from clients.
func TestForeignClients_AreServed(t *testing.T) {
	b := open(t)
	for name, c := range map[string]struct {
		path   string
		header []string
	}{
		"old company headers":       {"/v1/ledger", []string{"ipp-company-id", "12", "ipp-application-type", "Visma.net Financials", "branchid", "1"}},
		"any answer":                {"/v1/ledger", []string{"Accept", "*/*"}},
		"path in other case":        {"/v1/financialperiod/202603", nil},
		"old prefix in other case":  {"/api/controller/API/V1/Ledger", nil},
		"slash at the end":          {"/v1/ledger/", nil},
		"two slashes":               {"//v1//ledger", nil},
		"parameters in other case":  {"/v2/JournalTransaction?PeriodID=202603&PageNumber=1&PAGESIZE=500", nil},
		"parameters nobody knows":   {"/v1/account?Active=true&what=ever", nil},
		"no content type on a read": {"/v1/ledger", []string{"Content-Type", ""}},
	} {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, b.http.URL+c.path, nil)
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Authorization", "Bearer "+b.token)
		for i := 0; i < len(c.header); i += 2 {
			request.Header.Set(c.header[i], c.header[i+1])
		}
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(response.Body)
		_ = response.Body.Close()
		if err != nil || response.StatusCode != http.StatusOK {
			t.Errorf("%s: %d %s %v", name, response.StatusCode, text, err)
		}
	}
}

func TestForeignClients_PostInTheirOwnStyle(t *testing.T) {
	pascal := strings.NewReplacer(`"value"`, `"Value"`, `"hold"`, `"Hold"`, `"description"`, `"Description"`, `"journalTransactionLines"`, `"JournalTransactionLines"`,
		`"accountNumber"`, `"AccountNumber"`, `"segmentId"`, `"SegmentId"`, `"operation"`, `"Operation"`, `"financialPeriod"`, `"FinancialPeriod"`,
		`"debitAmountInCurrency"`, `"DebitAmountInCurrency"`, `"creditAmountInCurrency"`, `"CreditAmountInCurrency"`)
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	_, _ = z.Write([]byte(wages("gzip")))
	_ = z.Close()
	for name, c := range map[string]struct {
		sent   string
		header []string
	}{
		"PascalCase":          {pascal.Replace(wages("pascal")), nil},
		"amounts as texts":    {strings.ReplaceAll(wages("text"), "12345.67", `"12345.67"`), nil},
		"truth as text":       {strings.ReplaceAll(wages("truth"), `{"value":true}`, `{"value":"true"}`), nil},
		"null for not set":    {strings.Replace(wages("null"), `"hold"`, `"transactionCode":{"value":null},"branch":null,"hold"`, 1), nil},
		"plain content type":  {wages("plain"), []string{"Content-Type", "application/json"}},
		"the vendor's other":  {wages("other"), []string{"Content-Type", "text/json; charset=utf-8"}},
		"gzip":                {packed.String(), []string{"Content-Encoding", "gzip"}},
		"members nobody owns": {strings.Replace(wages("extra"), `"hold"`, `"nobody":{"value":1},"hold"`, 1), nil},
	} {
		b := open(t)
		r := b.do(http.MethodPost, create, c.sent, c.header...)
		if r.status != http.StatusCreated {
			t.Errorf("%s: %d %s", name, r.status, r.body)
			continue
		}
		if got := b.read(r.number()); got.Status != "Hold" || len(got.JournalTransactionLines) != 2 || got.DebitTotalInCurrency != 12345.67 {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

func TestForeignClients_Head(t *testing.T) {
	b := open(t)
	r := b.do(http.MethodHead, "/v1/branch/1", "")
	if r.status != http.StatusOK || len(r.body) != 0 || r.header.Get("ETag") == "" {
		t.Errorf("%d %s %v", r.status, r.body, r.header)
	}
}
