package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/godbus/dbus/v5"
	"github.com/godbus/dbus/v5/prop"
	ss "github.com/zalando/go-keyring/secret_service"

	"loonbrug/ui/i18n"
)

// sessionBus is a session bus of its own, as a desktop has one.
func sessionBus(t *testing.T) (address string, bus *dbus.Conn) {
	t.Helper()
	daemon := exec.Command("dbus-daemon", "--session", "--nofork", "--print-address=1")
	out, err := daemon.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := daemon.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = daemon.Process.Kill()
		_ = daemon.Wait()
	})
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal("the bus gave no address: ", err)
	}
	address = strings.TrimSpace(line)
	if bus, err = dbus.Connect(address); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = bus.Close() })
	return address, bus
}

// The Secret Service as freedesktop.org specifies it, as far as a client needs it
// that keeps one secret under a name.
const (
	secretsName = "org.freedesktop.secrets"
	secretsPath = dbus.ObjectPath("/org/freedesktop/secrets")
	loginPath   = secretsPath + "/collection/login"
	sessionPath = secretsPath + "/session/1"
	promptPath  = secretsPath + "/prompt/1"
	noPrompt    = dbus.ObjectPath("/")
	secretsItem = "org.freedesktop.Secret.Item"
	promptKind  = "org.freedesktop.Secret.Prompt"
	secretsSide = "org.freedesktop.Secret."
)

// keyStore is a Secret Service on a bus. It answers, or waits until it is
// released, or is locked and its person closes the question for the password.
type keyStore struct {
	bus *dbus.Conn

	mu     sync.Mutex
	items  map[dbus.ObjectPath]ss.Secret
	named  map[string]dbus.ObjectPath // by the name that they are kept under
	hangs  chan struct{}              // nil where it answers
	locked bool
}

func newKeyStore(t *testing.T) (*keyStore, string) {
	t.Helper()
	address, bus := sessionBus(t)
	k := &keyStore{bus: bus}
	k.lose()
	for path, kinds := range map[dbus.ObjectPath][]string{
		secretsPath: {"Service"}, loginPath: {"Collection"}, sessionPath: {"Session"}, promptPath: {"Prompt"},
	} {
		for _, kind := range kinds {
			if err := bus.Export(k, path, secretsSide+kind); err != nil {
				t.Fatal(err)
			}
		}
	}
	collections := prop.Map{secretsSide + "Service": {"Collections": {Value: []dbus.ObjectPath{loginPath}, Emit: prop.EmitFalse}}}
	if _, err := prop.Export(bus, secretsPath, collections); err != nil {
		t.Fatal(err)
	}
	if reply, err := bus.RequestName(secretsName, dbus.NameFlagDoNotQueue); err != nil || reply != dbus.RequestNameReplyPrimaryOwner {
		t.Fatal(reply, err)
	}
	return k, address
}

// lose forgets every secret.
func (k *keyStore) lose() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.items, k.named = make(map[dbus.ObjectPath]ss.Secret), make(map[string]dbus.ObjectPath)
}

// hang lets everybody wait from now on until release is called.
func (k *keyStore) hang() (release func()) {
	k.mu.Lock()
	defer k.mu.Unlock()
	hangs := make(chan struct{})
	k.hangs = hangs
	return func() {
		k.mu.Lock()
		defer k.mu.Unlock()
		k.hangs = nil
		close(hangs)
	}
}

func (k *keyStore) lock(locked bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.locked = locked
}

// OpenSession is org.freedesktop.Secret.Service's.
func (k *keyStore) OpenSession(string, dbus.Variant) (dbus.Variant, dbus.ObjectPath, *dbus.Error) {
	return dbus.MakeVariant(""), sessionPath, nil
}

// Unlock is org.freedesktop.Secret.Service's.
func (k *keyStore) Unlock(paths []dbus.ObjectPath) ([]dbus.ObjectPath, dbus.ObjectPath, *dbus.Error) {
	k.mu.Lock()
	hangs, locked := k.hangs, k.locked
	k.mu.Unlock()
	if hangs != nil {
		<-hangs
	}
	if locked {
		return nil, promptPath, nil
	}
	return paths, noPrompt, nil
}

// Prompt is org.freedesktop.Secret.Prompt's: the person closes the question.
func (k *keyStore) Prompt(string) *dbus.Error {
	if err := k.bus.Emit(promptPath, promptKind+".Completed", true, dbus.MakeVariant([]dbus.ObjectPath{})); err != nil {
		return dbus.MakeFailedError(err)
	}
	return nil
}

// SearchItems is org.freedesktop.Secret.Collection's.
func (k *keyStore) SearchItems(attributes map[string]string) ([]dbus.ObjectPath, *dbus.Error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if path, ok := k.named[attributes["username"]]; ok {
		return []dbus.ObjectPath{path}, nil
	}
	return []dbus.ObjectPath{}, nil
}

// CreateItem is org.freedesktop.Secret.Collection's.
func (k *keyStore) CreateItem(about map[string]dbus.Variant, secret ss.Secret, _ bool) (dbus.ObjectPath, dbus.ObjectPath, *dbus.Error) {
	var attributes map[string]string
	if err := about[secretsItem+".Attributes"].Store(&attributes); err != nil {
		return noPrompt, noPrompt, dbus.MakeFailedError(err)
	}
	name := attributes["username"]
	path := loginPath + "/" + dbus.ObjectPath(name)
	k.mu.Lock()
	defer k.mu.Unlock()
	k.named[name], k.items[path] = path, secret
	if err := k.bus.Export(keptSecret{k, path}, path, secretsItem); err != nil {
		return noPrompt, noPrompt, dbus.MakeFailedError(err)
	}
	return path, noPrompt, nil
}

