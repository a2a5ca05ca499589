package procountor_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"loonbrug/integration/practice/procountor"
)

// FuzzReceipt sends any body: it is stored or refused, and nothing else.
func FuzzReceipt(f *testing.F) {
	f.Add(receipt())
	f.Add(`{"transactions":[{"accountingValue":1e99,"dimensionItemValues":[null]},null]}`)
	f.Add(`null`)
	server, err := procountor.New(procountor.Options{})
	if err != nil {
		f.Fatal(err)
	}
	b := &bench{server: server}
	web := httptest.NewServer(server.Handler())
	f.Cleanup(web.Close)
	b.url = web.URL
	f.Fuzz(func(t *testing.T, body string) {
		b.t = t
		if b.token == "" {
			b.signIn(procountor.APIKey(103))
		}
		before := len(server.Journals())
		r := httptest.NewRequest(http.MethodPost, "/api/ledgerreceipts", strings.NewReader(body))
		r.Header.Set("Authorization", "Bearer "+b.token)
		r.Header.Set("Content-Type", "application/json")
		w := httptest.NewRecorder()
		server.Handler().ServeHTTP(w, r)
		booked := len(server.Journals()) - before
		if w.Code != http.StatusOK && w.Code != http.StatusBadRequest || (w.Code == http.StatusOK) != (booked == 1) {
			t.Errorf("status %d, %d booked: %s", w.Code, booked, w.Body)
		}
	})
}
