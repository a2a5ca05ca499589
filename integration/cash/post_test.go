package cash_test

import (
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"loonbrug/data/model"
	"loonbrug/integration/httpx"
	"loonbrug/integration/target"
)

const lineErrors = `{"error":"Error import","message":{"errors":{"error":[` +
	`{"message":"Ongeldige waarde 0201=4999","line":"2","source":"301|0201=4999|0306=Private text"},` +
	`{"message":"Ongeldige waarde 0911=X","line":3}]}}}`

// Every answer to an import, with what it proves about the booking.
func TestPost_Outcomes(t *testing.T) {
	tests := []struct {
		name   string
		status int
		body   string
		class  target.Class
		code   string
		signIn bool
	}{
		{"Created", 201, "", target.Accepted, "", false},
		{"CreatedNull", 201, "null", target.Accepted, "", false},
		{"OK", 200, `{"status":"Success"}`, target.Accepted, "", false},
		{"CreatedPending", 201, `{"status":"Pending","transaction":"t1"}`, target.Pending, "cash.pending", false},
		{"Pending", 202, `{"status":"Pending","transaction":"t1"}`, target.Pending, "cash.pending", false},
		{"PendingNumber", 202, `{"status":"Pending","transaction":17}`, target.Pending, "cash.pending", false},
		{"PendingWithoutID", 202, `{"status":"Pending"}`, target.Ambiguous, "cash.pending", false},
		{"OKWithError", 200, `{"error":"Error import","message":"?"}`, target.Ambiguous, "cash.unreadable_answer", false},
		{"OKFromProxy", 200, "<html>Please sign in to the network</html>", target.Ambiguous, "cash.unreadable_answer", false},
		{"Lines", 400, lineErrors, target.Rejected, "cash.refused_ledger_account", false},
		{"OneLine", 400, `{"error":"Error import","message":{"errors":{"error":{"message":"Ongeldige waarde 0901=X"}}}}`, target.Rejected, "cash.refused_daybook", false},
		{"Sentence", 422, `{"error":"Error import","message":"Ongeldige waarde 0301=2513"}`, target.Rejected, "cash.refused_period", false},
		{"Relation", 400, `{"error":"Error import","message":"Ongeldige waarde 0101=1"}`, target.Rejected, "cash.refused_relation", false},
		{"Amount", 400, `{"error":"Error import","message":"Ongeldige waarde 0307=a"}`, target.Rejected, "cash.refused_amount", false},
		{"CostCentre", 400, `{"error":"Error import","message":"Ongeldige waarde 0911=a"}`, target.Rejected, "cash.refused_cost_centre", false},
		{"Unknown", 400, `{"error":"Iets anders"}`, target.Rejected, "cash.refused", false},
		{"DocumentByField", 400, `{"error":"Error import","message":{"errors":{"error":[{"message":"Ongeldige waarde 0303=000101"}]}}}`, target.Ambiguous, "cash.document_exists", false},
		{"DocumentByWords", 409, `{"error":"Stuknummer bestaat al"}`, target.Ambiguous, "cash.document_exists", false},
		{"RefusedByProxy", 400, "<html>Bad request</html>", target.Ambiguous, "cash.unreadable_answer", false},
		{"NotFound", 404, "", target.Rejected, "cash.wrong_address", false},
		{"KeyRefused", 401, "", target.Deferred, "cash.key_refused", true},
		{"Forbidden", 403, "no", target.Deferred, "cash.key_refused", true},
		{"NotLinked", 403, `{"code":1002,"message":"Unauthorized Access"}`, target.Rejected, "cash.not_linked", false},
		{"NotLinkedByResponse", 401, `{"response":{"code":"1002","message":"Unauthorized Access"}}`, target.Rejected, "cash.not_linked", false},
		{"TooMany", 429, "", target.Deferred, "cash.too_many_requests", false},
		{"Timeout", 408, "", target.Ambiguous, "cash.unreadable_answer", false},
		{"Redirect", 302, "", target.Ambiguous, "cash.unreadable_answer", false},
		{"Error", 500, "<html>", target.Ambiguous, "cash.unavailable", false},
		{"ErrorWithBody", 500, lineErrors, target.Ambiguous, "cash.unavailable", false},
		{"ErrorNotLinked", 500, `{"code":1002}`, target.Ambiguous, "cash.unavailable", false},
		{"Unavailable", 503, "", target.Ambiguous, "cash.unavailable", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var requests atomic.Int32
			c := serve(t, books(func(w http.ResponseWriter, r *http.Request) {
				requests.Add(1)
				answer(tt.status, tt.body)(w, r)
			}))
			o := c.Post(t.Context(), access("k"), small())
			if o.Class != tt.class || code(o.Problem) != tt.code || o.SignIn != tt.signIn {
				t.Errorf("got %s %v sign in %t", o.Class, o.Problem, o.SignIn)
			}
			if (o.Number != "") != (tt.class == target.Accepted) || o.Detail == "" {
				t.Errorf("number %q, detail %q", o.Number, o.Detail)
			}
			if tt.class == target.Pending && o.Evidence["transaction"] == "" {
				t.Error("no transaction to ask after")
			}
			if o.Problem != nil && strings.Contains(o.Problem.Error()+o.Detail, "Private text") {
				t.Error("the text of a line is told")
			}
			if requests.Load() != 1 {
				t.Errorf("%d requests", requests.Load())
			}
		})
	}
}