// Close is org.freedesktop.Secret.Session's.
func (k *keyStore) Close() *dbus.Error { return nil }

// keptSecret is an item of the key store.
type keptSecret struct {
	store *keyStore
	path  dbus.ObjectPath
}

// GetSecret is org.freedesktop.Secret.Item's.
func (s keptSecret) GetSecret(dbus.ObjectPath) (ss.Secret, *dbus.Error) {
	s.store.mu.Lock()
	defer s.store.mu.Unlock()
	return s.store.items[s.path], nil
}

// onKeyStore is a start of the program on a bus, without a passphrase.
func onKeyStore(bin, address, locale, folder string, args ...string) *exec.Cmd {
	cmd := exec.Command(bin, append([]string{"--data-dir", folder}, args...)...)
	env := slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, "LOONBRUG_PASSPHRASE=") })
	cmd.Env = append(env, "DBUS_SESSION_BUS_ADDRESS="+address, "LC_ALL="+locale)
	return cmd
}

// tells runs the program to its end.
func tells(t *testing.T, cmd *exec.Cmd) told {
	t.Helper()
	var out, errOut bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errOut
	if err := cmd.Run(); err != nil && cmd.ProcessState == nil {
		t.Fatal(err)
	}
	return told{cmd.ProcessState.ExitCode(), out.String(), errOut.String()}
}

// waitingFor is how the program says in a language that the key store lets wait.
func waitingFor(t *testing.T, language string) string {
	t.Helper()
	if err := i18n.SetLanguage(language); err != nil {
		t.Fatal(err)
	}
	return i18n.T("start.key_store")
}

// TestKeyStore: the real program, on a bus with a key store that answers, is
// locked, hangs, is gone, and has lost the key, works or says what to do.
func TestKeyStore(t *testing.T) {
	bin := builtPlain(t)
	k, address := newKeyStore(t)
	folder := t.TempDir()
	status := func(address, folder string) told {
		return tells(t, onKeyStore(bin, address, "en_GB.UTF-8", folder, "status", "--json"))
	}
	unavailable := func(t *testing.T, a told) {
		t.Helper()
		if a.code != exitFailed || !strings.Contains(a.err, "["+keyStoreUnavailable) || !strings.Contains(a.err, "Unlock the key store") {
			t.Errorf("exit code %d: %s", a.code, a.err)
		}
	}
	if a := status(address, folder); a.code != exitFine || len(k.items) != 1 || a.err != "" {
		t.Fatalf("with a key store: %d, %d secrets, %s", a.code, len(k.items), a.err)
	}
	t.Run("None", func(t *testing.T) {
		nowhere := "unix:path=" + filepath.Join(folder, "nothing")
		unavailable(t, status(nowhere, folder))
		if a := status(nowhere, t.TempDir()); a.code != exitFailed || !strings.Contains(a.err, "["+passphraseNeeded) {
			t.Errorf("a new folder: %d %s", a.code, a.err)
		}
	})
	t.Run("Locked", func(t *testing.T) {
		k.lock(true)
		defer k.lock(false)
		unavailable(t, status(address, folder))
	})
	t.Run("Hangs", func(t *testing.T) {
		defer k.hang()()
		a := status(address, folder)
		unavailable(t, a)
		if !strings.Contains(a.err, waitingFor(t, "en")) {
			t.Errorf("it did not say that it waits: %s", a.err)
		}
	})
	for language, locale := range map[string]string{"nl": "nl_NL.UTF-8", "sv": "sv_SE.UTF-8", "fi": "fi_FI.UTF-8", "en": "en_GB.UTF-8"} {
		t.Run("AnswersLate-"+language, func(t *testing.T) {
			release := k.hang()
			cmd := onKeyStore(bin, address, locale, folder, "status")
			says := &heard{more: make(chan struct{}, 1)}
			cmd.Stderr = says
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			says.until(t, waitingFor(t, language))
			release()
			if err := cmd.Wait(); err != nil {
				t.Errorf("%v: %s", err, says.text.String())
			}
		})
	}
	t.Run("Lost", func(t *testing.T) {
		setup := furnishedSetup(t)
		if a := tells(t, onKeyStore(bin, address, "en_GB.UTF-8", folder, "setup", "import", setup)); a.code != exitFine {
			t.Fatal(a.code, a.err)
		}
		k.lose()
		a := status(address, folder)
		var r statusReport
		if err := json.Unmarshal([]byte(a.out), &r); a.code != exitFine || err != nil || len(r.Accounts) == 0 {
			t.Fatalf("%d %s %s %v", a.code, a.out, a.err, err)
		}
		for _, account := range r.Accounts {
			if account.Problem == nil || account.Problem.Code != "secret.key_lost" || account.Problem.Solution == "" {
				t.Errorf("%+v", account)
			}
		}
	})
}

// furnishedSetup is the set-up file of an office that has accounts.
func furnishedSetup(t *testing.T) string {
	t.Helper()
	systems := servedPractice(t)
	folder := t.TempDir()
	officeAt(t, folder, systems)
	file := filepath.Join(t.TempDir(), "setup.json")
	if a := loonbrug(t, "--data-dir", folder, "setup", "export", file); a.code != exitFine {
		t.Fatal(a.code, a.err)
	}
	return file
}
