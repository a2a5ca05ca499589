package connect_test

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"loonbrug/integration/practice/visma/connect"
)

var signingKey = sync.OnceValue(func() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return key
})

const (
	native   = "native-client"
	web      = "web-client"
	callback = "http://127.0.0.1:53682/callback"
	verifier = "0123456789-0123456789-0123456789-0123456789"
)

var day = time.Date(2026, 4, 2, 9, 0, 0, 0, time.UTC)

// bench is a provider with three users: one with the role in two companies, one
// with the role in one of two, one without any.
type bench struct {
	*testing.T
	provider *connect.Provider
	http     *httptest.Server
	now      time.Time
	state    json.RawMessage
	fault    string
}

func start(t *testing.T, state json.RawMessage) *bench {
	t.Helper()
	b := &bench{T: t, now: day}
	var err error
	b.provider, err = connect.New(connect.Config{
		Issuer: func(r *http.Request) string { return "http://" + r.Host },
		Clock:  func() time.Time { return b.now },
		Log:    slog.New(slog.DiscardHandler),
		Clients: []connect.Client{
			{ID: native, Name: "Desk", Redirects: connect.LoopbackRedirects()},
			{ID: web, Name: "Web", Secret: "s3cr+t", Redirects: []string{"https://office.example/done?from=visma"}, Service: true, ReuseRefresh: true},
		},
		Users: []connect.User{
			{Name: "both@office.example", Password: "p", Display: "Both", Member: []connect.Membership{{Tenant: "t1", APIUser: true}, {Tenant: "t2", APIUser: true}}},
			{Name: "one@office.example", Password: "p", Display: "One", Member: []connect.Membership{{Tenant: "t1"}, {Tenant: "t2", APIUser: true}}},
			{Name: "none@office.example", Password: "p", Display: "None", Member: []connect.Membership{{Tenant: "t1"}, {Tenant: "t2"}}},
			{Name: "new@office.example", Password: "p", Display: "New"},
		},
		Companies: []connect.Company{{Tenant: "t1", Name: "First B.V."}, {Tenant: "t2", Name: "Second <B.V.>"}},
		Fault: func(id string) bool {
			hit := id == b.fault
			if hit {
				b.fault = ""
			}
			return hit
		},
		State: state,
		Save:  func(s json.RawMessage) error { b.state = s; return nil },
		Key:   signingKey(),
	})
	if err != nil {
		t.Fatal(err)
	}
	b.http = httptest.NewServer(b.provider.Handler())
	t.Cleanup(b.http.Close)
	return b
}

// ask is an authorization request with changes to the good one; an empty value
// takes a parameter out.
func (b *bench) ask(changes ...string) string {
	sum := sha256.Sum256([]byte(verifier))
	q := url.Values{
		"client_id": {native}, "response_type": {"code"}, "redirect_uri": {callback},
		"scope": {strings.Join(connect.DefaultScopes(), " ")}, "state": {"st-1"}, "nonce": {"no-1"},
		"code_challenge": {base64.RawURLEncoding.EncodeToString(sum[:])}, "code_challenge_method": {"S256"},
	}
	for i := 0; i < len(changes); i += 2 {
		q.Set(changes[i], changes[i+1])
		if changes[i+1] == "" {
			q.Del(changes[i])
		}
	}
	return b.http.URL + "/connect/authorize?" + q.Encode()
}

// browser follows pages and stops at the client's address.
type browser struct {
	*bench
	client *http.Client
	page   string
	status int
	landed *url.URL // at the client, once there
}

func (b *bench) browser() *browser {
	jar, err := cookiejar.New(nil)
	if err != nil {
		b.Fatal(err)
	}
	br := &browser{bench: b}
	br.client = &http.Client{Jar: jar, CheckRedirect: func(r *http.Request, _ []*http.Request) error {
		if "http://"+r.URL.Host != b.http.URL {
			br.landed = r.URL
			return http.ErrUseLastResponse
		}
		return nil
	}}
	return br
}

