package secret_test

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"loonbrug/data/secret"
)

func TestSealer(t *testing.T) {
	s := secret.NewSealer(secret.NewKey())
	rapid.Check(t, func(t *rapid.T) {
		plain := rapid.SliceOf(rapid.Byte()).Draw(t, "plain")
		place := rapid.SliceOf(rapid.Byte()).Draw(t, "place")
		sealed, err := s.Seal(plain, place)
		if err != nil {
			t.Fatal(err)
		}
		if len(plain) > 3 && bytes.Contains(sealed, plain) {
			t.Fatal("not sealed")
		}
		if again, _ := s.Seal(plain, place); bytes.Equal(sealed, again) {
			t.Fatal("sealed twice alike: the nonce was used twice")
		}
		got, err := s.Open(sealed, place)
		if err != nil || !bytes.Equal(got, plain) {
			t.Fatalf("opened %x: %v", got, err)
		}
		if _, err := s.Open(sealed, append(place, 'x')); !errors.Is(err, secret.ErrCannotOpen) {
			t.Fatalf("opened in another place: %v", err)
		}
		sealed[rapid.IntRange(0, len(sealed)-1).Draw(t, "at")] ^= byte(rapid.IntRange(1, 255).Draw(t, "flip"))
		if _, err := s.Open(sealed, place); !errors.Is(err, secret.ErrCannotOpen) {
			t.Fatalf("opened after a change: %v", err)
		}
	})
}

func TestSealer_OtherKey(t *testing.T) {
	sealed, err := secret.NewSealer(secret.NewKey()).Seal([]byte("plain"), nil)
	if err != nil {
		t.Fatal(err)
	}
	other := secret.NewSealer(secret.NewKey())
	for _, bad := range [][]byte{sealed, nil, {1}, sealed[:12], {2, 3}} {
		if _, err := other.Open(bad, nil); !errors.Is(err, secret.ErrCannotOpen) {
			t.Errorf("%x: %v", bad, err)
		}
	}
}

func TestKey_PrintsAsDots(t *testing.T) {
	k := secret.NewKey()
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%x", "%d", "%q"} {
		for _, v := range []any{k, &k, struct{ K any }{k}} {
			if got := fmt.Sprintf(verb, v); !strings.Contains(got, "•••") {
				t.Errorf("%s of %T shows %s", verb, v, got)
			}
		}
	}
}

func FuzzOpen(f *testing.F) {
	s := secret.NewSealer(secret.NewKey())
	sealed, err := s.Seal([]byte("plain"), []byte("place"))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(sealed[:20], []byte("place"))
	f.Add([]byte{}, []byte{})
	f.Add([]byte{1}, []byte("place"))
	f.Fuzz(func(t *testing.T, sealed, place []byte) {
		if plain, err := s.Open(sealed, place); !errors.Is(err, secret.ErrCannotOpen) {
			t.Errorf("noise opened as %x: %v", plain, err)
		}
	})
}
