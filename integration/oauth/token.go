package oauth

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"loonbrug/data/model"
	"loonbrug/integration/httpx"
)

// Grant is what a provider gave an account.
type Grant struct {
	AccessToken  model.Secret
	RefreshToken model.Secret // empty when the provider gives none
	Expires      time.Time    // of the access token

	RefreshExpires time.Time // of a refresh token that is new; zero is not known
}

// defaultLife is assumed for an access token whose answer does not say; longest
// is the most that is believed.
const (
	defaultLife = time.Hour
	longestLife = 24 * time.Hour
)

// tokenAnswer is an answer of a token endpoint that could be used.
type tokenAnswer struct {
	grant   Grant
	idToken model.Secret
}

// post sends a form once. The client authenticates in it: a native program has
// no secret, and trying both ways would spend a code or a refresh token that is
// good for one use.
func (c *Client) post(ctx context.Context, p Provider, address string, form map[string]string) (*httpx.Answer, error) {
	values := url.Values{"client_id": {p.ClientID}}
	if p.ClientSecret != "" {
		values.Set("client_secret", p.ClientSecret.Reveal())
	}
	for _, more := range []map[string]string{p.TokenParams, form} {
		for name, value := range more {
			values.Set(name, value)
		}
	}
	header := http.Header{
		"Content-Type": {"application/x-www-form-urlencoded"},
		"Accept":       {"application/json"},
	}
	return c.http.Send(ctx, http.MethodPost, address, header, []byte(values.Encode()))
}

// requestToken asks the token endpoint once.
func (c *Client) requestToken(ctx context.Context, p Provider, address string, form map[string]string) (tokenAnswer, error) {
	answer, err := c.post(ctx, p, address, form)
	if err != nil {
		return tokenAnswer{}, httpx.ProblemOf(err)
	}
	if answer.Status != http.StatusOK {
		return tokenAnswer{}, tokenProblem(address, answer, form["grant_type"] == "refresh_token")
	}
	got, err := parseToken(answer.Body, c.now())
	if err != nil {
		return tokenAnswer{}, unavailable(address, fmt.Sprint(answer.Status)).Because(err)
	}
	if got.grant.RefreshToken != "" && p.RefreshLife > 0 {
		got.grant.RefreshExpires = c.now().Add(p.RefreshLife)
	}
	return got, nil
}

// parseToken reads a successful answer of RFC 6749 section 5.1.
func parseToken(body []byte, now time.Time) (tokenAnswer, error) {
	var raw struct {
		AccessToken  string      `json:"access_token"`
		RefreshToken string      `json:"refresh_token"`
		IDToken      string      `json:"id_token"`
		TokenType    string      `json:"token_type"`
		ExpiresIn    json.Number `json:"expires_in"`
	}
	if err := json.Unmarshal(body, &raw); err != nil {
		// The error of encoding/json may repeat part of the answer, which is secret.
		return tokenAnswer{}, fmt.Errorf("token answer of %d bytes is not JSON", len(body))
	}
	if raw.AccessToken == "" || strings.ContainsFunc(raw.AccessToken, notVisible) {
		return tokenAnswer{}, fmt.Errorf("token answer without a usable access token")
	}
	if raw.TokenType != "" && !strings.EqualFold(raw.TokenType, "Bearer") {
		return tokenAnswer{}, fmt.Errorf("token of type %q", raw.TokenType)
	}
	life := defaultLife
	if seconds, err := raw.ExpiresIn.Int64(); err == nil && seconds > 0 {
		life = longestLife
		if seconds < int64(longestLife/time.Second) {
			life = time.Duration(seconds) * time.Second
		}
	}
	return tokenAnswer{
		grant: Grant{
			AccessToken:  model.Secret(raw.AccessToken),
			RefreshToken: model.Secret(raw.RefreshToken),
			Expires:      now.Add(life),
		},
		idToken: model.Secret(raw.IDToken),
	}, nil
}

// notVisible tells whether a character may not stand in a header.
func notVisible(r rune) bool { return r <= ' ' || r > '~' }

// tokenProblem explains an answer of RFC 6749 section 5.2, or what came in its
// place.
func tokenProblem(address string, answer *httpx.Answer, refresh bool) *model.Problem {
	var raw struct {
		Error       string `json:"error"`
		Description string `json:"error_description"`
	}
	if err := json.Unmarshal(answer.Body, &raw); err == nil && raw.Error != "" {
		return problemOf(raw.Error, raw.Description, refresh)
	}
	switch {
	case answer.Status >= 500, answer.Status == http.StatusTooManyRequests, answer.Status == http.StatusRequestTimeout:
		return unavailable(address, fmt.Sprint(answer.Status))
	}
	return problemOf(fmt.Sprintf("http_%d", answer.Status), "", refresh)
}
