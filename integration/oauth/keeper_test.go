package oauth_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"loonbrug/data/model"
	"loonbrug/integration/oauth"
)

func sprint(v any) string { return fmt.Sprint(v) }

// wantProblem checks code and action of an error, and that it gives nothing
// secret away.
func wantProblem(t *testing.T, err error, code string, action model.Action) *model.Problem {
	t.Helper()
	if err == nil {
		t.Fatalf("no error, want %s", code)
	}
	p := model.ProblemOf(err)
	if p.Code != code || p.Action != action {
		t.Errorf("problem %s with action %q, want %s with %q: %v", p.Code, p.Action, code, action, err)
	}
	for _, secret := range []string{"refresh-", "access-", "code-1", "code_verifier"} {
		if strings.Contains(err.Error(), secret) {
			t.Errorf("the error shows a secret: %v", err)
		}
	}
	return p
}

// signedIn is a vault whose account has a token that ran out.
func signedIn(i *identity) *vault {
	v := newVault()
	i.live = "refresh-0"
	v.kept[7] = model.Credentials{
		oauth.FieldRefreshToken: "refresh-0",
		oauth.FieldAccessToken:  "access-0",
		oauth.FieldExpires:      model.Secret(testNow.Add(30 * time.Second).Format(time.RFC3339)),
		"client_secret":         "hush",
	}
	return v
}

func TestToken_StoredBeforeItIsGiven(t *testing.T) {
	i := newIdentity(t)
	v := signedIn(i)
	var saved model.Credentials
	v.saving = func(c model.Credentials) { saved = maps.Clone(c) }
	got, err := newClient(0).Token(t.Context(), i.provider(), access(v))
	if err != nil {
		t.Fatal(err)
	}
	if saved[oauth.FieldAccessToken] != got || saved[oauth.FieldRefreshToken].Reveal() != i.live || saved["client_secret"] != "hush" {
		t.Error("what was stored is not what was given, or something was lost")
	}
	// Good for an hour: no second renewal.
	again, err := newClient(0).Token(t.Context(), i.provider(), access(v))
	if err != nil || again != got || i.refreshes != 1 {
		t.Errorf("%d renewals, err %v", i.refreshes, err)
	}
}

func TestToken_NotGivenWhenItCannotBeStored(t *testing.T) {
	i := newIdentity(t)
	v, c := signedIn(i), newClient(0)
	v.full = true
	if _, err := c.Token(t.Context(), i.provider(), access(v)); !errors.Is(err, errFull) {
		t.Fatalf("err = %v", err)
	}
	if _, err := c.Token(t.Context(), i.provider(), access(v)); !errors.Is(err, errFull) || i.refreshes != 1 {
		t.Fatalf("err = %v after %d renewals", err, i.refreshes)
	}
	// The old refresh token is spent: only the one that waits can help.
	v.full = false
	if _, err := c.Token(t.Context(), i.provider(), access(v)); err != nil {
		t.Fatal(err)
	}
	if i.refreshes != 1 || v.kept[7][oauth.FieldRefreshToken].Reveal() != i.live {
		t.Error("the new refresh token was lost")
	}
}

// Many want a token at once, on one computer or on several that share the vault:
// the refresh token, which is good for once, is used once.
func TestToken_SingleFlight(t *testing.T) {
	t.Run("OneComputer", func(t *testing.T) {
		c := newClient(0)
		manyTokens(t, func() *oauth.Client { return c })
	})
	t.Run("Computers", func(t *testing.T) { manyTokens(t, func() *oauth.Client { return newClient(0) }) })
}

