// Package nmbrs reads payroll journals from Nmbrs over its SOAP API, version 3,
// and, where an account asks for it, lists of companies and runs over its REST API.
//
// [New] makes the system; everything else is behind [source.System]. Only lists
// and journals are read, per company, cost centre or cost unit: never anything
// per employee, and nothing is ever written to Nmbrs.
//
// A journal comes as a text that holds the transaction XML of Nmbrs. It is kept
// as it came; reading it is left to the reader of such files ([Config.Files]).
//
// Nmbrs has announced the end of the SOAP API for March 2027, and no journals are
// known of the REST API. An account with that one therefore gives the problem
// "source.file_needed" for each journal: a file stands in for it.
//
// Source: Nmbrs support, "API for developers" (205903718), "API v3"
// (360014783140) and "API XML references" (360015523700).
package nmbrs

import (
	"context"
	"io"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"loonbrug/data/model"
	"loonbrug/integration/httpx"
	"loonbrug/integration/oauth"
	"loonbrug/integration/source"
	"loonbrug/integration/target"
)

// ID is the system's id.
const ID = "nmbrs"

// The base addresses of Nmbrs.
const (
	AddressNL      = "https://api.nmbrs.nl"
	AddressSE      = "https://api.nmbrs.se"
	AddressSandbox = "https://api-sandbox.nmbrs.nl"
)

// DefaultRedirect is where the browser comes back to after signing in. The program
// must be registered with it at Nmbrs.
const DefaultRedirect = "http://localhost:53685/callback"

// DefaultPerSecond stays far below the 150 calls a second that all users of an
// environment share.
const DefaultPerSecond = 10

// Ids of the fields of the account form.
const (
	fieldAPI          = "api"
	fieldClient       = "client_id"
	fieldSecret       = "client_secret"
	fieldSubscription = "subscription_key"
	fieldRedirect     = "redirect"
	apiSOAP           = "soap"
	apiREST           = "rest"

	fieldPlace      = "place"
	fieldAddress    = "address"
	fieldUser       = "user"
	fieldToken      = "token"
	fieldDomain     = "domain"
	fieldSecondary  = "second_dimension"
	placeNL         = "nl"
	placeSE         = "se"
	placeSandbox    = "sandbox"
	placeOther      = "other"
	byCostCentre    = "cost_centre"
	byDepartment    = "department"
	credentialFound = "domain" // the domain that Nmbrs told, kept with the token
)

// Files reads the transaction XML of a journal.
type Files interface {
	ReadAll(ctx context.Context, name string, in io.Reader) (*source.File, error)
}

// Config is what the system is made from. HTTP and Files are mandatory.
type Config struct {
	Address   string // base address offered first; empty is [AddressNL]
	HTTP      *httpx.Client
	Files     Files
	PerSecond int           // calls of one account; zero is [DefaultPerSecond], negative no limit
	Pause     time.Duration // before a call that failed in passing is repeated; zero is a second
}

// System is Nmbrs. It is safe for concurrent use.
type System struct {
	config Config
	oauth  *oauth.Client

	mu    sync.Mutex
	paces map[int64]*rate.Limiter // by account
}

var _ source.System = (*System)(nil)

// New makes the system; it panics without an HTTP client or a reader of files.
func New(c Config) *System {
	if c.HTTP == nil || c.Files == nil {
		panic("nmbrs: Config.HTTP and Config.Files are mandatory")
	}
	if c.PerSecond == 0 {
		c.PerSecond = DefaultPerSecond
	}
	if c.Pause == 0 {
		c.Pause = time.Second
	}
	return &System{config: c, oauth: oauth.New(oauth.Config{HTTP: c.HTTP}), paces: make(map[int64]*rate.Limiter)}
}

// Describe implements [source.System].
func (s *System) Describe() target.Description {
	place := placeNL
	if s.config.Address != "" {
		place = placeOther
	}
	soap, rest := target.When{Field: fieldAPI, Value: apiSOAP}, target.When{Field: fieldAPI, Value: apiREST}
	return target.Description{
		ID:     ID,
		Name:   "Nmbrs",
		Logo:   ID,
		Colour: "#0f3d5c",
		SignIn: target.SignInCredentials, BrowserWhen: rest,
		AccountFields: []target.Field{
			{ID: fieldAPI, Kind: target.FieldChoice, Required: true, Default: apiSOAP, Choices: []string{apiSOAP, apiREST}},
			{ID: fieldUser, Kind: target.FieldText, Required: true, When: soap},
			{ID: fieldToken, Kind: target.FieldSecret, Required: true, When: soap},
			{ID: fieldDomain, Kind: target.FieldText, When: soap},
			{ID: fieldSecondary, Kind: target.FieldChoice, Required: true, Default: byCostCentre, Choices: []string{byCostCentre, byDepartment}, When: soap},
			{ID: fieldClient, Kind: target.FieldText, Required: true, When: rest},
			{ID: fieldSecret, Kind: target.FieldSecret, Required: true, When: rest},
			{ID: fieldSubscription, Kind: target.FieldSecret, Required: true, When: rest},
			{ID: fieldRedirect, Kind: target.FieldText, Required: true, Default: DefaultRedirect, When: rest},
			{ID: fieldPlace, Kind: target.FieldChoice, Required: true, Default: place, Choices: []string{placeNL, placeSE, placeSandbox, placeOther}},
			{ID: fieldAddress, Kind: target.FieldAddress, Default: s.config.Address, When: target.When{Field: fieldPlace, Value: placeOther}},
		},
		AccountNote: "target.nmbrs.note",
	}
}

// open makes the connection of an account.
func (s *System) open(ctx context.Context, a target.Access) (*link, error) {
	credentials, err := a.Vault.Credentials(ctx, a.Account.ID)
	if err != nil {
		return nil, err
	}
	l := &link{
		base:   s.address(a),
		user:   a.Setting(fieldUser, ""),
		token:  credentials[fieldToken],
		domain: a.Setting(fieldDomain, credentials[credentialFound].Reveal()),
		http:   s.config.HTTP,
		pace:   s.pace(a.Account.ID),
		pause:  s.config.Pause,
	}
	switch {
	case l.user == "" || l.token == "":
		return nil, model.NewProblem("nmbrs.no_login").With(model.ActionOpenAccount)
	case l.base == "":
		return nil, model.NewProblem("nmbrs.no_address").With(model.ActionOpenAccount)
	}
	return l, nil
}

// place is where an account is.
func (s *System) place(a target.Access) string {
	place := placeNL
	if s.config.Address != "" {
		place = placeOther
	}
	return a.Setting(fieldPlace, place)
}

// address is the base address of an account.
func (s *System) address(a target.Access) string {
	switch s.place(a) {
	case placeSE:
		return AddressSE
	case placeSandbox:
		return AddressSandbox
	case placeOther:
		return a.Setting(fieldAddress, s.config.Address)
	}
	return AddressNL
}

// country is the country and the currency of companies of the account; a person
// may change both for each company.
func (s *System) country(a target.Access) (country, currency string) {
	if a.Setting(fieldPlace, placeNL) == placeSE {
		return "SE", "SEK"
	}
	return "NL", "EUR"
}

// pace is the limit that an account's calls share.
func (s *System) pace(account int64) *rate.Limiter {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.paces[account] == nil {
		limit := rate.Inf
		if s.config.PerSecond > 0 {
			limit = rate.Every(time.Second / time.Duration(s.config.PerSecond))
		}
		s.paces[account] = rate.NewLimiter(limit, max(1, s.config.PerSecond))
	}
	return s.paces[account]
}
