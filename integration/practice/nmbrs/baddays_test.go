package nmbrs_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"loonbrug/integration/practice/books"
	"loonbrug/integration/practice/nmbrs"
)

func TestBadDays_Codes(t *testing.T) {
	b := start(t, nmbrs.Options{})
	for _, code := range []int{1001, 1002, 1003, 1004, 1006, 2004, 2006, 2013, 2043, 2046, 9999} {
		if !b.server.Faults().Set(nmbrs.FaultCode(code), 1) {
			t.Fatalf("no bad day with code %d", code)
		}
		b.refused(b.company("List_GetAll"), code)
		b.want(b.company("List_GetAll"), 200) // once, then all is well
	}
	b.server.Faults().Set(nmbrs.FaultInOK, 1)
	b.server.Faults().Set(nmbrs.FaultCode(1003), 1)
	b.want(b.company("List_GetAll"), 200, "<soap:Fault>", "1003: ")
	b.server.Faults().Set(nmbrs.FaultNoCode, 1)
	a := b.company("List_GetAll")
	if b.want(a, 500, "---&gt; Invalid combination"); strings.Contains(a.body, ": Invalid") {
		t.Errorf("a code came: %s", a.body)
	}
}

// A bad day that is set for bookings alone is one for journals: lists are answered.
func TestBadDays_ForJournalsAlone(t *testing.T) {
	b := start(t, nmbrs.Options{})
	if a, err := http.PostForm(b.url+"/control", url.Values{"fault": {nmbrs.FaultCode(1006)}, "only": {"bookings"}}); err != nil || a.StatusCode != 200 {
		t.Fatal(a, err)
	}
	b.want(b.company("List_GetAll"), 200)
	run := b.latest(nmbrs.DeHalm).ID
	b.refused(b.perYear(nmbrs.DeHalm, run), 1006)
	b.want(b.perYear(nmbrs.DeHalm, run), 200)
}

func TestBadDays_OfTheConnection(t *testing.T) {
	b := start(t, nmbrs.Options{Delay: time.Millisecond})
	f := b.server.Faults()
	ask := func() answer { return b.perYear(nmbrs.DeHalm, b.latest(nmbrs.DeHalm).ID) }
	f.Set(books.FaultHTML, 1)
	b.want(ask(), 200, "<html>")
	f.Set(nmbrs.FaultHTMLError, 1)
	b.want(ask(), 500, "<html>")
	f.Set(nmbrs.FaultUnavailable, 1)
	b.want(ask(), 503)
	for _, fault := range []string{books.FaultThrottle, books.FaultThrottleDate} {
		f.Set(fault, 1)
		if a := ask(); a.status != 429 || a.header.Get("Retry-After") == "" {
			t.Errorf("%s: %+v", fault, a)
		}
	}
	f.Set(books.FaultUnauthorized, 1)
	b.refused(ask(), 1001)
	f.Set(books.FaultCut, 1)
	if a := ask(); a.err == nil || a.body == "" {
		t.Errorf("not cut: %+v", a)
	}
	f.Set(nmbrs.FaultDrop, 1)
	if a := ask(); a.err == nil {
		t.Errorf("an answer came: %+v", a)
	}
	f.Set(books.FaultSlow, 1)
	b.want(ask(), 200, "&lt;transactions&gt;")
}

// On a time-out nothing comes until the client has had enough.
func TestBadDays_Timeout(t *testing.T) {
	b := start(t, nmbrs.Options{})
	b.server.Faults().Set(nmbrs.FaultTimeout, 1)
	ctx, stop := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer stop()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, b.url+"/soap/v3/CompanyService.asmx", strings.NewReader(testdata(t, "Run_GetList.xml")))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "text/xml")
	if response, err := http.DefaultClient.Do(r); err == nil {
		_ = response.Body.Close()
		t.Errorf("an answer came: %d", response.StatusCode)
	}
	b.want(b.company("List_GetAll"), 200)
}

func TestBadDays_ABlockedDebtor(t *testing.T) {
	b := start(t, nmbrs.Options{})
	runs := func() answer { return b.company("Run_GetList", "CompanyId", nmbrs.OudeMolenBV, "Year", 2026) }
	b.want(runs(), 200, "<RunInfo>")
	b.server.Faults().Set(nmbrs.FaultBlocked, -1)
	b.refused(runs(), 1003)
	b.refused(b.perYear(nmbrs.OudeMolenBV, b.latest(nmbrs.OudeMolenBV).ID), 1003)
	b.refused(b.company("List_GetByDebtor", "DebtorId", 902), 1003)
	b.want(b.company("Run_GetList", "CompanyId", nmbrs.DeHalm, "Year", 2026), 200, "<RunInfo>")
	b.want(b.company("List_GetAll"), 200, "Oude Molen")
	b.server.Faults().Set(nmbrs.FaultBlocked, 0)
	b.want(runs(), 200, "<RunInfo>")
}

func TestBadDays_OfJournals(t *testing.T) {
	b := start(t, nmbrs.Options{})
	run := b.latest(nmbrs.DeHalm)
	plain := b.text(b.perYear(nmbrs.DeHalm, run.ID))
	on := func(fault string) answer {
		t.Helper()
		if !b.server.Faults().Set(fault, 1) {
			t.Fatalf("no bad day %s", fault)
		}
		return b.perYear(nmbrs.DeHalm, run.ID)
	}
	a := on(nmbrs.FaultCDATA)
	if b.want(a, 200, "<![CDATA[<transactions>"); b.text(a) != plain {
		t.Errorf("CDATA changes the journal: %s", a.body)
	}
	if text := b.text(on(nmbrs.FaultUTF16)); text != `<?xml version="1.0" encoding="utf-16"?>`+"\n"+plain {
		t.Errorf("utf-16: %s", text)
	}
	if text := b.text(on(nmbrs.FaultEmpty)); text != "<transactions></transactions>" {
		t.Errorf("empty: %s", text)
	}
	if a := on(nmbrs.FaultAbsent); strings.Contains(a.body, "Result") || a.status != 200 {
		t.Errorf("absent: %+v", a)
	}
	if j := b.journal(on(nmbrs.FaultDateTime)); j.Transactions[0].Date != "2026-11-30T00:00:00" {
		t.Errorf("date: %+v", j)
	}
	if j := b.journal(on(nmbrs.FaultNoAccount)); j.Transactions[0].Lines[0].Dim1 != "" {
		t.Errorf("ledger account: %+v", j)
	}
	if text := b.text(on(nmbrs.FaultOffByCent)); text == plain || len(text) != len(plain) {
		t.Errorf("off by a cent: %s", text)
	}
	if text := b.text(b.perYear(nmbrs.DeHalm, run.ID)); text != plain {
		t.Errorf("a bad day left a trace: %s", text)
	}
}
