package procountor_test

import (
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/legacy"
)

// document is Procountor's OpenAPI document, as the practice system has it too.
var document = sync.OnceValues(func() (routers.Router, error) {
	data, err := os.ReadFile(filepath.Join("..", "practice", "procountor", "openapi.json"))
	if err != nil {
		return nil, err
	}
	d, err := openapi3.NewLoader().LoadFromData(data)
	if err != nil {
		return nil, err
	}
	d.Servers = openapi3.Servers{{URL: "/api"}}
	return legacy.NewRouter(d)
})

// contract proves that a request is one that the document allows. Tokens stand
// outside of it.
func contract(r *http.Request) error {
	if r.URL.Path == "/api/oauth/token" {
		return nil
	}
	router, err := document()
	if err != nil {
		return err
	}
	route, params, err := router.FindRoute(r)
	if err != nil {
		return err
	}
	err = openapi3filter.ValidateRequest(r.Context(), &openapi3filter.RequestValidationInput{
		Request: r, PathParams: params, Route: route,
		Options: &openapi3filter.Options{MultiError: true, SkipSettingDefaults: true, AuthenticationFunc: openapi3filter.NoopAuthenticationFunc},
	})
	if err != nil {
		return err
	}
	for name := range r.URL.Query() {
		if route.Operation.Parameters.GetByInAndName("query", name) == nil {
			return errors.New("the document knows no parameter " + name)
		}
	}
	return nil
}

// The check bites: what the document does not allow is found.
func TestContract(t *testing.T) {
	for _, c := range []struct{ method, address, body string }{
		{"GET", "/api/nonsense", ""},
		{"GET", "/api/ledgerreceipts?name=LB", ""},
		{"PUT", "/api/ledgerreceipts/x/approve", ""},
		{"POST", "/api/ledgerreceipts/1/approve", ""},
		{"POST", "/api/ledgerreceipts", `{"type":"JOURNAL"}`},
	} {
		r, err := http.NewRequestWithContext(t.Context(), c.method, "http://127.0.0.1"+c.address, strings.NewReader(c.body))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/json")
		if contract(r) == nil {
			t.Errorf("%s %s %s was taken", c.method, c.address, c.body)
		}
	}
}
