//go:build !linux

package main

// trayHost tells whether the desktop has a place for icons; these all have.
func trayHost() bool { return true }
