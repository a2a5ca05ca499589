package procountor_test

import (
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"loonbrug/data/model"
	"loonbrug/integration/httpx"
	"loonbrug/integration/target"
)

const stored = `{"id":880001,"invoiceId":990001,"invoiceNumber":5123,"status":"UNFINISHED","version":"2026-03-31T10:15:22","transactions":[]}`

func refusal(field, message string) string {
	return `{"errors":[{"status":400,"field":"` + field + `","message":"` + message + `"}]}`
}

// Every answer to a receipt, with what it proves about the booking.
func TestPost_Outcomes(t *testing.T) {
	tests := []struct {
		name   string
		status int
		body   string
		class  target.Class
		code   string
	}{
		{"Stored", 200, stored, target.Accepted, ""},
		{"Created", 201, stored, target.Accepted, ""},
		{"StoredWithoutID", 200, `{"status":"UNFINISHED"}`, target.Ambiguous, "procountor.unreadable_answer"},
		{"StoredCut", 200, stored[:30], target.Ambiguous, "procountor.unreadable_answer"},
		{"Empty", 200, "", target.Ambiguous, "procountor.unreadable_answer"},
		{"Proxy", 200, "<html>Please sign in to the network</html>", target.Ambiguous, "procountor.unreadable_answer"},
		{"Accepted", 202, "{}", target.Ambiguous, "procountor.unreadable_answer"},
		{"Redirect", 302, "", target.Ambiguous, "procountor.unreadable_answer"},
		{"ClosedPeriod", 400, refusal("receiptDate", "CLOSED_FISCAL_PERIOD"), target.Rejected, "procountor.refused_closed_period"},
		{"Date", 400, refusal("receiptDate", "?"), target.Rejected, "procountor.refused_date"},
		{"LedgerAccount", 400, refusal("transactions[1].account", "ERROR_LEDGERACCOUNT_VATPERCENTAGE_COMBINATION"), target.Rejected, "procountor.refused_ledger_account"},
		{"LedgerAccountByField", 400, refusal("transactions[1].account", "SANDBOX_X"), target.Rejected, "procountor.refused_ledger_account"},
		{"Dimension", 400, refusal("transactions[0].dimensionItemValues", "DIMENSION_OR_DIMENSION_ITEM_IDENTIFIERS_DOES_NOT_MATCH_THOSE_STORED_IN_DATABASE"), target.Rejected, "procountor.refused_dimension"},
		{"DimensionByField", 400, refusal("transactions[0].dimensionItemValues[0]", "?"), target.Rejected, "procountor.refused_dimension"},
		{"Vat", 400, refusal("vatStatus", "ERROR_VATSTATUS_VATPERC"), target.Rejected, "procountor.refused_vat"},
		{"Name", 400, refusal("name", "?"), target.Rejected, "procountor.refused_text"},
		{"Description", 400, refusal("transactions[3].description", "?"), target.Rejected, "procountor.refused_text"},
		{"Blank", 400, refusal("", "Value of the 'type' cannot be blank."), target.Rejected, "procountor.refused"},
		{"Conflict", 409, refusal("", "?"), target.Rejected, "procountor.refused"},
		{"BadRequestOfProxy", 400, "<html>", target.Ambiguous, "procountor.unreadable_answer"},
		{"Unauthorised", 401, `{"errors":[{"status":401,"message":"Unauthorized"}]}`, target.Deferred, "procountor.token_refused"},
		{"NoRights", 403, `{"errors":[{"status":403,"message":"User rights check failed: Insufficient user rights."}]}`, target.Rejected, "procountor.no_rights"},
		{"NotFound", 404, "", target.Rejected, "procountor.wrong_address"},
		{"TimedOut", 408, "", target.Ambiguous, "procountor.unreadable_answer"},
		{"TooMany", 429, "", target.Deferred, "procountor.too_many_requests"},
		{"Error", 500, "<html>nginx</html>", target.Ambiguous, "procountor.unavailable"},
		{"ErrorWithBody", 500, refusal("", "?"), target.Ambiguous, "procountor.unavailable"},
		{"Unavailable", 503, "", target.Ambiguous, "procountor.unavailable"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var posts atomic.Int32
			_, c := start(t, func(w http.ResponseWriter, _ *http.Request) {
				posts.Add(1)
				say(w, tt.status, tt.body)
			})
			o := c.Post(t.Context(), access("k"), small())
			if o.Class != tt.class || code(o.Problem) != tt.code || o.SignIn {
				t.Errorf("got %s %v sign in %t", o.Class, o.Problem, o.SignIn)
			}
			if posts.Load() != 1 {
				t.Errorf("%d receipts were sent", posts.Load())
			}
			if o.Class == target.Accepted && (o.Number != "5123" || o.Evidence["id"] != "880001" || o.Evidence["invoice_id"] != "990001" || o.Evidence["version"] != "2026-03-31T10:15:22") {
				t.Errorf("got %+v", o)
			}
		})
	}
}

