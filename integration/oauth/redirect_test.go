package oauth_test

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"testing"
	"time"

	"loonbrug/data/model"
	"loonbrug/integration/oauth"
)

// freePort is a port that nobody listens on.
func freePort(t *testing.T) int {
	t.Helper()
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	return l.Addr().(*net.TCPAddr).Port
}

// registered is a provider that knows one redirect address, has a secret for
// the program and documents no PKCE.
func registered(i *identity, redirect string) oauth.Provider {
	return oauth.Provider{
		AuthURL: i.server.URL + "/authorize", TokenURL: i.server.URL + "/token",
		ClientID: "program", ClientSecret: "hush", Redirect: redirect, NoChallenge: true, RefreshLife: 180 * 24 * time.Hour,
	}
}

// grants answers every token request of a code with the same tokens.
func grants(refresh string) func(http.ResponseWriter, url.Values) bool {
	return func(w http.ResponseWriter, _ url.Values) bool {
		w.Header().Set("Content-Type", "application/json")
		_, _ = fmt.Fprintf(w, `{"access_token":"access-x","refresh_token":%q,"expires_in":1}`, refresh)
		return true
	}
}

func TestSignIn_RegisteredRedirect(t *testing.T) {
	for _, host := range []string{"127.0.0.1", "localhost"} {
		t.Run(host, func(t *testing.T) {
			i, b := newIdentity(t), newBrowser(t)
			i.token = grants("refresh-x")
			redirect := fmt.Sprintf("http://%s:%d/office/back", host, freePort(t))
			s, err := newClient(0).SignIn(t.Context(), registered(i, redirect), b)
			if err != nil {
				t.Fatal(err)
			}
			s.Welcome("Halm")
			if got := <-b.pages; got.status != http.StatusOK {
				t.Errorf("page %d", got.status)
			}
			if i.asked.Get("redirect_uri") != redirect || i.asked.Has("code_challenge") || i.asked.Get("state") == "" {
				t.Errorf("asked %v", i.asked)
			}
			if form := i.forms[0]; form.Get("redirect_uri") != redirect || form.Get("client_secret") != "hush" || form.Has("code_verifier") {
				t.Errorf("exchanged with %v", form)
			}
			if want := testNow.Add(180 * 24 * time.Hour); !s.Grant.RefreshExpires.Equal(want) {
				t.Errorf("ends %s, want %s", s.Grant.RefreshExpires, want)
			}
		})
	}
}

func TestCheckRedirect(t *testing.T) {
	for address, good := range map[string]bool{
		"http://127.0.0.1:53690/callback": true, "http://localhost:1": true,
		"": false, "http://127.0.0.1/callback": false, "http://127.0.0.1:0/": false, "http://127.0.0.1:70000/": false,
		"https://127.0.0.1:53690/": false, "http://office.example:80/": false, "http://a@127.0.0.1:80/": false,
		"http://127.0.0.1:80/?a=b": false, "http://127.0.0.1:80/#a": false, "http://127.0.0.1:x/": false,
	} {
		err := oauth.CheckRedirect(address)
		if good && err != nil {
			t.Errorf("%q: %v", address, err)
		}
		if !good {
			wantProblem(t, err, "signin.bad_redirect", model.ActionOpenAccount)
		}
	}
	i := newIdentity(t)
	_, err := newClient(0).SignIn(t.Context(), registered(i, "https://office.example/"), newBrowser(t))
	wantProblem(t, err, "signin.bad_redirect", model.ActionOpenAccount)
}

// Two sign-ins share the one registered address; each gets its own answer, the
// wrong page goes to nobody, and the address is free once both have ended.
func TestSignIn_SharedRedirect(t *testing.T) {
	i, c := newIdentity(t), newClient(0)
	i.token = grants("refresh-x")
	port := freePort(t)
	redirect := fmt.Sprintf("http://127.0.0.1:%d/callback", port)
	// Both browsers are open before either answers.
	opened, answered := make(chan string, 2), make(chan error, 2)
	sessions := make(chan *oauth.Session, 2)
	b := newBrowser(t)
	b.visit = func(_ context.Context, address string) error { opened <- address; return nil }
	for range 2 {
		go func() {
			s, err := c.SignIn(t.Context(), registered(i, redirect), b)
			answered <- err
			sessions <- s
		}()
	}
	first, second := <-opened, <-opened
	for _, stranger := range []string{"?state=nonsense&code=1", "?code=1", "?state=a&state=b"} {
		if got := b.get(redirect + stranger); got.status != http.StatusBadRequest {
			t.Errorf("%s: %d", stranger, got.status)
		}
	}
	for _, address := range []string{second, first} {
		go b.load(address)
		if err := <-answered; err != nil {
			t.Fatal(err)
		}
		(<-sessions).Welcome("Halm")
		if got := <-b.pages; got.status != http.StatusOK {
			t.Errorf("page %d", got.status)
		}
	}
	l, err := net.Listen("tcp4", "127.0.0.1:"+strconv.Itoa(port))
	if err != nil {
		t.Fatalf("the port is still taken: %v", err)
	}
	_ = l.Close()
}

func TestSignIn_RegisteredPortInUse(t *testing.T) {
	busy, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = busy.Close() }()
	_, err = newClient(0).SignIn(t.Context(), registered(newIdentity(t), "http://"+busy.Addr().String()+"/callback"), newBrowser(t))
	wantProblem(t, err, "signin.port_in_use", model.ActionOpenAccount)
}

// The same refresh token again has not been prolonged; another one lives anew.
func TestRefreshEnds(t *testing.T) {
	for refresh, want := range map[string]time.Time{
		"refresh-0": testNow.Add(24 * time.Hour), "refresh-1": testNow.Add(180 * 24 * time.Hour),
	} {
		i := newIdentity(t)
		v := signedIn(i)
		v.kept[7][oauth.FieldRefreshExpires] = model.Secret(testNow.Add(24 * time.Hour).Format(time.RFC3339))
		i.token = grants(refresh)
		if _, err := newClient(0).Token(t.Context(), registered(i, ""), access(v)); err != nil {
			t.Fatal(err)
		}
		if got := oauth.RefreshEnds(v.kept[7]); !got.Equal(want) {
			t.Errorf("%s ends %s, want %s", refresh, got, want)
		}
	}
	if got := oauth.RefreshEnds(model.Credentials{oauth.FieldRefreshToken: "x"}); !got.IsZero() {
		t.Errorf("an unknown end is %s", got)
	}
}
