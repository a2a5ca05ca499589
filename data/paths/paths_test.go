package paths_test

import (
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"loonbrug/data/paths"
)

func TestLocate(t *testing.T) {
	folder := t.TempDir()
	got, err := paths.Locate(folder, false)
	if err != nil {
		t.Fatal(err)
	}
	want := paths.Paths{
		Folder:   folder,
		Database: filepath.Join(folder, "loonbrug.db"),
		Backups:  filepath.Join(folder, "backups"),
		Log:      filepath.Join(folder, "loonbrug.log"),
		Lock:     filepath.Join(folder, "sender.lock"),
		Wake:     filepath.Join(folder, "wake"),
		InUse:    filepath.Join(folder, "in-use.lock"),
		Restore:  filepath.Join(folder, "restore"),
		Crashes:  filepath.Join(folder, "crashes"),
		Epoch:    filepath.Join(folder, "database.epoch"),
	}
	if got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	practice, err := paths.Locate(folder, true)
	if err != nil {
		t.Fatal(err)
	}
	for i := range reflect.TypeFor[paths.Paths]().NumField() {
		path := reflect.ValueOf(practice).Field(i).String()
		if path != want.Crashes && !strings.HasPrefix(path, filepath.Join(folder, "practice")) {
			t.Errorf("practice shares %s", path)
		}
	}
}

func TestLocate_RelativeBecomesAbsolute(t *testing.T) {
	folder := t.TempDir()
	t.Chdir(folder)
	got, err := paths.Locate("office", false)
	if err != nil || !filepath.IsAbs(got.Database) || filepath.Base(got.Folder) != "office" {
		t.Errorf("got %+v: %v", got, err)
	}
}

func TestDataFolder(t *testing.T) {
	for name, c := range map[string]struct {
		system, home string
		env          map[string]string
		want         string
	}{
		"Linux":            {"linux", "/home/u", nil, "/home/u/.local/share/loonbrug"},
		"LinuxXDG":         {"linux", "/home/u", map[string]string{"XDG_DATA_HOME": "/data"}, "/data/loonbrug"},
		"LinuxXDGRelative": {"linux", "/home/u", map[string]string{"XDG_DATA_HOME": "data"}, "/home/u/.local/share/loonbrug"},
		"LinuxNoHome":      {"linux", "", nil, ""},
		"Mac":              {"darwin", "/Users/u", nil, "/Users/u/Library/Application Support/Loonbrug"},
		"Windows":          {"windows", "/u", map[string]string{"LOCALAPPDATA": "/u/local", "APPDATA": "/u/roaming"}, "/u/local/Loonbrug"},
		"WindowsNoLocal":   {"windows", "/u", map[string]string{"APPDATA": "/u/roaming"}, "/u/AppData/Local/Loonbrug"},
		"WindowsNothing":   {"windows", "", map[string]string{"APPDATA": "/u/roaming"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			got := paths.DataFolder(c.system, c.home, func(name string) string { return c.env[name] })
			if filepath.ToSlash(got) != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}
