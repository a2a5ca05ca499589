package store_test

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"loonbrug/data/model"
)

func TestClaim_LongestDueFirst(t *testing.T) {
	b := setup(t)
	var want []int64
	for i, minutes := range []int{5, 1, 3} {
		b.account = b.addAccount(fmt.Sprint("account ", i))
		item := b.item(b.addRun(), 1)
		item.Delivery.NotBefore = noon.Add(time.Duration(minutes) * time.Minute)
		items := []model.Queued{item}
		if err := b.Queue(t.Context(), items); err != nil {
			t.Fatal(err)
		}
		want = append(want, items[0].Delivery.ID)
	}
	if d, ok := b.claim(noon); ok {
		t.Errorf("claimed %d before its time", d.ID)
	}
	later := noon.Add(time.Hour)
	for _, i := range []int{1, 2, 0} {
		if d, ok := b.claim(later); !ok || d.ID != want[i] {
			t.Errorf("claimed %d, want %d", d.ID, want[i])
		}
	}
	if d, ok := b.claim(later); ok {
		t.Errorf("claimed %d, which is under a lease", d.ID)
	}
}

func TestClaim_ChangesNothingElse(t *testing.T) {
	b := setup(t)
	want := b.queue()
	got, _ := b.claim(noon)
	want.Fence, want.LeaseUntil = 1, noon.Add(time.Minute)
	same(t, got, want)
	same(t, b.delivery(want.ID), want)
}

func TestFreeLeases(t *testing.T) {
	b := setupFile(t)
	d := b.queue()
	b.claim(noon)
	if err := b.FreeLeases(t.Context()); err != nil {
		t.Fatal(err)
	}
	if again, ok := b.claim(noon); !ok || again.ID != d.ID || again.Fence != 2 {
		t.Errorf("claimed %+v", again)
	}
}

func TestNextDue(t *testing.T) {
	b := setup(t)
	ctx := t.Context()
	want := func(at time.Time, ok bool) {
		t.Helper()
		got, gotOK, err := b.NextDue(ctx)
		if err != nil || gotOK != ok || ok && !got.Equal(at) {
			t.Errorf("next due %v %t, want %v %t: %v", got, gotOK, at, ok, err)
		}
	}
	want(time.Time{}, false)
	b.queue()
	b.queue()
	want(noon, true)
	d, _ := b.claim(noon) // the other one has the same account: it waits for the lease
	want(noon.Add(time.Minute), true)
	far := d
	far.State, far.LeaseUntil, far.NotBefore = model.StateUnknown, time.Time{}, noon.Add(time.Hour)
	b.apply(d, far)
	want(noon, true)
	d, _ = b.claim(noon)
	done := d
	done.State, done.LeaseUntil = model.StateBooked, noon.Add(24*time.Hour) // a lease on what is over holds nobody up
	b.apply(d, done)
	want(noon.Add(time.Hour), true)
	person := far
	person.Person = true
	b.apply(far, person)
	want(time.Time{}, false)
}