func TestPost_LineProblem(t *testing.T) {
	_, c := start(t, answer(400, refusal("transactions[1].account", "ERROR_LEDGERACCOUNT_VATPERCENTAGE_COMBINATION")))
	o := c.Post(t.Context(), access("k"), small())
	if o.Problem.Params["line"] != "2" || o.Problem.Params["account"] != "1700" || o.Problem.Params["count"] != "1" {
		t.Errorf("got %v", o.Problem)
	}
}

func TestPost_RetryAfter(t *testing.T) {
	_, c := start(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "120")
		say(w, 429, "")
	})
	if o := c.Post(t.Context(), access("k"), small()); o.RetryAfter != 2*time.Minute {
		t.Errorf("got %v", o.RetryAfter)
	}
}

func TestPost_Network(t *testing.T) {
	t.Run("Dropped", func(t *testing.T) {
		var posts atomic.Int32
		_, c := start(t, func(_ http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body)
			posts.Add(1)
			panic(http.ErrAbortHandler)
		})
		o := c.Post(t.Context(), access("k"), small())
		if o.Class != target.Ambiguous || code(o.Problem) != "network.broken" || posts.Load() != 1 {
			t.Errorf("got %s %v after %d", o.Class, o.Problem, posts.Load())
		}
	})
	t.Run("TooLate", func(t *testing.T) {
		_, c := start(t, func(http.ResponseWriter, *http.Request) { t.Error("request arrived") })
		a := access("k")
		if _, err := c.Prepare(t.Context(), a, small()); err != nil {
			t.Fatal(err)
		}
		o := c.Post(httpx.WithDeadline(t.Context(), time.Now().Add(-time.Second)), a, small())
		if o.Class != target.NotSent || code(o.Problem) != "network.too_late" {
			t.Errorf("got %s %v", o.Class, o.Problem)
		}
	})
	t.Run("WithoutItem", func(t *testing.T) {
		_, c := start(t, func(http.ResponseWriter, *http.Request) { t.Error("request arrived") })
		d := small()
		d.Entry.Lines[0].Dimensions[0].Value = ""
		if o := c.Post(t.Context(), access("k"), d); o.Class != target.NotSent {
			t.Errorf("got %s %v", o.Class, o.Problem)
		}
	})
}

// The request by Procountor's OpenAPI document: amounts as numbers of two
// decimals, nothing empty, no reconciliation.
func TestPost_Request(t *testing.T) {
	var got *http.Request
	var body string
	_, c := start(t, func(w http.ResponseWriter, r *http.Request) {
		data, _ := io.ReadAll(r.Body)
		got, body = r, string(data)
		say(w, 200, stored)
	})
	c.Post(t.Context(), access("k"), small())
	if got.Method != http.MethodPost || got.URL.Path != "/api/ledgerreceipts" || got.URL.RawQuery != "createReconciliation=false" ||
		got.Header.Get("Content-Type") != "application/json" {
		t.Errorf("%s %s %v", got.Method, got.URL, got.Header)
	}
	const want = `{"type":"JOURNAL","status":"UNFINISHED","name":"R12 LBABCDEFGHAA 2026-03 Salarissen","receiptDate":"2026-03-31",` +
		`"vatType":"PURCHASE","vatStatus":12,"vatProcessing":"NETHERLANDS","transactions":[` +
		`{"transactionType":"ENTRY","account":"4000","accountingValue":1234.56,"vatPercent":0,"vatType":"PURCHASE","vatStatus":12,"description":"Bruto lonen",` +
		`"dimensionItemValues":[{"dimensionId":501,"itemId":9001,"value":1234.56}]},` +
		`{"transactionType":"ENTRY","account":"1700","accountingValue":-1234.56,"vatPercent":0,"vatType":"PURCHASE","vatStatus":12,"description":"Af te dragen"}]}` + "\n"
	if body != want {
		t.Errorf("body\n%s\nwant\n%s", body, want)
	}
}

// Every answer to a token request, and what it means for the account.
func TestToken_Failures(t *testing.T) {
	for status, want := range map[int]string{
		400: "procountor.sign_in_refused", 401: "procountor.sign_in_refused", 403: "procountor.sign_in_refused",
		404: "procountor.wrong_address", 429: "procountor.too_many_requests", 500: "procountor.unavailable",
	} {
		s, c := start(t, answer(200, stored))
		s.status = status
		o := c.Post(t.Context(), access("k"), small())
		if o.Class != target.NotSent || code(o.Problem) != want || o.SignIn != (want == "procountor.sign_in_refused") {
			t.Errorf("%d: got %s %v sign in %t", status, o.Class, o.Problem, o.SignIn)
		}
	}
}

