package procountor_test

import (
	"path/filepath"
	"testing"
	"time"

	"loonbrug/integration/practice/books"
	"loonbrug/integration/practice/procountor"
)

func TestBadDays(t *testing.T) {
	b := start(t, procountor.Options{Delay: time.Millisecond})
	f := b.server.Faults()
	send := func() answer { return b.do("POST", "/ledgerreceipts", receipt()) }

	f.Set(books.FaultErrorBefore, 1)
	b.want(b.get("/coa"), 200)
	b.want(send(), 500)
	f.Set(books.FaultDropBefore, 1)
	if a := send(); a.err == nil {
		t.Errorf("an answer came: %+v", a)
	}
	f.Set(books.FaultHTML, 1)
	b.want(send(), 200, "<html>")
	f.SetBookings(books.FaultThrottle, 1)
	if a := send(); a.status != 429 || a.header.Get("Retry-After") == "" {
		t.Errorf("not throttled: %+v", a)
	}
	f.Set(books.FaultUnauthorized, 1)
	b.want(b.get("/coa"), 401, "Unauthorized")
	f.Set(procountor.FaultPassiveItem, 1)
	b.want(send(), 400, "DIMENSION_OR_DIMENSION_ITEM")
	f.Set(procountor.FaultClosedPeriod, 1)
	b.want(send(), 400, "CLOSED_FISCAL_PERIOD")
	f.Set(procountor.FaultDegraded, 1)
	b.want(b.get("/status"), 200, "DEGRADED")
	b.booked(0)

	f.Set(books.FaultErrorAfter, 1)
	b.want(send(), 500)
	f.Set(books.FaultDropAfter, 1)
	if a := send(); a.err == nil {
		t.Errorf("an answer came: %+v", a)
	}
	f.SetBookings(procountor.FaultHTML500, 1)
	b.want(send(), 500, "nginx")
	f.Set(books.FaultCut, 1)
	if a := send(); a.err == nil || a.body == "" {
		t.Errorf("not cut: %+v", a)
	}
	f.Set(books.FaultSlow, 1)
	b.want(send(), 200)
	b.booked(5)
}

func TestAnAccessIsRevokedForItsCompanyAlone(t *testing.T) {
	b := start(t, procountor.Options{})
	other := b.token
	b.signIn(procountor.APIKey(101))
	b.server.Faults().Set(procountor.FaultRevoked(101), -1)
	b.want(b.get("/coa"), 401)
	b.want(b.askToken(formType, "grant_type", "client_credentials", "api_key", procountor.APIKey(101)), 401)
	b.token = other
	b.want(b.get("/coa"), 200)
	b.server.Faults().Set(procountor.FaultRevoked(101), 0)
	b.signIn(procountor.APIKey(101))
}

func TestBooksOutliveTheProgram(t *testing.T) {
	path := filepath.Join(t.TempDir(), "procountor.json")
	b := start(t, procountor.Options{BooksPath: path, Clock: clock})
	b.server.Faults().Set(books.FaultDropAfter, 1)
	b.do("POST", "/ledgerreceipts", receipt())
	again := start(t, procountor.Options{BooksPath: path, Clock: clock})
	again.want(again.get("/ledgerreceipts/880001"), 200, `"accountingValue":3200.00`, `"version":"2026-03-01T10:15:22"`)
	if id := again.post(receipt()); id != "880002" {
		t.Errorf("id %s", id)
	}
	again.want(again.get("/ledgerreceipts/880002"), 200, `"version":"2026-03-01T10:15:23"`, `"invoiceNumber":5002`)
	lost := start(t, procountor.Options{BooksPath: filepath.Join(t.TempDir(), "gone", "p.json")})
	lost.want(lost.do("POST", "/ledgerreceipts", receipt()), 500)
	lost.booked(0)
}
