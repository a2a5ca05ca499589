package cash_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"loonbrug/data/model"
	"loonbrug/integration/cash"
	"loonbrug/integration/target"
)

// listing adds a list of administrations to the recorded service.
func listing(wsdl string) string {
	return strings.NewReplacer(
		`</portType>`, `<operation name="listAdministrations"><input message="l"/></operation></portType>`,
		`</binding>`, `<operation name="listAdministrations"><soap:operation soapAction="listAdministrations"/></operation></binding>`,
		`<portType`, `<message name="l"><part name="email"/></message><portType`).Replace(wsdl)
}

// What a service says of itself, and its list, are asked for once an hour, after
// a failure that could come from their being old, and for other settings.
func TestSOAP_DescriptionIsKept(t *testing.T) {
	var described, listed atomic.Int32
	var failing atomic.Bool
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.Method == http.MethodGet:
			described.Add(1)
			_, _ = w.Write([]byte(listing(recordedWSDL)))
		case r.Header.Get("SOAPAction") == `"listAdministrations"`:
			listed.Add(1)
			_, _ = w.Write([]byte(soapAnswer("listAdministrations", 1, "Success",
				`<administrationList><administration><admCode>halm</admCode><admMap>1012</admMap><name>De Halm</name></administration></administrationList>`)))
		case failing.Load():
			http.Error(w, "moved", http.StatusNotFound)
		default:
			_, _ = w.Write([]byte(soapAnswer("export", 1, "Success", exported("<cash></cash>"))))
		}
	}))
	t.Cleanup(server.Close)
	now := time.Date(2026, time.April, 1, 12, 0, 0, 0, time.UTC)
	c := cash.New(cash.Config{HTTP: client(), PerMinute: -1, Clock: func() time.Time { return now }})
	a := login(server.URL, "api@praktijk.example", "geheim")
	read := func(want string, descriptions, lists int32) {
		t.Helper()
		_, err := c.Reference(t.Context(), a, "halm")
		if got := code(model.ProblemOf(err)); got != want || described.Swap(0) != descriptions || listed.Swap(0) != lists {
			t.Errorf("got %q, want %q after %d descriptions and %d lists", got, want, descriptions, lists)
		}
	}
	read("", 1, 1)
	read("", 0, 0)
	now = now.Add(59 * time.Minute)
	read("", 0, 0)
	now = now.Add(time.Minute)
	read("", 1, 1)
	failing.Store(true)
	read("cash.wrong_address", 0, 0)
	failing.Store(false)
	read("", 1, 1)
	a.Account.Settings["email"] = "other@praktijk.example"
	read("", 1, 1)
	other := a
	other.Account.ID = 2
	a = other
	read("", 1, 1)
}

// Calls of one account at the same time share what is known.
func TestSOAP_DescriptionIsShared(t *testing.T) {
	c, a := recorded(t, soapAnswer("import", 1, "Success", transaction(2)))
	var calls sync.WaitGroup
	for range 8 {
		calls.Go(func() {
			if _, err := c.Reference(t.Context(), a, "halm"); err != nil {
				t.Error(err)
			}
			if o := c.Post(t.Context(), a, small()); o.Class != target.Accepted {
				t.Errorf("post: %+v", o)
			}
		})
	}
	calls.Wait()
}
