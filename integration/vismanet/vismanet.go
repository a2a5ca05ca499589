// Package vismanet books journals in Visma.net ERP, over its interactive API.
//
// [New] makes the target; everything else goes through [target.Target]. A
// person signs in to Visma Connect in the browser and chooses one company there:
// one token is one company, so one account is one administration. An entry
// becomes one batch of the general ledger (journaltransaction, version 2), on
// hold unless the mapping says otherwise, and released after it was proved where
// the mapping says so. A large one is sent in the background. Its key stands in brackets in the
// batch's description and its reference on every line.
//
// The API knows no idempotency key and no search by text, so a batch is found
// again by reading the period's list and what was changed since the first
// sending, and comparing keys exactly.
//
// The package refuses to send anything to another company than the one that
// was mapped, to repeat a request that creates something, and to take a list
// that is not complete for proof that a batch is missing.
package vismanet

import (
	"context"
	"maps"
	"strconv"
	"strings"
	"time"

	"loonbrug/integration/httpx"
	"loonbrug/integration/oauth"
	"loonbrug/integration/target"
)

// ID is the id of the target.
const ID = "vismanet"

// The addresses of the real system, from the vendor's documentation of
// authentication and of the API's base address (docs.vismasoftware.no).
const (
	RealIdentity = "https://connect.visma.com"
	RealAPI      = "https://api.finance.visma.net"
)

// The fields of an account.
const (
	fieldClientID   = "client_id"
	fieldSecret     = "client_secret"
	fieldTenant     = "tenant_id"
	fieldPorts      = "ports"
	fieldBackground = "background"
	fieldIdentity   = "identity"
	fieldAPI        = "api"
)

// The fields of a mapping, and what may become of a batch.
const (
	optionBatch  = "batch"
	optionLedger = "ledger"
	optionBranch = "branch"

	batchHold     = "hold"     // a draft until somebody releases it
	batchBalanced = "balanced" // ready, until somebody releases it
	batchRelease  = "release"  // on hold until it was proved, then released
)

// Longest texts, in characters. The description of a batch may be longer in
// some releases; the line's limits are those of the underlying system.
const (
	longestDescription = 200
	longestLineText    = 256
)

// Config is what the target is made from. HTTP is mandatory; the rest has the
// real system's values. What an account sets itself goes first.
type Config struct {
	Identity string // address of Visma Connect
	API      string // address of the API
	ClientID string // of the program's registration at Visma
	Ports    []int  // where the browser may come back to, in this order
	HTTP     *httpx.Client
	Clock    func() time.Time
	Wait     time.Duration // for the person in the browser
}

// defaultPorts are the ports that the office registers as redirect addresses.
func defaultPorts() []int { return []int{53682, 53683, 53684} }

// Target is Visma.net. It is safe for concurrent use.
type Target struct {
	config Config
	oauth  *oauth.Client
}

var (
	_ target.Target   = (*Target)(nil)
	_ target.Approver = (*Target)(nil)
	_ target.Revoker  = (*Target)(nil)
	_ target.Lister   = (*Target)(nil)
	_ target.Drafter  = (*Target)(nil)
)

// New makes the target; it panics without an HTTP client.
func New(c Config) *Target {
	if c.HTTP == nil {
		panic("vismanet: Config.HTTP is mandatory")
	}
	if c.Identity == "" {
		c.Identity = RealIdentity
	}
	if c.API == "" {
		c.API = RealAPI
	}
	if len(c.Ports) == 0 {
		c.Ports = defaultPorts()
	}
	if c.Clock == nil {
		c.Clock = time.Now
	}
	return &Target{config: c, oauth: oauth.New(oauth.Config{HTTP: c.HTTP, Now: c.Clock, Wait: c.Wait})}
}

// Describe implements [target.Target].
func (t *Target) Describe() target.Description {
	return target.Description{
		ID:     ID,
		Name:   "Visma.net",
		Logo:   ID,
		Colour: "#17599c",
		Sent:   target.SentRed,
		SignIn: target.SignInBrowser,
		AccountFields: []target.Field{
			{ID: fieldClientID, Kind: target.FieldText, Required: true, Default: t.config.ClientID},
			{ID: fieldTenant, Kind: target.FieldText},
			{ID: fieldSecret, Kind: target.FieldSecret},
			{ID: fieldPorts, Kind: target.FieldText, Default: portList(t.config.Ports)},
			{ID: fieldBackground, Kind: target.FieldText, Default: strconv.Itoa(backgroundLines)},
			{ID: fieldIdentity, Kind: target.FieldAddress, Default: t.config.Identity},
			{ID: fieldAPI, Kind: target.FieldAddress, Default: t.config.API},
		},
		AccountNote: "target.vismanet.account_note",
		MappingFields: []target.Field{
			{ID: optionBatch, Kind: target.FieldChoice, Default: batchHold, Choices: []string{batchHold, batchBalanced, batchRelease}},
			{ID: optionBranch, Kind: target.FieldList, List: listBranches},
			{ID: optionLedger, Kind: target.FieldList, List: listLedgers},
		},
		CostCentre:        target.DimensionSupport{Offered: true, Label: "target.vismanet.cost_centre", Named: true},
		CostUnit:          target.DimensionSupport{Offered: true, Label: "target.vismanet.cost_unit", Named: true},
		OneAdministration: true,
		NoDownload:        "target.vismanet.no_download",
		Limits:            target.Limits{Description: longestDescription, LineText: longestLineText},
	}
}

// Prepare implements [target.Target]. The intent says whether the batch is sent
// in the background. A token that is about to run out is renewed here, so that
// after the intent nothing but the booking itself is left to do.
func (t *Target) Prepare(ctx context.Context, a target.Access, d target.Delivery) (map[string]string, error) {
	s, err := t.open(ctx, a, d.Entry.Administration)
	if err != nil {
		return nil, err
	}
	if _, err := s.token(ctx); err != nil {
		return nil, err
	}
	evidence := maps.Clone(d.Evidence)
	if evidence == nil {
		evidence = make(map[string]string)
	}
	return s.intent(evidence, &d.Entry), nil
}

func portList(ports []int) string {
	words := make([]string, len(ports))
	for i, port := range ports {
		words[i] = strconv.Itoa(port)
	}
	return strings.Join(words, ", ")
}
