package visma_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	legacyrouter "github.com/getkin/kin-openapi/routers/legacy"

	"loonbrug/integration/practice/visma"
)

// signingKey is made once: making one takes longer than most tests.
var signingKey = sync.OnceValue(func() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return key
})

// openAPI is the document with its router, read without the stand-in's help.
var openAPI = sync.OnceValue(func() routers.Router {
	data, err := os.ReadFile("openapi.json")
	if err != nil {
		panic(err)
	}
	doc, err := openapi3.NewLoader().LoadFromData(data)
	if err != nil {
		panic(err)
	}
	doc.Servers = nil
	router, err := legacyrouter.NewRouter(doc)
	if err != nil {
		panic(err)
	}
	return router
})

// clock is a time that only the test moves.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) Add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// bench is a running stand-in with a client for one company.
type bench struct {
	*testing.T
	server *visma.Server
	http   *httptest.Server
	clock  *clock
	token  string
}

func start(t *testing.T, change func(*visma.Options)) *bench {
	t.Helper()
	b := &bench{T: t, clock: &clock{now: time.Date(2026, 4, 2, 9, 0, 0, 0, time.UTC)}}
	opt := visma.Options{Clock: b.clock.Now, Key: signingKey(), Delay: time.Millisecond}
	if change != nil {
		change(&opt)
	}
	var err error
	if b.server, err = visma.New(opt); err != nil {
		t.Fatal(err)
	}
	b.http = httptest.NewServer(b.server.Handler())
	t.Cleanup(b.http.Close)
	return b
}

// open starts a stand-in and signs the bookkeeper in to De Halm.
func open(t *testing.T) *bench {
	t.Helper()
	b := start(t, nil)
	b.token = b.refreshed(b.authorized(visma.Bookkeeper, visma.DeHalm)).Access
	return b
}

func (b *bench) authorized(user, tenant string) string {
	b.Helper()
	refresh, err := b.server.Authorize(user, tenant)
	if err != nil {
		b.Fatal(err)
	}
	return refresh
}

type tokenAnswer struct {
	ID      string `json:"id_token"`
	Access  string `json:"access_token"`
	Refresh string `json:"refresh_token"`
	Type    string `json:"token_type"`
	Expires int    `json:"expires_in"`
	Scope   string `json:"scope"`
	Error   string `json:"error"`
	status  int
}

func (b *bench) tokens(form url.Values) tokenAnswer {
	b.Helper()
	resp, err := http.PostForm(b.http.URL+"/connect/token", form)
	if err != nil {
		b.Fatal(err)
	}
	defer resp.Body.Close()
	answer := tokenAnswer{status: resp.StatusCode}
	if err := json.NewDecoder(resp.Body).Decode(&answer); err != nil {
		b.Fatal(err)
	}
	return answer
}

func (b *bench) refreshed(token string) tokenAnswer {
	b.Helper()
	return b.tokens(url.Values{"grant_type": {"refresh_token"}, "client_id": {visma.ClientID}, "refresh_token": {token}})
}

// reply is an answer of the API.
type reply struct {
	status int
	header http.Header
	body   []byte
}

func (r reply) location() string { return r.header.Get("Location") }

func (r reply) number() string { return r.location()[strings.LastIndex(r.location(), "/")+1:] }

func (r reply) message() string {
	var m struct{ Message string }
	_ = json.Unmarshal(r.body, &m)
	return m.Message
}

// into reads the body as JSON.
func into[T any](b *bench, r reply) T {
	b.Helper()
	var v T
	if err := json.Unmarshal(r.body, &v); err != nil {
		b.Fatalf("%v in %d %s", err, r.status, r.body)
	}
	return v
}

