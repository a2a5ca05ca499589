package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"

	"loonbrug/data/backup"
	"loonbrug/data/model"
	"loonbrug/data/paths"
	"loonbrug/data/secret"
	"loonbrug/data/shared"
	"loonbrug/data/store"
	"loonbrug/integration/explain"
)

// restoreInUse is the problem of a data folder that another program has open
// while a backup is put back.
const restoreInUse = "restore.in_use"

// backupCommand writes a backup of the data folder.
func backupCommand(ctx context.Context, sh *shell, args []string) error {
	file, err := sh.oneFile("backup", args)
	if err != nil {
		return err
	}
	s, err := open(ctx, sh, needs{ask: askPassphrase})
	if err != nil {
		return err
	}
	return errors.Join(s.backup(ctx, file, askPassphrase), s.Close())
}

// oneFile is the only argument of a command.
func (sh *shell) oneFile(name string, args []string) (string, error) {
	flags := sh.flags(name)
	if err := parse(flags, args); err != nil {
		return "", err
	}
	if flags.NArg() != 1 {
		flags.Usage()
		return "", errUsage
	}
	return filepath.Abs(flags.Arg(0))
}

// backup writes everything that an office would miss into one file: the database
// without credentials, its key under a passphrase, and the office's own
// explanations. ask is called only where the key does not lie under a passphrase
// already.
func (s *services) backup(ctx context.Context, file string, ask secret.Ask) (err error) {
	folder, err := os.MkdirTemp(s.paths.Folder, "backup-")
	if err != nil {
		return model.NewProblem("store.read_only", "path", s.paths.Folder).Because(err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	name := filepath.Base(s.paths.Database)
	files := map[string]string{name: filepath.Join(folder, name)}
	if err := s.store.Copy(ctx, files[name]); err != nil {
		return err
	}
	switch s.key.Source {
	case secret.SourcePassphrase:
		files[secret.KeyFile] = filepath.Join(s.paths.Folder, secret.KeyFile)
	case secret.SourceKeyring:
		files[secret.KeyFile] = filepath.Join(folder, secret.KeyFile)
		if err := s.lockKey(ctx, files[secret.KeyFile], ask); err != nil {
			return err
		}
	case secret.SourcePractice: // everybody has it
	}
	own := filepath.Join(s.paths.Folder, explain.OwnFile)
	if _, err := os.Stat(own); err == nil {
		files[explain.OwnFile] = own
	}
	s.log.Info("backup", "file", file)
	return backup.Write(file, backup.Info{Program: version, Made: time.Now().UTC(), Key: s.key.Fingerprint()}, files)
}

func (s *services) lockKey(ctx context.Context, path string, ask secret.Ask) error {
	passphrase, err := ask(ctx, true)
	if err != nil {
		return err
	}
	sealed, err := s.key.Locked(passphrase)
	if err != nil {
		return err
	}
	return os.WriteFile(path, sealed, 0o600)
}

// restoreCommand puts a backup in the place of what is in the data folder.
func restoreCommand(ctx context.Context, sh *shell, args []string) (err error) {
	file, err := sh.oneFile("restore", args)
	if err != nil {
		return err
	}
	at, err := paths.Locate(sh.dataDir, false)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(at.Folder, 0o700); err != nil {
		return model.NewProblem("store.read_only", "path", at.Folder).Because(err)
	}
	alone, err := closeOff(at)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, alone.Unlock()) }()
	if err := layReady(ctx, at, file, needs{ask: askPassphrase, waits: sh.waits}); err != nil {
		return sh.refused(err, file)
	}
	if err := putBack(at); err != nil {
		return err
	}
	fmt.Fprintln(sh.err, "loonbrug: restored", at.Folder, "from", file+"; its accounts must sign in again")
	return nil
}

// refused prints what is wrong with a file; what is wrong with the disk is an
// error.
func (sh *shell) refused(err error, file string) error {
	var p *model.Problem
	if !errors.As(err, &p) || faultOfDisk(p.Code) {
		return err
	}
	sh.problem(p).print(sh.err, file)
	return errProblems
}

func faultOfDisk(code string) bool { return code == "store.read_only" || code == "store.disk_full" }

