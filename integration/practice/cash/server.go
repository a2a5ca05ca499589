package cash

import (
	"encoding/json"
	"log/slog"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"

	"loonbrug/integration/practice/books"
	"loonbrug/integration/practice/wire"
)

// BasePath is where the REST API begins.
const BasePath = "/api/4.0"

// WSDLPath is where the SOAP API is described.
const WSDLPath = "/?" + wsdlQuery

// SOAPPath is where the SOAP API takes calls.
const SOAPPath = "/?" + soapQuery

// Options are how a [Server] is made. The zero value keeps the books in memory
// and behaves as the real system.
type Options struct {
	// BooksPath is the file that keeps the books; empty keeps them in memory.
	BooksPath string

	// Clock tells the time; nil is the computer's.
	Clock func() time.Time

	// Log takes what happened; nil discards it.
	Log *slog.Logger

	// PerMinute is how many requests a key may make within a minute: 0 is 100 as
	// at CASH, a negative number is no limit.
	PerMinute int

	// PendingPolls is how many questions about a waiting import are answered
	// Pending before it is booked; 0 is 2.
	PendingPolls int

	// Delay is how long slow answers are held back; 0 is five seconds.
	Delay time.Duration
}

// Server is the practice CASH. Its methods may be called at the same time.
type Server struct {
	options Options
	office  []administration
	users   map[string]user
	faults  *books.Faults
	handler http.Handler

	mu    sync.Mutex
	file  books.File
	state state
	calls map[string][]time.Time // the last minute's requests by key
}

// New opens the books and makes the server.
func New(o Options) (*Server, error) {
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.PerMinute == 0 {
		o.PerMinute = 100
	}
	if o.PendingPolls == 0 {
		o.PendingPolls = 2
	}
	if o.Delay == 0 {
		o.Delay = 5 * time.Second
	}
	s := &Server{options: o, office: office(), users: users(), faults: faults(), calls: make(map[string][]time.Time)}
	file, err := books.Load(o.BooksPath, &s.state)
	if err != nil {
		return nil, err
	}
	s.file = file
	s.handler = s.routes()
	return s, nil
}

// Handler serves the API, the pages and the control board.
func (s *Server) Handler() http.Handler { return s.handler }

// Faults is the control board.
func (s *Server) Faults() *books.Faults { return s.faults }

func (s *Server) routes() http.Handler {
	api := http.NewServeMux()
	api.HandleFunc("GET "+BasePath+"/administrations", s.administrations)
	api.HandleFunc("GET "+BasePath+"/get/index/{record}", s.index)
	api.HandleFunc("POST "+BasePath+"/import", s.postImport)
	api.HandleFunc("GET "+BasePath+"/transaction/{id}", s.getTransaction)
	api.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		refuse(w, http.StatusNotFound, "Not found", "[praktijk] Deze aanroep bestaat hier niet")
	})
	guarded := books.Misbehave(books.Behaviour{
		Faults:     s.faults,
		Log:        s.options.Log,
		Books:      func(r *http.Request) bool { return r.Method == http.MethodPost },
		Refuse:     refuseStatus,
		Delay:      s.options.Delay,
		RetryAfter: 2 * time.Second,
		Clock:      s.options.Clock,
	}, s.signedIn(api))

	root := http.NewServeMux()
	root.Handle(BasePath+"/", guarded)
	root.Handle("/control", s.faults)
	root.Handle("GET /journals", books.ServeJournals(s.Journals))
	root.Handle("POST /{$}", s.soap())
	root.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) {
		if query(r) == wsdlQuery {
			serveWSDL(w, r)
			return
		}
		s.page(w, r)
	})
	return wire.Front(root)
}

// signedIn checks the API key, its link and the number of its requests.
func (s *Server) signedIn(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		key := r.Header.Get("Authorization")
		u, known := s.users[key]
		switch wait := s.wait(key, known); {
		case !known:
			refuseStatus(w, http.StatusUnauthorized)
		case wait > 0:
			w.Header().Set("Retry-After", strconv.Itoa(int((wait+time.Second-1)/time.Second)))
			refuseStatus(w, http.StatusTooManyRequests)
		case !u.linked, s.unlinkedToday(r):
			refuse(w, http.StatusForbidden, "1002", "1002 Unauthorized Access")
		default:
			next.ServeHTTP(w, r)
		}
	})
}

// unlinkedToday tells whether the user's link is gone on a bad day.
func (s *Server) unlinkedToday(r *http.Request) bool {
	id := FaultCode(codeUnlinked)
	return r.Method == http.MethodPost && s.faults.TakeBooking(id) || r.Method != http.MethodPost && s.faults.Take(id)
}

// wait counts a request and tells how long the key must wait; zero is not at all.
func (s *Server) wait(key string, known bool) time.Duration {
	if !known || s.options.PerMinute < 0 {
		return 0
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.options.Clock()
	recent := slices.DeleteFunc(s.calls[key], func(t time.Time) bool { return now.Sub(t) >= time.Minute })
	if len(recent) >= s.options.PerMinute {
		s.calls[key] = recent
		return time.Minute - now.Sub(recent[0])
	}
	s.calls[key] = append(recent, now)
	return 0
}

// administration finds the administration of a request, or answers why not.
func (s *Server) administration(w http.ResponseWriter, code string) (administration, bool) {
	i := slices.IndexFunc(s.office, func(a administration) bool { return a.code == code })
	if i < 0 {
		refuse(w, http.StatusBadRequest, "Error", "[praktijk] Onbekende administratie "+strconv.Quote(code))
		return administration{}, false
	}
	return s.office[i], true
}

func reply(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v)
}

// refusal is an error as the API answers it. The message of a refused import
// is an object, any other is a text.
type refusal struct {
	Error   string `json:"error"`
	Message any    `json:"message"`
}

func refuse(w http.ResponseWriter, status int, what, message string) {
	reply(w, status, refusal{what, message})
}

func refuseStatus(w http.ResponseWriter, status int) {
	refuse(w, status, http.StatusText(status), "[praktijk] "+http.StatusText(status))
}
