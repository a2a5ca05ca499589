package procountor_test

import (
	"net/http"
	"testing"
	"time"

	"loonbrug/data/journal"
	"loonbrug/data/model"
	"loonbrug/integration/target"
)

// approving is a Procountor with receipt 7 in a state, that answers an approval
// in one way. An approval must come without a body.
func approving(t *testing.T, status int, body, state string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		switch r.Method + " " + r.URL.Path {
		case "PUT /api/ledgerreceipts/7/approve":
			if r.ContentLength != 0 {
				t.Errorf("an approval of %d bytes", r.ContentLength)
			}
			say(w, status, body)
		case "GET /api/ledgerreceipts/7":
			if state == "" {
				say(w, 404, `{"errors":[{"status":404,"message":"Not found"}]}`)
				return
			}
			say(w, 200, `{"id":7,"invoiceNumber":5007,"status":"`+state+`","version":"v","transactions":[]}`)
		default:
			t.Errorf("%s %s", r.Method, r.URL.Path)
		}
	}
}

// approved approves receipt 7.
func approved(t *testing.T, status int, body, state string) target.Outcome {
	t.Helper()
	_, c := start(t, approving(t, status, body, state))
	d := small()
	d.Evidence = map[string]string{"id": "7"}
	return c.Approve(t.Context(), access("k"), d)
}

const noRightsAnswer = `{"errors":[{"status":403,"message":"User rights check failed: Insufficient user rights."}]}`

// A refusal counts only while the receipt still waits; whatever may be otherwise
// by now is read back before anything is said of it.
func TestApprove(t *testing.T) {
	for name, tt := range map[string]struct {
		status            int
		body, state, code string
		class             target.Class
	}{
		"Approved":     {200, `{"message":"ok"}`, "", "", target.Accepted},
		"NoRights":     {403, noRightsAnswer, "UNFINISHED", "procountor.approval_no_rights", target.Rejected},
		"Closed":       {403, refusal("", "Fiscal period is closed"), "UNFINISHED", "procountor.approval_refused", target.Rejected},
		"Wordless":     {403, "", "UNFINISHED", "procountor.approval_refused", target.Rejected},
		"Faster":       {403, refusal("", "Wrong status"), "APPROVED", "procountor.receipt_changed", target.Pending},
		"Invalidated":  {403, refusal("", "Wrong status"), "INVALIDATED", "procountor.receipt_changed", target.Pending},
		"Gone":         {403, refusal("", "?"), "", "procountor.receipt_changed", target.Pending},
		"NotFound":     {404, refusal("", "Not found"), "", "procountor.receipt_changed", target.Pending},
		"Stale":        {400, refusal("version", "?"), "UNFINISHED", "procountor.receipt_changed", target.Pending},
		"Conflict":     {409, refusal("", "?"), "UNFINISHED", "procountor.receipt_changed", target.Pending},
		"Refused":      {400, refusal("", "Sum is not zero"), "UNFINISHED", "procountor.approval_refused", target.Rejected},
		"WrongAddress": {404, "<html>", "UNFINISHED", "procountor.wrong_address", target.Ambiguous},
		"Page":         {400, "<html>", "UNFINISHED", "procountor.unreadable_answer", target.Ambiguous},
		"Elsewhere":    {302, "", "UNFINISHED", "procountor.unreadable_answer", target.Ambiguous},
		"Broken":       {500, "", "UNFINISHED", "procountor.unavailable", target.Ambiguous},
		"Throttled":    {429, "", "UNFINISHED", "procountor.too_many_requests", target.Deferred},
		"TokenEnded":   {401, "", "UNFINISHED", "procountor.token_refused", target.Deferred},
	} {
		t.Run(name, func(t *testing.T) {
			o := approved(t, tt.status, tt.body, tt.state)
			if o.Class != tt.class || code(o.Problem) != tt.code || o.SignIn || o.Detail == "" {
				t.Errorf("got %+v", o)
			}
			if tt.status == 429 && o.RetryAfter < time.Minute {
				t.Errorf("again after %s", o.RetryAfter)
			}
		})
	}
}

