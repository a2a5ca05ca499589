package visma

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"strings"

	"loonbrug/integration/practice/books"
	"loonbrug/integration/practice/visma/connect"
)

// call is one request to the API, checked: who asks, for which company, and what.
type call struct {
	r       *http.Request
	access  connect.Access
	company *Company
	ledger  *ledger
	body    []byte
	base    string // the server's address
}

// answer is what goes back. At most one of json and text is set.
type answer struct {
	status int
	header map[string]string
	json   any
	raw    []byte // of contentType
	text   string
}

// operation is one operation of the document.
type operation struct {
	method, path string // path as in the document
	handle       func(*call) answer
}

func (s *Server) operations() []operation {
	const batches, one = "/v2/journaltransaction", "/v2/journaltransaction/{journalTransactionNumber}"
	const ofModule = "/v2/journaltransaction/module/{module}/{journalTransactionNumber}"
	const get, post, put = http.MethodGet, http.MethodPost, http.MethodPut
	return []operation{
		{get, "/v1/organization", s.organizations},
		{get, "/v1/organization/{organizationNumber}", s.organization},
		{get, "/v1/branch", s.branches},
		{get, "/v1/branch/{branchNumber}", s.branch},
		{get, "/v1/ledger", s.ledgers},
		{get, "/v1/account", s.accounts},
		{get, "/v1/account/{accountCd}", s.account},
		{get, "/v1/dimension", s.dimensions},
		{get, "/v1/dimension/{dimensionId}", s.dimension},
		{get, "/v1/dimension/{dimensionId}/{segmentId}", s.segment},
		{put, "/v1/dimension/{dimensionId}/{segmentId}", s.putSegment},
		{get, "/v1/dimension/{dimensionId}/{segmentId}/{valueId}", s.segmentValue},
		{get, "/v1/subaccount", s.subaccounts},
		{get, "/v1/subaccount/{subAccountNumber}", s.subaccount},
		{get, "/v1/financialPeriod", s.financialPeriods},
		{get, "/v1/financialPeriod/{financialPeriodId}", s.financialPeriod},
		{get, batches, s.listBatches},
		{post, batches, s.createBatch},
		{get, one, s.getBatch},
		{put, one, s.putBatch},
		{post, one + "/action/release", s.releaseBatch},
		{post, ofModule + "/attachment", s.attachToBatch},
		{post, ofModule + "/{lineNumber}/attachment", s.attachToLine},
		{get, "/v1/background/{requestId}", s.background},
		{get, "/v1/background/{requestId}/content", s.backgroundContent},
	}
}

// api serves the ERP API.
func (s *Server) api() http.Handler {
	mux := http.NewServeMux()
	for _, op := range s.operations() {
		mux.Handle(op.method+" "+op.path, s.serve(op))
	}
	return s.front(books.Misbehave(books.Behaviour{
		Faults: s.faults, Log: s.opt.Log, Books: changesLedger, Refuse: s.refuseCommon,
		Delay: s.opt.Delay, RetryAfter: s.opt.RetryAfter, Clock: s.opt.Clock,
	}, s.late(mux)))
}

// front sets the headers that go with every answer, and keeps the call limit.
func (s *Server) front(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := newID()
		w.Header().Set("Ipp-Request-Id", id)
		w.Header().Set("Request-Context", "appId=cid-v1:practice")
		access, _ := s.access(r)
		allowed := s.limiter.count(w.Header(), access.Tenant+" "+access.Client)
		s.opt.Log.Debug("practice visma.net", "method", r.Method, "path", r.URL.Path, "request", id)
		if !allowed {
			s.refuseCommon(w, http.StatusTooManyRequests)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func (s *Server) access(r *http.Request) (connect.Access, error) {
	token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !ok {
		return connect.Access{}, connect.ErrToken
	}
	return s.connect.Verify(token)
}

// serve checks a request in the order of a real gateway, then lets the operation
// answer it.
func (s *Server) serve(op operation) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c, refusal := s.admit(r)
		if refusal != nil {
			refusal.send(w)
			return
		}
		if a, yes := s.misbehave(c); yes {
			a.send(w)
			return
		}
		if refusal := s.read(c, op); refusal != nil {
			refusal.send(w)
			return
		}
		s.answer(c, op).send(w)
	})
}

