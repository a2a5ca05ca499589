package bell

import (
	"testing"

	"github.com/fsnotify/fsnotify"
)

// TestConcerns: what a program does itself does not wake it, nor does it when a
// file is only looked at.
func TestConcerns(t *testing.T) {
	b := &Bell{path: "/data/wake/own"}
	for _, c := range []struct {
		name string
		op   fsnotify.Op
		want bool
	}{
		{"/data/wake/own", fsnotify.Write, false},
		{"/data/wake/own", fsnotify.Create, false},
		{"/data/wake/other", fsnotify.Write, true},
		{"/data/wake/other", fsnotify.Create | fsnotify.Write, true},
		{"/data/wake/other", fsnotify.Remove, true},
		{"/data/wake/other", fsnotify.Chmod, false},
	} {
		if got := b.concerns(fsnotify.Event{Name: c.name, Op: c.op}); got != c.want {
			t.Errorf("%s %s: %t", c.name, c.op, got)
		}
	}
}
