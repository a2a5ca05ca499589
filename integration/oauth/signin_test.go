package oauth_test

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"errors"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"loonbrug/data/model"
	"loonbrug/integration/oauth"
)

func TestSignIn_OK(t *testing.T) {
	i, b := newIdentity(t), newBrowser(t)
	p := i.provider()
	p.AuthParams = map[string]string{"prompt": "select_account"}
	p.TokenParams = map[string]string{"tenant_id": "tenant-1"}
	p.ClientSecret = "hush"

	s, err := newClient(0).SignIn(t.Context(), p, b)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if s.Claims.Email != "person@example.test" || s.Claims.Tenant != "tenant-1" {
		t.Errorf("claims %+v", s.Claims)
	}
	if !strings.HasPrefix(s.Grant.AccessToken.Reveal(), "access-") || s.Grant.RefreshToken.Reveal() != i.live {
		t.Error("the grant is not what the provider gave")
	}
	if want := testNow.Add(time.Hour); !s.Grant.Expires.Equal(want) {
		t.Errorf("expires %v, want %v", s.Grant.Expires, want)
	}
	asked := i.asked
	for name, want := range map[string]string{
		"response_type": "code", "client_id": "program", "scope": "openid offline_access",
		"prompt": "select_account", "code_challenge_method": "S256",
	} {
		if got := asked.Get(name); got != want {
			t.Errorf("authorize %s = %q, want %q", name, got, want)
		}
	}
	if len(asked.Get("state")) < 20 || len(asked.Get("nonce")) < 20 || asked.Get("state") == asked.Get("nonce") {
		t.Error("state and nonce are not random")
	}
	form := i.forms[0]
	if form.Get("tenant_id") != "tenant-1" || form.Get("client_secret") != "hush" || form.Get("client_id") != "program" {
		t.Errorf("token request lacks a field")
	}
	redirect, err := url.Parse(asked.Get("redirect_uri"))
	if err != nil || redirect.Hostname() != "127.0.0.1" || redirect.Path != "/callback" {
		t.Errorf("redirect %v, %v", redirect, err)
	}

	s.Welcome("Halm & <Zonen>")
	got := <-b.pages
	if got.status != http.StatusOK || !strings.Contains(got.body, "Halm &amp; &lt;Zonen&gt;") || !strings.Contains(got.body, "You may close this tab") {
		t.Errorf("page %d:\n%s", got.status, got.body)
	}
	if got.header.Get("Referrer-Policy") != "no-referrer" || got.header.Get("Cache-Control") != "no-store" ||
		!strings.HasPrefix(got.header.Get("Content-Security-Policy"), "default-src 'none'; ") {
		t.Errorf("the page is not guarded: %v", got.header)
	}
	if strings.Contains(got.address, "?") || strings.Contains(got.address, asked.Get("state")) || strings.Contains(got.body, "code-1") {
		t.Errorf("the page still tells the code: %s", got.address)
	}
	if conn, err := net.Dial("tcp", redirect.Host); err == nil {
		_ = conn.Close()
		t.Error("the listener is still open")
	}
}

func TestSignIn_PageInEachLanguage(t *testing.T) {
	for language, want := range map[string]string{
		"nl": "U kunt dit tabblad sluiten", "sv": "Du kan stänga", "fi": "Voit sulkea", "en": "You may close", "xx": "You may close",
	} {
		t.Run(language, func(t *testing.T) {
			i, b := newIdentity(t), newBrowser(t)
			b.language = language
			s, err := newClient(0).SignIn(t.Context(), i.provider(), b)
			if err != nil {
				t.Fatal(err)
			}
			s.Welcome("Halm")
			if got := <-b.pages; !strings.Contains(got.body, want) {
				t.Errorf("page:\n%s", got.body)
			}
		})
	}
}

func TestSignIn_ClosedWithoutWelcomeShowsFault(t *testing.T) {
	i, b := newIdentity(t), newBrowser(t)
	s, err := newClient(0).SignIn(t.Context(), i.provider(), b)
	if err != nil {
		t.Fatal(err)
	}
	s.Close()
	s.Welcome("too late")
	if got := <-b.pages; !strings.Contains(got.body, "Signing in did not work") || strings.Contains(got.body, "too late") {
		t.Errorf("page:\n%s", got.body)
	}
}

