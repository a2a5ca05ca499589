// Package cash books payroll journals in CASHWeb, the accounting system of CASH
// Software, over its REST API 4.0 or its SOAP API 3.0.
//
// [New] makes the target; everything else is behind [target.Target]. CASH
// thinks in numbered records with numbered fields: a journal is a set of
// records 301 that share daybook and document number, each one a line with a
// signed amount. The record layer (records.go, ledger.go) knows nothing of how
// records travel; rest.go and soap.go carry them.
//
// CASH tells no periods: calendar.go finds them from what the mapping says of the
// book year. [Target.File] gives what was sent as CASH's XML.
//
// The key of an entry stands in field 0711 (kenmerk) of every line; daybook and
// document number are the second proof. The package never sends an entry twice
// and never picks a document number after the intent was written down.
package cash

import (
	"context"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"loonbrug/data/model"
	"loonbrug/integration/httpx"
	"loonbrug/integration/target"
)

// ID is the target's id.
const ID = "cash"

// RealAddress is the base address of CASH's REST API 4.0.
const RealAddress = "https://www.cashweb.nl/api/4.0"

// RealWSDL is where CASH describes its SOAP API 3.0.
const RealWSDL = "https://www.cashweb.nl/?api/3.0/wsdl"

// DefaultPerMinute stays under the hundred requests a minute that CASH allows
// an API user.
const DefaultPerMinute = 90

// burst is how many requests may go at once before the pace is kept.
const burst = 30

// Ids of the fields of forms.
const (
	fieldGeneration = "generation"
	fieldKey        = "api_key"
	fieldRelation   = "relation"
	fieldEmail      = "email"
	fieldPassword   = "password"
	fieldWSDL       = "wsdl"
	fieldFolders    = "administrations"
	fieldAddress    = "address"
	optionDaybook   = "daybook"
	optionUnit      = "cost_unit"
	optionUnitField = "cost_unit_field"
)

// The generations of CASH's API, both in use: REST 4.0 with a key, SOAP 3.0 with
// relation number, e-mail address and password.
const (
	generationREST = "rest"
	generationSOAP = "soap"
)

// Config is what the target is made from. HTTP is mandatory.
type Config struct {
	Address   string // base address; empty is [RealAddress]
	WSDL      string // address of the WSDL of API 3.0; empty is [RealWSDL]
	HTTP      *httpx.Client
	Clock     func() time.Time // nil is time.Now
	PerMinute int              // requests of one account; zero is [DefaultPerMinute], negative no limit
}

// Target is CASH. It is safe for concurrent use.
type Target struct {
	config Config

	mu       sync.Mutex
	paces    map[int64]*rate.Limiter // by account
	sessions map[int64]*session      // of SOAP, by account
}

var (
	_ target.Target     = (*Target)(nil)
	_ target.Downloader = (*Target)(nil)
	_ target.Lister     = (*Target)(nil)
)

// New makes the target; it panics without an HTTP client.
func New(c Config) *Target {
	if c.HTTP == nil {
		panic("cash: Config.HTTP is mandatory")
	}
	if c.Address == "" {
		c.Address = RealAddress
	}
	if c.WSDL == "" {
		c.WSDL = RealWSDL
	}
	if c.Clock == nil {
		c.Clock = time.Now
	}
	if c.PerMinute == 0 {
		c.PerMinute = DefaultPerMinute
	}
	return &Target{config: c, paces: make(map[int64]*rate.Limiter), sessions: make(map[int64]*session)}
}

