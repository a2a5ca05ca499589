package oauth_test

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"loonbrug/data/model"
	"loonbrug/integration/httpx"
	"loonbrug/integration/oauth"
	"loonbrug/integration/target"
)

// identity is an OpenID Connect provider whose every answer a test may spoil.
// As a good one it hands out a code, checks the verifier, and rotates refresh
// tokens: the old one is dead once the new one is made.
type identity struct {
	t      *testing.T
	server *httptest.Server
	key    *rsa.PrivateKey

	// What a test may change before it signs in.
	callback func(q url.Values)                             // spoils what goes back to the program
	claims   func(c map[string]any)                         // spoils the id_token
	signWith *rsa.PrivateKey                                // another key than the published one
	token    func(w http.ResponseWriter, f url.Values) bool // answers in place of the token endpoint
	issuer   string                                         // another issuer in the discovery document

	mu        sync.Mutex
	asked     url.Values // the last authorize request
	refreshes int
	live      string // the refresh token that is good
	forms     []url.Values
}

func newIdentity(t *testing.T) *identity {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	i := &identity{t: t, key: key, signWith: key}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /.well-known/openid-configuration", i.discovery)
	mux.HandleFunc("GET /keys", i.keys)
	mux.HandleFunc("GET /authorize", i.authorize)
	mux.HandleFunc("POST /token", i.tokens)
	i.server = httptest.NewServer(mux)
	t.Cleanup(i.server.Close)
	return i
}

func (i *identity) discovery(w http.ResponseWriter, _ *http.Request) {
	issuer := i.server.URL
	if i.issuer != "" {
		issuer = i.issuer
	}
	i.json(w, http.StatusOK, map[string]any{
		"issuer": issuer, "authorization_endpoint": i.server.URL + "/authorize", "token_endpoint": i.server.URL + "/token",
		"jwks_uri": i.server.URL + "/keys", "id_token_signing_alg_values_supported": []string{"RS256"},
	})
}

func (i *identity) keys(w http.ResponseWriter, _ *http.Request) {
	i.json(w, http.StatusOK, jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: &i.key.PublicKey, KeyID: "one", Algorithm: "RS256", Use: "sig"}}})
}

func (i *identity) authorize(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	i.mu.Lock()
	i.asked = q
	i.mu.Unlock()
	back := url.Values{"code": {"code-1"}, "state": {q.Get("state")}, "iss": {i.server.URL}}
	if i.callback != nil {
		i.callback(back)
	}
	http.Redirect(w, r, q.Get("redirect_uri")+"?"+back.Encode(), http.StatusFound)
}

func (i *identity) tokens(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil {
		i.t.Error(err)
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	i.forms = append(i.forms, maps.Clone(r.PostForm))
	if i.token != nil && i.token(w, r.PostForm) {
		return
	}
	switch r.PostForm.Get("grant_type") {
	case "authorization_code":
		sum := sha256.Sum256([]byte(r.PostForm.Get("code_verifier")))
		if r.PostForm.Get("code") != "code-1" || i.asked.Get("code_challenge") != base64.RawURLEncoding.EncodeToString(sum[:]) ||
			i.asked.Get("code_challenge_method") != "S256" || r.PostForm.Get("redirect_uri") != i.asked.Get("redirect_uri") {
			i.json(w, http.StatusBadRequest, map[string]any{"error": "invalid_grant"})
			return
		}
	case "refresh_token":
		if i.live == "" || r.PostForm.Get("refresh_token") != i.live {
			i.json(w, http.StatusBadRequest, map[string]any{"error": "invalid_grant"})
			return
		}
		i.refreshes++
	}
	i.live = "refresh-" + rand.Text()
	access := "access-" + rand.Text()
	i.json(w, http.StatusOK, map[string]any{
		"access_token": access, "refresh_token": i.live, "token_type": "Bearer", "expires_in": 3600, "id_token": i.idToken(access),
	})
}

func (i *identity) idToken(access string) string {
	sum := sha256.Sum256([]byte(access))
	claims := map[string]any{
		"iss": i.server.URL, "aud": "program", "sub": "person-1", "email": "person@example.test", "tenant_id": "tenant-1",
		"nonce": i.asked.Get("nonce"), "iat": testNow.Unix(), "exp": testNow.Add(time.Hour).Unix(),
		"at_hash": base64.RawURLEncoding.EncodeToString(sum[:16]),
	}
	if i.claims != nil {
		i.claims(claims)
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.RS256, Key: jose.JSONWebKey{Key: i.signWith, KeyID: "one"}}, nil)
	if err != nil {
		i.t.Error(err)
		return ""
	}
	payload, err := json.Marshal(claims)
	if err != nil {
		i.t.Error(err)
	}
	signed, err := signer.Sign(payload)
	if err != nil {
		i.t.Error(err)
		return ""
	}
	text, err := signed.CompactSerialize()
	if err != nil {
		i.t.Error(err)
	}
	return text
}

