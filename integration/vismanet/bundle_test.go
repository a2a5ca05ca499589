package vismanet_test

import (
	"context"
	"encoding/xml"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"loonbrug/data/journal"
	"loonbrug/data/model"
	"loonbrug/integration/httpx"
	"loonbrug/integration/oauth"
	"loonbrug/integration/target"
	"loonbrug/integration/vismanet"
)

var testNow = time.Date(2026, time.April, 2, 9, 0, 0, 0, time.UTC)

const (
	testKey = "LB4F7K2Q9XWB"
	company = "tenant-halm"
)

// bundle is a target in front of a server whose every answer the test writes.
type bundle struct {
	t      *testing.T
	target *vismanet.Target
	vault  *vault
	access target.Access
	api    *http.ServeMux

	mu       sync.Mutex
	requests []recorded
}

// recorded is a request as it arrived.
type recorded struct {
	method, path, query, token, contentType string
	body                                    string
}

// newBundle signs the account in with a token that is good for an hour. The
// identity provider renews "access-1" to "access-2" and so on.
func newBundle(t *testing.T) *bundle {
	t.Helper()
	b := &bundle{t: t, vault: newVault(), api: http.NewServeMux()}
	server := httptest.NewServer(http.HandlerFunc(b.serve))
	t.Cleanup(server.Close)
	identity := httptest.NewServer(identityMux(t))
	t.Cleanup(identity.Close)
	b.target = vismanet.New(vismanet.Config{
		Identity: identity.URL, API: server.URL, ClientID: "program",
		HTTP:  testHTTP(),
		Clock: func() time.Time { return testNow },
	})
	b.access = target.Access{Account: model.Account{ID: 7, Target: vismanet.ID}, Vault: b.vault}
	b.vault.kept[7] = model.Credentials{
		oauth.FieldAccessToken:  "access-1",
		oauth.FieldRefreshToken: "refresh-1",
		oauth.FieldExpires:      model.Secret(testNow.Add(time.Hour).Format(time.RFC3339)),
		"administration":        company,
		"company":               "Bakkerij De Halm B.V.",
	}
	return b
}

// testHTTP never leaves this computer and never waits.
func testHTTP() *httpx.Client {
	return httpx.New(httpx.Options{LoopbackOnly: true, Sleep: func(context.Context, time.Duration) error { return nil }})
}

// identityMux is the part of an identity provider that a renewal needs.
func identityMux(t *testing.T) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /.well-known/openid-configuration", func(w http.ResponseWriter, r *http.Request) {
		at := "http://" + r.Host
		write(t, w, `{"issuer":"`+at+`","authorization_endpoint":"`+at+`/a","token_endpoint":"`+at+`/token","jwks_uri":"`+at+`/keys"}`)
	})
	mux.HandleFunc("POST /token", func(w http.ResponseWriter, r *http.Request) {
		switch r.PostFormValue("refresh_token") {
		case "refresh-1":
			write(t, w, `{"access_token":"access-2","refresh_token":"refresh-2","expires_in":3600}`)
		case "refresh-2":
			write(t, w, `{"access_token":"access-3","refresh_token":"refresh-3","expires_in":3600}`)
		default:
			w.WriteHeader(http.StatusBadRequest)
			write(t, w, `{"error":"invalid_grant"}`)
		}
	})
	return mux
}

func write(t *testing.T, w io.Writer, text string) {
	if _, err := io.WriteString(w, text); err != nil {
		t.Errorf("writing an answer: %v", err)
	}
}

func (b *bundle) serve(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		b.t.Error(err)
	}
	b.mu.Lock()
	b.requests = append(b.requests, recorded{
		method: r.Method, path: r.URL.Path, query: r.URL.RawQuery, body: string(body),
		token: strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer "), contentType: r.Header.Get("Content-Type"),
	})
	b.mu.Unlock()
	b.api.ServeHTTP(w, r)
}

