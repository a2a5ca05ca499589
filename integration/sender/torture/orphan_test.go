package torture_test

import (
	"context"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"loonbrug/data/journal"
	"loonbrug/data/model"
	"loonbrug/data/store"
	"loonbrug/data/store/storetest"
	"loonbrug/integration/httpx"
	"loonbrug/integration/practice/books"
	practice "loonbrug/integration/practice/procountor"
	"loonbrug/integration/procountor"
	"loonbrug/integration/sender"
	"loonbrug/integration/target"
)

// drafted is one delivery to the practice Procountor, over HTTP and with a real
// database.
type drafted struct {
	t      *testing.T
	store  *store.Store
	target *procountor.Target
	access target.Access
	entry  model.Entry
	id     int64
	ahead  atomic.Int64 // by how much the sender's clock is set forward
}

func newDrafted(t *testing.T) (*drafted, *practice.Server) {
	t.Helper()
	ledger, err := practice.New(practice.Options{})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(ledger.Handler())
	t.Cleanup(server.Close)
	d := &drafted{t: t, target: procountor.New(procountor.Config{
		Address: server.URL + practice.BasePath,
		HTTP:    httpx.New(httpx.Options{Timeout: 20 * time.Second, LoopbackOnly: true}),
	})}
	ctx := t.Context()
	d.store, err = storetest.Open(ctx, storetest.New(t), sealer())
	d.must(err)
	t.Cleanup(func() { d.must(d.store.Close()) })
	company := model.Company{Source: "file", SourceID: "1", Number: "1", Name: "C", Country: "NL", Currency: "EUR"}
	d.must(d.store.SaveCompany(ctx, &company))
	account := model.Account{
		Target: procountor.ID, Name: "P", State: model.AccountAuthorised,
		Settings: map[string]string{"way": "api_key", "client_id": "practice-procountor"},
	}
	d.must(d.store.SaveAccount(ctx, &account))
	d.must(d.store.SaveCredentials(ctx, account.ID, model.Credentials{"client_secret": "practice-secret", "api_key": "practice-key-103"}))
	d.access = target.Access{Account: account, Vault: d.store}
	r, _, err := d.store.AddRun(ctx, model.Run{CompanyID: company.ID, SourceID: "r", Year: 2026, RunAt: epoch},
		model.Snapshot{Hash: "h", Content: "c", Journal: &journal.Journal{}, TakenAt: epoch}, func(model.Run) string { return "R12-2026-03" })
	d.must(err)
	period := journal.Period{Year: 2026, Number: 3}
	d.entry = model.Entry{
		Target: procountor.ID, Administration: "103", Key: "LBABCDEFGHAA", Currency: "EUR", Period: period,
		Description: "R12 LBABCDEFGHAA 2026-03 Salarissen", Date: journal.Date{Year: 2026, Month: time.March, Day: 31},
		Extra: map[string]string{"vat_processing": "NETHERLANDS"},
		Lines: []model.EntryLine{{LedgerAccount: "4000", Amount: 123456, Text: "Bruto lonen"}, {LedgerAccount: "1700", Amount: -123456, Text: "Af te dragen"}},
	}
	items := []model.Queued{{Entry: d.entry, Delivery: model.Delivery{
		RunID: r.ID, CompanyID: company.ID, AccountID: account.ID, Target: procountor.ID, Administration: "103", Period: period,
		Revision: 1, Key: d.entry.Key, Reference: r.Reference, State: model.StateQueued, Approval: model.ApprovalNone,
		EntryHash: "h", CreatedAt: time.Now(), UpdatedAt: time.Now(),
	}}}
	d.must(d.store.Queue(ctx, items))
	d.id = items[0].Delivery.ID
	return d, ledger
}

func (d *drafted) must(err error) {
	d.t.Helper()
	if err != nil {
		d.t.Fatal(err)
	}
}

