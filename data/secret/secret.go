// Package secret seals what a finder of the computer's disk may not read, and
// keeps the key for that.
//
// Most callers need one call: [Open], which finds the key of a data folder
// where it was put the first time, or makes one, and says where it is. The key
// lies in the operating system's key store; where there is none, in a file
// under a passphrase. Practice mode, where nothing is secret, has a key that is
// the same everywhere, so that a practice office survives a restart.
//
// The package never writes a key in the clear, never asks a person itself, and
// never waits for a key store longer than ten seconds. It does not know what it
// seals.
package secret

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
)

// Key is the secret of one data folder. It prints as three dots.
type Key struct{ bytes [32]byte }

// NewKey makes a key that nobody has.
func NewKey() Key {
	var k Key
	_, _ = rand.Read(k.bytes[:]) // never fails: the program ends instead
	return k
}

// practiceKey seals what is not secret in the same way as what is.
func practiceKey() Key { return Key{bytes: sha256.Sum256([]byte("loonbrug practice office"))} }

// keyOf reads a key from its bytes.
func keyOf(raw []byte) (Key, error) {
	var k Key
	if len(raw) != len(k.bytes) {
		return Key{}, fmt.Errorf("a key of %d bytes, not %d", len(raw), len(k.bytes))
	}
	copy(k.bytes[:], raw)
	return k, nil
}

// Format hides the key from every verb.
func (Key) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte("•••")) }

// fingerprint tells two keys apart and says nothing about either.
func (k Key) fingerprint() string {
	mac := hmac.New(sha256.New, k.bytes[:])
	_, _ = mac.Write([]byte("loonbrug key fingerprint"))
	return hex.EncodeToString(mac.Sum(nil)[:8])
}

// ErrCannotOpen says that bytes were sealed with another key or for another
// place, or were changed since.
var ErrCannotOpen = errors.New("cannot be opened with this key")

// version is the first byte of everything sealed; another way of sealing gets
// another one.
const version = 1

// Sealer seals with AES-256-GCM under one key. It may be used by many at once.
type Sealer struct{ aead cipher.AEAD }

// NewSealer makes the sealer of a key.
func NewSealer(k Key) *Sealer {
	block, err := aes.NewCipher(k.bytes[:])
	if err != nil {
		panic(err) // the length is right by type
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		panic(err) // the block size of AES is right
	}
	return &Sealer{aead}
}

// Seal encrypts plain for the place that context names: version byte, a fresh
// nonce, the ciphertext and its tag.
func (s *Sealer) Seal(plain, context []byte) ([]byte, error) {
	sealed := make([]byte, 1, 1+len(plain)+s.aead.Overhead())
	sealed[0] = version
	return s.aead.Seal(sealed, nil, plain, bound(context)), nil
}

// Open decrypts what was sealed for the same place; otherwise it is
// [ErrCannotOpen].
func (s *Sealer) Open(sealed, context []byte) ([]byte, error) {
	if len(sealed) == 0 || sealed[0] != version {
		return nil, ErrCannotOpen
	}
	plain, err := s.aead.Open(nil, nil, sealed[1:], bound(context))
	if err != nil {
		return nil, ErrCannotOpen
	}
	return plain, nil
}

// bound is the context with the version, so that neither can be exchanged.
func bound(context []byte) []byte { return append([]byte{version}, context...) }
