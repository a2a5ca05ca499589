// Package instance keeps a data folder to one window: a second start finds that
// the first one is there, asks it to come to the front, and ends.
//
// Callers need [Claim], [Instance.Raised] and [Instance.Close]. Who is first is
// told by a lock that the system takes back when a program is killed, so that
// nothing left behind can hinder the next start; the asking goes through a
// folder below the data folder, which only its user can open.
package instance

import (
	"errors"
	"fmt"
	"path/filepath"

	"github.com/gofrs/flock"

	"loonbrug/data/bell"
	"loonbrug/data/model"
)

// ErrTaken says that another window of the data folder is open; it has been
// asked to come to the front.
var ErrTaken = errors.New("another window is open")

// Instance is the one window of a data folder.
type Instance struct {
	lock *flock.Flock
	bell *bell.Bell // nil where the system reports no changes of files
}

// Claim makes this program the one with the window of a data folder, which must
// be there. [ErrTaken] says that it is not to be, the problem window.running that
// the other one could not be asked either.
func Claim(folder string) (*Instance, error) {
	i := &Instance{lock: flock.New(filepath.Join(folder, "window.lock"))}
	first, err := i.lock.TryLock()
	if err != nil {
		return nil, fmt.Errorf("instance: %w", err)
	}
	door, err := bell.Open(filepath.Join(folder, "door"))
	if first {
		if err == nil {
			i.bell = door
		}
		return i, nil // without a bell nobody can call, and everything else works
	}
	if err == nil {
		err = errors.Join(door.Ring(), door.Close())
	}
	if err != nil {
		return nil, model.NewProblem("window.running").Because(err)
	}
	return nil, ErrTaken
}

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