func manyTokens(t *testing.T, client func() *oauth.Client) {
	i := newIdentity(t)
	v := signedIn(i)
	var wg sync.WaitGroup
	tokens := make([]model.Secret, 40)
	for n := range tokens {
		c := client()
		wg.Go(func() {
			var err error
			if n%2 == 0 {
				tokens[n], err = c.Token(t.Context(), i.provider(), access(v))
			} else {
				tokens[n], err = c.Renew(t.Context(), i.provider(), access(v), "access-0")
			}
			if err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	for _, token := range tokens {
		if token != tokens[0] {
			t.Error("not everybody got the same token")
		}
	}
	if i.refreshes != 1 {
		t.Errorf("%d renewals", i.refreshes)
	}
}

// A caller that gives up must not throw away a refresh token that was already
// spent.
func TestToken_CancelledCallerDoesNotLoseIt(t *testing.T) {
	i := newIdentity(t)
	v := signedIn(i)
	ctx, cancel := context.WithCancel(t.Context())
	i.token = func(http.ResponseWriter, url.Values) bool { cancel(); return false }
	if _, err := newClient(0).Token(ctx, i.provider(), access(v)); err != nil {
		t.Fatal(err)
	}
	if v.kept[7][oauth.FieldRefreshToken].Reveal() != i.live {
		t.Error("the new refresh token was lost")
	}
}

func TestRenew_OnlyIfNobodyDid(t *testing.T) {
	i := newIdentity(t)
	v, c := signedIn(i), newClient(0)
	first, err := c.Token(t.Context(), i.provider(), access(v))
	if err != nil {
		t.Fatal(err)
	}
	same, err := c.Renew(t.Context(), i.provider(), access(v), "access-0")
	if err != nil || same != first {
		t.Errorf("renewed although it was new, err %v", err)
	}
	other, err := c.Renew(t.Context(), i.provider(), access(v), first)
	if err != nil || other == first || i.refreshes != 2 {
		t.Errorf("%d renewals, err %v", i.refreshes, err)
	}
}

// A provider whose refresh token may be used again sends none back.
func TestToken_ReusableRefreshTokenStays(t *testing.T) {
	i := newIdentity(t)
	v := signedIn(i)
	i.token = func(w http.ResponseWriter, _ url.Values) bool {
		_, _ = w.Write([]byte(`{"access_token":"access-1","expires_in":"60"}`))
		return true
	}
	if _, err := newClient(0).Token(t.Context(), i.provider(), access(v)); err != nil {
		t.Fatal(err)
	}
	if v.kept[7][oauth.FieldRefreshToken] != "refresh-0" {
		t.Error("the refresh token is gone")
	}
}

func TestToken_Fails(t *testing.T) {
	for name, c := range map[string]struct {
		status int
		body   string
		code   string
		action model.Action
		again  bool
	}{
		"Expired":     {400, `{"error":"invalid_grant","error_description":"gone"}`, "signin.expired", model.ActionSignIn, false},
		"NoRole":      {400, `{"error":"invalid_tenant"}`, "signin.no_role", model.ActionSignIn, false},
		"Client":      {401, `{"error":"invalid_client"}`, "signin.client", model.ActionOpenAccount, false},
		"Down":        {502, `<html>`, "signin.unavailable", model.ActionNone, true},
		"TooMany":     {429, ``, "signin.unavailable", model.ActionNone, true},
		"Unavailable": {400, `{"error":"temporarily_unavailable"}`, "signin.unavailable", model.ActionNone, true},
		"Page":        {200, `<html>`, "signin.unavailable", model.ActionNone, true},
		"Odd":         {404, ``, "signin.failed", model.ActionSignIn, false},
	} {
		t.Run(name, func(t *testing.T) {
			i := newIdentity(t)
			v := signedIn(i)
			i.token = func(w http.ResponseWriter, _ url.Values) bool {
				w.WriteHeader(c.status)
				_, _ = w.Write([]byte(c.body))
				return true
			}
			before := maps.Clone(v.kept[7])
			_, err := newClient(0).Token(t.Context(), i.provider(), access(v))
			if p := wantProblem(t, err, c.code, c.action); p.Retryable != c.again {
				t.Errorf("retryable %t", p.Retryable)
			}
			if !maps.Equal(before, v.kept[7]) {
				t.Error("credentials changed")
			}
		})
	}
	t.Run("NeverSignedIn", func(t *testing.T) {
		_, err := newClient(0).Token(t.Context(), newIdentity(t).provider(), access(newVault()))
		wantProblem(t, err, "signin.needed", model.ActionSignIn)
	})
	t.Run("NoRefreshToken", func(t *testing.T) {
		i := newIdentity(t)
		v := signedIn(i)
		delete(v.kept[7], oauth.FieldRefreshToken)
		_, err := newClient(0).Token(t.Context(), i.provider(), access(v))
		wantProblem(t, err, "signin.expired", model.ActionSignIn)
	})
}

func TestSave_ForgetsAnEarlierSignIn(t *testing.T) {
	i := newIdentity(t)
	v := signedIn(i)
	g := oauth.Grant{AccessToken: "access-9", Expires: testNow.Add(time.Hour)}
	if err := newClient(0).Save(t.Context(), access(v), g, model.Credentials{"company": "Halm"}); err != nil {
		t.Fatal(err)
	}
	got := v.kept[7]
	if got[oauth.FieldRefreshToken] != "" || got[oauth.FieldAccessToken] != "access-9" || got["company"] != "Halm" || got["client_secret"] != "hush" {
		t.Error("credentials are not those of the new sign-in")
	}
}
