package office_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"time"

	"loonbrug/data/journal"
	"loonbrug/data/model"
	"loonbrug/data/secret"
	"loonbrug/data/store"
	"loonbrug/data/store/storetest"
	"loonbrug/integration/office"
	"loonbrug/integration/sender"
	"loonbrug/integration/source"
	"loonbrug/integration/target"
)

// books is an accounting system in memory: what it has, by key, and what it will
// not take.
type books struct {
	mu       sync.Mutex
	number   int
	have     []target.Booked
	refuse   map[string]bool // periods
	away     bool            // cannot be asked for a list
	approval model.Approval
}

func (b *books) Describe() target.Description { return target.Description{ID: "books", Name: "Books"} }

func (b *books) Connect(context.Context, target.Access, target.Browser) (target.Identity, error) {
	return target.Identity{Who: "me"}, nil
}

func (b *books) Administrations(context.Context, target.Access) ([]model.Administration, error) {
	return []model.Administration{{Code: "1"}}, nil
}

func (b *books) Reference(context.Context, target.Access, string) (*model.Reference, error) {
	return &model.Reference{FetchedAt: noon}, nil
}

func (b *books) Build(d target.Draft, _ *model.Reference) (model.Entry, []*model.Problem) {
	e := model.Entry{
		Target: "books", Administration: d.Mapping.Administration.Code, Key: d.Key, Reference: d.Run.Reference, Period: d.Part.Period,
		Date: journal.Date{Year: d.Part.Period.Year, Month: time.Month(d.Part.Period.Number), Day: 28}, Currency: "EUR", Description: d.Run.Reference + " " + d.Key,
	}
	for _, l := range d.Part.Lines() {
		line := model.EntryLine{LedgerAccount: l.LedgerAccount, Amount: l.Amount, Text: l.Text}
		if l.CostCentre != "" {
			line.Dimensions = []model.DimensionCode{{Dimension: "centre", Value: l.CostCentre, Code: l.CostCentre}}
		}
		e.Lines = append(e.Lines, line)
	}
	return e, nil
}

func (b *books) Prepare(_ context.Context, _ target.Access, d target.Delivery) (map[string]string, error) {
	return d.Evidence, nil
}

func (b *books) Post(_ context.Context, _ target.Access, d target.Delivery) target.Outcome {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.refuse[d.Entry.Period.String()] {
		return target.Outcome{Class: target.Rejected, Problem: model.NewProblem("books.refused")}
	}
	b.number++
	number := fmt.Sprint(b.number)
	b.have = append(b.have, target.Booked{
		Number: number, Key: d.Entry.Key, Lines: slices.Clone(d.Entry.Lines), Approval: b.approval, Evidence: map[string]string{"id": number},
	})
	return target.Outcome{Class: target.Accepted, Number: number, Evidence: map[string]string{"id": number}}
}

func (b *books) Find(_ context.Context, _ target.Access, d target.Delivery) ([]target.Booked, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	var found []target.Booked
	for _, h := range b.have {
		if h.Key == d.Entry.Key {
			found = append(found, h)
		}
	}
	return found, nil
}

func (b *books) ReadBack(_ context.Context, _ target.Access, d target.Delivery) (target.Booked, target.Outcome) {
	b.mu.Lock()
	defer b.mu.Unlock()
	i := slices.IndexFunc(b.have, func(h target.Booked) bool { return h.Number == d.Evidence["id"] })
	if i < 0 {
		return target.Booked{}, target.Outcome{Class: target.Accepted}
	}
	return b.have[i], target.Outcome{Class: target.Accepted, Number: b.have[i].Number}
}

func (b *books) Ours(context.Context, target.Access, string, journal.Date, journal.Date) ([]target.Booked, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.away {
		return nil, model.NewProblem("books.away").Again()
	}
	return slices.Clone(b.have), nil
}

// drafts are books whose bookings can be made invalid.
type drafts struct{ *books }

func (b drafts) Invalidate(_ context.Context, _ target.Access, d target.Delivery) target.Outcome {
	b.remove(d.Evidence["id"])
	return target.Outcome{Class: target.Accepted}
}

func (b *books) remove(number string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.have = slices.DeleteFunc(b.have, func(h target.Booked) bool { return h.Number == number })
}

// balance is what the books have on an account.
func (b *books) balance(account string) (sum journal.Amount) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, h := range b.have {
		for _, l := range h.Lines {
			if l.LedgerAccount == account {
				sum += l.Amount
			}
		}
	}
	return sum
}

