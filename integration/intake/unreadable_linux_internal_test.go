package intake

import (
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"syscall"
	"testing"
	"time"
)

// asNobody has the thread of the test read files as a user that owns none, where
// it belongs to root, whom nothing keeps out.
func asNobody(t *testing.T, work func()) {
	t.Helper()
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if os.Geteuid() == 0 {
		defer func() {
			if err := syscall.Setfsuid(0); err != nil {
				t.Error(err)
			}
		}()
		if err := syscall.Setfsuid(65534); err != nil {
			t.Fatal(err)
		}
	}
	work()
}

// A file that may not be read is told of, once, stays where it is, and is taken in
// when it may.
func TestFolder_Unreadable(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "dicht.xml")
	laid(t, path, "x")
	for name, mode := range map[string]os.FileMode{filepath.Dir(dir): 0o755, dir: 0o755, path: 0} {
		if err := os.Chmod(name, mode); err != nil {
			t.Fatal(err)
		}
	}
	d := &desk{}
	f := newFolder(dir, time.Second, d, slog.New(slog.DiscardHandler))
	asNobody(t, func() {
		for second := range int64(4) {
			f.sweep(t.Context(), time.Unix(second, 0))
		}
	})
	if want := []string{"/dicht.xml=file.cannot_open"}; !slices.Equal(d.refused, want) {
		t.Errorf("told of %v, want %v", d.refused, want)
	}
	if got := files(t, dir); !slices.Equal(got, []string{"dicht.xml"}) {
		t.Errorf("files %v", got)
	}
	if err := os.Chmod(path, 0o600); err != nil {
		t.Fatal(err)
	}
	f.sweep(t.Context(), time.Unix(5, 0))
	if got := files(t, dir); !slices.Equal(got, []string{"done/dicht.xml"}) || len(d.took) != 1 {
		t.Errorf("files %v, took %v", got, d.took)
	}
}
