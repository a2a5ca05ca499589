package secret

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"loonbrug/data/model"
)

// KeyFile is the name under which a data folder keeps a key that lies under a
// passphrase, and under which a backup carries one.
const KeyFile = fileName

// NoteFile is the name of the note that says which key a data folder has.
const NoteFile = noteName

// Fingerprint tells whether two folders have the same key and says nothing about
// it.
func (o *Opened) Fingerprint() string { return o.key.fingerprint() }

// Locked is the key under a passphrase, to go with a backup to another computer.
// Problem: secret.empty_passphrase.
func (o *Opened) Locked(passphrase model.Secret) ([]byte, error) {
	if passphrase == "" {
		return nil, model.NewProblem("secret.empty_passphrase", "path", KeyFile)
	}
	return locked(o.key, passphrase)
}

// FingerprintOf is the fingerprint of the key that a data folder has, known
// without opening it; empty where there is none.
func FingerprintOf(folder string, practice bool) (string, error) {
	if practice {
		return practiceKey().fingerprint(), nil
	}
	path := filepath.Join(folder, noteName)
	known, err := readNote(path)
	if err != nil {
		return "", fileError(path, err)
	}
	return known.Fingerprint, nil
}

// Fresh is a key that no folder has yet, see [Adopt].
func Fresh() *Opened { return opened(NewKey(), "") }

func opened(k Key, source Source) *Opened {
	return &Opened{Sealer: NewSealer(k), key: k, Source: source}
}

// Unlock opens a key that another computer locked; place says in problems where it
// lies. A key of another fingerprint is refused. Problems: secret.wrong_passphrase,
// secret.key_file_damaged.
func Unlock(sealed []byte, passphrase model.Secret, fingerprint, place string) (*Opened, error) {
	k, err := unlock(place, bytes.Clone(sealed), passphrase)
	if err != nil {
		return nil, err
	}
	if k.fingerprint() != fingerprint {
		return nil, damaged(place, errors.New("it is the key of another data folder"))
	}
	return opened(k, SourcePassphrase), nil
}

// Adopt gives a data folder that has no key yet the one that another computer
// locked: it goes into the operating system's key store or, where there is none,
// stays under its passphrase. A key of another fingerprint is refused. Problems:
// secret.wrong_passphrase, secret.key_file_damaged, secret.key_file.
func Adopt(ctx context.Context, folder string, sealed []byte, passphrase model.Secret, fingerprint string, waits Waits) error {
	path := filepath.Join(folder, fileName)
	o, err := Unlock(sealed, passphrase, fingerprint, path)
	if err != nil {
		return err
	}
	n := note{Name: rand.Text(), Source: SourceKeyring, Fingerprint: fingerprint}
	switch err := writeKeyring(ctx, n.Name, o.key, waits); {
	case errors.Is(err, ErrNoKeyStore):
		n.Source = SourcePassphrase
		if err := writeDurably(path, sealed); err != nil {
			return fileError(path, err)
		}
	case err != nil:
		return fmt.Errorf("keep the key: %w", err)
	}
	if err := writeNote(filepath.Join(folder, noteName), n); err != nil {
		return fileError(path, err)
	}
	return nil
}

// CopyKey has one folder have the key that another one has. Both find it where it
// is.
func CopyKey(from, to string) error {
	if err := os.MkdirAll(to, 0o700); err != nil {
		return fileError(to, err)
	}
	for _, name := range []string{fileName, noteName} {
		data, err := os.ReadFile(filepath.Join(from, name))
		if errors.Is(err, fs.ErrNotExist) {
			continue // a key that is in the key store has no file
		}
		if err == nil {
			err = writeDurably(filepath.Join(to, name), data)
		}
		if err != nil {
			return fileError(to, err)
		}
	}
	return nil
}
