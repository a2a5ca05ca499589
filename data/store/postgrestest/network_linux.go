package postgrestest

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/jackc/pgx/v5"
)

// Network is a server on a computer of its own, which is a network namespace, with a
// cable to each workstation, on which it takes TLS alone. Making it needs the rights
// of root.
type Network struct {
	t      testing.TB
	space  string
	server *server
}

// NewNetwork makes a server with a number of cables for the length of a test.
func NewNetwork(t testing.TB, cables int) *Network {
	t.Helper()
	n := &Network{t: t, space: fmt.Sprintf("loonbrug-%d", os.Getpid())}
	n.ip("netns", "add", n.space)
	t.Cleanup(func() { n.ip("netns", "delete", n.space) }) // its cables go with it
	n.ip("-n", n.space, "link", "set", "lo", "up")
	var there []net.IP
	for i := range cables {
		here, far := n.ends(i)
		n.ip("link", "add", n.cable(i), "type", "veth", "peer", "name", "office", "netns", n.space)
		n.ip("-n", n.space, "link", "set", "office", "name", n.cable(i))
		n.ip("addr", "add", here.String()+"/30", "dev", n.cable(i))
		n.ip("-n", n.space, "addr", "add", far.String()+"/30", "dev", n.cable(i))
		n.Pull(i, AtServer, false)
		n.Pull(i, AtWorkstation, false)
		there = append(there, far)
	}
	if err := n.serve(there); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := n.server.stop(); err != nil {
			t.Error(err)
		}
	})
	return n
}

// Create makes an empty database.
func (n *Network) Create(database string) {
	n.t.Helper()
	ctx := context.Background()
	c, err := pgx.Connect(ctx, n.Address(0, "postgres"))
	if err == nil {
		_, err = c.Exec(ctx, "CREATE DATABASE "+database)
		err = errors.Join(err, c.Close(ctx))
	}
	if err != nil {
		n.t.Fatal(err)
	}
}

// ends are the addresses of a workstation and of the server on a cable, of those
// that are kept for tests of networks (RFC 2544).
func (*Network) ends(i int) (here, there net.IP) {
	at := func(last int) net.IP { return net.ParseIP(fmt.Sprintf("198.18.0.%d", last)) }
	return at(4*i + 1), at(4*i + 2)
}

func (n *Network) cable(i int) string { return fmt.Sprintf("lb%d-%d", os.Getpid(), i) }

func (n *Network) ip(args ...string) {
	n.t.Helper()
	if out, err := exec.Command("ip", args...).CombinedOutput(); err != nil {
		n.t.Fatalf("ip %v: %v\n%s", args, err, out)
	}
}

// serve starts the server.
func (n *Network) serve(at []net.IP) (err error) {
	if n.server, err = prepare(at...); err != nil {
		return err
	}
	hba, err := os.OpenFile(filepath.Join(n.server.folder, "data", "pg_hba.conf"), os.O_APPEND|os.O_WRONLY, 0)
	if err == nil {
		_, err = fmt.Fprintln(hba, "hostssl all all 198.18.0.0/24 trust")
		err = errors.Join(err, hba.Close())
	}
	if err != nil {
		return err
	}
	n.server.within = []string{"ip", "netns", "exec", n.space, "runuser", "-u", "postgres", "--"}
	n.server.options += " -c listen_addresses=0.0.0.0"
	return n.server.start()
}

// Address is a database as the workstation on a cable reaches it.
func (n *Network) Address(i int, database string) string {
	_, there := n.ends(i)
	return n.server.secured(fmt.Sprintf("postgres://loonbrug@%s/%s", there, database))
}

// End is one of the ends of a cable.
type End bool

// The ends of a cable. A workstation whose own end is out has no way to the server,
// and knows it; of the other end it sees nothing.
const (
	AtWorkstation End = false
	AtServer      End = true
)

// Pull pulls one end of a cable out, or puts it in again.
func (n *Network) Pull(i int, end End, out bool) {
	n.t.Helper()
	args := []string{"link", "set", n.cable(i), map[bool]string{true: "down", false: "up"}[out]}
	if end == AtServer {
		args = append([]string{"-n", n.space}, args...)
	}
	n.ip(args...)
}

// Restart ends the server as a crash does, and starts it again.
func (n *Network) Restart() {
	n.t.Helper()
	if err := n.server.restart(); err != nil {
		n.t.Fatal(err)
	}
}