func TestToken_Form(t *testing.T) {
	s, c := start(t, answer(200, "{}"))
	a := access("the key")
	if _, err := c.Administrations(t.Context(), a); err != nil {
		t.Fatal(err)
	}
	a.Account.Settings["redirect_uri"] = "https://halm.example/back"
	if _, err := c.Administrations(t.Context(), a); err != nil {
		t.Fatal(err)
	}
	const form = "application/x-www-form-urlencoded api_key=the+key&client_id=practice-procountor&client_secret=practice-secret&grant_type=client_credentials"
	if s.forms[0] != form || s.forms[1] != form+"&redirect_uri=https%3A%2F%2Fhalm.example%2Fback" {
		t.Errorf("forms %q", s.forms)
	}
}

// One token serves everybody until nine tenths of its life are over.
func TestToken_IsSharedAndRenewed(t *testing.T) {
	s, now := &system{handler: answer(200, "{}")}, &clock{now: time.Date(2026, 4, 1, 9, 0, 0, 0, time.UTC)}
	c := serveWith(t, s, now)
	a := access("k")
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			if _, err := c.Administrations(t.Context(), a); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if s.given() != 1 {
		t.Errorf("%d tokens for 20 callers", s.given())
	}
	for _, step := range []struct {
		after  time.Duration
		tokens int
	}{{53 * time.Minute, 1}, {2 * time.Minute, 2}} {
		now.add(step.after)
		if _, err := c.Administrations(t.Context(), a); err != nil || s.given() != step.tokens {
			t.Errorf("%d tokens, %v", s.given(), err)
		}
	}
}

// A token that is refused is renewed once for a question, and never leads to a
// second receipt.
func TestToken_Refused(t *testing.T) {
	var posts atomic.Int32
	s, c := start(t, func(w http.ResponseWriter, r *http.Request) {
		posts.Add(1)
		say(w, 200, stored)
	})
	a := access("k")
	if _, err := c.Prepare(t.Context(), a, small()); err != nil {
		t.Fatal(err)
	}
	s.mu.Lock()
	s.valid = 2 // the first token ends early
	s.mu.Unlock()
	o := c.Post(t.Context(), a, small())
	if o.Class != target.Deferred || o.SignIn || posts.Load() != 0 || s.given() != 2 {
		t.Fatalf("got %+v after %d receipts, %d tokens", o, posts.Load(), s.given())
	}
	if o := c.Post(t.Context(), a, small()); o.Class != target.Accepted {
		t.Errorf("then: %s %v", o.Class, o.Problem)
	}
	s.mu.Lock()
	s.valid = 3
	s.mu.Unlock()
	if _, err := c.Administrations(t.Context(), a); err != nil || s.given() != 3 {
		t.Errorf("question: %v, %d tokens", err, s.given())
	}
	s.mu.Lock()
	s.valid = 99 // no token is good any more
	s.mu.Unlock()
	_, err := c.Administrations(t.Context(), a)
	if p := model.ProblemOf(err); code(p) != "procountor.key_refused" || p.Action != model.ActionSignIn || s.given() != 4 {
		t.Errorf("got %v after %d tokens", err, s.given())
	}
}

// A key that is revoked while a receipt is on its way asks for a new sign-in.
func TestToken_RevokedInMidSending(t *testing.T) {
	s, c := start(t, answer(200, stored))
	a := access("k")
	if _, err := c.Prepare(t.Context(), a, small()); err != nil {
		t.Fatal(err)
	}
	s.mu.Lock()
	s.valid, s.status = 99, 401
	s.mu.Unlock()
	if o := c.Post(t.Context(), a, small()); o.Class != target.Deferred || !o.SignIn || code(o.Problem) != "procountor.sign_in_refused" {
		t.Errorf("got %s %v sign in %t", o.Class, o.Problem, o.SignIn)
	}
}

// A changed key is a new session, with its own token and company.
func TestToken_ChangedKey(t *testing.T) {
	s, c := start(t, answer(200, "{}"))
	for i, key := range []model.Secret{"one", "one", "two"} {
		if _, err := c.Administrations(t.Context(), access(key)); err != nil {
			t.Fatal(err)
		}
		if want := []int{1, 1, 2}[i]; s.given() != want {
			t.Errorf("%d tokens, want %d", s.given(), want)
		}
	}
}

func TestSecretsAreNotTold(t *testing.T) {
	s, c := start(t, func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })
	o := c.Post(t.Context(), access("very-secret"), small())
	s.status = 401
	_, err := c.Connect(t.Context(), access("very-secret-two"), nil)
	for _, text := range []string{o.Detail, o.Problem.Error(), err.Error()} {
		for _, secret := range []string{"very-secret", "practice-secret", "ttt", "Bearer"} {
			if strings.Contains(text, secret) {
				t.Errorf("told: %s", text)
			}
		}
	}
}
