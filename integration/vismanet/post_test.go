package vismanet_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"loonbrug/data/journal"
	"loonbrug/data/model"
	"loonbrug/integration/oauth"
	"loonbrug/integration/target"
	"loonbrug/integration/vismanet"
)

// sampleDelivery is the correction of January, ready to be sent.
func (b *bundle) sampleDelivery() target.Delivery {
	b.t.Helper()
	e, problems := b.target.Build(sampleDraft(journal.Split(samplePayroll(b.t))[0]), b.reference())
	if len(problems) > 0 {
		b.t.Fatal(problems)
	}
	return target.Delivery{Entry: e}
}

const vismaMessage = `{"message":"VismaId: 0f8c-77. Error creating document. Error: `

// What is observed decides the class, and the class alone whether the entry is
// ever sent again.
func TestPost_Outcomes(t *testing.T) {
	const html = "<!DOCTYPE html><title>proxy</title>"
	for name, c := range map[string]struct {
		status  int
		body    string
		headers []string
		class   target.Class
		code    string
		number  string
		signIn  bool
		wait    time.Duration
	}{
		"Created":            {status: 201, headers: []string{"Location", "https://api.example/v2/journaltransaction/GL000123"}, class: target.Accepted, number: "GL000123"},
		"CreatedFormerPath":  {status: 201, headers: []string{"Location", "https://i.example/API/controller/api/v2/journaltransaction/GL000123/"}, class: target.Accepted, number: "GL000123"},
		"CreatedRelative":    {status: 201, body: "{}", headers: []string{"Location", "/v2/JournalTransaction/GL%20123"}, class: target.Accepted, number: "GL 123"},
		"CreatedCoded":       {status: 201, headers: []string{"Location", "/v2/journaltransaction/b64(R0wvMTIz)"}, class: target.Accepted, number: "GL/123"},
		"CreatedNoLocation":  {status: 201, class: target.Accepted},
		"CreatedOddLocation": {status: 201, headers: []string{"Location", "https://api.example/v2/journaltransaction"}, class: target.Accepted},
		"PlainOK":            {status: 200, body: "{}", class: target.Ambiguous, code: "vismanet.unreadable"},
		"InBackground":       {status: 202, body: `{"id":"1"}`, headers: []string{"Location", "/v2/journaltransaction/GL1"}, class: target.Pending, code: "vismanet.in_background"},
		"BackgroundLost":     {status: 202, body: `{}`, class: target.Ambiguous, code: "vismanet.unreadable"},
		"Redirected":         {status: 307, headers: []string{"Location", "/v2/journaltransaction"}, class: target.Ambiguous, code: "vismanet.server"},
		"Limit":              {status: 429, headers: []string{"Retry-After", "42"}, class: target.Deferred, code: "vismanet.rate_limited", wait: 42 * time.Second},
		"LimitReset":         {status: 429, headers: []string{"X-RateLimit-Reset", "90"}, class: target.Deferred, code: "vismanet.rate_limited", wait: 90 * time.Second},
		"LimitSilent":        {status: 429, class: target.Deferred, code: "vismanet.rate_limited", wait: time.Minute},
		"Licence": {
			status: 400, body: `{"ExceptionType":"IPPException","ExceptionMessage":"No license for this company.","ExceptionFaultCode":"12027","ExceptionMessageID":"12027_a"}`,
			class: target.Deferred, code: "vismanet.no_licence", signIn: true,
		},
		"Company": {
			status: 400, body: `{"ExceptionMessage":"Invalid parameter exception: ipp-company-id","ExceptionFaultCode":"12002"}`,
			class: target.Deferred, code: "vismanet.no_company", signIn: true,
		},
		"Rights":       {status: 403, class: target.Rejected, code: "vismanet.no_rights"},
		"NotFound":     {status: 404, class: target.Rejected, code: "vismanet.not_found"},
		"Conflict":     {status: 409, class: target.Rejected, code: "vismanet.changed"},
		"Precondition": {status: 412, class: target.Rejected, code: "vismanet.changed"},
		"TooLarge":     {status: 413, class: target.Rejected, code: "vismanet.too_large"},
		"Teapot":       {status: 418, class: target.Rejected, code: "vismanet.refused"},
		"PlainText":    {status: 400, body: "no way", class: target.Rejected, code: "vismanet.refused"},
		"Nothing":      {status: 400, class: target.Rejected, code: "vismanet.refused"},
		"Unprocessed":  {status: 422, body: vismaMessage + `Account is inactive."}`, class: target.Rejected, code: "vismanet.refused_inactive_account"},
		"ProxyPage":    {status: 403, body: html, class: target.Ambiguous, code: "vismanet.page"},
		"ProxyPage400": {status: 400, body: "\n " + html, class: target.Ambiguous, code: "vismanet.page"},
		"Timeout":      {status: 408, class: target.Ambiguous, code: "vismanet.server"},
		"Broken":       {status: 500, body: vismaMessage + `Account is inactive."}`, class: target.Ambiguous, code: "vismanet.server"},
		"Gateway":      {status: 502, body: html, class: target.Ambiguous, code: "vismanet.page"},
		"Unavailable":  {status: 503, class: target.Ambiguous, code: "vismanet.server"},
		"GatewayTime":  {status: 504, class: target.Ambiguous, code: "vismanet.server"},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBundle(t)
			d := b.sampleDelivery()
			b.answer("POST /v2/journaltransaction", c.status, c.body, append(c.headers, "Ipp-Request-Id", "req-1")...)
			out := b.target.Post(t.Context(), b.access, d)
			if out.Class != c.class || out.Number != c.number || out.Evidence["batch"] != c.number || out.SignIn != c.signIn || out.RetryAfter != c.wait {
				t.Errorf("outcome %+v", out)
			}
			code := ""
			if out.Problem != nil {
				code = out.Problem.Code
			}
			if code != c.code {
				t.Errorf("problem %v, want %q", out.Problem, c.code)
			}
			if !strings.Contains(out.Detail, "Ipp-Request-Id req-1") {
				t.Errorf("detail %q", out.Detail)
			}
			if n := len(b.seen("POST")); n != 1 {
				t.Errorf("%d requests", n)
			}
		})
	}
}

