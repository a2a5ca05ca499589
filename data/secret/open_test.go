package secret_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/zalando/go-keyring"

	"loonbrug/data/model"
	"loonbrug/data/secret"
)

// The tests of this file share the library's one stand-in for the key store,
// so none of them runs beside another.

const passphrase = model.Secret("een lange zin als wachtwoord")

func answer(p model.Secret, asked *[]bool) secret.Ask {
	return func(_ context.Context, first bool) (model.Secret, error) {
		*asked = append(*asked, first)
		return p, nil
	}
}

func wantProblem(t *testing.T, err error, code string) {
	t.Helper()
	var p *model.Problem
	if !errors.As(err, &p) || p.Code != code {
		t.Fatalf("got %v, want problem %s", err, code)
	}
	if strings.Contains(err.Error(), passphrase.Reveal()) {
		t.Error("the error tells the passphrase")
	}
}

func open(t *testing.T, folder string, ask secret.Ask) *secret.Opened {
	t.Helper()
	o, err := secret.Open(t.Context(), secret.Options{Folder: folder, Ask: ask})
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// sameKey tells whether what one seals the other opens.
func sameKey(t *testing.T, a, b *secret.Opened) bool {
	t.Helper()
	sealed, err := a.Seal([]byte("plain"), nil)
	if err != nil {
		t.Fatal(err)
	}
	plain, err := b.Sealer.Open(sealed, nil)
	return err == nil && string(plain) == "plain"
}

func TestOpen_KeyStore(t *testing.T) {
	keyring.MockInit()
	folder, other := t.TempDir(), t.TempDir()
	first := open(t, folder, nil)
	if first.Source != secret.SourceKeyring || first.Lost {
		t.Errorf("first: %+v", first)
	}
	again := open(t, folder, nil)
	if again.Source != secret.SourceKeyring || again.Lost || !sameKey(t, first, again) {
		t.Error("the second start has another key")
	}
	if sameKey(t, first, open(t, other, nil)) {
		t.Error("two folders share a key")
	}
	moved := filepath.Join(t.TempDir(), "moved")
	if err := os.Rename(folder, moved); err != nil {
		t.Fatal(err)
	}
	if !sameKey(t, first, open(t, moved, nil)) {
		t.Error("a folder that moved lost its key")
	}
}

// TestOpen_NothingInTheClear reads every file of the folder for the key.
func TestOpen_NothingInTheClear(t *testing.T) {
	keyring.MockInit()
	folder := t.TempDir()
	open(t, folder, nil)
	files, err := os.ReadDir(folder)
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	var name string
	for _, f := range files {
		data, err := os.ReadFile(filepath.Join(folder, f.Name()))
		if err != nil {
			t.Fatal(err)
		}
		if i := bytes.Index(data, []byte(`"name": "`)); i >= 0 {
			name = string(data[i+9 : i+9+26])
		}
	}
	kept, err := keyring.Get("Loonbrug", name)
	if err != nil || len(kept) < 40 {
		t.Fatalf("kept under %q: %d characters, %v", name, len(kept), err)
	}
	for _, f := range files {
		data, _ := os.ReadFile(filepath.Join(folder, f.Name()))
		if bytes.Contains(data, []byte(strings.TrimPrefix(kept, "v1:"))) {
			t.Errorf("the key stands in %s", f.Name())
		}
	}
}

func TestOpen_KeyLost(t *testing.T) {
	keyring.MockInit()
	folder := t.TempDir()
	first := open(t, folder, nil)
	keyring.MockInit() // an empty one
	second := open(t, folder, nil)
	if !second.Lost || sameKey(t, first, second) {
		t.Errorf("second: %+v", second)
	}
	if third := open(t, folder, nil); third.Lost || !sameKey(t, second, third) {
		t.Error("the new key did not stay")
	}
}

func TestOpen_KeyStoreGone(t *testing.T) {
	keyring.MockInit()
	folder := t.TempDir()
	open(t, folder, nil)
	keyring.MockInitWithError(errors.New("the name is not activatable"))
	var asked []bool
	_, err := secret.Open(t.Context(), secret.Options{Folder: folder, Ask: answer(passphrase, &asked)})
	wantProblem(t, err, "secret.key_store_unavailable")
	if len(asked) > 0 {
		t.Error("a second key was about to be made")
	}
}

func TestOpen_Passphrase(t *testing.T) {
	keyring.MockInitWithError(errors.New("the name is not activatable"))
	folder := t.TempDir()
	_, err := secret.Open(t.Context(), secret.Options{Folder: folder})
	wantProblem(t, err, "secret.passphrase_needed")

	var asked []bool
	first := open(t, folder, answer(passphrase, &asked))
	if first.Source != secret.SourcePassphrase || first.Lost {
		t.Errorf("first: %+v", first)
	}
	keyring.MockInit() // a key store that comes later changes nothing
	again := open(t, folder, answer(passphrase, &asked))
	if again.Source != secret.SourcePassphrase || !sameKey(t, first, again) {
		t.Error("the second start has another key")
	}
	if len(asked) != 2 || !asked[0] || asked[1] {
		t.Errorf("asked %v", asked)
	}
	_, err = secret.Open(t.Context(), secret.Options{Folder: folder, Ask: answer("wrong", &asked)})
	wantProblem(t, err, "secret.wrong_passphrase")
	if err := os.Remove(filepath.Join(folder, "key.age")); err != nil {
		t.Fatal(err)
	}
	if lost := open(t, folder, answer(passphrase, &asked)); !lost.Lost {
		t.Error("a file that is gone was taken for a first start")
	}
}

func TestFromPassphrase_Bad(t *testing.T) {
	path := filepath.Join(t.TempDir(), "key.age")
	var asked []bool
	_, _, err := secret.FromPassphrase(t.Context(), path, answer("", &asked))
	wantProblem(t, err, "secret.empty_passphrase")
	cancelled := errors.New("cancelled")
	_, _, err = secret.FromPassphrase(t.Context(), path, func(context.Context, bool) (model.Secret, error) { return "", cancelled })
	if !errors.Is(err, cancelled) {
		t.Error(err)
	}
	if _, err := os.Stat(path); err == nil {
		t.Error("a file was made without a passphrase")
	}
	if err := os.WriteFile(path, []byte("noise"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, _, err = secret.FromPassphrase(t.Context(), path, answer(passphrase, &asked))
	wantProblem(t, err, "secret.key_file_damaged")
	_, _, err = secret.FromPassphrase(t.Context(), filepath.Join(path, "below"), answer(passphrase, &asked))
	wantProblem(t, err, "store.read_only")
	_, _, err = secret.FromPassphrase(t.Context(), t.TempDir(), answer(passphrase, &asked))
	wantProblem(t, err, "secret.key_file")
}

func TestOpen_Practice(t *testing.T) {
	keyring.MockInit()
	folder := t.TempDir()
	options := secret.Options{Folder: folder, Practice: true}
	first, err := secret.Open(t.Context(), options)
	if err != nil {
		t.Fatal(err)
	}
	second, err := secret.Open(t.Context(), options)
	if err != nil || first.Source != secret.SourcePractice || !sameKey(t, first, second) {
		t.Error("a practice office does not survive a restart", err)
	}
	if files, _ := os.ReadDir(folder); len(files) > 0 {
		t.Errorf("practice mode wrote %v", files)
	}
}

func TestOpen_BadFolder(t *testing.T) {
	keyring.MockInit()
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := secret.Open(t.Context(), secret.Options{Folder: filepath.Join(file, "below")})
	wantProblem(t, err, "store.read_only")
	folder := t.TempDir()
	for _, text := range []string{"noise", "{}"} {
		if err := os.WriteFile(filepath.Join(folder, "key.json"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err = secret.Open(t.Context(), secret.Options{Folder: folder})
		wantProblem(t, err, "secret.key_file")
	}
}

// TestOpen_Waits: a start that waits for another one ends with its context.
func TestOpen_Waits(t *testing.T) {
	keyring.MockInitWithError(errors.New("none"))
	folder := t.TempDir()
	asking, release := make(chan struct{}), make(chan struct{})
	done := make(chan error)
	go func() {
		_, err := secret.Open(t.Context(), secret.Options{Folder: folder, Ask: func(context.Context, bool) (model.Secret, error) {
			close(asking)
			<-release
			return "", errors.New("cancelled")
		}})
		done <- err
	}()
	<-asking
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := secret.Open(ctx, secret.Options{Folder: folder}); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	close(release)
	if err := <-done; err == nil {
		t.Error("opened without a passphrase")
	}
}

func TestOpen_TwoAtOnce(t *testing.T) {
	keyring.MockInit()
	folder := t.TempDir()
	opened := make(chan *secret.Opened)
	for range 4 {
		go func() {
			o, err := secret.Open(t.Context(), secret.Options{Folder: folder})
			if err != nil {
				t.Error(err)
			}
			opened <- o
		}()
	}
	first := <-opened
	for range 3 {
		if o := <-opened; first == nil || o == nil || !sameKey(t, first, o) {
			t.Error("two programs that started together have two keys")
		}
	}
}

func TestFromKeyring_Noise(t *testing.T) {
	keyring.MockInit()
	for _, text := range []string{"", "v1:", "v1:!!", "v1:AAAA", "somebody else's"} {
		if err := keyring.Set("Loonbrug", "name", text); err != nil {
			t.Fatal(err)
		}
		if _, made, err := secret.FromKeyring(t.Context(), "name", nil); err != nil || !made {
			t.Errorf("%q: made %t: %v", text, made, err)
		}
	}
	if _, made, err := secret.FromKeyring(t.Context(), "name", nil); err != nil || made {
		t.Errorf("made %t: %v", made, err)
	}
}
