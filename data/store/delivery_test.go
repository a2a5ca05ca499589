package store_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"loonbrug/data/model"
)

func TestQueue(t *testing.T) {
	b := setup(t)
	ctx := t.Context()
	r := b.addRun()
	items := []model.Queued{b.item(r, 1), b.item(r, 2), b.item(r, 3)}
	if err := b.Queue(ctx, items); err != nil {
		t.Fatal(err)
	}
	var want []model.Delivery
	for _, item := range items {
		same(t, b.delivery(item.Delivery.ID), item.Delivery)
		same(t, must[model.Entry](t)(b.Entry(ctx, item.Delivery.ID)), item.Entry)
		want = append(want, item.Delivery)
	}
	other := b.queue()
	same(t, must[[]model.Delivery](t)(b.Deliveries(ctx, r.ID)), want)
	same(t, must[[]model.Delivery](t)(b.Deliveries(ctx, other.RunID, r.ID)), append(want, other))
	same(t, must[[]model.Delivery](t)(b.Deliveries(ctx)), []model.Delivery(nil))
	same(t, must[[]model.Attempt](t)(b.Attempts(ctx, other.ID)), []model.Attempt(nil))
	_, err := b.Delivery(ctx, 99)
	wantNotFound(t, err)
	_, err = b.Entry(ctx, 99)
	wantNotFound(t, err)
	_, err = b.Receipt(ctx, other.ID)
	wantNotFound(t, err)
}

func TestQueue_DueSinceCreated(t *testing.T) {
	b := setup(t)
	item := b.item(b.addRun(), 1)
	item.Delivery.NotBefore = time.Time{}
	items := []model.Queued{item}
	if err := b.Queue(t.Context(), items); err != nil {
		t.Fatal(err)
	}
	if got := b.delivery(items[0].Delivery.ID).NotBefore; !got.Equal(noon) {
		t.Errorf("due since %v", got)
	}
}

func TestDeliveries_ManyRuns(t *testing.T) {
	b := setup(t)
	d := b.queue()
	ids := make([]int64, 1200)
	for i := range ids {
		ids[i] = int64(1000 + i)
	}
	ids[1100] = d.RunID
	same(t, must[[]model.Delivery](t)(b.Deliveries(t.Context(), ids...)), []model.Delivery{d})
}

func TestQueue_NothingTwice(t *testing.T) {
	b := setup(t)
	ctx := t.Context()
	r := b.addRun()
	first := []model.Queued{b.item(r, 1)}
	if err := b.Queue(ctx, first); err != nil {
		t.Fatal(err)
	}
	held := b.delivery(first[0].Delivery.ID)

	// All or none: the second of these is refused, so the first is not there.
	both := []model.Queued{b.item(r, 2), b.item(r, 1)}
	wantProblem(t, b.Queue(ctx, both), "delivery.exists", "target", "administration", "period", "key")
	if n := len(must[[]model.Delivery](t)(b.Deliveries(ctx, r.ID))); n != 1 || both[0].Delivery.ID != 0 {
		t.Errorf("%d deliveries, id %d", n, both[0].Delivery.ID)
	}
	sameKey := b.item(r, 2)
	sameKey.Delivery.Key = held.Key
	wantProblem(t, b.Queue(ctx, []model.Queued{sameKey}), "delivery.key_taken")
	again := first
	wantProblem(t, b.Queue(ctx, again), "delivery.exists")

	for _, state := range []model.State{
		model.StateChecking, model.StateSending, model.StateUnknown, model.StateAccepted,
		model.StateBooked, model.StateMarked, model.StateNothingToBook,
	} {
		to := held
		to.State = state
		b.apply(held, to)
		held = to
		wantProblem(t, b.Queue(ctx, []model.Queued{b.item(r, 1)}), "delivery.exists")
	}
	for _, state := range []model.State{model.StateRefused, model.StateWithdrawn} {
		to := held
		to.State = state
		b.apply(held, to)
		next := []model.Queued{b.item(r, 1)}
		if err := b.Queue(ctx, next); err != nil {
			t.Fatalf("after %s: %v", state, err)
		}
		// The old one cannot come back to life beside the new one.
		back := to
		back.State = model.StateQueued
		wantProblem(t, b.Apply(ctx, to, back, model.Attempt{}, nil), "delivery.exists")
		held = b.delivery(next[0].Delivery.ID)
	}
}