// shop is an office with a real store and a real sender in front of such books.
type shop struct {
	*office.Office
	t       *testing.T
	store   *store.Store
	books   *books
	run     model.Run
	mapping model.Mapping
}

type files map[string]*journal.Journal

func (f files) ReadAll(_ context.Context, name string, _ io.Reader) (*source.File, error) {
	return &source.File{Name: name, Hash: name, Format: "test", Raw: []byte(name), Journal: f[name]}, nil
}

func (f files) ReadBare(ctx context.Context, name string, in io.Reader) (*source.File, error) {
	return f.ReadAll(ctx, name, in)
}

// wages is a journal of one period for each amount; no amount leaves the period
// out.
func wages(amounts ...journal.Amount) *journal.Journal {
	j := new(journal.Journal)
	for i, a := range amounts {
		if a == 0 {
			continue
		}
		j.Transactions = append(j.Transactions, journal.Transaction{
			Period: journal.Period{Year: 2026, Number: i + 1},
			Lines: []journal.Line{
				{LedgerAccount: "4000", CostCentre: "100", Amount: a, Text: "wages"}, {LedgerAccount: "1700", Amount: -a, Text: "tax"},
			},
		})
	}
	return j
}

func open(t *testing.T, b *books, tt target.Target, journals files) *shop {
	t.Helper()
	ctx := t.Context()
	s, err := storetest.Open(ctx, storetest.New(t), secret.NewSealer(secret.NewKey()))
	if err != nil {
		t.Fatal(err)
	}
	log := slog.New(slog.DiscardHandler)
	timing := sender.PracticeTiming()
	send, err := sender.New(s, target.Registry{tt}, sender.Options{Timing: timing, Log: log})
	if err != nil {
		t.Fatal(err)
	}
	h := &shop{t: t, store: s, books: b}
	h.Office = office.New(office.Options{
		Store: s, Targets: target.Registry{tt}, Files: journals, Mailbox: send, Open: noBrowser, Language: dutch,
		User: "anna", Log: log, Now: func() time.Time { return time.Date(2026, time.July, 1, 12, 0, 0, 0, time.UTC) },
	})
	c := model.Company{Source: "file", SourceID: "1", Number: "12", Name: "De Halm", Country: "NL", Currency: "EUR"}
	must(t, h.SaveCompany(ctx, &c))
	a := model.Account{Target: "books", Name: "B", State: model.AccountAuthorised}
	must(t, s.SaveAccount(ctx, &a))
	h.mapping = model.Mapping{CompanyID: c.ID, AccountID: a.ID, Target: "books", Administration: model.Administration{Code: "1"}}
	must(t, h.SaveMapping(ctx, &h.mapping))
	h.run, _, err = h.Import(ctx, c.ID, "first", nil)
	must(t, err)
	running, stop := context.WithCancel(context.WithoutCancel(ctx))
	ended := make(chan error, 1)
	go func() { ended <- send.Run(running) }()
	t.Cleanup(func() {
		stop()
		must(t, <-ended)
		must(t, s.Close())
	})
	return h
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wantCode(t *testing.T, err error, code string) {
	t.Helper()
	if p := model.ProblemOf(err); p == nil || p.Code != code {
		t.Errorf("problem %v, want %s", err, code)
	}
}

// rested waits until everything of the run has come to rest, and gives its logo.
func (h *shop) rested() model.RunTarget {
	h.t.Helper()
	changes, end := h.Subscribe()
	defer end()
	for {
		rows, err := h.Runs(h.t.Context(), model.RunFilter{})
		must(h.t, err)
		logo := rows[0].Targets[0]
		if !slices.ContainsFunc(logo.Deliveries, func(d model.Delivery) bool { return !d.State.Final() && !d.Person }) {
			return logo
		}
		select {
		case <-changes:
		case <-h.t.Context().Done():
			h.t.Fatal("not at rest")
		}
	}
}

func (h *shop) send() model.RunTarget {
	h.t.Helper()
	_, err := h.Send(h.t.Context(), h.run.ID, h.mapping.ID)
	must(h.t, err)
	return h.rested()
}

func states(rt model.RunTarget) (all []model.State) {
	for _, d := range rt.Deliveries {
		all = append(all, d.State)
	}
	return all
}

func (h *shop) wantStates(rt model.RunTarget, state model.State, each ...model.State) {
	h.t.Helper()
	if rt.State != state || !slices.Equal(states(rt), each) {
		h.t.Fatalf("%s %v, want %s %v", rt.State, states(rt), state, each)
	}
}

func period(n int) journal.Period { return journal.Period{Year: 2026, Number: n} }

const (
	booked, refused, marked, withdrawn = model.StateBooked, model.StateRefused, model.StateMarked, model.StateWithdrawn
)

// Of six periods some are booked and some are not: sending again sends only what
// is missing, and nothing of what is booked goes.
func TestSend_PartialSuccess(t *testing.T) {
	b := &books{refuse: map[string]bool{period(4).String(): true, period(6).String(): true}}
	h := open(t, b, b, files{"first": wages(100, 200, 300, 400, 500, 600)})
	rt := h.send()
	h.wantStates(rt, refused, booked, booked, booked, refused, booked, refused)
	if rt.Booked != 4 || rt.Periods != 6 || len(b.have) != 4 {
		t.Errorf("%d of %d, %d in the books", rt.Booked, rt.Periods, len(b.have))
	}
	b.refuse = nil
	rt = h.send()
	h.wantStates(rt, booked, booked, booked, booked, booked, booked, booked)
	if len(b.have) != 6 || b.balance("4000") != 2100 {
		t.Errorf("%d bookings, %s", len(b.have), b.balance("4000"))
	}
	r, err := h.Receipt(t.Context(), rt.Deliveries[0].ID)
	if err != nil || r.User != "anna" || r.Key != rt.Deliveries[0].Key || r.ReadHash != model.HashLines(b.have[0].Lines) {
		t.Errorf("receipt %+v, %v", r, err)
	}
}

// What was booked by hand is not sent, and can be sent once that is taken back.
// Both stand in the history with who and why.
func TestMarkByHand(t *testing.T) {
	b := &books{refuse: map[string]bool{period(1).String(): true}}
	h := open(t, b, b, files{"first": wages(100, 200, 300)})
	ctx := t.Context()
	_, err := h.MarkByHand(ctx, h.run.ID, h.mapping.ID, nil, " ")
	wantCode(t, err, "undo.no_reason")
	h.wantStates(h.send(), refused, refused, booked, booked)
	rt, err := h.MarkByHand(ctx, h.run.ID, h.mapping.ID, nil, "typed in on Monday")
	must(t, err)
	h.wantStates(rt, booked, marked, booked, booked)
	h.wantStates(h.send(), booked, marked, booked, booked)
	_, err = h.MarkByHand(ctx, h.run.ID, h.mapping.ID, nil, "again")
	wantCode(t, err, "undo.nothing_to_mark")
	wantCode(t, h.TakeBack(ctx, rt.Deliveries[1].ID, "x"), "delivery.too_late")

	id := rt.Deliveries[0].ID
	must(t, h.TakeBack(ctx, id, "it was another run"))
	b.refuse = nil
	attempts, err := h.Attempts(ctx, id)
	must(t, err)
	last := attempts[len(attempts)-2:]
	if last[0].Event != "marked" || last[0].By != "anna" || last[0].Reason != "typed in on Monday" || last[0].From != refused ||
		last[1].To != withdrawn || last[1].Reason != "it was another run" {
		t.Errorf("history %+v", last)
	}
	h.wantStates(h.send(), booked, booked, booked, booked)
	if len(b.have) != 3 || b.balance("4000") != 600 {
		t.Errorf("%d bookings, %s", len(b.have), b.balance("4000"))
	}
}

// One period of a run that was never sent, and then all of it.
func TestMarkByHand_BeforeSending(t *testing.T) {
	b := &books{}
	h := open(t, b, b, files{"first": wages(100, 200)})
	rt, err := h.MarkByHand(t.Context(), h.run.ID, h.mapping.ID, []journal.Period{period(2)}, "by hand")
	must(t, err)
	h.wantStates(rt, model.StatePartial, marked)
	rt, err = h.MarkByHand(t.Context(), h.run.ID, h.mapping.ID, nil, "by hand")
	must(t, err)
	h.wantStates(rt, marked, marked, marked)
	if len(b.have) != 0 {
		t.Error("something was sent")
	}
}

// A reversal has the same lines with turned signs, is linked to what it
// reverses, and lets the period be sent anew.
func TestReverse(t *testing.T) {
	b := &books{}
	h := open(t, b, b, files{"first": wages(100, 200)})
	first := h.send().Deliveries[0]
	_, err := h.Reverse(t.Context(), h.run.ID, h.mapping.ID, period(1), "wrong company")
	must(t, err)
	rt := h.rested()
	h.wantStates(rt, model.StatePartial, booked, booked)
	if rt.Booked != 1 || b.balance("4000") != 200 || len(b.have) != 3 {
		t.Errorf("%d done, %s in %d bookings", rt.Booked, b.balance("4000"), len(b.have))
	}
	reversal := rt.Deliveries[0]
	if reversal.Kind != model.KindReversal || reversal.Corrects != first.ID || reversal.Key == first.Key || len(rt.Earlier) != 1 || rt.Earlier[0].ID != first.ID {
		t.Errorf("reversal %+v, earlier %+v", reversal, rt.Earlier)
	}
	sent, err := h.Entry(t.Context(), first.ID)
	must(t, err)
	turned, err := h.Entry(t.Context(), reversal.ID)
	must(t, err)
	for i, l := range turned.Lines {
		if want := sent.Lines[i]; l.Amount != -want.Amount || l.LedgerAccount != want.LedgerAccount || len(l.Dimensions) != len(want.Dimensions) {
			t.Errorf("line %+v, was %+v", l, want)
		}
	}
	if turned.Date != sent.Date || turned.Period != sent.Period || turned.Description != h.run.Reference+" "+reversal.Key {
		t.Errorf("reversal %+v", turned)
	}
	_, err = h.Reverse(t.Context(), h.run.ID, h.mapping.ID, period(1), "twice")
	wantCode(t, err, "undo.not_reversible")
	rt = h.send()
	h.wantStates(rt, booked, booked, booked)
	if rt.Deliveries[0].Corrects != reversal.ID || b.balance("4000") != 300 {
		t.Errorf("%+v, %s", rt.Deliveries[0], b.balance("4000"))
	}
}

// A refused reversal leaves the booking, and is sent again as it was.
func TestReverse_Refused(t *testing.T) {
	b := &books{}
	h := open(t, b, b, files{"first": wages(100)})
	h.send()
	b.refuse = map[string]bool{period(1).String(): true}
	_, err := h.Reverse(t.Context(), h.run.ID, h.mapping.ID, period(1), "wrong")
	must(t, err)
	h.wantStates(h.rested(), refused, refused)
	b.refuse = nil
	rt := h.send()
	h.wantStates(rt, model.StateReady, booked)
	if b.balance("4000") != 0 || len(b.have) != 2 {
		t.Errorf("%s in %d bookings", b.balance("4000"), len(b.have))
	}
}

// Where a draft can be made invalid, that is done instead; what was approved is
// reversed there too.
func TestReverse_Invalidates(t *testing.T) {
	b := &books{approval: model.ApprovalWaiting}
	h := open(t, b, drafts{b}, files{"first": wages(100)})
	first := h.send().Deliveries[0]
	rt, err := h.Reverse(t.Context(), h.run.ID, h.mapping.ID, period(1), "wrong")
	must(t, err)
	h.wantStates(rt, model.StateReady, withdrawn)
	if len(b.have) != 0 {
		t.Errorf("in the books: %+v", b.have)
	}
	b.approval = model.ApprovalGiven
	rt = h.send()
	h.wantStates(rt, booked, booked)
	if again := rt.Deliveries[0]; again.Key == first.Key || again.Corrects != first.ID || again.Revision != 2 {
		t.Errorf("sent again as %+v", again)
	}
	_, err = h.Reverse(t.Context(), h.run.ID, h.mapping.ID, period(1), "wrong")
	must(t, err)
	if h.rested(); len(b.have) != 2 || b.balance("4000") != 0 {
		t.Errorf("in the books: %+v", b.have)
	}
}

// What is no longer at the target is sent as a new revision, but not while it is
// still there.
func TestSendAnew(t *testing.T) {
	b := &books{}
	h := open(t, b, b, files{"first": wages(100)})
	first := h.send().Deliveries[0]
	wantCode(t, h.SendAnew(t.Context(), first.ID, "deleted"), "delivery.still_there")
	wantCode(t, h.SendAnew(t.Context(), first.ID, ""), "undo.no_reason")
	b.remove(first.Number)
	must(t, h.SendAnew(t.Context(), first.ID, "deleted"))
	rt := h.rested()
	h.wantStates(rt, booked, booked)
	if again := rt.Deliveries[0]; again.Key == first.Key || again.Corrects != first.ID || len(b.have) != 1 || len(rt.Earlier) != 1 {
		t.Errorf("sent again as %+v, %d bookings", again, len(b.have))
	}
}
