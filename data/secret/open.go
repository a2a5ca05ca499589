package secret

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"

	"loonbrug/data/model"
)

// Source is where a key lies.
type Source string

// The sources of a key.
const (
	SourceKeyring    Source = "keyring"    // the operating system's key store
	SourcePassphrase Source = "passphrase" // a file under a passphrase
	SourcePractice   Source = "practice"   // known to everybody: it protects nothing
)

// Options say whose key is wanted.
type Options struct {
	Folder   string // the data folder
	Practice bool   // the key of the practice office; nothing is read or written
	Ask      Ask    // asks for the passphrase where there is no key store; may be nil
	Waits    Waits  // is told when the key store does not answer at once; may be nil
}

// Opened is a sealer with where its key came from.
type Opened struct {
	*Sealer
	key    Key
	Source Source
	// Lost: the folder had a key before and it is no longer where it was. This
	// is a new one; what was sealed with the old one does not open any more.
	Lost bool
}

const (
	noteName = "key.json" // which key the folder has; not the key
	fileName = "key.age"  // the key under a passphrase
)

// note says which key belongs to a data folder, so that a folder that has moved
// finds its key, two folders have two, and a key that is missing is not taken
// for a first start.
type note struct {
	Name        string `json:"name"` // of the key in the key store
	Source      Source `json:"source"`
	Fingerprint string `json:"fingerprint"`
}

// Open gives the sealer of a data folder. A folder that has a key gets it from
// where it is; a new one gets its key kept in the operating system's key store
// or, where there is none, under a passphrase.
//
// Problems: secret.key_store_unavailable (the key is in a key store that does
// not answer now), secret.passphrase_needed (there is no key store and nobody
// to ask), secret.key_file, and those of [FromPassphrase].
func Open(ctx context.Context, o Options) (*Opened, error) {
	if o.Practice {
		return opened(practiceKey(), SourcePractice), nil
	}
	path := filepath.Join(o.Folder, noteName)
	if err := os.MkdirAll(o.Folder, 0o700); err != nil {
		return nil, fileError(path, err)
	}
	// Two programs that start together for the first time must agree on a key.
	opening := flock.New(path + ".opening")
	if _, err := opening.TryLockContext(ctx, 20*time.Millisecond); err != nil {
		return nil, fileError(path, err)
	}
	defer func() { _ = opening.Unlock() }()

	known, err := readNote(path)
	if err != nil {
		return nil, fileError(path, err)
	}
	k, source, err := find(ctx, o, known)
	if err != nil {
		return nil, err
	}
	found := note{Name: known.Name, Source: source, Fingerprint: k.fingerprint()}
	if found != known {
		if err := writeNote(path, found); err != nil {
			return nil, fileError(path, err)
		}
	}
	result := opened(k, source)
	result.Lost = known.Fingerprint != "" && known.Fingerprint != found.Fingerprint
	return result, nil
}

// find decides where the key is: where it was, else in the key store, else
// under a passphrase.
func find(ctx context.Context, o Options, known note) (Key, Source, error) {
	file := filepath.Join(o.Folder, fileName)
	_, err := os.Stat(file)
	if known.Source == SourcePassphrase || (err == nil && known.Source == "") {
		return passphrase(ctx, file, o.Ask)
	}
	k, _, err := FromKeyring(ctx, known.Name, o.Waits)
	switch {
	case err == nil:
		return k, SourceKeyring, nil
	case !errors.Is(err, ErrNoKeyStore):
		return Key{}, "", fmt.Errorf("ask the key store: %w", err)
	case known.Source == SourceKeyring:
		// A new key under a passphrase would make everything unreadable that
		// the key in the store still opens tomorrow.
		return Key{}, "", model.NewProblem("secret.key_store_unavailable", "folder", o.Folder).Because(err).Again()
	}
	return passphrase(ctx, file, o.Ask)
}

func passphrase(ctx context.Context, file string, ask Ask) (Key, Source, error) {
	if ask == nil {
		return Key{}, "", model.NewProblem("secret.passphrase_needed", "path", file)
	}
	k, _, err := FromPassphrase(ctx, file, ask)
	return k, SourcePassphrase, err
}

// readNote gives the note of the folder, or a new one with a fresh name.
func readNote(path string) (note, error) {
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return note{Name: rand.Text()}, nil
	}
	if err != nil {
		return note{}, err
	}
	var n note
	if err := json.Unmarshal(data, &n); err != nil {
		return note{}, err
	}
	if n.Name == "" {
		return note{}, errors.New("the note names no key")
	}
	return n, nil
}

func writeNote(path string, n note) error {
	data, err := json.MarshalIndent(n, "", "  ")
	if err != nil {
		return err
	}
	return writeDurably(path, append(data, '\n'))
}
