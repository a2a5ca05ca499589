//go:build !smoke

package main

import (
	"errors"
	"testing"

	"loonbrug/data/store/storetest"
)

// useEngine knows files alone.
func useEngine() error {
	if storetest.OnServer() {
		return errors.New("-engine postgres needs -tags smoke")
	}
	return nil
}

// onFiles is for a test of what only a file has.
func onFiles(*testing.T) {}
