package store

import (
	"path/filepath"
	"strings"
)

// isShare tells whether the path is written as a share of another computer:
// \\server\share. On Windows //server/share is the same.
func isShare(path string) bool {
	p := filepath.FromSlash(path)
	if !strings.HasPrefix(p, `\\`) {
		return false
	}
	if device := strings.HasPrefix(p, `\\?\`) || strings.HasPrefix(p, `\\.\`); device {
		return strings.HasPrefix(strings.ToUpper(p[4:]), `UNC\`)
	}
	return true
}
