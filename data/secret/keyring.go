package secret

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"time"

	"github.com/zalando/go-keyring"
)

// ErrNoKeyStore says that the operating system offers no key store that works:
// none is installed, it is locked, it refuses, or it does not answer in time.
var ErrNoKeyStore = errors.New("no key store")

// errNoKey says that the key store works and has no key of that name.
var errNoKey = errors.New("the key store has no such key")

// Waits is told on a goroutine of its caller that the key store has not answered
// for half a second, and then that it lets nobody wait any longer. It may ask a
// person to be unlocked meanwhile. It may be nil.
type Waits func(waiting bool)

const (
	service   = "Loonbrug"
	soon      = 500 * time.Millisecond // answers sooner need no words
	patience  = 10 * time.Second
	keyPrefix = "v1:" // of the text in the key store
)

// FromKeyring gives the key of that name from the operating system's key store,
// and makes and keeps one where there is none yet; made tells which. The error
// is [ErrNoKeyStore], or the context's.
func FromKeyring(ctx context.Context, name string, waits Waits) (k Key, made bool, err error) {
	k, err = readKeyring(ctx, name, waits)
	if !errors.Is(err, errNoKey) {
		return k, false, err
	}
	k = NewKey()
	if err := writeKeyring(ctx, name, k, waits); err != nil {
		return Key{}, false, err
	}
	return k, true, nil
}

func writeKeyring(ctx context.Context, name string, k Key, waits Waits) error {
	text := keyPrefix + base64.StdEncoding.EncodeToString(k.bytes[:])
	if _, err := patiently(ctx, waits, func() (string, error) { return "", keyring.Set(service, name, text) }); err != nil {
		return err
	}
	// Some stores take a secret and do not keep it. What was sealed with that
	// key would be lost at the next start.
	kept, err := readKeyring(ctx, name, waits)
	if err != nil || kept != k {
		return fmt.Errorf("%w: it did not keep the key", ErrNoKeyStore)
	}
	return nil
}

func readKeyring(ctx context.Context, name string, waits Waits) (Key, error) {
	text, err := patiently(ctx, waits, func() (string, error) { return keyring.Get(service, name) })
	if err != nil {
		return Key{}, err
	}
	if len(text) < len(keyPrefix) || text[:len(keyPrefix)] != keyPrefix {
		return Key{}, errNoKey
	}
	raw, err := base64.StdEncoding.DecodeString(text[len(keyPrefix):])
	if err != nil {
		return Key{}, errNoKey
	}
	k, err := keyOf(raw)
	if err != nil {
		return Key{}, errNoKey
	}
	return k, nil
}

// patiently asks the key store and stops waiting in time. The system's call
// cannot be ended, so one that hangs is left behind until it returns.
func patiently(ctx context.Context, waits Waits, ask func() (string, error)) (string, error) {
	limited, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	type answer struct {
		text string
		err  error
	}
	answers := make(chan answer, 1)
	go func() {
		text, err := ask()
		answers <- answer{text, err}
	}()
	late := time.NewTimer(soon)
	defer late.Stop()
	for {
		select {
		case a := <-answers:
			switch {
			case errors.Is(a.err, keyring.ErrNotFound):
				return "", errNoKey
			case a.err != nil:
				// Without a Secret Service the library gives a bare D-Bus error
				// that is none of its own, so every other error means the same.
				return "", fmt.Errorf("%w: %w", ErrNoKeyStore, a.err)
			}
			return a.text, nil
		case <-late.C:
			if waits != nil {
				waits(true)
				defer waits(false)
			}
		case <-limited.Done():
			if ctx.Err() != nil {
				return "", ctx.Err()
			}
			return "", fmt.Errorf("%w: it does not answer", ErrNoKeyStore)
		}
	}
}
