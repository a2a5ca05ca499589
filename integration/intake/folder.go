package intake

import (
	"context"
	"crypto/sha256"
	"errors"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/fsnotify/fsnotify"

	"loonbrug/data/model"
)

// The folders below the watched one in which files end.
const (
	doneFolder     = "done"
	problemsFolder = "problems"
)

// folder is a watched folder: files in it, and in folders below it that are
// named after companies.
type folder struct {
	path   string
	settle time.Duration
	office Office
	log    *slog.Logger
	seen   map[string]sight
}

// sight is how a file looked when it was seen first like this.
type sight struct {
	size     int64
	modified time.Time
	since    time.Time
	told     string // code of the problem that the office was told
}

func newFolder(path string, settle time.Duration, office Office, log *slog.Logger) *folder {
	return &folder{path: path, settle: settle, office: office, log: log, seen: make(map[string]sight)}
}

// watch tells when something happens in the folder or below it; folders that are
// made later are watched too.
func (f *folder) watch() (events <-chan struct{}, end func(), err error) {
	if err := os.MkdirAll(f.path, 0o700); err != nil {
		return nil, nil, model.NewProblem("intake.folder", "folder", f.path).Because(err)
	}
	w, err := fsnotify.NewWatcher()
	if err == nil {
		err = w.Add(f.path)
	}
	if err != nil {
		return nil, nil, model.NewProblem("intake.folder", "folder", f.path).Because(err)
	}
	for _, below := range f.below() {
		if err := w.Add(filepath.Join(f.path, below)); err != nil {
			f.log.Warn("watch folder", "error", err)
		}
	}
	out := make(chan struct{}, 1)
	go func() {
		for {
			select {
			case e, ok := <-w.Events:
				if !ok {
					return
				}
				if info, err := os.Stat(e.Name); err == nil && info.IsDir() && e.Has(fsnotify.Create) && !ending(filepath.Base(e.Name)) {
					if err := w.Add(e.Name); err != nil {
						f.log.Warn("watch folder", "error", err)
					}
				}
				select {
				case out <- struct{}{}:
				default:
				}
			case err, ok := <-w.Errors:
				if !ok {
					return
				}
				f.log.Warn("watch folder", "error", err)
			}
		}
	}()
	return out, func() {
		if err := w.Close(); err != nil {
			f.log.Warn("watch folder", "error", err)
		}
	}, nil
}

func ending(name string) bool { return name == doneFolder || name == problemsFolder }

// below are the folders of companies.
func (f *folder) below() []string {
	entries, err := os.ReadDir(f.path)
	if err != nil {
		f.log.Warn("read folder", "error", err)
	}
	var names []string
	for _, e := range entries {
		if e.IsDir() && !ending(e.Name()) && !strings.HasPrefix(e.Name(), ".") {
			names = append(names, e.Name())
		}
	}
	return names
}

// sweep takes in every file that has stayed the same for long enough. again
// tells that some have not yet.
func (f *folder) sweep(ctx context.Context, now time.Time) (again bool) {
	present := make(map[string]bool)
	for _, company := range append([]string{""}, f.below()...) {
		entries, err := os.ReadDir(filepath.Join(f.path, company))
		if err != nil {
			f.log.Warn("read folder", "error", err)
			continue
		}
		for _, e := range entries {
			if ctx.Err() != nil {
				return false
			}
			path := filepath.Join(f.path, company, e.Name())
			info, err := e.Info()
			if err != nil || !info.Mode().IsRegular() || unfinished(e.Name()) {
				continue
			}
			present[path] = true
			if !f.settled(path, info, now) {
				again = true
				continue
			}
			if f.take(ctx, company, path) {
				again = true
			}
		}
	}
	for path := range f.seen {
		if !present[path] {
			delete(f.seen, path)
		}
	}
	return again
}

// unfinished are names that programs give to files while they write them.
func unfinished(name string) bool {
	lower := strings.ToLower(name)
	for _, suffix := range []string{".tmp", ".part", ".partial", ".crdownload", ".download"} {
		if strings.HasSuffix(lower, suffix) {
			return true
		}
	}
	return strings.HasPrefix(name, ".") || strings.HasPrefix(name, "~$")
}

