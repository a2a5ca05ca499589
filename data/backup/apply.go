package backup

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// readyName is the file that says that everything a restore needs lies ready.
const readyName = "ready"

// Ready marks the folder of an unpacked backup as complete. From then on the
// restore will happen, whatever breaks off.
func Ready(folder string) error {
	f, err := os.OpenFile(filepath.Join(folder, readyName), os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return fault(folder, err)
	}
	return fault(folder, errors.Join(f.Sync(), f.Close()))
}

// Waiting tells since when a restore lies ready; zero when none does.
func Waiting(folder string) (since time.Time, err error) {
	mark, err := os.Stat(filepath.Join(folder, readyName))
	if errors.Is(err, fs.ErrNotExist) {
		return time.Time{}, nil
	}
	if err != nil {
		return time.Time{}, fault(folder, err)
	}
	return mark.ModTime(), nil
}

// Apply moves what lies ready in a folder into the data folder. What is there
// under the same names goes aside first; so do companions, which belong to what
// goes and must not be left beside what comes. No program may have the data
// folder open. It can be broken off at any moment and called again.
func Apply(ready, data, aside string, companions map[string][]string) error {
	parts, err := os.ReadDir(ready)
	if err != nil {
		return fault(ready, err)
	}
	if err := os.MkdirAll(aside, 0o700); err != nil {
		return fault(aside, err)
	}
	for _, part := range parts {
		name := part.Name()
		if name == readyName {
			continue
		}
		for _, old := range append(companions[name], name) {
			if err := move(filepath.Join(data, old), filepath.Join(aside, old)); err != nil {
				return err
			}
		}
		if err := move(filepath.Join(ready, name), filepath.Join(data, name)); err != nil {
			return err
		}
	}
	return fault(ready, os.RemoveAll(ready))
}

// move renames a file that may not be there.
func move(from, to string) error {
	err := os.Rename(from, to)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return fault(to, err)
}
