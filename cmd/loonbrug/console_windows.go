package main

import (
	"os"

	"golang.org/x/sys/windows"
)

// attachConsole lets the program print into the console it was started from. A
// program for windows is given no console of its own, so that none flashes up
// beside its window. Where its output was redirected to a file or to another
// program, that stays as it is.
func attachConsole() {
	out, errOut := connected(windows.STD_OUTPUT_HANDLE), connected(windows.STD_ERROR_HANDLE)
	if out && errOut {
		return
	}
	const parent = 0xFFFFFFFF // ATTACH_PARENT_PROCESS
	attach := windows.NewLazySystemDLL("kernel32.dll").NewProc("AttachConsole")
	if ok, _, _ := attach.Call(parent); ok == 0 {
		return // started by a click: nobody reads along
	}
	console, err := os.OpenFile("CONOUT$", os.O_RDWR, 0)
	if err != nil {
		return
	}
	if !out {
		os.Stdout = console
	}
	if !errOut {
		os.Stderr = console
	}
}

// connected tells whether a standard handle leads anywhere.
func connected(which uint32) bool {
	h, err := windows.GetStdHandle(which)
	if err != nil || h == 0 || h == windows.InvalidHandle {
		return false
	}
	kind, err := windows.GetFileType(h)
	return err == nil && kind != windows.FILE_TYPE_UNKNOWN
}
