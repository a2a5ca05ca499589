package connect_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"loonbrug/integration/practice/visma/connect"
)

const both, one, none = "both@office.example", "one@office.example", "none@office.example"

// TestSignIn_WithMaintainedLibraries drives the whole flow the way a client
// written with x/oauth2 and go-oidc does.
func TestSignIn_WithMaintainedLibraries(t *testing.T) {
	b := start(t, nil)
	provider, err := oidc.NewProvider(t.Context(), b.http.URL)
	if err != nil {
		t.Fatal(err)
	}
	config := oauth2.Config{ClientID: native, Endpoint: provider.Endpoint(), RedirectURL: callback, Scopes: connect.DefaultScopes()}
	pkce := oauth2.GenerateVerifier()
	br := b.browser().open(config.AuthCodeURL("state-1", oauth2.S256ChallengeOption(pkce), oidc.Nonce("nonce-1")))
	if !br.atLogin() {
		t.Fatalf("no login page: %s", br.page)
	}
	if br.login(both); !br.atConsent() || !strings.Contains(br.page, both) {
		t.Fatalf("no company page: %s", br.page)
	}
	got := br.press("allow", "company", "t2").callback()
	if got.Get("state") != "state-1" || got.Get("iss") != b.http.URL {
		t.Errorf("callback: %v", got)
	}
	token, err := config.Exchange(t.Context(), got.Get("code"), oauth2.VerifierOption(pkce))
	if err != nil {
		t.Fatal(err)
	}
	raw, _ := token.Extra("id_token").(string)
	verified, err := provider.VerifierContext(t.Context(), &oidc.Config{ClientID: native, Now: func() time.Time { return b.now }}).Verify(t.Context(), raw)
	if err != nil {
		t.Fatal(err)
	}
	var claims struct {
		Tenant string `json:"tenant_id"`
		Email  string
		Name   string
	}
	if err := verified.Claims(&claims); err != nil {
		t.Fatal(err)
	}
	if verified.Nonce != "nonce-1" || claims.Tenant != "t2" || claims.Email != both || claims.Name != "Both" {
		t.Errorf("id token: nonce %q, %+v", verified.Nonce, claims)
	}
	if err := verified.VerifyAccessToken(token.AccessToken); err != nil {
		t.Error(err)
	}
	access, err := b.provider.Verify(token.AccessToken)
	if err != nil || access.Tenant != "t2" || access.User != both || access.Client != native || !access.Has("vismanet_erp_interactive_api:create") {
		t.Errorf("access token: %+v, %v", access, err)
	}
	info, err := provider.UserInfo(t.Context(), oauth2.StaticTokenSource(token))
	if err != nil || info.Email != both || info.Subject != verified.Subject {
		t.Errorf("userinfo: %+v, %v", info, err)
	}
	if _, err := b.provider.Verify(raw); err == nil {
		t.Error("an id token passes as an access token")
	}
}

func TestSignIn_SessionOfSomebodyElse(t *testing.T) {
	b := start(t, nil)
	br := b.browser().open(b.ask()).login(none)
	br.press("cancel")
	if br.open(b.ask()); br.atLogin() || !br.atConsent() || !strings.Contains(br.page, none) {
		t.Errorf("the session is not used: %s", br.page)
	}
	for prompt, chooses := range map[string]bool{"login": false, "select_account": true} {
		if br.open(b.ask("prompt", prompt)); !br.atLogin() {
			t.Errorf("prompt=%s does not bypass the session: %s", prompt, br.page)
		}
		if strings.Contains(br.page, `id="chooser"`) != chooses || strings.Contains(br.page, "Continue as "+none) != chooses {
			t.Errorf("prompt=%s: the choice of accounts: %s", prompt, br.page)
		}
	}
	if br.open(b.ask("prompt", "login")).press("login", "continue", "1"); !br.atLogin() {
		t.Errorf("prompt=login goes on without a password: %s", br.page)
	}
	br.open(b.ask("prompt", "select_account"))
	if br.press("continue"); !br.atConsent() || !strings.Contains(br.page, none) {
		t.Errorf("continuing as the user of the session: %s", br.page)
	}
	if br.press("switch"); !br.atLogin() {
		t.Errorf("switching user: %s", br.page)
	}
	if br.login(both); !strings.Contains(br.page, both) {
		t.Errorf("after switching: %s", br.page)
	}
	if br.open(b.ask()); !strings.Contains(br.page, both) {
		t.Errorf("the session is not the last user's: %s", br.page)
	}
	br.open(b.http.URL + "/connect/endsession")
	if br.open(b.ask()); !br.atLogin() {
		t.Errorf("still logged in after end of session: %s", br.page)
	}
}

