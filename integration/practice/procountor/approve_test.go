package procountor_test

import (
	"strings"
	"testing"

	"loonbrug/integration/practice/procountor"
)

func TestApprovalOnBadDays(t *testing.T) {
	b := start(t, procountor.Options{})
	f := b.server.Faults()
	id := b.post(receipt())
	approve := func() answer { return b.do("PUT", "/ledgerreceipts/"+id+"/approve", "") }

	f.Set(procountor.FaultApproveForbidden, 1)
	b.want(approve(), 403, "Insufficient user rights")
	f.Set(procountor.FaultWrongState, 1)
	b.want(approve(), 403, "SANDBOX_WRONG_STATE")
	f.Set(procountor.FaultClosedPeriod, 1)
	b.want(approve(), 403, "CLOSED_FISCAL_PERIOD")
	b.want(b.get("/ledgerreceipts/"+id), 200, `"status":"UNFINISHED"`)
	b.want(approve(), 200, "APPROVED")
	b.want(b.do("PUT", "/ledgerreceipts/"+id+"/invalidate", ""), 403, "SANDBOX_WRONG_STATE")
	b.want(b.do("PUT", "/ledgerreceipts/"+id+"/unfinished", ""), 200)
	b.want(b.do("PUT", "/ledgerreceipts/"+id+"/invalidate", ""), 200)
	if !b.server.Journals()[0].Void {
		t.Error("an invalidated receipt still stands")
	}

	id = b.post(receipt(setRow("accountingValue", "3300.00"), setRow("dimensionItemValues", nil)))
	b.want(approve(), 403, "SANDBOX_UNBALANCED")
	b.signIn(procountor.KeyNoRights)
	b.want(approve(), 403, "Insufficient user rights")
}

func TestYearsAndVATOnBadDays(t *testing.T) {
	b := start(t, procountor.Options{})
	f := b.server.Faults()
	for _, c := range []struct {
		fault, path, there, gone, refusal string
	}{
		{procountor.FaultPeriodsPending, "/fiscalyears", `"status":"PENDING"`, `"status":"OPEN"`, ""},
		{procountor.FaultPeriodsLeftOut, "/fiscalyears", `"isOpen":true`, "trackingPeriods", ""},
		{procountor.FaultYearClosed, "/fiscalyears", `"isOpen":false`, `"status":"OPEN"`, "CLOSED_FISCAL_PERIOD"},
		{procountor.FaultYearMissing, "/fiscalyears", "2025-12-31", "2026", "SANDBOX_NO_FISCAL_YEAR"},
		{procountor.FaultNoVAT12, "/vats/default", `"vatStatus":1,`, `"vatStatus":12`, "ERROR_VATSTATUS_VATPERC"},
	} {
		f.Set(c.fault, 1)
		a := b.get(c.path)
		if b.want(a, 200, c.there); strings.Contains(a.body, c.gone) {
			t.Errorf("%s: %s", c.fault, a.body)
		}
		f.Set(c.fault, 1)
		if c.refusal == "" {
			b.post(receipt())
		} else {
			b.want(b.do("POST", "/ledgerreceipts", receipt()), 400, c.refusal)
		}
		b.post(receipt())
	}
}

func TestRightsOnBadDays(t *testing.T) {
	b := start(t, procountor.Options{})
	f := b.server.Faults()
	f.Set(procountor.FaultForbidden, 2)
	b.want(b.get("/fiscalyears"), 403, "Insufficient user rights")
	b.want(b.do("POST", "/ledgerreceipts", receipt()), 403, "Insufficient user rights")
	f.Set(procountor.FaultCompanyForbidden, 1)
	b.want(b.get("/sessioninfo"), 200)
	b.want(b.get("/company"), 403)
	b.want(b.get("/company"), 200)
	b.booked(0)
}

// signedIn signs in by the login page and gives the refresh token.
func (b *bench) signedIn(company string) string {
	b.t.Helper()
	value := b.approveLogin("/login", company, "7")
	a := b.askToken(formType, "grant_type", "authorization_code", "code", value, "redirect_uri", callback)
	b.want(a, 200)
	b.token = member(b.t, a, "access_token")
	return member(b.t, a, "refresh_token")
}

func TestASignInEnds(t *testing.T) {
	b := start(t, procountor.Options{})
	f := b.server.Faults()
	renew := func(token string) answer {
		return b.askToken(formType, "grant_type", "refresh_token", "refresh_token", token)
	}
	other := b.signedIn("101")
	lapsing := b.signedIn("103")
	f.Set(procountor.FaultRefreshLapsed, 1)
	b.want(renew(lapsing), 401)
	b.want(renew(lapsing), 401)
	b.want(b.get("/coa"), 200) // until its hour is over

	ending := b.signedIn("103")
	f.Set(procountor.FaultSignedOut, 1)
	b.want(b.get("/coa"), 401)
	b.want(b.get("/coa"), 401)
	b.want(renew(ending), 401)
	b.want(renew(other), 200)
	b.signedIn("103")
	b.want(b.get("/coa"), 200)

	f.Set(procountor.FaultTokenError, 1)
	b.want(renew(other), 503, "nginx")
	b.want(renew(other), 200)
}
