package nmbrs_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/legacy"

	"loonbrug/data/model"
	"loonbrug/integration/httpx"
	"loonbrug/integration/nmbrs"
	"loonbrug/integration/payrollfile"
	practice "loonbrug/integration/practice/nmbrs"
	"loonbrug/integration/source"
	"loonbrug/integration/target"
)

// paths is the document of the REST API, as far as it is known.
var paths = sync.OnceValues(func() (routers.Router, error) {
	data, err := os.ReadFile("testdata/rest.json")
	if err != nil {
		return nil, err
	}
	d, err := openapi3.NewLoader().LoadFromData(data)
	if err != nil {
		return nil, err
	}
	d.Servers = openapi3.Servers{{URL: "/"}}
	return legacy.NewRouter(d)
})

// contract proves that a request and its answer are what the document allows.
func contract(r *http.Request, status int, header http.Header, body []byte) error {
	router, err := paths()
	if err != nil {
		return err
	}
	route, params, err := router.FindRoute(r)
	if err != nil {
		return err
	}
	in := &openapi3filter.RequestValidationInput{
		Request: r, PathParams: params, Route: route,
		Options: &openapi3filter.Options{MultiError: true, AuthenticationFunc: openapi3filter.NoopAuthenticationFunc},
	}
	if err := openapi3filter.ValidateRequest(r.Context(), in); err != nil {
		return err
	}
	for name := range r.URL.Query() {
		if route.Operation.Parameters.GetByInAndName("query", name) == nil {
			return fmt.Errorf("the document knows no parameter %s", name)
		}
	}
	if r.Header.Get("X-Subscription-Key") == "" || !strings.HasPrefix(r.Header.Get("Authorization"), "Bearer ") {
		return fmt.Errorf("no key or token")
	}
	if status != http.StatusOK {
		return nil
	}
	return openapi3filter.ValidateResponse(r.Context(), (&openapi3filter.ResponseValidationInput{
		RequestValidationInput: in, Status: status, Header: header, Options: in.Options,
	}).SetBodyBytes(body))
}

// person signs in on the page that the browser opens.
type person struct {
	t        *testing.T
	decision string
}

func (p person) Language() string { return "nl" }

func (p person) Open(_ context.Context, address string) error {
	go func() {
		u, err := url.Parse(address)
		if err != nil {
			p.t.Error(err)
			return
		}
		form := u.Query()
		form.Set("email", practice.DebtorUser)
		form.Set("password", practice.Password)
		form.Set("decision", p.decision)
		u.RawQuery = ""
		answer, err := http.PostForm(u.String(), form) // and back to the program, as a browser does
		if err != nil {
			p.t.Error(err)
			return
		}
		answer.Body.Close()
	}()
	return nil
}

// listed serves the practice system with every REST request held against the
// document, and gives an account with the REST API.
func listed(t *testing.T, now func() time.Time) (*practice.Server, *nmbrs.System, target.Access) {
	t.Helper()
	server, err := practice.New(practice.Options{Delay: time.Second, Clock: now})
	if err != nil {
		t.Fatal(err)
	}
	real := server.Handler()
	h := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.HasPrefix(r.URL.Path, practice.RESTPath) {
			real.ServeHTTP(w, r)
			return
		}
		r.Header.Del("Accept-Encoding") // the document is about the plain answer
		answer := httptest.NewRecorder()
		real.ServeHTTP(answer, r)
		if err := contract(r, answer.Code, answer.Header(), answer.Body.Bytes()); err != nil {
			t.Errorf("%s %s: %v", r.Method, r.URL, err)
		}
		for name, values := range answer.Header() {
			w.Header()[name] = values
		}
		w.WriteHeader(answer.Code)
		_, _ = w.Write(answer.Body.Bytes())
	}))
	t.Cleanup(h.Close)
	door := httptest.NewServer(http.NotFoundHandler()) // a port that is free
	redirect := door.URL + "/callback"
	door.Close()
	system := nmbrs.New(nmbrs.Config{
		Address: h.URL, HTTP: httpx.New(httpx.Options{Timeout: 5 * time.Second, LoopbackOnly: true}), Files: payrollfile.New(), PerSecond: -1, Pause: time.Nanosecond,
	})
	return server, system, target.Access{
		Account: model.Account{ID: 1, Target: nmbrs.ID, Settings: map[string]string{"api": "rest", "client_id": practice.ClientID, "redirect": redirect}},
		Vault:   &vault{model.Credentials{"client_secret": practice.ClientSecret, "subscription_key": practice.SubscriptionKey}},
	}
}

