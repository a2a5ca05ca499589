package connect

import (
	"crypto/subtle"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// Client is an application of the Developer Portal.
type Client struct {
	ID   string
	Name string

	// Secret is empty for native applications, which have none.
	Secret string

	// Redirects are the registered addresses, compared exactly but for "*" in
	// the place of the port of a loopback address, which is any port (RFC 8252).
	Redirects []string

	// Service lets the client act without a user (client credentials).
	Service bool

	// ReuseRefresh keeps the same refresh token valid, as the portal can be told
	// to. Without it every refresh gives a new one and the old one dies.
	ReuseRefresh bool
}

// LoopbackRedirects are the addresses a desktop program may listen on.
func LoopbackRedirects() []string {
	return []string{"http://127.0.0.1:*/callback", "http://localhost:*/callback", "http://[::1]:*/callback"}
}

func (c Client) redirects(to string) bool {
	return slices.ContainsFunc(c.Redirects, func(registered string) bool {
		before, after, wild := strings.Cut(registered, ":*/")
		if !wild {
			return registered == to
		}
		rest, ok := strings.CutPrefix(to, before+":")
		port, path, slash := strings.Cut(rest, "/")
		n, err := strconv.ParseUint(port, 10, 16)
		return ok && slash && path == after && err == nil && n > 0 && loopback(before)
	})
}

func loopback(origin string) bool {
	u, err := url.Parse(origin)
	if err != nil {
		return false
	}
	ip := net.ParseIP(u.Hostname())
	return u.Hostname() == "localhost" || ip != nil && ip.IsLoopback()
}

func (p *Provider) client(id string) (Client, bool) {
	i := slices.IndexFunc(p.cfg.Clients, func(c Client) bool { return c.ID == id })
	if i < 0 {
		return Client{}, false
	}
	return p.cfg.Clients[i], true
}

// authenticate finds the client of a token request, by Basic header or by form.
func (p *Provider) authenticate(r *http.Request) (Client, bool) {
	id, secret, basic := r.BasicAuth()
	if basic {
		// RFC 6749 2.3.1: both parts are form-encoded before they are joined.
		var errID, errSecret error
		id, errID = url.QueryUnescape(id)
		secret, errSecret = url.QueryUnescape(secret)
		if errID != nil || errSecret != nil {
			return Client{}, false
		}
	} else {
		id, secret = r.PostForm.Get("client_id"), r.PostForm.Get("client_secret")
	}
	c, known := p.client(id)
	if !known {
		return Client{}, false
	}
	return c, subtle.ConstantTimeCompare([]byte(c.Secret), []byte(secret)) == 1
}
