package store

import (
	"fmt"
	"path/filepath"
)

// Room is how many bytes this user may still write where the database lies.
func (s *Store) Room() (int64, error) { return s.engine.room() }

func (f *sqliteFile) room() (int64, error) {
	free, err := roomIn(filepath.Dir(f.path))
	if err != nil {
		return 0, fault(f.path, fmt.Errorf("ask for the room on the disk: %w", err))
	}
	return free, nil
}
