package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"loonbrug/data/backup"
	"loonbrug/data/model"
	"loonbrug/data/paths"
	"loonbrug/data/secret"
	"loonbrug/data/shared"
	"loonbrug/data/store"
)

// sharedEpoch is the file with this computer's mark of the office's database.
const sharedEpoch = "shared.epoch"

// workplace names the person and the computer, for the history of a database that
// several use.
func workplace() string {
	host, err := os.Hostname()
	if err != nil {
		host = "?"
	}
	return userName() + "@" + host
}

// connection is the one to the office's database that the services were given or
// that their data folder has; nil where it works with its own file.
func (s *services) connection(ctx context.Context, n needs) (*shared.Connection, error) {
	if n.at != nil || n.practice {
		return n.at, nil
	}
	connected, err := shared.Connected(s.paths.Folder)
	if err != nil || !connected {
		return nil, err
	}
	at, err := shared.Open(ctx, s.paths.Folder, n.ask, n.waits)
	return &at, err
}

// The credentials of a sender that nobody sits at, by the names that systemd's
// LoadCredential= gives them (systemd.exec(5), CREDENTIALS).
const (
	credentialsVariable  = "CREDENTIALS_DIRECTORY"
	databaseCredential   = "database"
	passphraseCredential = "passphrase"
)

// unattended is the connection that lies in a folder of credentials; nil where there
// is none. Only the owner may be able to read them.
func unattended(ctx context.Context, folder string) (*shared.Connection, error) {
	if folder == "" {
		return nil, nil
	}
	address, err := credential(folder, databaseCredential)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	passphrase, err := credential(folder, passphraseCredential)
	if err != nil {
		return nil, err
	}
	at, err := shared.Unattended(ctx, address, passphrase)
	return &at, err
}

// credential reads a file of which only the owner may know.
func credential(folder, name string) (model.Secret, error) {
	path := filepath.Join(folder, name)
	info, err := os.Stat(path)
	if err != nil {
		return "", err
	}
	if info.Mode().Perm()&0o077 != 0 && runtime.GOOS != "windows" {
		return "", model.NewProblem("shared.open_to_all", "path", path)
	}
	text, err := os.ReadFile(path)
	return model.Secret(strings.TrimSpace(string(text))), err
}

// sharedCommand connects the data folder with a database that several computers
// share, moves everything there or back, or ends the connection.
func sharedCommand(ctx context.Context, sh *shell, args []string) error {
	flags := sh.flags("shared")
	file := flags.String("address-file", "", "file with the address of the database, instead of "+addressVariable)
	if len(args) == 0 {
		flags.Usage()
		return errUsage
	}
	if err := parse(flags, args[1:]); err != nil {
		return err
	}
	at, err := sh.folder()
	if err != nil {
		return err
	}
	o := joint{at: at, waits: sh.waits}
	if o.address, err = addressFrom(*file); err != nil {
		return err
	}
	switch args[0] {
	case "test":
		used, err := o.test(ctx)
		if err == nil {
			fmt.Fprintln(sh.out, map[bool]string{true: "in use by an office", false: "empty"}[used])
		}
		return err
	case "join", "move":
		if o.passphrase, err = askPassphrase(ctx, true); err != nil {
			return err
		}
		if args[0] == "join" {
			return o.join(ctx)
		}
		key, err := secret.Open(ctx, secret.Options{Folder: at.Folder, Ask: askPassphrase, Waits: sh.waits})
		if err != nil {
			return err
		}
		all, err := o.move(ctx, key)
		return sh.moved(all, err)
	case "return":
		from, err := shared.Open(ctx, at.Folder, askPassphrase, sh.waits)
		if err != nil {
			return err
		}
		all, err := o.bringBack(ctx, from)
		return sh.moved(all, err)
	case "leave":
		return o.leave()
	}
	flags.Usage()
	return errUsage
}

// addressVariable names the address in the environment: on a command line others
// could read it.
const addressVariable = "LOONBRUG_DATABASE"

func addressFrom(file string) (model.Secret, error) {
	if file == "" {
		return model.Secret(os.Getenv(addressVariable)), nil
	}
	text, err := os.ReadFile(file)
	return model.Secret(strings.TrimSpace(string(text))), err
}

// moved prints what was carried.
func (sh *shell) moved(all []store.Carried, err error) error {
	for _, c := range all {
		fmt.Fprintf(sh.out, "%-16s %9d  %s\n", c.Table, c.Rows, c.Digest)
	}
	return err
}

