package visma_test

import (
	"encoding/json"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"loonbrug/integration/practice/visma"
)

// step is one call of an operation of the document.
type step struct{ method, path, body string }

// walk is a call of every operation that is served, by its method and path in the
// document.
func walk(batch, job string) map[string]step {
	const one, module = "/v2/journaltransaction/{journalTransactionNumber}", "/v2/journaltransaction/module/{module}/{journalTransactionNumber}"
	const get, post, put = http.MethodGet, http.MethodPost, http.MethodPut
	return map[string]step{
		"get /v1/organization":                                      {get, "/v1/organization?expandBranches=true", ""},
		"get /v1/organization/{organizationNumber}":                 {get, "/v1/organization/12", ""},
		"get /v1/branch":                                            {get, "/v1/branch", ""},
		"get /v1/branch/{branchNumber}":                             {get, "/v1/branch/1", ""},
		"get /v1/ledger":                                            {get, "/v1/ledger", ""},
		"get /v1/account":                                           {get, "/v1/account", ""},
		"get /v1/account/{accountCd}":                               {get, "/v1/account/4000", ""},
		"get /v1/dimension":                                         {get, "/v1/dimension", ""},
		"get /v1/dimension/{dimensionId}":                           {get, "/v1/dimension/SUBACCOUNT?expandSegmentsValues=true", ""},
		"get /v1/dimension/{dimensionId}/{segmentId}":               {get, "/v1/dimension/SUBACCOUNT/1", ""},
		"put /v1/dimension/{dimensionId}/{segmentId}":               {put, "/v1/dimension/SUBACCOUNT/1", `{"segmentValues":[{"operation":"Update","value":"100","active":{"value":true}}]}`},
		"get /v1/dimension/{dimensionId}/{segmentId}/{valueId}":     {get, "/v1/dimension/SUBACCOUNT/1/100", ""},
		"get /v1/subaccount":                                        {get, "/v1/subaccount", ""},
		"get /v1/subaccount/{subAccountNumber}":                     {get, "/v1/subaccount/100A1", ""},
		"get /v1/financialPeriod":                                   {get, "/v1/financialPeriod", ""},
		"get /v1/financialPeriod/{financialPeriodId}":               {get, "/v1/financialPeriod/202603", ""},
		"get /v2/journaltransaction":                                {get, create + "?periodId=202603&expandAttachments=true", ""},
		"post /v2/journaltransaction":                               {post, create, wages("walk")},
		"get " + one:                                                {get, create + "/" + batch, ""},
		"put " + one:                                                {put, create + "/" + batch, `{"description":{"value":"changed"}}`},
		"post " + one + "/action/release":                           {post, create + "/" + batch + "/action/release", ""},
		"post " + module + "/attachment":                            {post, create + "/module/GL/" + batch + "/attachment", ""},
		"post " + module + "/{lineNumber}/attachment":               {post, create + "/module/GL/" + batch + "/1/attachment", ""},
		"get /v1/background/{requestId}":                            {get, "/v1/background/" + job, ""},
		"get /v1/background/{requestId}/content":                    {get, "/v1/background/" + job + "/content", ""},
		"get /v1/dimension/{dimensionId}/{segmentId} of no segment": {get, "/v1/dimension/SUBACCOUNT/9", ""},
	}
}

// notServed are the operations of the document that a payroll journal has no need
// of; the package says so too.
var notServed = []string{
	"post /v1/account", "put /v1/account/{accountCd}", "post /v1/subaccount", "put /v1/subaccount/{subAccountNumber}",
	"get /v1/GeneralLedgerTransactions", "get /v1/dimension/{dimensionId}/{segmentId}/publicid/{publicId}",
}

func TestDocument_EveryOperationIsServedOrNamed(t *testing.T) {
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
	served := walk("", "")
	for path, operations := range document.Paths {
		for method := range operations {
			if _, known := served[method+" "+path]; !known && !slices.Contains(notServed, method+" "+path) {
				t.Errorf("%s %s is neither called nor named as not served", method, path)
			}
		}
	}
}

// TestDocument_EveryAnswerFits calls every operation on a good day and on each bad
// one. The bench holds what succeeds against the document; what does not must have
// one of the forms in which Visma.net was seen to refuse.
func TestDocument_EveryAnswerFits(t *testing.T) {
	days := []string{""}
	for _, f := range start(t, nil).server.Faults().Status() {
		days = append(days, f.ID)
	}
	b := open(t)
	for _, fault := range days {
		batch := b.balanced()[len(create)+1:]
		job := b.inBackground(http.MethodGet, "/v1/financialPeriod/202603", "").ID
		b.clock.Add(2e9)
		for name, s := range walk(batch, job) {
			b.server.Faults().Set(fault, 1)
			b.walk(fault+": "+name, s, fault == "")
			b.server.Faults().Set(fault, 0)
			if fault == visma.FaultWithdrawn {
				b.token = b.refreshed(b.authorized(visma.Bookkeeper, visma.DeHalm)).Access
			}
		}
	}
}

func (b *bench) walk(name string, s step, good bool) {
	b.Helper()
	var header []string
	if strings.HasSuffix(s.path, "/attachment") {
		s.body = "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.xml\"\r\n\r\n<x/>\r\n--x--\r\n"
		header = []string{"Content-Type", "multipart/form-data; boundary=x"}
	}
	r, err := b.try(s.method, s.path, s.body, header...)
	switch {
	case err != nil && good:
		b.Errorf("%s: %v", name, err)
	case err != nil || r.status < 300:
	case r.status == http.StatusInternalServerError && good:
		b.Errorf("%s: %d %s", name, r.status, r.body)
	case !knownRefusal(r):
		b.Errorf("%s is refused in a form that nobody has seen: %d %s", name, r.status, r.body)
	}
}

// knownRefusal tells whether an error is empty, a text, a web page, {"message"} with
// its VismaId, or the gateway's exception.
func knownRefusal(r reply) bool {
	kind, _, _ := strings.Cut(r.header.Get("Content-Type"), ";")
	switch {
	case len(r.body) == 0:
		return true
	case kind == "text/html" || kind == "text/plain":
		return true
	case kind != "application/json":
		return false
	}
	var members map[string]string
	if json.Unmarshal(r.body, &members) != nil {
		return false
	}
	if len(members) == 1 {
		return strings.HasPrefix(members["message"], "VismaId: ")
	}
	return members["ExceptionType"] == "IPPException" && strings.HasPrefix(members["ExceptionMessageID"], members["ExceptionFaultCode"]+"_") && len(members) == 5
}

func TestDocument_EveryFaultIsExplained(t *testing.T) {
	text, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range start(t, nil).server.Faults().Status() {
		if !strings.Contains(string(text), "//\t"+f.ID+" ") {
			t.Errorf("the package does not explain the fault %s", f.ID)
		}
	}
}
