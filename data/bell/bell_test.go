package bell_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"loonbrug/data/bell"
)

func hang(t *testing.T, folder string) *bell.Bell {
	t.Helper()
	b, err := bell.Open(folder)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.Close() })
	return b
}

func hears(t *testing.T, b *bell.Bell, what string) {
	t.Helper()
	select {
	case <-b.Rings():
	case <-time.After(time.Minute):
		t.Fatal("not heard: " + what)
	}
}

func TestBell(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "wake")
	one, two := hang(t, folder), hang(t, folder)
	for _, ringer := range []*bell.Bell{one, one, two} {
		if err := ringer.Ring(); err != nil {
			t.Fatal(err)
		}
		listener := map[*bell.Bell]*bell.Bell{one: two, two: one}[ringer]
		hears(t, listener, "a ring")
	}
	if err := one.Close(); err != nil {
		t.Fatal(err)
	}
	hears(t, two, "that a program ended")
}

func TestBell_SweepsWhatWasLeft(t *testing.T) {
	folder := t.TempDir()
	old, fresh := filepath.Join(folder, "old"), filepath.Join(folder, "fresh")
	for _, path := range []string{old, fresh} {
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	long := time.Now().Add(-48 * time.Hour)
	if err := os.Chtimes(old, long, long); err != nil {
		t.Fatal(err)
	}
	hang(t, folder)
	if _, err := os.Stat(old); !errors.Is(err, os.ErrNotExist) {
		t.Error("the file of a program that is long gone is still there")
	}
	if _, err := os.Stat(fresh); err != nil {
		t.Error(err)
	}
}

func TestOpen_NoFolder(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := bell.Open(file); err == nil {
		t.Error("hung into a file")
	}
}
