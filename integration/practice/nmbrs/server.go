package nmbrs

import (
	"context"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"loonbrug/integration/practice/books"
	"loonbrug/integration/practice/wire"
)

// SOAPPath is where the SOAP services are; the name of one and ".asmx" follow.
const SOAPPath = "/soap/v3/"

// Options are how a [Server] is made. The zero value keeps the books in memory
// and behaves as the real system.
type Options struct {
	// BooksPath is the file that keeps the books; empty keeps them in memory.
	BooksPath string

	// Clock tells the time; nil is the computer's.
	Clock func() time.Time

	// Log takes what happened; nil discards it.
	Log *slog.Logger

	// PerSecond is how many calls are answered at once within a second: 0 is 150
	// as at Nmbrs, a negative number is no limit.
	PerSecond int

	// Wait holds a call back; nil waits on the computer's clock, until the client
	// has gone.
	Wait func(context.Context, time.Duration)

	// Delay is how long slow answers are held back; 0 is five seconds.
	Delay time.Duration
}

// Server is the practice Nmbrs. Its methods may be called at the same time.
type Server struct {
	options Options
	tokens  map[string]rights
	faults  *books.Faults
	handler http.Handler

	mu    sync.Mutex
	file  books.File
	state state
	calls []time.Time // those of the last second
}

// New opens the books and makes the server.
func New(o Options) (*Server, error) {
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.PerSecond == 0 {
		o.PerSecond = 150
	}
	if o.Wait == nil {
		o.Wait = wait
	}
	if o.Delay == 0 {
		o.Delay = 5 * time.Second
	}
	s := &Server{options: o, tokens: tokens(), faults: faults()}
	file, err := books.Load(o.BooksPath, &s.state)
	if err != nil {
		return nil, err
	}
	if s.state.Companies == nil {
		s.state = seed()
	}
	s.file = file
	s.handler = s.routes()
	return s, nil
}

// Handler serves the services, the pages and the control board.
func (s *Server) Handler() http.Handler { return s.handler }

// Faults is the control board.
func (s *Server) Faults() *books.Faults { return s.faults }

func (s *Server) routes() http.Handler {
	root := http.NewServeMux()
	root.Handle("POST "+SOAPPath+"{service}", s.soap())
	root.HandleFunc("GET "+SOAPPath+"{service}", serveDescription)
	root.Handle("/control", s.faults)
	root.Handle("GET /journals", books.ServeJournals(func() []books.Journal { return nil }))
	root.HandleFunc("GET /{$}", s.page)
	root.HandleFunc("GET /runs", s.listRuns)
	root.HandleFunc("POST /office", s.changeOffice)
	c := newConnect(s)
	c.routes(root)
	root.Handle(RESTPath+"/", s.rest(c))
	return wire.Front(root)
}

// wait is the ordinary [Options.Wait].
func wait(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

// throttle counts a call and holds it back for half a second when too many came
// within one second. None is refused.
func (s *Server) throttle(ctx context.Context) {
	const penalty = 500 * time.Millisecond
	if s.options.PerSecond < 0 {
		return
	}
	s.mu.Lock()
	now := s.options.Clock()
	old := 0
	for old < len(s.calls) && now.Sub(s.calls[old]) >= time.Second {
		old++
	}
	s.calls = append(s.calls[old:], now)
	late := len(s.calls) > s.options.PerSecond
	s.mu.Unlock()
	if late {
		s.options.Wait(ctx, penalty)
	}
}
