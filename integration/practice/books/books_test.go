package books_test

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"loonbrug/integration/practice/books"
)

func TestAFileKeepsWhatWasSaved(t *testing.T) {
	path := filepath.Join(t.TempDir(), "books.json")
	var v map[string]int
	f, err := books.Load(path, &v)
	if err != nil || v != nil {
		t.Fatalf("%v %v", v, err)
	}
	for n := range 3 {
		if err := f.Save(map[string]int{"n": n}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := books.Load(path, &v); err != nil || v["n"] != 2 {
		t.Errorf("%v %v", v, err)
	}
	if left, _ := os.ReadDir(filepath.Dir(path)); len(left) != 1 {
		t.Errorf("files left: %v", left)
	}
	if err := os.WriteFile(path, []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := books.Load(path, &v); err == nil {
		t.Error("half a file was read")
	}
	if f, err := books.Load("", &v); err != nil || f.Save(v) != nil {
		t.Errorf("no file: %v", err)
	}
}

func TestAFaultAppliesAsOftenAsItWasSet(t *testing.T) {
	f := books.NewFaults(books.Fault{ID: "a"}, books.Fault{ID: "b"})
	if f.Set("c", 1) || f.SetBookings("c", 1) || f.Take("c") {
		t.Error("an unknown fault was set")
	}
	f.Set("a", 2)
	if !f.Take("a") || !f.TakeBooking("a") || f.Take("a") || f.Take("b") {
		t.Error("a counted wrongly")
	}
	f.SetBookings("a", 1)
	if f.Take("a") || !f.TakeBooking("a") || f.TakeBooking("a") {
		t.Error("a fault for bookings hit something else")
	}
	f.Set("b", -1)
	f.SetBookings("b", -1)
	for range 9 {
		if !f.Take("b") {
			t.Error("b was switched off")
		}
	}
	f.Set("b", 0)
	if f.Take("b") || f.TakeBooking("b") {
		t.Error("b is still on")
	}
}

func TestTheControlBoardTakesForms(t *testing.T) {
	f := books.NewFaults(books.Fault{ID: "a", Text: "A."})
	web := httptest.NewServer(f)
	defer web.Close()
	post := func(form url.Values) int {
		response, err := http.PostForm(web.URL, form)
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		return response.StatusCode
	}
	if post(url.Values{"fault": {"a"}}) != 200 || !f.Take("a") || f.Take("a") {
		t.Error("not switched on once")
	}
	if post(url.Values{"fault": {"a"}, "times": {"2"}, "only": {"bookings"}}) != 200 || f.Take("a") || !f.TakeBooking("a") {
		t.Error("not switched on for bookings")
	}
	if post(url.Values{"fault": {"b"}}) != 404 || post(url.Values{"fault": {"a"}, "times": {"x"}}) != 400 {
		t.Error("nonsense was taken")
	}
	if s := f.Status(); s[0].Left != 0 || s[0].Bookings != 1 {
		t.Errorf("status %+v", s)
	}
}

func TestBookingsAreCountedByKey(t *testing.T) {
	count := books.CountByKey([]books.Journal{
		{Text: "2026-02 LBABCDEFGHIJ"},
		{Text: "LBABCDEFGHIJ"},
		{Text: "LBABCDEFGHIJ", Void: true},
		{Text: "LBABCDEFGHIJK"},
		{Text: "xLBABCDEFGHIJ"},
		{Text: "SAL/26/000101"},
	})
	if count["LBABCDEFGHIJ"] != 2 || count["SAL/26/000101"] != 1 || len(count) != 4 {
		t.Errorf("%v", count)
	}
}

// TestFaultsLeaveTheRightTraces sees from outside what each fault does: whether
// the work was done, and what comes back.
func TestFaultsLeaveTheRightTraces(t *testing.T) {
	tests := []struct {
		fault   string
		booking bool // does a booking suffer
		reading bool // does a reading suffer
		done    bool
		status  int // 0 is a broken connection
	}{
		{books.FaultUnauthorized, true, true, false, 401},
		{books.FaultThrottle, true, true, false, 429},
		{books.FaultThrottleDate, true, true, false, 429},
		{books.FaultHTML, true, true, false, 200},
		{books.FaultErrorBefore, true, false, false, 500},
		{books.FaultErrorAfter, true, false, true, 500},
		{books.FaultDropBefore, true, false, false, 0},
		{books.FaultDropAfter, true, false, true, 0},
		{books.FaultCut, true, true, true, 0},
		{books.FaultSlow, true, true, true, 201},
	}
	for _, test := range tests {
		for method, suffers := range map[string]bool{http.MethodPost: test.booking, http.MethodGet: test.reading} {
			t.Run(test.fault+" "+method, func(t *testing.T) {
				done, status, body := misbehave(t, test.fault, method)
				want, wantDone := test.status, test.done
				if !suffers {
					want, wantDone = http.StatusCreated, true
				}
				if status != want || done != wantDone {
					t.Errorf("done %v, status %d, body %q", done, status, body)
				}
				if test.fault == books.FaultHTML && !strings.Contains(body, "<html>") {
					t.Errorf("no page: %q", body)
				}
			})
		}
	}
}

// misbehave sends one request on a bad day.
func misbehave(t *testing.T, fault, method string) (done bool, status int, body string) {
	t.Helper()
	f := books.NewFaults(books.CommonFaults()...)
	f.Set(fault, 1)
	web := httptest.NewServer(books.Misbehave(books.Behaviour{
		Faults: f, Log: slog.New(slog.DiscardHandler), Delay: time.Millisecond, RetryAfter: time.Second, Clock: time.Now,
		Books:  func(r *http.Request) bool { return r.Method == http.MethodPost },
		Refuse: func(w http.ResponseWriter, status int) { w.WriteHeader(status) },
	}, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		done = true
		w.WriteHeader(http.StatusCreated)
		_, _ = io.WriteString(w, "a whole answer")
	})))
	defer web.Close()
	r, err := http.NewRequestWithContext(t.Context(), method, web.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		return done, 0, ""
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return done, 0, string(text)
	}
	return done, response.StatusCode, string(text)
}

func TestRetryAfterComesInBothForms(t *testing.T) {
	now := time.Date(2026, 4, 2, 9, 0, 0, 0, time.UTC)
	for fault, want := range map[string]string{books.FaultThrottle: "90", books.FaultThrottleDate: "Thu, 02 Apr 2026 09:01:30 GMT"} {
		f := books.NewFaults(books.CommonFaults()...)
		f.Set(fault, 1)
		w := httptest.NewRecorder()
		books.Misbehave(books.Behaviour{
			Faults: f, Log: slog.New(slog.DiscardHandler), RetryAfter: 90 * time.Second, Clock: func() time.Time { return now },
			Books:  func(*http.Request) bool { return false },
			Refuse: func(w http.ResponseWriter, status int) { w.WriteHeader(status) },
		}, http.NotFoundHandler()).ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/", nil))
		if got := w.Header().Get("Retry-After"); w.Code != http.StatusTooManyRequests || got != want {
			t.Errorf("%s: %d %q", fault, w.Code, got)
		}
	}
}

func TestAPageEscapesWhatItShows(t *testing.T) {
	w := httptest.NewRecorder()
	books.Render(w, books.Page{
		Title: "<b>", Control: "/control", Faults: []books.FaultStatus{{Fault: books.Fault{ID: "a", Text: "A."}, Left: 1}},
		Tables: books.JournalTables([]books.Journal{{Number: "<i>", Lines: []books.Line{{Account: "4000", Amount: 1}, {Account: "1720", Amount: -1}}}}),
	})
	page := w.Body.String()
	if strings.Contains(page, "<b>") || strings.Contains(page, "<i>") || !strings.Contains(page, "0.01") {
		t.Error(page)
	}
}

func TestAPageOffersActions(t *testing.T) {
	w := httptest.NewRecorder()
	lock := books.Action{Text: "Lock", Path: "/office", Values: []books.Value{{Name: "run", Value: `7"`}}}
	books.Render(w, books.Page{
		Tables:  []books.Table{{Rows: [][]string{{"a"}, {"b"}}, Actions: [][]books.Action{{lock}}}},
		Actions: []books.Action{{Text: "Add", Path: "/office", Values: []books.Value{{Name: "name", Label: "Name", Ask: true}}}},
	})
	page := w.Body.String()
	for part, want := range map[string]int{
		`<input type="hidden" name="run" value="7&#34;">`: 1, `<label>Name <input name="name" value=""></label>`: 1, `action="/office"`: 2, "<td>a</td><td><form": 1, "<td>b</td></tr>": 1,
	} {
		if n := strings.Count(page, part); n != want {
			t.Errorf("%s stands there %d times: %s", part, n, page)
		}
	}
}