func TestSignIn_Fails(t *testing.T) {
	foreign, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	back := func(pairs ...string) func(*identity) {
		return func(i *identity) {
			i.callback = func(q url.Values) {
				q.Del("code")
				for n := 0; n < len(pairs); n += 2 {
					q.Set(pairs[n], pairs[n+1])
				}
			}
		}
	}
	claim := func(name string, value any) func(*identity) {
		return func(i *identity) { i.claims = func(c map[string]any) { c[name] = value } }
	}
	token := func(status int, body string) func(*identity) {
		return func(i *identity) {
			i.token = func(w http.ResponseWriter, _ url.Values) bool {
				w.WriteHeader(status)
				_, _ = w.Write([]byte(body))
				return true
			}
		}
	}
	const fault = "Signing in did not work"
	for name, c := range map[string]struct {
		spoil  func(*identity)
		code   string
		action model.Action
		page   string
	}{
		"Refused":           {back("error", "access_denied"), "signin.refused", model.ActionSignIn, "Access refused"},
		"NoRole":            {back("error", "invalid_tenant", "error_description", "no"), "signin.no_role", model.ActionSignIn, fault},
		"ClientUnknown":     {back("error", "unauthorized_client"), "signin.client", model.ActionOpenAccount, fault},
		"ScopeNotApproved":  {back("error", "invalid_scope"), "signin.client", model.ActionOpenAccount, fault},
		"RequestRefused":    {back("error", "invalid_request"), "signin.request", model.ActionOpenAccount, fault},
		"ProviderDown":      {back("error", "server_error"), "signin.unavailable", model.ActionNone, fault},
		"OtherError":        {back("error", "login_required"), "signin.failed", model.ActionSignIn, fault},
		"NoCode":            {back(), "signin.failed", model.ActionSignIn, fault},
		"OtherIssuer":       {back("code", "code-1", "iss", "https://evil.example"), "signin.untrusted", model.ActionSignIn, fault},
		"CodeRefused":       {back("code", "code-2"), "signin.failed", model.ActionSignIn, fault},
		"TokenNoRole":       {token(400, `{"error":"invalid_tenant"}`), "signin.no_role", model.ActionSignIn, fault},
		"TokenClient":       {token(401, `{"error":"invalid_client"}`), "signin.client", model.ActionOpenAccount, fault},
		"TokenDown":         {token(503, `<html>busy</html>`), "signin.unavailable", model.ActionNone, fault},
		"TokenHTML":         {token(200, `<html>hello</html>`), "signin.unavailable", model.ActionNone, fault},
		"TokenEmpty":        {token(200, `{}`), "signin.unavailable", model.ActionNone, fault},
		"TokenNotBearer":    {token(200, `{"access_token":"a","token_type":"mac"}`), "signin.unavailable", model.ActionNone, fault},
		"TokenPlainRefusal": {token(403, `go away`), "signin.failed", model.ActionSignIn, fault},
		"NoIDToken":         {token(200, `{"access_token":"a","token_type":"Bearer"}`), "signin.untrusted", model.ActionSignIn, fault},
		"NotAnIDToken":      {token(200, `{"access_token":"a","id_token":"x.y.z"}`), "signin.untrusted", model.ActionSignIn, fault},
		"Nonce":             {claim("nonce", "another"), "signin.untrusted", model.ActionSignIn, fault},
		"Audience":          {claim("aud", "another"), "signin.untrusted", model.ActionSignIn, fault},
		"IDTokenIssuer":     {claim("iss", "https://evil.example"), "signin.untrusted", model.ActionSignIn, fault},
		"Expired":           {claim("exp", testNow.Add(-time.Second).Unix()), "signin.untrusted", model.ActionSignIn, fault},
		"OtherAccessToken":  {claim("at_hash", "AAAAAAAAAAAAAAAAAAAAAA"), "signin.untrusted", model.ActionSignIn, fault},
		"Signature":         {func(i *identity) { i.signWith = foreign }, "signin.untrusted", model.ActionSignIn, fault},
	} {
		t.Run(name, func(t *testing.T) {
			i, b := newIdentity(t), newBrowser(t)
			c.spoil(i)
			_, err := newClient(0).SignIn(t.Context(), i.provider(), b)
			wantProblem(t, err, c.code, c.action)
			if got := <-b.pages; !strings.Contains(got.body, c.page) {
				t.Errorf("page:\n%s", got.body)
			}
		})
	}
}

