package oauth

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	mathrand "math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"loonbrug/data/model"
	"loonbrug/integration/httpx"
)

// provider publishes a key, or what a test puts in its place, and signs.
type provider struct {
	server *httptest.Server
	key    *rsa.PrivateKey
	keys   atomic.Pointer[[]byte] // the answer with the keys
}

func newProvider(t *testing.T) *provider {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	p := &provider{key: key}
	keys, err := json.Marshal(jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: &key.PublicKey, KeyID: "one", Algorithm: "RS256", Use: "sig"}}})
	if err != nil {
		t.Fatal(err)
	}
	p.keys.Store(&keys)
	mux := http.NewServeMux()
	mux.HandleFunc("GET /.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(map[string]any{
			"issuer": p.server.URL, "authorization_endpoint": p.server.URL + "/authorize", "token_endpoint": p.server.URL + "/token",
			"jwks_uri": p.server.URL + "/keys", "id_token_signing_alg_values_supported": []string{"RS256"},
		})
	})
	mux.HandleFunc("GET /keys", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(*p.keys.Load())
	})
	p.server = httptest.NewServer(mux)
	t.Cleanup(p.server.Close)
	return p
}

// sign makes an id_token of claims, by an algorithm and with a key.
func sign(t *testing.T, algorithm jose.SignatureAlgorithm, key any, claims map[string]any) string {
	t.Helper()
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: algorithm, Key: jose.JSONWebKey{Key: key, KeyID: "one"}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	payload, err := json.Marshal(claims)
	if err != nil {
		t.Fatal(err)
	}
	signed, err := signer.Sign(payload)
	if err != nil {
		t.Fatal(err)
	}
	text, err := signed.CompactSerialize()
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// mutated changes some bytes of a text: flips, cuts, doubles, or swaps them.
func mutated(r *mathrand.Rand, text []byte) []byte {
	out := append([]byte(nil), text...)
	for range 1 + r.IntN(3) {
		if len(out) < 4 {
			return out
		}
		at := r.IntN(len(out) - 2)
		n := 1 + r.IntN(min(40, len(out)-at-1))
		switch r.IntN(5) {
		case 0:
			out[at] ^= 1 << r.IntN(8)
		case 1:
			out = append(out[:at], out[at+n:]...)
		case 2:
			out = append(out[:at+n], append(append([]byte(nil), out[at:at+n]...), out[at+n:]...)...)
		case 3:
			other := r.IntN(len(out))
			out[at], out[other] = out[other], out[at]
		case 4:
			out[at] = "\"{}[],:.0e-nA\\\x00"[r.IntN(15)]
		}
	}
	return out
}

// TestMutatedAnswers changes the answer of the token endpoint and the published
// keys ten thousand times. What is still taken has the very content that was
// signed for this sign-in and the access token that belongs to it.
func TestMutatedAnswers(t *testing.T) {
	const answers, keySets = 8000, 2000
	p := newProvider(t)
	now := time.Date(2026, time.March, 31, 9, 0, 0, 0, time.UTC)
	c := New(Config{HTTP: httpx.New(httpx.Options{LoopbackOnly: true}), Now: func() time.Time { return now }})
	who := Provider{Issuer: p.server.URL, ClientID: "program"}
	const access = "access-0123456789-abcdefghijklmnop"
	sum := sha256.Sum256([]byte(access))
	idToken := sign(t, jose.RS256, p.key, map[string]any{
		"iss": p.server.URL, "aud": "program", "sub": "person-1", "nonce": "nonce-1", "iat": now.Unix(), "exp": now.Add(time.Hour).Unix(),
		"at_hash": base64.RawURLEncoding.EncodeToString(sum[:16]),
	})
	truth, err := json.Marshal(map[string]any{"access_token": access, "token_type": "Bearer", "expires_in": 3600, "id_token": idToken})
	if err != nil {
		t.Fatal(err)
	}
	signed := idToken[:strings.LastIndexByte(idToken, '.')]
	ends, err := c.discover(t.Context(), who)
	if err != nil {
		t.Fatal(err)
	}
	// taken tells whether an answer is taken.
	taken := func(ends endpoints, body []byte) bool {
		answer, err := parseToken(body, now)
		if err != nil {
			return false
		}
		if _, err := c.verify(t.Context(), who, ends, answer, "nonce-1"); err != nil {
			return false
		}
		if got := answer.idToken.Reveal(); !strings.HasPrefix(got, signed+".") || answer.grant.AccessToken.Reveal() != access {
			t.Fatalf("taken: %q", body)
		}
		return true
	}
	if !taken(ends, truth) {
		t.Fatal("the true answer is not taken")
	}
	r := mathrand.New(mathrand.NewPCG(1, 2))
	accepted := 0
	for range answers {
		if taken(ends, mutated(r, truth)) {
			accepted++ // the change was in what does not matter
		}
	}
	if accepted == answers || accepted > answers/4 {
		t.Errorf("%d of %d changed answers were taken", accepted, answers)
	}
	whole := *p.keys.Load()
	for range keySets {
		spoilt := mutated(r, whole)
		p.keys.Store(&spoilt)
		fresh, err := c.discover(t.Context(), who)
		if err != nil {
			t.Fatal(err)
		}
		taken(fresh, truth)
	}
}

// Tokens that are signed, but not as they should be, are never taken.
func TestForgedTokens(t *testing.T) {
	p := newProvider(t)
	now := time.Date(2026, time.March, 31, 9, 0, 0, 0, time.UTC)
	c := New(Config{HTTP: httpx.New(httpx.Options{LoopbackOnly: true}), Now: func() time.Time { return now }})
	who := Provider{Issuer: p.server.URL, ClientID: "program"}
	ends, err := c.discover(t.Context(), who)
	if err != nil {
		t.Fatal(err)
	}
	claims := map[string]any{
		"iss": p.server.URL, "aud": "program", "sub": "person-1", "nonce": "nonce-1", "iat": now.Unix(), "exp": now.Add(time.Hour).Unix(),
	}
	other, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	good := sign(t, jose.RS256, p.key, claims)
	parts := strings.Split(good, ".")
	none := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"none"}`))
	for name, forged := range map[string]string{
		"another key":       sign(t, jose.RS256, other, claims),
		"another algorithm": sign(t, jose.PS256, p.key, claims),
		"the public key":    sign(t, jose.HS256, p.key.N.Bytes(), claims),
		"no signature":      parts[0] + "." + parts[1] + ".",
		"algorithm none":    none + "." + parts[1] + ".",
		"none but signed":   none + "." + parts[1] + "." + parts[2],
		"nothing":           "",
	} {
		if _, err := c.verify(t.Context(), who, ends, tokenAnswer{grant: Grant{AccessToken: "a"}, idToken: model.Secret(forged)}, "nonce-1"); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
	if _, err := c.verify(t.Context(), who, ends, tokenAnswer{grant: Grant{AccessToken: "a"}, idToken: model.Secret(good)}, "nonce-1"); err != nil {
		t.Errorf("the good one: %v", err)
	}
}
