package cash_test

import (
	"path/filepath"
	"testing"
	"time"

	"loonbrug/integration/practice/books"
	"loonbrug/integration/practice/cash"
)

func TestLineByLineOnABadDay(t *testing.T) {
	b := start(t, cash.Options{})
	b.server.Faults().Set(cash.FaultPerLine, 1)
	b.want(b.post(record(), record("F0201", "9999"), counter()), 400, `"line":2`, "0201=9999")
	b.booked(1)
	if lines := b.server.Journals()[0].Lines; len(lines) != 2 {
		t.Errorf("lines %+v", lines)
	}
}

func TestStricterDays(t *testing.T) {
	b := start(t, cash.Options{})
	f := b.server.Faults()
	b.want(b.post(record("F0302", "250630", "F0301", "2506")), 400, "[praktijk] Periode 2506 is afgesloten")
	f.Set(cash.FaultClosedPeriod, 1)
	b.want(b.post(record()), 400, "[praktijk] Periode 2601 is afgesloten")
	f.Set(cash.FaultBlocked, 1)
	b.want(b.post(record("F0201", "4999", "F0911", "900")), 400, "4999 is geblokkeerd", "900 is geblokkeerd")
	f.Set(cash.FaultCostCentre, 1)
	b.want(b.post(record("F0911", ""), counter()), 400, "[praktijk]", "0911")
	b.booked(0)
	b.want(b.post(record("F0302", "250731", "F0301", "", "F0201", "4999", "F0911", "900")), 201)
}

func TestTheHundredAndFirstRequestOfAMinuteWaits(t *testing.T) {
	now := clock()
	b := start(t, cash.Options{Clock: func() time.Time { return now }})
	for range 100 {
		b.want(b.get("/administrations"), 200)
	}
	a := b.get("/administrations")
	b.want(a, 429)
	if a.header.Get("Retry-After") != "60" {
		t.Errorf("Retry-After %q", a.header.Get("Retry-After"))
	}
	b.want(b.post(record(), counter()), 429)
	b.booked(0)
	b.key = cash.KeyReader
	b.want(b.get("/administrations"), 200)
	b.key = cash.KeyAll
	now = now.Add(time.Minute - time.Second)
	b.want(b.get("/administrations"), 429)
	now = now.Add(time.Second)
	b.want(b.get("/administrations"), 200)
}

func TestCommonBadDays(t *testing.T) {
	b := start(t, cash.Options{Delay: time.Millisecond})
	f := b.server.Faults()
	send := func() answer { return b.post(record(), counter()) }

	f.Set(books.FaultErrorBefore, 1)
	b.want(b.get("/administrations"), 200) // does not book and does not count
	b.want(send(), 500)
	f.Set(books.FaultDropBefore, 1)
	if a := send(); a.err == nil {
		t.Errorf("an answer came: %+v", a)
	}
	f.Set(books.FaultHTML, 1)
	b.want(send(), 200, "<html>")
	f.SetBookings(books.FaultThrottle, 1)
	b.want(b.get("/administrations"), 200)
	if a := send(); a.status != 429 || a.header.Get("Retry-After") == "" {
		t.Errorf("not throttled: %+v", a)
	}
	f.Set(books.FaultUnauthorized, 1)
	b.want(b.get("/administrations"), 401)
	b.booked(0)

	f.Set(books.FaultErrorAfter, 1)
	b.want(send(), 500)
	b.booked(1)
	f.Set(books.FaultDropAfter, 1)
	if a := b.post(record("F0303", "2")); a.err == nil {
		t.Errorf("an answer came: %+v", a)
	}
	b.booked(2)
	f.Set(books.FaultCut, 1)
	if a := b.get("/get/index/0201?admin=halm"); a.err == nil || a.body == "" {
		t.Errorf("not cut: %+v", a)
	}
	f.Set(books.FaultSlow, 1)
	b.want(b.post(record("F0303", "3")), 201)
	b.booked(3)
}

func TestBooksOutliveTheProgram(t *testing.T) {
	path := filepath.Join(t.TempDir(), "cash.json")
	b := start(t, cash.Options{BooksPath: path})
	b.server.Faults().Set(books.FaultDropAfter, 1)
	b.post(record(), counter())
	b.key = cash.KeyReader
	id := transaction(t, b.post(record("F0303", "2")))

	again := start(t, cash.Options{BooksPath: path})
	again.booked(1)
	again.want(again.post(record(), counter()), 400, "bestaat al")
	again.want(again.get("/transaction/"+id), 200, "Pending")
	if other := transaction(t, again.postAs(cash.KeyReader, record("F0303", "3"))); other == id {
		t.Error("an id was given twice")
	}
}

func TestBooksThatCannotBeKeptBookNothing(t *testing.T) {
	b := start(t, cash.Options{BooksPath: filepath.Join(t.TempDir(), "gone", "cash.json")})
	b.want(b.post(record(), counter()), 500)
	b.booked(0)
}