// Every text of the catalogue of refusals, as seen or as the system underneath
// has it.
func TestPost_RefusedByWords(t *testing.T) {
	for text, code := range map[string]string{
		"One or more GL Accounts cannot be found.":                      "refused_unknown_account",
		"'4321' cannot be found in the system.":                         "refused_unknown_account",
		"Account is inactive.":                                          "refused_inactive_account",
		"Rekening 4000 is inactief.":                                    "refused_inactive_account",
		"Manual entry is not allowed for the account.":                  "refused_manual_entry",
		"Cannot post transactions directly to Year to Date Net Income.": "refused_result_account",
		"An error occurred during processing of the field Subaccount : Error: Avdeling of Subaccount do not exist.": "refused_unknown_subaccount",
		"Subaccount 100000 is inactive.":                                                   "refused_inactive_subaccount",
		"'Subaccount' cannot be empty.":                                                    "refused_missing_subaccount",
		"The 01-2026 financial period is closed.":                                          "refused_period_closed",
		"De financiële periode 01-2026 is gesloten.":                                       "refused_period_closed",
		"The 01-2026 financial period is inactive.":                                        "refused_period_inactive",
		"Financial Period for 2031 not found.":                                             "refused_no_period",
		"The financial period that corresponds to the 01.01.2031 date does not exist":      "refused_no_period",
		"The date is outside the range of the selected financial period.":                  "refused_date_outside_period",
		"Invalid Year or Period format.":                                                   "refused_period_format",
		"Batch is out of balance, please review.":                                          "refused_unbalanced",
		"Denominated GL Account currency is different from transaction currency.":          "refused_currency",
		"Branch is inactive.":                                                              "refused_branch",
		"Ledger 'X' cannot be found in the system.":                                        "refused_ledger",
		"Please verify whether you have proper access rights to this object.":              "refused_access",
		"Inserting 'GL Batch' record raised at least one error. Please review the errors.": "refused_collective",
		"Computer says no.":                                                                "refused",
	} {
		t.Run(code, func(t *testing.T) {
			b := newBundle(t)
			d := b.sampleDelivery()
			b.answer("POST /v2/journaltransaction", 400, vismaMessage+text+`"}`)
			out := b.target.Post(t.Context(), b.access, d)
			if out.Class != target.Rejected || out.Problem.Code != "vismanet."+code {
				t.Errorf("%q: %s, %v", text, out.Class, out.Problem)
			}
			if out.Problem.Params["detail"] != "Error creating document. Error: "+text || out.Problem.Params["request"] != "0f8c-77" {
				t.Errorf("params %v", out.Problem.Params)
			}
			if out.Detail != "HTTP 400, VismaId 0f8c-77" {
				t.Errorf("detail %q", out.Detail)
			}
		})
	}
}

func TestPost_NoConnection(t *testing.T) {
	b := newBundle(t)
	d := b.sampleDelivery()
	b.access.Account.Settings = map[string]string{"api": "http://127.0.0.1:1"}
	out := b.target.Post(t.Context(), b.access, d)
	if out.Class != target.NotSent || out.Problem.Code != "network.unreachable" {
		t.Errorf("outcome %+v", out)
	}
}

func TestPost_ConnectionDropped(t *testing.T) {
	b := newBundle(t)
	d := b.sampleDelivery()
	b.api.HandleFunc("POST /v2/journaltransaction", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })
	out := b.target.Post(t.Context(), b.access, d)
	if out.Class != target.Ambiguous || len(b.seen("POST")) != 1 {
		t.Errorf("outcome %+v after %d requests", out, len(b.seen("POST")))
	}
}

