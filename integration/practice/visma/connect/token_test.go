package connect_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"loonbrug/integration/practice/visma/connect"
)

func TestToken_Exchange(t *testing.T) {
	b := start(t, nil)
	a := b.exchange(b.code(both, "t1"))
	if a.status != http.StatusOK || a.Type != "Bearer" || a.Expires != 3600 || a.ID == "" || a.Refresh == "" || a.Scope != strings.Join(connect.DefaultScopes(), " ") {
		t.Errorf("%+v", a)
	}
	narrow := b.browser().open(b.ask("scope", "vismanet_erp_interactive_api:read")).login(both).press("allow").callback().Get("code")
	if a := b.exchange(narrow); a.status != http.StatusOK || a.Refresh != "" || a.ID != "" {
		t.Errorf("without openid and offline_access: %+v", a)
	}
	if a := b.exchange(b.code(both, "t1"), "tenant_id", "t1"); a.status != http.StatusOK {
		t.Errorf("with the chosen company: %+v", a)
	}
}

func TestToken_ExchangeRefused(t *testing.T) {
	b := start(t, nil)
	for want, changes := range map[string][]string{
		"invalid_grant":          {"code_verifier", strings.Repeat("x", 43)},
		"invalid_grant ":         {"code_verifier", ""},
		"invalid_grant  ":        {"redirect_uri", "http://127.0.0.1:1/callback"},
		"invalid_grant   ":       {"code", "guess"},
		"invalid_client":         {"client_id", "nobody"},
		"invalid_client ":        {"client_id", web},
		"invalid_client  ":       {"client_secret", "a native client has none"},
		"invalid_tenant":         {"tenant_id", "t2"},
		"unsupported_grant_type": {"grant_type", "password"},
	} {
		a := b.exchange(b.code(both, "t1"), changes...)
		if a.status != http.StatusBadRequest || a.Error != strings.TrimSpace(want) || a.Access != "" {
			t.Errorf("%v: %+v", changes, a)
		}
	}
	late := b.code(both, "t1")
	b.now = b.now.Add(connect.CodeLifetime + time.Second)
	if a := b.exchange(late); a.Error != "invalid_grant" {
		t.Errorf("lapsed code: %+v", a)
	}
}

func TestToken_CodeIsSingleUse(t *testing.T) {
	b := start(t, nil)
	code := b.code(both, "t1")
	first := b.exchange(code)
	if a := b.exchange(code); a.Error != "invalid_grant" {
		t.Errorf("second use: %+v", a)
	}
	if a := b.refresh(first.Refresh); a.Error != "invalid_grant" {
		t.Errorf("what a stolen code brought still lives: %+v", a)
	}
}

func TestToken_RefreshRotates(t *testing.T) {
	b := start(t, nil)
	first := b.exchange(b.code(both, "t1"))
	second := b.refresh(first.Refresh)
	if second.status != http.StatusOK || second.Refresh == "" || second.Refresh == first.Refresh {
		t.Fatalf("%+v", second)
	}
	access, err := b.provider.Verify(second.Access)
	if err != nil || access.Tenant != "t1" || access.User != both {
		t.Errorf("%+v %v", access, err)
	}
	if a := b.refresh(first.Refresh); a.Error != "invalid_grant" {
		t.Errorf("reuse: %+v", a)
	}
	if a := b.refresh(second.Refresh); a.Error != "invalid_grant" {
		t.Errorf("the family outlives reuse: %+v", a)
	}
}

func TestToken_RefreshRefused(t *testing.T) {
	b := start(t, nil)
	token, err := b.provider.Authorize(native, both, "t1", connect.DefaultScopes())
	if err != nil {
		t.Fatal(err)
	}
	if a := b.refresh("guess"); a.Error != "invalid_grant" {
		t.Errorf("guess: %+v", a)
	}
	if a := b.refresh(token, "client_id", web, "client_secret", "s3cr+t"); a.Error != "invalid_grant" {
		t.Errorf("another client: %+v", a)
	}
	if a := b.refresh(token, "tenant_id", "t2"); a.Error != "invalid_tenant" {
		t.Errorf("another company: %+v", a)
	}
	for fault, want := range map[string]string{connect.FaultRevoked: "invalid_grant", connect.FaultInvalidTenant: "invalid_tenant"} {
		b.fault = fault
		if a := b.refresh(token); a.Error != want {
			t.Errorf("%s: %+v", fault, a)
		}
	}
	if a := b.refresh(token, "tenant_id", "t1"); a.status != http.StatusOK {
		t.Errorf("a refusal spent the token: %+v", a)
	}
}

