// Package autostart has the system start the program when the user signs in to
// the computer: a value below Run in the registry of Windows, a file for launchd
// on macOS, a file in the desktop's autostart folder elsewhere.
//
// Callers need [Entry.On] and [Entry.Set]. Only the user's own settings are
// touched, never those of the whole computer.
package autostart

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Entry is a program that is started at sign-in.
type Entry struct {
	ID      string   // as "nl.loonbrug.app"; one program has one entry
	Name    string   // for people
	Program string   // whole path
	Args    []string // given to it
}

// file is an entry that is a file: it is on while the file is there.
type file struct{ path, content string }

func (f file) on() (bool, error) {
	_, err := os.Stat(f.path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("autostart: %w", err)
	}
	return true, nil
}

func (f file) set(on bool) error {
	if !on {
		if err := os.Remove(f.path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("autostart: %w", err)
		}
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(f.path), 0o700); err != nil {
		return fmt.Errorf("autostart: %w", err)
	}
	if err := os.WriteFile(f.path, []byte(f.content), 0o600); err != nil {
		return fmt.Errorf("autostart: %w", err)
	}
	return nil
}
