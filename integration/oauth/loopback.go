package oauth

import (
	"cmp"
	"crypto/rand"
	"crypto/subtle"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"loonbrug/data/model"
)

const (
	callbackPath = "/callback"
	lastPath     = "/signed-in/"
	headerTime   = 10 * time.Second // for a browser to say what it wants
	pageTime     = 2 * time.Second  // for a browser to take its page
	followTime   = 5 * time.Second  // for a browser to come from its answer to its page
	maxHeader    = 32 << 10
)

// ParsePorts reads a list of ports such as "53682, 53683"; 0 is any free port.
// An empty text gives the fallback.
func ParsePorts(text string, fallback []int) ([]int, error) {
	var ports []int
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ';' || r == ' ' }) {
		port, err := strconv.ParseUint(word, 10, 16)
		if err != nil {
			return nil, model.NewProblem("signin.bad_ports", "ports", text).With(model.ActionOpenAccount).Because(err)
		}
		ports = append(ports, int(port))
	}
	if len(ports) == 0 {
		return fallback, nil
	}
	return ports, nil
}

// CheckRedirect tells whether a registered redirect address leads to a listener
// that this package can open: plain http to 127.0.0.1 or localhost with a port
// and a path, as RFC 8252 section 7.3 has it, and nothing behind. Otherwise it
// gives the problem signin.bad_redirect.
func CheckRedirect(address string) error {
	_, _, err := parseRedirect(address)
	return err
}

// parseRedirect gives where to listen and which address to send the browser to.
func parseRedirect(address string) (*url.URL, int, error) {
	u, err := url.Parse(address)
	if err == nil {
		port, errPort := strconv.ParseUint(u.Port(), 10, 16)
		local := u.Hostname() == "127.0.0.1" || u.Hostname() == "localhost"
		if errPort == nil && port > 0 && local && u.Scheme == "http" && u.User == nil && u.RawQuery == "" && u.Fragment == "" {
			return u, int(port), nil
		}
	}
	return nil, 0, model.NewProblem("signin.bad_redirect", "address", address).With(model.ActionOpenAccount)
}

// loopback waits for the one answer of one sign-in.
type loopback struct {
	door     *door
	redirect string // where the provider sends the browser back to
	host     string // of redirect
	path     string // of redirect
	last     string // path of the page that the browser ends on; no guess leads there
	state    string
	texts    texts

	used    atomic.Bool     // the answer has come
	seen    atomic.Bool     // its browser has come to the last page
	answers chan url.Values // the one answer
	pages   chan page       // what the browser that brought it ends on
	shown   chan struct{}   // closed when that browser has its page, or is gone
	ending  sync.Once
}

// listen begins to wait: at the registered address, which sign-ins of several
// accounts may share, or at the first free port of the list.
func (c *Client) listen(p Provider, language string) (*loopback, error) {
	l := &loopback{
		path:    callbackPath,
		last:    lastPath + rand.Text(),
		state:   rand.Text(),
		texts:   textsIn(language),
		answers: make(chan url.Values, 1),
		pages:   make(chan page, 1),
		shown:   make(chan struct{}),
	}
	if p.Redirect != "" {
		u, port, err := parseRedirect(p.Redirect)
		if err != nil {
			return nil, err
		}
		l.redirect, l.host, l.path = p.Redirect, u.Host, cmp.Or(u.Path, "/")
		return l, c.doors.share(l, port)
	}
	if err := c.doors.open(l, p.Ports); err != nil {
		return nil, err
	}
	l.host = l.door.address
	l.redirect = "http://" + l.host + l.path
	return l, nil
}

// isAnswer tells whether a query is the answer that is waited for: it carries
// the state, and no parameter of one twice (RFC 6749 section 3.1), so that there
// is one way to read it.
func (l *loopback) isAnswer(query url.Values) bool {
	for _, name := range []string{"state", "code", "error", "iss"} {
		if len(query[name]) > 1 {
			return false
		}
	}
	return subtle.ConstantTimeCompare([]byte(query.Get("state")), []byte(l.state)) == 1
}

// answer takes the answer of the sign-in and leads its browser on, so that the
// code stays neither in the address nor in the history. A second answer is
// turned away.
func (l *loopback) answer(w http.ResponseWriter, query url.Values) {
	if !l.used.CompareAndSwap(false, true) {
		l.texts.write(w, page{kind: pageStranger})
		return
	}
	l.answers <- query
	guard(w.Header())
	w.Header().Set("Location", l.last)
	w.WriteHeader(http.StatusSeeOther)
}

// show gives the browser its last page as soon as it is known which; once.
func (l *loopback) show(w http.ResponseWriter, r *http.Request) {
	if !l.seen.CompareAndSwap(false, true) {
		l.texts.write(w, page{kind: pageStranger})
		return
	}
	defer close(l.shown)
	select {
	case p := <-l.pages:
		l.texts.write(w, p)
	case <-r.Context().Done(): // the tab was closed
	}
}

// end gives the browser its last page and stops listening. Only the first call
// counts.
func (l *loopback) end(p page) {
	l.ending.Do(func() {
		l.pages <- p
		if l.used.Load() {
			select {
			case <-l.shown:
			case <-time.After(followTime): // the tab was closed on its way
			}
		}
		l.door.leave(l)
	})
}
