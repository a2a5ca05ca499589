// Package practice serves stand-ins of the accounting systems on loopback: CASH,
// Visma.net and Procountor as a small practice office would have them, and of
// Nmbrs, which its payroll comes from. Practice mode and the tests use the same
// ones, and any client written for the real systems can be pointed at them; how
// is written in the packages cash, visma, procountor and nmbrs below this one.
//
// [Start] serves them all, each on a listener of its own, until its context
// ends. The package holds no wire format: a system is one line in [systems].
// Nothing here listens on, or calls, an address outside the computer.
package practice

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"time"

	"golang.org/x/sync/errgroup"

	"loonbrug/data/model"
	"loonbrug/integration/practice/cash"
	"loonbrug/integration/practice/nmbrs"
	"loonbrug/integration/practice/procountor"
	"loonbrug/integration/practice/visma"
)

// The ids of the systems.
const (
	CASH       = "cash"
	VismaNet   = "vismanet"
	Procountor = "procountor"
	Nmbrs      = "nmbrs"
)

// Options are how the systems are served. The zero value keeps their books in
// memory and serves them on free ports as the real ones would behave.
type Options struct {
	// Dir is the folder that keeps the books, one file for each system; it is
	// made when it is missing. Empty keeps them in memory.
	Dir string

	// Ports are fixed ports by system id; a system that is not there gets a
	// free one.
	Ports map[string]int

	// Clock tells the time; nil is the computer's clock.
	Clock func() time.Time

	// Log takes what happened; nil discards it.
	Log *slog.Logger

	// Delay is how long slow answers are held back; 0 is five seconds.
	Delay time.Duration

	// NoThrottle lifts the limits on requests, as a practice office books more
	// in a minute than a real one in a month.
	NoThrottle bool
}

// System is one stand-in that is being served: what a client, a person and a
// test need to know of it.
type System struct {
	ID          string            `json:"id"`
	Name        string            `json:"name"`
	Base        string            `json:"base"`                // where clients begin
	Addresses   map[string]string `json:"addresses,omitempty"` // others, by purpose
	Page        string            `json:"page"`                // its books, for people
	Journals    string            `json:"journals"`            // its bookings as JSON; a payroll system has none
	Control     string            `json:"control"`             // its bad days: GET lists, POST sets
	Settings    map[string]string `json:"settings,omitempty"`  // what else a client is set up with, by purpose
	Companies   []Company         `json:"companies"`
	Credentials []Credential      `json:"credentials"`
}

// Company is one set of books in a stand-in, under the id that its API knows.
type Company struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	Currency string `json:"currency"`
	Note     string `json:"note,omitempty"`
}

// Credential is one way to sign in to a stand-in. None of it opens anything
// real.
type Credential struct {
	Note   string            `json:"note"`   // what it may, in English
	Fields map[string]string `json:"fields"` // as the system names them
}

// Systems are the stand-ins being served.
type Systems struct {
	All []System `json:"systems"`

	CASH       *cash.Server       `json:"-"`
	VismaNet   *visma.Server      `json:"-"`
	Procountor *procountor.Server `json:"-"`
	Nmbrs      *nmbrs.Server      `json:"-"`

	serving *errgroup.Group
}

// Find gives the system with an id.
func (s *Systems) Find(id string) (System, bool) {
	for _, system := range s.All {
		if system.ID == id {
			return system, true
		}
	}
	return System{}, false
}

// Wait returns when all systems have stopped: after the context of [Start]
// ended, or with the error that ended one of them.
func (s *Systems) Wait() error { return s.serving.Wait() }

// Start opens the books of every system and serves them on 127.0.0.1 until ctx
// ends. When it gives an error, nothing is served. A fixed port that is taken is
// the problem "practice.port_in_use".
func Start(ctx context.Context, o Options) (*Systems, error) {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Dir != "" {
		if err := os.MkdirAll(o.Dir, 0o700); err != nil {
			return nil, fmt.Errorf("practice books: %w", err)
		}
	}
	s := &Systems{}
	var listeners []net.Listener
	var handlers []http.Handler
	for _, open := range systems() {
		id, handler, err := open(s, o)
		var l net.Listener
		if err == nil {
			l, err = listen(ctx, id, o.Ports[id])
		}
		if err != nil {
			for _, l := range listeners {
				err = errors.Join(err, l.Close())
			}
			return nil, err
		}
		listeners, handlers = append(listeners, l), append(handlers, handler)
		s.All = append(s.All, describe(id, "http://"+l.Addr().String()))
	}
	var inner context.Context
	s.serving, inner = errgroup.WithContext(ctx)
	for i, l := range listeners {
		serve(inner, s.serving, l, handlers[i], o.Log.With("system", s.All[i].ID))
	}
	return s, nil
}

