// Package update asks whether there is a newer version of the program.
//
// [Check] fetches a list from an address that the office set, over TLS only, and
// believes it only if whoever makes the program signed it: the signature lies
// beside the list, under the same address with ".sig", and is checked with the
// public key that is built in ([Key]). It downloads nothing else and installs
// nothing. A program of one version cannot be talked into an older one.
package update

import (
	"context"
	"crypto/ed25519"
	"crypto/x509"
	_ "embed" // the public key
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"loonbrug/data/model"
	"loonbrug/integration/httpx"
)

// publicKey is the half of the key of whoever releases the program that
// everybody may have; CONTRIBUTING.md says how the other half is made and used.
//
//go:embed release.pem
var publicKey []byte

// Release is the newest version of the program.
type Release struct {
	Version string `json:"version"`
	Page    string `json:"page"` // address of the page to get it from
}

// Getter fetches an address.
type Getter interface {
	Get(ctx context.Context, address string, header http.Header) (*httpx.Answer, error)
}

// Key is the built-in public key.
func Key() ed25519.PublicKey {
	key, err := ParseKey(publicKey)
	if err != nil {
		panic(err) // it is part of the program
	}
	return key
}

// ParseKey reads a public key as openssl writes it.
func ParseKey(text []byte) (ed25519.PublicKey, error) {
	block, _ := pem.Decode(text)
	if block == nil {
		return nil, errors.New("no PEM")
	}
	parsed, err := x509.ParsePKIXPublicKey(block.Bytes)
	if err != nil {
		return nil, err
	}
	key, ok := parsed.(ed25519.PublicKey)
	if !ok {
		return nil, fmt.Errorf("a key of type %T", parsed)
	}
	return key, nil
}

// Check asks the address for the newest release; newer tells whether it is newer
// than the version that asks. Problems: settings.update, update.no_answer,
// update.forged, update.unreadable.
func Check(ctx context.Context, get Getter, address string, key ed25519.PublicKey, version string) (r Release, newer bool, err error) {
	if !secure(address) {
		return r, false, model.NewProblem("settings.update", "address", address)
	}
	list, err := fetch(ctx, get, address)
	if err != nil {
		return r, false, err
	}
	signature, err := fetch(ctx, get, address+".sig")
	if err != nil {
		return r, false, err
	}
	if !ed25519.Verify(key, list, signature) {
		return r, false, model.NewProblem("update.forged", "address", address)
	}
	unreadable := func(err error) error { return model.NewProblem("update.unreadable", "address", address).Because(err) }
	if err := json.Unmarshal(list, &r); err != nil {
		return r, false, unreadable(err)
	}
	found, ok := numbers(r.Version)
	if !ok || !secure(r.Page) {
		return r, false, unreadable(fmt.Errorf("version %q at %q", r.Version, r.Page))
	}
	own, _ := numbers(version) // a version that is none is older than any
	return r, own.before(found), nil
}

// secure tells whether an address is one that is asked over TLS.
func secure(address string) bool {
	u, err := url.Parse(address)
	return err == nil && u.Scheme == "https" && u.Host != ""
}

func fetch(ctx context.Context, get Getter, address string) ([]byte, error) {
	answer, err := get.Get(ctx, address, nil)
	if err == nil && answer.Status != http.StatusOK {
		err = fmt.Errorf("status %d", answer.Status)
	}
	if err != nil {
		return nil, model.NewProblem("update.no_answer", "address", address).Because(err).Again()
	}
	return answer.Body, nil
}

// numbered is a version such as 1.12.3.
type numbered [3]int

func numbers(version string) (n numbered, ok bool) {
	parts := strings.Split(version, ".")
	if len(parts) != len(n) {
		return numbered{}, false
	}
	for i, part := range parts {
		v, err := strconv.Atoi(part)
		if err != nil || v < 0 {
			return numbered{}, false
		}
		n[i] = v
	}
	return n, true
}

func (n numbered) before(other numbered) bool {
	for i := range n {
		if n[i] != other[i] {
			return n[i] < other[i]
		}
	}
	return false
}
