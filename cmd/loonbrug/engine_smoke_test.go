//go:build smoke

package main

import (
	"os"
	"testing"

	"loonbrug/data/store/postgrestest"
	"loonbrug/data/store/storetest"
)

// useEngine has every data folder of the tests, and of the programs that they start,
// keep its own database on the engine that is tested.
func useEngine() error {
	if !storetest.OnServer() {
		return nil
	}
	address, err := postgrestest.Address()
	if err != nil {
		return err
	}
	return os.Setenv(serverVariable, address)
}

// onFiles is for a test of what only a file has: it can be backed up, replaced,
// damaged, and moved to a server.
func onFiles(t *testing.T) {
	t.Helper()
	t.Setenv(serverVariable, "")
}
