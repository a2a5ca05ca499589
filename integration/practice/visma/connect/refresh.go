package connect

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"net/http"
	"time"
)

// refresh is what a refresh token stands for. All tokens that come from one
// sign-on are a family: when one is used twice, all of them die.
type refresh struct {
	Family  string    `json:"family"`
	Client  string    `json:"client"`
	User    string    `json:"user"`
	Tenant  string    `json:"tenant"`
	Scopes  []string  `json:"scopes"`
	Login   time.Time `json:"login"`
	Expires time.Time `json:"expires"`
	Spent   bool      `json:"spent,omitempty"`
}

// hash is how a refresh token is kept: the file of a practice system holds no
// credentials either.
func hash(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// newFamily makes the first refresh token of a sign-on. Called with p.mu held.
func (p *Provider) newFamily(a Access) string {
	token := random()
	p.kept.Refresh[hash(token)] = &refresh{
		Family: a.Session, Client: a.Client, User: a.User, Tenant: a.Tenant, Scopes: a.Scopes, Login: a.Login,
		Expires: p.cfg.Clock().Add(RefreshLifetime),
	}
	return token
}

// endFamily revokes all refresh tokens of a sign-on. Called with p.mu held.
func (p *Provider) endFamily(family string) {
	for h, r := range p.kept.Refresh {
		if r.Family == family {
			delete(p.kept.Refresh, h)
		}
	}
}

// orServerError keeps the state and answers with r, or with the failure to keep it.
func (p *Provider) orServerError(r refusal) refusal {
	if err := p.save(); err != nil {
		return p.failed(err)
	}
	return r
}

// refresh turns a refresh token into new tokens. Called with p.mu held.
func (p *Provider) refresh(client Client, r *http.Request) (tokens, refusal) {
	old, known := p.kept.Refresh[hash(r.PostForm.Get("refresh_token"))]
	if p.cfg.Fault(FaultRevoked) || !known || old.Client != client.ID || p.cfg.Clock().After(old.Expires) {
		return tokens{}, invalidGrant
	}
	if old.Spent {
		p.endFamily(old.Family)
		return tokens{}, p.orServerError(invalidGrant)
	}
	user, known := p.user(old.User)
	if t := r.PostForm.Get("tenant_id"); !known || !user.apiUser(old.Tenant) || t != "" && t != old.Tenant {
		return tokens{}, invalidTenant
	}
	answer, err := p.issue(p.cfg.Issuer(r), "", Access{Client: client.ID, User: user.Name, Name: user.Display, Tenant: old.Tenant, Scopes: old.Scopes, Login: old.Login, Session: old.Family})
	if err != nil {
		return tokens{}, p.failed(err)
	}
	if client.ReuseRefresh {
		answer.Refresh = r.PostForm.Get("refresh_token")
		return answer, ""
	}
	answer.Refresh = random()
	next := *old
	next.Expires = p.cfg.Clock().Add(RefreshLifetime)
	p.kept.Refresh[hash(answer.Refresh)] = &next
	old.Spent = true
	if err := p.save(); err != nil {
		old.Spent = false
		delete(p.kept.Refresh, hash(answer.Refresh))
		return tokens{}, p.failed(err)
	}
	return answer, ""
}

// revoke ends the sign-on that a refresh token comes from (RFC 7009). Access
// tokens are signed, not looked up, and live until they lapse.
func (p *Provider) revoke(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil {
		writeJSON(w, http.StatusBadRequest, map[string]string{"error": "invalid_request"})
		return
	}
	client, ok := p.authenticate(r)
	if !ok {
		writeJSON(w, http.StatusBadRequest, map[string]string{"error": string(invalidClient)})
		return
	}
	if r.PostForm.Get("token") == "" {
		writeJSON(w, http.StatusBadRequest, map[string]string{"error": "invalid_request"})
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if t, known := p.kept.Refresh[hash(r.PostForm.Get("token"))]; known && t.Client == client.ID {
		p.endFamily(t.Family)
		if err := p.save(); err != nil {
			writeJSON(w, http.StatusInternalServerError, map[string]string{"error": string(p.failed(err))})
			return
		}
	}
	w.WriteHeader(http.StatusOK)
}

// Withdraw ends everything that the user of an access token, or an administrator,
// has let the client do in the company: its tokens and refresh tokens are refused
// from now on. A new sign-on is not affected.
func (p *Provider) Withdraw(a Access) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.cfg.Clock()
	maps.DeleteFunc(p.kept.Ended, func(_ string, until time.Time) bool { return now.After(until) })
	if p.kept.Ended == nil {
		p.kept.Ended = make(map[string]time.Time)
	}
	p.kept.Ended[a.Session] = now.Add(AccessLifetime)
	for h, r := range p.kept.Refresh {
		if r.Client == a.Client && r.User == a.User && r.Tenant == a.Tenant {
			p.kept.Ended[r.Family] = now.Add(AccessLifetime)
			delete(p.kept.Refresh, h)
		}
	}
	return p.save()
}

// Authorize gives a refresh token without a browser: what a user with the role
// API User would have got by signing in and choosing the company.
func (p *Provider) Authorize(clientID, userName, tenant string, scopes []string) (string, error) {
	user, known := p.user(userName)
	if !known || !user.apiUser(tenant) {
		return "", fmt.Errorf("practice sign-in: %q is not API User of company %q", userName, tenant)
	}
	if _, known := p.client(clientID); !known {
		return "", fmt.Errorf("practice sign-in: no client %q", clientID)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	access := Access{Client: clientID, User: userName, Tenant: tenant, Scopes: scopes, Login: p.cfg.Clock(), Session: random()}
	token := p.newFamily(access)
	if err := p.save(); err != nil {
		p.endFamily(access.Session)
		return "", err
	}
	return token, nil
}