// try sends a request and holds the answer against the document.
func (b *bench) try(method, path, body string, header ...string) (reply, error) {
	b.Helper()
	request, err := http.NewRequestWithContext(context.Background(), method, b.http.URL+path, strings.NewReader(body))
	if err != nil {
		b.Fatal(err)
	}
	request.Header.Set("Accept", "application/json")
	request.Header.Set("Content-Type", "application/json; charset=utf-8")
	if b.token != "" {
		request.Header.Set("Authorization", "Bearer "+b.token)
	}
	for i := 0; i < len(header); i += 2 {
		request.Header.Set(header[i], header[i+1])
	}
	resp, err := (&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}).Do(request)
	if err != nil {
		return reply{}, err
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		return reply{}, err
	}
	for _, name := range []string{"X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset", "X-RateLimit-Policy", "Ipp-Request-Id"} {
		if resp.Header.Get(name) == "" {
			b.Errorf("%s %s: no %s", method, path, name)
		}
	}
	r := reply{resp.StatusCode, resp.Header, data}
	b.valid(request, r)
	return r, nil
}

func (b *bench) do(method, path, body string, header ...string) reply {
	b.Helper()
	r, err := b.try(method, path, body, header...)
	if err != nil {
		b.Fatal(err)
	}
	return r
}

func (b *bench) get(path string) reply { b.Helper(); return b.do(http.MethodGet, path, "") }

// valid holds an answer against the OpenAPI document.
func (b *bench) valid(request *http.Request, r reply) {
	b.Helper()
	if r.status >= 300 || request.Method == http.MethodHead || strings.HasPrefix(r.header.Get("Content-Type"), "text/html") {
		return
	}
	plain := request.Clone(request.Context())
	plain.URL = &url.URL{Path: strings.TrimPrefix(request.URL.Path, "/API/controller/api")}
	plain.Host = ""
	route, params, err := openAPI().FindRoute(plain)
	if err != nil {
		b.Fatalf("%s %s: %v", request.Method, request.URL.Path, err)
	}
	err = openapi3filter.ValidateResponse(context.Background(), &openapi3filter.ResponseValidationInput{
		RequestValidationInput: &openapi3filter.RequestValidationInput{Request: plain, PathParams: params, Route: route},
		Status:                 r.status, Header: r.header, Body: io.NopCloser(bytes.NewReader(r.body)),
		Options: &openapi3filter.Options{
			IncludeResponseStatus: true,
			ExcludeResponseBody:   r.status == http.StatusNoContent, // the document gives 204 a body
			// The ERP writes local times, which RFC 3339 does not know.
			SchemaValidationOptions: []openapi3.SchemaValidationOption{openapi3.WithStringFormatValidator("date-time", openapi3.NewRegexpFormatValidator(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?$`))},
		},
	})
	if err != nil {
		b.Errorf("answer of %s %s does not fit the document: %v", request.Method, request.URL.Path, err)
	}
}

// sub is the plain array of a line's segments.
func sub(values ...string) string {
	parts := make([]string, 0, len(values))
	for i, v := range values {
		if v != "" {
			parts = append(parts, fmt.Sprintf(`{"segmentId":%d,"segmentValue":%q}`, i+1, v))
		}
	}
	return `"subaccount":[` + strings.Join(parts, ",") + `]`
}

// row is a line to insert; side is debit or credit.
func row(account, side, amount string, more ...string) string {
	return fmt.Sprintf(`{"operation":"Insert","accountNumber":{"value":%q},"referenceNumber":{"value":"2026-03-12"},"transactionDescription":{"value":"Loon"},"%sAmountInCurrency":{"value":%s}%s}`,
		account, side, amount, strings.Join(append([]string{""}, more...), ","))
}

// body is a batch of March 2026 with these lines; head comes first and may hold
// any fields.
func body(head string, lines ...string) string {
	if head != "" {
		head += ","
	}
	return `{` + head + `"journalTransactionLines":[` + strings.Join(lines, ",") + `]}`
}

const march = `"transactionDate":{"value":"2026-03-31T00:00:00"},"financialPeriod":{"value":"202603"},"currencyId":{"value":"EUR"}`

// wages is a good batch of two lines.
func wages(description string) string {
	return body(`"description":{"value":"`+description+`"},"hold":{"value":true},`+march,
		row("4000", "debit", "12345.67", sub("100", "A1")), row("1720", "credit", "12345.67"))
}

func (b *bench) book(description string) reply {
	b.Helper()
	r := b.do(http.MethodPost, "/v2/journaltransaction", wages(description))
	if r.status != http.StatusCreated {
		b.Fatalf("booking: %d %s", r.status, r.body)
	}
	return r
}
