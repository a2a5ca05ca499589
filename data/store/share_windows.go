package store

import (
	"errors"
	"path/filepath"
	"syscall"
	"unsafe"
)

// onNetwork tells whether the folder lies on a drive of another computer.
func onNetwork(folder string) (bool, error) {
	volume := filepath.VolumeName(folder)
	root, err := syscall.UTF16PtrFromString(volume + `\`)
	if err != nil {
		return false, err
	}
	const remote = 4 // DRIVE_REMOTE of GetDriveTypeW
	kind, _, _ := syscall.NewLazyDLL("kernel32.dll").NewProc("GetDriveTypeW").Call(uintptr(unsafe.Pointer(root)))
	return kind == remote || isShare(folder), nil
}

// diskFull knows ERROR_DISK_FULL and ERROR_HANDLE_DISK_FULL.
func diskFull(err error) bool {
	return errors.Is(err, syscall.Errno(112)) || errors.Is(err, syscall.Errno(39))
}
