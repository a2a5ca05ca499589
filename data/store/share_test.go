package store_test

import (
	"testing"

	"loonbrug/data/store"
)

func TestIsShare(t *testing.T) {
	for path, want := range map[string]bool{
		`\\server\share\loonbrug.db`:       true,
		`\\?\UNC\server\share\loonbrug.db`: true,
		`\\?\unc\server\share\loonbrug.db`: true,
		`\\?\C:\Users\x\loonbrug.db`:       false,
		`\\.\C:\Users\x\loonbrug.db`:       false,
		`C:\Users\x\loonbrug.db`:           false,
		`/home/x/.local/share/loonbrug.db`: false,
		`\temp\loonbrug.db`:                false,
	} {
		if got := store.IsShare(path); got != want {
			t.Errorf("%s: %t", path, got)
		}
	}
}