func TestQueue_TakesThePlace(t *testing.T) {
	refused := func(b *bundle, sends int) model.Delivery {
		d := b.queue()
		if err := b.Exec(`UPDATE delivery SET fence = 4 WHERE id = $1`, d.ID); err != nil {
			b.t.Fatal(err)
		}
		d.Fence = 4
		to := d
		to.State, to.Sends, to.SentAt = model.StateRefused, sends, noon
		b.apply(d, to)
		return to
	}
	again := func(d model.Delivery) model.Queued {
		item := model.Queued{Delivery: d, Entry: model.Entry{Key: d.Key, Description: "again"}}
		item.Delivery.State, item.Delivery.Problem, item.Delivery.Evidence = model.StateQueued, nil, map[string]string{"document": "8"}
		item.Delivery.Sends, item.Delivery.SentAt, item.Delivery.Fence = 0, time.Time{}, 0
		return item
	}
	t.Run("NeverSent", func(t *testing.T) {
		b := setup(t)
		d := refused(b, 0)
		item := again(d)
		item.Delivery.EntryHash, item.Delivery.CreatedAt = "another", noon.Add(time.Hour)
		if err := b.Queue(t.Context(), []model.Queued{item}); err != nil {
			t.Fatal(err)
		}
		want := item.Delivery
		want.Fence, want.CreatedAt = 5, noon
		same(t, b.delivery(d.ID), want)
		same(t, must[model.Entry](t)(b.Entry(t.Context(), d.ID)), item.Entry)
		// A sender that is still at work on the old one can write nothing.
		if err := b.Apply(t.Context(), d, d, model.Attempt{}, nil); !errors.Is(err, model.ErrLeaseLost) {
			t.Errorf("got %v", err)
		}
	})
	t.Run("SentSameEntry", func(t *testing.T) {
		b := setup(t)
		d := refused(b, 2)
		if err := b.Queue(t.Context(), []model.Queued{again(d)}); err != nil {
			t.Fatal(err)
		}
		got := b.delivery(d.ID)
		if got.Sends != 2 || !got.SentAt.Equal(noon) || got.Evidence["document"] != "7" {
			t.Errorf("what was sent is forgotten: %+v", got)
		}
	})
	t.Run("SentAnotherEntry", func(t *testing.T) {
		b := setup(t)
		d := refused(b, 1)
		item := again(d)
		item.Delivery.EntryHash = "another"
		wantProblem(t, b.Queue(t.Context(), []model.Queued{item}), "delivery.entry_changed")
		same(t, b.delivery(d.ID), d)
	})
	t.Run("AnotherBooking", func(t *testing.T) {
		b := setup(t)
		item := again(refused(b, 0))
		item.Delivery.Administration = "trns"
		if err := b.Queue(t.Context(), []model.Queued{item}); err == nil {
			t.Error("a delivery moved to another administration")
		}
	})
	t.Run("NotThere", func(t *testing.T) {
		b := setup(t)
		item := b.item(b.addRun(), 1)
		item.Delivery.ID = 99
		wantNotFound(t, b.Queue(t.Context(), []model.Queued{item}))
	})
}

func TestApply(t *testing.T) {
	b := setup(t)
	ctx := t.Context()
	queued := b.queue()
	d, ok := b.claim(noon)
	if !ok || d.ID != queued.ID || d.Fence != 1 || !d.LeaseUntil.Equal(noon.Add(time.Minute)) {
		t.Fatalf("claimed %+v", d)
	}
	sending := d
	sending.State, sending.SentAt, sending.Sends, sending.Misses = model.StateSending, noon, 1, 3
	sending.Evidence, sending.Problem, sending.UpdatedAt = map[string]string{"document": "9"}, nil, noon.Add(time.Second)
	if err := b.Apply(ctx, d, sending, model.Attempt{DeliveryID: 7, Number: 9, At: noon, Event: "intent", Detail: "first"}, nil); err != nil {
		t.Fatal(err)
	}
	same(t, b.delivery(d.ID), sending)

	booked := sending
	booked.State, booked.Approval, booked.Number = model.StateBooked, model.ApprovalWaiting, "M-12"
	booked.Person, booked.LeaseUntil, booked.NotBefore = true, time.Time{}, noon.Add(time.Hour)
	p := model.NewProblem("x.y", "a", "b")
	receipt := model.Receipt{
		DeliveryID: 55, Number: "M-12", BookedAt: noon, Approval: model.ApprovalWaiting, Lines: 2,
		Debit: 7777_31, Credit: 7777_31, EntryHash: "h", Extra: map[string]string{"status": "hold"},
	}
	if err := b.Apply(ctx, sending, booked, model.Attempt{At: noon.Add(time.Minute), Event: "proof", Problem: p}, &receipt); err != nil {
		t.Fatal(err)
	}
	same(t, b.delivery(d.ID), booked)
	receipt.DeliveryID = d.ID
	same(t, must[model.Receipt](t)(b.Receipt(ctx, d.ID)), receipt)
	same(t, must[[]model.Attempt](t)(b.Attempts(ctx, d.ID)), []model.Attempt{
		{DeliveryID: d.ID, Number: 1, At: noon, Fence: 1, From: model.StateQueued, To: model.StateSending, Event: "intent", Detail: "first"},
		{DeliveryID: d.ID, Number: 2, At: noon.Add(time.Minute), Fence: 1, From: model.StateSending, To: model.StateBooked, Event: "proof", Problem: p},
	})
}