// answer runs the operation, now or in the background.
func (s *Server) answer(c *call, op operation) answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.settle()
	if mode := c.r.Header.Get("erp-api-background"); mode != "" && !strings.HasPrefix(op.path, "/v1/background/") {
		return s.inBackground(c, op, mode)
	}
	return op.handle(c)
}

// admit finds out who asks, and for which company.
func (s *Server) admit(r *http.Request) (*call, *answer) {
	access, err := s.access(r)
	if err != nil {
		a := unauthorized()
		return nil, &a
	}
	c := &call{r: r, access: access, base: s.address(r)}
	for i := range s.opt.Companies {
		if s.opt.Companies[i].Tenant == access.Tenant {
			c.company = &s.opt.Companies[i]
			c.ledger = s.state.Ledgers[access.Tenant]
		}
	}
	if c.company == nil {
		a := gatewayError(http.StatusBadRequest, "12002", "Invalid parameter exception: ipp-company-id")
		return nil, &a
	}
	if right := rightFor(r); !access.Has(right...) {
		return nil, &answer{status: http.StatusForbidden}
	}
	return c, nil
}

// rightFor lists the scopes of which one must be there. What release and
// attachments need is not documented; either right to write will do.
func rightFor(r *http.Request) []string {
	both := func(right string) []string {
		return []string{connect.InteractiveScope(right), connect.ServiceScope(right)}
	}
	switch {
	case r.Method == http.MethodGet:
		return both("read")
	case r.Method == http.MethodPost && r.URL.Path == "/v2/journaltransaction":
		return both("create")
	case r.Method == http.MethodPost:
		return append(both("create"), both("update")...)
	}
	return both("update")
}

const maxBody = 32 << 20

// read takes the body and holds the request against the document.
func (s *Server) read(c *call, op operation) *answer {
	body, err := io.ReadAll(io.LimitReader(c.r.Body, maxBody+1))
	if err != nil || len(body) > maxBody {
		return &answer{status: http.StatusRequestEntityTooLarge}
	}
	kind := c.r.Header.Get("Content-Type")
	if !strings.HasPrefix(kind, "multipart/") {
		// "text/json" is the other name that the vendor's document knows.
		c.r.Header.Set("Content-Type", strings.Replace(kind, "text/json", "application/json", 1))
		if body, err = s.contract.fit(c.r, op.path, body); err != nil {
			return malformed(err)
		}
	}
	params := make(map[string]string)
	for _, part := range strings.Split(op.path, "/") {
		if name, ok := strings.CutPrefix(part, "{"); ok {
			name = strings.TrimSuffix(name, "}")
			params[name] = c.r.PathValue(name)
		}
	}
	if err := s.contract.check(c.r, op.path, params, body); err != nil {
		return malformed(err)
	}
	c.body = body
	return nil
}

// path is a part of the path. A number with reserved characters comes as
// b64(…), base64url.
func (c *call) path(name string) string {
	value := c.r.PathValue(name)
	coded, ok := strings.CutPrefix(value, "b64(")
	if !ok || !strings.HasSuffix(coded, ")") {
		return value
	}
	plain, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(strings.TrimSuffix(coded, ")"), "="))
	if err != nil {
		return value
	}
	return string(plain)
}

func (c *call) query(name string) string { return c.r.URL.Query().Get(name) }

// matches is the check of If-Match: absent or right.
func (c *call) matches(version uint64) bool {
	wanted := c.r.Header.Get("If-Match")
	return wanted == "" || wanted == "*" || wanted == etag(version) || wanted == stamp(version)
}

func (a answer) send(w http.ResponseWriter) {
	for name, value := range a.header {
		w.Header().Set(name, value)
	}
	body := a.raw
	switch {
	case a.json != nil:
		var buffer bytes.Buffer
		encoder := json.NewEncoder(&buffer)
		encoder.SetEscapeHTML(false)
		if err := encoder.Encode(a.json); err != nil {
			panic(fmt.Sprintf("practice visma.net: answer does not encode: %v", err))
		}
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		body = bytes.TrimSuffix(buffer.Bytes(), []byte("\n"))
	case a.text != "":
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		body = []byte(a.text)
	}
	w.WriteHeader(a.status)
	// A client that has gone away is no fault of the answer.
	_, _ = w.Write(body)
}

func ok(v any) answer { return answer{status: http.StatusOK, json: v} }

func (a answer) with(header map[string]string) answer {
	all := maps.Clone(header)
	maps.Copy(all, a.header)
	a.header = all
	return a
}
