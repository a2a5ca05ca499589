package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"loonbrug/integration/explain"
)

// The office's own explanations are in force at once; with a fault in them the
// program says where, and goes on with its own.
func TestOwnTexts(t *testing.T) {
	folder, bad := t.TempDir(), filepath.Join(t.TempDir(), "march.xml")
	if err := os.WriteFile(bad, []byte("<html>"), 0o600); err != nil {
		t.Fatal(err)
	}
	read := func(own string) told {
		if err := os.WriteFile(filepath.Join(folder, explain.OwnFile), []byte(own), 0o600); err != nil {
			t.Fatal(err)
		}
		return loonbrug(t, "--data-dir", folder, "read", bad)
	}
	plain := read("{}")
	start := strings.Index(plain.err, "  [")
	if start < 0 {
		t.Fatalf("%+v", plain)
	}
	code := strings.FieldsFunc(plain.err[start+3:], func(r rune) bool { return r == ']' || r == ',' })[0]

	own := read(`{"en": {"problems": {"` + code + `": {"message": "Call Anna.", "cause": "She knows.", "solution": "Extension 12."}}}}`)
	if own.code != plain.code || !strings.Contains(own.err, "Call Anna.") || !strings.Contains(own.err, "Extension 12.") {
		t.Errorf("%+v", own)
	}

	broken := read("{\n\"en\": oops}")
	if broken.code != plain.code || !strings.Contains(broken.err, "explain.bad_file, line 2") || !strings.HasSuffix(broken.err, plain.err) {
		t.Errorf("%+v", broken)
	}
}
