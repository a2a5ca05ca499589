package update_test

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/x509"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"loonbrug/data/model"
	"loonbrug/integration/httpx"
	"loonbrug/integration/update"
)

// site serves a list with a signature over TLS.
func site(t *testing.T, list, signature []byte) (address string, get *httpx.Client) {
	t.Helper()
	mux := http.NewServeMux()
	serve := func(path string, body []byte) {
		mux.HandleFunc(path, func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(body) })
	}
	serve("/list.json", list)
	if signature != nil {
		serve("/list.json.sig", signature)
	}
	s := httptest.NewTLSServer(mux)
	t.Cleanup(s.Close)
	roots := x509.NewCertPool()
	roots.AddCert(s.Certificate())
	return s.URL + "/list.json", httpx.New(httpx.Options{RootCAs: roots, LoopbackOnly: true})
}

const list = `{"version":"0.10.0","page":"https://example.org/get"}`

func TestCheck(t *testing.T) {
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	address, get := site(t, []byte(list), ed25519.Sign(private, []byte(list)))
	for version, want := range map[string]bool{"0.9.9": true, "0.10.0": false, "0.10.1": false, "1.0.0": false, "dev": true} {
		r, newer, err := update.Check(t.Context(), get, address, public, version)
		if err != nil || newer != want || r.Version != "0.10.0" {
			t.Errorf("%s: %v %v %v", version, r, newer, err)
		}
	}
}

func TestCheck_Refuses(t *testing.T) {
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	other, _, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	sign := func(text string) []byte { return ed25519.Sign(private, []byte(text)) }
	for name, c := range map[string]struct {
		list      string
		signature []byte
		key       ed25519.PublicKey
		want      string
	}{
		"Changed":      {strings.Replace(list, "0.10", "0.99", 1), sign(list), public, "update.forged"},
		"OtherKey":     {list, sign(list), other, "update.forged"},
		"CutSignature": {list, sign(list)[:60], public, "update.forged"},
		"NoSignature":  {list, nil, public, "update.no_answer"},
		"NoVersion":    {`{"page":"https://example.org/"}`, sign(`{"page":"https://example.org/"}`), public, "update.unreadable"},
		"NoTLSPage":    {`{"version":"1.0.0","page":"http://example.org/"}`, sign(`{"version":"1.0.0","page":"http://example.org/"}`), public, "update.unreadable"},
		"NoJSON":       {`<html>`, sign(`<html>`), public, "update.unreadable"},
	} {
		t.Run(name, func(t *testing.T) {
			address, get := site(t, []byte(c.list), c.signature)
			_, newer, err := update.Check(t.Context(), get, address, c.key, "0.1.0")
			if p := model.ProblemOf(err); newer || p == nil || p.Code != c.want {
				t.Errorf("%v %v", newer, err)
			}
		})
	}
}

// Without TLS nothing is asked at all.
func TestCheck_TLSOnly(t *testing.T) {
	for _, address := range []string{"http://127.0.0.1:1/list.json", "list.json", "file:///list.json", ""} {
		_, _, err := update.Check(t.Context(), nil, address, update.Key(), "0.1.0")
		if p := model.ProblemOf(err); p == nil || p.Code != "settings.update" {
			t.Errorf("%s: %v", address, err)
		}
	}
}

// What CONTRIBUTING.md tells a person to type makes a signature that is taken.
func TestCheck_SignedByOpenSSL(t *testing.T) {
	folder := t.TempDir()
	private, public := filepath.Join(folder, "release.key"), filepath.Join(folder, "release.pem")
	file, signature := filepath.Join(folder, "list.json"), filepath.Join(folder, "list.json.sig")
	if err := os.WriteFile(file, []byte(list), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{
		{"genpkey", "-algorithm", "ed25519", "-out", private},
		{"pkey", "-in", private, "-pubout", "-out", public},
		{"pkeyutl", "-sign", "-rawin", "-inkey", private, "-in", file, "-out", signature},
	} {
		if out, err := exec.Command("openssl", args...).CombinedOutput(); err != nil {
			t.Fatalf("openssl %v: %v\n%s", args, err, out)
		}
	}
	text, err := os.ReadFile(public)
	if err != nil {
		t.Fatal(err)
	}
	key, err := update.ParseKey(text)
	if err != nil {
		t.Fatal(err)
	}
	signed, err := os.ReadFile(signature)
	if err != nil {
		t.Fatal(err)
	}
	address, get := site(t, []byte(list), signed)
	if _, newer, err := update.Check(t.Context(), get, address, key, "0.1.0"); !newer || err != nil {
		t.Error(newer, err)
	}
}
