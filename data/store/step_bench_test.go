package store_test

import (
	"context"
	"testing"
	"time"

	"loonbrug/data/model"
)

// BenchmarkStep is one claim and one step of a delivery, as a sender that can be
// stopped at any time makes them.
func BenchmarkStep(b *testing.B) {
	s := setup(b)
	s.queue()
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		now := noon.Add(time.Duration(i) * time.Second)
		d, ok, err := s.Claim(ctx, model.Claim{Now: now, Lease: time.Minute})
		if err != nil || !ok {
			b.Fatal(ok, err)
		}
		to := d
		to.LeaseUntil, to.NotBefore = time.Time{}, now
		if err := s.Apply(ctx, d, to, model.Attempt{At: now, Event: "claimed"}, nil); err != nil {
			b.Fatal(err)
		}
	}
}
