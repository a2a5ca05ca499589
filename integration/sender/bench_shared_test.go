//go:build bench && unix

package sender_test

import (
	"context"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"loonbrug/data/secret"
	"loonbrug/data/store"
	"loonbrug/data/store/postgrestest"
	"loonbrug/integration/sender"
	"loonbrug/integration/target"
)

// TestBench_Shared prints how much more five senders on one server send than one,
// to a target that takes 50 ms for each answer.
func TestBench_Shared(t *testing.T) {
	const accounts, share = 40, 400
	l := newWeb(t, 50*time.Millisecond)
	each := func(senders int) float64 {
		entries := share * senders
		address, sealer := postgrestest.New(t), secret.NewSealer(secret.NewKey())
		var all []*store.Store
		for range senders {
			s, err := store.OpenShared(t.Context(), address, sealer)
			check(t, err)
			all = append(all, s)
		}
		fill(t, all[0], accounts, entries, "ledger")
		live, stop := context.WithCancel(t.Context())
		ended := make(chan error, senders)
		began := time.Now()
		for _, s := range all {
			one, err := sender.New(s, target.Registry{l}, sender.Options{Now: s.Now, Log: slog.New(slog.DiscardHandler)})
			check(t, err)
			go func() { ended <- one.Run(live) }()
			go s.Listen(live, one.Hear)
		}
		for again := time.NewTicker(20 * time.Millisecond); ; <-again.C {
			status, err := all[0].Outstanding(t.Context())
			check(t, err)
			if status.Waiting+status.Working == 0 {
				break
			}
		}
		took := time.Since(began)
		stop()
		for _, s := range all {
			check(t, <-ended)
			check(t, s.Close())
		}
		return float64(entries) / took.Seconds()
	}
	one, five := each(1), each(5)
	row("entries a second, one sender on a server", fmt.Sprintf("%.0f", one), "", true)
	row("entries a second, five senders", fmt.Sprintf("%.0f", five), "", true)
	row("  times that of one", fmt.Sprintf("%.2f", five/one), "3", five/one >= 3)
}
