package logs_test

import (
	"archive/zip"
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"loonbrug/data/logs"
	"loonbrug/data/model"
)

func TestExport(t *testing.T) {
	path := filepath.Join(t.TempDir(), "loonbrug.log")
	lines := []string{
		`{"msg":"request","path":"/ledgerreceipts","status":200,"took":"41ms"}`,
		`{"msg":"odd","detail":"the server said hunter2-and-more twice: hunter2"}`,
		`{"msg":"odd","password":"Wachtwoord12","api_key": "k-998877","n":1}`,
		`{"msg":"quoted","detail":"{\"refresh_token\":\"r-556677\",\"user\":\"kantoor\"}"}`,
		`GET /x?token=t-112233&page=2 Authorization: Bearer AbCdEf0123456789`,
		`{"msg":"jwt","detail":"eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl"}`,
	}
	if err := os.WriteFile(path, []byte(strings.Join(lines, "\n")), 0o600); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	err := logs.Export(&out, "Loonbrug 1 token=t-112233", []string{path, path + ".gone"}, []model.Secret{"hunter2", "hunter2-and-more", "x"})
	if err != nil {
		t.Fatal(err)
	}
	all := unzipped(t, out.Bytes())
	for _, secret := range []string{
		"hunter2", "and-more", "Wachtwoord12", "k-998877", "r-556677", "t-112233", "AbCdEf0123456789", "eyJhbGciOiJSUzI1NiJ9", "c2lnbmF0dXJl",
	} {
		if strings.Contains(all, secret) {
			t.Errorf("%s is in it", secret)
		}
	}
	for _, kept := range []string{lines[0], `"n":1`, "kantoor", "page=2", "twice"} {
		if !strings.Contains(all, kept) {
			t.Errorf("%s is not in it:\n%s", kept, all)
		}
	}
}

func unzipped(t *testing.T, data []byte) string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, f := range z.File {
		in, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(&all, in); err != nil {
			t.Fatal(err)
		}
		_ = in.Close()
	}
	return all.String()
}