// opener opens the books of one system and gives its id and its handler.
type opener func(s *Systems, o Options) (id string, handler http.Handler, err error)

// systems lists the stand-ins. Another one is one more line.
func systems() []opener {
	return []opener{openCASH, openVismaNet, openProcountor, openNmbrs}
}

func openCASH(s *Systems, o Options) (string, http.Handler, error) {
	options := cash.Options{BooksPath: o.books(CASH), Clock: o.Clock, Log: o.Log, Delay: o.Delay}
	if o.NoThrottle {
		options.PerMinute = -1
	}
	server, err := cash.New(options)
	if err != nil {
		return CASH, nil, err
	}
	s.CASH = server
	return CASH, server.Handler(), nil
}

func openVismaNet(s *Systems, o Options) (string, http.Handler, error) {
	options := visma.Options{BooksPath: o.books(VismaNet), Clock: o.Clock, Log: o.Log, Delay: o.Delay}
	if o.NoThrottle {
		options.HourlyCalls = 1 << 30
	}
	server, err := visma.New(options)
	if err != nil {
		return VismaNet, nil, err
	}
	s.VismaNet = server
	return VismaNet, server.Handler(), nil
}

func openProcountor(s *Systems, o Options) (string, http.Handler, error) {
	server, err := procountor.New(procountor.Options{BooksPath: o.books(Procountor), Clock: o.Clock, Log: o.Log, Delay: o.Delay})
	if err != nil {
		return Procountor, nil, err
	}
	s.Procountor = server
	return Procountor, server.Handler(), nil
}

func openNmbrs(s *Systems, o Options) (string, http.Handler, error) {
	options := nmbrs.Options{BooksPath: o.books(Nmbrs), Clock: o.Clock, Log: o.Log, Delay: o.Delay}
	if o.NoThrottle {
		options.PerSecond = -1
	}
	server, err := nmbrs.New(options)
	if err != nil {
		return Nmbrs, nil, err
	}
	s.Nmbrs = server
	return Nmbrs, server.Handler(), nil
}

// books is the file that keeps a system's books; empty is none.
func (o Options) books(id string) string {
	if o.Dir == "" {
		return ""
	}
	return filepath.Join(o.Dir, id+".json")
}

// listen takes a port on loopback; 0 is a free one.
func listen(ctx context.Context, id string, port int) (net.Listener, error) {
	address := net.JoinHostPort("127.0.0.1", strconv.Itoa(port))
	var config net.ListenConfig
	l, err := config.Listen(ctx, "tcp", address)
	if err == nil {
		return l, nil
	}
	// Windows has a number of its own for a port that is taken.
	const windowsInUse = syscall.Errno(10048)
	if errors.Is(err, syscall.EADDRINUSE) || errors.Is(err, windowsInUse) {
		return nil, model.NewProblem("practice.port_in_use", "system", id, "address", address).Because(err)
	}
	return nil, fmt.Errorf("practice %s: %w", id, err)
}

// serve answers on a listener until ctx ends. Requests under way then get a
// moment to finish.
func serve(ctx context.Context, group *errgroup.Group, l net.Listener, handler http.Handler, log *slog.Logger) {
	const moment = 2 * time.Second
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second, ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn)}
	group.Go(func() error {
		if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			return fmt.Errorf("practice system on %s: %w", l.Addr(), err)
		}
		return nil
	})
	group.Go(func() error {
		<-ctx.Done()
		last, cancel := context.WithTimeout(context.WithoutCancel(ctx), moment)
		defer cancel()
		if server.Shutdown(last) != nil {
			return server.Close()
		}
		return nil
	})
}