func TestSignIn_DiscoveryOfAnotherIssuer(t *testing.T) {
	i := newIdentity(t)
	i.issuer = "https://evil.example"
	_, err := newClient(0).SignIn(t.Context(), i.provider(), newBrowser(t))
	wantProblem(t, err, "signin.untrusted", model.ActionSignIn)
}

func TestSignIn_ProviderUnreachable(t *testing.T) {
	i := newIdentity(t)
	p := i.provider()
	i.server.Close()
	_, err := newClient(0).SignIn(t.Context(), p, newBrowser(t))
	wantProblem(t, err, "network.unreachable", model.ActionNone)
}

// Whoever else knocks at the port is turned away and the person's answer is
// still taken.
func TestSignIn_StrangersDoNotEndTheWait(t *testing.T) {
	i, b := newIdentity(t), newBrowser(t)
	b.visit = func(ctx context.Context, address string) error {
		u, err := url.Parse(address)
		if err != nil {
			return err
		}
		redirect, state := u.Query().Get("redirect_uri"), u.Query().Get("state")
		home := strings.TrimSuffix(redirect, "/callback")
		for _, try := range []struct {
			address string
			status  int
		}{
			{redirect + "?code=stolen&state=wrong", http.StatusBadRequest},
			{redirect + "?code=stolen", http.StatusBadRequest},
			{redirect + "?error=access_denied", http.StatusBadRequest},
			{redirect + "?code=stolen&state=wrong&state=" + state, http.StatusBadRequest},
			{home + "/", http.StatusNotFound},
			{home + "/ping", http.StatusNotFound},
			{home + "/stop", http.StatusNotFound},
		} {
			if got := b.get(try.address); got.status != try.status {
				t.Errorf("%s: status %d, want %d", try.address, got.status, try.status)
			}
		}
		foreign, err := http.NewRequestWithContext(ctx, http.MethodGet, redirect+"?code=stolen&state="+state, nil)
		if err != nil {
			return err
		}
		foreign.Host = "evil.example"
		resp, err := b.client.Do(foreign)
		if err != nil {
			return err
		}
		if resp.StatusCode != http.StatusNotFound {
			t.Errorf("foreign host: status %d", resp.StatusCode)
		}
		_ = resp.Body.Close()
		go b.load(address)
		return nil
	}
	s, err := newClient(0).SignIn(t.Context(), i.provider(), b)
	if err != nil {
		t.Fatal(err)
	}
	s.Welcome("Halm")
	if got := <-b.pages; got.status != http.StatusOK {
		t.Errorf("status %d", got.status)
	}
	if len(i.forms) != 1 || i.forms[0].Get("code") != "code-1" {
		t.Error("another code than the provider's was exchanged")
	}
}

func TestSignIn_OneUse(t *testing.T) {
	i, b := newIdentity(t), newBrowser(t)
	s, err := newClient(0).SignIn(t.Context(), i.provider(), b)
	if err != nil {
		t.Fatal(err)
	}
	again := i.asked.Get("redirect_uri") + "?code=code-1&state=" + i.asked.Get("state")
	if got := b.get(again); got.status != http.StatusBadRequest {
		t.Errorf("second use: status %d", got.status)
	}
	s.Welcome("Halm")
	<-b.pages
}

func TestSignIn_TabClosedThenCancelled(t *testing.T) {
	i := newIdentity(t)
	ctx, cancel := context.WithCancel(t.Context())
	b := newBrowser(t)
	b.visit = func(context.Context, string) error { cancel(); return nil }
	_, err := newClient(0).SignIn(ctx, i.provider(), b)
	if !errors.Is(err, context.Canceled) {
		t.Fatalf("err = %v", err)
	}
}

