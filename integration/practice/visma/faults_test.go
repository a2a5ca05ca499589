package visma_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"loonbrug/integration/practice/books"
	"loonbrug/integration/practice/visma"
)

const create = "/v2/journaltransaction"

func TestFaults_OfABooking(t *testing.T) {
	for id, want := range map[string]struct {
		status int // 0 is a dropped connection
		booked int
		text   string
	}{
		books.FaultErrorBefore:     {500, 0, "VismaId"},
		books.FaultErrorAfter:      {500, 1, "VismaId"},
		books.FaultDropBefore:      {0, 0, ""},
		books.FaultDropAfter:       {0, 1, ""},
		books.FaultHTML:            {200, 0, "<html>"},
		books.FaultThrottle:        {429, 0, "Same request made too many times"},
		books.FaultUnauthorized:    {401, 0, ""},
		books.FaultSlow:            {201, 1, ""},
		visma.FaultLate:            {201, 1, ""},
		visma.FaultUnavailable:     {503, 0, "unavailable"},
		visma.FaultNoLicence:       {400, 0, `"ExceptionFaultCode":"12027"`},
		visma.FaultWrongCompany:    {400, 0, `"ExceptionFaultCode":"12002"`},
		visma.FaultForbidden:       {403, 0, ""},
		visma.FaultClosedPeriod:    {400, 0, "The 03-2026 financial period is closed."},
		visma.FaultInactivePeriod:  {400, 0, "The 03-2026 financial period is inactive."},
		visma.FaultOldLocation:     {201, 1, ""},
		visma.FaultNoLocation:      {201, 1, ""},
		visma.FaultEmptyError:      {400, 0, ""},
		visma.FaultTextError:       {400, 0, "Error creating document."},
		visma.FaultCollectiveError: {400, 0, "Inserting 'GL Batch' record raised at least one error."},
		visma.FaultAccessRights:    {400, 0, "Please verify whether you have proper access rights to this object."},
		visma.FaultTooLarge:        {413, 0, ""},
	} {
		t.Run(id, func(t *testing.T) {
			b := open(t)
			if !b.server.Faults().SetBookings(id, 1) {
				t.Fatal("unknown fault")
			}
			b.get("/v1/ledger") // is none of the fault's business
			r, err := b.try(http.MethodPost, create, wages("LBABCDEFGH23"))
			if (err != nil) != (want.status == 0) || r.status != want.status || !strings.Contains(string(r.body), want.text) || want.text == "" && len(r.body) > 0 {
				t.Errorf("%d %s, %v", r.status, r.body, err)
			}
			if n := b.server.Booked()["LBABCDEFGH23"]; n != want.booked {
				t.Errorf("booked %d times, want %d", n, want.booked)
			}
			switch id {
			case visma.FaultOldLocation:
				if r.location() != b.http.URL+"/API/controller/api/v2/journaltransaction/GL000123" {
					t.Errorf("Location %q", r.location())
				}
			case visma.FaultNoLocation:
				if _, there := r.header["Location"]; there {
					t.Errorf("Location %q", r.location())
				}
			case books.FaultThrottle:
				if r.header.Get("Retry-After") != "2" {
					t.Errorf("Retry-After %q", r.header.Get("Retry-After"))
				}
			}
			if second := b.do(http.MethodPost, create, wages("another")); second.status != http.StatusCreated {
				t.Errorf("after the fault: %d %s", second.status, second.body)
			}
		})
	}
}

func TestFaults_OfReads(t *testing.T) {
	b := open(t)
	for id, status := range map[string]int{visma.FaultNoLicence: 400, visma.FaultForbidden: 403, books.FaultUnauthorized: 401, books.FaultThrottle: 429, visma.FaultUnavailable: 503} {
		b.server.Faults().Set(id, 1)
		if r := b.get("/v1/account"); r.status != status {
			t.Errorf("%s: %d", id, r.status)
		}
	}
	b.server.Faults().Set(books.FaultCut, 1)
	if r, err := b.try(http.MethodGet, "/v1/account", ""); err == nil {
		t.Errorf("a whole answer: %d", r.status)
	}
}

func TestFaults_ControlBoard(t *testing.T) {
	b := open(t)
	resp, err := http.PostForm(b.http.URL+"/control", url.Values{"fault": {visma.FaultNoLicence}, "times": {"1"}})
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var board []books.FaultStatus
	if err := json.NewDecoder(resp.Body).Decode(&board); err != nil {
		t.Fatal(err)
	}
	on := map[string]int{}
	for _, f := range board {
		if f.Text == "" {
			t.Errorf("%s has no text", f.ID)
		}
		if _, twice := on[f.ID]; twice {
			t.Errorf("%s is there twice", f.ID)
		}
		on[f.ID] = f.Left
	}
	if on[visma.FaultNoLicence] != 1 || on[books.FaultDropAfter] != 0 {
		t.Errorf("board: %v", on)
	}
}

func TestAPI_NeedsAToken(t *testing.T) {
	b := open(t)
	good := b.token
	for name, token := range map[string]string{"none": "", "nonsense": "a.b.c", "cut": good[:len(good)-4]} {
		b.token = token
		if r := b.get("/v1/ledger"); r.status != http.StatusUnauthorized || r.header.Get("WWW-Authenticate") == "" || len(r.body) != 0 {
			t.Errorf("%s: %d %s", name, r.status, r.body)
		}
	}
	b.token = good
	b.clock.Add(time.Hour + time.Second)
	if r := b.get("/v1/ledger"); r.status != http.StatusUnauthorized {
		t.Errorf("lapsed: %d", r.status)
	}
}

func TestAPI_RateLimit(t *testing.T) {
	b := start(t, func(o *visma.Options) { o.HourlyCalls = 2 })
	b.token = b.refreshed(b.authorized(visma.Bookkeeper, visma.DeHalm)).Access
	for _, left := range []string{"1", "0"} {
		r := b.get("/v1/ledger")
		if h := r.header; r.status != http.StatusOK || h.Get("X-RateLimit-Remaining") != left || h.Get("X-RateLimit-Limit") != "2" || h.Get("X-RateLimit-Policy") != "4-fixed-window" {
			t.Errorf("%d %v", r.status, h)
		}
	}
	r := b.get("/v1/ledger")
	if r.status != http.StatusTooManyRequests || r.header.Get("Retry-After") != r.header.Get("X-RateLimit-Reset") {
		t.Errorf("beyond the limit: %d %v", r.status, r.header)
	}
	first := b.token
	b.token = b.refreshed(b.authorized(visma.Bookkeeper, visma.HalmTransport)).Access
	if r := b.get("/v1/ledger"); r.status != http.StatusOK {
		t.Errorf("another company: %d", r.status)
	}
	b.token = first
	b.clock.Add(59 * time.Minute)
	if r := b.get("/v1/ledger"); r.status != http.StatusTooManyRequests {
		t.Errorf("same window: %d", r.status)
	}
}

func TestAPI_Unknown(t *testing.T) {
	b := open(t)
	if r := b.get("/v1/salesorder"); r.status != http.StatusNotFound {
		t.Errorf("unknown path: %d", r.status)
	}
	if r := b.do(http.MethodDelete, create+"/GL000123", ""); r.status != http.StatusMethodNotAllowed {
		t.Errorf("DELETE: %d", r.status)
	}
	if r := b.get("/v1/dimension/SUBACCOUNT/one"); r.status != http.StatusBadRequest && r.status != http.StatusNotFound {
		t.Errorf("segment id that is no number: %d", r.status)
	}
}
