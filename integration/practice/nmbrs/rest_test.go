package nmbrs_test

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/url"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"loonbrug/integration/practice/books"
	"loonbrug/integration/practice/nmbrs"
)

const verifier = "a-verifier-that-is-long-enough-for-the-rule-of-43"

// authorization is a request for a code, and what the page sends besides.
func authorization(pairs ...string) url.Values {
	h := sha256.Sum256([]byte(verifier))
	v := url.Values{
		"client_id": {nmbrs.ClientID}, "response_type": {"code"}, "redirect_uri": {"http://127.0.0.1:53682/callback?x=1"}, "state": {"s&"},
		"scope": {"company.info.read offline_access"}, "code_challenge": {base64.RawURLEncoding.EncodeToString(h[:])}, "code_challenge_method": {"S256"},
		"email": {nmbrs.DebtorUser}, "password": {nmbrs.Password}, "decision": {"allow"},
	}
	for i := 0; i < len(pairs); i += 2 {
		v.Set(pairs[i], pairs[i+1])
	}
	return v
}

func (b *bench) form(path string, v url.Values) answer {
	b.t.Helper()
	return b.do("POST", path, v.Encode(), "Content-Type", "application/x-www-form-urlencoded")
}

// code signs in and gives the code that the program is sent.
func (b *bench) code(pairs ...string) string {
	b.t.Helper()
	a := b.form("/connect/authorize", authorization(pairs...))
	b.want(a, 303)
	u, err := url.Parse(a.header.Get("Location"))
	if err != nil || u.Query().Get("state") != "s&" || u.Query().Get("x") != "1" {
		b.t.Fatalf("sent to %q", a.header.Get("Location"))
	}
	return u.Query().Get("code")
}

func exchange(code string, pairs ...string) url.Values {
	v := url.Values{
		"grant_type": {"authorization_code"}, "code": {code}, "redirect_uri": {"http://127.0.0.1:53682/callback?x=1"}, "code_verifier": {verifier},
		"client_id": {nmbrs.ClientID}, "client_secret": {nmbrs.ClientSecret},
	}
	for i := 0; i < len(pairs); i += 2 {
		v.Set(pairs[i], pairs[i+1])
	}
	return v
}

// tokens gives the access and the refresh token of an answer.
func (b *bench) tokens(a answer) (access, refresh string) {
	b.t.Helper()
	b.want(a, 200, `"token_type":"Bearer"`)
	var v struct {
		Access  string `json:"access_token"`
		Refresh string `json:"refresh_token"`
	}
	if err := json.Unmarshal([]byte(a.body), &v); err != nil || v.Access == "" {
		b.t.Fatalf("%v: %s", err, a.body)
	}
	return v.Access, v.Refresh
}

func refreshed(token string) url.Values {
	return exchange("", "grant_type", "refresh_token", "refresh_token", token)
}

func (b *bench) rest(token, path string) answer {
	b.t.Helper()
	return b.do("GET", "/api"+path, "", "Authorization", "Bearer "+token, "X-Subscription-Key", nmbrs.SubscriptionKey)
}

func TestREST_SignIn(t *testing.T) {
	now := clock()
	b := start(t, nmbrs.Options{Clock: func() time.Time { return now }})
	b.want(b.do("GET", "/connect/authorize?"+authorization().Encode(), ""), 200, "Practice system", `value="s&amp;"`, nmbrs.DebtorUser)
	b.want(b.do("GET", "/.well-known/openid-configuration", ""), 200, b.url+"/connect/token")
	for name, value := range map[string]string{
		"client_id": "x", "redirect_uri": "http://elsewhere.example/", "response_type": "token", "code_challenge": "", "code_challenge_method": "plain",
	} {
		b.want(b.form("/connect/authorize", authorization(name, value)), 400)
		b.want(b.do("GET", "/connect/authorize?"+authorization(name, value).Encode(), ""), 400)
	}
	b.want(b.form("/connect/authorize", authorization("password", "x")), 200, "do not fit")
	b.want(b.form("/connect/authorize", authorization("email", nmbrs.User)), 200, "not one of a debtor")
	if a := b.form("/connect/authorize", authorization("decision", "deny")); !strings.Contains(a.header.Get("Location"), "error=access_denied") {
		t.Errorf("denied: %+v", a)
	}

	b.want(b.form("/connect/token", exchange(b.code(), "client_secret", "x")), 401, "invalid_client")
	b.want(b.form("/connect/token", exchange(b.code(), "code_verifier", "x")), 400, "invalid_grant")
	b.want(b.form("/connect/token", exchange(b.code(), "redirect_uri", "http://127.0.0.1/")), 400, "invalid_grant")
	b.want(b.form("/connect/token", exchange("x", "grant_type", "password")), 400, "unsupported_grant_type")
	old := b.code()
	now = now.Add(3 * time.Minute)
	b.want(b.form("/connect/token", exchange(old)), 400, "invalid_grant")

	code := b.code()
	access, refresh := b.tokens(b.form("/connect/token", exchange(code)))
	b.want(b.form("/connect/token", exchange(code)), 400, "invalid_grant")
	b.want(b.rest(access, "/companies"), 200)
	now = now.Add(time.Hour)
	b.want(b.rest(access, "/companies"), 401)
	access, next := b.tokens(b.form("/connect/token", refreshed(refresh)))
	b.want(b.form("/connect/token", refreshed(refresh)), 400, "invalid_grant")
	b.want(b.form("/connect/revocation", exchange("", "token", access)), 200)
	b.want(b.rest(access, "/companies"), 401)
	b.want(b.form("/connect/revocation", exchange("", "token", next)), 200)
	b.want(b.form("/connect/token", refreshed(next)), 400, "invalid_grant")
	if _, none := b.tokens(b.form("/connect/token", exchange(b.code("scope", "company.info.read")))); none != "" {
		t.Error("a refresh token came without its scope")
	}
}

