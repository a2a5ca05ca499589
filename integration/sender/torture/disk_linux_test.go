package torture_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"loonbrug/data/store"
	"loonbrug/data/store/storetest"
	"loonbrug/integration/sender"
	"loonbrug/integration/target"
)

// disk builds the library that watches and breaks the disk under a child. The
// compiler is the one that SQLite needs anyway.
func disk(t *testing.T) string {
	t.Helper()
	cc, err := exec.Command("go", "env", "CC").Output()
	if err != nil {
		t.Fatal(err)
	}
	library := filepath.Join(t.TempDir(), "disk.so")
	if out, err := exec.Command(strings.TrimSpace(string(cc)), "-shared", "-fPIC", "-O1", "-o", library, "testdata/disk.c", "-ldl", "-lpthread").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return library
}

// TestPower looks, at the moment when each of 200 sendings arrives, at what the
// power would leave of the database if it failed now: the intent must be there,
// and the database sound. One worker sends, so that nothing else is under way.
func TestPower(t *testing.T) {
	t.Parallel()
	var s shape
	for i := range 200 {
		s = append(s, modes()[i%3])
	}
	w, address := onTheWire(t, newFileTemplate(t, s))
	defer w.close()
	images, without, damaged := 0, 0, 0
	live := w.ledger.intent
	w.ledger.intent = func(d target.Delivery, business string) (int64, int) {
		images++
		found, err := w.image(d, business)
		if err != nil {
			damaged++
			t.Errorf("image %d: %v", images, err)
		}
		if !found {
			without++
		}
		return live(d, business)
	}
	p := w.spawn(address, "LD_PRELOAD="+disk(t), "DISK_DURABLE=1", "TORTURE_WORKERS=1")
	if !w.awaitRest(3 * time.Minute) {
		t.Error("not at rest")
	}
	p.end()
	if without > 0 {
		t.Errorf("power: I%d %d of %d sendings left no durable intent behind", intentFirst, without, images)
	}
	if images < len(s) {
		t.Errorf("only %d images", images)
	}
	if broken := audit(w.evidence()); len(broken) > 0 {
		t.Errorf("power: %v", broken)
	}
	figure(t, "images of a power failure at a sending", images)
	figure(t, "  without its intent / damaged", []int{without, damaged})
}

// image opens what the power would leave and looks for the intent of a sending.
func (w *world) image(d target.Delivery, business string) (found bool, err error) {
	folder, err := os.MkdirTemp(filepath.Dir(w.place), "image-")
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	for _, ending := range []string{"", "-wal"} {
		content, err := os.ReadFile(w.place + ending + ".durable")
		if errors.Is(err, fs.ErrNotExist) && ending == "" {
			content, err = os.ReadFile(w.place) // not written since the child began
		} else if errors.Is(err, fs.ErrNotExist) {
			continue // never flushed, so the power leaves nothing of it
		}
		if err != nil {
			return false, err
		}
		if err := os.WriteFile(filepath.Join(folder, "s.db"+ending), content, 0o600); err != nil {
			return false, err
		}
	}
	ctx := context.Background()
	db, err := store.Open(ctx, filepath.Join(folder, "s.db"), sealer())
	if err != nil {
		return false, err
	}
	attempts, err := db.Attempts(ctx, w.byBiz[business])
	err = errors.Join(err, db.Check(ctx), db.Close())
	for _, a := range attempts {
		found = found || a.Event == string(sender.EventIntent) && a.At.UnixMilli() == d.SentAt.UnixMilli()
	}
	return found, err
}

// broken is one way in which a disk fails.
type brokenDisk struct {
	call  string // write, sync or truncate
	nth   int
	times int
	errno syscall.Errno
}

func (b brokenDisk) String() string {
	return fmt.Sprintf("%s %d, %d times: %v", b.call, b.nth, b.times, b.errno)
}

func brokenDisks() (all []brokenDisk) {
	n, step := 60, 19
	if *whole {
		n, step = 200, 1
	}
	for _, errno := range []syscall.Errno{syscall.ENOSPC, syscall.EIO} {
		for _, call := range []string{"write", "sync", "truncate"} {
			for nth := 1; nth <= n; nth += step {
				// Once, for a while, and to the end.
				all = append(all, brokenDisk{call, nth, []int{1, 25, 1_000_000}[nth%3], errno})
			}
		}
	}
	return all
}

// TestDisks lets the n-th write, flush or truncation of a child's database fail,
// once, for a while or for good, kills it, and lets another one finish on a sound
// disk. A child that cannot write must say so.
func TestDisks(t *testing.T) {
	t.Parallel()
	library, tmpl := disk(t), newFileTemplate(t, shape{modeProgram, modeProgram, modeDraft, modeDraft, modeProgram})
	var mu sync.Mutex
	played, hit := 0, 0
	slots := make(chan struct{}, 12)
	var all sync.WaitGroup
	for i, b := range brokenDisks() {
		slots <- struct{}{}
		all.Go(func() {
			defer func() { <-slots }()
			said := b.play(t, library, tmpl, uint64(i))
			mu.Lock()
			defer mu.Unlock()
			played++
			if said {
				hit++
			}
		})
	}
	all.Wait()
	figure(t, "disks that failed at the n-th write, flush or truncation", played)
	figure(t, "  of which the sender said so while it ran", hit)
	if hit == 0 {
		t.Error("no child said that its disk failed")
	}
}

func (b brokenDisk) play(t *testing.T, library string, tmpl *template, seed uint64) (said bool) {
	w := worldAt(t, tmpl, storetest.NewFile(t))
	address := w.onTheWire()
	defer w.close()
	l := &life{seed: seed}
	w.ledger.answer = func(business string, nth int) answer {
		if n := l.draw(business, nth); nth < 2 && n%100 < 30 {
			return wireAnswers()[n/100%uint64(len(wireAnswers()))]
		}
		return answerOK
	}
	failed := filepath.Join(t.TempDir(), "disk-failed")
	p := w.spawn(address, "LD_PRELOAD="+library, "DISK_CALL="+b.call, "DISK_NTH="+strconv.Itoa(b.nth),
		"DISK_TIMES="+strconv.Itoa(b.times), "DISK_ERROR="+strconv.Itoa(int(b.errno)), "DISK_FAILED="+failed)
	w.awaitRest(1500 * time.Millisecond)
	if _, err := os.Stat(failed); err == nil && b.mustShow() && !w.awaits(20*time.Second, func() bool {
		rest, _ := w.resting()
		return rest || p.says("store.")
	}) {
		t.Errorf("disk %s: the child did not say so: %s", b, p.words())
	}
	said = p.says("store.")
	p.kill()
	w.untilAllRests(address)
	if broken := audit(w.evidence()); len(broken) > 0 {
		t.Errorf("disk %s: %v", b, broken)
	}
	return said
}

// mustShow tells whether who still needs this disk is certain to notice.
func (b brokenDisk) mustShow() bool {
	return b.times > 1000 && b.call != "truncate" // SQLite can do without truncating
}
