// Package instance keeps a data folder to one window: a second start finds that
// the first one is there, asks it to come to the front, and ends.
//
// Callers need [Claim], [Instance.Raised] and [Instance.Close]. Who is first is
// told by a lock that the system takes back when a program is killed, so that
// nothing left behind can hinder the next start; the asking goes through a
// folder below the data folder, which only its user can open.
package instance

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"

	"loonbrug/data/model"
)

// ErrTaken says that another window of the data folder is open; it has been
// asked to come to the front.
var ErrTaken = errors.New("another window is open")

// Bell is what programs of one data folder call each other with.
type Bell interface {
	Ring() error
	Rings() <-chan struct{} // holds a token whenever another program rang
	Close() error
}

// Instance is the one window of a data folder.
type Instance struct {
	lock *flock.Flock
	bell Bell // nil where the system reports no changes of files
}

// Claim makes this program the one with the window of a data folder, which must
// be there. [ErrTaken] says that it is not to be, the problem window.running that
// the other one could not be asked either. One that is just leaving is waited for
// until ctx ends: it may be asked, and gone before it answers. open hangs a bell
// into a folder.
func Claim(ctx context.Context, folder string, open func(folder string) (Bell, error)) (*Instance, error) {
	i := &Instance{lock: flock.New(filepath.Join(folder, "window.lock"))}
	first, err := i.lock.TryLock()
	if err != nil {
		return nil, fmt.Errorf("instance: %w", err)
	}
	door, deaf := open(filepath.Join(folder, "door"))
	unasked := deaf
	if !first {
		if deaf == nil {
			unasked = door.Ring()
		}
		if first, err = i.lock.TryLockContext(ctx, again); err != nil && ctx.Err() == nil {
			return nil, fmt.Errorf("instance: %w", err)
		}
	}
	switch {
	case first && deaf == nil:
		i.bell = door
		return i, nil
	case first:
		return i, nil // without a bell nobody can call, and everything else works
	case deaf == nil:
		unasked = errors.Join(unasked, door.Close())
	}
	if unasked != nil {
		return nil, model.NewProblem("window.running").Because(unasked)
	}
	return nil, ErrTaken
}

// again is how soon it is looked whether another window has gone.
const again = 100 * time.Millisecond

// Raised holds a token whenever another start asked for the window. It is nil,
// and never holds any, where the system cannot tell.
func (i *Instance) Raised() <-chan struct{} {
	if i.bell == nil {
		return nil
	}
	return i.bell.Rings()
}

// Close lets another program be the one with the window.
func (i *Instance) Close() error {
	var err error
	if i.bell != nil {
		err = i.bell.Close()
	}
	return errors.Join(err, i.lock.Unlock())
}
