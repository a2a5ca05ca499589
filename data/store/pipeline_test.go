package store_test

import (
	"context"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"loonbrug/data/store"
)

// TestLater: what nobody waits for is written with the rest, however much it is; and
// when it fails, nothing of the rest is, and the next one writes again.
func TestLater(t *testing.T) {
	b := setup(t)
	name := func(i int) string { return fmt.Sprintf(`INSERT INTO setting (name, value) VALUES ('later %d', '')`, i) }
	there := func() int { return len(b.Text(t, false, `SELECT name FROM setting WHERE name LIKE 'later %'`, 0)) }
	for _, wrong := range [][]string{
		{name(1), `INSERT INTO setting (name, value) VALUES ('later 1', '')`},
		{`INSERT INTO nowhere (name) VALUES ('x')`, name(1)},
		{name(1), `INSERT INTO setting (name) VALUES (`},
	} {
		if err := b.Later(t.Context(), wrong...); err == nil || there() != 0 {
			t.Errorf("%v: %v, %d written", wrong, err, there())
		}
	}
	var many []string
	for i := range 1_001 {
		many = append(many, name(i))
	}
	if err := b.Later(t.Context(), many...); err != nil || there() != len(many) {
		t.Errorf("%v, %d of %d written", err, there(), len(many))
	}
}

// TestSwallowed: a server takes everything back once a statement failed, and that is
// never told as written, whoever passes over the failure.
func TestSwallowed(t *testing.T) {
	b := on(t, true)
	err := b.Swallow(t.Context(), `INSERT INTO setting (name, value) VALUES ('swallowed', '')`, `INSERT INTO nowhere (name) VALUES ('x')`)
	if there := b.Text(t, false, `SELECT name FROM setting WHERE name = 'swallowed'`, 0); err == nil || len(there) > 0 {
		t.Errorf("%v, %v written", err, there)
	}
	if err := b.Later(t.Context(), `INSERT INTO setting (name, value) VALUES ('swallowed', '')`); err != nil {
		t.Error(err)
	}
}

// TestTell: many writes in a row are told of a few times, and once after the last.
func TestTell(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := context.WithCancel(t.Context())
		defer stop()
		news := make(chan struct{}, 1)
		var heard []time.Time
		go store.Tell(ctx, news, func() { heard = append(heard, time.Now()) })
		var last time.Time
		for range 1_000 {
			select {
			case news <- struct{}{}:
			default:
			}
			last = time.Now()
			time.Sleep(time.Millisecond)
		}
		time.Sleep(time.Second)
		synctest.Wait()
		if n := len(heard); n < 5 || n > 12 || heard[n-1].Before(last) || heard[n-1].After(last.Add(200*time.Millisecond)) {
			t.Errorf("told of %d times: %v", n, heard)
		}
	})
}
