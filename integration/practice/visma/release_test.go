package visma_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"loonbrug/integration/practice/visma"
)

// balanced books a batch that may be released, and gives its path.
func (b *bench) balanced() string {
	b.Helper()
	r := b.do(http.MethodPost, create, body(`"description":{"value":"LBABCDEFGH23"},"hold":{"value":false},`+march,
		row("1700", "debit", "10.00"), row("1720", "credit", "10.00")))
	if r.status != http.StatusCreated {
		b.Fatalf("booking: %d %s", r.status, r.body)
	}
	return create + "/" + r.number()
}

func TestRelease_Later(t *testing.T) {
	b := open(t)
	path := b.balanced()
	number := path[len(create)+1:]
	b.server.Faults().Set(visma.FaultReleaseLater, 1)
	released := b.do(http.MethodPost, path+"/action/release", "")
	if got := b.read(number).Status; released.status != http.StatusOK || got != "Balanced" {
		t.Fatalf("at first: %d %s", released.status, got)
	}
	if r := b.do(http.MethodPost, path+"/action/release", ""); r.status != http.StatusBadRequest || !strings.Contains(r.message(), "Batch Status invalid") {
		t.Errorf("a second release meanwhile: %d %s", r.status, r.body)
	}
	if r := b.do(http.MethodPut, path, `{"hold":{"value":true}}`); r.status != http.StatusBadRequest {
		t.Errorf("a change meanwhile: %d", r.status)
	}
	b.clock.Add(2 * time.Second)
	if got := b.server.Journals()[0].State; got != "Posted" {
		t.Errorf("in the books: %s", got)
	}
	read := b.get(path)
	if got := into[struct{ Status string }](b, read).Status; got != "Posted" || read.header.Get("ETag") == released.header.Get("ETag") {
		t.Errorf("then: %s, ETag %s", got, read.header.Get("ETag"))
	}
}

func TestRelease_BadDays(t *testing.T) {
	b := open(t)
	path := b.balanced()
	number := path[len(create)+1:]
	b.server.Faults().Set(visma.FaultReleaseRefused, 1)
	if r := b.do(http.MethodPost, path+"/action/release", ""); r.status != http.StatusBadRequest || !strings.Contains(r.message(), "could not be released") {
		t.Errorf("refused: %d %s", r.status, r.body)
	}
	b.server.Faults().Set(visma.FaultReleaseNever, 1)
	if r := b.do(http.MethodPost, path+"/action/release", ""); r.status != http.StatusOK {
		t.Errorf("never: %d %s", r.status, r.body)
	}
	b.clock.Add(time.Minute)
	if got := b.read(number).Status; got != "Balanced" {
		t.Errorf("never: %s", got)
	}
}

func TestRelease_InTheBackground(t *testing.T) {
	b := open(t)
	path := b.balanced()
	sent := b.inBackground(http.MethodPost, path+"/action/release", "")
	again := b.inBackground(http.MethodPost, path+"/action/release", "")
	b.clock.Add(2 * time.Second)
	if got := into[job](b, b.get("/v1/background/"+sent.ID)); got.Status != "Finished" || got.StatusCode != http.StatusOK || !got.HasResponseContent {
		t.Errorf("%+v", got)
	}
	if got := into[job](b, b.get("/v1/background/"+again.ID)); got.Status != "Failed" || !strings.Contains(got.ErrorMessage, "Batch Status invalid") {
		t.Errorf("again: %+v", got)
	}
}

func TestBackground_BadDays(t *testing.T) {
	b := open(t)
	b.server.Faults().Set(visma.FaultBackgroundFailed, 1)
	failed := b.inBackground(http.MethodPost, create, wages("LBABCDEFGH23"))
	b.server.Faults().Set(visma.FaultBackgroundStuck, 1)
	stuck := b.inBackground(http.MethodPost, create, wages("LBABCDEFGH34"))
	b.clock.Add(30 * time.Minute)
	if got := into[job](b, b.get("/v1/background/"+failed.ID)); got.Status != "Failed" || got.StatusCode != http.StatusInternalServerError || got.ErrorMessage == "" {
		t.Errorf("failed: %+v", got)
	}
	if got := into[job](b, b.get("/v1/background/"+stuck.ID)); got.Status != "Started" {
		t.Errorf("stuck: %+v", got)
	}
	if booked := b.server.Booked(); booked["LBABCDEFGH23"] != 0 || booked["LBABCDEFGH34"] != 1 {
		t.Errorf("booked: %v", booked)
	}
	b.server.Faults().Set(visma.FaultBackgroundGone, 1)
	if r := b.get("/v1/background/" + stuck.ID); r.status != http.StatusGone {
		t.Errorf("gone: %d", r.status)
	}
}

// An accepted call in the background may lose its answer too; it is booked.
func TestBackground_CommonBadDays(t *testing.T) {
	for fault, booked := range map[string]int{"error_after": 1, "error_before": 0, "drop_after": 1, "cut": 1} {
		b := open(t)
		b.server.Faults().SetBookings(fault, 1)
		if r, err := b.try(http.MethodPost, create, wages("LBABCDEFGH23"), "erp-api-background", "none"); err == nil && r.status != http.StatusInternalServerError {
			t.Errorf("%s: %d", fault, r.status)
		}
		if n := b.server.Booked()["LBABCDEFGH23"]; n != booked {
			t.Errorf("%s: booked %d times", fault, n)
		}
	}
}

func TestWithdrawnAccessStaysWithdrawnUntilANewSignIn(t *testing.T) {
	b := open(t)
	other := b.refreshed(b.authorized(visma.Bookkeeper, visma.HalmTransport)).Access
	tokens := b.refreshed(b.authorized(visma.Bookkeeper, visma.DeHalm))
	b.server.Faults().Set(visma.FaultWithdrawn, 1)
	for range 2 {
		if r := b.get("/v1/ledger"); r.status != http.StatusUnauthorized {
			t.Errorf("withdrawn: %d", r.status)
		}
	}
	if a := b.refreshed(tokens.Refresh); a.Error != "invalid_grant" {
		t.Errorf("refresh: %+v", a)
	}
	for name, token := range map[string]string{"another company": other, "a new sign-in": b.refreshed(b.authorized(visma.Bookkeeper, visma.DeHalm)).Access} {
		b.token = token
		if r := b.get("/v1/ledger"); r.status != http.StatusOK {
			t.Errorf("%s: %d", name, r.status)
		}
	}
}
