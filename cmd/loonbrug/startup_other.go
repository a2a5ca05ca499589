//go:build !windows

package main

import (
	"os"
	"runtime"

	"loonbrug/data/model"
)

// attachConsole does nothing: the standard streams are there.
func attachConsole() {}

// readyScreen refuses to open a window where there is no display. It never
// starts the program elsewhere.
func readyScreen(*shell) (elsewhere bool, err error) {
	if runtime.GOOS == "linux" && os.Getenv("DISPLAY") == "" && os.Getenv("WAYLAND_DISPLAY") == "" {
		return false, model.NewProblem("window.no_display")
	}
	return false, nil
}

// drawingChoice says that there is nothing to choose: the system brings its own
// software renderer.
const drawingChoice = false

// installed is the path that the program is started by.
func installed() (string, error) { return os.Executable() }