func TestSignIn_LoginHintFillsInTheName(t *testing.T) {
	b := start(t, nil)
	if br := b.browser().open(b.ask("login_hint", both)); !strings.Contains(br.page, `value="`+both+`"`) {
		t.Errorf("%s", br.page)
	}
}

func TestSignIn_OneCompanyIsNotAsked(t *testing.T) {
	b := start(t, nil)
	br := b.browser().open(b.ask()).login(one)
	if !br.atConsent() || radioInput.MatchString(br.page) || !strings.Contains(br.page, "Second &lt;B.V.&gt;") {
		t.Fatalf("first time: consent without a choice: %s", br.page)
	}
	first := b.exchange(br.press("allow").callback().Get("code"))
	access, err := b.provider.Verify(first.Access)
	if err != nil || access.Tenant != "t2" {
		t.Errorf("%+v %v", access, err)
	}
	if silent := br.open(b.ask()).callback(); silent.Get("code") == "" {
		t.Errorf("second time, with a session: %v", silent)
	}
	if br.open(b.ask("prompt", "consent")); !br.atConsent() {
		t.Errorf("prompt=consent: %s", br.page)
	}
}

func TestSignIn_WithoutTheRole(t *testing.T) {
	b := start(t, nil)
	code := b.code(none, "t1")
	if a := b.exchange(code); a.status != http.StatusBadRequest || a.Error != "invalid_tenant" || a.Access != "" {
		t.Errorf("%+v", a)
	}
	if got := b.browser().open(b.ask()).login("new@office.example").callback(); got.Get("error") != "access_denied" {
		t.Errorf("user without any company: %v", got)
	}
	if _, err := b.provider.Authorize(native, none, "t1", connect.DefaultScopes()); err == nil {
		t.Error("authorized without the role")
	}
}

func TestSignIn_Refused(t *testing.T) {
	b := start(t, nil)
	for where, got := range map[string]url.Values{
		"login page":   b.browser().open(b.ask()).press("cancel").callback(),
		"company page": b.browser().open(b.ask()).login(both).press("cancel").callback(),
	} {
		if got.Get("error") != "access_denied" || got.Get("state") != "st-1" || got.Get("iss") != b.http.URL || got.Has("code") {
			t.Errorf("%s: %v", where, got)
		}
	}
}

func TestSignIn_WrongPassword(t *testing.T) {
	b := start(t, nil)
	br := b.browser().open(b.ask("ui_locales", "nl-NL")).press("login", "username", both, "password", "wrong")
	if !br.atLogin() || !strings.Contains(br.page, "Gebruikersnaam of wachtwoord is onjuist.") {
		t.Errorf("%s", br.page)
	}
	if br.login(both); !br.atConsent() || !strings.Contains(br.page, "Toestaan") {
		t.Errorf("second try: %s", br.page)
	}
}

func TestSignIn_Languages(t *testing.T) {
	b := start(t, nil)
	for locale, word := range map[string]string{"nl-NL": "Inloggen", "sv": "Logga in", "fi-FI": "Kirjaudu sisään", "en-GB": "Log in", "xx nl": "Inloggen", "zz": "Log in", "": "Log in"} {
		if br := b.browser().open(b.ask("ui_locales", locale)); !strings.Contains(br.page, word) {
			t.Errorf("%q: no %q", locale, word)
		}
	}
}