func TestPost_LineProblem(t *testing.T) {
	o := serve(t, books(answer(400, lineErrors))).Post(t.Context(), access("k"), small())
	want := map[string]string{"line": "2", "value": "4999", "count": "2", "message": "Ongeldige waarde 0201=4999"}
	for name, value := range want {
		if o.Problem.Params[name] != value {
			t.Errorf("%s is %q, want %q", name, o.Problem.Params[name], value)
		}
	}
}

// Of a refused entry some lines may be booked all the same; only the books can
// tell, and where they cannot be read it stays open.
func TestPost_RefusedInPart(t *testing.T) {
	const refusal = `{"error":"Error import","message":"Ongeldige waarde 0201=4999"}`
	line := func(document, key string) string {
		return `{"R0301":[{"F0901":"SAL","F0302":"31-03-2026","F0303":"` + document + `","F0201":"1700","F0307":"-1234,56","F0711":"` + key + `"}]}`
	}
	tests := []struct {
		name   string
		status int
		books  string
		class  target.Class
		want   string
	}{
		{"Nothing", 200, `{"R0301":[]}`, target.Rejected, "cash.refused_ledger_account"},
		{"OtherDocument", 200, line("000100", "LBABCDEFGHAA"), target.Rejected, "cash.refused_ledger_account"},
		{"SomebodyElses", 200, line("000101", "other"), target.Rejected, "cash.refused_ledger_account"},
		{"GoodLine", 200, line("000101", "LBABCDEFGHAA"), target.Ambiguous, "cash.partly_booked"},
		{"GoodLineWithoutKey", 200, line("000101", ""), target.Ambiguous, "cash.partly_booked"},
		{"NotReadable", 200, `<html>`, target.Ambiguous, "cash.not_looked_up"},
		{"NotAnswered", 500, ``, target.Ambiguous, "cash.not_looked_up"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := serve(t, func(w http.ResponseWriter, r *http.Request) {
				if r.Method == http.MethodGet {
					answer(tt.status, tt.books)(w, r)
					return
				}
				answer(http.StatusBadRequest, refusal)(w, r)
			})
			o := c.Post(t.Context(), access("k"), small())
			if o.Class != tt.class || code(o.Problem) != tt.want || o.Problem.Params["message"] != "Ongeldige waarde 0201=4999" {
				t.Errorf("got %s %v", o.Class, o.Problem)
			}
			if tt.want == "cash.partly_booked" && (o.Problem.Params["booked"] != "1" || o.Problem.Params["lines"] != "2" || o.Problem.Params["number"] != "SAL 000101") {
				t.Errorf("got %v", o.Problem)
			}
		})
	}
}

func TestPost_RetryAfter(t *testing.T) {
	c := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "90")
		w.WriteHeader(http.StatusTooManyRequests)
	})
	if o := c.Post(t.Context(), access("k"), small()); o.RetryAfter != 90*time.Second {
		t.Errorf("got %v", o.RetryAfter)
	}
}

// A connection that breaks leaves it open whether something is booked.
func TestPost_Network(t *testing.T) {
	t.Run("Dropped", func(t *testing.T) {
		var booked atomic.Int32
		c := serve(t, func(_ http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body)
			booked.Add(1)
			panic(http.ErrAbortHandler)
		})
		o := c.Post(t.Context(), access("k"), small())
		if o.Class != target.Ambiguous || code(o.Problem) != "network.broken" || booked.Load() != 1 {
			t.Errorf("got %s %v after %d requests", o.Class, o.Problem, booked.Load())
		}
	})
	t.Run("Refused", func(t *testing.T) {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		_ = l.Close()
		o := at("http://"+l.Addr().String()).Post(t.Context(), access("k"), small())
		if o.Class != target.NotSent || code(o.Problem) != "network.unreachable" {
			t.Errorf("got %s %v", o.Class, o.Problem)
		}
	})
	t.Run("TooLate", func(t *testing.T) {
		c := serve(t, func(http.ResponseWriter, *http.Request) { t.Error("request arrived") })
		o := c.Post(httpx.WithDeadline(t.Context(), time.Now().Add(-time.Second)), access("k"), small())
		if o.Class != target.NotSent || code(o.Problem) != "network.too_late" {
			t.Errorf("got %s %v", o.Class, o.Problem)
		}
	})
	t.Run("WithoutKey", func(t *testing.T) {
		c := serve(t, func(http.ResponseWriter, *http.Request) { t.Error("request arrived") })
		o := c.Post(t.Context(), access(""), small())
		if o.Class != target.NotSent || code(o.Problem) != "cash.no_key" || !o.SignIn {
			t.Errorf("got %+v", o)
		}
	})
	t.Run("WithoutDocument", func(t *testing.T) {
		c := serve(t, func(http.ResponseWriter, *http.Request) { t.Error("request arrived") })
		d := small()
		d.Evidence = nil
		o := c.Post(t.Context(), access("k"), d)
		if o.Class != target.NotSent || code(o.Problem) != "cash.no_document_number" {
			t.Errorf("got %+v", o)
		}
	})
}

