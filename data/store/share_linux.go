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
	return isNetworkType(int64(s.Type)), nil
}

// isNetworkType knows the numbers of linux/magic.h for file systems that are
// always remote. FUSE is not among them: it is as often a local disk.
func isNetworkType(kind int64) bool {
	switch uint32(kind) { // some systems give the number with its sign stretched
	case 0x6969, // NFS
		0x517B,     // SMB
		0xFF534D42, // CIFS
		0xFE534D42, // SMB2
		0x564C,     // NCP
		0x5346414F, // AFS
		0x73757245, // Coda
		0x00C36400: // Ceph
		return true
	}
	return false
}

// diskFull knows a quota that is used up; a full disk is ENOSPC.
func diskFull(err error) bool { return errors.Is(err, syscall.EDQUOT) }