func TestSignIn_CompanyHintAndForeignCompany(t *testing.T) {
	b := start(t, nil)
	br := b.browser().open(b.ask("tenant_hint", "t2")).login(both)
	chosen := slices.ContainsFunc(radioInput.FindAllStringSubmatch(br.page, -1), func(m []string) bool { return m[1] == "t2" && m[2] != "" })
	if !chosen {
		t.Errorf("hint not taken: %s", br.page)
	}
	if br.press("allow", "company", "t9"); !br.atConsent() {
		t.Errorf("a company that was not offered: %s", br.page)
	}
}

func TestSignIn_ErrorsThatGoBack(t *testing.T) {
	b := start(t, nil)
	for want, changes := range map[string][]string{
		"unsupported_response_type": {"response_type", "token"},
		"invalid_scope":             {"scope", "openid everything"},
		"invalid_scope ":            {"scope", ""},
		"invalid_scope  ":           {"scope", "vismanet_erp_service_api:read"},
		"invalid_request":           {"code_challenge", ""},
		"invalid_request ":          {"code_challenge_method", "plain"},
		"invalid_request  ":         {"code_challenge_method", ""},
		"invalid_request   ":        {"code_challenge", "short"},
		"invalid_request    ":       {"response_mode", "pigeon"},
	} {
		got := b.browser().open(b.ask(changes...)).callback()
		if got.Get("error") != strings.TrimSpace(want) || got.Get("state") != "st-1" || got.Get("iss") != b.http.URL {
			t.Errorf("%v: %v", changes, got)
		}
	}
}

func TestSignIn_ErrorsThatStay(t *testing.T) {
	b := start(t, nil)
	for _, changes := range [][]string{
		{"client_id", "nobody"},
		{"redirect_uri", "http://127.0.0.1:53682/other"},
		{"redirect_uri", "http://127.0.0.1/callback"},
		{"redirect_uri", "http://127.0.0.1:0/callback"},
		{"redirect_uri", "http://127.0.0.1:80@evil.example/callback"},
		{"redirect_uri", "http://127.0.0.1.evil.example:80/callback"},
		{"redirect_uri", "https://127.0.0.1:53682/callback"},
		{"redirect_uri", ""},
		{"client_id", web},
		{"prompt", "none"},
	} {
		br := b.browser().open(b.ask(changes...))
		if br.landed != nil || br.status != http.StatusBadRequest || !strings.Contains(br.page, `id="error"`) {
			t.Errorf("%v: %d %v", changes, br.status, br.landed)
		}
	}
	for _, good := range []string{"http://localhost:1/callback", "http://127.0.0.1:65535/callback", "http://[::1]:8080/callback"} {
		if br := b.browser().open(b.ask("redirect_uri", good)); !br.atLogin() {
			t.Errorf("%s: %d", good, br.status)
		}
	}
}

func TestSignIn_PagesLapse(t *testing.T) {
	b := start(t, nil)
	br := b.browser().open(b.ask())
	b.now = b.now.Add(time.Hour)
	if br.login(both); br.status != http.StatusBadRequest {
		t.Errorf("an hour later: %d", br.status)
	}
	if br.open(b.http.URL + "/connect/consent?request=guess"); br.status != http.StatusBadRequest {
		t.Errorf("guessed page: %d", br.status)
	}
}

func TestSignIn_ResponseModes(t *testing.T) {
	b := start(t, nil)
	br := b.browser().open(b.ask("response_mode", "fragment")).login(both).press("allow", "company", "t1")
	if q, err := url.ParseQuery(br.landed.Fragment); err != nil || q.Get("code") == "" || q.Get("state") != "st-1" {
		t.Errorf("fragment: %v", br.landed)
	}
	br = b.browser().open(b.ask("response_mode", "form_post")).login(both).press("allow", "company", "t1")
	if !strings.Contains(br.page, `action="`+callback+`"`) || !strings.Contains(br.page, `name="code"`) || !strings.Contains(br.page, `value="st-1"`) {
		t.Errorf("form_post: %s", br.page)
	}
}