// closeOff makes this program the only one that has the data folder open.
func closeOff(at paths.Paths) (*flock.Flock, error) {
	alone := flock.New(at.InUse)
	free, err := alone.TryLock()
	if err != nil {
		return nil, model.NewProblem("store.read_only", "path", at.InUse).Because(err)
	}
	if !free {
		return nil, model.NewProblem(restoreInUse, "folder", at.Folder)
	}
	return alone, nil
}

// enter makes this one of the programs that have the data folder open, after
// putting back a backup that lies ready.
func (s *services) enter() error {
	since, err := backup.Waiting(s.paths.Restore)
	if err != nil {
		return err
	}
	if !since.IsZero() {
		alone, err := closeOff(s.paths)
		if err != nil {
			return err
		}
		if err := errors.Join(putBack(s.paths), alone.Unlock()); err != nil {
			return err
		}
		s.log.Warn("a backup was put back")
	}
	in, err := s.inUse.TryRLock()
	if err == nil && !in {
		return model.NewProblem(restoreInUse, "folder", s.paths.Folder)
	}
	return err
}

// layReady unpacks and proves a backup beside the data folder, with the key that
// it needs and a mark by which the office notices an older copy. Nothing in the
// data folder changes until [putBack].
func layReady(ctx context.Context, at paths.Paths, file string, n needs) (err error) {
	connected, err := shared.Connected(at.Folder)
	if err != nil {
		return err
	}
	if connected {
		return model.NewProblem("store.shared_copy", "path", shared.Folder(at.Folder))
	}
	if err := os.RemoveAll(at.Restore); err != nil {
		return model.NewProblem("store.read_only", "path", at.Restore).Because(err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.RemoveAll(at.Restore))
		}
	}()
	name := filepath.Base(at.Database)
	info, err := backup.Unpack(file, at.Restore, name, secret.KeyFile, explain.OwnFile)
	if err != nil {
		return err
	}
	if err := prove(ctx, filepath.Join(at.Restore, name), at.Backups, file); err != nil {
		return err
	}
	if err := bringKey(ctx, at, info, file, n); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(at.Restore, filepath.Base(at.Epoch)), []byte(rand.Text()+"\n"), 0o600); err != nil {
		return model.NewProblem("store.read_only", "path", at.Restore).Because(err)
	}
	return backup.Ready(at.Restore)
}

// prove reads a database of a backup through, and brings one of an older program
// up to date.
func prove(ctx context.Context, path, backups, file string) error {
	if _, err := os.Stat(path); err != nil {
		return model.NewProblem("backup.not_one", "file", file).Because(err)
	}
	// Nothing sealed is opened here, so any key will do.
	s, err := store.Open(ctx, path, secret.NewSealer(secret.NewKey()), store.WithBackups(backups))
	if err != nil {
		return err
	}
	if err := errors.Join(s.Check(ctx), s.Close()); err != nil {
		return err
	}
	return ignoreMissing(os.Remove(path + ".opening"))
}

func ignoreMissing(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// bringKey puts the key of a backup beside it, unless the data folder has it
// already: then nobody needs its passphrase.
func bringKey(ctx context.Context, at paths.Paths, info backup.Info, file string, n needs) error {
	known, err := secret.FingerprintOf(at.Folder, n.practice)
	if err != nil {
		return err
	}
	path := filepath.Join(at.Restore, secret.KeyFile)
	sealed, err := os.ReadFile(path)
	switch {
	case known == info.Key:
		return ignoreMissing(os.Remove(path))
	case n.practice || errors.Is(err, fs.ErrNotExist):
		return model.NewProblem("backup.key_missing", "file", file)
	case err != nil:
		return err
	}
	if err := os.Remove(path); err != nil {
		return err
	}
	passphrase, err := n.ask(ctx, false)
	if err != nil {
		return err
	}
	return secret.Adopt(ctx, at.Restore, sealed, passphrase, info.Key, n.waits)
}

// putBack lets what lies ready take the place of what is in the data folder,
// which is kept among the backups. Only one program may have it open.
func putBack(at paths.Paths) error {
	since, err := backup.Waiting(at.Restore)
	if err != nil {
		return err
	}
	database := filepath.Base(at.Database)
	aside := filepath.Join(at.Backups, "before-restore-"+since.UTC().Format("20060102T150405.000Z"))
	return backup.Apply(at.Restore, at.Folder, aside, map[string][]string{database: {database + "-wal", database + "-shm"}})
}
