package procountor_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"loonbrug/data/journal"
	"loonbrug/data/model"
	"loonbrug/integration/httpx"
	"loonbrug/integration/procountor"
	"loonbrug/integration/target"
)

// vault keeps the credentials of one account.
type vault model.Credentials

func (v vault) Credentials(context.Context, int64) (model.Credentials, error) {
	return model.Credentials(v), nil
}

func (v vault) SaveCredentials(context.Context, int64, model.Credentials) error { return nil }

func (vault) Only(ctx context.Context, _ string, fn func(context.Context) error) error {
	return fn(ctx)
}

// access is an account with a key.
func access(key model.Secret) target.Access {
	return target.Access{
		Account: model.Account{ID: 1, Target: procountor.ID, Settings: map[string]string{"way": "api_key", "client_id": "practice-procountor"}},
		Vault:   vault{"client_secret": "practice-secret", "api_key": key},
	}
}

// clock is set by hand.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// at is the target at an address; it never leaves this computer and never
// really sleeps.
func at(address string, now func() time.Time) *procountor.Target {
	return procountor.New(procountor.Config{
		Address: address,
		Clock:   now,
		HTTP: httpx.New(httpx.Options{
			Timeout:      2 * time.Second,
			LoopbackOnly: true,
			Sleep:        func(ctx context.Context, _ time.Duration) error { return ctx.Err() },
		}),
	})
}

// system is a scripted Procountor: tokens and session are good, everything else
// is answered by the handler. Paths are below "/api".
type system struct {
	test    *testing.T // told of a request that the OpenAPI document does not allow
	handler http.HandlerFunc
	mu      sync.Mutex
	tokens  int // given out
	valid   int // the number of the only good token; zero is the latest
	status  int // of the token call; zero is 200
	forms   []string
}

func (s *system) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if err := contract(r); err != nil {
		s.test.Errorf("%s %s: %v", r.Method, r.URL, err)
	}
	path := strings.TrimPrefix(r.URL.Path, "/api")
	switch {
	case path == "/oauth/token":
		s.token(w, r)
	case !s.signedIn(r):
		say(w, 401, `{"errors":[{"status":401,"message":"Unauthorized"}]}`)
	case path == "/sessioninfo":
		say(w, 200, `{"companyId":103,"name":"Bakkerij De Halm B.V.","country":"NETHERLANDS","userName":"API"}`)
	default:
		s.handler(w, r)
	}
}

func (s *system) token(w http.ResponseWriter, r *http.Request) {
	_ = r.ParseForm()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.forms = append(s.forms, r.Header.Get("Content-Type")+" "+r.PostForm.Encode())
	if s.status != 0 {
		say(w, s.status, `{"error":"invalid_client"}`)
		return
	}
	s.tokens++
	say(w, 200, `{"access_token":"`+strings.Repeat("t", s.tokens)+`","token_type":"bearer","expires_in":3600}`)
}

func (s *system) signedIn(r *http.Request) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	valid := s.valid
	if valid == 0 {
		valid = s.tokens
	}
	return r.Header.Get("Authorization") == "Bearer "+strings.Repeat("t", valid)
}

func (s *system) given() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.tokens
}

// start serves a system.
func start(t *testing.T, handler http.HandlerFunc) (*system, *procountor.Target) {
	t.Helper()
	s := &system{test: t, handler: handler}
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	return s, at(server.URL+"/api", nil)
}

func say(w http.ResponseWriter, status int, body string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(body))
}

func answer(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { say(w, status, body) }
}

// sample is a payroll run of March 2026 with corrections of January and
// February.
func sample(t *testing.T) *journal.Journal {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", "journal.json"))
	if err != nil {
		t.Fatal(err)
	}
	var j journal.Journal
	if err := json.Unmarshal(data, &j); err != nil {
		t.Fatal(err)
	}
	return &j
}

func draft(part journal.Part) target.Draft {
	return target.Draft{
		Company: model.Company{Number: "12", Name: "Bakkerij De Halm B.V.", Country: "NL", Currency: "EUR"},
		Run:     model.Run{Description: "Salarissen maart 2026", Reference: "R12-2026-03"},
		Mapping: model.Mapping{
			Target:         procountor.ID,
			Administration: model.Administration{Code: "103", Name: "Bakkerij De Halm B.V."},
			CostCentre:     model.DimensionRule{Use: true, Name: "Kostenplaats"},
			CostUnit:       model.DimensionRule{Use: true, Name: "Kostendrager"},
		},
		Part: part,
		Key:  "LBABCDEFGH" + [...]string{"AA", "AB", "AC"}[part.Period.Number%3],
	}
}

// small is an entry of two lines.
func small() target.Delivery {
	return target.Delivery{Entry: model.Entry{
		Target: procountor.ID, Administration: "103", Key: "LBABCDEFGHAA", Currency: "EUR",
		Description: "R12 LBABCDEFGHAA 2026-03 Salarissen",
		Period:      journal.Period{Year: 2026, Number: 3},
		Date:        journal.Date{Year: 2026, Month: time.March, Day: 31},
		Extra:       map[string]string{"vat_processing": "NETHERLANDS"},
		Lines: []model.EntryLine{
			{LedgerAccount: "4000", Amount: 123456, Text: "Bruto lonen", Dimensions: []model.DimensionCode{{Dimension: "501", Value: "9001", Code: "100"}}},
			{LedgerAccount: "1700", Amount: -123456, Text: "Af te dragen"},
		},
	}}
}

func code(p *model.Problem) string {
	if p == nil {
		return ""
	}
	return p.Code
}

func codes(problems []*model.Problem) []string {
	var all []string
	for _, p := range problems {
		all = append(all, p.Code)
	}
	return all
}

// serveWith serves a system to a target with a clock.
func serveWith(t *testing.T, s *system, now *clock) *procountor.Target {
	t.Helper()
	s.test = t
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	return at(server.URL+"/api", now.Now)
}
