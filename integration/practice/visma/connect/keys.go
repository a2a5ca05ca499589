package connect

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
)

// ErrToken is wrapped in every refusal of an access token.
var ErrToken = errors.New("access token refused")

// Access is what an access token stands for.
type Access struct {
	Client string
	User   string // empty for a service
	Name   string
	Tenant string
	Scopes []string
	Login  time.Time

	// Session is the sign-on that the token comes from; empty for a service.
	Session string
}

// Has tells whether the token carries one of the scopes.
func (a Access) Has(scopes ...string) bool {
	return slices.ContainsFunc(scopes, func(s string) bool { return slices.Contains(a.Scopes, s) })
}

type accessClaims struct {
	jwt.Claims
	Client string           `json:"client_id"`
	Tenant string           `json:"tenant_id"`
	Email  string           `json:"email,omitempty"`
	Name   string           `json:"name,omitempty"`
	Scopes []string         `json:"scope"`
	Login  *jwt.NumericDate `json:"auth_time,omitempty"`

	Session string `json:"sid,omitempty"`
}

type idClaims struct {
	jwt.Claims
	Nonce      string           `json:"nonce,omitempty"`
	Tenant     string           `json:"tenant_id"`
	Email      string           `json:"email,omitempty"`
	Verified   bool             `json:"email_verified,omitempty"`
	Name       string           `json:"name,omitempty"`
	Login      *jwt.NumericDate `json:"auth_time"`
	AccessHash string           `json:"at_hash"`
}

func (p *Provider) loadKey() error {
	key := p.cfg.Key
	if key == nil && p.kept.Key != nil {
		parsed, err := x509.ParsePKCS8PrivateKey(p.kept.Key)
		if err != nil {
			return err
		}
		var ok bool
		if key, ok = parsed.(*rsa.PrivateKey); !ok {
			return errors.New("the signing key is not RSA")
		}
	}
	var err error
	if key == nil {
		if key, err = rsa.GenerateKey(rand.Reader, 2048); err != nil {
			return err
		}
	}
	if p.kept.Key, err = x509.MarshalPKCS8PrivateKey(key); err != nil {
		return err
	}
	return p.useKey(key)
}

func (p *Provider) useKey(key *rsa.PrivateKey) error {
	p.public = jose.JSONWebKey{Key: key.Public(), Algorithm: string(jose.RS256), Use: "sig"}
	thumb, err := p.public.Thumbprint(crypto.SHA256)
	if err != nil {
		return err
	}
	p.public.KeyID = base64.RawURLEncoding.EncodeToString(thumb)
	private := jose.JSONWebKey{Key: key, Algorithm: string(jose.RS256), KeyID: p.public.KeyID}
	p.signer, err = jose.NewSigner(jose.SigningKey{Algorithm: jose.RS256, Key: private}, (&jose.SignerOptions{}).WithType("JWT"))
	return err
}

func (p *Provider) accessToken(issuer string, a Access) (string, error) {
	now := p.cfg.Clock()
	claims := accessClaims{
		Claims: jwt.Claims{
			Issuer: issuer, Subject: subject(a.User, a.Client), ID: random(),
			Audience: audiences(a.Scopes),
			IssuedAt: jwt.NewNumericDate(now), NotBefore: jwt.NewNumericDate(now), Expiry: jwt.NewNumericDate(now.Add(AccessLifetime)),
		},
		Client: a.Client, Tenant: a.Tenant, Email: a.User, Name: a.Name, Scopes: a.Scopes, Session: a.Session,
	}
	if a.User != "" {
		claims.Login = jwt.NewNumericDate(a.Login)
	}
	return jwt.Signed(p.signer).Claims(claims).Serialize()
}

func (p *Provider) idToken(issuer, nonce, access string, a Access) (string, error) {
	now := p.cfg.Clock()
	half := sha256.Sum256([]byte(access))
	claims := idClaims{
		Claims: jwt.Claims{
			Issuer: issuer, Subject: subject(a.User, a.Client), Audience: jwt.Audience{a.Client},
			IssuedAt: jwt.NewNumericDate(now), Expiry: jwt.NewNumericDate(now.Add(AccessLifetime)),
		},
		Nonce: nonce, Tenant: a.Tenant, Login: jwt.NewNumericDate(a.Login),
		AccessHash: base64.RawURLEncoding.EncodeToString(half[:16]),
	}
	if a.Has("email") {
		claims.Email, claims.Verified = a.User, true
	}
	if a.Has("profile") {
		claims.Name = a.Name
	}
	return jwt.Signed(p.signer).Claims(claims).Serialize()
}

// Verify reads an access token that this provider, or an earlier run of it with
// the same state, has signed. The issuer is not compared: the address of a
// practice system changes from run to run. Refusals wrap [ErrToken].
func (p *Provider) Verify(token string) (Access, error) {
	signed, err := jwt.ParseSigned(token, []jose.SignatureAlgorithm{jose.RS256})
	if err != nil {
		return Access{}, fmt.Errorf("%w: %w", ErrToken, err)
	}
	var claims accessClaims
	if err := signed.Claims(p.public.Key, &claims); err != nil {
		return Access{}, fmt.Errorf("%w: %w", ErrToken, err)
	}
	if err := claims.ValidateWithLeeway(jwt.Expected{Time: p.cfg.Clock()}, 0); err != nil {
		return Access{}, fmt.Errorf("%w: %w", ErrToken, err)
	}
	if claims.Client == "" {
		return Access{}, fmt.Errorf("%w: not an access token", ErrToken)
	}
	a := Access{Client: claims.Client, User: claims.Email, Name: claims.Name, Tenant: claims.Tenant, Scopes: claims.Scopes, Session: claims.Session}
	p.mu.Lock()
	_, ended := p.kept.Ended[a.Session]
	p.mu.Unlock()
	if ended {
		return Access{}, fmt.Errorf("%w: access was withdrawn", ErrToken)
	}
	if claims.Login != nil {
		a.Login = claims.Login.Time()
	}
	return a, nil
}

// subject is the opaque id of a user or a service.
func subject(user, client string) string {
	sum := sha256.Sum256([]byte(user + " " + client))
	if user != "" {
		sum = sha256.Sum256([]byte(user))
	}
	return fmt.Sprintf("%x-%x-%x-%x-%x", sum[0:4], sum[4:6], sum[6:8], sum[8:10], sum[10:16])
}

// audiences are the services that the scopes belong to.
func audiences(scopes []string) jwt.Audience {
	var all jwt.Audience
	for _, s := range scopes {
		if service, _, ok := strings.Cut(s, ":"); ok && !slices.Contains(all, service) {
			all = append(all, service)
		}
	}
	return all
}

func (p *Provider) keys(w http.ResponseWriter, _ *http.Request) {
	writeJSON(w, http.StatusOK, jose.JSONWebKeySet{Keys: []jose.JSONWebKey{p.public}})
}
