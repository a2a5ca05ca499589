//go:build network

package torture_test

import (
	"testing"

	"loonbrug/data/store/postgrestest"
)

// TestNetwork is [TestShared] with the server on a computer of its own, over TLS: the
// cable of the first computer is pulled out, at one end and then at the other. It
// needs the rights of root.
func TestNetwork(t *testing.T) {
	n := postgrestest.NewNetwork(t, 2)
	n.Create("office")
	end := postgrestest.AtServer
	shareOne(t, 5, routes{
		place: n.Address(0, "office"), first: n.Address(1, "office"), restart: n.Restart,
		cut: func(on bool) {
			n.Pull(1, end, on)
			if !on {
				end = !end
			}
		},
	})
}
