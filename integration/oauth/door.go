package oauth

import (
	"errors"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"

	"loonbrug/data/model"
)

// doors are the listeners that sign-ins under way wait behind.
type doors struct {
	mu     sync.Mutex
	shared map[int]*door // by port
}

// door is a listener on 127.0.0.1. It leads an answer to the sign-in whose
// state it carries.
type door struct {
	doors   *doors
	port    int // of a shared door; zero is not shared
	address string
	server  *http.Server
	served  chan struct{} // closed when the server has ended

	mu      sync.Mutex
	waiting []*loopback
}

// open opens a door of its own for a sign-in, at the first free port.
func (ds *doors) open(l *loopback, ports []int) error {
	if len(ports) == 0 {
		ports = []int{0}
	}
	var all error
	for _, port := range ports {
		listener, err := listenAt(port)
		if err == nil {
			serve(ds, 0, listener, l)
			return nil
		}
		all = errors.Join(all, err)
	}
	return portInUse(all, ports...)
}

// share brings a sign-in to the door of a port, which is opened for the first
// one and closed after the last.
func (ds *doors) share(l *loopback, port int) error {
	ds.mu.Lock()
	defer ds.mu.Unlock()
	if d := ds.shared[port]; d != nil {
		d.enter(l)
		return nil
	}
	listener, err := listenAt(port)
	if err != nil {
		return portInUse(err, port)
	}
	if ds.shared == nil {
		ds.shared = make(map[int]*door)
	}
	ds.shared[port] = serve(ds, port, listener, l)
	return nil
}

func listenAt(port int) (net.Listener, error) {
	return net.Listen("tcp4", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
}

func portInUse(err error, ports ...int) error {
	names := make([]string, len(ports))
	for i, port := range ports {
		names[i] = strconv.Itoa(port)
	}
	return model.NewProblem("signin.port_in_use", "ports", strings.Join(names, ", ")).With(model.ActionOpenAccount).Because(err)
}

func serve(ds *doors, port int, listener net.Listener, l *loopback) *door {
	d := &door{doors: ds, port: port, address: listener.Addr().String(), served: make(chan struct{})}
	d.enter(l)
	d.server = &http.Server{Handler: d, ReadHeaderTimeout: headerTime, MaxHeaderBytes: maxHeader}
	go func() {
		defer close(d.served)
		_ = d.server.Serve(listener) // ends when the last sign-in leaves
	}()
	return d
}

func (d *door) enter(l *loopback) {
	d.mu.Lock()
	defer d.mu.Unlock()
	l.door = d
	d.waiting = append(d.waiting, l)
}

// leave ends the wait of a sign-in, and the door with the last one.
func (d *door) leave(l *loopback) {
	d.doors.mu.Lock() // nobody may enter while it closes
	defer d.doors.mu.Unlock()
	d.mu.Lock()
	d.waiting = slices.DeleteFunc(d.waiting, func(other *loopback) bool { return other == l })
	last := len(d.waiting) == 0
	d.mu.Unlock()
	if !last {
		return
	}
	if d.port != 0 {
		delete(d.doors.shared, d.port)
	}
	_ = d.server.Close() // nothing is written any more
	<-d.served
}

// ServeHTTP leads the answer of a sign-in to it, and its browser to its last
// page. Whatever is not the answer of one is turned away, and the wait for the
// right one goes on. A foreign Host is turned away because a page on the internet
// can point its own name at this computer.
func (d *door) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	here := d.at(r.Host, r.URL.Path)
	if len(here) == 0 {
		http.NotFound(w, r)
		return
	}
	if r.Method != http.MethodGet {
		http.Error(w, "", http.StatusMethodNotAllowed)
		return
	}
	query, err := url.ParseQuery(r.URL.RawQuery)
	for _, l := range here {
		switch {
		case r.URL.Path == l.last:
			l.show(w, r)
			return
		case err == nil && l.isAnswer(query):
			l.answer(w, query)
			return
		}
	}
	here[0].texts.write(w, page{kind: pageStranger})
}

// at gives the sign-ins that an address may be for.
func (d *door) at(host, path string) []*loopback {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(d.waiting), func(l *loopback) bool {
		return host != l.host || path != l.path && path != l.last
	})
}