func (br *browser) take(resp *http.Response, err error) *browser {
	br.Helper()
	if err != nil {
		br.Fatal(err)
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		br.Fatal(err)
	}
	br.page, br.status = string(data), resp.StatusCode
	return br
}

func (br *browser) open(address string) *browser {
	br.Helper()
	br.landed = nil
	return br.take(br.client.Get(address))
}

var (
	formAction  = regexp.MustCompile(`<form method="post" action="([^"]+)"`)
	hiddenInput = regexp.MustCompile(`<input type="hidden" name="([^"]+)" value="([^"]*)"`)
	radioInput  = regexp.MustCompile(`<input type="radio" id="[^"]+" name="company" value="([^"]+)"( checked)?>`)
)

// press fills the form of the page and presses a button.
func (br *browser) press(button string, fields ...string) *browser {
	br.Helper()
	action := formAction.FindStringSubmatch(br.page)
	if action == nil || !strings.Contains(br.page, `name="`+button+`"`) {
		br.Fatalf("no button %s on %d %s", button, br.status, br.page)
	}
	form := url.Values{button: {"1"}}
	for _, hidden := range hiddenInput.FindAllStringSubmatch(br.page, -1) {
		form.Set(hidden[1], hidden[2])
	}
	for _, radio := range radioInput.FindAllStringSubmatch(br.page, -1) {
		if radio[2] != "" {
			form.Set("company", radio[1])
		}
	}
	for i := 0; i < len(fields); i += 2 {
		form.Set(fields[i], fields[i+1])
	}
	return br.take(br.client.PostForm(br.http.URL+action[1], form))
}

func (br *browser) login(user string) *browser {
	br.Helper()
	return br.press("login", "username", user, "password", "p")
}

// callback is what the client got.
func (br *browser) callback() url.Values {
	br.Helper()
	if br.landed == nil {
		br.Fatalf("the browser is still at %d %s", br.status, br.page)
	}
	return br.landed.Query()
}

func (br *browser) atLogin() bool   { return strings.Contains(br.page, `name="password"`) }
func (br *browser) atConsent() bool { return strings.Contains(br.page, `name="allow"`) }

type answer struct {
	ID      string `json:"id_token"`
	Access  string `json:"access_token"`
	Refresh string `json:"refresh_token"`
	Type    string `json:"token_type"`
	Expires int    `json:"expires_in"`
	Scope   string `json:"scope"`
	Error   string `json:"error"`
	status  int
}

func (b *bench) token(form url.Values, header ...string) answer {
	b.Helper()
	r, err := http.NewRequestWithContext(b.Context(), http.MethodPost, b.http.URL+"/connect/token", strings.NewReader(form.Encode()))
	if err != nil {
		b.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if len(header) == 2 {
		r.SetBasicAuth(url.QueryEscape(header[0]), url.QueryEscape(header[1]))
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		b.Fatal(err)
	}
	defer resp.Body.Close()
	a := answer{status: resp.StatusCode}
	if err := json.NewDecoder(resp.Body).Decode(&a); err != nil {
		b.Fatal(err)
	}
	return a
}

func (b *bench) exchange(code string, changes ...string) answer {
	b.Helper()
	form := url.Values{"grant_type": {"authorization_code"}, "client_id": {native}, "code": {code}, "redirect_uri": {callback}, "code_verifier": {verifier}}
	for i := 0; i < len(changes); i += 2 {
		form.Set(changes[i], changes[i+1])
	}
	return b.token(form)
}

func (b *bench) refresh(token string, changes ...string) answer {
	b.Helper()
	form := url.Values{"grant_type": {"refresh_token"}, "client_id": {native}, "refresh_token": {token}}
	for i := 0; i < len(changes); i += 2 {
		form.Set(changes[i], changes[i+1])
	}
	return b.token(form)
}

// code signs a user in to a company and gives the code.
func (b *bench) code(user, tenant string) string {
	b.Helper()
	return b.browser().open(b.ask()).login(user).press("allow", "company", tenant).callback().Get("code")
}
