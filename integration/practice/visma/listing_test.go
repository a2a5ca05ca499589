package visma_test

import (
	"fmt"
	"net/http"
	"net/url"
	"testing"
	"time"

	"loonbrug/integration/practice/visma"
)

func (b *bench) list(query string) []batch {
	b.Helper()
	r := b.get("/v2/journaltransaction?" + query)
	if r.status != http.StatusOK {
		b.Fatalf("list %s: %d %s", query, r.status, r.body)
	}
	return into[[]batch](b, r)
}

func TestList_NeedsPeriodOrTime(t *testing.T) {
	b := open(t)
	for _, query := range []string{"", "?module=GL", "?periodid=", "?periodId=2026-03", "?lastModifiedDateTime=31-03-2026", "?periodId=202603&pageNumber=one"} {
		if r := b.get("/v2/journaltransaction" + query); r.status != http.StatusBadRequest {
			t.Errorf("%q: %d %s", query, r.status, r.body)
		}
	}
	if got := b.list("periodId=202603"); len(got) != 0 {
		t.Errorf("nothing is booked, and yet: %+v", got)
	}
}

func TestList_Filters(t *testing.T) {
	b := open(t)
	b.book("eerste")
	b.clock.Add(time.Hour)
	second := b.book("tweede").number()
	for query, want := range map[string]int{
		"periodId=202603":                                                2,
		"periodId=202604":                                                0,
		"periodId=202603&module=GL":                                      2,
		"periodId=202603&module=AP":                                      0,
		"periodId=202603&status=Hold":                                    2,
		"periodId=202603&status=Unreleased":                              2,
		"periodId=202603&status=Posted":                                  0,
		"periodId=202603&branch=1":                                       2,
		"periodId=202603&branch=2":                                       0,
		"periodId=202603&descripton=tweede":                              2, // unknown parameters are ignored
		"lastModifiedDateTime=2026-04-02":                                2,
		"lastModifiedDateTime=" + url.QueryEscape("2026-04-02 10:00:00"): 1,
		"lastModifiedDateTime=2026-04-02T10:00:00.000":                   1,
		"lastModifiedDateTime=2026-04-02T10:00:00.001":                   0,
	} {
		if got := b.list(query); len(got) != want {
			t.Errorf("%s: %d batches, want %d", query, len(got), want)
		}
	}
	if err := b.server.Void(visma.DeHalm, second); err != nil {
		t.Fatal(err)
	}
	if got := b.list("periodId=202603&status=Voided"); len(got) != 1 || got[0].BatchNumber != second {
		t.Errorf("voided: %+v", got)
	}
	if err := b.server.Remove(visma.DeHalm, second); err != nil {
		t.Fatal(err)
	}
	if r := b.get("/v2/journaltransaction/" + second); r.status != http.StatusNotFound {
		t.Errorf("removed: %d", r.status)
	}
}

// everyPage reads a listing to its empty page.
func (b *bench) everyPage(query string) (pages [][]batch) {
	b.Helper()
	for n := 1; n < 50; n++ {
		page := b.list(fmt.Sprintf("%s&pageNumber=%d", query, n))
		if len(page) == 0 {
			return pages
		}
		pages = append(pages, page)
	}
	b.Fatal("the listing does not end")
	return nil
}

func TestList_PagesCountLinesAndSplitBatches(t *testing.T) {
	for name, size := range map[string]string{"asked for": "&pageSize=3", "by fault": "&pageSize=500"} {
		b := open(t)
		for range 4 {
			b.book("Lonen") // two lines each
		}
		b.server.Faults().Set(visma.FaultSplitPages, 1)
		pages := b.everyPage("periodId=202603" + size)
		lines := map[string]int{}
		for _, page := range pages {
			n := 0
			for _, part := range page {
				n += len(part.JournalTransactionLines)
				lines[part.BatchNumber] += len(part.JournalTransactionLines)
				if part.Metadata.TotalCount != 8 || part.Description != "Lonen" || part.DebitTotalInCurrency != 12345.67 {
					t.Errorf("%s: part of a batch: %+v", name, part)
				}
			}
			if n > 3 {
				t.Errorf("%s: page of %d lines", name, n)
			}
		}
		if len(pages) != 3 || len(lines) != 4 || lines["GL000124"] != 2 {
			t.Errorf("%s: %d pages, lines %v", name, len(pages), lines)
		}
		if first, second := pages[0], pages[1]; first[len(first)-1].BatchNumber != second[0].BatchNumber {
			t.Errorf("%s: no batch is split over the first two pages", name)
		}
	}
}

func TestList_LargePagesAreCutSilently(t *testing.T) {
	b := start(t, func(o *visma.Options) { o.MaxPageSize = 4 })
	b.token = b.refreshed(b.authorized(visma.Bookkeeper, visma.DeHalm)).Access
	for range 3 {
		b.book("Lonen")
	}
	if got := b.list("periodId=202603&pageSize=1000"); len(got) != 2 || got[0].Metadata.MaxPageSize != 4 || got[0].Metadata.TotalCount != 6 {
		t.Errorf("first page: %+v", got)
	}
}