// settled tells whether a file looks as it did a while ago.
func (f *folder) settled(path string, info fs.FileInfo, now time.Time) bool {
	s, ok := f.seen[path]
	if !ok || s.size != info.Size() || !s.modified.Equal(info.ModTime()) {
		f.seen[path] = sight{size: info.Size(), modified: info.ModTime(), since: now}
		return false
	}
	return now.Sub(s.since) >= f.settle
}

// take gives a file to the office and moves it to where it ends. The office keeps
// what could not be taken. A file that cannot be opened, or that the program could
// not take for reasons of its own, stays until the next look. again tells that
// another file came under its name meanwhile.
func (f *folder) take(ctx context.Context, company, path string) (again bool) {
	read, err := f.drop(ctx, company, path)
	p := model.ProblemOf(err)
	if ctx.Err() != nil {
		return false
	}
	if p != nil && !f.refused(ctx, company, path, p) {
		return false
	}
	to := doneFolder
	if p != nil {
		to = problemsFolder
	}
	moved, err := move(path, filepath.Join(f.path, to, filepath.Base(path)))
	if err == nil {
		again, err = another(read, moved, path)
	}
	if err == nil && p != nil && !again {
		err = os.WriteFile(moved+".txt", []byte(f.office.Explain(p)), 0o600)
	}
	if err != nil {
		f.log.Error("move file", "error", err)
		return false
	}
	delete(f.seen, path)
	return again
}

// another tells whether what was moved is not what was read: somebody put a new
// file in its place, or went on writing, meanwhile. It goes back to where it lay, to
// be looked at as a new one. The content tells: on a memory stick or a share a file
// may have another identity once it was moved.
func another(read digest, moved, back string) (bool, error) {
	file, err := os.Open(moved)
	if err != nil {
		return false, err
	}
	sum := sha256.New()
	_, err = io.Copy(sum, file)
	if err := errors.Join(err, file.Close()); err != nil || digest(sum.Sum(nil)) == read {
		return false, err
	}
	_, err = move(moved, back)
	return true, err
}

// digest is the SHA-256 of the content of a file.
type digest [sha256.Size]byte

// refused has the office keep, once, why a file could not be taken. ends tells that
// it is not tried again.
func (f *folder) refused(ctx context.Context, company, path string, p *model.Problem) (ends bool) {
	own := p.Code == "internal"
	if own || p.Retryable {
		f.log.Error("take in", "error", p)
	} else {
		f.log.Warn("file with a problem", "problem", p.Code)
	}
	if p.Retryable || p.Code == cannotOpen && errors.Is(p, fs.ErrNotExist) {
		return false
	}
	if s := f.seen[path]; s.told != p.Code {
		if err := f.office.Refuse(ctx, company, filepath.Base(path), p); err != nil {
			f.log.Error("keep that a file was refused", "error", err)
			return false
		}
		s.told = p.Code
		f.seen[path] = s
	}
	return !own && p.Code != cannotOpen
}

// cannotOpen is the problem of a file that the program may not read, or that
// another one holds.
const cannotOpen = "file.cannot_open"

// drop gives a file to the office, and tells what was read of it.
func (f *folder) drop(ctx context.Context, company, path string) (read digest, err error) {
	file, err := os.Open(path)
	if err != nil {
		return read, model.NewProblem(cannotOpen, "file", filepath.Base(path)).Because(err)
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	info, err := file.Stat()
	if err != nil {
		return read, model.NewProblem(cannotOpen, "file", filepath.Base(path)).Because(err)
	}
	sum := sha256.New()
	content := io.TeeReader(io.LimitReader(file, info.Size()), sum) // what it grows by meanwhile is not read
	err = f.office.Drop(ctx, company, filepath.Base(path), content)
	_, rest := io.Copy(io.Discard, content) // what the office had no need of
	return digest(sum.Sum(nil)), errors.Join(err, rest)
}

// move gives a file another path, in a folder that is made where it is missing, or
// that path with a number behind the name where it is taken.
func move(from, to string) (moved string, err error) {
	if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
		return "", err
	}
	ext := filepath.Ext(to)
	moved = to
	for n := 2; ; n++ {
		if _, err := os.Lstat(moved); errors.Is(err, fs.ErrNotExist) {
			return moved, os.Rename(from, moved)
		} else if err != nil {
			return "", err
		}
		moved = strings.TrimSuffix(to, ext) + " (" + strconv.Itoa(n) + ")" + ext
	}
}
