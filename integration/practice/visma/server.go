package visma

import (
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"loonbrug/integration/practice/books"
	"loonbrug/integration/practice/visma/connect"
	"loonbrug/integration/practice/wire"
)

// Options say how a practice Visma.net is to be. The zero value is the practice
// office, kept in memory.
type Options struct {
	BooksPath string // file that keeps what is booked and authorised; "" keeps nothing
	Clock     func() time.Time
	Log       *slog.Logger

	// Address gives the server's own base address, without a slash at the end. By
	// default it is the one that the client asked for.
	Address func() string

	Companies []Company        // default [Office]
	Users     []connect.User   // default [Users]
	Clients   []connect.Client // default [Clients]

	Delay         time.Duration // of slow answers; default 5 s
	RetryAfter    time.Duration // told with 429; default 2 s
	BackgroundLag time.Duration // until a background call has finished; default 1 s
	HourlyCalls   int           // limit for each company and client; default 15,000
	MaxPageSize   int           // lines on a page; default 500

	Key *rsa.PrivateKey // signs tokens; default the one of the books, or a new one
}

// Server is a running practice Visma.net.
type Server struct {
	opt      Options
	contract *contract
	faults   *books.Faults
	connect  *connect.Provider
	limiter  *limiter

	mu    sync.Mutex // of everything below
	file  books.File
	state state
	small map[string]bool // companies whose present listing is cut small
}

// New opens the books and makes the server.
func New(opt Options) (*Server, error) {
	opt = withDefaults(opt)
	document, err := loadContract()
	if err != nil {
		return nil, err
	}
	s := &Server{opt: opt, contract: document, faults: books.NewFaults(faults()...), small: make(map[string]bool)}
	s.limiter = &limiter{limit: opt.HourlyCalls, clock: opt.Clock, used: make(map[string]int)}
	if s.file, err = books.Load(opt.BooksPath, &s.state); err != nil {
		return nil, fmt.Errorf("practice visma.net: %w", err)
	}
	s.state.fill(opt.Companies)
	s.connect, err = connect.New(connect.Config{
		Issuer: s.address, Clock: opt.Clock, Log: opt.Log,
		Clients: opt.Clients, Users: opt.Users, Companies: tenants(opt.Companies),
		Fault: s.faults.Take, State: s.state.Connect, Save: s.keepConnect, Key: opt.Key,
	})
	if err != nil {
		return nil, fmt.Errorf("practice visma.net: %w", err)
	}
	return s, nil
}

func withDefaults(o Options) Options {
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Companies == nil {
		o.Companies = Office()
	}
	o.Companies = slices.Clone(o.Companies) // SetCompany changes them
	if o.Users == nil {
		o.Users = Users()
	}
	if o.Clients == nil {
		o.Clients = Clients()
	}
	o.Delay = positive(o.Delay, 5*time.Second)
	o.RetryAfter = positive(o.RetryAfter, 2*time.Second)
	o.BackgroundLag = positive(o.BackgroundLag, time.Second)
	o.HourlyCalls = positive(o.HourlyCalls, 15_000)
	o.MaxPageSize = positive(o.MaxPageSize, 500)
	return o
}

func positive[T int | time.Duration](given, otherwise T) T {
	if given > 0 {
		return given
	}
	return otherwise
}

func tenants(companies []Company) []connect.Company {
	var all []connect.Company
	for _, c := range companies {
		all = append(all, connect.Company{Tenant: c.Tenant, Name: c.Name})
	}
	return all
}

// Handler serves everything: the sign-in, the API, the books as a page ("/") and
// as JSON ("/journals"), and the fault board ("/control").
func (s *Server) Handler() http.Handler {
	api := s.api()
	mux := http.NewServeMux()
	mux.Handle("/connect/", s.connect.Handler())
	mux.Handle("/.well-known/", s.connect.Handler())
	mux.Handle("/v1/", api)
	mux.Handle("/v2/", api)
	mux.Handle(oldPrefix+"/", http.StripPrefix(oldPrefix, api))
	mux.Handle("/control", s.faults)
	mux.Handle("/journals", books.ServeJournals(s.Journals))
	mux.HandleFunc("GET /{$}", s.page)
	return wire.Front(s.spelled(mux))
}

// address is the base address that the client sees.
func (s *Server) address(r *http.Request) string {
	if s.opt.Address != nil {
		if a := s.opt.Address(); a != "" {
			return strings.TrimSuffix(a, "/")
		}
	}
	return "http://" + r.Host
}

// Faults is the control board.
func (s *Server) Faults() *books.Faults { return s.faults }

// Authorize gives a refresh token of [ClientID] without a browser, for a user with
// the role API User in the company (a tenant id).
func (s *Server) Authorize(user, tenant string) (string, error) {
	return s.connect.Authorize(ClientID, user, tenant, connect.DefaultScopes())
}

// keepConnect keeps the state of the sign-in with the books.
func (s *Server) keepConnect(kept json.RawMessage) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	before := s.state.Connect
	s.state.Connect = kept
	if err := s.file.Save(&s.state); err != nil {
		s.state.Connect = before
		return err
	}
	return nil
}

// errKept says that a change could not be kept and was taken back.
var errKept = errors.New("practice visma.net: the books could not be kept")

// commit keeps the books, or takes the change back. Called with s.mu held.
func (s *Server) commit(undo func()) error {
	if err := s.file.Save(&s.state); err != nil {
		undo()
		s.opt.Log.Error("practice visma.net", "error", err)
		return errors.Join(errKept, err)
	}
	return nil
}

// next counts the changes. Called with s.mu held.
func (s *Server) next() uint64 {
	s.state.Version++
	return s.state.Version
}

// newID is a random UUID, the form of all ids that Visma.net gives out.
func newID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails, by its documentation
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[0:4], b[4:6], b[6:8], b[8:10], b[10:])
}