// A refused token is renewed; the booking is left to the sender.
func TestPost_Unauthorised(t *testing.T) {
	setup := func(t *testing.T, live string) (*bundle, target.Delivery) {
		b := newBundle(t)
		d := b.sampleDelivery()
		b.vault.kept[7][oauth.FieldAccessToken] = "access-0"
		refuse := func(h http.HandlerFunc) http.HandlerFunc {
			return func(w http.ResponseWriter, r *http.Request) {
				if r.Header.Get("Authorization") != "Bearer "+live {
					w.WriteHeader(http.StatusUnauthorized)
					return
				}
				h(w, r)
			}
		}
		b.api = http.NewServeMux()
		b.api.HandleFunc("GET /v1/organization", refuse(func(w http.ResponseWriter, _ *http.Request) { write(t, w, organizationJSON) }))
		b.api.HandleFunc("POST /v2/journaltransaction", refuse(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", "/v2/journaltransaction/GL1")
			w.WriteHeader(http.StatusCreated)
		}))
		return b, d
	}
	t.Run("Renewed", func(t *testing.T) {
		b, d := setup(t, "access-2")
		out := b.target.Post(t.Context(), b.access, d)
		if out.Class != target.Deferred || out.SignIn || out.Problem.Code != "vismanet.token_renewed" || len(b.seen("POST")) != 1 {
			t.Fatalf("outcome %+v", out)
		}
		if out = b.target.Post(t.Context(), b.access, d); out.Class != target.Accepted {
			t.Errorf("second outcome %+v", out)
		}
	})
	t.Run("NewOneRefusedToo", func(t *testing.T) {
		b, d := setup(t, "never")
		out := b.target.Post(t.Context(), b.access, d)
		if out.Class != target.Deferred || !out.SignIn || out.Problem.Code != "vismanet.unauthorised" || len(b.seen("POST")) != 1 {
			t.Errorf("outcome %+v", out)
		}
	})
	t.Run("SignInOver", func(t *testing.T) {
		b, d := setup(t, "access-2")
		b.vault.kept[7][oauth.FieldRefreshToken] = "spent"
		out := b.target.Post(t.Context(), b.access, d)
		if out.Class != target.Deferred || !out.SignIn || out.Problem.Code != "signin.expired" {
			t.Errorf("outcome %+v", out)
		}
	})
}

// Before anything leaves: a sign-in that is over, and one for other books.
func TestPost_NotSent(t *testing.T) {
	for name, c := range map[string]struct {
		spoil func(*bundle)
		code  string
	}{
		"Expired": {func(b *bundle) {
			b.vault.kept[7][oauth.FieldExpires], b.vault.kept[7][oauth.FieldRefreshToken] = "", "spent"
		}, "signin.expired"},
		"NeverSignedIn": {func(b *bundle) { clear(b.vault.kept[7]) }, "signin.needed"},
		"OtherCompany":  {func(b *bundle) { b.vault.kept[7][vismanet.FieldAdministration] = "tenant-other" }, "vismanet.other_company"},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBundle(t)
			d := b.sampleDelivery()
			c.spoil(b)
			out := b.target.Post(t.Context(), b.access, d)
			if out.Class != target.NotSent || !out.SignIn || out.Problem.Code != c.code || len(b.seen("POST")) != 0 {
				t.Errorf("outcome %+v", out)
			}
			if _, err := b.target.Prepare(t.Context(), b.access, d); err == nil {
				t.Error("prepared all the same")
			} else {
				wantProblem(t, err, c.code, model.ActionSignIn)
			}
		})
	}
}

// A token about to run out is renewed before the intent, not after it.
func TestPrepare_Renews(t *testing.T) {
	b := newBundle(t)
	d := b.sampleDelivery()
	d.Evidence = map[string]string{"batch": "GL1"}
	b.vault.kept[7][oauth.FieldExpires] = model.Secret(testNow.Format(time.RFC3339))
	got, err := b.target.Prepare(t.Context(), b.access, d)
	if err != nil || got["batch"] != "GL1" {
		t.Fatalf("%v, %v", got, err)
	}
	if b.vault.kept[7][oauth.FieldAccessToken] != "access-2" || b.vault.kept[7][oauth.FieldRefreshToken] != "refresh-2" {
		t.Error("not renewed")
	}
	if len(b.seen("POST")) != 0 {
		t.Error("something was booked")
	}
}

func TestDescribe(t *testing.T) {
	d := newBundle(t).target.Describe()
	if d.Download || d.NoDownload == "" || !d.OneAdministration || d.Sent != target.SentRed || d.SignIn != target.SignInBrowser {
		t.Errorf("description %+v", d)
	}
	i := slices.IndexFunc(d.AccountFields, func(f target.Field) bool { return f.ID == "ports" })
	if d.AccountFields[0].Default != "program" || d.AccountFields[i].Default != "53682, 53683, 53684" {
		t.Errorf("fields %+v", d.AccountFields)
	}
}

// A question whose token is refused is asked once more with a new one.
func TestGet_RenewsOnce(t *testing.T) {
	b := newBundle(t)
	b.api.HandleFunc("GET /v1/organization", func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer access-2" {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		write(t, w, organizationJSON)
	})
	if _, err := b.target.Administrations(t.Context(), b.access); err != nil {
		t.Fatal(err)
	}
	if n := len(b.seen("GET")); n != 2 {
		t.Errorf("%d requests", n)
	}
}