// answer gives the same answer to every request of a pattern.
func (b *bundle) answer(pattern string, status int, text string, headers ...string) {
	b.api.HandleFunc(pattern, func(w http.ResponseWriter, _ *http.Request) {
		for i := 0; i < len(headers); i += 2 {
			w.Header().Set(headers[i], headers[i+1])
		}
		w.WriteHeader(status)
		write(b.t, w, text)
	})
}

// seen are the requests of a method so far.
func (b *bundle) seen(method string) (found []recorded) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, r := range b.requests {
		if r.method == method {
			found = append(found, r)
		}
	}
	return found
}

// vault keeps credentials in memory.
type vault struct {
	mu   sync.Mutex
	kept map[int64]model.Credentials
}

func newVault() *vault { return &vault{kept: make(map[int64]model.Credentials)} }

func (v *vault) Credentials(_ context.Context, account int64) (model.Credentials, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	c := model.Credentials{}
	maps.Copy(c, v.kept[account])
	return c, nil
}

func (v *vault) SaveCredentials(_ context.Context, account int64, c model.Credentials) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.kept[account] = maps.Clone(c)
	return nil
}

func (*vault) Only(ctx context.Context, _ string, fn func(context.Context) error) error {
	return fn(ctx)
}

// samplePayroll reads the sample journal: a run of March 2026 that corrects
// January and February.
func samplePayroll(t *testing.T) *journal.Journal {
	t.Helper()
	text, err := os.ReadFile("testdata/payroll.xml")
	if err != nil {
		t.Fatal(err)
	}
	var raw struct {
		Transactions []struct {
			Date   string `xml:"header>date"`
			Period string `xml:"header>period"`
			Lines  []struct {
				Account string `xml:"dim1"`
				Centre  string `xml:"dim2"`
				Unit    string `xml:"dim3"`
				Value   string `xml:"value"`
				Side    string `xml:"debitcredit"`
				Text    string `xml:"description"`
			} `xml:"lines>line"`
		} `xml:"transaction"`
	}
	if err := xml.Unmarshal(text, &raw); err != nil {
		t.Fatal(err)
	}
	j := &journal.Journal{}
	for _, r := range raw.Transactions {
		period, err := journal.ParsePeriod(r.Period)
		if err != nil {
			t.Fatal(err)
		}
		date, err := journal.ParseDate(r.Date)
		if err != nil {
			t.Fatal(err)
		}
		tr := journal.Transaction{Period: period, Date: date}
		for _, l := range r.Lines {
			amount, err := journal.ParseAmount(l.Value)
			if err != nil {
				t.Fatal(err)
			}
			if l.Side == "credit" {
				amount = -amount
			}
			tr.Lines = append(tr.Lines, journal.Line{LedgerAccount: l.Account, CostCentre: l.Centre, CostUnit: l.Unit, Amount: amount, Text: l.Text})
		}
		j.Transactions = append(j.Transactions, tr)
	}
	if len(j.Transactions) != 3 {
		t.Fatalf("%d transactions in the sample", len(j.Transactions))
	}
	return j
}

// sampleDraft is a part of the sample, mapped with both dimensions.
func sampleDraft(part journal.Part) target.Draft {
	return target.Draft{
		Company: model.Company{Currency: "EUR", Country: "NL"},
		Run:     model.Run{Description: "Lonen maart", Reference: "LR-2026-003"},
		Mapping: model.Mapping{
			Target:         vismanet.ID,
			Administration: model.Administration{Code: company, Name: "Bakkerij De Halm B.V."},
			CostCentre:     model.DimensionRule{Use: true, Dimension: "1", Name: "Kostenplaats"},
			CostUnit:       model.DimensionRule{Use: true, Dimension: "2", Name: "Kostendrager"},
		},
		Part: part,
		Key:  testKey,
	}
}