func TestApply_IdentityNeverChanges(t *testing.T) {
	b := setup(t)
	d := b.queue()
	to := d
	to.ID, to.RunID, to.Key, to.EntryHash, to.Administration, to.Reference = 99, 99, "other", "other", "other", "other"
	to.Revision, to.CreatedAt, to.State = 9, time.Time{}, model.StateChecking
	b.apply(d, to)
	want := d
	want.State = model.StateChecking
	same(t, b.delivery(d.ID), want)
}

func TestApply_Stale(t *testing.T) {
	b := setup(t)
	ctx := t.Context()
	queued := b.queue()
	d, _ := b.claim(noon)
	to := d
	to.State, to.Number = model.StateBooked, "wrong"
	for name, from := range map[string]func(*model.Delivery){
		"Fence": func(d *model.Delivery) { d.Fence-- },
		"State": func(d *model.Delivery) { d.State = model.StateSending },
		"ID":    func(d *model.Delivery) { d.ID = 99 },
	} {
		stale := d
		from(&stale)
		to := to
		to.Fence = stale.Fence
		err := b.Apply(ctx, stale, to, model.Attempt{Event: "stale"}, &model.Receipt{Number: "wrong"})
		if !errors.Is(err, model.ErrLeaseLost) {
			t.Errorf("%s: got %v", name, err)
		}
	}
	falling := to
	falling.Fence = 0
	if err := b.Apply(ctx, d, falling, model.Attempt{}, nil); err == nil {
		t.Error("the fence fell")
	}
	same(t, b.delivery(d.ID), d)
	same(t, must[[]model.Attempt](t)(b.Attempts(ctx, queued.ID)), []model.Attempt(nil))
	_, err := b.Receipt(ctx, d.ID)
	wantNotFound(t, err)
}

// TestTwoPrograms lets two programs with the same file claim, apply and read at
// once: nobody gets what another holds, and readers wait for nobody.
func TestTwoPrograms(t *testing.T) {
	b := setup(t)
	ctx := t.Context()
	const many = 30
	for i := range many {
		if i%10 == 0 {
			b.account = b.addAccount(fmt.Sprint("account ", i))
		}
		b.queue()
	}
	var mu sync.Mutex
	var wg sync.WaitGroup
	sent := make(map[int64]int)
	for range 2 {
		s := b.open()
		wg.Go(func() {
			now := noon
			for range 100_000 { // ends long before, unless something waits for ever
				d, ok, err := s.Claim(ctx, model.Claim{Now: now, Lease: time.Minute})
				if err != nil {
					t.Error(err)
					return
				}
				if !ok {
					_, waiting, err := s.NextDue(ctx)
					if err != nil {
						t.Error(err)
					}
					if !waiting || err != nil {
						return
					}
					continue
				}
				mu.Lock()
				sent[d.ID]++
				mu.Unlock()
				to := d
				to.State, to.LeaseUntil = model.StateBooked, time.Time{}
				if err := s.Apply(ctx, d, to, model.Attempt{At: now, Event: "done"}, nil); err != nil {
					t.Error(err)
				}
				if got, err := s.Delivery(ctx, d.ID); err != nil || got.State != model.StateBooked {
					t.Errorf("a write cannot be read back: %v %v", got.State, err)
				}
			}
		})
	}
	wg.Wait()
	if len(sent) != many {
		t.Errorf("%d of %d were claimed", len(sent), many)
	}
	for id, n := range sent {
		if n != 1 {
			t.Errorf("delivery %d was claimed %d times", id, n)
		}
	}
}

