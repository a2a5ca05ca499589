package nmbrs_test

import (
	"encoding/xml"
	"net/http/httptest"
	"strings"
	"testing"

	"loonbrug/integration/practice/nmbrs"
)

// FuzzEnvelope: whatever is sent, an envelope that can be read comes back, and
// nothing changes.
func FuzzEnvelope(f *testing.F) {
	for _, name := range []string{"Environment_Get", "List_GetByDebtor", "Journals_GetByRunCostCenterCostUnitPerYear", "soap12"} {
		f.Add(testdata(f, name+".xml"))
	}
	server, err := nmbrs.New(nmbrs.Options{Clock: clock, PerSecond: -1})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, body string) {
		r := httptest.NewRequest("POST", "/soap/v3/CompanyService.asmx", strings.NewReader(body))
		r.Header.Set("Content-Type", "text/xml")
		w := httptest.NewRecorder()
		server.Handler().ServeHTTP(w, r)
		var e struct {
			Body struct {
				XML string `xml:",innerxml"`
			} `xml:"Body"`
		}
		if err := xml.Unmarshal(w.Body.Bytes(), &e); err != nil || e.Body.XML == "" {
			t.Errorf("%d %v: %s", w.Code, err, w.Body)
		}
		if len(server.Runs(nmbrs.DeHalm)) != 24 {
			t.Error("the books changed")
		}
	})
}
