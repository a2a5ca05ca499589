package backup_test

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"hash/crc32"
	"maps"
	"os"
	"path/filepath"
	"testing"
	"time"

	"loonbrug/data/backup"
	"loonbrug/data/model"
)

func write(t *testing.T, folder string, files map[string]string) {
	t.Helper()
	if err := os.MkdirAll(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func read(t *testing.T, folder string) map[string]string {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	files := make(map[string]string)
	for _, e := range entries {
		text, err := os.ReadFile(filepath.Join(folder, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		files[e.Name()] = string(text)
	}
	return files
}

func wantProblem(t *testing.T, err error, code string) {
	t.Helper()
	if p := model.ProblemOf(err); p == nil || p.Code != code {
		t.Errorf("got %v, want %s", err, code)
	}
}

func TestWriteAndUnpack(t *testing.T) {
	folder := t.TempDir()
	from, file, to := filepath.Join(folder, "from"), filepath.Join(folder, "b.zip"), filepath.Join(folder, "to")
	write(t, from, map[string]string{"a.db": "all", "own.json": "{}"})
	info := backup.Info{Program: "1.2.3", Made: time.Date(2026, 4, 1, 12, 0, 0, 0, time.UTC), Key: "f00d"}
	parts := map[string]string{"a.db": filepath.Join(from, "a.db"), "own.json": filepath.Join(from, "own.json")}
	if err := backup.Write(file, info, parts); err != nil {
		t.Fatal(err)
	}
	got, err := backup.Unpack(file, to, "a.db", "own.json", "not.there")
	info.Format = 1
	if err != nil || got != info {
		t.Errorf("%+v %v", got, err)
	}
	if !maps.Equal(read(t, from), read(t, to)) {
		t.Errorf("%v", read(t, to))
	}
	_, err = backup.Unpack(file, filepath.Join(folder, "less"), "a.db")
	wantProblem(t, err, "backup.not_one")
}

// TestUnpack_Stray writes nothing outside of its folder, whatever a file says.
func TestUnpack_Stray(t *testing.T) {
	folder := t.TempDir()
	for name, about := range map[string]string{
		"../stray": `{"loonbrug_backup":1}`, "a.db": `{}`, "b.db": `{"loonbrug_backup":2}`, "c.db": `no`,
	} {
		var z bytes.Buffer
		w := zip.NewWriter(&z)
		for part, text := range map[string]string{"backup.json": about, name: "x"} {
			f, err := w.Create(part)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := f.Write([]byte(text)); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(folder, "bad.zip")
		if err := os.WriteFile(file, z.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
		want := "backup.not_one"
		if name == "b.db" {
			want = "backup.newer"
		}
		_, err := backup.Unpack(file, filepath.Join(folder, "in"), "a.db", "b.db", "c.db")
		wantProblem(t, err, want)
		if _, err := os.Stat(filepath.Join(folder, "stray")); err == nil {
			t.Fatal("a part left the folder")
		}
	}
}

// TestUnpack_MoreThanItSays: a part that grows beyond the size in its directory, as
// a bomb does, is not written on.
func TestUnpack_MoreThanItSays(t *testing.T) {
	const says, holds = 10, 1 << 20
	var packed, z bytes.Buffer
	deflate, err := flate.NewWriter(&packed, flate.BestCompression)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := deflate.Write(make([]byte, holds)); err != nil {
		t.Fatal(err)
	}
	if err := deflate.Close(); err != nil {
		t.Fatal(err)
	}
	w := zip.NewWriter(&z)
	about, err := w.Create("backup.json")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := about.Write([]byte(`{"loonbrug_backup":1}`)); err != nil {
		t.Fatal(err)
	}
	bomb, err := w.CreateRaw(&zip.FileHeader{
		Name: "a.db", Method: zip.Deflate, CRC32: crc32.ChecksumIEEE(make([]byte, holds)),
		CompressedSize64: uint64(packed.Len()), UncompressedSize64: says,
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := bomb.Write(packed.Bytes()); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	file := filepath.Join(folder, "bomb.zip")
	if err := os.WriteFile(file, z.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err = backup.Unpack(file, filepath.Join(folder, "in"), "a.db")
	wantProblem(t, err, "backup.not_one")
	if wrote := read(t, filepath.Join(folder, "in"))["a.db"]; len(wrote) > says {
		t.Errorf("%d bytes were written", len(wrote))
	}
}

// TestApply_BrokenOff breaks a restore off after each of its moves and lets it go
// on: what comes is in its place, and what was there is aside, whole.
func TestApply_BrokenOff(t *testing.T) {
	old := map[string]string{"a.db": "old", "a.db-wal": "old log", "key": "old key", "other": "stays"}
	companions := map[string][]string{"a.db": {"a.db-wal", "a.db-shm"}}
	// The moves of a whole restore, in their order.
	moves := [][2]string{{"data/a.db-wal", "aside/a.db-wal"}, {"data/a.db", "aside/a.db"}, {"ready/a.db", "data/a.db"}, {"data/key", "aside/key"}, {"ready/key", "data/key"}}
	for done := range len(moves) + 1 {
		folder := t.TempDir()
		ready, data, aside := filepath.Join(folder, "ready"), filepath.Join(folder, "data"), filepath.Join(folder, "aside")
		write(t, data, old)
		write(t, ready, map[string]string{"a.db": "new", "key": "new key"})
		if at, err := backup.Waiting(ready); err != nil || !at.IsZero() {
			t.Fatalf("ready before it is: %v", err)
		}
		if err := backup.Ready(ready); err != nil {
			t.Fatal(err)
		}
		if err := os.MkdirAll(aside, 0o700); err != nil {
			t.Fatal(err)
		}
		for _, m := range moves[:done] {
			if err := os.Rename(filepath.Join(folder, m[0]), filepath.Join(folder, m[1])); err != nil {
				t.Fatal(err)
			}
		}
		if at, err := backup.Waiting(ready); err != nil || at.IsZero() {
			t.Fatalf("not ready: %v", err)
		}
		if err := backup.Apply(ready, data, aside, companions); err != nil {
			t.Fatal(err)
		}
		if got, want := read(t, data), (map[string]string{"a.db": "new", "key": "new key", "other": "stays"}); !maps.Equal(got, want) {
			t.Errorf("after %d moves: %v", done, got)
		}
		if got, want := read(t, aside), (map[string]string{"a.db": "old", "a.db-wal": "old log", "key": "old key"}); !maps.Equal(got, want) {
			t.Errorf("after %d moves, aside: %v", done, got)
		}
		if at, err := backup.Waiting(ready); err != nil || !at.IsZero() {
			t.Errorf("still waiting: %v", err)
		}
	}
}