// Without a receipt, a token or a connection nothing is asked.
func TestApprove_NotAsked(t *testing.T) {
	s, c := start(t, func(_ http.ResponseWriter, r *http.Request) { t.Errorf("%s %s", r.Method, r.URL.Path) })
	d := small()
	if o := c.Approve(t.Context(), access("k"), d); o.Class != target.NotSent || code(o.Problem) != "procountor.no_receipt_id" {
		t.Errorf("without a receipt: %+v", o)
	}
	d.Evidence = map[string]string{"id": "7"}
	d.Entry.Administration = "101"
	if o := c.Approve(t.Context(), access("k"), d); o.Class != target.NotSent || code(o.Problem) != "procountor.other_company" {
		t.Errorf("in another company: %+v", o)
	}
	s.status = 401
	if o := c.Approve(t.Context(), access("other"), d); o.Class != target.NotSent || !o.SignIn || code(o.Problem) != "procountor.sign_in_refused" {
		t.Errorf("with a revoked key: %+v", o)
	}
}

func TestApprove_ConnectionLost(t *testing.T) {
	_, c := start(t, func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })
	d := small()
	d.Evidence = map[string]string{"id": "7"}
	if o := c.Approve(t.Context(), access("k"), d); o.Class != target.Ambiguous || code(o.Problem) != "network.broken" {
		t.Errorf("got %+v", o)
	}
}

// Approving is left to a person unless the mapping says otherwise.
func TestBuild_Approve(t *testing.T) {
	for choice, want := range map[string]bool{"": false, "true": true} {
		d := draft(one(journal.Line{LedgerAccount: "4000"}))
		d.Mapping.Options = map[string]string{"approve": choice}
		if e, _ := builder(t)(d, reference()); e.Approve != want {
			t.Errorf("%q approves: %t", choice, e.Approve)
		}
	}
}

// Procountor's word on the company, the user and itself is passed on.
func TestBuild_Circumstances(t *testing.T) {
	for name, tt := range map[string]struct {
		extra, value, centre, want string
	}{
		"Vat":        {"vat_0", "no", "", "procountor.no_zero_vat"},
		"VatInUse":   {"vat_0", "yes", "", ""},
		"OwnOnly":    {"own_receipts_only", "yes", "", "procountor.own_receipts_only"},
		"Limited":    {"limited_dimensions", "yes", "100", "procountor.limited_dimensions"},
		"NotUsed":    {"limited_dimensions", "yes", "", ""},
		"Disturbed":  {"status", "DEGRADED", "", "procountor.disturbed"},
		"AllIsGiven": {"x", "", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			ref := reference()
			ref.Extra[tt.extra] = tt.value
			e, problems := builder(t)(draft(one(journal.Line{LedgerAccount: "4000", CostCentre: tt.centre})), ref)
			var got string
			if len(e.Notices) > 0 {
				got = e.Notices[0].Code
			}
			if len(problems) > 0 || len(e.Notices) > 1 || got != tt.want {
				t.Errorf("got %v, %v", problems, codes(e.Notices))
			}
		})
	}
}

// A name that two dimensions have is not guessed at; the id still is good.
func TestBuild_DimensionsOfOneName(t *testing.T) {
	ref := reference()
	ref.Dimensions = append(ref.Dimensions, model.Dimension{ID: "503", Name: "Kostenplaats"})
	d := draft(one(journal.Line{LedgerAccount: "4000", CostCentre: "100"}))
	if _, problems := builder(t)(d, ref); len(problems) != 1 || problems[0].Code != "procountor.unknown_dimension" {
		t.Errorf("got %v", problems)
	}
	d.Mapping.CostCentre.Dimension = "501"
	if e, problems := builder(t)(d, ref); len(problems) != 0 || e.Lines[1].Dimensions[0].Value != "9001" {
		t.Errorf("got %v, %v", problems, e.Lines)
	}
}