// Describe implements [target.Target].
func (t *Target) Describe() target.Description {
	usual := calendarOptions()
	return target.Description{
		ID:     ID,
		Name:   "CASH",
		Logo:   ID,
		Colour: "#b45f06",
		Sent:   target.SentGreen,
		SignIn: target.SignInCredentials,
		AccountFields: []target.Field{
			{ID: fieldGeneration, Kind: target.FieldChoice, Required: true, Default: generationREST, Choices: []string{generationREST, generationSOAP}},
			{ID: fieldKey, Kind: target.FieldSecret, Required: true, When: target.When{Field: fieldGeneration, Value: generationREST}},
			{ID: fieldRelation, Kind: target.FieldText, Required: true, When: target.When{Field: fieldGeneration, Value: generationSOAP}},
			{ID: fieldEmail, Kind: target.FieldText, Required: true, When: target.When{Field: fieldGeneration, Value: generationSOAP}},
			{ID: fieldPassword, Kind: target.FieldSecret, Required: true, When: target.When{Field: fieldGeneration, Value: generationSOAP}},
			{ID: fieldFolders, Kind: target.FieldText, When: target.When{Field: fieldGeneration, Value: generationSOAP}},
			{ID: fieldAddress, Kind: target.FieldAddress, Default: t.config.Address, When: target.When{Field: fieldGeneration, Value: generationREST}},
			{ID: fieldWSDL, Kind: target.FieldAddress, Default: t.config.WSDL, When: target.When{Field: fieldGeneration, Value: generationSOAP}},
		},
		AccountNote: "target.cash.note",
		MappingFields: []target.Field{
			{ID: optionDaybook, Kind: target.FieldDaybook, Required: true},
			{ID: optionPeriods, Kind: target.FieldChoice, Default: usual[optionPeriods], Choices: []string{"12", "13", "4", "1"}},
			{ID: optionFirst, Kind: target.FieldChoice, Default: usual[optionFirst], Choices: months()},
			{ID: optionNamed, Kind: target.FieldChoice, Default: usual[optionNamed], Choices: []string{namedFirst, namedLast}},
			{ID: optionUnit, Kind: target.FieldChoice, Default: unitLeaveOut, Choices: []string{unitLeaveOut, unitCostCentre, unitField}},
			{ID: optionUnitField, Kind: target.FieldText, When: target.When{Field: optionUnit, Value: unitField}},
		},
		CostCentre:    target.DimensionSupport{Offered: true, Label: "target.cash.cost_centre", Dimension: dimensionCostCentre, Longest: longestCostCentre, Together: target.When{Field: optionUnit, Value: unitCostCentre}},
		CostUnit:      target.DimensionSupport{Offered: true, Label: "target.cash.cost_unit"},
		PersonDecides: true,
		Download:      true,
		Limits:        target.Limits{Description: longestText, LineText: longestText},
	}
}

// open makes the connection of an account.
func (t *Target) open(ctx context.Context, a target.Access) (link, error) {
	credentials, err := a.Vault.Credentials(ctx, a.Account.ID)
	if err != nil {
		return nil, err
	}
	if a.Setting(fieldGeneration, generationREST) == generationSOAP {
		return t.openSOAP(a, credentials)
	}
	key := credentials[fieldKey]
	if key == "" {
		return nil, model.NewProblem("cash.no_key").With(model.ActionSignIn)
	}
	return &rest{
		base:  a.Setting(fieldAddress, t.config.Address),
		key:   key,
		http:  t.config.HTTP,
		pace:  t.pace(a.Account.ID),
		clock: t.config.Clock,
	}, nil
}

// openSOAP makes the connection of an account that signs in with a password.
func (t *Target) openSOAP(a target.Access, credentials model.Credentials) (link, error) {
	s := &soap{
		wsdl:     a.Setting(fieldWSDL, t.config.WSDL),
		relation: a.Setting(fieldRelation, ""),
		email:    a.Setting(fieldEmail, ""),
		password: credentials[fieldPassword],
		listed:   a.Setting(fieldFolders, ""),
		http:     t.config.HTTP,
		pace:     t.pace(a.Account.ID),
		clock:    t.config.Clock,
	}
	s.session = t.session(a.Account.ID, s.wsdl, s.relation, s.email, s.listed)
	if s.relation == "" || s.email == "" || s.password == "" {
		return nil, model.NewProblem("cash.no_login").With(model.ActionOpenAccount)
	}
	return s, nil
}

// pace is the limit that an account's requests share.
func (t *Target) pace(account int64) *rate.Limiter {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.paces[account] == nil {
		limit := rate.Inf
		if t.config.PerMinute > 0 {
			limit = rate.Every(time.Minute / time.Duration(t.config.PerMinute))
		}
		t.paces[account] = rate.NewLimiter(limit, burst)
	}
	return t.paces[account]
}