// TestClaim_Model drives claims and outcomes against the same rules written in
// Go over a plain list.
func TestClaim_Model(t *testing.T) {
	b := setup(t)
	var accounts []model.Account
	for i := range 3 {
		accounts = append(accounts, b.addAccount(fmt.Sprint("account ", i)))
	}
	served, serial := make(map[int64]int), 0 // by account
	rapid.Check(t, func(rt *rapid.T) {
		ctx := t.Context()
		if err := b.Exec("UPDATE delivery SET state = 'withdrawn', lease_until = 0"); err != nil {
			rt.Fatal(err)
		}
		now := noon
		var all []model.Delivery
		rt.Repeat(map[string]func(*rapid.T){
			"queue": func(rt *rapid.T) {
				b.account = rapid.SampledFrom(accounts).Draw(rt, "account")
				item := b.item(b.addRun(), 1)
				item.Delivery.NotBefore = now.Add(time.Duration(rapid.IntRange(-3, 3).Draw(rt, "due")) * time.Minute)
				items := []model.Queued{item}
				if err := b.Queue(ctx, items); err != nil {
					rt.Fatal(err)
				}
				all = append(all, items[0].Delivery)
			},
			"pass": func(rt *rapid.T) {
				now = now.Add(time.Duration(rapid.IntRange(1, 200).Draw(rt, "seconds")) * time.Second)
			},
			"claim": func(rt *rapid.T) {
				want := nextInTurn(all, served, now)
				got, ok, err := b.Claim(ctx, model.Claim{Now: now, Lease: time.Minute})
				if err != nil || ok != (want != nil) {
					rt.Fatalf("claimed %t, want %v: %v", ok, want, err)
				}
				if !ok {
					return
				}
				serial++
				served[want.AccountID] = serial
				want.Fence++
				want.LeaseUntil = now.Add(time.Minute)
				if got.ID != want.ID || got.Fence != want.Fence || !got.LeaseUntil.Equal(want.LeaseUntil) || got.State != want.State {
					rt.Fatalf("claimed %+v, want %+v", got, *want)
				}
			},
			"apply": func(rt *rapid.T) {
				if len(all) == 0 {
					return
				}
				d := &all[rapid.IntRange(0, len(all)-1).Draw(rt, "which")]
				from := *d
				stale := rapid.IntRange(0, 2).Draw(rt, "stale")
				from.Fence -= int64(stale)
				to := from
				to.State = rapid.SampledFrom([]model.State{
					model.StateQueued, model.StateChecking, model.StateSending, model.StateUnknown,
					model.StateAccepted, model.StateBooked, model.StateMarked,
				}).Draw(rt, "to")
				to.Person = rapid.Bool().Draw(rt, "person")
				if rapid.Bool().Draw(rt, "free") {
					to.LeaseUntil = time.Time{}
				}
				err := b.Apply(ctx, from, to, model.Attempt{Event: "model"}, nil)
				if stale > 0 {
					if !errors.Is(err, model.ErrLeaseLost) {
						rt.Fatalf("a stale fence: %v", err)
					}
					return
				}
				if err != nil {
					rt.Fatal(err)
				}
				*d = to
			},
			"": func(rt *rapid.T) {
				at, ok, err := b.NextDue(ctx)
				if err != nil {
					rt.Fatal(err)
				}
				wantAt, wantOK := nextDue(all)
				if ok != wantOK || !at.Equal(wantAt) {
					rt.Fatalf("next due %v %t, want %v %t", at, ok, wantAt, wantOK)
				}
				for _, d := range all {
					if got := b.delivery(d.ID); got.Fence != d.Fence || got.State != d.State || !got.LeaseUntil.Equal(d.LeaseUntil) {
						rt.Fatalf("delivery %d is %+v, want %+v", d.ID, got, d)
					}
				}
			},
		})
	})
}

// nextInTurn is the rule of Claim over a list, for one company.
func nextInTurn(all []model.Delivery, served map[int64]int, now time.Time) *model.Delivery {
	var best *model.Delivery
	for i := range all {
		d := &all[i]
		if d.State.Final() || d.Person || d.NotBefore.After(now) || leaseEnd(all, d.AccountID).After(now) {
			continue
		}
		if best == nil || cmp.Or(cmp.Compare(served[d.AccountID], served[best.AccountID]), d.NotBefore.Compare(best.NotBefore)) < 0 {
			best = d
		}
	}
	return best
}

// nextDue is the rule of NextDue over a list.
func nextDue(all []model.Delivery) (at time.Time, ok bool) {
	for _, d := range all {
		if d.State.Final() || d.Person {
			continue
		}
		due := slices.MaxFunc([]time.Time{d.NotBefore, leaseEnd(all, d.AccountID)}, time.Time.Compare)
		if !ok || due.Before(at) {
			at, ok = due, true
		}
	}
	return at, ok
}

func leaseEnd(all []model.Delivery, account int64) (end time.Time) {
	for _, d := range all {
		if d.AccountID == account && !d.State.Final() && d.LeaseUntil.After(end) {
			end = d.LeaseUntil
		}
	}
	return end
}

// TestClaim_UsesIndexes: what was sent, and what waits, costs a claim nothing.
func TestClaim_UsesIndexes(t *testing.T) {
	b := setupFile(t)
	found := 0
	for name, text := range statements(t) {
		if !strings.Contains(text, "person = 0") {
			continue
		}
		found++
		plan := strings.Join(b.Text(t, false, "EXPLAIN QUERY PLAN "+text, 3, 1, 1), "\n")
		for _, line := range strings.Split(plan, "\n") {
			if strings.HasPrefix(line, "SCAN") && !strings.Contains(line, "SCAN t") && !strings.Contains(line, "USING") {
				t.Errorf("%s reads a whole table:\n%s", name, plan)
			}
		}
	}
	if found < 3 {
		t.Errorf("only %d statements of the sender were looked at", found)
	}
}
