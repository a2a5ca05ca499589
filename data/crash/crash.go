// Package crash keeps what a program says when it crashes, so that a person can
// pass it on at the next start.
//
// [Watch] opens a file for this run, into which the runtime writes should the
// program crash, and removes it at a clean end. [Left] gives what runs that have
// ended left behind; [Report.Seen] puts one away. A run that was killed, or that
// the power ended, said nothing and leaves nothing.
package crash

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/gofrs/flock"
)

const (
	runPrefix = "run-" // of the file of a run that has not been looked at
	prefix    = "crash-"
	suffix    = ".txt"
	lock      = ".lock"    // beside the file for as long as its run lives
	rule      = "\n----\n" // between what the run is and what the runtime said
	kept      = 10
)

// Report is what a run left that crashed.
type Report struct {
	Path string
	Text string
}

// Watch has crashes of this program written into the folder. The function ends
// that and is called at a clean end.
func Watch(folder, version string) (end func() error, err error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, fmt.Errorf("folder for crashes: %w", err)
	}
	now := time.Now()
	path := filepath.Join(folder, fmt.Sprintf("%s%s-%d%s", runPrefix, now.UTC().Format("20060102T150405.000"), os.Getpid(), suffix))
	living := flock.New(path + lock)
	if _, err := living.TryLock(); err != nil {
		return nil, fmt.Errorf("lock of the crash file: %w", err)
	}
	about := fmt.Sprintf("Loonbrug %s, %s %s/%s, %s%s", version, runtime.Version(), runtime.GOOS, runtime.GOARCH, now.Format(time.RFC3339), rule)
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err == nil {
		_, err = f.WriteString(about)
		// The runtime keeps a handle of its own.
		err = errors.Join(err, debug.SetCrashOutput(f, debug.CrashOptions{}), f.Close())
	}
	end = func() error {
		return errors.Join(debug.SetCrashOutput(nil, debug.CrashOptions{}), os.Remove(path), living.Close(), os.Remove(path+lock))
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("crash file: %w", err), end())
	}
	return end, nil
}

// Left are the reports of runs that crashed, oldest first. What runs left that
// said nothing is removed, and so are all but the newest ten reports that were
// seen.
func Left(folder string) ([]Report, error) {
	entries, err := os.ReadDir(folder)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("folder of crashes: %w", err)
	}
	var left []Report
	var seen []string
	for _, e := range entries {
		path := filepath.Join(folder, e.Name())
		switch {
		case !strings.HasSuffix(path, suffix):
		case strings.HasPrefix(e.Name(), prefix):
			seen = append(seen, path)
		case strings.HasPrefix(e.Name(), runPrefix):
			r, said, err := read(path)
			if err != nil {
				return nil, err
			}
			if said {
				left = append(left, r)
			}
		}
	}
	for _, path := range seen[:max(0, len(seen)-kept)] {
		err = errors.Join(err, os.Remove(path))
	}
	slices.SortFunc(left, func(a, b Report) int { return strings.Compare(a.Path, b.Path) })
	return left, err
}

// read gives what a run said, unless it still lives.
func read(path string) (r Report, said bool, err error) {
	living := flock.New(path + lock)
	over, err := living.TryLock()
	if err != nil || !over {
		return Report{}, false, err
	}
	text, err := os.ReadFile(path)
	if err = errors.Join(err, living.Unlock(), os.Remove(path+lock)); err != nil {
		return Report{}, false, fmt.Errorf("crash file: %w", err)
	}
	if _, words, ok := bytes.Cut(text, []byte(rule)); !ok || len(bytes.TrimSpace(words)) == 0 {
		return Report{}, false, os.Remove(path)
	}
	return Report{path, string(text)}, true, nil
}

// Seen gives the report its lasting name, by which it is no longer told of.
func (r Report) Seen() error {
	folder, name := filepath.Split(r.Path)
	return os.Rename(r.Path, filepath.Join(folder, prefix+strings.TrimPrefix(name, runPrefix)))
}
