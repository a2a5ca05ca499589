package cash_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"loonbrug/integration/practice/cash"
)

// bench is a stand-in on loopback and a bare client of it.
type bench struct {
	t      *testing.T
	server *cash.Server
	url    string
	key    string
}

func start(t *testing.T, o cash.Options) *bench {
	t.Helper()
	server, err := cash.New(o)
	if err != nil {
		t.Fatal(err)
	}
	web := httptest.NewServer(server.Handler())
	t.Cleanup(web.Close)
	return &bench{t: t, server: server, url: web.URL, key: cash.KeyAll}
}

// answer is what came back; err is a connection that broke.
type answer struct {
	status int
	header http.Header
	body   string
	err    error
}

func (b *bench) do(method, path, body string) answer {
	b.t.Helper()
	r, err := http.NewRequestWithContext(b.t.Context(), method, b.url+path, strings.NewReader(body))
	if err != nil {
		b.t.Fatal(err)
	}
	if b.key != "" {
		r.Header.Set("Authorization", b.key)
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		return answer{err: err}
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	return answer{response.StatusCode, response.Header, string(text), err}
}

func (b *bench) get(path string) answer { b.t.Helper(); return b.do("GET", "/api/4.0"+path, "") }

// post sends an import with the elements of cash.
func (b *bench) post(elements ...string) answer {
	b.t.Helper()
	return b.postTo("halm", elements...)
}

func (b *bench) postTo(admin string, elements ...string) answer {
	b.t.Helper()
	body := `{"admin":` + strconv.Quote(admin) + `,"format":0,"content":{"cash":[` + strings.Join(elements, ",") + `]}}`
	return b.do("POST", "/api/4.0/import", body)
}

func (b *bench) want(a answer, status int, parts ...string) {
	b.t.Helper()
	if a.err != nil {
		b.t.Fatalf("no answer: %v", a.err)
	}
	if a.status != status {
		b.t.Fatalf("status %d, want %d: %s", a.status, status, a.body)
	}
	for _, part := range parts {
		if !strings.Contains(a.body, part) {
			b.t.Fatalf("%q is not in the answer %s", part, a.body)
		}
	}
}

func (b *bench) booked(n int) {
	b.t.Helper()
	if got := len(b.server.Journals()); got != n {
		b.t.Fatalf("%d documents are booked, want %d: %+v", got, n, b.server.Journals())
	}
}

// rows reads the rows of an index in the common shape.
func (b *bench) rows(path, record string) []map[string]string {
	b.t.Helper()
	a := b.get(path)
	b.want(a, 200)
	var v map[string][]map[string]string
	if err := json.Unmarshal([]byte(a.body), &v); err != nil {
		b.t.Fatalf("%v in %s", err, a.body)
	}
	if v[record] == nil {
		b.t.Fatalf("no %s in %s", record, a.body)
	}
	return v[record]
}

// record is one element of cash; pairs are changes to a good line.
func record(pairs ...string) string {
	fields := map[string]string{
		"F0901": "SAL", "F0302": "260131", "F0301": "2601", "F0303": "000101", "F0201": "4000",
		"F0911": "100", "F0306": "Bruto lonen", "F0307": "2500,00", "F0711": "LBABCDEFGHIJ",
	}
	for i := 0; i < len(pairs); i += 2 {
		if pairs[i+1] == "" {
			delete(fields, pairs[i])
		} else {
			fields[pairs[i]] = pairs[i+1]
		}
	}
	text, err := json.Marshal(map[string]any{"R301": []any{fields}})
	if err != nil {
		panic(err)
	}
	return string(text)
}

// counter balances [record] in the same document.
func counter(pairs ...string) string {
	return record(append([]string{"F0201", "1720", "F0911", "", "F0307", "-2500,00"}, pairs...)...)
}

func clock() time.Time { return time.Date(2026, 3, 31, 9, 0, 0, 0, time.UTC) }
