// Package books is what the practice systems share: keeping their books in a
// file, showing them as a web page, and misbehaving on request. It knows
// nothing of any accounting system's wire format.
package books

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// File keeps the state of one practice system as JSON, so that what it booked
// outlives the program, as the books of a real system do. The zero File keeps
// nothing.
type File struct{ path string }

// Load reads what the file at path holds into v and returns the file. A file
// that is not there leaves v as it is; an empty path keeps nothing.
func Load(path string, v any) (File, error) {
	if path == "" {
		return File{}, nil
	}
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return File{path: path}, nil
	}
	if err != nil {
		return File{}, fmt.Errorf("practice books: %w", err)
	}
	if err := json.Unmarshal(data, v); err != nil {
		return File{}, fmt.Errorf("practice books %s: %w", filepath.Base(path), err)
	}
	return File{path: path}, nil
}

// Save writes v durably in place of what was there. A system books first and
// answers after, so Save comes before the answer.
func (f File) Save(v any) error {
	if f.path == "" {
		return nil
	}
	data, err := json.MarshalIndent(v, "", " ")
	if err != nil {
		return fmt.Errorf("practice books: %w", err)
	}
	next, err := os.CreateTemp(filepath.Dir(f.path), filepath.Base(f.path)+".*")
	if err != nil {
		return fmt.Errorf("practice books: %w", err)
	}
	_, errWrite := next.Write(data)
	errSync := next.Sync()
	if err := errors.Join(errWrite, errSync, next.Close()); err != nil {
		return errors.Join(fmt.Errorf("practice books: %w", err), os.Remove(next.Name()))
	}
	if err := os.Rename(next.Name(), f.path); err != nil {
		return fmt.Errorf("practice books: %w", err)
	}
	return nil
}
