package oauth

import (
	"crypto/subtle"
	"errors"
	"net"
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
	headerTime   = 10 * time.Second // for a browser to say what it wants
	pageTime     = 2 * time.Second  // for a browser to take its page
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

// loopback is a listener on 127.0.0.1 for one answer of one sign-in.
type loopback struct {
	server  *http.Server
	address string // 127.0.0.1 and the port
	state   string
	texts   texts
	served  chan struct{} // closed when the server has ended

	used    atomic.Bool
	answers chan url.Values // the one answer
	pages   chan page       // what the browser that brought it ends on
	shown   chan struct{}   // closed when that browser has its page, or is gone
	ending  sync.Once
}

// listen takes the first free port of the list.
func listen(ports []int, state, language string) (*loopback, error) {
	if len(ports) == 0 {
		ports = []int{0}
	}
	var all error
	for _, port := range ports {
		listener, err := net.Listen("tcp4", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
		if err == nil {
			return serve(listener, state, language), nil
		}
		all = errors.Join(all, err)
	}
	names := make([]string, len(ports))
	for i, port := range ports {
		names[i] = strconv.Itoa(port)
	}
	return nil, model.NewProblem("signin.port_in_use", "ports", strings.Join(names, ", ")).With(model.ActionOpenAccount).Because(all)
}

func serve(listener net.Listener, state, language string) *loopback {
	l := &loopback{
		address: listener.Addr().String(),
		state:   state,
		texts:   textsIn(language),
		served:  make(chan struct{}),
		answers: make(chan url.Values, 1),
		pages:   make(chan page, 1),
		shown:   make(chan struct{}),
	}
	l.server = &http.Server{Handler: l, ReadHeaderTimeout: headerTime, MaxHeaderBytes: maxHeader}
	go func() {
		defer close(l.served)
		_ = l.server.Serve(listener) // ends when end closes it
	}()
	return l
}

// redirect is where the provider sends the browser back to.
func (l *loopback) redirect() string { return "http://" + l.address + callbackPath }

// ServeHTTP takes the answer of the sign-in. Whatever does not carry its state
// is turned away, and the wait for the right answer goes on. A foreign Host is
// turned away because a page on the internet can point its own name at this
// computer.
func (l *loopback) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	states := q["state"]
	switch {
	case r.URL.Path != callbackPath || r.Host != l.address:
		http.NotFound(w, r)
	case r.Method != http.MethodGet:
		http.Error(w, "", http.StatusMethodNotAllowed)
	case len(states) != 1 || subtle.ConstantTimeCompare([]byte(states[0]), []byte(l.state)) != 1:
		l.texts.write(w, page{kind: pageStranger})
	case !l.used.CompareAndSwap(false, true):
		l.texts.write(w, page{kind: pageStranger})
	default:
		defer close(l.shown)
		l.answers <- q
		select {
		case p := <-l.pages:
			l.texts.write(w, p)
		case <-r.Context().Done(): // the tab was closed
		}
	}
}

// end gives the browser its last page and closes the listener. Only the first
// call counts.
func (l *loopback) end(p page) {
	l.ending.Do(func() {
		l.pages <- p
		if l.used.Load() {
			<-l.shown
		}
		_ = l.server.Close() // nothing is written any more
		<-l.served
	})
}
