package office_test

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"loonbrug/data/secret"
	"loonbrug/data/store/storetest"
	"loonbrug/integration/office"
	"loonbrug/integration/target"
)

// quiet is a mailbox that never has anything to say.
type quiet struct{ office.Mailbox }

func (quiet) Subscribe() (<-chan struct{}, func()) { return make(chan struct{}), func() {} }

// keep runs the owner's work on a database until it rests, and tells whether a
// return of an older copy was noticed, and how many comparisons there are.
func keep(t *testing.T, database, mark string) (restored bool, compared bool) {
	t.Helper()
	s, err := storetest.Open(t.Context(), database, secret.NewSealer(secret.NewKey()))
	must(t, err)
	must(t, s.SaveSetting(t.Context(), "language", time.Now().String())) // something to remember
	f := office.New(office.Options{
		Store: s, Targets: target.Registry{drafts{&books{}}}, Files: noFiles{}, Mailbox: quiet{}, Open: noBrowser, Language: dutch,
		Epoch: mark, Log: slog.New(slog.DiscardHandler),
	})
	ctx, stop := context.WithCancel(t.Context())
	var work sync.WaitGroup
	work.Go(func() { f.Keep(ctx) })
	for {
		now, _ := os.ReadFile(mark) // the last to be written, so it is read first
		last, err := s.Mark(t.Context())
		must(t, err)
		at, err := f.Restored(t.Context())
		must(t, err)
		r, err := s.Reconciliation(t.Context())
		restored, compared = !at.IsZero(), err == nil && r.At.After(at)
		if strings.TrimSpace(string(now)) == last && (!restored || compared) {
			break
		}
		runtime.Gosched()
	}
	stop()
	work.Wait()
	must(t, s.Close())
	return restored, compared && restored
}

// A database that follows on itself is quiet. One that was put back from a copy
// is noticed, and the books are compared once.
func TestKeep_Restored(t *testing.T) {
	folder := t.TempDir()
	database, mark, copied := storetest.New(t), filepath.Join(folder, "mark"), storetest.New(t)
	for range 2 {
		if restored, _ := keep(t, database, mark); restored {
			t.Fatal("a database of its own was called an older copy")
		}
	}
	storetest.Copy(t, database, copied)
	for range 2 {
		if restored, _ := keep(t, database, mark); restored {
			t.Fatal("a database of its own was called an older copy")
		}
	}
	storetest.Copy(t, copied, database)
	if restored, compared := keep(t, database, mark); !restored || !compared {
		t.Errorf("put back: noticed %v, compared %v", restored, compared)
	}
}

// A mark that was written some time ago leaves no alarm behind.
func TestKeep_OldMark(t *testing.T) {
	folder := t.TempDir()
	database, mark := filepath.Join(folder, "l.db"), filepath.Join(folder, "mark")
	keep(t, database, mark)
	old, err := os.ReadFile(mark)
	must(t, err)
	keep(t, database, mark)
	must(t, os.WriteFile(mark, old, 0o600))
	if restored, _ := keep(t, database, mark); restored {
		t.Error("called an older copy")
	}
}
