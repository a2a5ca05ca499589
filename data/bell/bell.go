// Package bell lets the programs of one data folder tell each other that
// something changed, without anybody having to look all the time.
//
// Callers need [Open], [Bell.Ring] and [Bell.Rings]. Each program has a file of
// its own in a folder of its own, and the system reports when another one is
// written. A ring says nothing but "look": several may arrive as one, and one
// may get lost, so that whoever listens still looks by himself now and then.
package bell

import (
	"crypto/rand"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/fsnotify/fsnotify"
)

// Bell is the bell of one program.
type Bell struct {
	path    string
	watcher *fsnotify.Watcher
	rings   chan struct{}
	ended   chan struct{}

	mu    sync.Mutex
	count byte
}

// stale is the age at which the file of a program counts as left behind by one
// that was killed.
const stale = 24 * time.Hour

// Open hangs a bell into the folder, which it makes. It fails where the system
// reports no changes of files; callers then look more often.
func Open(folder string) (*Bell, error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, fmt.Errorf("bell: %w", err)
	}
	sweep(folder)
	b := &Bell{
		path: filepath.Join(folder, rand.Text()), rings: make(chan struct{}, 1), ended: make(chan struct{}),
	}
	var err error
	if b.watcher, err = fsnotify.NewWatcher(); err != nil {
		return nil, fmt.Errorf("bell: %w", err)
	}
	if err := b.watcher.Add(folder); err != nil {
		_ = b.watcher.Close()
		return nil, fmt.Errorf("bell: %w", err)
	}
	go b.listen()
	return b, nil
}

// sweep removes the files of programs that are long gone.
func sweep(folder string) {
	entries, _ := os.ReadDir(folder) // one that cannot be read has nothing to be swept
	for _, e := range entries {
		if info, err := e.Info(); err == nil && time.Since(info.ModTime()) > stale {
			_ = os.Remove(filepath.Join(folder, e.Name()))
		}
	}
}

func (b *Bell) listen() {
	defer close(b.ended)
	for {
		select {
		case event, ok := <-b.watcher.Events:
			if !ok {
				return
			}
			if b.concerns(event) {
				b.heard()
			}
		case _, ok := <-b.watcher.Errors:
			if !ok {
				return
			}
			b.heard() // too many rings at once: none of them may get lost
		}
	}
}

// concerns tells whether it was another program. A file that goes is one that
// has ended.
func (b *Bell) concerns(event fsnotify.Event) bool {
	return filepath.Base(event.Name) != filepath.Base(b.path) && event.Op&(fsnotify.Write|fsnotify.Create|fsnotify.Remove) != 0
}

func (b *Bell) heard() {
	select {
	case b.rings <- struct{}{}:
	default:
	}
}

// Rings holds a token whenever another program rang since it was last read.
func (b *Bell) Rings() <-chan struct{} { return b.rings }

// Ring tells the other programs.
func (b *Bell) Ring() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.count++
	// Opened and closed each time: some systems report a write only then.
	if err := os.WriteFile(b.path, []byte{b.count}, 0o600); err != nil {
		return fmt.Errorf("bell: %w", err)
	}
	return nil
}

// Close takes the bell down, which the other programs hear too.
func (b *Bell) Close() error {
	err := b.watcher.Close()
	<-b.ended
	b.mu.Lock()
	defer b.mu.Unlock()
	if gone := os.Remove(b.path); gone != nil && !os.IsNotExist(gone) && err == nil {
		err = gone
	}
	return err
}
