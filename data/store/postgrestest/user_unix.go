//go:build unix

package postgrestest

import (
	"os"
	"os/exec"
	"os/user"
	"strconv"
	"syscall"
)

// asUser is whom the server runs as: root it refuses, and takes the user that the
// distribution made for it instead. Otherwise it is the one that runs the tests.
type asUser struct{ credential *syscall.Credential }

// take finds the user and gives it a folder.
func (a *asUser) take(folder string) error {
	if os.Getuid() != 0 {
		return nil
	}
	u, err := user.Lookup("postgres")
	if err != nil {
		return err
	}
	uid, err := strconv.ParseUint(u.Uid, 10, 32)
	if err != nil {
		return err
	}
	gid, err := strconv.ParseUint(u.Gid, 10, 32)
	if err != nil {
		return err
	}
	a.credential = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
	return os.Chown(folder, int(uid), int(gid))
}

func (a *asUser) use(c *exec.Cmd) { c.SysProcAttr = &syscall.SysProcAttr{Credential: a.credential} }