// The reference data of the sample company, as the API gives them.
const (
	organizationJSON = `[{"organizationCd":"1","organizationId":1,"name":"Bakkerij De Halm B.V.","baseCurrency":{"id":"EUR"},"defaultCountry":{"id":"NL","name":"Netherlands"}}]`
	segmentsJSON     = `{"id":"SUBACCOUNT","length":5,"segments":[
 {"segmentId":1,"description":"Kostenplaats","length":3,"validate":true,"segmentValues":[
  {"segmentId":1,"valueId":"000","description":"Geen","active":true},{"valueId":"100","description":"Kantoor","active":true},
  {"valueId":"200","description":"Bakkerij","active":true},{"valueId":"300","description":"Winkels","active":true},
  {"valueId":"900","description":"Oud","active":false}]},
 {"segmentId":2,"description":"Kostendrager","length":2,"validate":true,"segmentValues":[
  {"valueId":"00","description":"Geen","active":true},{"valueId":"A1","description":"Brood","active":true},{"valueId":"B2","description":"Banket","active":true}]}]}`
	periodsJSON = `[
 {"year":2026,"period":"01","startDate":"2026-01-01T00:00:00","endDate":"2026-01-31T00:00:00","active":true,"closedInGeneralLedger":false},
 {"year":2026,"period":"02","startDate":"2026-02-01T00:00:00","endDate":"2026-02-28T00:00:00","active":true,"closedInGeneralLedger":false},
 {"year":2026,"period":"03","startDate":"2026-03-01T00:00:00","endDate":"2026-03-31T00:00:00","active":true,"closedInGeneralLedger":false},
 {"year":2025,"period":"12","startDate":"2025-12-01T00:00:00","endDate":"2025-12-31T00:00:00","active":true,"closedInGeneralLedger":true}]`
)

// accountsJSON is the chart of the sample company.
func accountsJSON() string {
	var rows []string
	for _, code := range []string{"4000", "4010", "4050", "4060", "4070"} {
		rows = append(rows, `{"accountCD":"`+code+`","type":"Expense","active":true,"description":"Kosten","useDefaultSub":false,"allowManualEntry":true}`)
	}
	for _, code := range []string{"1700", "1710", "1720", "1730"} {
		rows = append(rows, `{"accountCD":"`+code+`","type":"Liability","active":true,"description":"Balans","useDefaultSub":false,"allowManualEntry":true}`)
	}
	rows = append(rows,
		`{"accountCD":"4999","type":"Expense","active":false,"description":"Oud","allowManualEntry":true}`,
		`{"accountCD":"1300","type":"Asset","active":true,"description":"Debiteuren","allowManualEntry":false}`,
		`{"accountCD":"4800","type":"Expense","active":true,"description":"Algemeen","useDefaultSub":true}`)
	return "[" + strings.Join(rows, ",") + "]"
}

// withReference lets the server give the sample company's reference data.
func (b *bundle) withReference() {
	b.answer("GET /v1/organization", 200, organizationJSON)
	b.answer("GET /v1/account", 200, accountsJSON())
	b.answer("GET /v1/dimension/SUBACCOUNT", 200, segmentsJSON)
	b.answer("GET /v1/financialPeriod", 200, periodsJSON)
}

// reference fetches the sample company's reference data.
func (b *bundle) reference() *model.Reference {
	b.t.Helper()
	b.withReference()
	ref, err := b.target.Reference(b.t.Context(), b.access, company)
	if err != nil {
		b.t.Fatal(err)
	}
	return ref
}

// wantProblem checks the code and the action of an error.
func wantProblem(t *testing.T, err error, code string, action model.Action) *model.Problem {
	t.Helper()
	if err == nil {
		t.Fatalf("no error, want %s", code)
	}
	p := model.ProblemOf(err)
	if p.Code != code || p.Action != action {
		t.Errorf("problem %v with action %q, want %s with %q", p, p.Action, code, action)
	}
	return p
}
