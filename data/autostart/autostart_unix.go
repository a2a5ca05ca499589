//go:build !windows

package autostart

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
)

// On tells whether the system starts the program.
func (e Entry) On() (bool, error) {
	f, err := e.file()
	if err != nil {
		return false, err
	}
	return f.on()
}

// Set has the system start the program, or no longer.
func (e Entry) Set(on bool) error {
	f, err := e.file()
	if err != nil {
		return err
	}
	return f.set(on)
}

func (e Entry) file() (file, error) {
	home, err := os.UserHomeDir()
	if err != nil {
		return file{}, fmt.Errorf("autostart: %w", err)
	}
	if runtime.GOOS == "darwin" {
		return file{filepath.Join(home, "Library", "LaunchAgents", e.ID+".plist"), e.launchd()}, nil
	}
	config := os.Getenv("XDG_CONFIG_HOME")
	if !filepath.IsAbs(config) { // a relative path is invalid, says the specification
		config = filepath.Join(home, ".config")
	}
	return file{filepath.Join(config, "autostart", e.ID+".desktop"), e.desktop()}, nil
}