func (i *identity) json(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	if err := json.NewEncoder(w).Encode(v); err != nil {
		i.t.Error(err)
	}
}

func (i *identity) provider() oauth.Provider {
	return oauth.Provider{Issuer: i.server.URL, ClientID: "program", Scopes: []string{"openid", "offline_access"}}
}

var testNow = time.Date(2026, time.March, 31, 12, 0, 0, 0, time.UTC)

func newClient(wait time.Duration) *oauth.Client {
	return oauth.New(oauth.Config{
		HTTP: httpx.New(httpx.Options{LoopbackOnly: true}),
		Now:  func() time.Time { return testNow },
		Wait: wait,
	})
}

// browser is a person's browser: it follows redirects, keeps cookies, and shows
// what it ends on. Visit may be replaced.
type browser struct {
	t        *testing.T
	client   *http.Client
	language string
	visit    func(ctx context.Context, address string) error
	pages    chan shown
}

// shown is a page as the browser shows it.
type shown struct {
	address string
	status  int
	header  http.Header
	body    string
}

func newBrowser(t *testing.T) *browser {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	b := &browser{t: t, client: &http.Client{Jar: jar}, language: "en", pages: make(chan shown, 4)}
	b.visit = func(_ context.Context, address string) error {
		go b.load(address)
		return nil
	}
	return b
}

func (b *browser) Open(ctx context.Context, address string) error { return b.visit(ctx, address) }
func (b *browser) Language() string                               { return b.language }

// load visits an address as a tab does and hands on the page it ends on.
func (b *browser) load(address string) { b.pages <- b.get(address) }

func (b *browser) get(address string) shown {
	resp, err := b.client.Get(address)
	if err != nil {
		return shown{body: err.Error()}
	}
	body, err := io.ReadAll(resp.Body)
	if err := errors.Join(err, resp.Body.Close()); err != nil {
		b.t.Errorf("the page was cut off: %v", err)
	}
	return shown{address: resp.Request.URL.String(), status: resp.StatusCode, header: resp.Header, body: string(body)}
}

// vault keeps credentials in memory and can be told to fail.
type vault struct {
	mu     sync.Mutex
	kept   map[int64]model.Credentials
	full   bool
	saving func(model.Credentials)
	turn   sync.Mutex // of all computers that have it
}

func newVault() *vault { return &vault{kept: make(map[int64]model.Credentials)} }

func (v *vault) Credentials(_ context.Context, account int64) (model.Credentials, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	c := maps.Clone(v.kept[account])
	if c == nil {
		c = model.Credentials{}
	}
	return c, nil
}

var errFull = errors.New("disk full")

func (v *vault) SaveCredentials(_ context.Context, account int64, c model.Credentials) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.saving != nil {
		v.saving(c)
	}
	if v.full {
		return errFull
	}
	v.kept[account] = maps.Clone(c)
	return nil
}

func (v *vault) Only(ctx context.Context, _ string, fn func(context.Context) error) error {
	v.turn.Lock()
	defer v.turn.Unlock()
	return fn(ctx)
}

func access(v target.Vault) target.Access {
	return target.Access{Account: model.Account{ID: 7}, Vault: v}
}
