package visma_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"loonbrug/integration/practice/visma"
)

type account struct {
	Code     string `json:"accountCD"`
	Type     string `json:"type"`
	Active   bool   `json:"active"`
	Manual   bool   `json:"allowManualEntry"`
	Currency string `json:"currency"`
}

func TestReads_Company(t *testing.T) {
	b := open(t)
	org := into[[]struct{ OrganizationCd, Name, BaseCurrency string }](b, b.get("/v1/organization"))
	if len(org) != 1 || org[0].Name != "Bakkerij De Halm B.V." || org[0].BaseCurrency != "EUR" || org[0].OrganizationCd != "12" {
		t.Errorf("organization: %+v", org)
	}
	branch := into[[]struct {
		Number                 string
		IsActive, IsMainBranch bool
		Ledger                 struct{ ID string }
	}](b, b.get("/v1/branch"))
	if len(branch) != 2 || !branch[0].IsMainBranch || branch[0].Ledger.ID != "1" || branch[1].IsActive {
		t.Errorf("branch: %+v", branch)
	}
	ledger := into[[]struct{ Number, BalanceType, CurrencyID string }](b, b.get("/v1/ledger"))
	if len(ledger) != 2 || ledger[0].BalanceType != "Actual" || ledger[0].CurrencyID != "EUR" {
		t.Errorf("ledger: %+v", ledger)
	}
}

func TestReads_AreOfTheTokensCompany(t *testing.T) {
	b := open(t)
	b.token = b.refreshed(b.authorized(visma.Bookkeeper, visma.HalmTransport)).Access
	if r := b.get("/v1/organization"); !strings.Contains(string(r.body), "Halm Transport B.V.") {
		t.Errorf("organization of the other tenant: %s", r.body)
	}
}

func TestReads_Accounts(t *testing.T) {
	b := open(t)
	all := into[[]account](b, b.get("/v1/account"))
	active := into[[]account](b, b.get("/v1/account?active=true"))
	if len(all) != len(active)+1 {
		t.Errorf("%d accounts, %d active, one should be inactive", len(all), len(active))
	}
	for _, code := range []string{"1700", "1710", "1720", "1730", "4000", "4010", "4020", "4030", "4040", "4050", "4060", "4070"} {
		if !slices.ContainsFunc(active, func(a account) bool { return a.Code == code && a.Manual }) {
			t.Errorf("account %s is missing", code)
		}
	}
	if one := into[account](b, b.get("/v1/account/1300")); one.Manual {
		t.Error("control account 1300 allows manual entry")
	}
	if r := b.get("/v1/account/4711"); r.status != http.StatusNotFound {
		t.Errorf("unknown account: %d", r.status)
	}
	if few := into[[]account](b, b.get("/v1/account?numberToRead=2&skipRecords=1")); len(few) != 2 || few[0].Code != all[1].Code {
		t.Errorf("older paging: %+v", few)
	}
}

type segments struct {
	Length   int
	Segments []struct {
		SegmentID     int
		Description   string
		Length        int
		SegmentValues []struct {
			ValueID string
			Active  bool
		}
	}
}

func TestReads_Dimensions(t *testing.T) {
	b := open(t)
	if names := into[[]string](b, b.get("/v1/dimension")); !slices.Equal(names, []string{"SUBACCOUNT"}) {
		t.Errorf("dimensions: %v", names)
	}
	d := into[segments](b, b.get("/v1/dimension/SUBACCOUNT?expandSegmentsValues=true"))
	if d.Length != 5 || len(d.Segments) != 2 || d.Segments[0].Description != "Kostenplaats" || len(d.Segments[0].SegmentValues) != 5 || d.Segments[0].SegmentValues[4].Active {
		t.Errorf("dimension: %+v", d)
	}
	if d := into[segments](b, b.get("/v1/dimension/SUBACCOUNT")); d.Segments[0].SegmentValues != nil {
		t.Errorf("values without being asked for: %+v", d)
	}
	if r := b.get("/v1/dimension/SUBACCOUNT/2"); r.status != http.StatusOK || !strings.Contains(string(r.body), `"B2"`) {
		t.Errorf("segment: %d %s", r.status, r.body)
	}
	for _, path := range []string{"/v1/dimension/NONE", "/v1/dimension/SUBACCOUNT/9", "/v1/dimension/SUBACCOUNT/1/777", "/v1/subaccount/99999"} {
		if r := b.get(path); r.status != http.StatusNotFound {
			t.Errorf("%s: %d", path, r.status)
		}
	}
	active := into[[]struct{ SubaccountNumber string }](b, b.get("/v1/subaccount?active=true&pageNumber=2&pageSize=10"))
	if len(active) != 2 {
		t.Errorf("second page of 12 active subaccounts: %+v", active)
	}
	if r := b.get("/v1/subaccount/100A1"); !strings.Contains(string(r.body), "Kantoor Brood") {
		t.Errorf("subaccount: %s", r.body)
	}
}

func TestReads_PutSegment(t *testing.T) {
	b := open(t)
	tag := b.get("/v1/dimension/SUBACCOUNT/1").header.Get("ETag")
	put := func(operation, value, match string) reply {
		return b.do(http.MethodPut, "/v1/dimension/SUBACCOUNT/1", `{"segmentValues":[{"operation":"`+operation+`","value":"`+value+`","description":{"value":"Markt"},"active":{"value":true}}]}`, "If-Match", match)
	}
	if r := put("Insert", "400", tag); r.status != http.StatusNoContent {
		t.Fatalf("insert: %d %s", r.status, r.body)
	}
	if r := put("Insert", "500", tag); r.status != http.StatusPreconditionFailed {
		t.Errorf("stale: %d", r.status)
	}
	if r := put("Insert", "4", "*"); r.status != http.StatusBadRequest {
		t.Errorf("wrong length: %d", r.status)
	}
	r := b.do(http.MethodPost, "/v2/journaltransaction", body(march, row("4000", "debit", "1", sub("400", "A1")), row("1720", "credit", "1")))
	if r.status != http.StatusCreated {
		t.Errorf("booking on the new value: %d %s", r.status, r.body)
	}
}

type period struct {
	Year                  int
	Period                string
	StartDate, EndDate    string
	Active                bool
	ClosedInGeneralLedger bool
}

func TestReads_Periods(t *testing.T) {
	b := open(t)
	all := into[[]period](b, b.get("/v1/financialPeriod?greaterThanValue=2025"))
	if len(all) != 36 || !all[5].ClosedInGeneralLedger || all[6].ClosedInGeneralLedger {
		t.Errorf("%d periods; June 2025 %+v, July %+v", len(all), all[5], all[6])
	}
	if p := into[period](b, b.get("/v1/financialPeriod/202602")); p.Period != "02" || p.StartDate != "2026-02-01T00:00:00" || p.EndDate != "2026-02-28T00:00:00" {
		t.Errorf("February: %+v", p)
	}
	if r := b.get("/v1/financialPeriod/202801"); r.status != http.StatusNotFound {
		t.Errorf("missing period: %d", r.status)
	}
	b.server.Faults().Set(visma.FaultOtherPeriods, 1)
	if p := into[period](b, b.get("/v1/financialPeriod/202602")); p.Period != "202602" || p.EndDate != "2026-03-01T00:00:00" {
		t.Errorf("February in the other form: %+v", p)
	}
}

func TestReads_OldPrefix(t *testing.T) {
	b := open(t)
	if r := b.get("/API/controller/api/v1/ledger"); r.status != http.StatusOK {
		t.Errorf("old prefix: %d", r.status)
	}
}
