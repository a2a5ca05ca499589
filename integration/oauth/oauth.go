// Package oauth signs an account in through the system's browser and keeps its
// tokens fresh.
//
// [Client.SignIn] opens the provider's page and waits for the browser to come
// back to a listener on 127.0.0.1: authorization code with PKCE (RFC 7636) over
// a loopback redirect, as RFC 8252 lays it out for native programs. With an
// issuer it is OpenID Connect: addresses are discovered and the id_token is
// verified. The browser is led on from the answer at once, so that no code stays
// in its address or its history, and ends on a page in the program's language.
// [Client.Token] gives an access token that is good to use, and renews it when it
// is not. [Client.Revoke] gives a sign-in back.
//
// A refresh token may be good for one use only, so a new one is stored durably
// before the access token that came with it is given to anybody, and an account
// is never renewed twice at the same time.
//
// The package refuses to listen on anything but 127.0.0.1, to accept an answer
// that it did not ask for, and to end a sign-in because of one. It knows no
// accounting system.
package oauth

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"loonbrug/data/model"
	"loonbrug/integration/httpx"
	"loonbrug/integration/target"
)

// DefaultWait is how long a person may take to sign in.
const DefaultWait = 5 * time.Minute

// Config is what a [Client] is made from. HTTP is mandatory.
type Config struct {
	HTTP *httpx.Client
	Now  func() time.Time // nil is time.Now
	Wait time.Duration    // for the person in the browser; zero is [DefaultWait]
}

// Client signs accounts in and keeps their tokens. It is safe for concurrent
// use. A program needs one for each provider, because it knows which accounts
// are being renewed.
type Client struct {
	http *httpx.Client
	now  func() time.Time
	wait time.Duration

	mu       sync.Mutex
	turns    map[int64]chan struct{} // by account: who holds it may renew
	unstored map[int64]Grant         // by account: what the vault could not take

	doors doors
}

