package secret

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"syscall"

	"filippo.io/age"

	"loonbrug/data/model"
)

// Ask gets the passphrase from a person; first tells that it is being chosen
// now. Its errors are passed on.
type Ask func(ctx context.Context, first bool) (model.Secret, error)

// FromPassphrase gives the key from the file at path, encrypted under a
// passphrase, and makes both where there is no file. Problems:
// secret.wrong_passphrase, secret.empty_passphrase, secret.key_file_damaged,
// secret.key_file, store.read_only, store.disk_full.
func FromPassphrase(ctx context.Context, path string, ask Ask) (k Key, made bool, err error) {
	sealed, err := os.ReadFile(path)
	if made = errors.Is(err, fs.ErrNotExist); err != nil && !made {
		return Key{}, false, fileError(path, err)
	}
	passphrase, err := ask(ctx, made)
	if err != nil {
		return Key{}, false, fmt.Errorf("ask for the passphrase: %w", err)
	}
	if passphrase == "" {
		return Key{}, false, model.NewProblem("secret.empty_passphrase", "path", path)
	}
	if !made {
		k, err = unlock(path, sealed, passphrase)
		return k, false, err
	}
	k = NewKey()
	if err := lock(path, k, passphrase); err != nil {
		return Key{}, false, fileError(path, err)
	}
	return k, true, nil
}

func unlock(path string, sealed []byte, passphrase model.Secret) (Key, error) {
	identity, err := age.NewScryptIdentity(passphrase.Reveal())
	if err != nil {
		return Key{}, err
	}
	plain, err := age.Decrypt(bytes.NewReader(sealed), identity)
	if wrong := (*age.NoIdentityMatchError)(nil); errors.As(err, &wrong) {
		return Key{}, model.NewProblem("secret.wrong_passphrase", "path", path).Again()
	}
	if err != nil {
		return Key{}, damaged(path, err)
	}
	raw, err := io.ReadAll(plain)
	if err != nil {
		return Key{}, damaged(path, err)
	}
	k, err := keyOf(raw)
	if err != nil {
		return Key{}, damaged(path, err)
	}
	return k, nil
}

func lock(path string, k Key, passphrase model.Secret) error {
	sealed, err := locked(k, passphrase)
	if err != nil {
		return err
	}
	return writeDurably(path, sealed)
}

// locked is the key encrypted under a passphrase.
func locked(k Key, passphrase model.Secret) ([]byte, error) {
	recipient, err := age.NewScryptRecipient(passphrase.Reveal())
	if err != nil {
		return nil, err
	}
	var sealed bytes.Buffer
	w, err := age.Encrypt(&sealed, recipient)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(k.bytes[:]); err != nil {
		return nil, err
	}
	err = w.Close()
	return sealed.Bytes(), err
}

// writeDurably puts a file in its place whole or not at all, readable by this
// user alone.
func writeDurably(path string, data []byte) error {
	unfinished := path + ".part"
	f, err := os.OpenFile(unfinished, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return errors.Join(err, os.Remove(unfinished))
	}
	return os.Rename(unfinished, path)
}

// fileError makes a problem of an error of the file system: the two that are
// about the whole data folder carry the codes that the store has for them.
func fileError(path string, err error) error {
	code := "secret.key_file"
	switch {
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return err
	case errors.Is(err, syscall.ENOSPC):
		code = "store.disk_full"
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS), errors.Is(err, syscall.ENOTDIR):
		code = "store.read_only"
	}
	return model.NewProblem(code, "path", path).Because(err)
}

func damaged(path string, err error) error {
	return model.NewProblem("secret.key_file_damaged", "path", path).Because(err)
}
