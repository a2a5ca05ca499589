package store_test

import (
	"testing"
	"time"

	"loonbrug/data/model"
)

// A delivery that is over and was in doubt is claimed once more when its time has
// come, before anything that waits, and keeps its account's lane like the others.
func TestClaim_Sweep(t *testing.T) {
	b := setupFile(t)
	d := b.queue()
	if at, ok, err := b.NextDue(t.Context()); err != nil || !ok || at.After(noon) {
		t.Fatalf("due %s, %v, %v", at, ok, err)
	}
	got, ok := b.claim(noon)
	if !ok || got.ID != d.ID {
		t.Fatal("not claimed")
	}
	booked := got
	booked.State, booked.LeaseUntil, booked.NotBefore = model.StateBooked, time.Time{}, time.Time{}
	if err := b.Apply(t.Context(), got, booked, model.Attempt{At: noon, Event: "proved"}, nil); err != nil {
		t.Fatal(err)
	}
	if _, ok, err := b.NextDue(t.Context()); err != nil || ok {
		t.Fatalf("a booked delivery without a doubt is due: %v", err)
	}
	swept := booked
	swept.SweepAt, swept.Sweeps = noon.Add(time.Hour), 2
	if err := b.Apply(t.Context(), booked, swept, model.Attempt{At: noon, Event: "swept"}, nil); err != nil {
		t.Fatal(err)
	}
	if at, ok, err := b.NextDue(t.Context()); err != nil || !ok || !at.Equal(noon.Add(time.Hour)) {
		t.Fatalf("due %s, %v, %v", at, ok, err)
	}
	b.Store = b.open() // the time survives
	if _, ok := b.claim(noon.Add(59 * time.Minute)); ok {
		t.Fatal("claimed too early")
	}
	got, ok = b.claim(noon.Add(time.Hour))
	if !ok || got.ID != d.ID || got.State != model.StateBooked || got.Sweeps != 2 || got.Fence <= booked.Fence {
		t.Fatalf("claimed %+v", got)
	}
	if _, ok := b.claim(noon.Add(time.Hour)); ok {
		t.Fatal("claimed twice")
	}
	if err := b.FreeLeases(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, ok := b.claim(noon.Add(time.Hour)); !ok {
		t.Fatal("a lease of a dead sender was not freed")
	}
}
