package store

import (
	"errors"
	"syscall"
)

// onNetwork tells whether the folder lies on a file system of another computer.
func onNetwork(folder string) (bool, error) {
	var s syscall.Statfs_t
	if err := syscall.Statfs(folder, &s); err != nil {
		return false, err
	}
	const local = 0x1000 // MNT_LOCAL of sys/mount.h
	return s.Flags&local == 0, nil
}

// diskFull knows a quota that is used up; a full disk is ENOSPC.
func diskFull(err error) bool { return errors.Is(err, syscall.EDQUOT) }
