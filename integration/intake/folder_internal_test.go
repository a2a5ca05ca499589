package intake

import (
	"context"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"loonbrug/data/model"
)

// desk takes files in and remembers them.
type desk struct {
	Office
	took    []string
	refused []string
	fail    func(name string) error
}

func (d *desk) Drop(_ context.Context, folder, name string, content io.Reader) error {
	data, err := io.ReadAll(content)
	if err != nil {
		return err
	}
	if d.fail != nil {
		if err := d.fail(name); err != nil {
			return err
		}
	}
	d.took = append(d.took, folder+"/"+name+"="+string(data))
	return nil
}

func (d *desk) Refuse(_ context.Context, folder, name string, p *model.Problem) error {
	d.refused = append(d.refused, folder+"/"+name+"="+p.Code)
	return nil
}

func (d *desk) Explain(p *model.Problem) string { return "explained: " + p.Code }

func laid(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// renamed gives a file that was laid as a part its whole name.
func renamed(t *testing.T, path string) {
	t.Helper()
	if err := os.Rename(path+".part", path); err != nil {
		t.Fatal(err)
	}
}

func files(t *testing.T, dir string) (all []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, e os.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			rel, _ := filepath.Rel(dir, path)
			all = append(all, filepath.ToSlash(rel))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// A file is taken in once it has stayed the same, from the folder or from one
// named after a company, and then lies in done or, with the reason, in problems.
func TestFolder(t *testing.T) {
	dir := t.TempDir()
	d := &desk{fail: func(name string) error {
		if strings.HasPrefix(name, "bad") {
			return model.NewProblem("file.cut_off", "file", name)
		}
		return nil
	}}
	f := newFolder(dir, time.Second, d, slog.New(slog.DiscardHandler))
	now := time.Unix(1000, 0)
	laid(t, filepath.Join(dir, "a.xml"), "half")
	laid(t, filepath.Join(dir, "De Halm", "b.csv"), "b")
	laid(t, filepath.Join(dir, "bad.xml"), "bad")
	laid(t, filepath.Join(dir, "c.xml.part"), "still coming")
	laid(t, filepath.Join(dir, "~$d.xlsx"), "lock")
	laid(t, filepath.Join(dir, "done", "a.xml"), "an earlier one")
	if !f.sweep(t.Context(), now) || len(d.took) > 0 {
		t.Fatalf("took %v at once", d.took)
	}
	laid(t, filepath.Join(dir, "a.xml"), "all of it")
	if !f.sweep(t.Context(), now.Add(time.Second)) {
		t.Fatal("nothing is left to wait for")
	}
	if slices.Contains(d.took, "/a.xml=all of it") {
		t.Fatal("a file was taken that had just grown")
	}
	if f.sweep(t.Context(), now.Add(2*time.Second)) {
		t.Error("something is left")
	}
	slices.Sort(d.took)
	if want := []string{"/a.xml=all of it", "De Halm/b.csv=b"}; !slices.Equal(d.took, want) {
		t.Errorf("took %v, want %v", d.took, want)
	}
	want := []string{"c.xml.part", "done/a (2).xml", "done/a.xml", "done/b.csv", "problems/bad.xml", "problems/bad.xml.txt", "~$d.xlsx"}
	if got := files(t, dir); !slices.Equal(got, want) {
		t.Errorf("files %v, want %v", got, want)
	}
	if text, err := os.ReadFile(filepath.Join(dir, "problems", "bad.xml.txt")); err != nil || string(text) != "explained: file.cut_off" {
		t.Errorf("%q, %v", text, err)
	}
	if want := []string{"/bad.xml=file.cut_off"}; !slices.Equal(d.refused, want) {
		t.Errorf("told of %v, want %v", d.refused, want)
	}
	if f.sweep(t.Context(), now.Add(time.Hour)) || len(d.took) != 2 {
		t.Error("taken twice")
	}
}

// What is the program's trouble and not the file's leaves the file where it is.
func TestFolder_Trouble(t *testing.T) {
	dir := t.TempDir()
	full := true
	d := &desk{fail: func(string) error {
		if full {
			return model.NewProblem("store.full").Again()
		}
		return nil
	}}
	f := newFolder(dir, time.Second, d, slog.New(slog.DiscardHandler))
	laid(t, filepath.Join(dir, "a.xml"), "x")
	for second := range int64(3) {
		f.sweep(t.Context(), time.Unix(second, 0))
	}
	if got := files(t, dir); !slices.Equal(got, []string{"a.xml"}) || len(d.refused) > 0 {
		t.Fatalf("files %v, told of %v", got, d.refused)
	}
	full = false
	f.sweep(t.Context(), time.Unix(5, 0))
	if got := files(t, dir); !slices.Equal(got, []string{"done/a.xml"}) || len(d.took) != 1 {
		t.Errorf("files %v, took %v", got, d.took)
	}
}

// A file that comes under the name of one that the office has just read, or that
// grew while it read, is not put away with it: it is taken in as well, unless it is
// the same.
func TestFolder_Replaced(t *testing.T) {
	for _, c := range []struct {
		name    string
		problem bool
		come    func(path string) // while the office reads
		took    []string
	}{
		{"after a good one", false, func(path string) { laid(t, path+".part", "new"); renamed(t, path) }, []string{"/a.xml=old", "/a.xml=new"}},
		{"after a bad one", true, func(path string) { laid(t, path+".part", "new"); renamed(t, path) }, []string{"/a.xml=new"}},
		{"by the same", false, func(path string) { laid(t, path+".part", "old"); renamed(t, path) }, []string{"/a.xml=old"}},
		{"grown", false, func(path string) { laid(t, path, "old and new") }, []string{"/a.xml=old", "/a.xml=old and new"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			path := filepath.Join(dir, "a.xml")
			laid(t, path, "old")
			laid(t, filepath.Join(dir, "done", "a.xml"), "an earlier one")
			laid(t, filepath.Join(dir, "problems", "a.xml"), "an earlier one")
			came := false
			d := &desk{fail: func(name string) error {
				if came {
					return nil
				}
				came = true
				c.come(path)
				if c.problem {
					return model.NewProblem("file.cut_off", "file", name)
				}
				return nil
			}}
			f := newFolder(dir, time.Second, d, slog.New(slog.DiscardHandler))
			for second := int64(1000); f.sweep(t.Context(), time.Unix(second, 0)); second++ {
				if second == 1010 {
					t.Fatal("it is looked at for ever")
				}
			}
			if !slices.Equal(d.took, c.took) {
				t.Errorf("took %v, want %v", d.took, c.took)
			}
			if got := files(t, dir); !slices.Equal(got, []string{"done/a (2).xml", "done/a.xml", "problems/a.xml"}) {
				t.Errorf("files %v", got)
			}
		})
	}
}

// The watcher tells of a new file, also in a folder that was made later.
func TestFolder_Watch(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "inbox")
	f := newFolder(dir, time.Second, &desk{}, slog.New(slog.DiscardHandler))
	events, end, err := f.watch()
	if err != nil {
		t.Fatal(err)
	}
	defer end()
	laid(t, filepath.Join(dir, "a.xml"), "x")
	<-events
	if err := os.Mkdir(filepath.Join(dir, "De Halm"), 0o700); err != nil {
		t.Fatal(err)
	}
	<-events
}
