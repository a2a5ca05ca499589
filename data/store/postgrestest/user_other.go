//go:build !unix

package postgrestest

import "os/exec"

// asUser is the user that runs the tests.
type asUser struct{}

func (*asUser) take(string) error { return nil }

func (*asUser) use(*exec.Cmd) {}