// A tab that is closed while the program still works must not hold it up.
func TestSignIn_TabClosedAtTheEnd(t *testing.T) {
	i, b := newIdentity(t), newBrowser(t)
	tab, closeTab := context.WithCancel(t.Context())
	gone := make(chan struct{})
	b.visit = func(_ context.Context, address string) error {
		go func() {
			defer close(gone)
			r, err := http.NewRequestWithContext(tab, http.MethodGet, address, nil)
			if err != nil {
				t.Error(err)
				return
			}
			if resp, err := b.client.Do(r); err == nil {
				_ = resp.Body.Close()
				t.Error("the page came although the tab was closed")
			}
		}()
		return nil
	}
	s, err := newClient(0).SignIn(t.Context(), i.provider(), b)
	if err != nil {
		t.Fatal(err)
	}
	closeTab()
	<-gone
	s.Welcome("Halm")
}

func TestSignIn_Timeout(t *testing.T) {
	i, b := newIdentity(t), newBrowser(t)
	b.visit = func(context.Context, string) error { return nil }
	_, err := newClient(time.Millisecond).SignIn(t.Context(), i.provider(), b)
	wantProblem(t, err, "signin.timeout", model.ActionSignIn)
}

func TestSignIn_NoBrowser(t *testing.T) {
	i, b := newIdentity(t), newBrowser(t)
	b.visit = func(context.Context, string) error { return errors.New("no browser") }
	_, err := newClient(0).SignIn(t.Context(), i.provider(), b)
	wantProblem(t, err, "signin.browser", model.ActionSignIn)
}

func TestSignIn_Ports(t *testing.T) {
	busy, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = busy.Close() }()
	port := busy.Addr().(*net.TCPAddr).Port

	t.Run("NextInTheList", func(t *testing.T) {
		i, b := newIdentity(t), newBrowser(t)
		p := i.provider()
		p.Ports = []int{port, 0}
		s, err := newClient(0).SignIn(t.Context(), p, b)
		if err != nil {
			t.Fatal(err)
		}
		s.Welcome("Halm")
		<-b.pages
	})
	t.Run("AllBusy", func(t *testing.T) {
		i := newIdentity(t)
		p := i.provider()
		p.Ports = []int{port, port}
		_, err := newClient(0).SignIn(t.Context(), p, newBrowser(t))
		problem := wantProblem(t, err, "signin.port_in_use", model.ActionOpenAccount)
		if want := strconv.Itoa(port) + ", " + strconv.Itoa(port); problem.Params["ports"] != want {
			t.Errorf("ports %q, want %q", problem.Params["ports"], want)
		}
	})
}

// Two accounts may sign in at the same time; each gets its own answer.
func TestSignIn_TwoAtOnce(t *testing.T) {
	c := newClient(0)
	done := make(chan error, 2)
	for range 2 {
		i, b := newIdentity(t), newBrowser(t)
		go func() {
			s, err := c.SignIn(t.Context(), i.provider(), b)
			if err == nil {
				s.Welcome("Halm")
				<-b.pages
			}
			done <- err
		}()
	}
	for range 2 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
}

// A provider without OpenID Connect needs only its two addresses.
func TestSignIn_PlainOAuth(t *testing.T) {
	i, b := newIdentity(t), newBrowser(t)
	i.claims = func(c map[string]any) { clear(c) }
	p := oauth.Provider{AuthURL: i.server.URL + "/authorize", TokenURL: i.server.URL + "/token", ClientID: "program"}
	s, err := newClient(0).SignIn(t.Context(), p, b)
	if err != nil {
		t.Fatal(err)
	}
	s.Welcome("Halm")
	<-b.pages
	if s.Claims != (oauth.Claims{}) || i.asked.Has("nonce") {
		t.Error("a plain provider was treated as OpenID Connect")
	}
}

func TestParsePorts(t *testing.T) {
	for text, want := range map[string]string{
		"": "[1 2]", " ": "[1 2]", "53682": "[53682]", "53682, 53683;0": "[53682 53683 0]",
	} {
		got, err := oauth.ParsePorts(text, []int{1, 2})
		if err != nil || sprint(got) != want {
			t.Errorf("%q: %v, %v", text, got, err)
		}
	}
	for _, text := range []string{"x", "-1", "65536", "80,y"} {
		_, err := oauth.ParsePorts(text, nil)
		wantProblem(t, err, "signin.bad_ports", model.ActionOpenAccount)
	}
}
