package procountor_test

import (
	"net/http"
	"testing"
	"time"

	"loonbrug/data/journal"
	"loonbrug/data/model"
	"loonbrug/integration/target"
)

// Everything that was sent is listed under its key, and what was made invalid
// is not.
func TestPractice_OursAndInvalidate(t *testing.T) {
	c, books := office(t)
	a, ctx := access("practice-key-103"), t.Context()
	ref, err := c.Reference(ctx, a, "103")
	if err != nil {
		t.Fatal(err)
	}
	sent := make(map[string]target.Delivery)
	for _, part := range journal.Split(sample(t)) {
		entry, _ := c.Build(draft(part), ref)
		d := target.Delivery{Entry: entry}
		o := c.Post(ctx, a, d)
		if o.Class != target.Accepted {
			t.Fatalf("post: %+v", o)
		}
		d.Evidence = o.Evidence
		sent[entry.Key] = d
	}
	from, to := journal.Date{Year: 2026, Month: time.January, Day: 1}, journal.Date{Year: 2026, Month: time.March, Day: 31}
	ours, err := c.Ours(ctx, a, "103", from, to)
	if err != nil || len(ours) != len(sent) {
		t.Fatalf("%d of %d listed: %v", len(ours), len(sent), err)
	}
	for _, b := range ours {
		if !target.Same(sent[b.Key].Entry.Lines, b.Lines) || b.Number == "" || b.Evidence["id"] == "" {
			t.Errorf("%s: %+v", b.Key, b)
		}
	}
	d := sent[ours[0].Key]
	for range 2 { // the second time it is invalid already
		o := c.Invalidate(ctx, a, d)
		booked, read := c.ReadBack(ctx, a, d)
		if read.Class != target.Accepted || len(booked.Lines) != 0 {
			t.Fatalf("invalidate: %+v, then %+v", o, booked)
		}
	}
	if left, err := c.Ours(ctx, a, "103", from, to); err != nil || len(left) != len(sent)-1 {
		t.Errorf("after one was made invalid: %+v, %v", left, err)
	}
	if n := len(books.Journals()); n != len(sent) {
		t.Errorf("%d journals stand in the books", n)
	}
}

// What is approved can no longer be made invalid, and says so.
func TestPractice_InvalidateApproved(t *testing.T) {
	c, _ := office(t)
	a, ctx := access("practice-key-103"), t.Context()
	ref, err := c.Reference(ctx, a, "103")
	if err != nil {
		t.Fatal(err)
	}
	entry, _ := c.Build(draft(journal.Split(sample(t))[0]), ref)
	d := target.Delivery{Entry: entry}
	d.Evidence = c.Post(ctx, a, d).Evidence
	if o := c.Approve(ctx, a, d); o.Class != target.Accepted {
		t.Fatalf("approve: %+v", o)
	}
	if o := c.Invalidate(ctx, a, d); o.Class == target.Accepted || o.Problem == nil {
		t.Errorf("invalidate: %+v", o)
	}
	if b, _ := c.ReadBack(ctx, a, d); b.Approval != model.ApprovalGiven || len(b.Lines) == 0 {
		t.Errorf("booked: %+v", b)
	}
}

// A refusal of a receipt that still waits is final, and a key that is refused
// is none.
func TestInvalidate_Refused(t *testing.T) {
	_, c := start(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPut {
			say(w, http.StatusForbidden, `{"errors":[{"status":403,"field":"","message":"PERIOD_CLOSED"}]}`)
			return
		}
		say(w, http.StatusOK, `{"id":7,"status":"UNFINISHED","transactions":[]}`)
	})
	d := small()
	d.Evidence = map[string]string{"id": "7"}
	if o := c.Invalidate(t.Context(), access("k"), d); o.Class != target.Rejected || code(o.Problem) != "procountor.invalidation_refused" {
		t.Errorf("%+v", o)
	}
	d.Evidence = nil
	if o := c.Invalidate(t.Context(), access("k"), d); o.Class != target.NotSent {
		t.Errorf("without an id: %+v", o)
	}
}
