// Package paths knows where on this computer the program keeps its files.
//
// Callers need one call: [Locate]. It gives the user's local data folder, never
// the roaming one, because a database that is copied between computers while it
// is open comes out broken. It makes no folders and opens no files.
package paths

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
)

// Paths are the places of one data folder.
type Paths struct {
	Folder   string // everything lies below it
	Database string
	Backups  string // copies made before a migration
	Log      string
	Lock     string // held by the one program that sends
	Wake     string // folder in which programs of this data folder wake each other
	InUse    string // shared by all programs that have the data folder open
	Restore  string // folder of a backup that is about to take the place of what is there
	Crashes  string // folder of what a program said when it crashed; practice has no own one
	Epoch    string // file that tells whether the database beside it follows on itself
}

// ErrNoHome says that the system tells no folder for the user's data.
var ErrNoHome = errors.New("the system names no folder for data: set one with --data-dir")

// Locate gives the places below folder or, where it is empty, below this
// system's own data folder for the user. Practice data lies in a folder of its
// own in there and can be thrown away whole.
func Locate(folder string, practice bool) (Paths, error) {
	if folder == "" {
		home, _ := os.UserHomeDir() // may be missing; dataFolder decides whether it is needed
		if folder = dataFolder(runtime.GOOS, home, os.Getenv); folder == "" {
			return Paths{}, ErrNoHome
		}
	}
	folder, err := filepath.Abs(folder)
	if err != nil {
		return Paths{}, err
	}
	crashes := filepath.Join(folder, "crashes")
	if practice {
		folder = filepath.Join(folder, "practice")
	}
	return Paths{
		Folder:   folder,
		Database: filepath.Join(folder, "loonbrug.db"),
		Backups:  filepath.Join(folder, "backups"),
		Log:      filepath.Join(folder, "loonbrug.log"),
		Lock:     filepath.Join(folder, "sender.lock"),
		Wake:     filepath.Join(folder, "wake"),
		InUse:    filepath.Join(folder, "in-use.lock"),
		Restore:  filepath.Join(folder, "restore"),
		Crashes:  crashes,
		Epoch:    filepath.Join(folder, "database.epoch"),
	}, nil
}

// dataFolder is where the system wants data of this user on this computer;
// empty when that cannot be told.
func dataFolder(system, home string, getenv func(string) string) string {
	under := func(base string, more ...string) string {
		if base == "" {
			return ""
		}
		return filepath.Join(append([]string{base}, more...)...)
	}
	switch system {
	case "windows":
		if local := getenv("LOCALAPPDATA"); local != "" {
			return under(local, "Loonbrug")
		}
		return under(home, "AppData", "Local", "Loonbrug")
	case "darwin":
		return under(home, "Library", "Application Support", "Loonbrug")
	}
	// The XDG base directory specification says that a relative path is invalid.
	if data := getenv("XDG_DATA_HOME"); filepath.IsAbs(data) {
		return under(data, "loonbrug")
	}
	return under(home, ".local", "share", "loonbrug")
}