// folder is the data folder, made where it is not there.
func (sh *shell) folder() (paths.Paths, error) {
	at, err := paths.Locate(sh.dataDir, false)
	if err != nil {
		return at, err
	}
	if err := os.MkdirAll(at.Folder, 0o700); err != nil {
		return at, model.NewProblem("store.read_only", "path", at.Folder).Because(err)
	}
	return at, nil
}

// joint is the way between a data folder and the database of an office. No program
// may have the data folder open while anything but a test is done.
type joint struct {
	at                  paths.Paths
	address, passphrase model.Secret
	waits               secret.Waits
}

// test tells whether the database that the address names is an office's already.
func (j joint) test(ctx context.Context) (used bool, err error) {
	_, err = store.OfficeKeyOf(ctx, j.address.Reveal())
	if errors.Is(err, model.ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}

func (j joint) joining() shared.Joining {
	return shared.Joining{Data: j.at.Folder, Address: j.address, Passphrase: j.passphrase, Waits: j.waits}
}

// alone does something while no other program has the data folder open.
func (j joint) alone(do func() error) error {
	alone, err := closeOff(j.at)
	if err != nil {
		return err
	}
	return errors.Join(do(), alone.Unlock())
}

// join has the data folder work with the database from now on. Its own file stays as
// it is, and is not used any more.
func (j joint) join(ctx context.Context) error {
	return j.alone(func() error {
		if err := ignoreMissing(os.Remove(filepath.Join(j.at.Folder, sharedEpoch))); err != nil {
			return err
		}
		return shared.Join(ctx, j.joining(), nil)
	})
}

// move carries everything of the data folder's own file into the database, and then
// joins it. The key is the one of the file.
func (j joint) move(ctx context.Context, key *secret.Opened) (all []store.Carried, err error) {
	err = j.alone(func() (err error) {
		own, err := store.Open(ctx, j.at.Database, key, store.WithBackups(j.at.Backups), store.Leaving())
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, own.Close()) }()
		joining := j.joining()
		joining.Key = key
		return shared.Join(ctx, joining, func(there *store.Store) error {
			all, err = store.Move(ctx, own, there)
			return err
		}, store.Blank())
	})
	return all, err
}

// connect joins the database, after moving everything into it where the key of the
// data folder's own file is given.
func (j joint) connect(ctx context.Context, key *secret.Opened) error {
	if key == nil {
		return j.join(ctx)
	}
	_, err := j.move(ctx, key)
	return err
}

// bringBack carries everything of the database into a file of the data folder, in
// place of the one that is there, which goes among the backups, and ends the
// connection.
func (j joint) bringBack(ctx context.Context, from shared.Connection) (all []store.Carried, err error) {
	err = j.alone(func() (err error) {
		there, err := from.Open(ctx, store.Leaving())
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, there.Close()) }()
		if err := there.Unused(ctx); err != nil {
			return err
		}
		ready := filepath.Join(j.at.Restore, filepath.Base(j.at.Database))
		as := store.Leaving() // of a move that broke off after its last word
		if moved, err := there.MovedTo(ctx); err != nil {
			return err
		} else if moved != ready {
			as = store.Blank()
			if err := errors.Join(os.RemoveAll(j.at.Restore), secret.CopyKey(shared.Folder(j.at.Folder), j.at.Restore)); err != nil {
				return err
			}
		}
		own, err := store.Open(ctx, ready, from.Key, as)
		if err != nil {
			return err
		}
		all, err = store.Move(ctx, there, own)
		if err := errors.Join(err, own.Close(), ignoreMissing(os.Remove(ready+".opening"))); err != nil {
			return err
		}
		if err := errors.Join(backup.Ready(j.at.Restore), putBack(j.at)); err != nil {
			return err
		}
		// A mark of another database says nothing of this one.
		if err := ignoreMissing(os.Remove(j.at.Epoch)); err != nil {
			return err
		}
		return j.part()
	})
	return all, err
}

// leave has the data folder work with its own file again.
func (j joint) leave() error { return j.alone(j.part) }

// part ends the connection, with this computer's mark of the database.
func (j joint) part() error {
	return errors.Join(ignoreMissing(os.Remove(filepath.Join(j.at.Folder, sharedEpoch))), shared.Leave(j.at.Folder))
}