// New makes a client; it panics without an HTTP client.
func New(c Config) *Client {
	if c.HTTP == nil {
		panic("oauth: Config.HTTP is mandatory")
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Wait <= 0 {
		c.Wait = DefaultWait
	}
	return &Client{
		http: c.HTTP, now: c.Now, wait: c.Wait,
		turns: make(map[int64]chan struct{}), unstored: make(map[int64]Grant),
	}
}

// Provider is where an account signs in, and as which registered program.
type Provider struct {
	// Issuer is the address of an OpenID Connect provider, without a slash at
	// the end. Where it is empty, AuthURL and TokenURL say where to go and there
	// is no id_token.
	Issuer   string
	AuthURL  string
	TokenURL string

	ClientID     string
	ClientSecret model.Secret // empty for a native program
	Scopes       []string
	Ports        []int             // see [ParsePorts]; tried in this order
	Redirect     string            // the one registered address, see [CheckRedirect]; empty is any of Ports
	NoChallenge  bool              // the provider does not document PKCE; needs ClientSecret
	RefreshLife  time.Duration     // of a refresh token; zero is not known
	AuthParams   map[string]string // more for the authorize request
	TokenParams  map[string]string // more for every token request
}

// Claims are what an id_token says about the person. They are shown, never
// trusted to give access.
type Claims struct {
	Subject string `json:"sub"`
	Email   string `json:"email"`
	Name    string `json:"name"`
	Tenant  string `json:"tenant_id"`
}

// Session is a sign-in that succeeded while the browser still waits for its
// last page. It must be closed.
type Session struct {
	Grant  Grant
	Claims Claims

	loopback *loopback
}

// Welcome ends the browser on the page of success with the company's name.
func (s *Session) Welcome(company string) { s.loopback.end(page{kind: pageSuccess, company: company}) }

// Close ends the browser on the page that says something went wrong, unless
// [Session.Welcome] came first.
func (s *Session) Close() { s.loopback.end(page{kind: pageFault}) }

// SignIn opens the browser and waits for the person, until ctx ends or the time
// is up. It stores nothing. Cancelling gives the error of the context; all other
// errors are [*model.Problem].
func (c *Client) SignIn(ctx context.Context, p Provider, b target.Browser) (*Session, error) {
	l, err := c.listen(p, b.Language())
	if err != nil {
		return nil, err
	}
	s, err := c.signIn(ctx, p, b, l)
	if err != nil {
		kind := pageFault
		if model.ProblemOf(err).Code == codeRefused {
			kind = pageRefused
		}
		l.end(page{kind: kind})
		if ctx.Err() != nil {
			return nil, fmt.Errorf("signing in: %w", ctx.Err())
		}
		return nil, err
	}
	return s, nil
}

func (c *Client) signIn(ctx context.Context, p Provider, b target.Browser, l *loopback) (*Session, error) {
	ends, err := c.discover(ctx, p)
	if err != nil {
		return nil, err
	}
	verifier, nonce := oauth2.GenerateVerifier(), rand.Text()
	if err := b.Open(ctx, authorizeAddress(p, ends, l, verifier, nonce)); err != nil {
		return nil, model.NewProblem("signin.browser").With(model.ActionSignIn).Because(err)
	}
	code, err := c.await(ctx, p, l)
	if err != nil {
		return nil, err
	}
	form := map[string]string{
		"grant_type":   "authorization_code",
		"code":         code,
		"redirect_uri": l.redirect,
	}
	if !p.NoChallenge {
		form["code_verifier"] = verifier
	}
	answer, err := c.requestToken(ctx, p, ends.token, form)
	if err != nil {
		return nil, err
	}
	claims, err := c.verify(ctx, p, ends, answer, nonce)
	if err != nil {
		return nil, err
	}
	return &Session{Grant: answer.grant, Claims: claims, loopback: l}, nil
}

// authorizeAddress is what the browser opens.
func authorizeAddress(p Provider, ends endpoints, l *loopback, verifier, nonce string) string {
	config := oauth2.Config{
		ClientID:    p.ClientID,
		Endpoint:    oauth2.Endpoint{AuthURL: ends.authorize},
		RedirectURL: l.redirect,
		Scopes:      p.Scopes,
	}
	var options []oauth2.AuthCodeOption
	if !p.NoChallenge {
		options = append(options, oauth2.S256ChallengeOption(verifier))
	}
	if p.Issuer != "" {
		options = append(options, oidc.Nonce(nonce))
	}
	for name, value := range p.AuthParams {
		options = append(options, oauth2.SetAuthURLParam(name, value))
	}
	return config.AuthCodeURL(l.state, options...)
}

// await waits for the browser and gives the code that it brought.
func (c *Client) await(ctx context.Context, p Provider, l *loopback) (string, error) {
	waiting, cancel := context.WithTimeout(ctx, c.wait)
	defer cancel()
	select {
	case <-waiting.Done():
		return "", model.NewProblem("signin.timeout", "minutes", fmt.Sprint(int(c.wait.Minutes()))).With(model.ActionSignIn)
	case q := <-l.answers:
		// RFC 9207: an answer from another provider is an attack on this one.
		if iss := q.Get("iss"); iss != "" && p.Issuer != "" && iss != p.Issuer {
			return "", untrusted(fmt.Errorf("answer issued by %q", iss))
		}
		if name := q.Get("error"); name != "" {
			return "", problemOf(name, q.Get("error_description"), false)
		}
		if q.Get("code") == "" {
			return "", problemOf("no_code", "", false)
		}
		return q.Get("code"), nil
	}
}

// endpoints are the addresses of a provider.
type endpoints struct {
	authorize string
	token     string
	revoke    string         // empty where the provider publishes none
	oidc      *oidc.Provider // nil without OpenID Connect
}

// discover finds the addresses of the provider.
func (c *Client) discover(ctx context.Context, p Provider) (endpoints, error) {
	if p.Issuer == "" {
		return endpoints{authorize: p.AuthURL, token: p.TokenURL}, nil
	}
	found, err := oidc.NewProvider(oidc.ClientContext(ctx, c.http.HTTP()), p.Issuer)
	var mismatch *oidc.IssuerMismatchError
	var network *httpx.Error
	switch {
	case err == nil:
		return endpoints{
			authorize: found.Endpoint().AuthURL, token: found.Endpoint().TokenURL, revoke: revocation(found), oidc: found,
		}, nil
	case errors.As(err, &network):
		return endpoints{}, httpx.ProblemOf(err)
	case errors.As(err, &mismatch):
		return endpoints{}, untrusted(err)
	}
	return endpoints{}, unavailable(p.Issuer, "").Because(err)
}

// verify proves that the id_token is for this program and this sign-in.
func (c *Client) verify(ctx context.Context, p Provider, ends endpoints, answer tokenAnswer, nonce string) (Claims, error) {
	if ends.oidc == nil {
		return Claims{}, nil
	}
	if answer.idToken == "" {
		return Claims{}, untrusted(errors.New("no id_token"))
	}
	ctx = oidc.ClientContext(ctx, c.http.HTTP())
	token, err := ends.oidc.VerifierContext(ctx, &oidc.Config{ClientID: p.ClientID, Now: c.now}).Verify(ctx, answer.idToken.Reveal())
	if err != nil {
		return Claims{}, untrusted(err)
	}
	if token.Nonce != nonce {
		return Claims{}, untrusted(errors.New("id_token of another sign-in"))
	}
	if token.AccessTokenHash != "" {
		if err := token.VerifyAccessToken(answer.grant.AccessToken.Reveal()); err != nil {
			return Claims{}, untrusted(err)
		}
	}
	var claims Claims
	if err := token.Claims(&claims); err != nil {
		return Claims{}, untrusted(err)
	}
	return claims, nil
}
