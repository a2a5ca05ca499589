package store_test

import (
	"testing"

	"loonbrug/data/store"
)

func TestNetworkTypes(t *testing.T) {
	const nfs, cifs, ext4, tmpfs, btrfs = 0x6969, 0xFF534D42, 0xEF53, 0x01021994, 0x9123683E
	for kind, want := range map[int64]bool{
		nfs: true, cifs: true, int64(cifs) - 1<<32: true, // as a processor of 32 bits has it
		ext4: false, tmpfs: false, btrfs: false, 0: false,
	} {
		if got := store.IsNetworkType(kind); got != want {
			t.Errorf("%#x: %t", kind, got)
		}
	}
	if remote, err := store.OnNetwork(t.TempDir()); remote || err != nil {
		t.Error(remote, err)
	}
	if _, err := store.OnNetwork("/nowhere/at/all"); err == nil {
		t.Error("a folder that is not there was looked at")
	}
}