// With the REST API companies and runs are listed; a file stands in for journals.
func TestREST_Lists(t *testing.T) {
	server, system, a := listed(t, nil)
	ctx := t.Context()
	if _, err := system.Companies(ctx, a); model.ProblemOf(err).Code != "signin.needed" {
		t.Errorf("before signing in: %v", err)
	}
	who, err := system.Connect(ctx, a, person{t, "allow"})
	if err != nil || who.Company == "" {
		t.Fatalf("%+v, %v", who, err)
	}
	companies, err := system.Companies(ctx, a)
	if err != nil || len(companies) == 0 {
		t.Fatalf("%v, %v", companies, err)
	}
	var wanted int
	for _, c := range server.Companies() {
		if c.Debtor == practice.HalmGroep {
			wanted++
		}
	}
	if len(companies) != wanted {
		t.Errorf("%d companies, want %d", len(companies), wanted)
	}
	i := slices.IndexFunc(server.Companies(), func(c practice.Company) bool { return c.Name == companies[0].Name })
	runs := server.Runs(server.Companies()[i].ID)
	if len(runs) == 0 {
		t.Fatal("no runs to list")
	}
	got, err := system.Runs(ctx, a, companies[0], runs[0].Year)
	if err != nil || len(got) == 0 || got[0].Year != runs[0].Year || got[0].SourceID == "" || got[0].RunAt.IsZero() {
		t.Fatalf("%+v, %v", got, err)
	}
	if !slices.IsSortedFunc(got, func(a, b model.Run) int { return a.Number - b.Number }) {
		t.Error("runs are not in order")
	}
	_, err = system.Journal(ctx, a, companies[0], got[0], source.ByCostUnit)
	if p := model.ProblemOf(err); p.Code != "source.file_needed" || p.Params["company"] != companies[0].Name {
		t.Error(err)
	}
	none, err := system.Runs(ctx, a, companies[0], 1999)
	if err != nil || len(none) != 0 {
		t.Errorf("%v, %v", none, err)
	}
	_, err = system.Runs(ctx, a, model.Company{SourceID: "00000000-0000-4000-8000-000000000000"}, 2026)
	if model.ProblemOf(err).Code != "nmbrs.not_found" {
		t.Errorf("a company that is not there: %v", err)
	}
}

// A token that ran out is renewed; one whose sign-in is over asks for another.
func TestREST_Tokens(t *testing.T) {
	now := time.Now()
	server, system, a := listed(t, func() time.Time { return now })
	if _, err := system.Connect(t.Context(), a, person{t, "allow"}); err != nil {
		t.Fatal(err)
	}
	now = now.Add(2 * time.Hour) // the office's own clock does not know
	if _, err := system.Companies(t.Context(), a); err != nil {
		t.Errorf("an old token: %v", err)
	}
	server.Faults().Set(practice.FaultUnavailable, 1)
	if _, err := system.Companies(t.Context(), a); err != nil {
		t.Errorf("a moment's trouble: %v", err)
	}
	server.Faults().Set(practice.FaultUnavailable, 9)
	if _, err := system.Companies(t.Context(), a); model.ProblemOf(err).Code != "nmbrs.unavailable" {
		t.Errorf("trouble that stays: %v", err)
	}
	server.Faults().Set(practice.FaultUnavailable, 0)
	stored, err := a.Vault.Credentials(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	stored["access_token"], stored["refresh_token"] = "x", "y"
	if err := a.Vault.SaveCredentials(t.Context(), 1, stored); err != nil {
		t.Fatal(err)
	}
	if _, err := system.Companies(t.Context(), a); model.ProblemOf(err).Action != model.ActionSignIn {
		t.Errorf("a sign-in that is over: %v", err)
	}
}

func TestREST_Refused(t *testing.T) {
	_, system, a := listed(t, nil)
	if _, err := system.Connect(t.Context(), a, person{t, "deny"}); model.ProblemOf(err).Code != "signin.refused" {
		t.Errorf("denied: %v", err)
	}
	if err := a.Vault.SaveCredentials(t.Context(), 1, model.Credentials{"client_secret": practice.ClientSecret, "subscription_key": "other"}); err != nil {
		t.Fatal(err)
	}
	if _, err := system.Connect(t.Context(), a, person{t, "allow"}); model.ProblemOf(err).Code != "nmbrs.login_refused" {
		t.Errorf("another key: %v", err)
	}
	a.Account.Settings["client_id"] = ""
	if _, err := system.Connect(t.Context(), a, person{t, "allow"}); model.ProblemOf(err).Code != "nmbrs.no_login" {
		t.Errorf("no client: %v", err)
	}
}
