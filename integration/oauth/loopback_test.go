package oauth

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"testing/synctest"
	"time"
)

// waiting is a sign-in behind a door that nobody serves.
func waiting() (*loopback, *door) {
	ds := &doors{}
	d := &door{doors: ds, server: &http.Server{}, served: make(chan struct{})}
	close(d.served)
	l := &loopback{
		host: "127.0.0.1:1", path: "/callback", last: "/signed-in/x", state: "state-1", texts: textsIn("en"),
		answers: make(chan url.Values, 1), pages: make(chan page, 1), shown: make(chan struct{}),
	}
	d.enter(l)
	return l, d
}

func ask(d *door, path string) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	d.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "http://127.0.0.1:1"+path, nil))
	return w
}

// A tab that is closed between its answer and its page holds up the end for a
// few seconds and no longer.
func TestLoopback_TabClosedOnItsWay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, d := waiting()
		w := ask(d, "/callback?state=state-1&code=c")
		if w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/signed-in/x" ||
			w.Header().Get("Referrer-Policy") != "no-referrer" || w.Header().Get("Cache-Control") != "no-store" {
			t.Fatalf("answer %d %v", w.Code, w.Header())
		}
		began := time.Now()
		l.end(page{})
		if took := time.Since(began); took != followTime {
			t.Errorf("waited %s", took)
		}
	})
}

// The last page is for the browser that brought the answer, once.
func TestLoopback_LastPageOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, d := waiting()
		ask(d, "/callback?state=state-1&code=c")
		first := make(chan int)
		go func() { first <- ask(d, "/signed-in/x").Code }()
		synctest.Wait()
		if w := ask(d, "/signed-in/x"); w.Code != http.StatusBadRequest {
			t.Errorf("second visitor: %d", w.Code)
		}
		go l.end(page{kind: pageSuccess, company: "Halm"})
		if code := <-first; code != http.StatusOK {
			t.Errorf("first visitor: %d", code)
		}
		synctest.Wait()
		if w := ask(d, "/signed-in/x"); w.Code != http.StatusNotFound {
			t.Errorf("afterwards: %d", w.Code)
		}
	})
}

// Whatever a browser asks for, nothing is taken but one well-formed answer with
// the state.
func FuzzCallback(f *testing.F) {
	f.Add("/callback", "state=state-1&code=c")
	f.Add("/callback", "state=state-1&state=x&code=c")
	f.Add("/callback", "state=state-1&code=c;d")
	f.Add("/signed-in/x", "")
	f.Fuzz(func(t *testing.T, path, query string) {
		l, d := waiting()
		close(l.shown)
		l.seen.Store(true) // nobody waits for a page here
		r := httptest.NewRequest(http.MethodGet, "http://127.0.0.1:1/", nil)
		r.URL.Path, r.URL.RawQuery = path, query
		d.ServeHTTP(httptest.NewRecorder(), r)
		values, err := url.ParseQuery(query)
		right := err == nil && path == "/callback" && len(values["state"]) == 1 && values["state"][0] == "state-1" &&
			len(values["code"]) < 2 && len(values["error"]) < 2 && len(values["iss"]) < 2
		if l.used.Load() != right {
			t.Errorf("%s?%s taken: %v", path, query, !right)
		}
	})
}