func TestREST_RefreshOutlivesTheProgram(t *testing.T) {
	o := nmbrs.Options{BooksPath: filepath.Join(t.TempDir(), "nmbrs.json")}
	b := start(t, o)
	access, refresh := b.tokens(b.form("/connect/token", exchange(b.code())))
	again := start(t, o)
	again.want(again.rest(access, "/companies"), 401)
	access, _ = again.tokens(again.form("/connect/token", refreshed(refresh)))
	again.want(again.rest(access, "/companies"), 200)
}

// listed is a page of a list.
type listed struct {
	Pagination struct {
		PageNumber, TotalPages, TotalRecords int
		NextPage                             string
	}
	Data []struct{ CompanyID, Name, Number, DebtorID, PayrollRunID string }
}

func (b *bench) listed(a answer) listed {
	b.t.Helper()
	b.want(a, 200)
	var v listed
	// Numbers of runs are numbers, those of companies are texts: only the latter are read.
	if err := json.Unmarshal([]byte(a.body), &v); err != nil && !strings.Contains(a.body, "payrollRunId") {
		b.t.Fatalf("%v: %s", err, a.body)
	}
	return v
}

func TestREST_Lists(t *testing.T) {
	b := start(t, nmbrs.Options{})
	access, _ := b.tokens(b.form("/connect/token", exchange(b.code())))
	first := b.listed(b.rest(access, "/companies?pageSize=2"))
	if len(first.Data) != 2 || first.Pagination.TotalRecords != 3 || first.Pagination.TotalPages != 2 || first.Data[0].Number != "12" {
		t.Fatalf("first page %+v", first)
	}
	second := b.listed(b.rest(access, strings.TrimPrefix(first.Pagination.NextPage, b.url+"/api")))
	if len(second.Data) != 1 || second.Pagination.NextPage != "" || second.Data[0].Name != "Halm Test B.V." {
		t.Fatalf("second page %+v", second)
	}
	b.want(b.rest(access, "/companies?pageNumber=9"), 200, `"data":[]`)
	b.want(b.rest(access, "/companies?pageNumber=0"), 400, `"code":2030`)

	runs := "/companies/" + first.Data[0].CompanyID + "/runs"
	b.want(b.rest(access, runs+"?year=2026&pageSize=50"), 200, `"totalRecords":12`,
		`"number":12,"year":2026,"description":"November 2026","type":"payroll","createdAt":"2026-11-20T09:12:44","locked":false`)
	b.want(b.rest(access, runs), 200, `"totalRecords":24`)
	b.want(b.rest(access, runs+"?year=x"), 400)
	b.want(b.rest(access, "/companies/x/runs"), 404, `"code":2046`)
	b.want(b.rest(access, runs+"/x/journals"), 404) // no such path is known
	b.want(b.company("Converter_GetByCompany_IntToGuid", "CompanyId", nmbrs.DeHalm), 200, "<IdInt>"+strconv.Itoa(nmbrs.DeHalm)+"</IdInt><IdGuid>"+first.Data[0].CompanyID)
	_, after, _ := strings.Cut(b.company("Converter_GetByCompany_IntToGuid", "CompanyId", nmbrs.OudeMolenBV).body, "<IdGuid>")
	other, _, _ := strings.Cut(after, "<")
	b.want(b.rest(access, "/companies/"+other+"/runs"), 403, `"title":"Forbidden"`, `"code":1003`)
}

func TestREST_Refusals(t *testing.T) {
	b := start(t, nmbrs.Options{})
	access, _ := b.tokens(b.form("/connect/token", exchange(b.code())))
	b.want(b.do("GET", "/api/companies", "", "Authorization", "Bearer "+access), 401)
	b.want(b.do("GET", "/api/companies", "", "Authorization", access, "X-Subscription-Key", nmbrs.SubscriptionKey), 401)
	b.want(b.rest("x", "/companies"), 401, `"title":"Unauthorized"`, `"code":1001`)
	poor, _ := b.tokens(b.form("/connect/token", exchange(b.code("scope", "user.info.read"))))
	b.want(b.rest(poor, "/companies"), 403, `"code":1002`)
	b.server.Faults().Set(books.FaultThrottle, 1)
	if a := b.rest(access, "/companies"); a.status != 429 || a.header.Get("Retry-After") != "2" {
		t.Errorf("not throttled: %+v", a)
	}
	b.server.Faults().Set(nmbrs.FaultUnavailable, 1)
	b.want(b.rest(access, "/companies"), 503)
	b.server.Faults().Set(books.FaultUnauthorized, 1)
	b.want(b.rest(access, "/companies"), 401)
	b.want(b.rest(access, "/companies"), 200)
}
