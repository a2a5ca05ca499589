package main

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"loonbrug/data/store/postgrestest"
)

// TestService runs the sender as systemd does, on the database of an office, with
// the credentials in a folder, and looks after it as an operator would.
func TestService(t *testing.T) {
	onFiles(t)
	first, _ := booked(t)
	address := postgrestest.New(t)
	t.Setenv(addressVariable, address)
	if a := loonbrug(t, "--data-dir", first, "shared", "move"); a.code != exitFine {
		t.Fatal(a.err)
	}
	credentials := t.TempDir()
	for name, text := range map[string]string{databaseCredential: address + "\n", passphraseCredential: "a passphrase for tests\n"} {
		if err := os.WriteFile(filepath.Join(credentials, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	socket := filepath.Join(t.TempDir(), "notify")
	told, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: socket, Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	defer told.Close()
	said := func(want string) {
		t.Helper()
		got := make([]byte, 100)
		for {
			n, err := told.Read(got)
			if err != nil {
				t.Fatal(err)
			}
			if string(got[:n]) == want {
				return
			}
		}
	}

	folder := t.TempDir()
	cmd := exec.CommandContext(t.Context(), builtPlain(t), "--data-dir", folder, "sender", "--log-json", "--listen", "127.0.0.1:0")
	cmd.Env = append(os.Environ(), "NOTIFY_SOCKET="+socket, "WATCHDOG_USEC=200000", credentialsVariable+"="+credentials, "LOONBRUG_PASSPHRASE=")
	out, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	base, logged := make(chan string, 1), make(chan int, 1)
	go func() {
		lines, n := bufio.NewScanner(out), 0
		for lines.Scan() {
			if at, ok := strings.CutPrefix(lines.Text(), "loonbrug: figures at "); ok {
				base <- strings.TrimSuffix(at, "/metrics")
			}
			if json.Valid(lines.Bytes()) {
				n++
			}
		}
		logged <- n
	}()
	said("READY=1")
	said("WATCHDOG=1")
	at := <-base
	for path, want := range map[string]string{
		"/livez": "ok\n", "/readyz": "ok\n",
		"/metrics": `loonbrug_deliveries{target="cash",state="booked",problem="",person="false"} 3`,
	} {
		if code, got := get(t, at+path); code != http.StatusOK || !strings.Contains(got, want) {
			t.Errorf("%s: %d %s", path, code, got)
		}
	}
	_, figures := get(t, at+"/metrics")
	for _, secret := range []string{"Bakkerij", "a passphrase", "127.0.0.1"} {
		if strings.Contains(figures, secret) {
			t.Errorf("the figures tell %q", secret)
		}
	}
	postgrestest.Restart(t)
	for code := 0; code != http.StatusOK; { // by itself
		code, _ = get(t, at+"/readyz")
	}
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	said("STOPPING=1")
	if n := <-logged; n == 0 {
		t.Error("no log as JSON")
	}
	if err := cmd.Wait(); err != nil {
		t.Error(err)
	}

	if err := os.Chmod(filepath.Join(credentials, passphraseCredential), 0o640); err != nil {
		t.Fatal(err)
	}
	if a := loonbrug(t, "--data-dir", folder, "sender", "--credentials", credentials); a.code != exitFailed || !strings.Contains(a.err, "Others can read") {
		t.Errorf("%d %s", a.code, a.err)
	}
}

func get(t *testing.T, address string) (code int, body string) {
	t.Helper()
	ctx, stop := context.WithTimeout(t.Context(), time.Minute)
	defer stop()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, string(text)
}
