//go:build !linux && !darwin && !windows

package store

// onNetwork cannot tell on this system.
func onNetwork(string) (bool, error) { return false, nil }

// diskFull adds nothing to ENOSPC on this system.
func diskFull(error) bool { return false }