// until runs a sender, with its clock set forward, until the delivery is as wanted.
func (d *drafted) until(ahead time.Duration, wanted func(model.Delivery) bool) model.Delivery {
	d.t.Helper()
	d.ahead.Add(int64(ahead))
	timing := sender.Timing{Lease: 8 * time.Second, Deadline: 2 * time.Second, Request: 5 * time.Second, Settle: 10 * time.Millisecond, Sweep: time.Minute}
	s, err := sender.New(d.store, target.Registry{d.target}, sender.Options{
		Timing: timing, Now: func() time.Time { return time.Now().Add(time.Duration(d.ahead.Load())) }, Log: quiet(),
	})
	d.must(err)
	changes, end := s.Subscribe()
	defer end()
	ctx, stop := context.WithCancel(d.t.Context())
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx) }()
	defer func() {
		stop()
		d.must(<-ended)
	}()
	for {
		select {
		case <-changes:
		case err := <-ended:
			d.t.Fatal("the sender ended", err)
		}
		now, err := d.store.Delivery(d.t.Context(), d.id)
		d.must(err)
		if wanted(now) {
			return now
		}
	}
}

// late is a sending that arrives after the sender gave it up.
func (d *drafted) late() target.Delivery {
	d.t.Helper()
	o := d.target.Post(d.t.Context(), d.access, target.Delivery{Entry: d.entry})
	if o.Class != target.Accepted {
		d.t.Fatalf("late sending: %+v", o)
	}
	return target.Delivery{Entry: d.entry, Evidence: o.Evidence}
}

// told are the numbers in the history of an event.
func (d *drafted) told(event sender.Event) (all []string) {
	history, err := d.store.Attempts(d.t.Context(), d.id)
	d.must(err)
	for _, a := range history {
		if a.Event == string(event) {
			all = append(all, a.Detail)
		}
	}
	return all
}

// TestOrphan has a sending arrive at Procountor after it was made again: the draft
// too many is made invalid by the next look, which a later program does, and both
// numbers stand in the history. One that somebody approved meanwhile stays, and
// says so.
func TestOrphan(t *testing.T) {
	d, ledger := newDrafted(t)
	if !ledger.Faults().SetBookings(books.FaultDropBefore, 1) {
		t.Fatal("no such fault")
	}
	booked := d.until(0, func(m model.Delivery) bool { return m.State == model.StateBooked })
	if booked.Sends != 2 || booked.SweepAt.IsZero() {
		t.Fatalf("sent %d times, looked through at %s", booked.Sends, booked.SweepAt)
	}
	orphan := d.late()
	swept := d.until(time.Minute, func(m model.Delivery) bool { return m.Sweeps > booked.Sweeps && m.LeaseUntil.IsZero() })
	found, err := d.target.Find(t.Context(), d.access, orphan)
	d.must(err)
	if len(found) != 1 || found[0].Number != booked.Number || swept.Problem != nil || swept.State != model.StateBooked {
		t.Fatalf("left %+v; %s, %v", found, swept.State, swept.Problem)
	}
	for _, event := range []sender.Event{sender.EventOrphan, sender.EventDiscarded} {
		if told := d.told(event); len(told) != 1 || !strings.HasPrefix(told[0], booked.Number+" / ") || len(told[0]) <= len(booked.Number)+3 {
			t.Errorf("%s: %q", event, told)
		}
	}

	approved := d.late()
	if o := d.target.Approve(t.Context(), d.access, approved); o.Class != target.Accepted {
		t.Fatalf("approve: %+v", o)
	}
	shown := d.until(4*time.Minute, func(m model.Delivery) bool { return m.Sweeps > swept.Sweeps && m.LeaseUntil.IsZero() })
	found, err = d.target.Find(t.Context(), d.access, approved)
	d.must(err)
	i := slices.IndexFunc(found, func(b target.Booked) bool { return b.Approval == model.ApprovalGiven })
	if len(found) != 2 || i < 0 || shown.Problem == nil || shown.Problem.Code != "delivery.orphan" ||
		shown.Problem.Params["numbers"] != found[i].Number || shown.Problem.Params["number"] != booked.Number {
		t.Errorf("left %+v; %v", found, shown.Problem)
	}
}
