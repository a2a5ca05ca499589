// Package backup is the file that carries a data folder to another place or
// another time, and the way back.
//
// [Write] makes such a file from copies of what the folder holds, [Unpack] lays
// one ready beside the data folder, and [Apply] lets what lies ready take the
// place of what is there. A restore that is broken off goes on at the next
// [Apply]; until then nothing of the data folder has changed. What was there is
// kept aside, never removed.
//
// The file is a zip with a description of itself ([Info]). The package knows
// nothing of what it carries: that the copy of the database holds no credentials
// is the store's work, that its key lies under a passphrase that of the secrets.
package backup

import (
	"archive/zip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"syscall"
	"time"

	"loonbrug/data/model"
)

// Info is what a backup says of itself.
type Info struct {
	Format  int       `json:"loonbrug_backup"`
	Program string    `json:"program"` // version of the program that made it
	Made    time.Time `json:"made"`
	Key     string    `json:"key"` // fingerprint of the key that its sealed parts need
}

const (
	format   = 1
	infoName = "backup.json"
	maxPart  = 16 << 30 // bytes; more is no backup of an office
)

// Write makes the backup file from files by the names they have in a data
// folder. It comes into place whole or not at all, readable by this user alone.
func Write(path string, info Info, files map[string]string) (err error) {
	unfinished := path + ".part"
	f, err := os.OpenFile(unfinished, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return fault(path, err)
	}
	err = pack(f, info, files)
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return fault(path, errors.Join(err, os.Remove(unfinished)))
	}
	return fault(path, os.Rename(unfinished, path))
}

func pack(out io.Writer, info Info, files map[string]string) error {
	info.Format = format
	z := zip.NewWriter(out)
	w, err := z.Create(infoName)
	if err != nil {
		return err
	}
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(info); err != nil {
		return err
	}
	for _, name := range names(files) {
		if err := packFile(z, name, files[name]); err != nil {
			return err
		}
	}
	return z.Close()
}

func names(files map[string]string) []string {
	all := make([]string, 0, len(files))
	for name := range files {
		all = append(all, name)
	}
	slices.Sort(all)
	return all
}

func packFile(z *zip.Writer, name, path string) error {
	in, err := os.Open(path)
	if err != nil {
		return err
	}
	defer func() { _ = in.Close() }()
	w, err := z.Create(name)
	if err != nil {
		return err
	}
	_, err = io.Copy(w, in)
	return err
}

// Unpack writes the parts of a backup that are allowed into a folder that it
// makes. Anything else in the file is refused. Problems: backup.cannot_open,
// backup.not_one, backup.newer, store.disk_full, store.read_only.
func Unpack(path, folder string, allowed ...string) (info Info, err error) {
	z, err := zip.OpenReader(path)
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrPermission) {
		return info, model.NewProblem("backup.cannot_open", "file", path).Because(err)
	}
	if err != nil {
		return info, notOne(path, err)
	}
	defer func() { _ = z.Close() }()
	if info, err = readInfo(&z.Reader); err != nil {
		return info, notOne(path, err)
	}
	if info.Format > format {
		return info, model.NewProblem("backup.newer", "file", path, "version", info.Program)
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return info, fault(folder, err)
	}
	for _, part := range z.File {
		switch {
		case part.Name == infoName:
		case !slices.Contains(allowed, part.Name) || part.UncompressedSize64 > maxPart:
			return info, notOne(path, fmt.Errorf("it holds %q", part.Name))
		default:
			if err := unpackFile(path, filepath.Join(folder, part.Name), part); err != nil {
				return info, err
			}
		}
	}
	return info, nil
}

func readInfo(z *zip.Reader) (info Info, err error) {
	f, err := z.Open(infoName)
	if err != nil {
		return info, err
	}
	defer func() { _ = f.Close() }()
	if err := json.NewDecoder(f).Decode(&info); err != nil {
		return info, err
	}
	if info.Format < 1 {
		return info, errors.New("it does not say that it is one")
	}
	return info, nil
}

// unpackFile tells a damaged backup from a disk that does not take it.
func unpackFile(path, to string, part *zip.File) error {
	in, err := part.Open()
	if err != nil {
		return notOne(path, err)
	}
	defer func() { _ = in.Close() }()
	out, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return fault(to, err)
	}
	w := &blaming{Writer: out}
	_, err = io.CopyN(w, in, int64(part.UncompressedSize64)) //nolint:gosec // below maxPart
	if err == nil {
		err = ended(in)
	}
	if err != nil && w.failed == nil {
		return errors.Join(notOne(path, err), out.Close())
	}
	return fault(to, errors.Join(err, out.Sync(), out.Close()))
}

// ended wants nothing more of a part than its directory said; the end is where its
// checksum is compared.
func ended(part io.Reader) error {
	switch _, err := io.CopyN(io.Discard, part, 1); {
	case errors.Is(err, io.EOF):
		return nil
	case err != nil:
		return err
	}
	return errors.New("it holds more than it says")
}

// blaming remembers that it was the writer that failed.
type blaming struct {
	io.Writer
	failed error
}

func (b *blaming) Write(p []byte) (int, error) {
	n, err := b.Writer.Write(p)
	b.failed = errors.Join(b.failed, err)
	return n, err
}

func notOne(path string, err error) error {
	return model.NewProblem("backup.not_one", "file", path).Because(err)
}

// fault makes a problem of what the disk says of a place.
func fault(path string, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, syscall.ENOSPC):
		return model.NewProblem("store.disk_full", "path", path).Because(err)
	}
	return model.NewProblem("store.read_only", "path", path).Because(err)
}
