//go:build unix

package store_test

import (
	"os"
	"os/exec"
	"syscall"
)

// withoutRights makes the command run as nobody when this one is root.
func withoutRights(cmd *exec.Cmd) {
	const nobody = 65534
	if os.Geteuid() == 0 {
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
	}
}
