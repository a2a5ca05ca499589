package procountor

import (
	"encoding/json"
	"log/slog"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"loonbrug/integration/practice/books"
	"loonbrug/integration/practice/wire"
)

// BasePath is where the API begins.
const BasePath = "/api"

// Options are how a [Server] is made. The zero value keeps the books in memory.
type Options struct {
	// BooksPath is the file that keeps the books; empty keeps them in memory.
	BooksPath string

	// Clock tells the time; nil is the computer's.
	Clock func() time.Time

	// Log takes what happened; nil discards it.
	Log *slog.Logger

	// Delay is how long slow answers are held back; 0 is five seconds.
	Delay time.Duration

	// TokenLife is how long an access token lives; 0 is an hour.
	TokenLife time.Duration

	// RedirectURI is the registered redirect address; empty takes any http
	// address on loopback.
	RedirectURI string
}

// Server is the practice Procountor. Its methods may be called at the same time.
type Server struct {
	options  Options
	office   []company
	users    []user
	keys     map[string]access
	contract *contract
	faults   *books.Faults
	handler  http.Handler

	mu     sync.Mutex
	file   books.File
	state  state
	tokens map[string]token // access tokens end with the program
	codes  map[string]code
	logins map[string]int // users logged in, by the cookie of their browser
}

// New opens the books and makes the server.
func New(o Options) (*Server, error) {
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Delay == 0 {
		o.Delay = 5 * time.Second
	}
	if o.TokenLife == 0 {
		o.TokenLife = time.Hour
	}
	contract, err := newContract()
	if err != nil {
		return nil, err
	}
	s := &Server{
		options: o, office: office(), users: users(), keys: keys(), contract: contract, faults: faults(),
		tokens: make(map[string]token), codes: make(map[string]code), logins: make(map[string]int),
	}
	if s.file, err = books.Load(o.BooksPath, &s.state); err != nil {
		return nil, err
	}
	s.handler = s.routes()
	return s, nil
}

// Handler serves the API, the login, the pages and the control board.
func (s *Server) Handler() http.Handler { return s.handler }

// Faults is the control board.
func (s *Server) Faults() *books.Faults { return s.faults }

func (s *Server) routes() http.Handler {
	api := http.NewServeMux()
	for pattern, h := range map[string]handler{
		"GET /sessioninfo":          s.sessionInfo,
		"GET /company":              s.companyInfo,
		"GET /users/rights":         s.rights,
		"GET /status":               s.status,
		"GET /currencies/company":   s.currency,
		"GET /fiscalyears":          s.fiscalYears,
		"GET /coa":                  s.chart,
		"GET /vats/default":         s.vats,
		"GET /dimensions":           s.dimensions,
		"GET /dimensions/{id}":      s.dimension,
		"POST /ledgerreceipts":      s.create,
		"GET /ledgerreceipts":       s.search,
		"GET /ledgerreceipts/{ids}": s.read,
		"PUT /ledgerreceipts/{id}":  s.change,
		"PUT /ledgerreceipts/{id}/transactions/{row}/dimensions": s.changeDimensions,
		"PUT /ledgerreceipts/{id}/approve":                       s.approve,
		"PUT /ledgerreceipts/{id}/unfinished":                    s.reopen,
		"PUT /ledgerreceipts/{id}/invalidate":                    s.invalidate,
	} {
		method, path, _ := strings.Cut(pattern, " ")
		api.Handle(method+" "+BasePath+path, s.checked(h))
	}
	api.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) { refuseStatus(w, http.StatusNotFound) })

	root := http.NewServeMux()
	root.Handle(BasePath+"/", books.Misbehave(books.Behaviour{
		Faults: s.faults, Log: s.options.Log, Books: writes, Refuse: refuseStatus,
		Delay: s.options.Delay, RetryAfter: 2 * time.Second, Clock: s.options.Clock,
	}, s.html500(api)))
	root.HandleFunc("POST "+BasePath+"/oauth/token", s.token)
	root.HandleFunc("GET /login", s.showLogin)
	root.HandleFunc("POST /login", s.decideLogin)
	root.HandleFunc("GET /logout", s.logout)
	root.HandleFunc("GET /keylogin", s.showLogin)
	root.HandleFunc("POST /keylogin", s.decideLogin)
	root.Handle("/control", s.faults)
	root.Handle("GET /journals", books.ServeJournals(s.Journals))
	root.HandleFunc("GET /{$}", s.page)
	return wire.Front(withoutVersion(root))
}