// TestTwoPrograms_ReadThenWrite: a transaction that looks before it writes is
// not thrown out because the other program wrote in between.
func TestTwoPrograms_ReadThenWrite(t *testing.T) {
	b := setup(t)
	var wg sync.WaitGroup
	for program := range 2 {
		s := b.open()
		wg.Go(func() {
			for i := range 40 {
				_, added, err := s.AddRun(t.Context(), model.Run{
					CompanyID: b.company.ID, Year: 2026, SourceID: fmt.Sprint(program, " ", i),
				}, model.Snapshot{}, reference)
				if err != nil || !added {
					t.Errorf("program %d, run %d: added %t: %v", program, i, added, err)
				}
			}
		})
	}
	wg.Wait()
	seen := make(map[int]bool)
	for _, r := range must[[]model.Run](t)(b.Runs(t.Context(), model.RunFilter{})) {
		if seen[r.Number] {
			t.Errorf("two runs have number %d", r.Number)
		}
		seen[r.Number] = true
	}
	if len(seen) != 80 {
		t.Errorf("%d runs", len(seen))
	}
}

// TestWriteWhileReading: a reader in the middle of its rows holds no writer up,
// in this program or in another.
func TestWriteWhileReading(t *testing.T) {
	b := setupFile(t)
	other := b.open()
	b.HoldReaders(t, 1, func(pragma func(string) string) {
		pragma("user_version")
		if err := other.SaveSetting(t.Context(), "a", "b"); err != nil {
			t.Error(err)
		}
	})
	same(t, must[string](t)(b.Setting(t.Context(), "a")), "b")
}

func TestOutstandingAndResume(t *testing.T) {
	b := setup(t)
	ctx := t.Context()
	same(t, must[model.SenderStatus](t)(b.Outstanding(ctx)), model.SenderStatus{})
	set := func(state model.State, person bool, notBefore time.Time, r *model.Receipt) model.Delivery {
		d := b.queue()
		to := d
		to.State, to.Person, to.NotBefore = state, person, notBefore
		if err := b.Apply(ctx, d, to, model.Attempt{}, r); err != nil {
			t.Fatal(err)
		}
		return to
	}
	later := noon.Add(time.Hour)
	set(model.StateBooked, false, noon, &model.Receipt{BookedAt: noon.Add(time.Minute)})
	set(model.StateBooked, false, noon, &model.Receipt{BookedAt: noon})
	set(model.StateRefused, false, noon, nil)
	person := set(model.StateUnknown, true, later, nil)
	unknown := set(model.StateUnknown, false, later.Add(time.Minute), nil)
	queued := set(model.StateQueued, false, later.Add(time.Second), nil)
	accepted := set(model.StateAccepted, false, later.Add(time.Minute), nil)
	b.account = b.addAccount("other")
	others := set(model.StateQueued, false, later, nil)
	same(t, must[model.SenderStatus](t)(b.Outstanding(ctx)), model.SenderStatus{
		Waiting: 4, Person: 1, LastBooked: noon.Add(time.Minute), NextAt: later,
	})
	if err := b.Resume(ctx, queued.AccountID); err != nil {
		t.Fatal(err)
	}
	for _, d := range []model.Delivery{person, others, b.delivery(unknown.ID)} {
		same(t, b.delivery(d.ID), d)
	}
	for _, d := range []model.Delivery{queued, accepted} {
		d.NotBefore = d.CreatedAt
		same(t, b.delivery(d.ID), d)
	}
	if got := b.delivery(unknown.ID).NotBefore; got.Before(later) {
		t.Errorf("the settle window of an unknown delivery was cut to %v", got)
	}
}

// TestBringBack counts waits anew that were written down as of a time still to
// come, and leaves the others alone.
func TestBringBack(t *testing.T) {
	b := setup(t)
	b.queue()
	d, _ := b.claim(noon)
	ahead := d
	ahead.LeaseUntil, ahead.UpdatedAt = time.Time{}, noon.Add(30*24*time.Hour)
	ahead.NotBefore = ahead.UpdatedAt.Add(10 * time.Minute)
	b.apply(d, ahead)
	if moved, err := b.BringBack(t.Context(), ahead.UpdatedAt, time.Minute); err != nil || moved != 0 {
		t.Errorf("moved %d with the clock right: %v", moved, err)
	}
	if moved, err := b.BringBack(t.Context(), noon, time.Minute); err != nil || moved != 1 {
		t.Errorf("moved %d: %v", moved, err)
	}
	if got := b.delivery(d.ID); !got.NotBefore.Equal(noon.Add(10*time.Minute)) || !got.UpdatedAt.Equal(noon) {
		t.Errorf("due at %s, written at %s", got.NotBefore, got.UpdatedAt)
	}
}
