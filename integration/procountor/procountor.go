// Package procountor books payroll journals in Procountor as ledger receipts,
// over its API, signed in with the browser or with an API key.
//
// [New] makes the target; everything else is behind [target.Target]. Either way
// of signing in is good for one user in one company, so an account has one
// administration. A receipt arrives unfinished: it is in the books once it is
// approved, by a person at Procountor, or by this package where the mapping
// says so ([Target.Approve]). It never changes or removes a receipt.
//
// Procountor has no reference field, no idempotency key and no search by name.
// The key of an entry stands as a word in the receipt's name, and a look-up
// reads the receipts around the posting date and compares it exactly. Payroll
// rows carry no VAT, and dimensions go by their ids with amounts.
package procountor

import (
	"context"
	"fmt"
	"sync"
	"time"

	"loonbrug/data/model"
	"loonbrug/integration/httpx"
	"loonbrug/integration/oauth"
	"loonbrug/integration/target"
)

// ID is the target's id.
const ID = "procountor"

// RealAddress is the base address of Procountor's API, by
// dev.procountor.com.
const RealAddress = "https://api.procountor.com/api"

// Ids of the fields of the account form.
const (
	fieldWay      = "way"
	fieldClientID = "client_id"
	fieldSecret   = "client_secret"
	fieldKey      = "api_key"
	fieldRedirect = "redirect_uri"
	fieldAddress  = "address"
)

// optionApprove is the mapping's choice to have receipts approved by the
// program.
const optionApprove = "approve"

// The ways of signing in.
const (
	wayBrowser = "browser"
	wayKey     = "api_key"
)

// Longest texts, in characters.
const (
	longestName = 80
	longestText = 255
)

// Config is what the target is made from. HTTP is mandatory.
type Config struct {
	Address string // base address; empty is [RealAddress]
	HTTP    *httpx.Client
	Clock   func() time.Time // nil is time.Now
}

// Target is Procountor. It is safe for concurrent use.
type Target struct {
	config Config
	oauth  *oauth.Client

	mu       sync.Mutex
	sessions map[int64]*session // of accounts with a key
}

var (
	_ target.Target      = (*Target)(nil)
	_ target.Ending      = (*Target)(nil)
	_ target.Approver    = (*Target)(nil)
	_ target.Invalidator = (*Target)(nil)
	_ target.Lister      = (*Target)(nil)
	_ target.Drafter     = (*Target)(nil)
)

// New makes the target; it panics without an HTTP client.
func New(c Config) *Target {
	if c.HTTP == nil {
		panic("procountor: Config.HTTP is mandatory")
	}
	if c.Address == "" {
		c.Address = RealAddress
	}
	if c.Clock == nil {
		c.Clock = time.Now
	}
	return &Target{
		config:   c,
		oauth:    oauth.New(oauth.Config{HTTP: c.HTTP, Now: c.Clock}),
		sessions: make(map[int64]*session),
	}
}

// Describe implements [target.Target].
func (t *Target) Describe() target.Description {
	return target.Description{
		ID:     ID,
		Name:   "Procountor",
		Logo:   ID,
		Colour: "#5a3fa6",
		Sent:   target.SentShaded,
		SignIn: target.SignInCredentials,

		BrowserWhen: target.When{Field: fieldWay, Value: wayBrowser},
		AccountFields: []target.Field{
			{ID: fieldWay, Kind: target.FieldChoice, Required: true, Default: wayBrowser, Choices: []string{wayBrowser, wayKey}},
			{ID: fieldClientID, Kind: target.FieldText, Required: true},
			{ID: fieldSecret, Kind: target.FieldSecret, Required: true},
			{ID: fieldKey, Kind: target.FieldSecret, Required: true, When: target.When{Field: fieldWay, Value: wayKey}},
			{ID: fieldRedirect, Kind: target.FieldText, RequiredWhen: target.When{Field: fieldWay, Value: wayBrowser}},
			{ID: fieldAddress, Kind: target.FieldAddress, Default: t.config.Address},
		},
		AccountNote:       "target.procountor.note",
		MappingFields:     []target.Field{{ID: optionApprove, Kind: target.FieldCheck}},
		CostCentre:        target.DimensionSupport{Offered: true, Label: "target.procountor.cost_centre", Named: true},
		CostUnit:          target.DimensionSupport{Offered: true, Label: "target.procountor.cost_unit", Named: true},
		OneAdministration: true,
		NoDownload:        "target.procountor.no_download",
		Limits:            target.Limits{Description: longestName, LineText: longestText},
	}
}

// open gives the session of an account. One for an administration makes sure
// that the account still belongs to that company: a key can be replaced by
// another company's, and a person can choose another one at the next sign-in.
func (t *Target) open(ctx context.Context, a target.Access, administration string) (*session, error) {
	c, stored, err := t.credentials(ctx, a)
	if err != nil {
		return nil, err
	}
	if a.Setting(fieldWay, wayBrowser) == wayBrowser {
		return t.signedIn(a, c, stored, administration)
	}
	if c.key = stored[fieldKey]; c.key == "" {
		return nil, noCredentials()
	}
	s := t.session(a.Account.ID, c)
	if administration == "" {
		return s, nil
	}
	company, err := s.company(ctx)
	if err != nil {
		return nil, err
	}
	if company != administration {
		return nil, model.NewProblem("procountor.other_company", "administration", administration, "company", company).With(model.ActionOpenAccount)
	}
	return s, nil
}

// credentials are those that both ways need, and all that is stored.
func (t *Target) credentials(ctx context.Context, a target.Access) (credentials, model.Credentials, error) {
	stored, err := a.Vault.Credentials(ctx, a.Account.ID)
	if err != nil {
		return credentials{}, nil, fmt.Errorf("account %d: reading credentials: %w", a.Account.ID, err)
	}
	c := credentials{
		address:  a.Setting(fieldAddress, t.config.Address),
		clientID: a.Setting(fieldClientID, ""),
		redirect: a.Setting(fieldRedirect, ""),
		secret:   stored[fieldSecret],
	}
	if c.clientID == "" || c.secret == "" {
		return credentials{}, nil, noCredentials()
	}
	return c, stored, nil
}

func noCredentials() error {
	return model.NewProblem("procountor.no_credentials").With(model.ActionSignIn)
}

// session gives the session of an account with a key, a new one when its
// credentials changed.
func (t *Target) session(account int64, c credentials) *session {
	t.mu.Lock()
	defer t.mu.Unlock()
	s := t.sessions[account]
	if s == nil || s.credentials != c {
		s = &session{credentials: c, http: t.config.HTTP, now: t.config.Clock, turn: make(chan struct{}, 1)}
		t.sessions[account] = s
	}
	return s
}