// writes tells whether a request writes a receipt.
func writes(r *http.Request) bool {
	return r.Method != http.MethodGet && strings.HasPrefix(r.URL.Path, BasePath+"/ledgerreceipts")
}

var version = regexp.MustCompile(`^/(latest|supported|v\d{4})(/api/.*)$`)

// withoutVersion makes the versioned base addresses the same as the plain one.
func withoutVersion(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if match := version.FindStringSubmatch(r.URL.Path); match != nil {
			plain, address := *r, url.URL{Path: match[2], RawQuery: r.URL.RawQuery}
			plain.URL = &address
			r = &plain
		}
		next.ServeHTTP(w, r)
	})
}

// html500 does what was asked for and answers as a web server in front would
// when the program behind it fails.
func (s *Server) html500(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if writes(r) && s.faults.TakeBooking(FaultHTML500) || !writes(r) && s.faults.Take(FaultHTML500) {
			next.ServeHTTP(nowhere{make(http.Header)}, r)
			books.ServeHTML(w, http.StatusInternalServerError)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// nowhere is an answer that nobody gets.
type nowhere struct{ header http.Header }

func (n nowhere) Header() http.Header       { return n.header }
func (nowhere) WriteHeader(int)             {}
func (nowhere) Write(p []byte) (int, error) { return len(p), nil }

// call is a request whose token is good, with what was read from it.
type call struct {
	*http.Request
	company company
	user    user
	body    []byte
	wrong   []violation // where it differs from the document
}

// handler answers a call.
type handler func(w http.ResponseWriter, c call)

// checked finds out whose call it is and checks it against the document. What
// is wrong with a receipt is left to its handler, which says all at once.
func (s *Server) checked(next handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		who, ok := s.bearer(r)
		if !ok {
			refuseStatus(w, http.StatusUnauthorized)
			return
		}
		if writes(r) && s.faults.TakeBooking(FaultForbidden) || !writes(r) && s.faults.Take(FaultForbidden) {
			forbid(w, noRights)
			return
		}
		body, err := s.contract.readBody(w, r)
		if err != nil {
			s.refuse(w, r, []violation{bad("", "SANDBOX_MALFORMED_JSON")})
			return
		}
		wrong, err := s.contract.check(r, body)
		if err != nil {
			refuseStatus(w, http.StatusNotFound)
			return
		}
		c := call{Request: r, company: s.company(who.Company), user: s.user(who.User), body: body, wrong: wrong}
		if len(wrong) > 0 && !writes(r) {
			s.refuse(w, r, wrong)
			return
		}
		next(w, c)
	})
}

func (s *Server) company(id int) company {
	return s.office[slices.IndexFunc(s.office, func(c company) bool { return c.id == id })]
}

func (s *Server) user(id int) user {
	return s.users[slices.IndexFunc(s.users, func(u user) bool { return u.id == id })]
}

func reply(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v)
}

// refuse answers with violations, each once. What differed goes to the log
// without its values.
func (s *Server) refuse(w http.ResponseWriter, r *http.Request, all []violation) {
	var once []violation
	for _, v := range all {
		if !slices.Contains(once, v) {
			once = append(once, v)
			what, _, _ := strings.Cut(v.Message, ":")
			s.options.Log.Info("practice Procountor refused", "method", r.Method, "path", r.URL.Path, "field", v.Field, "message", what)
		}
	}
	reply(w, once[0].Status, map[string]any{"errors": once})
}

// refuseStatus answers with a status and its words alone.
func refuseStatus(w http.ResponseWriter, status int) {
	reply(w, status, map[string]any{"errors": []violation{{Status: status, Message: http.StatusText(status)}}})
}

func forbid(w http.ResponseWriter, message string) {
	reply(w, http.StatusForbidden, map[string]any{"errors": []violation{{Status: http.StatusForbidden, Message: message}}})
}
