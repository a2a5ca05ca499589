package main

import (
	"testing"
	"testing/synctest"
)

// TestUnlessOver: a loop that ends is left alone, and one that does not is not waited
// for.
func TestUnlessOver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		over, ended := make(chan struct{}), make(chan struct{})
		go unlessOver(over, func() { close(ended) })
		<-ended
		close(over)
		unlessOver(over, func() { t.Error("ended a program that had ended") })
	})
}
