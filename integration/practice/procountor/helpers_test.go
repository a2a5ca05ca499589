package procountor_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/legacy"

	"loonbrug/integration/practice/procountor"
)

// bench is a stand-in on loopback and a bare client of it that checks every
// answer of the API against the OpenAPI document.
type bench struct {
	t      *testing.T
	server *procountor.Server
	url    string
	token  string
	router routers.Router
}

func start(t *testing.T, o procountor.Options) *bench {
	t.Helper()
	server, err := procountor.New(o)
	if err != nil {
		t.Fatal(err)
	}
	web := httptest.NewServer(server.Handler())
	t.Cleanup(web.Close)
	raw, err := os.ReadFile("openapi.json")
	if err != nil {
		t.Fatal(err)
	}
	document, err := openapi3.NewLoader().LoadFromData(raw)
	if err != nil {
		t.Fatal(err)
	}
	document.Servers = openapi3.Servers{{URL: web.URL + "/api"}}
	router, err := legacy.NewRouter(document)
	if err != nil {
		t.Fatal(err)
	}
	b := &bench{t: t, server: server, url: web.URL, router: router}
	b.signIn(procountor.APIKey(103))
	return b
}

type answer struct {
	status int
	header http.Header
	body   string
	err    error
}

var localTime = regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$`)

func (b *bench) do(method, path, body string) answer {
	b.t.Helper()
	r, err := http.NewRequestWithContext(b.t.Context(), method, b.url+"/api"+path, strings.NewReader(body))
	if err != nil {
		b.t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+b.token)
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		return answer{err: err}
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	a := answer{response.StatusCode, response.Header, string(text), err}
	if err == nil {
		b.validate(r, a)
	}
	return a
}

// validate checks an answer of the API against the document. It does not know the
// shape of several receipts at once; a refusal that it has no status for must have the
// shape of those it has.
func (b *bench) validate(r *http.Request, a answer) {
	b.t.Helper()
	route, params, err := b.router.FindRoute(r)
	if err != nil || strings.Contains(r.URL.Path, ",") || !strings.Contains(a.header.Get("Content-Type"), "json") {
		return
	}
	if a.status >= 400 && route.Operation.Responses.Status(a.status) == nil {
		var value any
		if err := json.Unmarshal([]byte(a.body), &value); err != nil {
			b.t.Fatal(err)
		}
		if err := route.Spec.Components.Schemas["ErrorMessages"].Value.VisitJSON(value); err != nil {
			b.t.Errorf("%s %s: the refusal is not as the document says: %v", r.Method, r.URL.Path, err)
		}
		return
	}
	options := &openapi3filter.Options{
		MultiError: true, IncludeResponseStatus: true, AuthenticationFunc: openapi3filter.NoopAuthenticationFunc,
		SchemaValidationOptions: []openapi3.SchemaValidationOption{
			openapi3.WithStringFormatValidator("date-time", openapi3.NewRegexpFormatValidator(localTime.String())),
		},
	}
	err = openapi3filter.ValidateResponse(b.t.Context(), &openapi3filter.ResponseValidationInput{
		RequestValidationInput: &openapi3filter.RequestValidationInput{Request: r, PathParams: params, Route: route, Options: options},
		Status:                 a.status, Header: a.header, Body: io.NopCloser(strings.NewReader(a.body)), Options: options,
	})
	if err != nil {
		b.t.Errorf("%s %s: the answer is not as the document says: %v\n%s", r.Method, r.URL.Path, err, a.body)
	}
}

func (b *bench) get(path string) answer { b.t.Helper(); return b.do("GET", path, "") }

func (b *bench) want(a answer, status int, parts ...string) {
	b.t.Helper()
	if a.err != nil {
		b.t.Fatalf("no answer: %v", a.err)
	}
	if a.status != status {
		b.t.Fatalf("status %d, want %d: %s", a.status, status, a.body)
	}
	for _, part := range parts {
		if !strings.Contains(a.body, part) {
			b.t.Fatalf("%q is not in the answer %s", part, a.body)
		}
	}
}

func (b *bench) booked(n int) {
	b.t.Helper()
	if got := len(b.server.Journals()); got != n {
		b.t.Fatalf("%d receipts are booked, want %d: %+v", got, n, b.server.Journals())
	}
}

// askToken sends the token call.
func (b *bench) askToken(contentType string, pairs ...string) answer {
	b.t.Helper()
	form := url.Values{"client_id": {procountor.ClientID}, "client_secret": {procountor.ClientSecret}}
	for i := 0; i < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	response, err := http.Post(b.url+"/api/oauth/token", contentType, strings.NewReader(form.Encode()))
	if err != nil {
		b.t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	return answer{response.StatusCode, response.Header, string(text), err}
}

const formType = "application/x-www-form-urlencoded"

func (b *bench) signIn(key string) {
	b.t.Helper()
	a := b.askToken(formType, "grant_type", "client_credentials", "api_key", key, "redirect_uri", "https://example.invalid/cb")
	b.want(a, 200, `"expires_in":3600`, `"token_type":"bearer"`)
	b.token = member(b.t, a, "access_token")
}

// member reads one text of a JSON object.
func member(t *testing.T, a answer, name string) string {
	t.Helper()
	var v map[string]any
	if err := json.Unmarshal([]byte(a.body), &v); err != nil {
		t.Fatalf("%v in %s", err, a.body)
	}
	text, _ := v[name].(string)
	if text == "" {
		t.Fatalf("no %s in %s", name, a.body)
	}
	return text
}

// receipt is a good receipt for company 103, changed by edits.
func receipt(edits ...func(r map[string]any)) string {
	r := map[string]any{
		"type": "JOURNAL", "status": "UNFINISHED", "name": "2026-02 LBABCDEFGHIJ", "receiptDate": "2026-02-28",
		"vatType": "PURCHASE", "vatStatus": 12,
		"transactions": []any{
			row("4000", "3200.00", dim(701, 9201, "2000.00"), dim(701, 9202, "1200.00"), dim(702, 9211, "3200.00")),
			row("1720", "-3200.00"),
		},
	}
	for _, edit := range edits {
		edit(r)
	}
	var b bytes.Buffer
	if err := json.NewEncoder(&b).Encode(r); err != nil {
		panic(err)
	}
	return b.String()
}

func row(account, value string, dimensions ...any) map[string]any {
	r := map[string]any{"transactionType": "ENTRY", "account": account, "accountingValue": json.Number(value), "vatPercent": 0, "description": "Bruto lonen"}
	if dimensions != nil {
		r["dimensionItemValues"] = dimensions
	}
	return r
}

func dim(dimension, item int, value string) any {
	return map[string]any{"dimensionId": dimension, "itemId": item, "value": json.Number(value)}
}

func set(name string, value any) func(map[string]any) {
	return func(r map[string]any) {
		if value == nil {
			delete(r, name)
			return
		}
		r[name] = value
	}
}

// setRow changes a member of the first row.
func setRow(name string, value any) func(map[string]any) {
	return func(r map[string]any) { set(name, value)(r["transactions"].([]any)[0].(map[string]any)) }
}

func clock() time.Time { return time.Date(2026, 3, 1, 10, 15, 22, 0, time.UTC) }

// post books a receipt and gives its id.
func (b *bench) post(body string) string {
	b.t.Helper()
	a := b.do("POST", "/ledgerreceipts", body)
	b.want(a, 200)
	var v struct{ ID int }
	if err := json.Unmarshal([]byte(a.body), &v); err != nil || v.ID == 0 {
		b.t.Fatalf("no id in %s", a.body)
	}
	return strconv.Itoa(v.ID)
}