func TestToken_RefreshLapses(t *testing.T) {
	b := start(t, nil)
	token, err := b.provider.Authorize(native, both, "t1", connect.DefaultScopes())
	if err != nil {
		t.Fatal(err)
	}
	b.now = b.now.Add(connect.RefreshLifetime + time.Second)
	if a := b.refresh(token); a.Error != "invalid_grant" {
		t.Errorf("%+v", a)
	}
}

func TestToken_LostAnswerSpendsTheToken(t *testing.T) {
	b := start(t, nil)
	token, err := b.provider.Authorize(native, both, "t1", connect.DefaultScopes())
	if err != nil {
		t.Fatal(err)
	}
	form := url.Values{"grant_type": {"refresh_token"}, "client_id": {native}, "refresh_token": {token}}
	b.fault = connect.FaultTokenLost
	if resp, err := http.PostForm(b.http.URL+"/connect/token", form); err == nil {
		resp.Body.Close()
		t.Errorf("an answer: %d", resp.StatusCode)
	}
	if a := b.refresh(token); a.Error != "invalid_grant" {
		t.Errorf("%+v", a)
	}
}

func TestToken_EndpointDown(t *testing.T) {
	b := start(t, nil)
	b.fault = connect.FaultTokenError
	resp, err := http.PostForm(b.http.URL+"/connect/token", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("%d", resp.StatusCode)
	}
}

func TestToken_ReusedRefreshTokensWhenThePortalSaysSo(t *testing.T) {
	b := start(t, nil)
	token, err := b.provider.Authorize(web, both, "t1", connect.DefaultScopes())
	if err != nil {
		t.Fatal(err)
	}
	form := url.Values{"grant_type": {"refresh_token"}, "refresh_token": {token}}
	for range 2 {
		if a := b.token(form, web, "s3cr+t"); a.status != http.StatusOK || a.Refresh != token {
			t.Errorf("%+v", a)
		}
	}
	if a := b.token(form, web, "wrong"); a.status != http.StatusUnauthorized || a.Error != "invalid_client" {
		t.Errorf("wrong secret: %+v", a)
	}
}

func TestToken_Service(t *testing.T) {
	b := start(t, nil)
	ask := func(client, secret, scope, tenant string) answer {
		return b.token(url.Values{"grant_type": {"client_credentials"}, "client_id": {client}, "client_secret": {secret}, "scope": {scope}, "tenant_id": {tenant}})
	}
	a := ask(web, "s3cr+t", "vismanet_erp_service_api:read vismanet_erp_service_api:create", "t2")
	access, err := b.provider.Verify(a.Access)
	if err != nil || a.Refresh != "" || a.ID != "" || access.Tenant != "t2" || access.User != "" || !access.Has("vismanet_erp_service_api:read") {
		t.Errorf("%+v %+v %v", a, access, err)
	}
	for want, a := range map[string]answer{
		"invalid_tenant":      ask(web, "s3cr+t", "vismanet_erp_service_api:read", "t9"),
		"invalid_scope":       ask(web, "s3cr+t", "vismanet_erp_interactive_api:read", "t1"),
		"invalid_client":      ask(web, "", "vismanet_erp_service_api:read", "t1"),
		"unauthorized_client": ask(native, "", "vismanet_erp_service_api:read", "t1"),
	} {
		if a.Error != want {
			t.Errorf("%s: %+v", want, a)
		}
	}
}

func TestRevocation(t *testing.T) {
	b := start(t, nil)
	first := b.exchange(b.code(both, "t1"))
	second := b.refresh(first.Refresh)
	for token, status := range map[string]int{"": http.StatusBadRequest, "guess": http.StatusOK, second.Refresh: http.StatusOK} {
		resp, err := http.PostForm(b.http.URL+"/connect/revocation", url.Values{"token": {token}, "token_type_hint": {"refresh_token"}, "client_id": {native}})
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != status {
			t.Errorf("%d", resp.StatusCode)
		}
	}
	if a := b.refresh(second.Refresh); a.Error != "invalid_grant" {
		t.Errorf("after revocation: %+v", a)
	}
}

func TestProvider_OutlivesARestart(t *testing.T) {
	b := start(t, nil)
	first := b.exchange(b.code(one, "t2"))
	if strings.Contains(string(b.state), first.Refresh) {
		t.Error("the state holds a refresh token in clear")
	}
	again := start(t, b.state)
	if _, err := again.provider.Verify(first.Access); err != nil {
		t.Errorf("access token: %v", err)
	}
	second := again.refresh(first.Refresh)
	if second.status != http.StatusOK {
		t.Errorf("refresh token: %+v", second)
	}
	if _, err := again.provider.Verify(second.Access + "x"); err == nil {
		t.Error("a changed token passes")
	}
	if silent := again.browser().open(again.ask()).login(one).callback(); silent.Get("code") == "" {
		t.Errorf("consent: %v", silent)
	}
}
