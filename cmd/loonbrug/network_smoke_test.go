//go:build smoke && network && linux

package main

import (
	"testing"

	"loonbrug/data/store/postgrestest"
)

// TestNetwork has two windows share a database on a computer of its own, over TLS.
// The cable of the second is pulled out of the server, and in another office out of
// its own computer. It needs the rights of root.
func TestNetwork(t *testing.T) {
	n := postgrestest.NewNetwork(t, 2)
	for name, end := range map[string]postgrestest.End{"server": postgrestest.AtServer, "workstation": postgrestest.AtWorkstation} {
		t.Run(name, func(t *testing.T) {
			n.Create(name)
			twoWindows(t, n.Address(0, name), n.Address(1, name), func(on bool) { n.Pull(1, end, on) })
		})
	}
}
