package procountor_test

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
	"time"

	"loonbrug/integration/practice/procountor"
)

// served is a call of every operation that is served, by its method and path in the
// document; ID stands for a receipt.
var served = map[string][3]string{
	"get /sessioninfo":                           {"GET", "/sessioninfo"},
	"get /company":                               {"GET", "/company"},
	"get /users/rights":                          {"GET", "/users/rights"},
	"get /status":                                {"GET", "/status"},
	"get /currencies/company":                    {"GET", "/currencies/company"},
	"get /fiscalyears":                           {"GET", "/fiscalyears"},
	"get /coa":                                   {"GET", "/coa"},
	"get /vats/default":                          {"GET", "/vats/default"},
	"get /dimensions":                            {"GET", "/dimensions"},
	"get /dimensions/{dimensionId}":              {"GET", "/dimensions/701"},
	"get /ledgerreceipts":                        {"GET", "/ledgerreceipts?types=JOURNAL"},
	"post /ledgerreceipts":                       {"POST", "/ledgerreceipts", receipt()},
	"get /ledgerreceipts/{receiptId}":            {"GET", "/ledgerreceipts/ID"},
	"put /ledgerreceipts/{receiptId}":            {"PUT", "/ledgerreceipts/ID", receipt()},
	"put /ledgerreceipts/{receiptId}/approve":    {"PUT", "/ledgerreceipts/ID/approve"},
	"put /ledgerreceipts/{receiptId}/unfinished": {"PUT", "/ledgerreceipts/ID/unfinished"},
	"put /ledgerreceipts/{receiptId}/invalidate": {"PUT", "/ledgerreceipts/ID/invalidate"},
	"put /ledgerreceipts/{receiptId}/transactions/{transactionId}/dimensions": {"PUT", "/ledgerreceipts/ID/transactions/1/dimensions", `{"dimensionItemValues":[{"dimensionId":701,"itemId":9201,"value":3200.00}]}`},
}

// notServed are the parts of the document that a payroll journal has no need of; the
// package says so too.
var notServed = []string{
	"/attachments", "/webhooks", "/journals", "/vats/country", "/vats/settings", "/company/usagesettings", "put /company",
	"put /dimensions", "post /dimensions", "put /fiscalyears",
}

func TestEveryOperationOfTheDocumentIsServedOrNamed(t *testing.T) {
	raw, err := os.ReadFile("openapi.json")
	if err != nil {
		t.Fatal(err)
	}
	var document struct {
		Paths map[string]map[string]json.RawMessage
	}
	if err := json.Unmarshal(raw, &document); err != nil {
		t.Fatal(err)
	}
	for path, operations := range document.Paths {
		for method := range operations {
			name := method + " " + path
			if _, known := served[name]; !known && !named(name) {
				t.Errorf("%s is neither called nor named as not served", name)
			}
		}
	}
}

func named(operation string) bool {
	for _, part := range notServed {
		if strings.Contains(operation, part) {
			return true
		}
	}
	return false
}

// TestEveryAnswerFitsTheDocument calls every operation on a good day and on each bad
// one; the bench holds the answers against the document.
func TestEveryAnswerFitsTheDocument(t *testing.T) {
	b := start(t, procountor.Options{Delay: time.Millisecond})
	days := []string{""}
	for _, f := range b.server.Faults().Status() {
		days = append(days, f.ID)
	}
	for _, fault := range days {
		id := b.post(receipt())
		for name, call := range served {
			b.server.Faults().Set(fault, 1)
			a := b.do(call[0], strings.Replace(call[1], "ID", id, 1), call[2])
			b.server.Faults().Set(fault, 0)
			if fault == "" && (a.err != nil || a.status >= 500 || a.status == 401) {
				t.Errorf("%s: %d %v", name, a.status, a.err)
			}
			if a.status == 401 {
				b.signIn(procountor.APIKey(103))
			}
		}
	}
}

func TestEveryFaultIsExplained(t *testing.T) {
	text, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range start(t, procountor.Options{}).server.Faults().Status() {
		if !strings.Contains(string(text), "//\t"+f.ID+" ") {
			t.Errorf("the package does not explain the fault %s", f.ID)
		}
	}
}
