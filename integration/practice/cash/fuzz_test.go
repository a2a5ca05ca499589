package cash_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"loonbrug/integration/practice/cash"
)

// FuzzImport sends any body: the answer is one of those an import has.
func FuzzImport(f *testing.F) {
	f.Add(`{"admin":"halm","format":0,"content":{"cash":[` + record() + `,` + counter() + `]}}`)
	f.Add(`{"admin":"halm","content":{"cash":{"R0301":{"0":{"F0901":"SAL"},"x":{}}}}}`)
	f.Add(`{"admin":"halm","content":{"cash":[{"R301":[null]},null]}}`)
	f.Fuzz(func(t *testing.T, body string) {
		server, err := cash.New(cash.Options{})
		if err != nil {
			t.Fatal(err)
		}
		r := httptest.NewRequest(http.MethodPost, "/api/4.0/import", strings.NewReader(body))
		r.Header.Set("Authorization", cash.KeyAll)
		w := httptest.NewRecorder()
		server.Handler().ServeHTTP(w, r)
		booked := len(server.Journals())
		if w.Code != http.StatusCreated && w.Code != http.StatusBadRequest && w.Code != http.StatusForbidden || (w.Code == http.StatusCreated) != (booked > 0) {
			t.Errorf("status %d, %d booked", w.Code, booked)
		}
	})
}
