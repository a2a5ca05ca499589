package procountor_test

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"loonbrug/integration/practice/procountor"
)

const callback = "http://127.0.0.1:49152/callback"

// visit opens a login page as a browser does.
func (b *bench) visit(path string, query url.Values) answer {
	b.t.Helper()
	response, err := http.Get(b.url + path + "?" + query.Encode())
	if err != nil {
		b.t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	return answer{response.StatusCode, response.Header, string(text), err}
}

func loginQuery(pairs ...string) url.Values {
	q := url.Values{"response_type": {"code"}, "client_id": {procountor.ClientID}, "redirect_uri": {callback}, "state": {"s t/1"}}
	for i := 0; i < len(pairs); i += 2 {
		q.Set(pairs[i], pairs[i+1])
	}
	return q
}

// decide sends the form of a login page and gives the address it leads to.
func (b *bench) decide(path string, form url.Values) (int, url.Values) {
	b.t.Helper()
	jar, _ := cookiejar.New(nil)
	browser := http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	response, err := browser.PostForm(b.url+path, form)
	if err != nil {
		b.t.Fatal(err)
	}
	defer response.Body.Close()
	location, err := url.Parse(response.Header.Get("Location"))
	if err != nil {
		b.t.Fatal(err)
	}
	if response.StatusCode == http.StatusSeeOther && !strings.HasPrefix(location.String(), callback+"?") {
		b.t.Fatalf("led to %s", location)
	}
	return response.StatusCode, location.Query()
}

func (b *bench) approveLogin(path, company, user string) string {
	b.t.Helper()
	status, q := b.decide(path, loginQuery("decision", "approve", "company", company, "user", user))
	if status != http.StatusSeeOther || q.Get("code") == "" || q.Get("state") != "s t/1" {
		b.t.Fatalf("not led back with a code: %d %v", status, q)
	}
	return q.Get("code")
}

func TestLoginLeadsToACompany(t *testing.T) {
	now := clock()
	path := filepath.Join(t.TempDir(), "procountor.json")
	options := procountor.Options{BooksPath: path, Clock: func() time.Time { return now }}
	b := start(t, options)
	b.want(b.visit("/login", loginQuery("state", `"><script>`)), 200, "Oulun Leipomo Oy", `id="company-103"`, `id="approve"`, `id="refuse"`, "&lt;script&gt;")

	value := b.approveLogin("/login", "102", "7")
	wrong := b.askToken(formType, "grant_type", "authorization_code", "code", value, "redirect_uri", "http://127.0.0.1:1/other")
	b.want(wrong, 401)
	b.want(b.askToken(formType, "grant_type", "authorization_code", "code", value, "redirect_uri", callback), 401) // used up

	value = b.approveLogin("/login", "102", "7")
	a := b.askToken(formType, "grant_type", "authorization_code", "code", value, "redirect_uri", callback)
	b.want(a, 200)
	b.token = member(t, a, "access_token")
	b.want(b.get("/sessioninfo"), 200, `"companyId":102`)

	refresh := member(t, a, "refresh_token")
	again := start(t, options)
	now = now.Add(179 * 24 * time.Hour)
	renewed := again.askToken(formType, "grant_type", "refresh_token", "refresh_token", refresh)
	again.want(renewed, 200, refresh)
	again.token = member(t, renewed, "access_token")
	again.want(again.get("/sessioninfo"), 200, `"companyId":102`)
	now = now.Add(24 * time.Hour)
	again.want(again.askToken(formType, "grant_type", "refresh_token", "refresh_token", refresh), 401)

	value = b.approveLogin("/login", "103", "8")
	now = now.Add(10 * time.Minute)
	b.want(b.askToken(formType, "grant_type", "authorization_code", "code", value, "redirect_uri", callback), 401)
}

func TestARefusedLoginSaysSo(t *testing.T) {
	b := start(t, procountor.Options{})
	status, q := b.decide("/login", loginQuery("decision", "refuse", "company", "101"))
	if status != http.StatusSeeOther || q.Get("error") != "access_denied" || q.Get("state") != "s t/1" || q.Has("code") {
		t.Errorf("%d %v", status, q)
	}
}

func TestAKeyLoginGivesAnAPIKey(t *testing.T) {
	b := start(t, procountor.Options{})
	b.want(b.visit("/keylogin", loginQuery()), 200, `action="/keylogin"`)
	for user, key := range map[string]string{"7": procountor.APIKey(103), "8": procountor.KeyNoRights} {
		value := b.approveLogin("/keylogin", "103", user)
		a := b.askToken(formType, "grant_type", "authorization_code", "code", value, "redirect_uri", callback)
		b.want(a, 200, `{"api_key":"`+key+`"}`)
		b.signIn(key)
	}
}

func TestALoginThatIsWrongLeadsNowhere(t *testing.T) {
	b := start(t, procountor.Options{})
	for _, pair := range [][2]string{
		{"response_type", "token"},
		{"client_id", "nonsense"},
		{"redirect_uri", "https://example.invalid/cb"},
		{"redirect_uri", "http://127.0.0.1:1/cb?a=b"},
		{"redirect_uri", "http://127.0.0.1@example.invalid/cb"},
		{"redirect_uri", ""},
	} {
		b.want(b.visit("/login", loginQuery(pair[:]...)), 400, `id="wrong"`)
		if status, q := b.decide("/login", loginQuery(pair[0], pair[1], "decision", "approve", "company", "101", "user", "7")); status != 400 || len(q) != 0 {
			t.Errorf("%v: %d %v", pair, status, q)
		}
	}
	if status, _ := b.decide("/login", loginQuery("decision", "approve", "company", "1", "user", "7")); status != 400 {
		t.Errorf("an unknown company: %d", status)
	}
	strict := start(t, procountor.Options{RedirectURI: "https://office.example/cb"})
	strict.want(strict.visit("/login", loginQuery()), 400)
	strict.want(strict.visit("/login", loginQuery("redirect_uri", "https://office.example/cb")), 200)
}

func TestPageAndControl(t *testing.T) {
	b := start(t, procountor.Options{})
	b.post(receipt(set("name", "<b>naam</b>")))
	page := func(path string) answer { return b.visit(path, nil) }
	b.want(page("/"), 200, "Oulun Leipomo Oy", "900 Vanha")
	b.want(b.visit("/", url.Values{"company": {"103"}}), 200, "&lt;b&gt;naam", "3200.00", "UNFINISHED", "Bruto lonen", "stale_version")
	b.want(page("/journals"), 200, `"company":"103"`, `"state":"UNFINISHED"`)
	b.want(page("/control"), 200, `"id":"html_500"`)
}