// The request is what CASH's Swagger asks for, and each line stands alone.
func TestPost_Request(t *testing.T) {
	var got *http.Request
	var body string
	c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		data, _ := io.ReadAll(r.Body)
		got, body = r, string(data)
		w.WriteHeader(http.StatusCreated)
	})
	c.Post(t.Context(), access("the-key"), small())
	for name, want := range map[string]string{
		"Authorization": "the-key", "Content-Type": "application/json", "Accept": "application/json",
		"Cache-Control": "no-cache", "Sec-Fetch-Mode": "cors",
	} {
		if got.Header.Get(name) != want {
			t.Errorf("%s: %q", name, got.Header.Get(name))
		}
	}
	if got.Method != http.MethodPost || got.URL.Path != "/import" {
		t.Errorf("%s %s", got.Method, got.URL.Path)
	}
	const want = `{"admin":"halm","format":0,"content":{"cash":[` +
		`{"R301":[{"F0901":"SAL","F0302":"260331","F0301":"2603","F0303":"000101","F0201":"4000","F0911":"100","F0306":"Bruto lonen","F0711":"LBABCDEFGHAA","F0307":"1234,56"}]},` +
		`{"R301":[{"F0901":"SAL","F0302":"260331","F0301":"2603","F0303":"000101","F0201":"1700","F0306":"Af te dragen","F0711":"LBABCDEFGHAA","F0307":"-1234,56"}]}]}}` + "\n"
	if body != want {
		t.Errorf("body\n%s\nwant\n%s", body, want)
	}
}

func TestPrepare_BadNumbers(t *testing.T) {
	for _, body := range []string{`{"R8504":{"Z0303":""}}`, `{"R8504":{"Z0303":"abc"}}`, `{"R8504":{"Z0303":"1234567"}}`, `{"R8504":{"Z0303":"000000"}}`, `{"R8504":[]}`} {
		d := small()
		d.Evidence = nil
		_, err := serve(t, answer(200, body)).Prepare(t.Context(), access("k"), d)
		if p := model.ProblemOf(err); code(p) != "cash.no_document_number" || !p.Retryable {
			t.Errorf("%s: %v", body, err)
		}
	}
	d := small()
	d.Evidence = map[string]string{"other": "kept"}
	evidence, err := serve(t, answer(200, `{"R8504":[{"Z0303":"102"}]}`)).Prepare(t.Context(), access("k"), d)
	if err != nil || evidence["document"] != "000102" || evidence["other"] != "kept" || d.Evidence["document"] != "" {
		t.Errorf("prepared %v, %v", evidence, err)
	}
}

// Questions end in a problem whatever comes back, never in "nothing found".
func TestQuestions_Failures(t *testing.T) {
	tests := []struct {
		status    int
		body      string
		code      string
		retryable bool
	}{
		{401, "", "cash.key_refused", false},
		{403, `{"error":"1002 Unauthorized Access"}`, "cash.not_linked", false},
		{404, "<html>", "cash.wrong_address", false},
		{429, "", "cash.too_many_requests", true},
		{500, "", "cash.unavailable", true},
		{503, "", "cash.unavailable", true},
		{200, "<html>", "cash.unreadable_answer", true},
		{200, `{"Fout":1}`, "cash.unreadable_answer", true},
		{200, `{"R0301":[{"F0307":"12`, "cash.unreadable_answer", true},
		{200, `{"error":"Error export","message":"Onbekend record"}`, "cash.refused", false},
		{200, `{"R0301":[{"F0302":"31-03-2026","F0307":"1.234"}],"Dir":""}`, "cash.unreadable_answer", true},
	}
	for _, tt := range tests {
		c, a := serve(t, answer(tt.status, tt.body)), access("k")
		_, errFind := c.Find(t.Context(), a, small())
		_, errConnect := c.Connect(t.Context(), a, nil)
		_, o := c.ReadBack(t.Context(), a, small())
		for name, p := range map[string]*model.Problem{"find": model.ProblemOf(errFind), "connect": model.ProblemOf(errConnect), "read back": o.Problem} {
			if code(p) != tt.code || p.Retryable != tt.retryable {
				t.Errorf("%d %q: %s gives %v, want %s", tt.status, tt.body, name, p, tt.code)
			}
		}
		if o.Class != target.Ambiguous || o.SignIn != (tt.status == 401) {
			t.Errorf("%d: read back %+v", tt.status, o)
		}
	}
}

// The key stands in no outcome.
func TestSecretsAreNotTold(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }))
	t.Cleanup(server.Close)
	o := at(server.URL).Post(t.Context(), access("very-secret"), small())
	if strings.Contains(o.Detail+o.Problem.Error(), "very-secret") {
		t.Errorf("told: %+v", o)
	}
}
