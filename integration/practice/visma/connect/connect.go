// Package connect is the practice stand-in of Visma Connect: the OpenID Connect
// provider in front of the Visma.net ERP API. It shows a real login page and a
// real company page, keeps a browser session, and gives out codes, signed
// tokens and rotating refresh tokens.
//
// [New] makes a [Provider]; [Provider.Handler] serves it under /connect/ and
// /.well-known/; the API behind it asks [Provider.Verify] what an access token
// stands for. [Provider.Authorize] gives a refresh token without a browser.
//
// It follows the vendor's public pages (docs.vismasoftware.no/vismanetapi/authentication,
// docs.connect.visma.com, the discovery document of connect.visma.com) and RFC 6749,
// 7636, 8252, 9207 and OpenID Connect Core. It refuses codes without PKCE S256,
// addresses that are not registered, and everything that the authorization code,
// refresh token and client credentials grants do not need: no implicit grant, no
// device code, no token exchange.
package connect

import (
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// Lifetimes. Visma lets the portal choose those of tokens; these are the usual
// ones.
const (
	AccessLifetime  = time.Hour
	RefreshLifetime = 365 * 24 * time.Hour
	CodeLifetime    = 2 * time.Minute
	pageLifetime    = 15 * time.Minute // how long a login page may stay open
)

// The faults of the sign-in, for the control board.
const (
	FaultRevoked       = "revoked"
	FaultInvalidTenant = "invalid_tenant"
	FaultTokenError    = "token_error"
	FaultTokenLost     = "token_lost"
)

// Config is what a provider serves, and with what.
type Config struct {
	Issuer    func(*http.Request) string // base address without a slash at the end
	Clock     func() time.Time
	Log       *slog.Logger
	Clients   []Client
	Users     []User
	Companies []Company
	Fault     func(id string) bool // takes a fault of the control board

	State json.RawMessage             // what Save was last given; nil at first
	Save  func(json.RawMessage) error // keeps keys, consents and refresh tokens
	Key   *rsa.PrivateKey             // signs tokens; nil is the one of State, or a new one
}

// User is a person who can sign in.
type User struct {
	Name     string // an e-mail address
	Password string
	Display  string
	Member   []Membership
}

// Membership is a company that a user works for.
type Membership struct {
	Tenant  string
	APIUser bool // the role that lets programs act for the user
}

// Company is what a token is for; Visma calls it a tenant.
type Company struct{ Tenant, Name string }

// Provider is the running stand-in.
type Provider struct {
	cfg    Config
	signer jose.Signer
	public jose.JSONWebKey

	mu       sync.Mutex
	kept     kept
	sessions map[string]session  // by cookie value
	asked    map[string]*request // authorizations on their way, by page id
	codes    map[string]*code
}

// kept is the part that outlives the program.
type kept struct {
	Key      []byte               `json:"key"`             // PKCS #8
	Consents map[string]bool      `json:"consents"`        // user and client
	Refresh  map[string]*refresh  `json:"refresh"`         // by hash of the token
	Ended    map[string]time.Time `json:"ended,omitempty"` // sign-ons that were withdrawn, until their last token has lapsed
}

type session struct {
	user User
	at   time.Time
}

// New makes a provider. Config must be complete but for State and Key.
func New(cfg Config) (*Provider, error) {
	p := &Provider{
		cfg:      cfg,
		kept:     kept{Consents: make(map[string]bool), Refresh: make(map[string]*refresh)},
		sessions: make(map[string]session),
		asked:    make(map[string]*request),
		codes:    make(map[string]*code),
	}
	if len(cfg.State) > 0 {
		if err := json.Unmarshal(cfg.State, &p.kept); err != nil {
			return nil, fmt.Errorf("practice sign-in: %w", err)
		}
	}
	if err := p.loadKey(); err != nil {
		return nil, fmt.Errorf("practice sign-in: %w", err)
	}
	if err := p.save(); err != nil {
		return nil, err
	}
	return p, nil
}

// Handler serves the sign-in.
func (p *Provider) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /.well-known/openid-configuration", p.discovery)
	mux.HandleFunc("GET /.well-known/openid-configuration/jwks", p.keys)
	mux.HandleFunc("GET /connect/authorize", p.authorize)
	mux.HandleFunc("POST /connect/authorize", p.authorize)
	mux.HandleFunc("POST /connect/login", p.login)
	mux.HandleFunc("GET /connect/consent", p.showConsent)
	mux.HandleFunc("POST /connect/consent", p.consent)
	mux.HandleFunc("POST /connect/token", p.token)
	mux.HandleFunc("POST /connect/revocation", p.revoke)
	mux.HandleFunc("GET /connect/userinfo", p.userinfo)
	mux.HandleFunc("POST /connect/userinfo", p.userinfo)
	mux.HandleFunc("GET /connect/endsession", p.endSession)
	return mux
}

// save keeps the state. Called with p.mu held, or before the provider is shared.
func (p *Provider) save() error {
	state, err := json.Marshal(p.kept)
	if err != nil {
		return fmt.Errorf("practice sign-in: %w", err)
	}
	return p.cfg.Save(state)
}

func (p *Provider) user(name string) (User, bool) {
	for _, u := range p.cfg.Users {
		if u.Name == name {
			return u, true
		}
	}
	return User{}, false
}

// companies lists what the user may choose from: where the user has the role API
// User, or else all of the user's companies. Choosing one of the latter ends with
// invalid_tenant at the token request.
func (p *Provider) companies(u User) []Company {
	var open, all []Company
	for _, m := range u.Member {
		i := slices.IndexFunc(p.cfg.Companies, func(c Company) bool { return c.Tenant == m.Tenant })
		if i < 0 {
			continue
		}
		all = append(all, p.cfg.Companies[i])
		if m.APIUser {
			open = append(open, p.cfg.Companies[i])
		}
	}
	if len(open) == 0 {
		return all
	}
	return open
}

// apiUser tells whether programs may act for the user in the company.
func (u User) apiUser(tenant string) bool {
	return slices.Contains(u.Member, Membership{Tenant: tenant, APIUser: true})
}

// random is 32 characters that nobody can guess.
func random() string { return rand.Text() + rand.Text()[:6] }
