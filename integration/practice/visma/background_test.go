package visma_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"loonbrug/integration/practice/visma"
)

type job struct {
	ID, Status, ErrorMessage, ContentLocation, StateLocation string
	StatusCode                                               int
	HasResponseContent                                       bool
	ResponseHeaders                                          map[string]string
}

func (b *bench) inBackground(method, path, body string) job {
	b.Helper()
	r := b.do(method, path, body, "erp-api-background", "none")
	if r.status != http.StatusAccepted {
		b.Fatalf("background %s: %d %s", path, r.status, r.body)
	}
	return into[job](b, r)
}

func TestBackground_Booking(t *testing.T) {
	b := open(t)
	sent := b.inBackground(http.MethodPost, create, wages("LBABCDEFGH23"))
	path := strings.TrimPrefix(sent.StateLocation, b.http.URL)
	if path != "/v1/background/"+sent.ID {
		t.Errorf("stateLocation %s", sent.StateLocation)
	}
	if got := into[job](b, b.get(path)); got.Status != "Started" || got.StatusCode != 0 {
		t.Errorf("at first: %+v", got)
	}
	b.clock.Add(2 * time.Second)
	got := into[job](b, b.get(path))
	if got.Status != "Finished" || got.StatusCode != http.StatusCreated || !strings.HasSuffix(got.ResponseHeaders["Location"], "/GL000123") || got.HasResponseContent {
		t.Errorf("then: %+v", got)
	}
	if r := b.get(path + "/content"); r.status != http.StatusNotFound {
		t.Errorf("content of an empty answer: %d", r.status)
	}
	if n := b.server.Booked()["LBABCDEFGH23"]; n != 1 {
		t.Errorf("booked %d times", n)
	}
}

func TestBackground_Refusal(t *testing.T) {
	b := open(t)
	sent := b.inBackground(http.MethodPost, create, body(march, row("4711", "debit", "1"), row("1720", "credit", "1")))
	b.clock.Add(2 * time.Second)
	got := into[job](b, b.get("/v1/background/"+sent.ID))
	if got.Status != "Failed" || got.StatusCode != http.StatusBadRequest || !strings.Contains(got.ErrorMessage, "'4711' cannot be found") {
		t.Errorf("%+v", got)
	}
}

func TestBackground_Content(t *testing.T) {
	b := open(t)
	sent := b.inBackground(http.MethodGet, "/v1/ledger", "")
	b.clock.Add(2 * time.Second)
	path := "/v1/background/" + sent.ID
	got := into[job](b, b.get(path))
	if got.ContentLocation != b.http.URL+path+"/content" || !got.HasResponseContent {
		t.Errorf("%+v", got)
	}
	here := b.token
	b.token = b.refreshed(b.authorized(visma.Bookkeeper, visma.HalmTransport)).Access
	if r := b.get(path + "/content"); r.status != http.StatusForbidden {
		t.Errorf("another company: %d", r.status)
	}
	b.token = here
	if r := b.get("/v1/background/nothing"); r.status != http.StatusNotFound {
		t.Errorf("unknown: %d", r.status)
	}
	// The document gives content as an object; it is whatever the call answers with.
	if resp, err := b.try(http.MethodGet, "/v1/background/"+b.inBackground(http.MethodGet, "/v1/financialPeriod/202603", "").ID+"/content", ""); err != nil || resp.status != http.StatusNotFound {
		t.Errorf("content before it is ready: %d %v", resp.status, err)
	}
	one := b.inBackground(http.MethodGet, "/v1/financialPeriod/202603", "").ID
	b.clock.Add(2 * time.Second)
	if p := into[period](b, b.get("/v1/background/"+one+"/content")); p.Year != 2026 {
		t.Errorf("content: %+v", p)
	}
	b.clock.Add(25 * time.Hour)
	b.token = b.refreshed(b.authorized(visma.Bookkeeper, visma.DeHalm)).Access
	if r := b.get(path); r.status != http.StatusGone {
		t.Errorf("after a day: %d", r.status)
	}
}

func TestBackground_AddressFormIsWithdrawn(t *testing.T) {
	b := open(t)
	if r := b.do(http.MethodGet, "/v1/ledger", "", "erp-api-background", "https://example.test/hook"); r.status != http.StatusBadRequest {
		t.Errorf("%d", r.status)
	}
}
