package main

import (
	"archive/zip"
	"bytes"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// unpacked are the bytes of a file and, where it is a zip, of what it packs.
func unpacked(t *testing.T, file string) []byte {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return data // no zip
	}
	for _, f := range z.File {
		in, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		part, err := io.ReadAll(in)
		if err != nil {
			t.Fatal(err)
		}
		data = append(data, part...)
	}
	return data
}

// TestPrivacy_WhatIsGivenAway: neither names of employees nor credentials stand in
// what an office gives to others: the backup, the set-up file, the logs, the
// history, what a command says of a bad file, and what other users of the computer
// see of the process.
func TestPrivacy_WhatIsGivenAway(t *testing.T) {
	onFiles(t)
	t.Setenv("LOONBRUG_LOG", "debug")
	folder, _ := booked(t)
	out := t.TempDir()
	in := func(name string) string { return filepath.Join(out, name) }
	takePeople(t, folder)
	bad := in("fout.csv")
	if err := os.WriteFile(bad, []byte(strings.Replace(payrollOfPeople, "3000.36", "Pietertje", 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	var said strings.Builder
	for _, c := range []struct {
		code int
		args []string
	}{
		{exitFine, []string{"backup", in("office.backup")}},
		{exitFine, []string{"setup", "export", in("setup.json")}},
		{exitFine, []string{"logs", in("logs.zip")}},
		{exitFine, []string{"history", "--csv"}},
		{exitFine, []string{"history", "--json"}},
		{exitFine, []string{"verify"}},
		{exitFine, []string{"status", "--json"}},
		{exitProblems, []string{"read", bad}},
	} {
		a := loonbrug(t, append([]string{"--data-dir", folder}, c.args...)...)
		if a.code != c.code {
			t.Fatalf("%v: %d %s", c.args, a.code, a.err)
		}
		said.WriteString(a.out + a.err)
	}
	shown := map[string][]byte{"what was printed": []byte(said.String())}
	for _, name := range []string{"office.backup", "setup.json", "logs.zip"} {
		shown[name] = unpacked(t, in(name))
	}
	if runtime.GOOS == "linux" {
		for _, name := range []string{"/proc/self/cmdline", "/proc/self/environ"} {
			data, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			shown[name] = data
		}
	}
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			shown[path] = unpacked(t, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	planted := []string{"Pietertje", "Plantinga", "Korneel", "Geheimschrijver"}
	for _, s := range secretsOf(t, folder) {
		planted = append(planted, s.Reveal())
	}
	if len(planted) < 6 {
		t.Fatalf("only %d things to look for", len(planted))
	}
	for name, data := range shown {
		for _, text := range planted {
			if bytes.Contains(data, []byte(text)) {
				t.Errorf("%q stands in %s", text, name)
			}
		}
	}
}

// takePeople takes in a payroll file with a line for each employee.
func takePeople(t *testing.T, folder string) {
	t.Helper()
	t.Run("TakeIn", func(t *testing.T) {
		s := opened(t, folder)
		if _, err := s.office.TakeIn(t.Context(), "loon.csv", strings.NewReader(payrollOfPeople)); err != nil {
			t.Fatal(err)
		}
	})
}
