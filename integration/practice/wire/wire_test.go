package wire_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"loonbrug/integration/practice/wire"
)

func pack(t *testing.T, text string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// echo answers with the request as the system behind the front sees it.
var echo = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		http.Error(w, "unreadable", http.StatusBadRequest)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusCreated)
	_, _ = io.WriteString(w, r.Method+" "+r.URL.EscapedPath()+" "+string(body))
})

func ask(t *testing.T, handler http.Handler, method, path string, body []byte, header ...string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequest(method, path, bytes.NewReader(body))
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	wire.Front(handler).ServeHTTP(w, r)
	return w
}

func TestFrontReadsAddressesAsServersDo(t *testing.T) {
	for path, want := range map[string]string{"/": "/", "/a/": "/a", "//a//b//": "/a/b", "/a%2Fb/": "/a%2Fb"} {
		if got := ask(t, echo, "GET", path, nil).Body.String(); got != "GET "+want+" " {
			t.Errorf("%s: %s", path, got)
		}
	}
	if got := ask(t, echo, "HEAD", "/a", nil).Body.String(); got != "GET /a " {
		t.Errorf("HEAD: %s", got)
	}
}

func TestFrontUnpacksRequests(t *testing.T) {
	w := ask(t, echo, "POST", "/a", pack(t, "loon"), "Content-Encoding", "gzip")
	if w.Code != http.StatusCreated || w.Body.String() != "POST /a loon" {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if w := ask(t, echo, "POST", "/a", []byte("loon"), "Content-Encoding", "gzip"); w.Code != http.StatusBadRequest {
		t.Errorf("what is not gzip: %d", w.Code)
	}
}

func TestFrontPacksLargeAnswersForThoseWhoAccept(t *testing.T) {
	long := strings.Repeat("loon", 1000)
	w := ask(t, echo, "POST", "/a", []byte(long), "Accept-Encoding", "br, gzip;q=0.8")
	if w.Code != http.StatusCreated || w.Header().Get("Content-Encoding") != "gzip" {
		t.Fatalf("%d %v", w.Code, w.Header())
	}
	z, err := gzip.NewReader(w.Body)
	if err != nil {
		t.Fatal(err)
	}
	if text, err := io.ReadAll(z); err != nil || string(text) != "POST /a "+long {
		t.Errorf("%v, %d bytes", err, len(text))
	}
	for name, w := range map[string]*httptest.ResponseRecorder{
		"small":      ask(t, echo, "POST", "/a", []byte("loon"), "Accept-Encoding", "gzip"),
		"not asked":  ask(t, echo, "POST", "/a", []byte(long)),
		"not wanted": ask(t, echo, "POST", "/a", []byte(long), "Accept-Encoding", "gzip;q=0"),
	} {
		if w.Code != http.StatusCreated || w.Header().Get("Content-Encoding") != "" || !strings.HasPrefix(w.Body.String(), "POST /a loon") {
			t.Errorf("%s: %d %v", name, w.Code, w.Header())
		}
	}
}

// A cut answer must reach the client as half an answer, not as a whole one.
func TestFrontLeavesCutAnswersCut(t *testing.T) {
	cut := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Content-Length", "2000")
		_, _ = io.WriteString(w, strings.Repeat("x", 1500))
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	})
	web := httptest.NewServer(wire.Front(cut))
	defer web.Close()
	response, err := http.Get(web.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if text, err := io.ReadAll(response.Body); err == nil || len(text) != 1500 {
		t.Errorf("%d bytes, %v", len(text), err)
	}
}

func TestFit(t *testing.T) {
	var schema openapi3.Schema
	if err := json.Unmarshal([]byte(`{"type":"object","properties":{
		"amount":{"type":"number"},"count":{"type":"integer"},"hold":{"type":"boolean"},"code":{"type":"string"},
		"lines":{"type":"array","items":{"type":"object","properties":{"value":{"type":"number"}}}}}}`), &schema); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, in, want string
		names          wire.Names
	}{
		{"texts", `{"amount":"-12.50","count":"3","hold":"True","code":"0800"}`, `{"amount":-12.50,"count":3,"hold":true,"code":"0800"}`, wire.ExactNames},
		{"other case", `{"Amount":1,"Lines":[{"Value":"2.10"}],"Extra":"1"}`, `{"amount":1,"lines":[{"value":2.10}],"Extra":"1"}`, wire.AnyCase},
		{"exact names", `{"Amount":"1"}`, `{"Amount":"1"}`, wire.ExactNames},
		{"twice", `{"Amount":1,"amount":2}`, `{"Amount":1,"amount":2}`, wire.AnyCase},
		{"no numbers", `{"amount":"1,50","count":"1e3","hold":"ja"}`, `{"amount":"1,50","count":"1e3","hold":"ja"}`, wire.AnyCase},
	} {
		read := func(text string) any {
			d := json.NewDecoder(strings.NewReader(text))
			d.UseNumber()
			var v any
			if err := d.Decode(&v); err != nil {
				t.Fatal(err)
			}
			return v
		}
		if got := wire.Fit(schema.NewRef(), read(c.in), c.names); !reflect.DeepEqual(got, read(c.want)) {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}
